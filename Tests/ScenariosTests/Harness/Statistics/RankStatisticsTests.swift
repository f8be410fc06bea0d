import Testing

@testable import Scenarios

@Suite struct RankStatisticsTests {
  @Test func tiesShareTheirRank() {
    #expect(Statistics.ranks([10, 20, 20, 5, 20]) == [2, 4, 4, 1, 4])
    #expect(Statistics.ranks([]).isEmpty)
  }

  @Test func spearmanAgreesWithItsClosedForm() {
    // Without ties 1 − 6 Σd² / (n(n² − 1)): the example of hours of television against IQ, Σd² = 194, n = 10.
    let iq = [106.0, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    let hours = [7.0, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    #expect(abs(Statistics.spearmanCorrelation(iq, hours) - (1 - 6 * 194.0 / 990)) < 1e-14)
    #expect(abs(Statistics.spearmanCorrelation([1, 2, 3], [10, 11, 500]) - 1) < 1e-15)
    #expect(abs(Statistics.spearmanCorrelation([1, 2, 3], [5, 4, -3]) + 1) < 1e-15)
    #expect(Statistics.spearmanCorrelation([1, 2, 3], [4, 4, 4]).isNaN)
  }

  @Test func flatCurvesHaveNoTrend() {
    #expect(Statistics.trend([10, 20, 30], [1, 1, 1]) == 0)
    #expect(abs(Statistics.trend([10, 20, 30, 40, 50], [1, 2, 3, 5, 4]) - 0.9) < 1e-12)
  }

  @Test func probabilityOfImprovementAgreesWithReferenceScores() {
    let first = ReferenceScores.tasks(ReferenceScores.firstRuns)
    let second = ReferenceScores.tasks(ReferenceScores.secondRuns)
    #expect(abs(Statistics.probabilityOfImprovement(first, over: second) - ReferenceScores.probabilityOfImprovement) < 1e-12)
    #expect(Statistics.probabilityOfImprovement([[1, 2]], over: [[2, 2]]) == 0.25)
  }
}
