/// Pearson's test of frequencies.
public enum ChiSquare {
  /// Σ (observed − expected)² / expected.
  public static func statistic(_ counts: [Int], expected: [Double]) -> Double {
    var sum = 0.0
    for i in counts.indices {
      let difference = Double(counts[i]) - expected[i]
      sum += difference * difference / expected[i]
    }
    return sum
  }

  /// Whether counts may come from equally likely cells; says no to right ones less than once in ten million times.
  ///
  /// The quantile is Wilson and Hilferty's (1931) at 5.2 standard deviations.
  public static func isUniform(_ counts: [Int]) -> Bool {
    let total = counts.reduce(0, +)
    let expected = Array(repeating: Double(total) / Double(counts.count), count: counts.count)
    let freedom = Double(counts.count - 1)
    let root = 1 - 2 / (9 * freedom) + 5.2 * (2 / (9 * freedom)).squareRoot()
    return statistic(counts, expected: expected) < freedom * root * root * root
  }
}
