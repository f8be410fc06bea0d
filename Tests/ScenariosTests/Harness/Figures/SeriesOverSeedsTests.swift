import Testing

@testable import Scenarios

@Suite struct SeriesOverSeedsTests {
  @Test func sweepsSkipPlacesWithoutSeeds() {
    let series = Series.sweep("a", [(x: 1, values: [0: 1, 1: 3]), (x: 2, values: [:]), (x: 3, values: [0: 5])])
    #expect(series.points.map(\.x) == [1, 3])
    #expect(series.points[0].mean == 2)
    #expect(series.points[0].seeds == 2)
    // Two seeds: s = √2, t₁ = 12.7062: half width 12.7062.
    #expect(abs(series.points[0].high - 14.7062) < 1e-3)
    #expect(series.points[1] == Series.Point(x: 3, mean: 5, low: 5, high: 5, seeds: 1))
  }

  @Test func curvesJoinSeedsStepByStep() {
    let series = Series.curve(
      "a", [MetricCurve(seed: 1, steps: [1, 2], values: [10, 20]), MetricCurve(seed: 0, steps: [2, 4], values: [40, 7])])
    #expect(series.points.map(\.x) == [1, 2, 4])
    #expect(series.points.map(\.mean) == [10, 30, 7])
    #expect(series.points.map(\.seeds) == [1, 2, 1])
  }

  @Test func blocksEndAtTheirLastStep() {
    let curve = MetricCurve(seed: 3, steps: [1, 2, 3, 4, 5, 6, 7], values: [1, 3, 5, 7, 9, 11, 13])
    #expect(curve.averaged(over: 3) == MetricCurve(seed: 3, steps: [3, 6, 9], values: [3, 9, 13]))
    #expect(curve.averaged(over: 1) == curve)
  }
}
