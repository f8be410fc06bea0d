import CAllocations
import Channels
import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct UplinkChannelTests {
  private func cell(_ change: (inout UplinkCell) -> Void = { _ in }) -> UplinkCell {
    var cell = UplinkCell()
    change(&cell)
    return cell
  }

  /// Everything that a channel shows in some blocks of a drop each.
  private func history(_ channel: inout UplinkChannel, blocks: Int, redrawing: Bool = true) -> [[Float]] {
    (0..<blocks).map { block in
      if redrawing { channel.beginDrop(block) }
      channel.beginBlock(moving: !redrawing && block > 0)
      return channel.gains
    }
  }

  /// Path gains are those of eq. 2 at the users' places, up to shadowing.
  @Test(arguments: UplinkScenario.allCases, UplinkScenario.LossFormula.allCases)
  func pathGainsFollowTheFormula(scenario: UplinkScenario, formula: UplinkScenario.LossFormula) {
    let cell = cell {
      ($0.scenario, $0.loss, $0.isShadowed) = (scenario, formula, false)
      $0.users = 20
    }
    var channel = UplinkChannel(cell, copies: 2, seed: 3)
    channel.beginBlock(moving: false)
    for place in 0..<40 {
      let position = channel.positions[place]
      let distance = (position.x * position.x + position.y * position.y).squareRoot()
      let loss = scenario.loss(at: max(distance, 1), formula, heights: cell.heights, carrier: Hertz(6e9)).value
      #expect(abs(10 * log10(channel.pathGains[place]) - (11 - loss)) < 1e-9)
      #expect(abs(position.x) <= cell.side / 2 && abs(position.y) <= cell.side / 2)
    }
  }

  /// Shadowing is normal with the scenario's deviation, fading exponential with mean one, positions uniform. Kolmogorov and Smirnov's test passes
  /// right code but for one run in a million.
  @Test(arguments: [UplinkScenario.LossFormula.equation1, .standard]) func laws(formula: UplinkScenario.LossFormula) {
    let cell = cell {
      ($0.scenario, $0.loss, $0.users, $0.blockMilliseconds) = (.urbanMicro, formula, 4, 3)
    }
    var channel = UplinkChannel(cell, copies: 5, seed: 11)
    var (shadowing, fading, places, speeds): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    for block in 0..<100 {
      channel.beginDrop(block)
      channel.beginBlock(moving: false)
      for place in 0..<20 {
        let position = channel.positions[place]
        let distance = max((position.x * position.x + position.y * position.y).squareRoot(), 1)
        let loss = cell.scenario.loss(at: distance, formula, heights: cell.heights, carrier: Hertz(6e9)).value
        shadowing.append((11 - loss - 10 * log10(channel.pathGains[place])) / cell.scenario.shadowingDB(formula))
        places.append(position.x / 200 + 0.5)
        places.append(position.y / 200 + 0.5)
        speeds.append(channel.velocities[place].speed.value)
      }
      let first = channel.first(2, user: 1, millisecond: 0)
      for i in 0..<40 { fading.append(Double(channel.gains[first + i]) / channel.pathGains[2 * 4 + 1]) }
    }
    #expect(KolmogorovSmirnov.agrees(shadowing, with: KolmogorovSmirnov.normal))
    #expect(KolmogorovSmirnov.agrees(fading) { 1 - Foundation.exp(-$0) })
    #expect(KolmogorovSmirnov.agrees(places) { min(max($0, 0), 1) })
    #expect(KolmogorovSmirnov.agrees(speeds) { min(max($0, 0), 1) })
  }

  /// One draw of loss and shadowing a block, a draw of fading for each user, subchannel and millisecond.
  @Test func whatHoldsForHowLong() {
    var channel = UplinkChannel(cell(), copies: 1, seed: 7)
    channel.beginBlock(moving: false)
    let (gains, paths) = (channel.gains, channel.pathGains)
    #expect(Set(gains).count > gains.count * 99 / 100)
    channel.beginBlock(moving: false)
    #expect(zip(channel.pathGains, paths).allSatisfy(!=))
    #expect(channel.block == 1 && channel.milliseconds == 101)
  }

  @Test func numbersDependOnTheirNamesAlone() {
    var first = UplinkChannel(cell(), copies: 3, seed: 9)
    let all = history(&first, blocks: 4)
    var again = UplinkChannel(cell(), copies: 3, seed: 9)
    #expect(history(&again, blocks: 4) == all)
    var other = UplinkChannel(cell(), copies: 3, seed: 10)
    #expect(history(&other, blocks: 4) != all)
    // One copy apart, and a cell of fewer users.
    let size = all[0].count / 3
    for copy in 0..<3 {
      var alone = UplinkChannel(cell(), copies: 1, seed: 9, firstCopy: copy)
      let own = history(&alone, blocks: 4)
      for block in 0..<4 { #expect(own[block] == Array(all[block][copy * size..<(copy + 1) * size])) }
    }
    var fewer = UplinkChannel(cell { $0.users = 2 }, copies: 1, seed: 9)
    let two = history(&fewer, blocks: 4)
    for block in 0..<4 { #expect(two[block] == Array(all[block][0..<size / 3])) }
  }

  /// A persistent drop walks: at most the greatest speed times a block, inside the square, at a constant speed but for reflections.
  @Test func usersWalkAndAreReflected() {
    var channel = UplinkChannel(
      cell { ($0.sideMeters, $0.greatestSpeed, $0.leastSpeed, $0.blockMilliseconds) = (4, 20, 20, 50) }, copies: 2, seed: 1)
    channel.beginBlock(moving: false)
    var reflections = 0
    for _ in 0..<50 {
      let (before, ways) = (channel.positions, channel.velocities)
      channel.beginBlock(moving: true)
      for user in before.indices {
        let after = channel.positions[user]
        #expect(abs(after.x) <= 2 && abs(after.y) <= 2)
        #expect(abs(channel.velocities[user].speed.value - 20) < 1e-9)
        // A mirror image in a wall, in other words.
        for (now, was, way) in [(after.x, before[user].x, ways[user].x), (after.y, before[user].y, ways[user].y)] {
          let straight = was + way * 0.05
          let expected = straight > 2 ? 4 - straight : straight < -2 ? -4 - straight : straight
          #expect(abs(now - expected) < 1e-9)
          if expected != straight { reflections += 1 }
        }
      }
    }
    #expect(reflections > 100)
    let places = channel.positions
    channel.beginBlock(moving: false)
    #expect(channel.positions == places)
    channel.beginDrop(1)
    #expect(channel.positions != places)
  }

  @Test func savedChannelsGoOn() throws {
    let folder = try TemporaryFolder()
    var channel = UplinkChannel(cell(), copies: 2, seed: 4)
    _ = history(&channel, blocks: 3, redrawing: false)
    try Archive.save(&channel, to: folder.file("uplink"))
    var restored = UplinkChannel(cell(), copies: 2, seed: 4)
    try Archive.restore(&restored, from: folder.file("uplink"))
    #expect(restored.gains == channel.gains && restored.pathGains == channel.pathGains)
    #expect(history(&restored, blocks: 2, redrawing: false) == history(&channel, blocks: 2, redrawing: false))
    var smaller = UplinkChannel(cell { $0.sideMeters = 1 }, copies: 2, seed: 4)
    #expect(throws: FileError.self) { try Archive.restore(&smaller, from: folder.file("uplink")) }
  }

  @Test func aBlockTakesNoMemory() {
    var channel = UplinkChannel(cell(), copies: 2, seed: 4)
    channel.beginBlock(moving: true)
    allocations_watch()
    for _ in 0..<5 {
      channel.beginDrop(channel.drop + 1)
      channel.beginBlock(moving: true)
    }
    #expect(allocations_seen().requests == 0)
  }
}
