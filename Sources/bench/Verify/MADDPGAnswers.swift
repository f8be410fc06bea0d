import Agents
import Tensor

/// MADDPG and MATD3 on tasks whose answers others give: choices, numbers and both.
///
/// Returns are of the executed policy, without exploration, on episodes that training never sees. The settings are the same for all seeds and were
/// found on other seeds than these.
enum MADDPGAnswers {
  static var all: [KnownAnswer] {
    [
      KnownAnswer(
        "maddpg-spread", task: "simple_spread, 3 agents, five moves: mean return of 400 episodes, in openai's shared unit",
        source: "random −234 and scripted −129 (mpe2 1.1.1); MADDPG −141.7 ± 1.7 (Papoudakis et al. 2021, table 3)",
        criterion: .interquartileMean(atLeast: -150, noneBelow: -155), trials: (3, 0)
      ) { trial in
        let seed = UInt64(trial)
        let task = SimpleSpread(copies: 32, seed: seed)
        return trained(MADDPG(particles, for: task.specification, seed: seed), in: task, SimpleSpread(copies: 50, seed: unseen(trial)), steps: 20_000)
      },
      KnownAnswer(
        "maddpg-hybrid", task: "HybridCoordination, 2 agents, a choice and a number each: mean return of 400 episodes",
        source: "closed form: the best is 1, the best constant 1/6, chance −1/6", criterion: .equals(1, within: 0.05), trials: (3, 1)
      ) { trial in
        let task = HybridCoordination(copies: 16, seed: UInt64(trial))
        return trained(
          MADDPG(small, for: task.specification, seed: UInt64(trial)), in: task, HybridCoordination(copies: 50, seed: unseen(trial)), steps: 1500)
      },
    ]
  }

  private static func unseen(_ trial: Int) -> UInt64 { UInt64(trial) + 1_000_000 }

  /// Openai's networks and discount, with more updates for each step than there.
  private static var particles: MADDPGConfiguration {
    var configuration = MADDPGConfiguration.lowe
    (configuration.batchSize, configuration.minimumTransitions, configuration.updateInterval) = (256, 5000, 1)
    (configuration.actorLearningRate, configuration.criticLearningRate, configuration.polyak) = (2e-3, 5e-3, 0.02)
    (configuration.estimator, configuration.targetChoice) = (.straightThrough, .largest)
    return configuration
  }

  private static var small: MADDPGConfiguration {
    var configuration = particles
    (configuration.batchSize, configuration.minimumTransitions) = (128, 200)
    (configuration.actorLearningRate, configuration.criticLearningRate, configuration.polyak) = (1e-3, 3e-3, 0.01)
    configuration.noise = .gaussian(deviation: 0.2)
    return configuration
  }

  /// The mean return of a learner's executed policy behind so many steps of training.
  private static func trained<Task: Environment>(_ learner: some Learner, in task: Task, _ trial: Task, steps: Int) -> Double {
    var trainer = Trainer(learner, in: task)
    for _ in 0..<steps { trainer.advance() }
    var policy = trainer.learner.greedy(copies: trial.specification.copies)
    var trial = trial
    let returns = episodeReturns(&policy, in: &trial, episodes: 400)
    return returns.reduce(0, +) / Double(returns.count)
  }
}
