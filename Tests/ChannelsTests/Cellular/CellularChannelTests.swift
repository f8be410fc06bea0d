import CAllocations
import Channels
import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct CellularChannelTests {
  private func configuration(copies: Int = 1, _ change: (inout CellularChannel.Configuration) -> Void = { _ in }) -> CellularChannel.Configuration {
    let sites = NodePositions(HexagonalGrid(tiers: 1, interSiteDistance: Meters(200)).sites.prefix(3).map { $0 }, height: Meters(10))
    var result = CellularChannel.Configuration(
      scenario: UrbanMicro(rangePolicy: .extrapolated), heights: UrbanMicro.defaultHeights, carrier: Hertz(Gigahertz(6)), sites: sites,
      usersPerCopy: 7, drop: UniformDrop(.disc(radius: Meters(300)), siteDistance: Meters(10)))
    result.copies = copies
    result.mobility = .constantVelocity(MetersPerSecond(1)...MetersPerSecond(3))
    result.schedule = Schedule(
      slot: Milliseconds(10), [.mobility: .every(2), .lineOfSight: .every(5), .pathLoss: .every(2), .shadowing: .every(2), .fading: .everySlot])
    change(&result)
    return result
  }

  /// Without shadowing and fading the gain is that of the model at the distance of each pair, by a loop of its own.
  @Test func withoutChanceTheGainIsThatOfTheModel() throws {
    let configuration = configuration { $0.schedule = Schedule(slot: Milliseconds(1), [.lineOfSight: .once, .pathLoss: .once]) }
    let channel = try CellularChannel(configuration, seed: 4)
    let model = UrbanMicro(rangePolicy: .extrapolated)
    for user in 0..<7 {
      for site in 0..<3 {
        let distance = channel.users[0, user].distance(to: configuration.sites[0, site])
        let link = LinkGeometry(horizontalDistance: distance, heights: UrbanMicro.defaultHeights)
        let place = user * 3 + site
        let loss = model.loss(of: link, state: channel.states[place], carrier: configuration.carrier).value
        #expect(abs(Double(channel.losses[place]) - loss) < 1e-3)
        #expect(abs(10 * Foundation.log10(Double(channel.gains[place])) + loss) < 1e-3)
      }
    }
  }

  @Test func gainsAreLossesTimesFading() throws {
    var channel = try CellularChannel(configuration(), seed: 5)
    var fading = SmallScaleFading(law: .rayleigh, mode: .block(), copies: 1, links: 21)
    let stream = RandomStream(seed: 5, purpose: .fading)
    for slot in 0..<6 {
      if slot > 0 { channel.advance() }
      if slot == 0 { fading.start(stream: stream) } else { fading.advance(stream: stream, slot: slot) }
      for i in 0..<21 {
        let power = Double(fading.real[i] * fading.real[i] + fading.imaginary[i] * fading.imaginary[i])
        let expected = power * Foundation.pow(10, -Double(channel.losses[i]) / 10)
        #expect(abs(Double(channel.gains[i]) / expected - 1) < 1e-5)
      }
    }
  }

  /// What the schedule says: losses change in every second slot, gains in each.
  @Test func partsChangeAsTheScheduleSays() throws {
    var channel = try CellularChannel(configuration(), seed: 6)
    for _ in 0..<8 {
      let (losses, gains, states) = (channel.losses, channel.gains, channel.states)
      channel.advance()
      #expect((channel.losses == losses) == (channel.slot % 2 == 1))
      #expect(channel.gains != gains)
      if channel.slot % 5 != 0 { #expect(channel.states == states) }
    }
  }

  @Test func aStandingUserKeepsItsLoss() throws {
    var channel = try CellularChannel(configuration { $0.mobility = .still }, seed: 7)
    let losses = channel.losses
    let states = channel.states
    for _ in 0..<4 { channel.advance() }
    #expect(channel.losses == losses && channel.states == states)
  }

  @Test func copiesHaveTheBitsOfSingleOnes() throws {
    var batch = try CellularChannel(configuration(copies: 5), seed: 8, firstCopy: 2)
    var singles = try (0..<5).map { try CellularChannel(configuration(), seed: 8, firstCopy: 2 + $0) }
    for _ in 0..<12 {
      #expect(batch.gains == singles.flatMap(\.gains) && batch.losses == singles.flatMap(\.losses))
      batch.advance()
      for copy in 0..<5 { singles[copy].advance() }
    }
  }

  /// Leaving out one part changes no number of the others.
  @Test func partsHaveStreamsOfTheirOwn() throws {
    let whole = try CellularChannel(configuration(), seed: 9)
    let without = try CellularChannel(
      configuration { $0.schedule = Schedule(slot: Milliseconds(10), [.lineOfSight: .once, .pathLoss: .once, .shadowing: .once]) }, seed: 9)
    let other = try CellularChannel(configuration { $0.fadingLaw = .nakagami(shape: 2) }, seed: 9)
    #expect(without.losses == whole.losses && other.losses == whole.losses && other.states == whole.states)
    #expect(other.gains != whole.gains)
  }

  @Test func blocksFadeApart() throws {
    let channel = try CellularChannel(configuration { $0.blocks = 4 }, seed: 10)
    #expect(channel.gains.count == 21 * 4)
    for link in 0..<21 { #expect(Set(channel.gains[(link * 4)..<(link * 4 + 4)]).count == 4) }
  }

  @Test func aRestoredChannelGoesOnWithTheSameBits() throws {
    let folder = try TemporaryFolder()
    for mode in [FadingMode.block(), .gaussMarkov(correlation: 0.9)] {
      var channel = try CellularChannel(configuration(copies: 2) { $0.fadingMode = mode }, seed: 11)
      for _ in 0..<7 { channel.advance() }
      try Archive.save(&channel, to: folder.file("channel"))
      var restored = try CellularChannel(configuration(copies: 2) { $0.fadingMode = mode }, seed: 11)
      try Archive.restore(&restored, from: folder.file("channel"))
      for _ in 0..<9 {
        #expect(restored.gains == channel.gains && restored.slot == channel.slot)
        channel.advance()
        restored.advance()
      }
    }
  }

  @Test func aSlotAllocatesNothing() throws {
    var channel = try CellularChannel(configuration(copies: 3), seed: 12)
    for _ in 0..<12 { channel.advance() }
    allocations_watch()
    for _ in 0..<10 { channel.advance() }
    #expect(allocations_seen().requests == 0)
  }

  @Test func noUsersAreRefused() async {
    await #expect(processExitsWith: .failure) {
      let sites = NodePositions([.origin])
      _ = try CellularChannel(
        .init(
          scenario: UrbanMicro(), heights: UrbanMicro.defaultHeights, carrier: Hertz(Gigahertz(6)), sites: sites, usersPerCopy: 0,
          drop: UniformDrop(.disc(radius: Meters(300)))), seed: 1)
    }
  }
}
