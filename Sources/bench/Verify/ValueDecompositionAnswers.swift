import Agents
import Tensor

/// Tasks with known answers for value decomposition.
///
/// All learn from uniformly random choices (ε = 1 throughout): from ε-greedy ones VDN also finds the best of the two-step game.
enum ValueDecompositionAnswers {
  static var all: [KnownAnswer] {
    [
      twoStep(.sum, 7), twoStep(.monotone, 8), table(.sum, within: 0.3), table(.monotone, within: 0.15), climbing(.sum), climbing(.monotone),
      recurrentTwoStep, remembered,
    ]
  }

  private static func name(_ mixing: Mixing) -> String { mixing == .sum ? "vdn" : "qmix" }

  /// Small networks without a memory that learn from random choices.
  private static func configuration(_ mixing: Mixing, _ task: some Environment, updates: Int) -> ValueDecompositionConfiguration {
    var configuration = ValueDecompositionConfiguration(mixing)
    configuration.memoryWidth = nil
    configuration.exploration = .constant(1)
    configuration.optimizer = .adam()
    configuration.learningRate = .linear(from: 3e-3, to: 1e-4, over: updates)
    configuration.target = .everyUpdates(100)
    configuration.sequencesPerUpdate = task.specification.copies
    configuration.batchSize = 64
    configuration.replayCapacity = 20_000
    return configuration
  }

  private static func trained<Task: Environment>(_ mixing: Mixing, _ task: Task, updates: Int, seed: Int) -> ValueDecomposition {
    let learner = ValueDecomposition(configuration(mixing, task, updates: updates), for: task.specification, seed: UInt64(seed))
    var trainer = Trainer(learner, in: task)
    while trainer.learner.updates < updates { trainer.advance() }
    return trainer.learner
  }

  /// The return of one greedy episode; games without chance need no more.
  private static func greedyReturn<Task: Environment>(_ learner: ValueDecomposition, _ task: Task, episodes: Int = 1) -> Double {
    var (policy, trial) = (learner.greedy(copies: task.specification.copies), task)
    let returns = episodeReturns(&policy, in: &trial, episodes: episodes)
    return returns.reduce(0, +) / Double(returns.count)
  }

  static func twoStep(_ mixing: Mixing, _ answer: Double) -> KnownAnswer {
    KnownAnswer(
      "\(name(mixing))-two-step", task: "two-step game, uniform data: return of the greedy policy",
      source: "Rashid et al. 2018, section 5; the exact fixed point is the same", criterion: .equals(answer, within: 1e-6), trials: (10, 2)
    ) { trial in
      greedyReturn(trained(mixing, TwoStepGame(copies: 4), updates: 2500, seed: trial), TwoStepGame())
    }
  }

  /// Q_tot of all joint choices in states 1, 2A and 2B, for uniform data and γ = 0.99: the additive least-squares fit, and the monotone function.
  static func fixedPoint(_ mixing: Mixing) -> [Double] {
    mixing == .sum
      ? [6.93, 6.93, 6.435, 6.435, 7, 7, 7, 7, -1.5, 2.5, 2.5, 6.5]
      : [6.93, 6.93, 7.92, 7.92, 7, 7, 7, 7, 0, 1, 1, 8]
  }

  static func table(_ mixing: Mixing, within tolerance: Double) -> KnownAnswer {
    KnownAnswer(
      "\(name(mixing))-two-step-values", task: "two-step game, uniform data: largest error of the team's values in all states",
      source: "exact fixed points under uniform data", criterion: .equals(0, within: tolerance), trials: (10, 2)
    ) { trial in
      let learner = trained(mixing, TwoStepGame(copies: 4), updates: 4000, seed: trial)
      var (observations, choices): ([Float], [Int32]) = ([], [])
      for state in 0..<3 {
        for joint in 0..<4 {
          for _ in 0..<2 { for i in 0..<3 { observations.append(i == state ? 1 : 0) } }
          choices += [Int32(joint / 2), Int32(joint % 2)]
        }
      }
      return zip(learner.teamValues(observations, choices), fixedPoint(mixing)).map { abs(Double($0) - $1) }.max() ?? .infinity
    }
  }

  static func climbing(_ mixing: Mixing) -> KnownAnswer {
    KnownAnswer(
      "\(name(mixing))-climbing", task: "climbing game, uniform data: 1 where the greedy policy finds the optimum 11, 0 elsewhere",
      source: "neither a sum nor a monotone function can represent it", criterion: .equals(0, within: 0), trials: (10, 2)
    ) { trial in
      let game = MatrixGame(.climbing, copies: 4)
      return greedyReturn(trained(mixing, game, updates: 1500, seed: trial), MatrixGame(.climbing)) > 10.5 ? 1 : 0
    }
  }

  /// QMIX with a memory as PyMARL has it, in small.
  private static func recurrent<Task: Environment>(_ task: Task, updates: Int, seed: Int) -> ValueDecomposition {
    var configuration = ValueDecompositionConfiguration.qmix
    (configuration.widths, configuration.memoryWidth, configuration.generatorWidth) = ([32], 32, 32)
    (configuration.exploration, configuration.target) = (.constant(1), .everyUpdates(50))
    (configuration.optimizer, configuration.learningRate) = (.adam(), .constant(3e-3))
    (configuration.longestSequence, configuration.sequencesPerUpdate) = (8, task.specification.copies)
    var trainer = Trainer(ValueDecomposition(configuration, for: task.specification, seed: UInt64(seed)), in: task)
    while trainer.learner.updates < updates { trainer.advance() }
    return trainer.learner
  }

  static var recurrentTwoStep: KnownAnswer {
    KnownAnswer(
      "qmix-recurrent-two-step", task: "two-step game, uniform data, networks with a memory: return of the greedy policy",
      source: "Rashid et al. 2018, section 5", criterion: .equals(8, within: 1e-6), trials: (10, 1)
    ) { trial in
      greedyReturn(recurrent(TwoStepGame(copies: 4), updates: 1200, seed: trial), TwoStepGame())
    }
  }

  static var remembered: KnownAnswer {
    KnownAnswer(
      "qmix-remembered-mark", task: "a mark seen in the first of four steps is named in the last: mean return of 200 greedy episodes",
      source: "best return 1; without a memory 1/4", criterion: .equals(1, within: 1e-6), trials: (10, 1)
    ) { trial in
      let task = RememberedMark(copies: 4, seed: UInt64(trial))
      let learner = recurrent(task, updates: 1200, seed: trial)
      return greedyReturn(learner, RememberedMark(copies: 50, seed: UInt64(1000 + trial)), episodes: 200)
    }
  }
}
