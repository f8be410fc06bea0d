import Testing

@testable import Scenarios

@Suite struct PerformanceProfileTests {
  private let first = ReferenceScores.tasks(ReferenceScores.firstRuns)
  private let second = ReferenceScores.tasks(ReferenceScores.secondRuns)

  // Shares and 20 000 stratified resamples by an independent program (NumPy 2.4.6, generator of seed 1).
  @Test func profilesAgreeWithAnIndependentProgram() {
    let thresholds = [0.2, 0.5, 0.9]
    let profiles = [first, second].map { Statistics.performanceProfile($0, thresholds: thresholds) }
    for (profile, shares) in zip(profiles, [[25.0 / 30, 16.0 / 30, 4.0 / 30], [22.0 / 30, 16.0 / 30, 6.0 / 30]]) {
      for (statistic, share) in zip(profile, shares) {
        #expect(abs(statistic.value - share) < 1e-12)
        #expect(statistic.low <= share && share <= statistic.high)
      }
    }
    #expect(abs(profiles[0][1].low - 0.3667) < 0.035 && abs(profiles[0][1].high - 0.7) < 0.035)
  }

  @Test func profilesFallFromOneToZero() {
    let profile = Statistics.performanceProfile([[1, 2], [2, 3]], thresholds: [0, 1, 2, 3])
    #expect(profile.map(\.value) == [1, 0.75, 0.25, 0])
    #expect(profile[0].low == 1 && profile[3].high == 0)
  }

  @Test func improvementHasItsInterval() {
    let improvement = Statistics.improvementInterval(first, over: second)
    #expect(abs(improvement.value - ReferenceScores.probabilityOfImprovement) < 1e-12)
    #expect(abs(improvement.low - 0.3267) < 0.02 && abs(improvement.high - 0.6367) < 0.02)
    let sure = Statistics.improvementInterval([[2, 3]], over: [[0, 1]])
    #expect(sure.value == 1 && sure.low == 1 && sure.high == 1)
  }
}
