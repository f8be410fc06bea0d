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

  /// α λ = 10⁻⁷, where 1 − α λ in single precision would be off by a fifth: in 1000 steps of one rounding each the error is less than
  /// 1000 half units in the last place if every rounding went the same way, which for a decay of 1.68 units they cannot do by
  /// more than 0.32 of a unit each: 1000 · 0.32 · 2⁻²⁴ < 2 · 10⁻⁵ on a shrinkage of 10⁻⁴.
  @Test func aSmallDecayIsNotLost() {
    var parameters = OptimizerCase.parameters((0..<64).map { 1 + Float($0) / 64 })
    let start = parameters.values.array
    var optimizer = AdamW(count: 64, learningRate: 1e-5, weightDecay: 1e-2)
    for _ in 0..<1000 { optimizer.update(&parameters, along: Tensor(zeros: [64])) }
    var ratio = 0.0
    for i in 0..<64 { ratio += (1 - Double(parameters.values[i]) / Double(start[i])) / 64 }
    #expect(abs(ratio - 1e-4) < 2e-5)
  }
}
