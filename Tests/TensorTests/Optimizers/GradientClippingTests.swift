import TestSupport
import Testing

@testable import Tensor

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

  /// The squares are beyond single precision; the norm is not. Both are powers of two times 5.
  @Test(arguments: [0x1p100, 0x1p-90, 0x1p-140]) func extremeNumbersCountInFull(size: Double) {
    var values = [Float](repeating: 0, count: 40)
    (values[3], values[37]) = (Float(3 * size), Float(-4 * size))
    let (scale, norm) = clippingScale(Tensor(values), maximumNorm: 1)
    #expect(norm == Float(5 * size))
    let expected = Float(min(1, 1 / (5 * size + 1e-6)))
    #expect(scale == expected)
    #expect(Tensor(values).norm == 5 * size)
  }

  /// The norm of two of the largest finite numbers is beyond single precision, but the factor still brings it down.
  @Test func aNormBeyondSinglePrecisionIsClipped() {
    let largest = Float.greatestFiniteMagnitude
    let (scale, norm) = clippingScale(Tensor([largest, -largest]), maximumNorm: 100)
    #expect(norm == .infinity)
    let clipped = Double(scale) * Double(largest)
    let expected = 100 / 2.0.squareRoot()
    #expect(abs(clipped - expected) < 1e-3)
  }

  @Test func whatIsNotFiniteShows() {
    #expect(clippingScale(Tensor([1, .infinity]), maximumNorm: 1) == (0, .infinity))
    let (scale, norm) = clippingScale(Tensor([1, .nan]), maximumNorm: 1)
    #expect(scale == 1 && norm.isNaN)
    #expect(Tensor([1, .nan]).norm.isNaN && Tensor(zeros: [0]).norm == 0)
  }

  /// For ordinary numbers the factor is that of the sum in single precision, so that runs with clipping keep their bits.
  @Test(arguments: [1, 15, 16, 17, 1000]) func ordinaryGradientsKeepTheirBits(count: Int) {
    let values = OptimizerCase.random(count, 5)
    // 16 lanes, fused, joined in halves.
    var lanes = [Float](repeating: 0, count: 16)
    for i in 0..<count { lanes[i % 16].addProduct(values[i], values[i]) }
    for width in [8, 4, 2, 1] { for i in 0..<width { lanes[i] += lanes[i + width] } }
    let norm = lanes[0].squareRoot()
    let result = clippingScale(Tensor(values), maximumNorm: 0.5)
    let scale = min(1, 0.5 / (norm + 1e-6))
    #expect(result.norm == norm && result.scale == scale)
    let difference = Tensor(values).norm - Double(norm)
    #expect(abs(difference) < 1e-6 * Double(norm))
  }

  @Test(arguments: [1, 15, 16, 17, 100]) func clampingBringsIntoTheLimits(count: Int) {
    let values = OptimizerCase.random(count, 6)
    var tensor = Tensor(values)
    let copy = tensor
    tensor.clamp(to: -0.25...0.5)
    let expected = values.map { min(max($0, -0.25), 0.5) }
    #expect(tensor.array == expected)
    #expect(copy.array == values)
  }

  @Test func clampingKeepsWhatIsNotANumber() {
    var tensor = Tensor([.nan, .infinity, -.infinity, -0.0, 1, -2])
    tensor.clamp(to: 0...1)
    #expect(tensor[0].isNaN && tensor[3].sign == .minus)
    #expect(Array(tensor.array[1...]) == [1, 0, 0, 1, 0])
    var open = Tensor([.nan, .infinity, -3])
    open.clamp(to: -.infinity ... .infinity)
    #expect(open[0].isNaN)
    #expect(Array(open.array[1...]) == [.infinity, -3])
  }
}
