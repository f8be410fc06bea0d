import Tensor

extension Statistics {
  /// The regularised incomplete beta function I_x(a, b), by the continued fraction of Abramowitz and Stegun 26.5.8 evaluated with
  /// Lentz's method. Relative error below 10⁻¹² for a and b up to some hundreds.
  ///
  /// - Precondition: a and b are positive and x lies in 0...1.
  public static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    precondition(a > 0 && b > 0 && (0...1).contains(x), "Statistics.incompleteBeta: x \(x), a \(a), b \(b)")
    if x == 0 || x == 1 { return x }
    // The fraction converges quickly below the mean of the distribution; above it the other tail is taken.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let logFactor = Math.logGamma(a + b) - Math.logGamma(a) - Math.logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var fraction = d
    for m in 1...10_000 {
      let k = Double(m)
      for numerator in [
        k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k)), -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1)),
      ] {
        d = 1 + numerator * d
        d = 1 / (abs(d) < tiny ? tiny : d)
        c = 1 + numerator / c
        c = abs(c) < tiny ? tiny : c
        fraction *= c * d
      }
      if abs(c * d - 1) < 1e-15 { break }
    }
    return Math.exp(logFactor) * fraction / a
  }

  /// The distribution function of Student's t: P(T ≤ t) = 1 − I_{ν/(ν+t²)}(ν/2, 1/2) / 2 for t ≥ 0.
  public static func studentCDF(_ t: Double, degreesOfFreedom: Double) -> Double {
    let tail = incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2
    return t > 0 ? 1 - tail : tail
  }

  /// The quantile of Student's t, by bisection of its distribution function to the last bit.
  ///
  /// - Precondition: `probability` lies strictly between 0 and 1.
  public static func studentQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
    precondition(probability > 0 && probability < 1, "Statistics.studentQuantile: probability \(probability)")
    if probability == 0.5 { return 0 }
    if probability < 0.5 { return -studentQuantile(1 - probability, degreesOfFreedom: degreesOfFreedom) }
    var low = 0.0
    var high = 1.0
    while studentCDF(high, degreesOfFreedom: degreesOfFreedom) < probability && high < 1e12 { high *= 2 }
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      if studentCDF(middle, degreesOfFreedom: degreesOfFreedom) < probability { low = middle } else { high = middle }
    }
  }
}
