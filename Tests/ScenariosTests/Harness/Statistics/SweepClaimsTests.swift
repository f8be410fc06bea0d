import Testing

@testable import Scenarios

@Suite struct SweepClaimsTests {
  /// One curve over 10, 20, ... users for each scheme, the same for three seeds.
  private func readings(_ curves: [String: [Double]], seeds: Int = 3) throws -> Readings {
    let run = MadeRun()
    for scheme in curves.keys.sorted() {
      for (index, value) in curves[scheme]!.enumerated() {
        run.add("x", scheme, at: MadeRun.point(scheme, 10 * (index + 1)), Array(repeating: value, count: seeds))
      }
    }
    return try run.readings()
  }

  /// Ranks whose Spearman correlation with 1...5 is 1 − Σd² / 20.
  @Test(arguments: [
    ([1, 2, 3, 4, 5], Verdict.holds), ([1, 2, 3, 5, 4], .holds), ([1, 3, 2, 5, 4], .fails), ([5, 4, 3, 2, 1], .fails), ([2, 2, 2, 2, 2], .fails),
  ])
  func everyCurveGrows(ranks: [Double], verdict: Verdict) throws {
    // A scheme that nobody asks for may fall.
    let read = try readings(["all": [0.1, 0.2, 0.3, 0.4, 0.5], "near": ranks, "oracle": [5, 4, 3, 2, 1]])
    let judgement = try #require(read.growth("x", of: ["all", "near", "none"], atLeast: 0.9))
    #expect(judgement.verdict == verdict && judgement.note.hasSuffix("Without NONE."))
    if verdict == .fails { #expect(judgement.statistic?.name == "Spearman correlation with U, NEAR") }
  }

  @Test(arguments: [
    ([86, 186, 276, 350, 415], Verdict.holds), ([80, 160, 240, 320, 400], .inconclusive), ([80, 150, 230, 320, 420], .fails),
    ([80, 160, 230, 290, 280], .fails), ([80, 160, 230, 290, 290], .inconclusive),
  ])
  func everyCurveSaturates(values: [Double], verdict: Verdict) throws {
    let read = try readings(["all": [86, 186, 276, 350, 415], "near": values])
    let judgement = try #require(read.saturation("x", "rate", of: ["all", "near"]))
    #expect(judgement.verdict == verdict)
    if values[4] == 280 { #expect(judgement.statistic?.name == "slope of the rate, NEAR" && judgement.statistic?.value == -1) }
    if values[4] == 420 { #expect(judgement.statistic?.name == "change of slope, NEAR") }
  }

  @Test func curvesNeedASweep() throws {
    #expect(try readings(["oracle": [1, 2, 3, 4]]).growth("x", of: ["all"], atLeast: 0.9) == nil)
    let short = try #require(try readings(["all": [1, 2]]).growth("x", of: ["all"], atLeast: 0.9))
    #expect(short.verdict == .inconclusive && short.note == "At least three numbers of users are needed.")
    // Two seeds decide nothing, and a short curve is named.
    let few = try readings(["all": [1, 2, 3], "near": [1, 2]], seeds: 2)
    #expect(few.growth("x", of: ["all", "near"], atLeast: 0.9)?.verdict == .inconclusive)
    #expect(few.growth("x", of: ["all", "near"], atLeast: 0.9)?.note.contains("Without NEAR.") == true)
  }

  @Test func oneNumberSaysNothingAboutASweep() throws {
    let (read, holds) = (try MadeRun().readings(), Judgement(.holds, statistic: nil, threshold: nil, seeds: 3))
    #expect(read.judgement(holds, over: [10, 20, 30], ofSweep: 10...50) == holds)
    let one = read.judgement(holds, over: [10], ofSweep: 10...50)
    #expect(one.verdict == .inconclusive && one.note == "U = 10 alone does not decide a claim about U from 10 to 50.")
    #expect(read.judgement(holds, over: [10, 20], ofSweep: 10...50).note.hasPrefix("mean over U = 10, 20 alone does not decide"))
  }
}
