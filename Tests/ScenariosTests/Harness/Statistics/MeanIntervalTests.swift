import Testing

@testable import Scenarios

@Suite struct MeanIntervalTests {
  @Test func fewSeedsGetStudentsInterval() {
    // Mean 3, s = √2.5, n = 5, t = 2.776445: half width 1.963243.
    let interval = Statistics.meanInterval([1, 2, 3, 4, 5])
    #expect(interval.value == 3)
    #expect(abs(interval.low - (3 - 1.963243)) < 1e-5)
    #expect(abs(interval.high - (3 + 1.963243)) < 1e-5)
  }

  @Test func manySeedsGetTheBootstrap() {
    let values = [3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3]
    let interval = Statistics.meanInterval(values)
    let expected = Statistics.bootstrapInterval(values, statistic: Statistics.mean)
    #expect(interval.low == expected.low && interval.high == expected.high)
    // Narrower than Student's, which reaches 2.262 s / √10 to both sides.
    #expect(interval.high - interval.low < 2 * Statistics.studentHalfWidth(standardDeviation: Statistics.standardDeviation(values), count: 10))
  }

  @Test func equalValuesHaveNoSpread() {
    #expect(Statistics.meanInterval([0.1, 0.1, 0.1]) == Statistic("mean", value: 0.1, low: 0.1, high: 0.1))
    #expect(Statistics.meanInterval([7]) == Statistic("mean", value: 7, low: 7, high: 7))
  }

  @Test func pairingRemovesWhatSeedsShare() {
    let interval = Statistics.pairedInterval([0: 11, 1: 102, 2: 1001], minus: [0: 10, 1: 100, 2: 1000])
    #expect(abs(interval.value - 4.0 / 3) < 1e-12)
    // s = 0.57735, t₂ = 4.302653: half width 1.434218.
    #expect(abs(interval.high - (4.0 / 3 + 1.434218)) < 1e-5)
  }
}
