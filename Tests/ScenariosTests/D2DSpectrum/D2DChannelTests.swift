import Channels
import Foundation
import Scenarios
import TestSupport
import Testing

@Suite struct D2DChannelTests {
  private func parameters(pairs: Int = 6, _ change: (inout D2DParameters) -> Void = { _ in }) -> D2DParameters {
    var parameters = D2DParameters()
    parameters.pairs = pairs
    change(&parameters)
    return parameters
  }

  /// Vehicles at 54 km/h in slots of a second.
  private func driving(pairs: Int = 6) -> D2DParameters {
    parameters(pairs: pairs) {
      $0.positionReset = .moving
      $0.speedMetersPerSecond = 15
      $0.slotMilliseconds = 1000
      $0.shadowingDeviationDB = 8
      $0.fading = .none
    }
  }

  private func positions(_ drop: D2DDrop) -> [Position] { drop.cellularUsers + drop.transmitters }

  /// The covariance of |h|² over k slots is J₀² − 1/S for a sum of S = 32 waves of independent phases. J₀ by its integral. Products of two
  /// powers with c = J₀² have the variance 3 + 14c + 3c² (nearly: of a normal process); 5.5 deviations are left by one run in 10⁷.
  @Test func jakesFadingHasClarkesAutocorrelation() {
    let parameters = parameters(pairs: 100) {
      $0.resourceBlocks = 100
      $0.fading = .jakes
      $0.speedMetersPerSecond = 30
    }
    var channel = D2DChannel(parameters, dropSeeds: [1, 1, 1, 1], fadingSeed: 4)
    let scale = channel.drops.flatMap(\.powers)
    func fading() -> [Double] { zip(channel.powers, scale).map { Double($0) / Double($1) } }
    let first = fading()
    let count = Double(first.count)
    #expect(abs(Moments.mean(first) - 1) < 5.5 / count.squareRoot())
    for slot in 1...8 {
      channel.advance()
      let x = 2 * Double.pi * 30 * 2e9 / 299_792_458 * 1e-3 * Double(slot)
      let steps = 2000
      let j0 = (0..<steps).reduce(0) { $0 + cos(x * sin(Double.pi * (Double($1) + 0.5) / Double(steps))) } / Double(steps)
      let c = j0 * j0
      let bound = 5.5 * ((3 + 14 * c + 3 * c * c) / count).squareRoot()
      #expect(abs(Moments.meanProduct(first, fading()) - (1 + c - 1.0 / 32)) < bound, "slot \(slot)")
    }
  }

  @Test func gaussMarkovAndJakesAgreeOnNeighbouringSlotsOnly() {
    // With the same speed the first-order process has J₀⁴ over two slots, where Clarke's has J₀(2x)².
    let parameters = parameters(pairs: 100) {
      $0.resourceBlocks = 100
      $0.fading = .gaussMarkov
      $0.speedMetersPerSecond = 30
    }
    var channel = D2DChannel(parameters, dropSeeds: [1, 1, 1, 1], fadingSeed: 4)
    let scale = channel.drops.flatMap(\.powers)
    func fading() -> [Double] { zip(channel.powers, scale).map { Double($0) / Double($1) } }
    let first = fading()
    let rho = 0.6426
    for slot in 1...2 {
      channel.advance()
      let c = slot == 1 ? rho * rho : rho * rho * rho * rho
      let bound = 5.5 * ((3 + 14 * c + 3 * c * c) / Double(first.count)).squareRoot() + 1e-3
      #expect(abs(Moments.meanProduct(first, fading()) - (1 + c)) < bound)
    }
  }

  @Test func walkersKeepTheirSpeedTurnAtTheirTimesAndStayInTheCell() {
    var channel = D2DChannel(driving(pairs: 20), dropSeeds: [1, 2], fadingSeed: 4)
    let offsets = channel.drops.map { drop in zip(drop.receivers, drop.transmitters).map { ($0.x - $1.x, $0.y - $1.y) } }
    var last = channel.drops.map { positions($0) }
    var ways: [[(Double, Double)]] = []
    var straight = 0
    var kept = 0
    var turned = 0
    for slot in 1...200 {
      channel.advance()
      let now = channel.drops.map { positions($0) }
      var all: [(Double, Double)] = []
      for copy in 0..<2 {
        for (a, b) in zip(last[copy], now[copy]) {
          let radius = b.distance(to: .origin).value
          #expect(radius >= 10 - 1e-9 && radius <= 500 + 1e-9)
          let way = a.distance(to: b).value
          #expect(way <= 15 + 1e-9)
          straight += abs(way - 15) < 1e-9 ? 1 : 0
          all.append((b.x - a.x, b.y - a.y))
        }
        for (n, offset) in offsets[copy].enumerated() {
          let drop = channel.drops[copy]
          #expect(abs(drop.receivers[n].x - drop.transmitters[n].x - offset.0) < 1e-9)
          #expect(abs(drop.receivers[n].y - drop.transmitters[n].y - offset.1) < 1e-9)
        }
      }
      if let before = ways.last {
        for (a, b) in zip(before, all) {
          let isSame = abs(a.0 - b.0) < 1e-9 && abs(a.1 - b.1) < 1e-9
          // Slot t is the way from second t − 1 to second t; turns come after every tenth.
          if (slot - 1) % 10 == 0 { turned += isSame ? 0 : 1 } else { kept += isSame ? 1 : 0 }
        }
      }
      ways.append(all)
      last = now
    }
    // 60 nodes; borders bend a few per cent of the ways.
    #expect(straight > 60 * 200 * 9 / 10)
    #expect(turned == 60 * 19)
    #expect(kept > 60 * 180 * 85 / 100 && kept < 60 * 180)
  }

  @Test func powersAreThoseOfADropAtThePositions() {
    let parameters = driving(pairs: 12)
    var channel = D2DChannel(parameters, dropSeeds: [7], fadingSeed: 4)
    let start = D2DDrop(parameters, seed: 7)
    func agree(_ a: [Float], _ b: [Float]) -> Bool { zip(a, b).allSatisfy { abs($0 / $1 - 1) < 1e-5 } }
    #expect(agree(channel.powers, start.powers))
    #expect(channel.drops[0].transmitters == start.transmitters && channel.drops[0].cellularUsers == start.cellularUsers)
    for _ in 0..<60 {
      channel.advance()
      let now = channel.drops[0]
      let exact = D2DDrop(
        parameters, cellularUsers: now.cellularUsers, transmitters: now.transmitters, receivers: now.receivers,
        shadowing: RandomStream(seed: 7, purpose: .shadowing))
      #expect(agree(channel.powers, exact.powers))
      #expect(channel.powers == now.powers)
    }
    #expect(!agree(channel.powers, start.powers))
  }

  @Test func aUserAtTheBaseStationCountsAsOneMeterAway() {
    var parameters = driving(pairs: 1)
    parameters.minimumBaseDistanceMeters = 0
    parameters.radiusMeters = 20
    parameters.shadowingDeviationDB = 0
    var channel = D2DChannel(parameters, dropSeeds: [7], fadingSeed: 4)
    let most = Float(parameters.basePowerOnBlock.value * (-parameters.basePathLoss.loss(at: Meters(1))).linear)
    for _ in 0..<2000 {
      channel.advance()
      #expect(channel.powers.allSatisfy { $0 > 0 && $0 <= most * 1.00001 })
    }
  }

  @Test func waysBelongToTheFadingSeedAndTheCopy() {
    func end(fadingSeed: UInt64, firstCopy: Int = 0) -> D2DDrop {
      var channel = D2DChannel(driving(), dropSeeds: [3], fadingSeed: fadingSeed, firstCopy: firstCopy)
      for _ in 0..<5 { channel.advance() }
      return channel.drops[0]
    }
    #expect(end(fadingSeed: 1) == end(fadingSeed: 1))
    #expect(end(fadingSeed: 1) != end(fadingSeed: 2))
    #expect(end(fadingSeed: 1) != end(fadingSeed: 1, firstCopy: 1))
    var both = D2DChannel(driving(), dropSeeds: [3, 3], fadingSeed: 1)
    for _ in 0..<5 { both.advance() }
    #expect(both.drops == [end(fadingSeed: 1), end(fadingSeed: 1, firstCopy: 1)])
  }

  @Test func partsOfASlotMakeTheWhole() {
    let parameters = parameters { $0.fading = .jakes }
    var whole = D2DChannel(parameters, dropSeeds: [3, 4], fadingSeed: 1)
    var parts = whole
    for _ in 0..<4 {
      whole.advance()
      parts.beginSlot()
      parts.receive(0)
      parts.receive(1)
      #expect(parts.slot == whole.slot && parts.powers == whole.powers)
    }
  }
}
