/// Whole-array functions of link quality in single precision. None of them allocates.
public enum LinkQuality {
  /// The signal-to-interference-plus-noise ratio of every link: S / (I + N).
  ///
  /// - Parameters:
  ///   - signal: Received powers in watts. `[links]`
  ///   - interference: Powers of everything else on the same resource, in watts. `[links]`
  ///   - noise: Noise power in watts.
  ///   - ratios: Linear ratios. `[links]`
  public static func sinr(signal: [Float], interference: [Float], noise: Float, into ratios: inout [Float]) {
    precondition(
      signal.count == ratios.count && interference.count == ratios.count,
      "LinkQuality.sinr: \(signal.count) signals, \(interference.count) interferences, \(ratios.count) results")
    let signal = signal.span
    let interference = interference.span
    var ratios = ratios.mutableSpan
    for i in ratios.indices { ratios[i] = signal[i] / (interference[i] + noise) }
  }

  /// Shannon's rate of every link: log₂(1 + SINR) bit/s/Hz.
  ///
  /// - Parameters:
  ///   - sinr: Linear ratios, finite and not negative. `[links]`
  ///   - rates: `[links]`
  public static func spectralEfficiency(sinr: [Float], into rates: inout [Float]) {
    precondition(sinr.count == rates.count, "LinkQuality.spectralEfficiency: \(sinr.count) ratios, \(rates.count) rates")
    let sinr = sinr.span
    var rates = rates.mutableSpan
    for i in rates.indices { rates[i] = floatLogarithm(1 + sinr[i]) * 1.442695041 }
  }

  /// 10 log₁₀ of every number. Numbers below the smallest normal one count as that one (−379 dB).
  public static func decibels(of values: [Float], into decibels: inout [Float]) {
    precondition(values.count == decibels.count, "LinkQuality.decibels: \(values.count) numbers, \(decibels.count) results")
    let values = values.span
    var decibels = decibels.mutableSpan
    for i in decibels.indices {
      let x = values[i]
      decibels[i] = floatLogarithm(x < .leastNormalMagnitude ? .leastNormalMagnitude : x) * 4.342944819
    }
  }

  /// How many links are in outage: their ratio is below the threshold.
  ///
  /// - Parameters:
  ///   - sinr: Linear ratios. `[links]`
  ///   - threshold: Linear ratio.
  public static func outages(sinr: [Float], threshold: Float) -> Int {
    var count = 0
    for ratio in sinr { count += ratio < threshold ? 1 : 0 }
    return count
  }
}
