import TestSupport
import Testing

@testable import Tensor

@Suite struct AdamWTests {
  @Test func withoutDecayItIsAdamBitForBit() {
    var one = OptimizerCase.parameters(OptimizerCase.random(37, 0))
    var two = one
    var adam = Adam(count: 37, learningRate: 0.01)
    var adamW = AdamW(count: 37, learningRate: 0.01, weightDecay: 0)
    for step in 1...10 {
      adam.update(&one, along: Tensor(OptimizerCase.random(37, step)))
      adamW.update(&two, along: Tensor(OptimizerCase.random(37, step)))
      #expect(one.values == two.values)
    }
  }

  /// Without a gradient θ shrinks by 1 − α λ a step, whatever its size: the decay is outside the moments.
  @Test func theDecayIsDecoupled() {
    var parameters = OptimizerCase.parameters([1024, -1, 0x1p-20])
    var optimizer = AdamW(count: 3, learningRate: 0.5, weightDecay: 0.5)
    for _ in 0..<3 { optimizer.update(&parameters, along: Tensor([0, 0, 0])) }
    #expect(parameters.values.array == [432, -0.421875, 0x1.bp-22])
  }

  /// A factor 1 − α λ = 1 − 10⁻⁶ in single precision is off by 1.4 % of the decay for all parameters alike.
  ///
  /// A step takes 8.4 to 16.8 units in the last place, rounded to a whole number. Over evenly spread parameters these errors of up to half
  /// a unit cancel but for the 0.39 of a period that is left over: 0.39 · 0.5 / 8.39 of a unit, 0.3 % of the smallest step.
  @Test func aSmallDecayIsNotLost() {
    var parameters = OptimizerCase.parameters((0..<4096).map { 1 + Float($0) / 4096 })
    let start = parameters.values.array
    var optimizer = AdamW(count: 4096, learningRate: 1e-4, weightDecay: 1e-2)
    let gradient = Tensor(zeros: [4096])
    for _ in 0..<1000 { optimizer.update(&parameters, along: gradient) }
    var shrinkage = 0.0
    for i in 0..<4096 { shrinkage += (1 - Double(parameters.values[i]) / Double(start[i])) / 4096 }
    let expected = 1 - Math.pow(1 - 1e-6, 1000)
    #expect(abs(shrinkage - expected) < 3e-3 * expected)
  }
}
