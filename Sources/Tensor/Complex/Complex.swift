/// A complex number of two `Double`s: real + i imaginary.
public struct Complex: Sendable, Hashable, CustomStringConvertible {
  public var real: Double
  public var imaginary: Double

  public init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  public static let zero = Complex(0)
  public static let one = Complex(1)
  /// The imaginary unit.
  public static let i = Complex(0, 1)

  /// real − i imaginary.
  public var conjugate: Complex { Complex(real, -imaginary) }

  /// |z|² = real² + imaginary², which overflows from |z| ≈ 10¹⁵⁴ on.
  public var squaredMagnitude: Double { real * real + imaginary * imaginary }

  /// |z| = √(real² + imaginary²), without overflow or underflow on the way.
  ///
  /// Both parts are scaled by a power of two first, which is exact. Error below 2 units in the last place; infinite if a part is.
  public var magnitude: Double {
    let (a, b) = (abs(real), abs(imaginary))
    if a.isInfinite || b.isInfinite { return .infinity }
    let larger = max(a, b)
    if larger == 0 || larger.isNaN || a.isNaN || b.isNaN { return a + b }
    let (scaled, exponent) = scaledToUnit
    return Double(sign: .plus, exponent: exponent, significand: scaled.squaredMagnitude.squareRoot())
  }

  /// z 2⁻ᵏ with the larger part between 1 and 2, and k; for finite numbers other than zero.
  private var scaledToUnit: (Complex, Int) {
    let exponent = max(abs(real), abs(imaginary)).exponent
    return (timesPower(-exponent), exponent)
  }

  private func timesPower(_ exponent: Int) -> Complex {
    func scaled(_ x: Double) -> Double { x == 0 ? x : Double(sign: .plus, exponent: exponent, significand: x) }
    return Complex(scaled(real), scaled(imaginary))
  }

  public static func + (a: Complex, b: Complex) -> Complex { Complex(a.real + b.real, a.imaginary + b.imaginary) }

  public static func - (a: Complex, b: Complex) -> Complex { Complex(a.real - b.real, a.imaginary - b.imaginary) }

  public static prefix func - (a: Complex) -> Complex { Complex(-a.real, -a.imaginary) }

  public static func * (a: Complex, b: Complex) -> Complex {
    Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }

  public static func * (a: Complex, b: Double) -> Complex { Complex(a.real * b, a.imaginary * b) }

  public static func * (a: Double, b: Complex) -> Complex { b * a }

  /// a / b = a b* / |b|², with both scaled by powers of two, so that only a quotient out of range overflows.
  ///
  /// A quotient by zero, or with a part that is not finite, is NaN in both parts.
  public static func / (a: Complex, b: Complex) -> Complex {
    guard a.isFinite && b.isFinite && b != .zero else { return Complex(.nan, .nan) }
    if a == .zero { return .zero }
    let (top, topExponent) = a.scaledToUnit
    let (bottom, bottomExponent) = b.scaledToUnit
    let product = top * bottom.conjugate
    let square = bottom.squaredMagnitude
    return Complex(product.real / square, product.imaginary / square).timesPower(topExponent - bottomExponent)
  }

  public static func += (a: inout Complex, b: Complex) { a = a + b }

  public static func -= (a: inout Complex, b: Complex) { a = a - b }

  public static func *= (a: inout Complex, b: Complex) { a = a * b }

  public static func /= (a: inout Complex, b: Complex) { a = a / b }

  /// Whether both parts are finite.
  public var isFinite: Bool { real.isFinite && imaginary.isFinite }

  public var description: String { imaginary.sign == .minus ? "\(real) - \(-imaginary)i" : "\(real) + \(imaginary)i" }
}
