import CKernels

/// The factor that brings the norm of a gradient down to `maximumNorm`: min(1, maximum / (‖g‖₂ + 10⁻⁶)).
///
/// Clipping by the global norm (Pascanu et al. 2013), in PyTorch's form. Pass it to an optimiser as `scale`.
/// - Returns: The factor and the norm before clipping.
public func clippingScale(_ gradient: Tensor, maximumNorm: Float) -> (scale: Float, norm: Float) {
  let norm = unsafe ck_dot(gradient.count, gradient.storage.pointer, gradient.storage.pointer).squareRoot()
  withExtendedLifetime(gradient) {}
  return (min(1, maximumNorm / (norm + 1e-6)), norm)
}
