import Tensor
import TestSupport
import Testing

@Suite struct WeightedChoiceTests {
  private let stream = RandomStream(seed: 21, purpose: .exploration)

  @Test func choicesHaveTheirWeights() {
    let weights = [3.0, 0, 1, 0.5, 0, 2, 1.5, 0]
    var values = [Int32](repeating: -1, count: 60000)
    stream.fill(&values, with: WeightedChoice(weights: weights))
    var counts = Array(repeating: 0, count: weights.count)
    for value in values { counts[Int(value)] += 1 }
    #expect(counts[1] == 0 && counts[4] == 0 && counts[7] == 0)
    let possible = weights.indices.filter { weights[$0] > 0 }
    let statistic = ChiSquare.statistic(possible.map { counts[$0] }, expected: possible.map { 60000 * weights[$0] / 8 })
    // The quantile of chi-square with 4 degrees of freedom at 10⁻⁷ is 38.1 (SciPy 1.17: chi2.isf(1e-7, 4)).
    #expect(statistic < 38.1)
  }

  @Test func theChoiceIsTheInverseOfTheDistribution() {
    let fair = WeightedChoice(weights: [1, 2, 1])
    #expect([0.01, 0.2499, 0.25, 0.7499, 0.75, 0.999].map(fair.choice) == [0, 0, 1, 1, 2, 2])
    #expect(WeightedChoice(weights: [0, 5, 0]).choice(1.0.nextDown) == 1)
    #expect(WeightedChoice(weights: [0, .leastNonzeroMagnitude, 0]).choice(0x1p-53) == 1)
    // A weight that the sum cannot show is never chosen.
    #expect(WeightedChoice(weights: [1, .leastNonzeroMagnitude, 0]).choice(1.0.nextDown) == 0)
  }

  @Test func aFillIsTheInverseOfTheUniformNumbers() {
    let categorical = WeightedChoice(weights: (1...9).map(Double.init))
    var uniform = [Double](repeating: 0, count: 1000)
    stream.fill(&uniform, with: .uniform, step: 5)
    var values = [Int32](repeating: -1, count: 1000)
    stream.fill(&values, with: categorical, step: 5)
    // The first k with u · 45 < 1 + 2 + ... + (k + 1).
    let expected = uniform.map { (u: Double) -> Int32 in
      let place = u * 45
      return Int32((0..<9).first { (k: Int) -> Bool in place < Double((k + 1) * (k + 2) / 2) }!)
    }
    #expect(values == expected)
  }

  @Test func aLongerFillBeginsWithTheShorterOne() {
    let weights = WeightedChoice(weights: (1...9).map(Double.init))
    var long = [Int32](repeating: -1, count: 1000)
    stream.fill(&long, with: weights, step: 3)
    for count in [0, 1, 2, 63, 64, 65, 128, 999] {
      var short = [Int32](repeating: -1, count: count)
      stream.fill(&short, with: weights, step: 3)
      #expect(short == Array(long.prefix(count)))
    }
  }

  @Test func impossibleWeightsAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = WeightedChoice(weights: [1, -1]) }
    await #expect(processExitsWith: .failure) { _ = WeightedChoice(weights: [0, 0]) }
    await #expect(processExitsWith: .failure) { _ = WeightedChoice(weights: []) }
    await #expect(processExitsWith: .failure) { _ = WeightedChoice(weights: [.nan]) }
    await #expect(processExitsWith: .failure) { _ = WeightedChoice(weights: [.infinity, 1]) }
  }
}
