import Agents
import Tensor

/// Speed of value decomposition.
enum ValueDecompositionSpeed {
  static var all: [SpeedCase] { [qmix] }

  /// Full updates of recurrent QMIX in the sizes of simple_spread: 32 episodes of 25 steps.
  static var qmix: SpeedCase {
    let specification = EnvironmentSpecification(copies: 1, agents: 3, observationSize: 18, actions: .discrete(5))
    let operations = ValueDecomposition(.qmix, for: specification, seed: 1).productsPerUpdate(steps: 25)
    return SpeedCase("agents/qmix-32x25", unit: "updates/s", operations: operations) {
      var configuration = ValueDecompositionConfiguration.qmix
      (configuration.replayCapacity, configuration.longestSequence) = (64, 25)
      var learner = ValueDecomposition(configuration, for: specification, seed: 1)
      var observations = [Float](repeating: 0, count: 54)
      var actions = ActionBatch(for: specification)
      var batch = StepBatch(for: specification)
      for step in 0..<(64 * 25) {
        RandomStream(seed: 1, purpose: .environment).fill(&observations, with: .normal, step: step)
        RandomStream(seed: 1, purpose: .exploration).fillIntegers(&actions.choices, below: 5, step: step)
        batch.finalObservations = observations
        batch.rewards = [-1, -1, -1]
        batch.truncated = [step % 25 == 24]
        learner.observe(observations, actions, batch)
      }
      return { learner.update() }
    }
  }
}
