import Tensor

/// The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 − P(a, x), with the same bits everywhere.
///
/// Below x = a + 1 by the power series of P (Abramowitz and Stegun 6.5.29), above by the continued fraction of Q (6.5.31) with
/// Lentz's recurrence, so that neither difference cancels. Relative error below 10⁻¹² for a up to 10⁴.
struct IncompleteGamma {
  let lower: Double
  let upper: Double
  /// x dP/dx = xᵃ e⁻ˣ / Γ(a)
  let logarithmicDensity: Double

  /// - Parameters:
  ///   - a: At least ½.
  ///   - x: Positive.
  init(_ a: Double, _ x: Double) {
    logarithmicDensity = Math.exp(a * Math.log(x) - x - Math.logGamma(a))
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var n = a
      while term > sum * 1e-17 {
        n += 1
        term *= x / n
        sum += term
      }
      lower = logarithmicDensity * sum
      upper = 1 - lower
    } else {
      var b = x + 1 - a
      var c = 1e300
      var d = 1 / b
      var fraction = d
      var n = 0.0
      var factor = 0.0
      while abs(factor - 1) > 2e-16 && n < 1e5 {
        n += 1
        let numerator = n * (a - n)
        b += 2
        d = 1 / (numerator * d + b)
        c = b + numerator / c
        factor = c * d
        fraction *= factor
      }
      upper = logarithmicDensity * fraction
      lower = 1 - upper
    }
  }
}
