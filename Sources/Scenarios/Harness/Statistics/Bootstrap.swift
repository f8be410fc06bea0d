import Tensor

extension Statistics {
  /// The seed of every bootstrap: a fixed one, so that an interval is a function of its data.
  static let bootstrapSeed: UInt64 = 2021

  /// The percentile bootstrap interval of a statistic of one sample (Efron 1979). O(repetitions · n).
  ///
  /// - Parameters:
  ///   - values: The sample. `[n]`
  ///   - level: The share of resampled statistics inside the interval.
  ///   - repetitions: How often the sample is drawn anew.
  ///   - statistic: Of a resample as long as `values`.
  public static func bootstrapInterval(
    _ values: [Double], level: Double = 0.95, repetitions: Int = 2000, statistic: ([Double]) -> Double
  ) -> (low: Double, high: Double) {
    stratifiedBootstrapInterval([values], level: level, repetitions: repetitions) { statistic($0[0]) }
  }

  /// The percentile bootstrap interval of a statistic over several tasks whose runs are resampled task by task
  /// (Agarwal et al. 2021, section 4.2). O(repetitions · runs · tasks).
  ///
  /// - Parameters:
  ///   - strata: The runs of each task. `[tasks][runs]`
  ///   - level: The share of resampled statistics inside the interval.
  ///   - repetitions: How often all runs are drawn anew.
  ///   - statistic: Of resampled strata of the same sizes.
  public static func stratifiedBootstrapInterval(
    _ strata: [[Double]], level: Double = 0.95, repetitions: Int = 2000, statistic: ([[Double]]) -> Double
  ) -> (low: Double, high: Double) {
    precondition(strata.allSatisfy { !$0.isEmpty } && repetitions > 0, "Statistics.bootstrapInterval: a sample is empty")
    let stream = RandomStream(seed: bootstrapSeed, purpose: .bootstrap)
    var resampled = strata
    var statistics: [Double] = []
    statistics.reserveCapacity(repetitions)
    for repetition in 0..<repetitions {
      var generator = stream.generator(step: repetition)
      for stratum in strata.indices {
        for run in strata[stratum].indices {
          resampled[stratum][run] = strata[stratum][generator.integer(below: strata[stratum].count)]
        }
      }
      statistics.append(statistic(resampled))
    }
    statistics.sort()
    return (quantile((1 - level) / 2, ofSorted: statistics), quantile((1 + level) / 2, ofSorted: statistics))
  }

  /// The interquartile mean over runs and tasks with its stratified bootstrap interval (Agarwal et al. 2021).
  ///
  /// - Parameters:
  ///   - strata: The runs of each task. `[tasks][runs]`
  ///   - repetitions: How often all runs are drawn anew.
  public static func interquartileMeanInterval(_ strata: [[Double]], repetitions: Int = 2000) -> Statistic {
    let interval = stratifiedBootstrapInterval(strata, repetitions: repetitions) { interquartileMean($0.flatMap { $0 }) }
    return Statistic("interquartile mean", value: interquartileMean(strata.flatMap { $0 }), low: interval.low, high: interval.high)
  }
}
