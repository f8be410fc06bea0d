import Channels
import TestSupport
import Testing

/// Movement as ``UnderlayChannel`` shows it.
@Suite struct UnderlayMotionTests {
  private func cell(pairs: Int = 6, _ change: (inout UnderlayCell) -> Void = { _ in }) -> UnderlayCell {
    var cell = UnderlayCell()
    cell.pairs = pairs
    change(&cell)
    return cell
  }

  /// Vehicles at 54 km/h in slots of a second.
  private func driving(pairs: Int = 6) -> UnderlayCell {
    cell(pairs: pairs) {
      $0.movement = .randomWalk
      $0.speedMetersPerSecond = 15
      $0.slotMilliseconds = 1000
      $0.shadowingDeviationDB = 8
      $0.fading = .none
    }
  }

  private func positions(_ drop: UnderlayDrop) -> [Position] { drop.cellularUsers + drop.transmitters }

  @Test func walkersKeepTheirSpeedTurnAtTheirTimesAndStayInTheCell() {
    var channel = UnderlayChannel(driving(pairs: 20), dropSeeds: [1, 2], fadingSeed: 4)
    let offsets = [UInt64(1), 2].map { seed in
      let drop = UnderlayDrop(driving(pairs: 20), seed: seed)
      return zip(drop.receivers, drop.transmitters).map { ($0.x - $1.x, $0.y - $1.y) }
    }
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
    let cell = driving(pairs: 12)
    var channel = UnderlayChannel(cell, dropSeeds: [7], fadingSeed: 4)
    let start = UnderlayDrop(cell, seed: 7)
    func agree(_ a: [Float], _ b: [Float]) -> Bool { zip(a, b).allSatisfy { abs($0 / $1 - 1) < 1e-5 } }
    #expect(agree(channel.powers, start.powers))
    #expect(channel.drops[0].transmitters == start.transmitters && channel.drops[0].cellularUsers == start.cellularUsers)
    for _ in 0..<60 {
      channel.advance()
      let now = channel.drops[0]
      let exact = UnderlayDrop(
        cell, cellularUsers: now.cellularUsers, transmitters: now.transmitters, receivers: now.receivers,
        shadowing: RandomStream(seed: 7, purpose: .shadowing))
      #expect(agree(channel.powers, exact.powers))
      #expect(channel.powers == now.powers)
    }
    #expect(!agree(channel.powers, start.powers))
  }

  @Test func aUserAtTheBaseStationCountsAsOneMeterAway() {
    var cell = driving(pairs: 1)
    cell.minimumBaseDistanceMeters = 0
    cell.radiusMeters = 20
    cell.shadowingDeviationDB = 0
    var channel = UnderlayChannel(cell, dropSeeds: [7], fadingSeed: 4)
    let most = Float(cell.basePowerOnBlock.value * (-cell.basePathLoss.loss(at: Meters(1))).linear)
    for _ in 0..<2000 {
      channel.advance()
      #expect(channel.powers.allSatisfy { $0 > 0 && $0 <= most * 1.00001 })
    }
  }

  @Test func waysBelongToTheFadingSeedAndTheCopy() {
    func end(fadingSeed: UInt64, firstCopy: Int = 0) -> UnderlayDrop {
      var channel = UnderlayChannel(driving(), dropSeeds: [3], fadingSeed: fadingSeed, firstCopy: firstCopy)
      for _ in 0..<5 { channel.advance() }
      return channel.drops[0]
    }
    #expect(end(fadingSeed: 1) == end(fadingSeed: 1))
    #expect(end(fadingSeed: 1) != end(fadingSeed: 2))
    #expect(end(fadingSeed: 1) != end(fadingSeed: 1, firstCopy: 1))
    var both = UnderlayChannel(driving(), dropSeeds: [3, 3], fadingSeed: 1)
    for _ in 0..<5 { both.advance() }
    #expect(both.drops == [end(fadingSeed: 1), end(fadingSeed: 1, firstCopy: 1)])
  }

  @Test func ownLinksOfEachBlockMoveWithTheirPair() {
    var cell = UnderlayCell()
    (cell.pairs, cell.resourceBlocks, cell.ownFading, cell.fading, cell.movement) = (3, 2, .perBlock, .none, .randomWalk)
    (cell.speedMetersPerSecond, cell.slotMilliseconds) = (20, 100)
    var channel = UnderlayChannel(cell, dropSeeds: [2, 3], fadingSeed: 4)
    for _ in 0..<20 { channel.advance() }
    let layout = channel.layout
    for copy in 0..<2 {
      for pair in 0..<3 {
        let own = channel.powers[copy * layout.count + layout.transmitter(pair, toReceiver: pair)]
        for block in 0..<2 { #expect(channel.powers[copy * layout.count + layout.own(pair, on: block)] == own) }
      }
    }
  }
}
