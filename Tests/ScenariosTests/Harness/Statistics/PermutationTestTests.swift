import Testing

@testable import Scenarios

@Suite struct PermutationTestTests {
  /// The mean distance of two items with the same label over that of any two, for eight items on a line.
  private func ratio(_ labels: [Int32]) -> Double {
    let places = [0.0, 1, 2.5, 4, 7, 8, 11, 15]
    var (shared, count, all) = (0.0, 0.0, 0.0)
    for i in 0..<8 {
      for j in 0..<i {
        all += abs(places[i] - places[j]) / 28
        if labels[i] == labels[j] { (shared, count) = (shared + abs(places[i] - places[j]), count + 1) }
      }
    }
    return shared / count / all
  }

  /// All 40 320 permutations: `scipy.stats.permutation_test` with `permutation_type="pairings"`, SciPy 1.17.1.
  @Test(arguments: [
    ([0, 1, 0, 2, 1, 2, 0, 1] as [Int32], 1.2378223495702008, 0.05714285714285714, 0.9714285714285714),
    ([0, 1, 2, 1, 0, 2, 1, 0], 1.2722063037249285, 0.014285714285714285, 1),
  ])
  func randomPermutationsComeCloseToAll(labels: [Int32], observed: Double, greater: Double, less: Double) {
    let count = 20_000
    let test = Statistics.permutationTest(labels, repetitions: count, statistic: ratio)
    #expect(abs(test.observed - observed) < 1e-12)
    // Five standard errors of a share of 20 000; each is exceeded less than once in a million draws.
    for (measured, exact) in [(test.greater, greater), (test.less, less)] {
      #expect(abs(measured - exact) <= 5 * (exact * (1 - exact) / Double(count)).squareRoot() + 1 / Double(count), "\(measured)")
    }
  }

  @Test func pValuesAreNeverZero() {
    // No other of the 12! orders has a statistic as great, and 99 draws miss this one.
    let order: ([Int32]) -> Double = { labels in labels.enumerated().reduce(0) { $0 + Double($1.offset) * Double($1.element) } }
    let test = Statistics.permutationTest(Array(0..<12), repetitions: 99, statistic: order)
    #expect(test.greater == 0.01 && test.less == 1)
    // A statistic that no permutation changes, but for rounding.
    var calls = 0.0
    let constant = Statistics.permutationTest([0, 1, 2], repetitions: 99) { _ in
      calls += 1
      return 1 + calls * 1e-15
    }
    #expect(constant.greater == 1 && constant.less == 1)
    let undefined = Statistics.permutationTest([0, 1, 2], repetitions: 99) { _ in .nan }
    #expect(undefined.greater == 1 && undefined.less == 1)
  }

  @Test func testsAreFunctionsOfTheirDataAndIndex() {
    let labels: [Int32] = [0, 1, 0, 2, 1, 2, 0, 1]
    #expect(Statistics.permutationTest(labels, statistic: ratio) == Statistics.permutationTest(labels, statistic: ratio))
    #expect(Statistics.permutationTest(labels, index: 1, statistic: ratio) != Statistics.permutationTest(labels, index: 2, statistic: ratio))
  }

  /// `scipy.stats.combine_pvalues` with `method="fisher"`, SciPy 1.17.1.
  @Test(
    arguments: [
      ([0.03], 0.03), ([0.2, 0.04, 0.5], 0.08705890500640942), ([0.01, 0.9, 0.3, 0.6, 0.049], 0.04178037197589712), ([1, 1, 1], 1.0),
      (Array(repeating: 1.0 / 2001, count: 5), 3.019209383434594e-12), ([], 1.0),
    ] as [([Double], Double)])
  func fishersMethod(values: [Double], expected: Double) {
    #expect(abs(Statistics.fisherCombined(values) - expected) < 1e-12 * expected + 1e-24)
  }

  @Test(
    arguments: [
      // Combined: 0.1 · 0.1 · 0.1 gives −Σ ln p = 6.908 and e^−6.908 (1 + 6.908 + 23.86) = 0.0318; of three 0.2 it is 0.1399.
      (0.1, 0.95, Verdict.holds), (0.2, 0.85, .inconclusive), (0.95, 0.1, .fails), (1.0, 1.0, .inconclusive),
    ] as [(Double, Double, Verdict)])
  func claimsOverSeeds(greater: Double, less: Double, verdict: Verdict) {
    let tests = (0..<3).map { (seed: $0, test: PermutationTest(observed: [0.5, 1, 2][$0], greater: greater, less: less)) }
    let judgement = ClaimTest.permutation("distance", tests)
    #expect(judgement.verdict == verdict && judgement.seeds == 3 && judgement.threshold == 1)
    #expect(abs(judgement.statistic!.value - 1) < 1e-12)
    #expect(judgement.note.hasPrefix("distance: p = \(fixedText(Statistics.fisherCombined([greater, greater, greater]), digits: 4)) over 3 seeds"))
    #expect(ClaimTest.permutation("distance", Array(tests.prefix(2))).verdict == .inconclusive)
    #expect(ClaimTest.permutation("distance", []).verdict == .inconclusive)
    let undefined = tests.map { (seed: $0.seed, test: PermutationTest(observed: .nan, greater: greater, less: less)) }
    #expect(ClaimTest.permutation("distance", undefined).verdict == .inconclusive)
  }
}
