extension Statistics {
  /// The performance profile of a method: at each threshold τ the share of its runs that score more, averaged over tasks,
  ///
  ///     F(τ) = 1/M Σ_m 1/N_m Σ_n 1[x_mn > τ],
  ///
  /// with its 95 % band by the stratified percentile bootstrap, threshold by threshold (Agarwal et al. 2021, section 4.2).
  /// O(repetitions · runs · thresholds).
  ///
  /// - Parameters:
  ///   - strata: The runs of each task. `[tasks][runs]`
  ///   - thresholds: τ.
  ///   - repetitions: How often all runs are drawn anew for each threshold.
  /// - Returns: One statistic for each threshold.
  public static func performanceProfile(_ strata: [[Double]], thresholds: [Double], repetitions: Int = 2000) -> [Statistic] {
    func shares(_ strata: [[Double]], above threshold: Double) -> Double {
      mean(strata.map { runs in Double(runs.count { $0 > threshold }) / Double(runs.count) })
    }
    return thresholds.map { threshold in
      let interval = stratifiedBootstrapInterval(strata, repetitions: repetitions) { shares($0, above: threshold) }
      return Statistic("share of runs above", value: shares(strata, above: threshold), low: interval.low, high: interval.high)
    }
  }

  /// The probability of improvement with its 95 % interval by the stratified percentile bootstrap of both methods' runs (Agarwal et al. 2021).
  ///
  /// - Parameters:
  ///   - first: `[tasks][runs]`
  ///   - second: `[tasks][runs]`, of as many tasks.
  ///   - repetitions: How often the runs of both are drawn anew.
  public static func improvementInterval(_ first: [[Double]], over second: [[Double]], repetitions: Int = 2000) -> Statistic {
    let interval = stratifiedBootstrapInterval(first + second, repetitions: repetitions) { strata in
      probabilityOfImprovement(Array(strata.prefix(first.count)), over: Array(strata.dropFirst(first.count)))
    }
    return Statistic(
      "probability of improvement", value: probabilityOfImprovement(first, over: second), low: interval.low, high: interval.high)
  }
}
