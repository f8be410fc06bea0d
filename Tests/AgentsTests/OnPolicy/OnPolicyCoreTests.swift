import Tensor
import Testing

@testable import Agents

@Suite struct OnPolicyCoreTests {
  private func core(minibatchSize: Int, copies: Int = 2, steps: Int = 5, rule: GradientRule = .descent) -> OnPolicyCore {
    let specification = EnvironmentSpecification(copies: copies, agents: 1, observationSize: 3, actions: .discrete(3))
    return OnPolicyCore(
      ActorCriticNetworks(ActorCriticNetworksConfiguration(), for: specification), for: specification, rule: rule, steps: steps,
      minibatchSize: minibatchSize, seed: 4)
  }

  @Test func aRollOutIsDividedIntoAsFewPartsAsFit() {
    // Ten steps in parts of at most so many.
    for (size, parts) in [(1, 10), (3, 4), (4, 3), (5, 2), (9, 2), (10, 1), (1000, 1)] { #expect(core(minibatchSize: size).minibatches == parts) }
  }

  /// With plain descent, a rate so small that gradients do not change, and no normalisation, the steps of an epoch add up to one step on all.
  @Test(arguments: [2, 5]) func everyStepIsMetOnceInAnEpoch(minibatchSize: Int) {
    func moved(_ size: Int, epochs: Int) -> [Double] {
      var core = core(minibatchSize: size)
      let before = core.model.critic.values.array
      var task = NoiseTask(copies: 2, actions: .discrete(3))
      var batch = StepBatch(for: task.specification)
      var actions = ActionBatch(for: task.specification)
      task.reset(into: &batch)
      for step in 0..<5 {
        let observations = batch.observations
        core.act(observations, step: step, into: &actions)
        task.step(actions, into: &batch)
        core.observe(observations, batch)
      }
      let loss = OnPolicyLoss(
        policy: .gradient, entropyCoefficient: 0, valueCoefficient: 1, learningRates: (1e-3, 1e-3))
      core.learn(loss, discount: 0.9, trace: 0.9, epochs: epochs)
      return zip(core.model.critic.values.array, before).map { Double($0) - Double($1) }
    }
    let whole = moved(1000, epochs: 1)
    let parts = moved(minibatchSize, epochs: 2)
    let factor = Double(2 * 10 / minibatchSize)
    let largest = whole.map { abs($0) }.max()!
    // Parameters move by 10⁻³, which changes the gradient by about as much; rounding adds 10⁻⁷ / 10⁻³.
    for (a, b) in zip(parts, whole) { #expect(abs(a - factor * b) < 0.1 * factor * largest) }
  }
}
