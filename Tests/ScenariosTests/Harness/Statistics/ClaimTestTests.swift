import Testing

@testable import Scenarios

@Suite struct ClaimTestTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let values: SeedValues
    let side: ClaimTest.Side
    let threshold: Double
    let verdict: Verdict
  }

  /// Of 1, 2, 3, 4, 5 the interval is 3 ± 1.963243.
  static let five: SeedValues = [0: 1, 1: 2, 2: 3, 3: 4, 4: 5]
  static let cases = [
    Case(testDescription: "above", values: five, side: .greater, threshold: 1.03, verdict: .holds),
    Case(testDescription: "interval reaches over", values: five, side: .greater, threshold: 1.04, verdict: .inconclusive),
    Case(testDescription: "below", values: five, side: .greater, threshold: 4.97, verdict: .fails),
    Case(testDescription: "less, above", values: five, side: .less, threshold: 1.03, verdict: .fails),
    Case(testDescription: "less, below", values: five, side: .less, threshold: 4.97, verdict: .holds),
    Case(testDescription: "two seeds that agree", values: [0: 5, 1: 5], side: .greater, threshold: 0, verdict: .inconclusive),
    Case(testDescription: "one seed", values: [0: 5], side: .greater, threshold: 0, verdict: .inconclusive),
    Case(testDescription: "no seed", values: [:], side: .greater, threshold: 0, verdict: .inconclusive),
    Case(testDescription: "three equal seeds", values: [0: 5, 1: 5, 2: 5], side: .greater, threshold: 0, verdict: .holds),
    Case(testDescription: "equal to the threshold", values: [0: 5, 1: 5, 2: 5], side: .greater, threshold: 5, verdict: .inconclusive),
    Case(testDescription: "not finite", values: [0: .nan, 1: 5, 2: 5], side: .greater, threshold: 0, verdict: .inconclusive),
    Case(testDescription: "at least, equal", values: [0: 5, 1: 5, 2: 5], side: .atLeast, threshold: 5, verdict: .holds),
    Case(testDescription: "at most, equal", values: [0: 5, 1: 5, 2: 5], side: .atMost, threshold: 5, verdict: .holds),
    Case(testDescription: "at least, below", values: [0: 5, 1: 5, 2: 5], side: .atLeast, threshold: 5.1, verdict: .fails),
    Case(testDescription: "at most, above", values: [0: 5, 1: 5, 2: 5], side: .atMost, threshold: 4.9, verdict: .fails),
    Case(testDescription: "at most, reaches over", values: five, side: .atMost, threshold: 4.9, verdict: .inconclusive),
    // Three seeds that agree in sign are no evidence: 2 ± 4.303 · 1 / √3.
    Case(testDescription: "three seeds of one sign", values: [0: 1, 1: 2, 2: 3], side: .greater, threshold: 0, verdict: .inconclusive),
  ]

  @Test(arguments: cases) func meansAgainstAThreshold(_ test: Case) {
    let judgement = ClaimTest.mean("x", of: test.values, is: test.side, than: test.threshold)
    #expect(judgement.verdict == test.verdict)
    #expect(judgement.seeds == test.values.count)
    #expect(judgement.threshold == test.threshold)
    #expect((judgement.verdict == .inconclusive) == !judgement.note.isEmpty)
  }

  @Test func differencesArePairedBySeed() {
    let first: SeedValues = [0: 11, 1: 102, 2: 1001, 3: 7]
    let second: SeedValues = [0: 10, 1: 101, 2: 1000, 9: 7]
    let judgement = ClaimTest.difference("gain", first, minus: second, is: .greater)
    #expect(judgement.verdict == .holds)
    #expect(judgement.seeds == 3)
    #expect(judgement.statistic == Statistic("gain", value: 1, low: 1, high: 1))
  }

  @Test(arguments: [
    (2.0, Verdict.holds), (1.1, .holds), (1, .tie), (0.5, .tie), (0, .tie), (-1, .tie), (-1.1, .fails),
  ])
  func smallDifferencesAreTies(gap: Double, verdict: Verdict) {
    let second: SeedValues = [0: 10, 1: 20, 2: 30]
    let judgement = ClaimTest.difference("gain", second.map { $0 + gap }, minus: second, is: .greater, tieWithin: 1)
    #expect(judgement.verdict == verdict)
    #expect(judgement.threshold == (verdict == .tie ? 1 : 0))
    #expect(
      ClaimTest.difference("gain", second.map { $0 + gap }, minus: second, is: .greater, tieWithin: 0).verdict
        == (gap > 0 ? .holds : gap < 0 ? .fails : .tie))
  }

  @Test func theNoteTellsHowManySeedsAreNeeded() {
    // Mean 2, s 1, margin 2: t · 1 / √n < 2 needs n = 4 (3.182 / 2 = 1.59; for 3 it is 2.48).
    let judgement = ClaimTest.mean("x", of: [0: 1, 1: 2, 2: 3], is: .greater, than: 0)
    #expect(judgement.note == "About 4 seeds would decide if mean and spread stay as they are.")
    #expect(ClaimTest.seedsNeeded(standardDeviation: 1, margin: 0) == nil)
    #expect(ClaimTest.seedsNeeded(standardDeviation: 1, margin: 2) == 4)
    #expect(ClaimTest.seedsNeeded(standardDeviation: 1, margin: 100) == 3)
    // 1.96² · 100 = 384, and a little more for t instead of z.
    #expect(ClaimTest.seedsNeeded(standardDeviation: 1, margin: 0.1) == 387)
    #expect(ClaimTest.mean("x", of: [0: 1], is: .greater, than: 0).note.contains("1 seed is too few"))
    let far = ClaimTest.mean("x", of: [0: -1, 1: 1, 2: 0.0001], is: .greater, than: 0)
    #expect(far.note.contains("More than 1000"))
  }

  static let equalityCases: [(SeedValues, Double, Verdict)] = [
    ([0: 0.1, 1: -0.1, 2: 0], 1, .tie), ([0: 0.1, 1: -0.1, 2: 0], 0.1, .inconclusive), ([0: 2, 1: 2.1, 2: 1.9], 1, .fails),
    ([0: -2, 1: -2.1, 2: -1.9], 1, .fails), ([0: 0, 1: 0, 2: 0], 0, .tie), ([0: 0, 1: 0], 1, .inconclusive),
  ]

  @Test(arguments: equalityCases)
  func equality(differences: SeedValues, tolerance: Double, verdict: Verdict) {
    let judgement = ClaimTest.equality("x", differences, differences.map { _ in 0 }, tolerance: tolerance)
    #expect(judgement.verdict == verdict)
    #expect(judgement.threshold == tolerance)
  }

  @Test func ranges() {
    #expect(ClaimTest.within("x", Self.five, in: 1...5).verdict == .holds)
    #expect(ClaimTest.within("x", Self.five, in: 2...5).verdict == .inconclusive)
    #expect(ClaimTest.within("x", Self.five, in: 5...9).verdict == .fails)
    #expect(ClaimTest.within("x", Self.five, in: 5...9).threshold == 5)
  }

  @Test func ratiosAreGeometric() throws {
    let judgement = ClaimTest.ratio("x", [0: 2, 1: 4, 2: 8], to: [0: 1, 1: 1, 2: 1], is: .greater, than: 0.1)
    let statistic = try #require(judgement.statistic)
    #expect(abs(statistic.value - 4) < 1e-12)
    // ln 4 ± 4.302653 · ln 2 / √3: a factor of 5.5947 to both sides.
    #expect(abs(statistic.high / 4 - 5.5947) < 1e-3)
    #expect(abs(4 / statistic.low - 5.5947) < 1e-3)
    #expect(judgement.verdict == .holds)
    #expect(judgement.threshold == 0.1)
    #expect(ClaimTest.ratio("x", [0: 0, 1: 1, 2: 1], to: [0: 1, 1: 1, 2: 1], is: .less, than: 1).verdict == .inconclusive)
  }

  @Test func exactClaimsHaveNoSeeds() {
    #expect(
      ClaimTest.exact("kB", 296.5, in: 280...320)
        == Judgement(.holds, statistic: Statistic("kB", value: 296.5, low: 296.5, high: 296.5), threshold: 280, seeds: 0))
    #expect(ClaimTest.exact("kB", 321, in: 280...320).verdict == .fails)
    #expect(ClaimTest.exact("B", 112, is: .less, than: 4000).verdict == .holds)
    #expect(ClaimTest.exact("B", 4000, is: .less, than: 4000).verdict == .fails)
    #expect(ClaimTest.exact("B", 4000, is: .atMost, than: 4000).verdict == .holds)
    #expect(ClaimTest.exact("B", 4000, is: .atLeast, than: 4000).verdict == .holds)
    #expect(ClaimTest.exact("B", 3999, is: .atLeast, than: 4000).verdict == .fails)
    #expect(ClaimTest.exact("B", 4001, is: .greater, than: 4000).verdict == .holds)
  }

  @Test func everyPartMustHold() {
    let holds = ClaimTest.mean("wide", of: Self.five, is: .greater, than: 0)
    let narrow = ClaimTest.mean("narrow", of: Self.five, is: .greater, than: 1)
    let open = ClaimTest.mean("open", of: Self.five, is: .greater, than: 3)
    let fails = ClaimTest.mean("fails", of: Self.five, is: .greater, than: 9)
    let tie = ClaimTest.equality("tie", Self.five, Self.five, tolerance: 1)
    #expect(ClaimTest.every([holds, narrow]).verdict == .holds)
    #expect(ClaimTest.every([holds, narrow]).statistic?.name == "narrow")
    #expect(ClaimTest.every([holds, open]).verdict == .inconclusive)
    #expect(ClaimTest.every([holds, open, fails]).verdict == .fails)
    #expect(ClaimTest.every([holds, open, fails]).note.hasPrefix("1 of 3 comparisons hold."))
    #expect(ClaimTest.every([tie, tie]).verdict == .tie)
    #expect(ClaimTest.every([tie, holds]).verdict == .holds)
    #expect(ClaimTest.every([holds, ClaimTest.notCovered(run: "more")]).verdict == .inconclusive)
  }
}
