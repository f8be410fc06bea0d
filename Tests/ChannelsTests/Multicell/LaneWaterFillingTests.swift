import Tensor
import Testing

@testable import Channels

@Suite struct LaneWaterFillingTests {
  /// Fills one user in all lanes; other lanes hold other numbers.
  private func fill(_ levels: [Float], _ budget: Float, lane: Int) -> (water: Float, powers: [Float]) {
    var filling = LaneWaterFilling(frequencies: levels.count, users: 2)
    var all = (0..<levels.count * 16).map { Float(($0 * 37) % 11) - 5 }
    var budgets = (0..<16).map { Float($0) }
    for (f, level) in levels.enumerated() { all[f * 16 + 8 + lane] = level }
    budgets[8 + lane] = budget
    var powers = all
    unsafe all.withUnsafeBufferPointer { all in
      unsafe budgets.withUnsafeBufferPointer { budgets in
        unsafe powers.withUnsafeMutableBufferPointer { powers in
          unsafe filling.fill(all.baseAddress!, budgets.baseAddress!, into: powers.baseAddress!)
        }
      }
    }
    return (filling.water[8 + lane], levels.indices.map { powers[$0 * 16 + 8 + lane] })
  }

  /// Worked by hand; the fourth has its water below zero.
  @Test func levelsWorkedByHand() {
    let cases: [([Float], Float, Float, [Float])] = [
      ([0.1, 0.5, 1.5], 1, 0.8, [0.7, 0.3, 0]), ([0.1, 0.5, 1.5], 0.4, 0.5, [0.4, 0, 0]), ([-0.3, 0.2, 0.5], 0.4, 0.1, [0.4, 0, 0]),
      ([-2, -1, 3], 1.5, -0.75, [1.25, 0.25, 0]), ([0.2, 0.2, 0.2], 0.6, 0.4, [0.2, 0.2, 0.2]), ([5], 2, 7, [2]),
    ]
    for (levels, budget, water, powers) in cases {
      for lane in [0, 3, 7] {
        let found = fill(levels, budget, lane: lane)
        #expect(abs(found.water - water) < 1e-6)
        for (a, b) in zip(found.powers, powers) { #expect(abs(a - b) < 1e-6) }
      }
    }
  }

  /// By the zero-one principle a network of comparators that sorts all rows of zeros and ones sorts everything.
  @Test(arguments: 1...13) func comparatorsSort(count: Int) {
    let comparators = LaneWaterFilling.comparators(count)
    for bits in 0..<(1 << count) {
      var row = (0..<count).map { (bits >> $0) & 1 }
      for (a, b) in comparators where row[a] > row[b] { row.swapAt(a, b) }
      #expect(row == row.sorted())
    }
  }

  /// Against trying every number of channels, in double precision; sums of twelve numbers up to 10 differ by less than 10⁻⁵.
  @Test func agreesWithTryingEveryNumberOfChannels() {
    var generator = RandomStream(seed: 5, purpose: .environment).generator()
    for trial in 0..<500 {
      let levels = (0..<1 + trial % 12).map { _ in Float.random(in: -10...10, using: &generator) }
      let budget = Float.random(in: 0...20, using: &generator)
      let found = fill(levels, budget, lane: trial % 8)
      let (water, powers) = MulticellSamples.fill(levels.map(Double.init), Double(budget))
      #expect(abs(Double(found.water) - water) < 1e-5)
      for (a, b) in zip(found.powers, powers) { #expect(abs(Double(a) - b) < 1e-5) }
    }
  }
}
