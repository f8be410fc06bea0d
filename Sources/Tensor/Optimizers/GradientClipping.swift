import CKernels

/// The factor that brings the norm of a gradient down to `maximumNorm`: min(1, maximum / (‖g‖₂ + 10⁻⁶)).
///
/// Clipping by the global norm (Pascanu et al. 2013), in PyTorch's form. Pass it to an optimiser as `scale`. The norm of finite
/// numbers counts in full, also where their squares are beyond single precision.
/// - Returns: The factor and the norm before clipping; that is infinite only if it is itself beyond single precision.
/// - Complexity: O(n), without taking memory.
public func clippingScale(_ gradient: Tensor, maximumNorm: Float) -> (scale: Float, norm: Float) {
  let squares = unsafe ck_dot(gradient.count, gradient.storage.pointer, gradient.storage.pointer)
  withExtendedLifetime(gradient) {}
  // Below, squares that became subnormal or zero would be missing.
  if squares >= 0x1p-100 && squares.isFinite {
    let norm = squares.squareRoot()
    return (min(1, maximumNorm / (norm + 1e-6)), norm)
  }
  let norm = gradient.norm
  return (Float(min(1, Double(maximumNorm) / (norm + 1e-6))), Float(norm))
}

extension Tensor {
  /// The Euclidean norm of all elements: √Σ x².
  ///
  /// Summed in double precision, where neither the squares nor their sum overflow or underflow. NaN if an element is.
  /// - Complexity: O(n)
  public var norm: Double {
    let squares = unsafe ck_sum_of_squares(count, storage.pointer)
    withExtendedLifetime(self) {}
    return squares.squareRoot()
  }

  /// Brings every element into `limits`, in place: x ← min(max(x, lower), upper).
  ///
  /// On a gradient this is clipping by value. An element that is not a number stays one, so that a divergence shows.
  /// - Complexity: O(n), without taking memory unless the elements are shared with a copy.
  public mutating func clamp(to limits: ClosedRange<Float>) {
    makeUnique()
    unsafe ck_clamp(count, limits.lowerBound, limits.upperBound, storage.pointer)
  }
}
