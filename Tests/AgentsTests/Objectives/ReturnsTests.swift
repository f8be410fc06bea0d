import Agents
import Testing

@Suite struct ReturnsTests {
  private let rewards = [1.0, 0, -1, 0.5, 2, 1]
  private let successors = [0.2, -0.3, 9.9, 0.1, 0.7, 0.6]
  private let ended = [false, false, true, false, false, false]
  private let cut = [false, false, false, false, true, false]

  private func nStep(_ steps: Int) -> [Double] {
    Objectives.nStepReturns(rewards, successors, terminated: ended, truncated: cut, steps: steps, discount: 0.9)
  }

  private func isNear(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
  }

  @Test func lambdaReturnsOfAnotherPackage() {
    // rlax, multistep_test.py; printed with eight digits of single precision.
    let result = Objectives.lambdaReturns([1, 0, -1, 0, 1], discounts: [0.5, 0.9, 1, 0.5, 0.8], [3, 1, 5, -5, 3], trace: 0.75)
    #expect(isNear(result, [1.6460547, 0.72281253, 0.7375001, 0.6500001, 3.4], 1e-6))
  }

  @Test func discountedReturnsEndWhereTheEpisodeDoes() {
    let result = Objectives.discountedReturns(rewards, successors, terminated: ended, truncated: cut, discount: 0.9)
    // By hand, from the last step of each episode backwards.
    let last = 1 + 0.9 * 0.6
    let second = 2 + 0.9 * 0.7
    #expect(isNear(result, [1 + 0.9 * (0.9 * -1), 0.9 * -1, -1, 0.5 + 0.9 * second, second, last]))
  }

  @Test func nStepReturnsEndWhereTheEpisodeDoes() {
    #expect(isNear(nStep(1), [1 + 0.9 * 0.2, 0.9 * -0.3, -1, 0.5 + 0.9 * 0.1, 2 + 0.9 * 0.7, 1 + 0.9 * 0.6]))
    #expect(isNear(nStep(2), [1 + 0.81 * -0.3, 0.9 * -1, -1, 0.5 + 0.9 * 2 + 0.81 * 0.7, 2 + 0.9 * 0.7, 1 + 0.9 * 0.6]))
  }

  @Test func manyStepsAreTheDiscountedReturn() {
    let result = Objectives.discountedReturns(rewards, successors, terminated: ended, truncated: cut, discount: 0.9)
    #expect(isNear(nStep(6), result))
    #expect(isNear(nStep(100), result))
  }

  @Test func advantagesPlusValuesAreLambdaReturns() {
    // Without a cut: λ-returns with γ_t = 0 behind an end. With λ = 1 in place of λ, discounted returns with cuts.
    let values = [0.5, 0.2, -0.3, 0.8, 0.1, 0.7]
    let next = Array(values[1...]) + [0.6]
    let none = [Bool](repeating: false, count: 6)
    var advantages = Objectives.generalizedAdvantages(rewards, values, next, terminated: ended, truncated: none, discount: 0.9, trace: 0.7)
    var returns = Objectives.lambdaReturns(rewards, discounts: ended.map { $0 ? 0 : 0.9 }, next, trace: 0.7)
    #expect(isNear(zip(advantages, values).map { $0 + $1 }, returns))
    // The value of a successor inside an episode is that of the next step, so that the sum telescopes.
    advantages = Objectives.generalizedAdvantages(rewards, values, next, terminated: ended, truncated: cut, discount: 0.9, trace: 1)
    returns = Objectives.discountedReturns(rewards, next, terminated: ended, truncated: cut, discount: 0.9)
    #expect(isNear(zip(advantages, values).map { $0 + $1 }, returns))
  }

  @Test func singlePrecisionFollows() {
    let result = Objectives.nStepReturns(
      rewards.map(Float.init), successors.map(Float.init), terminated: ended, truncated: cut, steps: 3, discount: 0.9)
    #expect(isNear(result.map(Double.init), nStep(3), 1e-6))
  }
}
