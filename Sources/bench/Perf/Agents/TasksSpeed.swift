import Agents

/// Steps of environments alone, with actions that were chosen before.
enum TasksSpeed {
  static var all: [SpeedCase] {
    [
      environment("agents/cartpole-env-e1024") { CartPole(copies: 1024, seed: 1) },
      environment("agents/pendulum-env-e1024") { Pendulum(copies: 1024, seed: 1) },
    ]
  }

  /// Steps of all copies under random actions.
  private static func environment<Task: Environment>(_ name: String, _ make: @escaping () -> Task) -> SpeedCase {
    SpeedCase(name, unit: "steps/s", perCall: Double(make().specification.copies)) {
      var task = make()
      var batch = StepBatch(for: task.specification)
      var random = RandomPolicy(for: task.specification, seed: 2)
      var choices = [ActionBatch](repeating: ActionBatch(for: task.specification), count: 16)
      for step in choices.indices { random.act(batch.observations, step: step, into: &choices[step]) }
      let actions = choices
      task.reset(into: &batch)
      for step in 0..<100 { task.step(actions[step % actions.count], into: &batch) }
      var step = 0
      return {
        task.step(actions[step % actions.count], into: &batch)
        step += 1
      }
    }
  }
}
