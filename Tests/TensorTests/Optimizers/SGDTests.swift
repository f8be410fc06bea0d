import TestSupport
import Testing

@testable import Tensor

@Suite struct SGDTests {
  /// On ½ a x² plain descent multiplies x by 1 − α a in each step.
  @Test func plainDescentContractsAQuadratic() {
    var parameters = OptimizerCase.parameters([1, -3])
    var optimizer = SGD(count: 2, learningRate: 0.25)
    for _ in 0..<8 { optimizer.update(&parameters, along: Tensor([parameters.values[0], 2 * parameters.values[1]])) }
    // 3⁸ / 4⁸ and 3 / 2⁸ are exact in single precision.
    let expected: [Float] = [6561 / 65536, -3 / 256]
    #expect(parameters.values.array == expected)
  }

  /// With a constant gradient u after t steps is (1 − μᵗ) / (1 − μ): the sum of a geometric series.
  @Test(arguments: [false, true]) func momentumSumsAConstantGradient(nesterov: Bool) {
    var parameters = OptimizerCase.parameters([0])
    var optimizer = SGD(count: 1, learningRate: 1, momentum: 0.5, nesterov: nesterov)
    var expected = 0.0
    for step in 1...12 {
      optimizer.update(&parameters, along: Tensor([1]))
      let velocity = 2 * (1 - Math.pow(0.5, Double(step)))
      expected -= nesterov ? 1 + 0.5 * velocity : velocity
      #expect(abs(Double(parameters.values[0]) - expected) < 1e-5)
    }
  }

  /// λ alone shrinks by 1 − α λ a step.
  @Test func weightDecayShrinks() {
    var parameters = OptimizerCase.parameters([2, -4])
    var optimizer = SGD(count: 2, learningRate: 0.5, weightDecay: 0.5)
    for _ in 0..<3 { optimizer.update(&parameters, along: Tensor([0, 0])) }
    #expect(parameters.values.array == [0.84375, -1.6875])
  }

  /// The factor is the gradient's, not the decay's.
  @Test func theScaleLeavesTheDecayAlone() {
    var parameters = OptimizerCase.parameters([2])
    var optimizer = SGD(count: 1, learningRate: 0.5, weightDecay: 0.5)
    optimizer.update(&parameters, along: Tensor([8]), scale: 0.25)
    #expect(parameters.values.array == [0.5])
  }

  @Test func withoutMomentumOnlyTheStepIsSaved() throws {
    let folder = try TemporaryFolder()
    var plain = SGD(count: 5, learningRate: 0.1)
    var heavy = SGD(count: 5, learningRate: 0.1, momentum: 0.9)
    try Archive.save(&plain, to: folder.file("plain"))
    try Archive.save(&heavy, to: folder.file("heavy"))
    #expect(try SafetensorsFile(path: folder.file("plain")).header.entries.map(\.name) == ["step"])
    #expect(try SafetensorsFile(path: folder.file("heavy")).header.entries.map(\.name) == ["step", "velocity"])
    #expect(throws: FileError.self) { try Archive.restore(&heavy, from: folder.file("plain")) }
  }

  @Test func settingsWithoutMeaningAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = SGD(count: 1, learningRate: 0.1, momentum: 1) }
    await #expect(processExitsWith: .failure) { _ = SGD(count: 1, learningRate: 0.1, momentum: -0.1) }
    await #expect(processExitsWith: .failure) { _ = SGD(count: 1, learningRate: 0.1, nesterov: true) }
  }
}
