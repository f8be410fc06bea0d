import Foundation
import Tensor
import TestSupport
import Testing

@testable import Channels

@Suite struct UnderlayTraceTests {
  private var cell: UnderlayCell {
    var cell = UnderlayCell()
    (cell.pairs, cell.resourceBlocks) = (2, 3)
    return cell
  }

  /// Powers of a model's slots as gains `[T, 1 + N, K + 2N]`; what transmitters are to transmitters is no number.
  private func gains(_ cell: UnderlayCell, slots: Int) -> (gains: [Double], powers: [[Float]]) {
    var channel = UnderlayChannel(cell, dropSeeds: [3], fadingSeed: 4)
    let (layout, base, pair) = (channel.layout, cell.basePowerOnBlock.value, cell.pairPower.value)
    var (gains, powers): ([Double], [[Float]]) = ([], [])
    for _ in 0..<slots {
      let heard = channel.powers
      for m in 0..<3 { gains.append(Double(heard[layout.base(toCellular: m)]) / base) }
      for n in 0..<2 { gains.append(Double(heard[layout.base(toReceiver: n)]) / base) }
      for n in 0..<2 { gains.append(Double(heard[layout.base(toTransmitter: n)]) / base) }
      for i in 0..<2 {
        for m in 0..<3 { gains.append(Double(heard[layout.transmitter(i, toCellular: m)]) / pair) }
        for n in 0..<2 { gains.append(Double(heard[layout.transmitter(i, toReceiver: n)]) / pair) }
        gains += [.nan, .nan]
      }
      powers.append(heard)
      channel.advance()
    }
    return (gains, powers)
  }

  /// A model's gains by way of a file, in both precisions, give the model's powers again, from some slot on and round.
  @Test(arguments: [true, false]) func aModelsTraceIsTheModel(isDouble: Bool) throws {
    let folder = try TemporaryFolder()
    let (gains, powers) = gains(cell, slots: 5)
    let path = folder.file("gains.npy")
    if isDouble {
      try Npy.write(gains, shape: [5, 3, 7], to: path)
    } else {
      try Npy.write(Tensor(gains.map { Float($0) }, shape: [5, 3, 7]), to: path)
    }
    var traced = cell
    traced.trace = try UnderlayTrace(path: path, pairs: 2, blocks: 3)
    func near(_ a: [Float], _ b: [Float]) -> Bool { a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 * $1 } }
    var firsts: Set<Int> = []
    for seed in 0..<12 {
      var channel = UnderlayChannel(traced, dropSeeds: [9], fadingSeed: UInt64(seed))
      let first = try #require(powers.firstIndex { near(channel.powers, $0) })
      firsts.insert(first)
      for slot in 1..<12 {
        channel.advance()
        #expect(near(channel.powers, powers[(first + slot) % 5]), "slot \(slot)")
      }
      // The large scale is the mean.
      let mean = powers[0].indices.map { link in powers.reduce(0) { $0 + Double($1[link]) } / 5 }
      for (link, power) in channel.drops[0].powers.enumerated() { #expect(abs(Double(power) - mean[link]) < 1e-6 * mean[link]) }
    }
    #expect(firsts.count > 1)
  }

  @Test func copiesHaveTheirOwnPartsAndAreArchived() throws {
    var traced = cell
    traced.trace = try UnderlayTrace(gains: gains(cell, slots: 50).gains, slots: 50, pairs: 2, blocks: 3)
    var both = UnderlayChannel(traced, dropSeeds: [1, 2], fadingSeed: 6)
    var second = UnderlayChannel(traced, dropSeeds: [2], fadingSeed: 6, firstCopy: 1)
    for _ in 0..<3 {
      both.advance()
      second.advance()
    }
    let links = both.layout.count
    #expect(Array(both.powers[links...]) == second.powers && Array(both.powers[..<links]) != second.powers)
    let folder = try TemporaryFolder()
    try Archive.save(&both, to: folder.file("state"))
    var restored = UnderlayChannel(traced, dropSeeds: [1, 2], fadingSeed: 6)
    try Archive.restore(&restored, from: folder.file("state"))
    #expect(restored.powers == both.powers && restored.slot == 3)
    var other = traced
    other.trace = try UnderlayTrace(gains: gains(cell, slots: 51).gains, slots: 51, pairs: 2, blocks: 3)
    var stranger = UnderlayChannel(other, dropSeeds: [1, 2], fadingSeed: 6)
    #expect(throws: FileError.self) { try Archive.restore(&stranger, from: folder.file("state")) }
  }

  @Test func whatIsNoTraceIsRefused() throws {
    let folder = try TemporaryFolder()
    let good = gains(cell, slots: 2).gains
    func sentence(_ shape: [Int], _ change: (inout [Double]) -> Void = { _ in }) throws -> String {
      var values = good
      change(&values)
      try Npy.write(Array(values.prefix(shape.reduce(1, *))), shape: shape, to: folder.file("gains.npy"))
      do {
        _ = try UnderlayTrace(path: folder.file("gains.npy"), pairs: 2, blocks: 3)
        return ""
      } catch { return "\(error)" }
    }
    #expect(try sentence([2, 3, 7]) == "")
    for shape in [[42], [3, 7], [2, 7, 3], [1, 2, 7]] { #expect(try sentence(shape).contains("need [slots, 3, 7]"), "\(shape)") }
    #expect(try sentence([2, 3, 7]) { $0[21 + 7 + 4] = -1 }.contains("the gain -1.0 at [1, 1, 4]"))
    #expect(try sentence([2, 3, 7]) { $0[6] = .nan }.contains("the gain nan at [0, 0, 6]"))
    #expect(try sentence([2, 3, 7]) { $0[0] = 1e39 }.contains("at [0, 0, 0]"))
    // The receiver of pair 1 is column 4, and its transmitter row 2.
    #expect(try sentence([2, 3, 7]) { ($0[14 + 4], $0[21 + 14 + 4]) = (0, 0) }.contains("only zeros at [:, 2, 4], the own link of pair 1"))
    #expect(try sentence([2, 3, 7]) { $0[14 + 4] = 0 } == "")
  }

  @Test func neighboursAreWhoIsHeard() throws {
    var traced = UnderlayCell()
    (traced.pairs, traced.resourceBlocks) = (3, 1)
    // From the base station to 1 + 3 + 3 places, then from each of three transmitters.
    var gains = [Double](repeating: 1, count: 4 * 7)
    for (i, row) in [[1, 0.2, 0.5], [0.4, 1, 0.5], [0.3, 0.1, 1]].enumerated() { for n in 0..<3 { gains[(1 + i) * 7 + 1 + n] = row[n] } }
    traced.trace = try UnderlayTrace(gains: gains, slots: 1, pairs: 3, blocks: 1)
    let drop = UnderlayDrop(traced, seed: 1)
    let orders = (0..<3).map { drop.interfererOrder(of: $0, UnderlayLayout(traced)) }
    #expect(orders == [[0, 1, 2], [1, 0, 2], [2, 0, 1]])
  }
}
