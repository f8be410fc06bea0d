/// Sums, extremes and what is made of them, along an axis or over all elements.
///
/// `keepingAxis` leaves the axis with extent one, so that the result can be combined with the operand.
extension Variable {
  // MARK: Sums

  /// Σ x over all elements, as a scalar.
  public func sum() -> Variable { record(.sum(node, AxisView(outer: 1, extent: shape.count, inner: 1)), .scalar) }

  /// Σ x along one axis.
  public func sum(along axis: Int, keepingAxis: Bool = false) -> Variable {
    let axis = shape.axis(axis)
    return record(.sum(node, AxisView(shape, axis)), keepingAxis ? shape.replacing(axis, by: 1) : shape.removing(axis))
  }

  /// The mean of all elements, as a scalar.
  public func mean() -> Variable { sum() * (1 / Float(shape.count)) }

  /// The mean along one axis.
  public func mean(along axis: Int, keepingAxis: Bool = false) -> Variable {
    sum(along: axis, keepingAxis: keepingAxis) * (1 / Float(shape[shape.axis(axis)]))
  }

  /// Σ (x − x̄)² / (n − correction) over all elements, as a scalar.
  public func variance(correction: Int = 0) -> Variable {
    (self - mean()).squared().sum() * (1 / Float(shape.count - correction))
  }

  /// Σ (x − x̄)² / (n − correction) along one axis, in two passes.
  public func variance(along axis: Int, correction: Int = 0, keepingAxis: Bool = false) -> Variable {
    let deviation = self - mean(along: axis, keepingAxis: true)
    return deviation.squared().sum(along: axis, keepingAxis: keepingAxis) * (1 / Float(shape[shape.axis(axis)] - correction))
  }

  /// (x − x̄) / √(σ² + ε) along the last axis: zero mean and unit variance, as layer normalisation needs it.
  public func standardized(epsilon: Float = 1e-5) -> Variable { record(.standardize(node, epsilon: epsilon), shape) }

  // MARK: Norms

  /// Which norm of a vector.
  public enum Norm: Sendable, CaseIterable {
    /// Σ |x|
    case one
    /// √(Σ x²), with slope 0 where the vector is zero.
    case two
    /// max |x|
    case infinity
  }

  /// The norm of the vectors along one axis.
  public func norm(_ norm: Norm = .two, along axis: Int, keepingAxis: Bool = false) -> Variable {
    switch norm {
    case .one: return magnitude().sum(along: axis, keepingAxis: keepingAxis)
    case .infinity: return magnitude().max(along: axis, keepingAxis: keepingAxis)
    case .two:
      let square = squared().sum(along: axis, keepingAxis: keepingAxis)
      // Away from zero a root has a finite slope, which the choice then drops where the vector is zero. NaN stays.
      let root = tape.constant(.leastNonzeroMagnitude).maximum(square).squareRoot()
      return (square .== 0).choosing(0, otherwise: root)
    }
  }

  /// The norm of all elements as one vector, as a scalar.
  public func norm(_ norm: Norm = .two) -> Variable { reshaped([shape.count]).norm(norm, along: 0) }

  // MARK: Extremes

  /// The largest element along one axis; the first of equals receives the derivative, and NaN counts as the largest.
  public func max(along axis: Int, keepingAxis: Bool = false) -> Variable { extreme(1, axis, keepingAxis) }

  /// The smallest element along one axis; the first of equals receives the derivative, and NaN counts as the smallest.
  public func min(along axis: Int, keepingAxis: Bool = false) -> Variable { extreme(-1, axis, keepingAxis) }

  /// The largest of all elements, as a scalar.
  public func max() -> Variable { reshaped([shape.count]).max(along: 0) }

  /// The smallest of all elements, as a scalar.
  public func min() -> Variable { reshaped([shape.count]).min(along: 0) }

  /// The places of the largest elements along one axis, in row-major order of the other axes: the first of equals.
  public func argmax(along axis: Int = -1) -> [Int32] { places(1, axis) }

  /// The places of the smallest elements along one axis, in row-major order of the other axes: the first of equals.
  public func argmin(along axis: Int = -1) -> [Int32] { places(-1, axis) }

  private func extreme(_ sign: Float, _ axis: Int, _ keepingAxis: Bool) -> Variable {
    let axis = shape.axis(axis)
    let view = AxisView(shape, axis)
    let places = unsafe tape.extremePlaces(of: node, view, sign: sign)
    return record(unsafe .select(node, view, indices: places), keepingAxis ? shape.replacing(axis, by: 1) : shape.removing(axis))
  }

  private func places(_ sign: Float, _ axis: Int) -> [Int32] {
    let view = AxisView(shape, shape.axis(axis))
    let places = unsafe tape.extremePlaces(of: node, view, sign: sign)
    return (0..<Int(view.outer * view.inner)).map { unsafe places[$0] }
  }

  /// A one at the place of the largest element of each row and zeros elsewhere; the first of equals. No derivative flows through it.
  public func oneHotOfLargest() -> Variable {
    let view = AxisView(shape, shape.rank - 1)
    let places = unsafe tape.extremePlaces(of: node, view, sign: 1)
    return unsafe tape.oneHot(places, shape)
  }

  // MARK: Exponentials that add up

  /// e^x / Σ e^x along one axis.
  public func softmax(along axis: Int = -1) -> Variable {
    if shape.axis(axis) == shape.rank - 1 { return record(.softmax(node), shape) }
    let exponential = (self - max(along: axis, keepingAxis: true).stopped()).exp()
    return exponential / exponential.sum(along: axis, keepingAxis: true)
  }

  /// x − ln Σ e^x along one axis: the logarithm of ``softmax(along:)`` without its rounding to zero.
  public func logSoftmax(along axis: Int = -1) -> Variable {
    if shape.axis(axis) == shape.rank - 1 { return record(.logSoftmax(node), shape) }
    // Beside a large maximum the logarithm of the sum would be lost.
    let shifted = self - max(along: axis, keepingAxis: true).stopped()
    return shifted - shifted.exp().sum(along: axis, keepingAxis: true).log()
  }

  /// ln Σ e^x along one axis, without overflow.
  public func logSumExp(along axis: Int, keepingAxis: Bool = false) -> Variable {
    let limit = Float.greatestFiniteMagnitude
    // An infinite maximum would give ∞ − ∞.
    let largest = max(along: axis, keepingAxis: true).stopped().clamped(to: -limit...limit)
    let sum = (self - largest).exp().sum(along: axis, keepingAxis: true).log() + largest
    return keepingAxis ? sum : sum.reshaped(shape.removing(axis))
  }
}
