import Testing

@testable import Scenarios

@Suite struct SeedStatisticsTests {
  @Test func quantitiesAreJoinedSeedBySeed() {
    let first: SeedValues = [0: 1, 1: 2, 3: 4]
    let second: SeedValues = [1: 10, 2: 20, 3: 30]
    #expect(SeedValues.joined([first, second, second]) { $0[0] + 10 * $0[1] - $0[2] } == [1: 92, 3: 274])
    #expect(SeedValues.joined([first]) { $0[0] } == first)
    #expect(SeedValues.joined([first, [:]]) { $0[0] }.isEmpty)
  }

  /// `scipy.stats.linregress`, SciPy 1.17.1.
  @Test func slopesOfLines() {
    #expect(abs(Statistics.leastSquaresSlope([10, 20, 30, 40, 50], [0.0152, 0.0171, 0.0237, 0.0301, 0.0469]) - 0.0007639999999999999) < 1e-17)
    #expect(abs(Statistics.leastSquaresSlope([3, -1, 4, 1.5], [2, 7, 1, 8]) + 1.3215859030837005) < 1e-14)
    #expect(Statistics.leastSquaresSlope([2, 2], [1, 3]).isNaN)
  }
}
