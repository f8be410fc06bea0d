import CKernels

/// Functions of every number of a vector in single precision, with the same bits on every CPU level.
///
/// The functions of the tape without a tape, for physics and statistics; errors are at most 2 ulp (see ``Variable``).
public enum VectorMath {
  /// A function of one number.
  public enum Function: Sendable, CaseIterable {
    /// e^x
    case exp
    /// ln x
    case log
    /// e^x − 1
    case expMinusOne
    /// ln(1 + x)
    case logOnePlus
    /// √x
    case squareRoot
    /// 1/x
    case reciprocal
    /// sin x, x in radians.
    case sin
    /// cos x, x in radians.
    case cos
    case tanh
    /// Φ(x) of the standard normal distribution.
    case normalCDF

    var kernel: UnaryFunction {
      switch self {
      case .exp: .exp
      case .log: .log
      case .expMinusOne: .expm1
      case .logOnePlus: .log1p
      case .squareRoot: .sqrt
      case .reciprocal: .reciprocal
      case .sin: .sin
      case .cos: .cos
      case .tanh: .tanh
      case .normalCDF: .normalCDF
      }
    }
  }

  /// y_i = f(x_i). Allocates nothing.
  ///
  /// - Complexity: O(n)
  public static func apply(_ function: Function, to x: Span<Float>, into y: inout MutableSpan<Float>) {
    precondition(x.count == y.count, "VectorMath.apply: \(x.count) numbers into \(y.count)")
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let source = x.baseAddress, let target = y.baseAddress else { return }
        unsafe ck_unary(function.kernel.rawValue, x.count, source, target)
      }
    }
  }

  /// x_i ← f(x_i). Allocates nothing.
  public static func apply(_ function: Function, to x: inout MutableSpan<Float>) {
    unsafe x.withUnsafeMutableBufferPointer { x in
      guard let start = x.baseAddress else { return }
      unsafe ck_unary(function.kernel.rawValue, x.count, start, start)
    }
  }

  /// x_i ← x_i y_i. Allocates nothing.
  public static func multiply(_ x: inout MutableSpan<Float>, by y: Span<Float>) {
    precondition(x.count == y.count, "VectorMath.multiply: \(x.count) numbers by \(y.count)")
    unsafe y.withUnsafeBufferPointer { y in
      unsafe x.withUnsafeMutableBufferPointer { x in
        guard let factors = y.baseAddress, let start = x.baseAddress else { return }
        unsafe ck_binary(BinaryFunction.multiply.rawValue, x.count, start, factors, start)
      }
    }
  }
}
