import CAllocations
import Channels
import Testing

@Suite struct UplinkAllocatorTests {
  /// The page's: UE 1 on subchannel 3, UE 2 on 2.
  @Test func pageCase() {
    var allocator = UplinkAllocator(UplinkEquations(UplinkVector.cell(users: 2)))
    let sum = allocator.allocate { UplinkVector.gains[$0][$1] }
    #expect(abs(sum - 1645.898567) < 1e-6)
    #expect(allocator.choices == [2, 1])
    #expect(abs(PowerDBm(Watts(allocator.powers[0])).value - 4.593925) < 1e-6)
  }

  /// The greatest sum over all one-to-one choices of subchannels.
  private func search(_ worth: [[Double]], _ user: Int = 0, _ taken: Set<Int> = []) -> Double {
    if user == worth.count { return 0 }
    return worth[user].indices.filter { !taken.contains($0) }.map { worth[user][$0] + search(worth, user + 1, taken.union([$0])) }.max()!
  }

  @Test(arguments: [0, 1, 2, 5]) func agreesWithTryingEverything(levels: Int) {
    var cell = UplinkCell()
    cell.users = 4
    cell.bandwidthsHertz = Array(UplinkCell.paperBandwidths.dropFirst(3))
    cell.scenario = .urbanMacro
    let equations = UplinkEquations(cell)
    let powers = UplinkAllocator.levels(levels, of: cell)
    #expect(powers.count == levels)
    var channel = UplinkChannel(cell, copies: 1, seed: 5)
    var allocator = UplinkAllocator(equations, levels: powers)
    var outcome = equations.outcome()
    for _ in 0..<20 {
      channel.beginBlock(moving: false)
      let gain = { (user: Int, n: Int) in Double(channel.gains[channel.first(0, user: user, millisecond: 3) + n]) }
      let sum = allocator.allocate(gain)
      let worth = (0..<4).map { user in
        (0..<7).map { n in
          powers.isEmpty
            ? equations.best(gain(user, n), on: n).efficiency : powers.map { equations.worth(gain(user, n), power: $0, on: n).efficiency }.max()!
        }
      }
      let expected = search(worth)
      // Weights are compared in single precision.
      #expect(abs(sum / expected - 1) < 1e-6)
      // Just above the powers found, nearly all of the sum is really reached.
      let own = (0..<4).map { gain($0, Int(allocator.choices[$0])) }
      equations.evaluate(
        allocator.choices, powers: allocator.powers.map { min($0 * (1 + 1e-9), equations.greatestPower) }, gains: own, into: &outcome)
      #expect(outcome.isFree && abs(outcome.sumEfficiency / sum - 1) < 1e-6)
    }
  }

  @Test func inOrderOfWidth() {
    var allocator = UplinkAllocator(UplinkEquations(UplinkCell()))
    let sum = allocator.allocateInOrder { user, n in 1e-9 * Double(user + 1) }
    #expect(allocator.choices == [8, 9, 5, 6, 7, 2])
    let equations = allocator.equations
    let expected = [8, 9, 5, 6, 7, 2].enumerated().reduce(0) { $0 + equations.best(1e-9 * Double($1.offset + 1), on: $1.element).efficiency }
    #expect(abs(sum / expected - 1) < 1e-12)
    var best = allocator
    #expect(best.allocate { user, n in 1e-9 * Double(user + 1) } >= sum * (1 - 1e-6))
  }

  @Test func levelsAreUniformInDecibels() {
    let levels = UplinkAllocator.levels(4, of: UplinkCell()).map { PowerDBm(Watts($0)).value }
    for (level, expected) in zip(levels, [0, 8, 16, 24.0]) { #expect(abs(level - expected) < 1e-9) }
    #expect(UplinkAllocator.levels(1, of: UplinkCell()).count == 1)
    #expect(UplinkAllocator.levels(0, of: UplinkCell()).isEmpty)
  }

  @Test func takesNoMemory() {
    var allocator = UplinkAllocator(UplinkEquations(UplinkCell()))
    var sum = allocator.allocate { 1e-9 / Double($0 + $1 + 1) }
    allocations_watch()
    for _ in 0..<10 { sum += allocator.allocate { 1e-9 / Double($0 + $1 + 1) } }
    #expect(allocations_seen().requests == 0)
    #expect(sum > 0)
  }
}
