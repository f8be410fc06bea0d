import Agents
import TestSupport
import Testing

@Suite struct AdvantagesTests {
  private let none = [Bool](repeating: false, count: 5)

  private func largestDistance<Real: BinaryFloatingPoint>(_ a: [Real], _ b: [Double]) -> Double {
    zip(a, b).map { abs(Double($0) - $1) }.max() ?? .infinity
  }

  @Test func endsAndCutsAreKeptApart() throws {
    let golden = try GoldenVectors.load().gae
    let (ended, cut) = (golden.terminated.map { $0 == 1 }, golden.truncated.map { $0 == 1 })
    let double = Objectives.generalizedAdvantages(
      golden.reward, golden.value, golden.valueOfTrueSuccessor, terminated: ended, truncated: cut, discount: golden.gamma, trace: golden.lam)
    #expect(largestDistance(double, golden.advantage) < 1e-12)
    #expect(largestDistance(zip(double, golden.value).map { $0 + $1 }, golden.returns) < 1e-12)
    let single = Objectives.generalizedAdvantages(
      golden.reward.map(Float.init), golden.value.map(Float.init), golden.valueOfTrueSuccessor.map(Float.init), terminated: ended, truncated: cut,
      discount: Float(golden.gamma), trace: Float(golden.lam))
    #expect(largestDistance(single, golden.advantage) < 1e-6)
  }

  // The anchors of rlax, multistep_test.py.
  @Test(arguments: [
    (1.0, [-1.45118, -4.4557, 2.5396, 0.5249, -0.49]), (0.7, [-0.676979, -5.248167, 2.4846, 0.6704, -0.49]),
    (0.4, [0.56731, -6.042, 2.3431, 0.815, -0.49]),
  ])
  func valuesOfAnotherPackage(trace: Double, expected: [Double]) {
    let values = [1.0, 4, -3, -2, -1, -1]
    let rewards = [0, 0, 1, 0, -0.5]
    let result = Objectives.generalizedAdvantages(
      rewards, Array(values[..<5]), Array(values[1...]), terminated: none, truncated: none, discount: 0.99, trace: trace)
    // They are printed with four to seven digits.
    #expect(largestDistance(result, expected) < 1e-3)
  }

  @Test func anEndInsideCutsTheTraceAndTheValue() {
    let values = [-3.0, -2, -1, 0, 5, -1]
    let ended = [false, false, false, true, false]
    let result = Objectives.generalizedAdvantages(
      [0, 0, 0, 0, 1], Array(values[..<5]), Array(values[1...]), terminated: ended, truncated: none, discount: 0.9, trace: 1)
    #expect(largestDistance(result, [3, 2, 1, 0, -4.9]) < 1e-12)
  }

  @Test func sequencesSideBySideAreLikeEachAlone() {
    let (steps, count) = (7, 3)
    func numbers(_ seed: Int) -> [Double] { (0..<(steps * count)).map { Double(($0 * 37 + seed * 11) % 19) / 7 - 1 } }
    let (rewards, values, successors) = (numbers(1), numbers(2), numbers(3))
    let ended = (0..<(steps * count)).map { $0 % 11 == 4 }
    let cut = (0..<(steps * count)).map { $0 % 7 == 5 }
    let together = Objectives.generalizedAdvantages(
      rewards, values, successors, terminated: ended, truncated: cut, sequences: count, discount: 0.9, trace: 0.8)
    func column<Element>(_ all: [Element], _ n: Int) -> [Element] { (0..<steps).map { all[$0 * count + n] } }
    for n in 0..<count {
      let alone = Objectives.generalizedAdvantages(
        column(rewards, n), column(values, n), column(successors, n), terminated: column(ended, n), truncated: column(cut, n), discount: 0.9,
        trace: 0.8)
      #expect(column(together, n) == alone)
    }
  }

  @Test func normalisingGivesMeanZeroAndDeviationOne() {
    // Mean 3, squared distances 4 + 1 + 0 + 1 + 4 = 10.
    for (divisor, deviation) in [(VarianceDivisor.count, 2.0.squareRoot()), (.countLessOne, 2.5.squareRoot())] {
      let x = Objectives.normalized([1.0, 2, 3, 4, 5], divisor, epsilon: 0)
      #expect(largestDistance(x, [-2, -1, 0, 1, 2].map { $0 / deviation }) < 1e-14)
    }
    #expect(Objectives.normalized([7, 7, 7] as [Float], .countLessOne, epsilon: 1e-8) == [0, 0, 0])
    #expect(Objectives.normalized([3] as [Float], .countLessOne, epsilon: 1e-8) == [3])
  }

  @Test func explainedVarianceOfRightConstantAndWrongValues() {
    let returns = [1.0, 2, 3, 6]
    #expect(Objectives.explainedVariance(returns, of: returns) == 1)
    #expect(Objectives.explainedVariance([5, 5, 5, 5], of: returns) == 0)
    #expect(Objectives.explainedVariance(returns.map { $0 + 4 }, of: returns) == 1)
    // R − V = 2 R: four times the variance.
    #expect(Objectives.explainedVariance(returns.map { -$0 }, of: returns) == -3)
    #expect(Objectives.explainedVariance(returns, of: [2, 2, 2, 2]).isNaN)
  }

  @Test func spansOfAnotherLengthAreRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = Objectives.generalizedAdvantages(
        [1.0, 2], [1], [1, 2], terminated: [false, false], truncated: [false, false], discount: 0.9, trace: 0.9)
    }
  }
}
