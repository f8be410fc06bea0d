import TestSupport
import Testing

@testable import Tensor

@Suite struct RMSPropTests {
  /// With a constant gradient v after t steps is (1 − ρᵗ) g², so a step is α / √(1 − ρᵗ) whatever the gradient's size.
  @Test func stepsDoNotDependOnTheScaleOfTheGradient() {
    var parameters = OptimizerCase.parameters([0, 0, 0])
    var optimizer = RMSProp(count: 3, learningRate: 0.125, decay: 0.5, epsilon: 0)
    var expected = 0.0
    for step in 1...10 {
      optimizer.update(&parameters, along: Tensor([1, -0x1p30, 0x1p-30]))
      expected -= 0.125 / Math.sqrt(1 - Math.pow(0.5, Double(step)))
      #expect(relativeDistance(parameters.values.array.map(Double.init), [expected, -expected, expected]) < 2e-6)
    }
  }

  /// The variance of a constant gradient tends to zero, where rounding makes every other one of these negative.
  @Test func aConstantGradientDoesNotMakeTheCentredFormFail() {
    let gradient = Tensor((0..<64).map { 0.1 + Float($0) / 50 })
    var parameters = OptimizerCase.parameters(Array(repeating: 0, count: 64))
    var optimizer = RMSProp(count: 64, learningRate: 0x1p-20, decay: 0.5, epsilon: 1e-3, centered: true)
    for _ in 0..<100 { optimizer.update(&parameters, along: gradient) }
    for value in parameters.values.array { #expect(value.isFinite && value < 0) }
  }

  /// A mean square that was set to zero beside a mean that was not.
  @Test func aTinyGradientDoesNotMakeTheCentredFormFail() {
    var parameters = OptimizerCase.parameters([0])
    var optimizer = RMSProp(count: 1, learningRate: 0.1, decay: 0.5, epsilon: 1, centered: true)
    for _ in 0..<10 { optimizer.update(&parameters, along: Tensor([0x1p-60])) }
    #expect(parameters.values[0].isFinite && parameters.values[0] < 0)
  }

  @Test func onlyWhatTheSettingsNeedIsSaved() throws {
    let folder = try TemporaryFolder()
    for (momentum, centered, names) in [
      (Float(0), false, ["step", "meanSquare"]), (0, true, ["step", "meanSquare", "mean"]),
      (0.5, false, ["step", "meanSquare", "velocity"]), (0.5, true, ["step", "meanSquare", "mean", "velocity"]),
    ] {
      var optimizer = RMSProp(count: 5, learningRate: 0.1, momentum: momentum, centered: centered)
      try Archive.save(&optimizer, to: folder.file("state"))
      #expect(try SafetensorsFile(path: folder.file("state")).header.entries.map(\.name) == names)
    }
  }

  @Test func aMomentumOfOneIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = RMSProp(count: 1, learningRate: 0.1, momentum: 1) }
  }
}
