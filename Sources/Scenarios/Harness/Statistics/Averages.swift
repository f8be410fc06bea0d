import Tensor

/// Statistics over seeds, with the same bits on every machine.
public enum Statistics {
  /// The arithmetic mean, summed in order. NaN of nothing.
  public static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// The sample standard deviation: √(Σ(x − x̄)² / (n − 1)). NaN below two values.
  public static func standardDeviation(_ values: [Double]) -> Double {
    guard values.count > 1 else { return .nan }
    let center = mean(values)
    return Math.sqrt(values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1))
  }

  /// The mean of the middle half: ⌊n/4⌋ values are cut from each end (Agarwal et al. 2021, "Deep reinforcement learning at the
  /// edge of the statistical precipice", section 4.3). NaN of nothing. O(n log n).
  public static func interquartileMean(_ values: [Double]) -> Double {
    let cut = values.count / 4
    return mean(Array(values.sorted()[cut..<(values.count - cut)]))
  }

  /// The quantile at `fraction` of rising values, by linear interpolation between the closest two
  /// (type 7 of Hyndman and Fan 1996).
  ///
  /// - Precondition: `sorted` rises and is not empty; `fraction` lies in 0...1.
  public static func quantile(_ fraction: Double, ofSorted sorted: [Double]) -> Double {
    precondition(!sorted.isEmpty && (0...1).contains(fraction), "Statistics.quantile: \(sorted.count) values, fraction \(fraction)")
    let place = fraction * Double(sorted.count - 1)
    let lower = Int(place)
    guard lower + 1 < sorted.count else { return sorted[lower] }
    return sorted[lower] + (place - Double(lower)) * (sorted[lower + 1] - sorted[lower])
  }
}
