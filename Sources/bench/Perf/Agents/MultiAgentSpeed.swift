import Agents
import Tensor

/// Full updates of several agents on stored experience: the draw of a minibatch, critics, actors, targets.
enum MultiAgentSpeed {
  static var all: [SpeedCase] {
    [maddpg("agents/maddpg-b1024", batch: 1024), maddpg("agents/maddpg-b64", batch: 64)]
  }

  /// Three agents with 18 observations and 5 choices, 64 × 64 actors and critics: the sizes of simple_spread.
  private static func learner(batch: Int) -> MADDPG {
    var configuration = MADDPGConfiguration()
    (configuration.actorWidths, configuration.criticObservationWidth, configuration.criticWidths) = ([64, 64], nil, [64, 64])
    (configuration.batchSize, configuration.replayCapacity) = (batch, 10_000)
    let specification = EnvironmentSpecification(copies: 100, agents: 3, observationSize: 18, actions: .discrete(5))
    return MADDPG(configuration, for: specification, seed: 1)
  }

  private static func maddpg(_ name: String, batch: Int) -> SpeedCase {
    SpeedCase(name, unit: "updates/s", operations: learner(batch: batch).productsPerUpdate) {
      var learner = learner(batch: batch)
      let specification = EnvironmentSpecification(copies: 100, agents: 3, observationSize: 18, actions: .discrete(5))
      var step = StepBatch(for: specification)
      var observations = step.observations
      var actions = ActionBatch(for: specification)
      var random = RandomPolicy(for: specification, seed: 1)
      for index in 0..<100 {
        let stream = RandomStream(seed: 1, purpose: .environment)
        stream.fill(&observations, with: .normal, step: 3 * index)
        stream.fill(&step.finalObservations, with: .normal, step: 3 * index + 1)
        stream.fill(&step.rewards, with: .normal, step: 3 * index + 2)
        random.act(observations, step: index, into: &actions)
        learner.observe(observations, actions, step)
      }
      return { learner.update() }
    }
  }
}
