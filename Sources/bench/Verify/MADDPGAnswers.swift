import Agents
import Tensor

/// MADDPG and MATD3 on tasks whose answers others give: choices, numbers, and both.
///
/// Returns are of the executed policy, without exploration, in episodes that training never sees. Settings are the same for all seeds and were
/// found on seeds from 100 on.
enum MADDPGAnswers {
  static var all: [KnownAnswer] {
    [
      KnownAnswer(
        "maddpg-spread", task: "simple_spread, 3 agents, five moves: mean return of \(episodes) episodes, in openai's shared unit",
        source: "random −234 and scripted −129 (mpe2 1.1.1); MADDPG −141.7 ± 1.7 (Papoudakis et al. 2021, arXiv 2006.07869, table 3)",
        criterion: .interquartileMean(atLeast: -150, noneBelow: -153), trials: (3, 0)
      ) { trial in
        let task = SimpleSpread(copies: 128, seed: UInt64(trial))
        let learner = MADDPG(particles, for: task.specification, seed: UInt64(trial))
        return mean(learner, in: task, SimpleSpread(copies: 50, seed: unseen(trial)), steps: 24_000)
      },
      KnownAnswer(
        "maddpg-speaker", task: "simple_speaker_listener: mean return of \(episodes) episodes, in openai's shared unit",
        source: "without communication at best −31.6, of an oracle −15.0 (mpe2 1.1.1); MADDPG −13.6 (Papoudakis et al. 2021, table 3)",
        criterion: .interquartileMean(atLeast: -25, noneBelow: -29), trials: (4, 1)
      ) { trial in
        let task = SimpleSpeakerListener(copies: 128, seed: UInt64(trial))
        var configuration = particles
        configuration.logitPenalty = 1e-3
        let learner = MADDPG(configuration, for: task.specification, seed: UInt64(trial))
        return mean(learner, in: task, SimpleSpeakerListener(copies: 50, seed: unseen(trial)), steps: 10_000)
      },
      KnownAnswer(
        "maddpg-hybrid", task: "HybridCoordination, 2 agents: mean return of \(episodes) episodes", source: hybridSource,
        criterion: .equals(1, within: 0.06), trials: (5, 1)
      ) { trial in
        let task = HybridCoordination(copies: 16, seed: UInt64(trial))
        let learner = MADDPG(small, for: task.specification, seed: UInt64(trial))
        return mean(learner, in: task, HybridCoordination(copies: 50, seed: unseen(trial)), steps: 1500)
      },
      KnownAnswer(
        "matd3-hybrid", task: "HybridCoordination, 2 agents: mean return of \(episodes) episodes", source: hybridSource,
        criterion: .equals(1, within: 0.06), trials: (5, 1)
      ) { trial in
        let task = HybridCoordination(copies: 16, seed: UInt64(trial))
        var configuration = MATD3Configuration()
        configuration.joint = small
        configuration.joint.targetChoice = .sampled
        let learner = MATD3(configuration, for: task.specification, seed: UInt64(trial))
        return mean(learner, in: task, HybridCoordination(copies: 50, seed: unseen(trial)), steps: 1500)
      },
      game("maddpg-penalty-0", "the penalty game with k = 0", .penalty(k: 0), .equals(10, within: 0), "both optima are worth 10; \(tables)"),
      game(
        "maddpg-penalty-100", "the penalty game with k = −100", .penalty(k: -100), .equals(2, within: 0),
        "the safe pair is worth 2, the optima 10; \(tables)"),
      game(
        "maddpg-climbing", "the climbing game", .climbing, .equals(6, within: 1),
        "the best answers to a partner who explores are worth 5 to 7, the optimum 11; \(tables)"),
    ]
  }

  private static let episodes = 400
  private static let hybridSource = "closed form: the best is 1, the best constant 1/6, chance −1/6"
  private static let tables = "Papoudakis et al. 2021 (arXiv 2006.07869) find 25 times as much in 25 steps"

  private static func game(
    _ name: String, _ task: String, _ payoff: JointPayoff, _ criterion: KnownAnswer.Criterion, _ source: String
  ) -> KnownAnswer {
    KnownAnswer(name, task: "\(task): the payoff of the executed pair", source: source, criterion: criterion, trials: (5, 1)) { trial in
      let task = MatrixGame(payoff, copies: 16)
      return mean(MADDPG(small, for: task.specification, seed: UInt64(trial)), in: task, MatrixGame(payoff, copies: 1), steps: 1000, episodes: 1)
    }
  }

  /// The networks and the discount of openai/maddpg with an update after every step of all copies, smaller batches, a memory that forgets the first
  /// attempts, and more weight on logits that stay small, which keeps behaviour random for longer.
  private static var particles: MADDPGConfiguration {
    var configuration = MADDPGConfiguration.lowe
    (configuration.batchSize, configuration.minimumTransitions, configuration.updateInterval) = (256, 5000, 1)
    (configuration.actorLearningRate, configuration.criticLearningRate) = (1e-3, 1e-2)
    (configuration.replayCapacity, configuration.logitPenalty) = (400_000, 3e-2)
    (configuration.estimator, configuration.targetChoice) = (.straightThrough, .largest)
    return configuration
  }

  private static var small: MADDPGConfiguration {
    var configuration = particles
    (configuration.batchSize, configuration.minimumTransitions, configuration.criticLearningRate) = (128, 200, 3e-3)
    configuration.noise = .gaussian(deviation: 0.2)
    return configuration
  }

  private static func unseen(_ trial: Int) -> UInt64 { UInt64(trial) + 1_000_000 }

  /// The mean return of a learner's executed policy behind so many steps of training.
  private static func mean<Task: Environment>(
    _ learner: some Learner, in task: Task, _ trial: Task, steps: Int, episodes: Int = MADDPGAnswers.episodes
  ) -> Double {
    var trainer = Trainer(learner, in: task)
    for _ in 0..<steps { trainer.advance() }
    var trial = trial
    var policy = trainer.learner.greedy(copies: trial.specification.copies)
    let returns = episodeReturns(&policy, in: &trial, episodes: episodes)
    return returns.reduce(0, +) / Double(returns.count)
  }
}
