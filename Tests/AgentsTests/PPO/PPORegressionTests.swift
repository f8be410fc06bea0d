import Agents
import Tensor
import Testing

@Suite struct PPORegressionTests {
  /// With the discount of one and no trace both targets are r + V(s'): equal bits. With a smaller discount they differ.
  @Test func undiscountedStepsAreReturnsWithoutDiscountAndTrace() {
    func values(_ regression: ValueRegression, discount: Float) -> [Float] {
      var configuration = PPOConfiguration()
      (configuration.steps, configuration.minibatchSize, configuration.epochs) = (8, 24, 2)
      (configuration.discount, configuration.trace, configuration.regression) = (discount, 0, regression)
      configuration.learningRate = .constant(1e-2)
      let task = NoiseTask(copies: 3, actions: .discrete(3))
      var trainer = Trainer(PPO(configuration, for: task.specification, seed: 2), in: task)
      for _ in 0..<40 { trainer.advance() }
      return trainer.learner.values(of: [Float](repeating: 0.2, count: 2 * task.specification.observationSize))
    }
    let (step, returns) = (values(.undiscountedStep, discount: 1), values(.returns, discount: 1))
    for (a, b) in zip(step, returns) { #expect(abs(a - b) < 1e-4) }
    #expect(values(.undiscountedStep, discount: 0.5) != values(.returns, discount: 0.5))
  }
}
