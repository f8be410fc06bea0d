/// Functions of each element, and of two elements at the same place.
extension Variable {
  private static func pair(_ function: BinaryFunction, _ a: Variable, _ b: Variable) -> Variable {
    guard let shape = a.shape.broadcast(with: b.shape) else {
      preconditionFailure("Variable.\(function): the shapes \(a.shape) and \(b.shape) do not match")
    }
    return a.record(.binary(function, a.node, b.node), shape)
  }

  func map(_ function: UnaryFunction) -> Variable { record(.unary(function, node), shape) }

  // MARK: Arithmetic

  public static func + (a: Variable, b: Variable) -> Variable { pair(.add, a, b) }
  public static func - (a: Variable, b: Variable) -> Variable { pair(.subtract, a, b) }
  public static func * (a: Variable, b: Variable) -> Variable { pair(.multiply, a, b) }
  public static func / (a: Variable, b: Variable) -> Variable { pair(.divide, a, b) }
  public static prefix func - (a: Variable) -> Variable { a.map(.negate) }
  public static func + (a: Variable, b: Float) -> Variable { a.record(.affine(a.node, scale: 1, shift: b), a.shape) }
  public static func + (a: Float, b: Variable) -> Variable { b + a }
  public static func - (a: Variable, b: Float) -> Variable { a + -b }
  public static func - (a: Float, b: Variable) -> Variable { b.record(.affine(b.node, scale: -1, shift: a), b.shape) }
  // A shift of −0 keeps the sign of a zero.
  public static func * (a: Variable, b: Float) -> Variable { a.record(.affine(a.node, scale: b, shift: -0.0), a.shape) }
  public static func * (a: Float, b: Variable) -> Variable { b * a }
  /// a · (1/b), which differs from a/b in the last digit unless b is a power of two.
  public static func / (a: Variable, b: Float) -> Variable { a * (1 / b) }
  public static func / (a: Float, b: Variable) -> Variable { b.reciprocal() * a }

  // MARK: Powers, exponentials and logarithms

  /// x². Exact derivative 2x.
  public func squared() -> Variable { map(.square) }
  /// √x
  public func squareRoot() -> Variable { map(.sqrt) }
  /// 1/x
  public func reciprocal() -> Variable { map(.reciprocal) }
  /// |x|, with slope 0 at 0.
  public func magnitude() -> Variable { map(.abs) }
  /// e^x
  public func exp() -> Variable { map(.exp) }
  /// e^x − 1, exact where x is small.
  public func expMinusOne() -> Variable { map(.expm1) }
  /// ln x
  public func log() -> Variable { map(.log) }
  /// ln(1 + x), exact where x is small.
  public func logOnePlus() -> Variable { map(.log1p) }
  /// x^y. NaN where x is negative and y no integer.
  ///
  /// The derivative with respect to y is x^y ln x, NaN where x is negative; where x is zero the logarithm is that of the smallest normal
  /// number.
  public func power(_ exponent: Variable) -> Variable { Variable.pair(.power, self, exponent) }
  /// x^y for one exponent.
  public func power(_ exponent: Float) -> Variable { power(tape.constant(exponent)) }

  // MARK: Circular and hyperbolic functions

  /// sin x, x in radians.
  public func sin() -> Variable { map(.sin) }
  /// cos x, x in radians.
  public func cos() -> Variable { map(.cos) }
  public func tanh() -> Variable { map(.tanh) }

  // MARK: Activations

  /// 1 / (1 + e⁻ˣ)
  public func sigmoid() -> Variable { map(.sigmoid) }
  /// ln(1 + eˣ)
  public func softplus() -> Variable { map(.softplus) }
  /// max(x, 0), with slope 0 at 0.
  public func relu() -> Variable { map(.relu) }

  /// max(x, a x) for a slope 0 ≤ a < 1, with slope a at 0 (Maas et al. 2013).
  public func leakyRelu(slope: Float = 0.01) -> Variable {
    precondition(slope >= 0 && slope < 1, "Variable.leakyRelu: the slope \(slope) does not lie in 0..<1")
    return slope == 0 ? relu() : maximum(self * slope)
  }

  /// x above zero, α (eˣ − 1) elsewhere (Clevert et al. 2016).
  public func elu(alpha: Float = 1) -> Variable {
    let unit = map(.elu)
    return alpha == 1 ? unit : (unit .> 0).choosing(unit, otherwise: unit * alpha)
  }

  /// x Φ(x) with the normal distribution function Φ (Hendrycks and Gimpel 2016), not its approximation by tanh.
  public func gelu() -> Variable { map(.gelu) }

  /// Φ(x) = ∫_{−∞}^x e^(−t²/2) / √(2π) dt
  public func normalCDF() -> Variable { map(.normalCDF) }

  // MARK: Choices

  /// The larger of two elements; at a tie the derivative goes to `other`. A NaN in `other` stays, one here gives `other`.
  public func maximum(_ other: Variable) -> Variable { Variable.pair(.maximum, self, other) }
  /// The smaller of two elements; at a tie the derivative goes to `other`.
  public func minimum(_ other: Variable) -> Variable { Variable.pair(.minimum, self, other) }

  /// The nearest number of a range, with slope 1 on its bounds and 0 outside.
  public func clamped(to range: ClosedRange<Float>) -> Variable {
    tape.constant(range.upperBound).minimum(tape.constant(range.lowerBound).maximum(self))
  }

  /// 1 where the left element is larger, 0 elsewhere. No derivative flows.
  public static func .> (a: Variable, b: Variable) -> Variable { pair(.greater, a, b) }
  /// 1 where the left element is smaller, 0 elsewhere. No derivative flows.
  public static func .< (a: Variable, b: Variable) -> Variable { pair(.greater, b, a) }
  /// 1 where the elements are equal, 0 elsewhere. No derivative flows.
  public static func .== (a: Variable, b: Variable) -> Variable { pair(.equal, a, b) }
  public static func .> (a: Variable, b: Float) -> Variable { a .> a.tape.constant(b) }
  public static func .< (a: Variable, b: Float) -> Variable { a .< a.tape.constant(b) }
  public static func .== (a: Variable, b: Float) -> Variable { a .== a.tape.constant(b) }

  /// The elements of `a` where this mask is 1, those of `b` where it is 0: "where" of NumPy.
  ///
  /// What is not chosen passes neither its value nor a derivative, also if it is not finite.
  /// - Precondition: This is a mask of zeros and ones, such as a comparison gives.
  public func choosing(_ a: Variable, otherwise b: Variable) -> Variable {
    Variable.pair(.reluSlope, a, self) + Variable.pair(.reluSlope, b, 1 - self)
  }

  public func choosing(_ a: Variable, otherwise b: Float) -> Variable { choosing(a, otherwise: tape.constant(b)) }
  public func choosing(_ a: Float, otherwise b: Variable) -> Variable { choosing(tape.constant(a), otherwise: b) }
}
