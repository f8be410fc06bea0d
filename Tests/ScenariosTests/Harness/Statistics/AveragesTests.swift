import Testing

@testable import Scenarios

@Suite struct AveragesTests {
  @Test func agreeWithReferenceScores() {
    let all = ReferenceScores.firstRuns.flatMap { $0 }
    #expect(abs(Statistics.mean(all) - ReferenceScores.mean) < 1e-15)
    #expect(abs(Statistics.interquartileMean(all) - ReferenceScores.interquartileMean) < 1e-15)
  }

  @Test func closedForms() {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squared deviations 32.
    let values = [2.0, 4, 4, 4, 5, 5, 7, 9]
    #expect(Statistics.mean(values) == 5)
    #expect(abs(Statistics.standardDeviation(values) - (32.0 / 7).squareRoot()) < 1e-15)
    #expect(Statistics.interquartileMean(values) == 4.5)
    #expect(Statistics.standardDeviation([1]).isNaN)
    #expect(Statistics.interquartileMean([3]) == 3)
    #expect(Statistics.interquartileMean([100, 1, 2, -50]) == 1.5)
  }

  @Test(arguments: [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (0.9, 3.7), (1.0, 4.0)])
  func quantilesAreInterpolated(fraction: Double, expected: Double) {
    #expect(abs(Statistics.quantile(fraction, ofSorted: [1, 2, 3, 4]) - expected) < 1e-15)
  }
}
