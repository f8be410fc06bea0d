import Tensor
import Testing

@Suite struct GradientClippingTests {
  /// Origin: PyTorch's clip_grad_norm_ in double precision on the gradients (3, 4) and (12), maximum norm 0.5.
  @Test func theFactorIsThatOfTheReference() {
    let (scale, norm) = clippingScale(Tensor([3, 4, 12]), maximumNorm: 0.5)
    #expect(norm == 13)
    for (gradient, clipped) in zip([3.0, 4, 12], [0.11538460650887644, 0.15384614201183525, 0.46153842603550577]) {
      #expect(abs(Double(scale) * gradient - clipped) < 1e-6 * clipped)
    }
  }

  @Test func aShortGradientStaysAsItIs() {
    let (scale, norm) = clippingScale(Tensor([0.3, 0.4]), maximumNorm: 0.6)
    #expect(scale == 1 && abs(norm - 0.5) < 1e-7)
    #expect(clippingScale(Tensor([0, 0]), maximumNorm: 1) == (1, 0))
  }
}
