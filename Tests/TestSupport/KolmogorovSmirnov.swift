import Tensor

/// The one-sample test of Kolmogorov and Smirnov.
public enum KolmogorovSmirnov {
  /// The greatest distance between the empirical distribution of `values` and `distribution`.
  public static func distance(_ values: [Double], to distribution: (Double) -> Double) -> Double {
    let count = Double(values.count)
    var greatest = 0.0
    for (index, value) in values.sorted().enumerated() {
      let probability = distribution(value)
      greatest = max(greatest, probability - Double(index) / count, Double(index + 1) / count - probability)
    }
    return greatest
  }

  /// Whether independent `values` may come from `distribution`; says no to right ones less than once in ten million times.
  ///
  /// P(D > x / √n) ≤ 2 exp(−2 x²) (Massart 1990), with x = 2.9.
  public static func agrees(_ values: [Double], with distribution: (Double) -> Double) -> Bool {
    distance(values, to: distribution) < 2.9 / Double(values.count).squareRoot()
  }

  /// The standard normal distribution: φ(x) Σ x^(2k+1) / (1 · 3 · ... · (2k + 1)) + ½ (Abramowitz and Stegun 26.2.11).
  public static func normal(_ x: Double) -> Double {
    if abs(x) > 8 { return x > 0 ? 1 : 0 }
    var term = x
    var sum = x
    var k = 1.0
    while abs(term) > 1e-17 * abs(sum) {
      term *= x * x / (2 * k + 1)
      sum += term
      k += 1
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Double.pi)
  }
}
