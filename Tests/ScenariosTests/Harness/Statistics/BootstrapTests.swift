import Testing

@testable import Scenarios

@Suite struct BootstrapTests {
  @Test func agreesWithReferenceScores() {
    let result = Statistics.interquartileMeanInterval(ReferenceScores.tasks(ReferenceScores.firstRuns), repetitions: 8000)
    #expect(abs(result.value - ReferenceScores.interquartileMean) < 1e-15)
    // Two percentile bootstraps of this size differ by some thousandths.
    #expect(abs(result.low - ReferenceScores.interquartileMeanInterval.low) < 0.015)
    #expect(abs(result.high - ReferenceScores.interquartileMeanInterval.high) < 0.015)
  }

  @Test func strataAreNeverMixed() {
    // Each stratum is constant: no resample differs.
    let interval = Statistics.stratifiedBootstrapInterval([[1, 1, 1], [5, 5]]) { $0[0][2] + 10 * $0[1][1] }
    #expect(interval.low == 51)
    #expect(interval.high == 51)
  }

  @Test func isAFunctionOfItsData() {
    let values = [3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3]
    let first = Statistics.bootstrapInterval(values, statistic: Statistics.mean)
    let second = Statistics.bootstrapInterval(values, statistic: Statistics.mean)
    #expect(first == second)
    #expect(first.low < 3.9 && first.high > 3.9 && first.low >= 1 && first.high <= 9)
  }
}
