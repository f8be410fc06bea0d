import Agents
import Scenarios
import Tensor

/// Speeds of learning from roll-outs, each the whole of a roll-out and its update.
enum OnPolicySpeed {
  static var all: [SpeedCase] { [pendulum, cartPole, allocation] }

  /// The setting of RLtools: 4 copies × 1024 steps, 2 epochs of minibatches of 256, two layers of 64.
  private static var pendulum: SpeedCase {
    var configuration = PPOConfiguration()
    (configuration.steps, configuration.epochs, configuration.minibatchSize) = (1024, 2, 256)
    (configuration.networks.activation, configuration.networks.criticActivation) = (.relu, .relu)
    return learning(
      "agents/ppo-pendulum", PPO(configuration, for: Pendulum(copies: 4, seed: 1).specification, seed: 1), in: Pendulum(copies: 4, seed: 1),
      steps: 1024)
  }

  /// The setting of rejax: 5 copies × 100 steps, 5 epochs of minibatches of 100, two layers of 64.
  private static var cartPole: SpeedCase {
    var configuration = PPOConfiguration()
    (configuration.steps, configuration.epochs, configuration.minibatchSize) = (100, 5, 100)
    configuration.entropyCoefficient = 0.01
    return learning(
      "agents/ppo-cartpole", PPO(configuration, for: CartPole(copies: 5, seed: 1).specification, seed: 1), in: CartPole(copies: 5, seed: 1),
      steps: 100)
  }

  /// A user of the meta-federated paper: updates on a minibatch of 256, with a 64th of what acting and valuing take.
  private static var allocation: SpeedCase {
    let passes = 64
    var parameters = AllocationParameters()
    parameters.cell.users = 1
    let task = AllocationEnvironment(parameters, copies: 64, seed: 1)
    let learner = PPO(.ji(steps: 4, passes: passes), for: task.specification, seed: 1)
    return SpeedCase("agents/ppo-mfrl-b256", unit: "updates/s", perCall: Double(passes), operations: learner.productsPerUpdate) {
      var trainer = Trainer(learner, in: task)
      return { for _ in 0..<4 { trainer.advance() } }
    }
  }

  private static func learning(_ name: String, _ learner: PPO, in task: some Environment, steps: Int) -> SpeedCase {
    SpeedCase(name, unit: "steps/s", perCall: Double(steps * task.specification.copies), operations: learner.productsPerUpdate) {
      var trainer = Trainer(learner, in: task)
      return { for _ in 0..<steps { trainer.advance() } }
    }
  }
}
