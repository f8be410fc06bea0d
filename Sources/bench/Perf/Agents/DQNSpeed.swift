import Agents
import Tensor

/// Speeds of deep Q-learning: the environment's step, the choice, and one update.
enum DQNSpeed {
  static var all: [SpeedCase] {
    [
      cartPole("agents/dqn-cartpole") { _ in },
      cartPole("agents/dqn-cartpole-double-dueling") {
        $0.double = true
        $0.dueling = true
      },
      cartPole("agents/dqn-cartpole-prioritized") { $0.prioritization = Prioritization() },
    ]
  }

  /// CartPole-v1 with 64 × 64 units, a minibatch of 100 and one update a step.
  private static func cartPole(_ name: String, _ change: (inout DQNConfiguration) -> Void) -> SpeedCase {
    var configuration = DQNConfiguration()
    (configuration.widths, configuration.batchSize, configuration.replayCapacity) = ([64, 64], 100, 10_000)
    (configuration.learningStarts, configuration.trainingInterval, configuration.updatesPerTraining) = (200, 1, 1)
    configuration.target = .everyTransitions(500)
    configuration.exploration = LinearSchedule(from: 1, to: 0.05, over: 1000)
    change(&configuration)
    let settled = configuration
    // Products of the forward pass; the target's, the online network's and for each of weights and hidden values once more, and the judge's if double.
    let layers = 4.0 * 64 + 64 * 64 + 64 * (settled.dueling ? 3 : 2)
    let passes = (settled.double ? 4 : 3) * layers + (layers - 4 * 64)
    return SpeedCase(name, unit: "steps/s", perCall: 100, operations: 100 * (2 * 100 * passes + 2 * layers)) {
      let task = CartPole(seed: 1)
      var trainer = Trainer(DQN(settled, for: task.specification, seed: 1), in: task)
      // Until the memory is full: then it takes no more.
      for _ in 0..<10_500 { trainer.advance() }
      return { for _ in 0..<100 { trainer.advance() } }
    }
  }
}
