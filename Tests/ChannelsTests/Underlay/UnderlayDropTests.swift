import Channels
import TestSupport
import Testing

@Suite struct UnderlayDropTests {
  @Test func positionsKeepTheirDistances() {
    var cell = UnderlayCell()
    cell.pairs = 200
    cell.resourceBlocks = 100
    let drop = UnderlayDrop(cell, seed: 3)
    for position in drop.cellularUsers + drop.transmitters {
      let distance = position.distance(to: .origin).value
      #expect(distance >= 10 && distance <= 500)
    }
    for (transmitter, receiver) in zip(drop.transmitters, drop.receivers) {
      let distance = transmitter.distance(to: receiver).value
      #expect(distance >= 1 - 1e-9 && distance <= 30)
    }
  }

  @Test func positionsAreUniformInTheCell() {
    var cell = UnderlayCell()
    cell.pairs = 20
    var users: [Double] = []
    var transmitters: [Double] = []
    for seed in 0..<400 {
      let drop = UnderlayDrop(cell, seed: UInt64(seed))
      users += drop.cellularUsers.map { $0.distance(to: .origin).value }
      transmitters += drop.transmitters.map { $0.distance(to: .origin).value }
    }
    let area = 500.0 * 500 - 100
    #expect(KolmogorovSmirnov.agrees(users) { ($0 * $0 - 100) / area })
    #expect(KolmogorovSmirnov.agrees(transmitters) { ($0 * $0 - 100) / area })
  }

  @Test func aLargerDropBeginsWithTheSmallerOne() {
    var cell = UnderlayCell()
    let small = UnderlayDrop(cell, seed: 5)
    cell.pairs = 30
    let large = UnderlayDrop(cell, seed: 5)
    #expect(large.cellularUsers == small.cellularUsers)
    #expect(Array(large.transmitters[..<10]) == small.transmitters)
    #expect(Array(large.receivers[..<10]) == small.receivers)
    #expect(UnderlayDrop(cell, seed: 5) == large)
    #expect(UnderlayDrop(cell, seed: 6).transmitters != large.transmitters)
    #expect(UnderlayDrop(cell, seed: 5, episode: 1).transmitters != large.transmitters)
  }

  @Test func powersFollowDistanceAndRole() {
    var cell = UnderlayCell()
    cell.pairs = 3
    cell.resourceBlocks = 2
    let drop = UnderlayDrop(
      cell, cellularUsers: [Position(x: 1000, y: 0), Position(x: 100, y: 0)],
      transmitters: [Position(x: 0, y: 100), Position(x: 0, y: 200), Position(x: 0, y: 1000)],
      receivers: [Position(x: 10, y: 100), Position(x: 20, y: 200), Position(x: 0, y: 1000.5)])
    let layout = UnderlayLayout(pairs: 3, blocks: 2)
    func level(_ link: Int) -> Double { 10 * (log10(Double(drop.powers[link]))) + 30 }
    // 46 dBm − 128.1 dB at one kilometre, 37.6 dB less at a tenth.
    #expect(abs(level(layout.base(toCellular: 0)) + 82.1) < 1e-4)
    #expect(abs(level(layout.base(toCellular: 1)) + 44.5) < 1e-4)
    #expect(abs(level(layout.base(toTransmitter: 0)) + 44.5) < 1e-4)
    #expect(abs(level(layout.base(toReceiver: 2)) + 82.1) < 0.01)
    // 13 dBm − 40 log₁₀ of 10 m, 20 m and, clipped, 1 m.
    #expect(abs(level(layout.transmitter(0, toReceiver: 0)) + 27) < 1e-4)
    #expect(abs(level(layout.transmitter(1, toReceiver: 1)) - (13 - 52.0411998)) < 1e-4)
    #expect(abs(level(layout.transmitter(2, toReceiver: 2)) - 13) < 1e-4)
    // √(20² + 100²) m from transmitter 0 to receiver 1, √(10² + 100²) m the other way round.
    #expect(abs(level(layout.transmitter(0, toReceiver: 1)) - (13 - 80.3406668)) < 1e-4)
    #expect(abs(level(layout.transmitter(1, toReceiver: 0)) - (13 - 80.0864275)) < 1e-4)
    #expect(abs(level(layout.transmitter(0, toCellular: 1)) - (13 - 86.0205999)) < 1e-4)
  }

  @Test func shadowsOfTheLinksOfOneReceiverAreIndependent() {
    var cell = UnderlayCell()
    cell.pairs = 60
    let layout = UnderlayLayout(pairs: 60, blocks: 10)
    var shadowed = cell
    shadowed.shadowingDeviationDB = 8
    var shadows: [Double] = []
    var differences: [Double] = []
    for seed in 0..<8 {
      let plain = UnderlayDrop(cell, seed: UInt64(seed))
      let drop = UnderlayDrop(shadowed, seed: UInt64(seed))
      #expect(drop.transmitters == plain.transmitters)
      #expect(UnderlayDrop(shadowed, seed: UInt64(seed)) == drop)
      func shadow(_ link: Int) -> Double { 10 * log10(Double(plain.powers[link] / drop.powers[link])) }
      shadows += (0..<layout.count).map { shadow($0) / 8 }
      for n in 0..<60 {
        for i in stride(from: 0, to: 60, by: 2) {
          differences.append(shadow(layout.transmitter(i, toReceiver: n)) - shadow(layout.transmitter(i + 1, toReceiver: n)))
        }
      }
    }
    #expect(KolmogorovSmirnov.agrees(shadows, with: KolmogorovSmirnov.normal))
    // 2σ² = 128; 14400 differences give it to √(2 / 14400) = 0.0118.
    #expect(abs(Moments.mean(differences, power: 2) / 128 - 1) < 5.5 * 0.0118)
  }

  @Test func neighboursComeByDistanceThenIndex() {
    var cell = UnderlayCell()
    cell.pairs = 5
    cell.resourceBlocks = 1
    let transmitters = [
      Position(x: 0, y: 100), Position(x: 30, y: 100), Position(x: -30, y: 100), Position(x: 0, y: 110), Position(x: 0, y: 100),
    ]
    let drop = UnderlayDrop(cell, cellularUsers: [.origin], transmitters: transmitters, receivers: transmitters)
    #expect(drop.neighbourOrder(of: 0) == [0, 4, 3, 1, 2])
    #expect(drop.neighbourOrder(of: 4) == [4, 0, 3, 1, 2])
    #expect(drop.neighbourOrder(of: 2) == [2, 0, 4, 3, 1])
  }

  private func log10(_ x: Double) -> Double { Decibels(linear: x).value / 10 }

  @Test func ownLinksOfEachBlockAreAlikeOnTheLargeScale() {
    var cell = UnderlayCell()
    (cell.pairs, cell.resourceBlocks, cell.shadowingDeviationDB) = (4, 3, 8)
    let flat = UnderlayDrop(cell, seed: 5)
    cell.ownFading = .perBlock
    let drop = UnderlayDrop(cell, seed: 5)
    let layout = UnderlayLayout(cell)
    #expect(Array(drop.powers[..<layout.ownOnBlocks]) == flat.powers && drop.transmitters == flat.transmitters)
    for pair in 0..<4 {
      for block in 0..<3 { #expect(drop.powers[layout.own(pair, on: block)] == flat.powers[layout.transmitter(pair, toReceiver: pair)]) }
    }
  }
}
