import Agents
import Tensor

/// Steps of Pendulum with one update each: environment, action, replay and update, at 64 × 64 units and batches of 100.
enum ContinuousControlSpeed {
  static var all: [SpeedCase] {
    [
      steps("td3-pendulum", operations: \.productsPerUpdate) { TD3(.rltools, for: $0, seed: 1) },
      steps("ddpg-pendulum", operations: \.productsPerUpdate) { DDPG(.rltools, for: $0, seed: 1) },
      steps("sac-pendulum", operations: \.productsPerUpdate) { SAC(.rltools, for: $0, seed: 1) },
    ]
  }

  /// Steps of one call.
  private static let length = 100

  private static func steps<Agent: Learner>(
    _ name: String, operations: (Agent) -> Double, _ make: @escaping (EnvironmentSpecification) -> Agent
  ) -> SpeedCase {
    let update = operations(make(Pendulum(seed: 1).specification))
    return SpeedCase("agents/\(name)", unit: "steps/s", perCall: Double(length), operations: Double(length) * update) {
      let environment = Pendulum(seed: 1)
      var trainer = Trainer(make(environment.specification), in: environment)
      // The whole capacity, so that the replay no longer grows.
      for _ in 0..<20_100 { trainer.advance() }
      return { for _ in 0..<length { trainer.advance() } }
    }
  }
}
