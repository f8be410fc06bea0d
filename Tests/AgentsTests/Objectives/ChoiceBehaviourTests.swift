import Agents
import Tensor
import TestSupport
import Testing

@Suite struct ChoiceBehaviourTests {
  private func choices(
    _ behaviour: ChoiceBehaviour, _ values: [Float], rows: Int, _ number: Double, step: Int, seed: UInt64 = 5
  ) -> [Int32] {
    var result = [Int32](repeating: -1, count: rows)
    var span = result.mutableSpan
    switch behaviour {
    case .epsilonGreedy: ChoiceBehaviour.epsilonGreedy(values.span, rate: number, seed: seed, step: step, into: &span)
    case .boltzmann: ChoiceBehaviour.boltzmann(values.span, temperature: number, seed: seed, step: step, into: &span)
    }
    return result
  }

  /// Frequencies over 2 copies and 20,000 steps against probabilities.
  private func agrees(_ behaviour: ChoiceBehaviour, _ number: Double, _ values: [Float], _ probabilities: [Double]) -> Bool {
    var counts = [Int](repeating: 0, count: values.count)
    for step in 0..<20_000 { for choice in choices(behaviour, values + values, rows: 2, number, step: step) { counts[Int(choice)] += 1 } }
    // The quantile of χ² with 3 degrees of freedom that is passed once in 10⁷ times.
    return ChiSquare.statistic(counts, expected: probabilities.map { $0 * 40_000 }) < 35.4
  }

  @Test func frequenciesAreThoseOfTheFormulas() {
    let values: [Float] = [0.5, 2, 1, -1]
    #expect(agrees(.epsilonGreedy, 0.3, values, [0.075, 0.775, 0.075, 0.075]))
    #expect(agrees(.epsilonGreedy, 1, values, [0.25, 0.25, 0.25, 0.25]))
    let powers = values.map { Math.exp(Double($0) / 0.7) }
    let sum = powers.reduce(0, +)
    #expect(agrees(.boltzmann, 0.7, values, powers.map { $0 / sum }))
  }

  @Test func withoutExplorationTheFirstOfTheGreatestIsChosen() {
    let values: [Float] = [1, 3, 3, 2, -5, -6, -7, -5]
    for step in 0..<50 {
      #expect(choices(.epsilonGreedy, values, rows: 2, 0, step: step) == [1, 0])
      #expect(choices(.boltzmann, values, rows: 2, 0, step: step) == [1, 0])
      // The distance of 1 at this temperature is a factor of e^1000.
      #expect(choices(.boltzmann, [4, 3, 2, 3], rows: 1, 1e-3, step: step) == [0])
    }
  }

  @Test(arguments: [ChoiceBehaviour.epsilonGreedy, .boltzmann]) func whatACopyChoosesDependsOnNoOther(behaviour: ChoiceBehaviour) {
    let values: [Float] = [0, 0.1, 0.2, 0.3, 0.2, 0.1, 0, 0.2, 0.1]
    var differs = false
    for step in 0..<200 {
      let all = choices(behaviour, values, rows: 3, 0.7, step: step)
      #expect(choices(behaviour, Array(values.prefix(6)), rows: 2, 0.7, step: step) == Array(all.prefix(2)))
      differs = differs || choices(behaviour, values, rows: 3, 0.7, step: step, seed: 6) != all
    }
    #expect(differs)
  }

  @Test func hugeAndEqualValuesAreHandled() {
    let huge: [Float] = [3e38, -3e38, 3e38]
    for step in 0..<20 { #expect([0, 2].contains(choices(.boltzmann, huge, rows: 1, 1, step: step)[0])) }
    #expect(choices(.boltzmann, [7], rows: 1, 1, step: 0) == [0])
    #expect(choices(.epsilonGreedy, [7], rows: 1, 1, step: 0) == [0])
  }
}
