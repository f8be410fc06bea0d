import Agents
import Tensor
import TestSupport
import Testing

@Suite struct NormalizedObservationsTests {
  /// Mean and variance of all values and of the start (mean 0, variance 1, weight 10⁻⁴), in one pass over everything.
  private func moments(_ values: [Float]) -> (mean: Double, variance: Double) {
    let weight = Double(values.count) + 1e-4
    let mean = values.reduce(0) { $0 + Double($1) } / weight
    return (mean, (values.reduce(1e-4 * (1 + mean * mean)) { $0 + (Double($1) - mean) * (Double($1) - mean) }) / weight)
  }

  @Test(arguments: [false, true]) func normalisesByAllThatWasActedOn(shared: Bool) {
    var plain = Play(CountingTask(copies: 3))
    var play = Play(NormalizedObservations(CountingTask(copies: 3), isSharedByAgents: shared, limit: 1.5))
    // One list for each number of an agent's observation: `[A, D]`
    var seen = [[Float]](repeating: [], count: 4)
    var clipped = 0
    for step in 0..<25 {
      if step > 0 {
        plain.step()
        play.step()
      }
      for (i, value) in plain.batch.observations.enumerated() { seen[i % 4].append(value) }
      func expected(_ value: Float, _ i: Int) -> Float {
        let values = shared ? seen[i % 2] + seen[i % 2 + 2] : seen[i % 4]
        let (mean, variance) = moments(values)
        return Float(max(-1.5, min(1.5, (Double(value) - mean) / (variance + 1e-8).squareRoot())))
      }
      for i in 0..<12 {
        // Differences of single-precision numbers near 13, divided by deviations of 1.
        #expect(abs(play.batch.observations[i] - expected(plain.batch.observations[i], i)) < 1e-5)
        if step > 0 { #expect(abs(play.batch.finalObservations[i] - expected(plain.batch.finalObservations[i], i)) < 1e-5) }
        if abs(play.batch.observations[i]) == 1.5 { clipped += 1 }
      }
      #expect(play.batch.rewards == plain.batch.rewards && play.batch.terminated == plain.batch.terminated)
    }
    #expect(clipped > 0)
  }

  @Test func frozenStatisticsStay() throws {
    var play = Play(NormalizedObservations(CountingTask()))
    for _ in 0..<20 { play.step() }
    var evaluation = Play(NormalizedObservations(CountingTask(copies: 1), statistics: play.task.statistics))
    let first = evaluation.batch.observations
    for _ in 0..<3 { evaluation.step() }
    #expect(evaluation.task.statistics == play.task.statistics)
    #expect(evaluation.task.isFrozen && evaluation.batch.observations != first)
    for (i, value) in [1, 0, 1, 10].enumerated() {
      let statistics = play.task.statistics
      let expected = (Double(value) - statistics.means[i]) / (statistics.variance(i) + 1e-8).squareRoot()
      #expect(abs(Double(first[i]) - expected) < 1e-5)
    }
  }

  @Test func keepsTheContract() throws {
    try TaskChecks.keepsTheContract(areCopiesIndependent: false) { NormalizedObservations(CountingTask(copies: $0, firstCopy: $1)) }
    try TaskChecks.keepsTheContract(areCopiesIndependent: false) { NormalizedRewards(CountingTask(copies: $0, firstCopy: $1), discount: 0.9) }
  }

  @Test func refusesStatisticsOfNoRun() throws {
    func state(count: Double = 5, mean: Double = 1, square: Double = 1) -> ForgedState {
      ForgedState(parts: [("count", .double(count)), ("means", .doubles([mean])), ("squares", .doubles([square]))])
    }
    #expect(try !state().isRefused(by: RunningStatistics(size: 1)))
    #expect(try state(count: 0).isRefused(by: RunningStatistics(size: 1)))
    #expect(try state(count: .nan).isRefused(by: RunningStatistics(size: 1)))
    #expect(try state(mean: .infinity).isRefused(by: RunningStatistics(size: 1)))
    #expect(try state(square: -1).isRefused(by: RunningStatistics(size: 1)))
  }
}
