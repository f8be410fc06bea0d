/// Elementary functions in double precision that return the same bits on every machine.
///
/// The C library's versions differ in their last bit between library versions and processors, so nothing that
/// reaches a result may call them. These use only correctly rounded operations (+, −, ×, ÷, √) in a fixed order.
/// Errors are at most 2 units in the last place over the tested range unless a function says otherwise.
/// For whole vectors in single precision use the element-wise operations of ``Tensor/Tensor`` and ``Tape``.
public enum Math {
  static let ln2High = 0x1.62e42feep-1
  static let ln2Low = 0x1.a39ef35793c76p-33

  /// The base of natural logarithms raised to `x`: eˣ.
  ///
  /// x = k ln 2 + r with |r| ≤ ln 2 / 2, eʳ by its Taylor polynomial of degree 13, then scaled by 2ᵏ.
  public static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 709.782712893384 { return .infinity }
    if x < -745.2 { return 0 }
    let k = (x * 1.4426950408889634).rounded(.toNearestOrEven)
    let r = (x - k * ln2High) - k * ln2Low
    var p = 1.0 / 6_227_020_800
    p = p * r + 1.0 / 479_001_600
    p = p * r + 1.0 / 39_916_800
    p = p * r + 1.0 / 3_628_800
    p = p * r + 1.0 / 362_880
    p = p * r + 1.0 / 40320
    p = p * r + 1.0 / 5040
    p = p * r + 1.0 / 720
    p = p * r + 1.0 / 120
    p = p * r + 1.0 / 24
    p = p * r + 1.0 / 6
    p = p * r + 0.5
    let y = 1 + (r + r * r * p)
    // Two factors, so that results near both ends of the range neither overflow nor lose subnormal bits early.
    let half = Int(k) / 2
    return y * power2(half) * power2(Int(k) - half)
  }

  static func power2(_ k: Int) -> Double {
    Double(bitPattern: UInt64(k + 1023) << 52)
  }

  /// The natural logarithm of `x`. `-infinity` at zero, NaN below.
  ///
  /// x = 2ᵏ m with √½ ≤ m < √2 and ln m = 2 artanh(s), s = (m − 1) / (m + 1).
  public static func log(_ x: Double) -> Double {
    if x.isNaN || x < 0 { return .nan }
    if x == 0 { return -.infinity }
    if x.isInfinite { return x }
    var k = Double(x.exponent)
    var m = x.significand
    if m > 1.4142135623730951 {
      m *= 0.5
      k += 1
    }
    let f = m - 1
    let s = f / (m + 1)
    let z = s * s
    var p = 2.0 / 23
    p = p * z + 2.0 / 21
    p = p * z + 2.0 / 19
    p = p * z + 2.0 / 17
    p = p * z + 2.0 / 15
    p = p * z + 2.0 / 13
    p = p * z + 2.0 / 11
    p = p * z + 2.0 / 9
    p = p * z + 2.0 / 7
    p = p * z + 2.0 / 5
    p = p * z + 2.0 / 3
    // ln m = f − s (f − z p): exact in its leading term, so that the relative error stays small near one.
    let tail = s * (f - z * p)
    return k * ln2High + (f - (tail - k * ln2Low))
  }

  /// The logarithm to base 2.
  public static func log2(_ x: Double) -> Double {
    x.isNormal && x > 0 && x.significand == 1 ? Double(x.exponent) : log(x) * 1.4426950408889634
  }

  /// The logarithm to base 10. Error at most 3 units in the last place.
  public static func log10(_ x: Double) -> Double { log(x) * 0.4342944819032518 }

  /// `base` raised to `exponent`, for a positive base: e^(exponent · ln base).
  ///
  /// The relative error grows with |exponent · ln base| · 2⁻⁵³.
  public static func pow(_ base: Double, _ exponent: Double) -> Double {
    exponent == 0 ? 1 : exp(exponent * log(base))
  }

  /// The square root, correctly rounded.
  public static func sqrt(_ x: Double) -> Double { x.squareRoot() }

  /// The sine of `x` radians, for |x| up to 10⁶.
  public static func sin(_ x: Double) -> Double { sinCos(x).sin }

  /// The cosine of `x` radians, for |x| up to 10⁶.
  public static func cos(_ x: Double) -> Double { sinCos(x).cos }

  /// Sine and cosine of `x` radians together, for |x| up to 10⁶.
  ///
  /// x = q π/2 + r with |r| ≤ π/4, both by their Taylor polynomials, then turned by q quarter circles.
  public static func sinCos(_ x: Double) -> (sin: Double, cos: Double) {
    if !x.isFinite { return (.nan, .nan) }
    precondition(abs(x) <= 1e6, "Math.sinCos: |x| must be at most 1e6, got \(x)")
    let q = (x * 0.6366197723675814).rounded(.toNearestOrEven)
    let r = ((x - q * 0x1.921fb544p0) - q * 0x1.0b4611a6p-34) - q * 0x1.3198a2e037073p-69
    let z = r * r
    var s = -1.0 / 1_307_674_368_000
    s = s * z + 1.0 / 6_227_020_800
    s = s * z - 1.0 / 39_916_800
    s = s * z + 1.0 / 362_880
    s = s * z - 1.0 / 5040
    s = s * z + 1.0 / 120
    s = s * z - 1.0 / 6
    var c = 1.0 / 20_922_789_888_000
    c = c * z - 1.0 / 87_178_291_200
    c = c * z + 1.0 / 479_001_600
    c = c * z - 1.0 / 3_628_800
    c = c * z + 1.0 / 40320
    c = c * z - 1.0 / 720
    c = c * z + 1.0 / 24
    let sine = r + r * z * s
    let cosine = 1 - (0.5 * z - z * z * c)
    switch Int(q) & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }

  /// Coefficients of ln Γ(2 + z) = (1 − γ) z + Σ_{k ≥ 2} (−1)ᵏ (ζ(k) − 1) zᵏ / k, from k = 2.
  private static let logGammaSeries: [Double] = [
    0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
    0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
    9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
    4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
    2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
    1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
    5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10,
  ]

  /// The natural logarithm of the gamma function for x > 0. Relative error below 10⁻¹³, also at its zeros 1 and 2.
  ///
  /// Between ½ and 5/2 by its Taylor series about 2 (Abramowitz and Stegun 6.1.33), elsewhere by Stirling's series after
  /// shifting x above 12, which would lose all digits where the result is near zero.
  public static func logGamma(_ x: Double) -> Double {
    precondition(x > 0, "Math.logGamma: x must be positive, got \(x)")
    if x >= 0.5 && x <= 2.5 {
      let z = x < 1.5 ? x - 1 : x - 2
      var sum = 0.0
      for coefficient in logGammaSeries.reversed() { sum = (sum + coefficient) * z }
      sum = (sum + 0.42278433509846713) * z
      return x < 1.5 ? sum - log(x) : sum
    }
    var shift = 1.0
    var y = x
    while y < 12 {
      shift *= y
      y += 1
    }
    let z = 1 / (y * y)
    let series = (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z / 1188)))) / y
    return (y - 0.5) * log(y) - y + 0.9189385332046727 + series - log(shift)
  }
}
