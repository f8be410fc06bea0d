import Agents
import Scenarios
import Tensor

/// Speeds of the simulators.
enum ChannelsSuite {
  static func run(_ meter: PerfMeter, _ report: (PerfResult) -> Void) throws {
    for pairs in [10, 50] {
      var parameters = D2DParameters()
      parameters.pairs = pairs
      var environment = D2DEnvironment(parameters, dropSeeds: [0], fadingSeed: 1)
      var batch = StepBatch(for: environment.specification)
      var actions = ActionBatch(for: environment.specification)
      var random = RandomPolicy(for: environment.specification, seed: 2)
      environment.reset(into: &batch)
      var step = 0
      report(
        try meter.measure("env/d2d-n\(pairs)", unit: "steps/s", value: { $0 }) {
          random.act(batch.observations, step: step, into: &actions)
          environment.step(actions, into: &batch)
          step += 1
        })
    }
  }
}

/// Speeds of whole training loops.
enum TrainingSuite {
  static func run(_ meter: PerfMeter, _ report: (PerfResult) -> Void) throws {
    for (pairs, threads, samples) in [(10, 1, 8), (10, 2, 8), (50, 1, 3)] {
      var parameters = D2DParameters()
      parameters.pairs = pairs
      let environment = D2DEnvironment(parameters, dropSeeds: [0], fadingSeed: 1)
      var trainer = Trainer(MADDPG(MADDPGConfiguration(), for: environment.specification, seed: 3, threads: threads), in: environment)
      while trainer.learner.isWarmingUp { trainer.advance() }
      let name = "train/d2d-maac-n\(pairs)-b64" + (threads > 1 ? "/t\(threads)" : "")
      report(
        try meter.measure(
          name, unit: "updates/s", work: .operations(trainer.learner.productsPerUpdate, threads: threads), samples: samples, value: { $0 }
        ) {
          trainer.advance()
        })
    }
  }
}
