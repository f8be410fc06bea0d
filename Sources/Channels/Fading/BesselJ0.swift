import Tensor

/// Bessel functions, for the time correlation of fading.
public enum Bessel {
  /// The Bessel function of the first kind and order zero, for |x| up to 10⁶. Absolute error below 10⁻¹⁴ up to 100.
  ///
  /// Up to 25 by Miller's backward recurrence J_{n−1} = (2n / x) J_n − J_{n+1}, scaled by J₀ + 2 Σ J_{2k} = 1; above by
  /// Hankel's expansion, √(2 / πx) (P cos χ − Q sin χ) with χ = x − π/4 (Abramowitz and Stegun 9.1.27, 9.1.46, 9.2.5).
  public static func j0(_ x: Double) -> Double {
    let x = abs(x)
    if x < 1e-8 { return 1 }
    return x <= 25 ? recurrence(x) : expansion(x)
  }

  private static func recurrence(_ x: Double) -> Double {
    // Orders well above x are negligible: J₇₂(25) < 10⁻²⁰. The start value cancels in the ratio.
    var n = 2 * (Int(x) / 2) + 48
    var above = 0.0
    var here = 1e-290
    var sum = 2 * here
    while n > 0 {
      (here, above) = (2 * Double(n) / x * here - above, here)
      n -= 1
      if n == 0 {
        sum += here
      } else if n.isMultiple(of: 2) {
        sum += 2 * here
      }
      if abs(here) > 1e100 {
        here *= 1e-100
        above *= 1e-100
        sum *= 1e-100
      }
    }
    return here / sum
  }

  private static func expansion(_ x: Double) -> Double {
    // Term k is Π (2j − 1)² / (8 j x); even ones belong to P, odd ones to Q, with signs + − − + by pairs.
    var term = 1.0
    var p = 1.0
    var q = 0.0
    for k in 1...24 {
      let odd = Double(2 * k - 1)
      term *= odd * odd / (8 * Double(k) * x)
      switch k & 3 {
      case 1: q -= term
      case 2: p -= term
      case 3: q += term
      default: p += term
      }
    }
    let (sine, cosine) = Math.sinCos(x)
    let half = Math.sqrt(0.5)
    let shiftedCosine = half * (cosine + sine)
    let shiftedSine = half * (sine - cosine)
    return Math.sqrt(2 / (Double.pi * x)) * (p * shiftedCosine - q * shiftedSine)
  }
}
