import Agents
import Tensor

/// The particle environments.
enum ParticleSpeed {
  static var all: [SpeedCase] {
    [
      SpeedCase("agents/spread-env-e64", unit: "steps/s", perCall: 64) { stepping(SimpleSpread(copies: 64, seed: 1)) },
      SpeedCase("agents/speaker-env-e64", unit: "steps/s", perCall: 64) { stepping(SimpleSpeakerListener(copies: 64, seed: 1)) },
    ]
  }

  /// Steps of all copies with random actions that change from step to step, without the cost of drawing them.
  private static func stepping(_ task: some Environment) -> () -> Void {
    var task = task
    var batch = StepBatch(for: task.specification)
    var policy = RandomPolicy(for: task.specification, seed: 2)
    let actions = (0..<32).map { step in
      var actions = ActionBatch(for: task.specification)
      policy.act(batch.observations, step: step, into: &actions)
      return actions
    }
    task.reset(into: &batch)
    var step = 0
    return {
      task.step(actions[step % 32], into: &batch)
      step += 1
    }
  }
}
