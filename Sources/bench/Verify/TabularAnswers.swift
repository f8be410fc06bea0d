import Agents
import Tensor

/// Tabular learners and exact solutions on tasks whose whole tables are known.
enum TabularAnswers {
  static var all: [KnownAnswer] { exact + learned }

  private static let computed = "computed from Gymnasium's table by an independent program"

  private static var exact: [KnownAnswer] {
    [
      KnownAnswer(
        "exact-frozenlake", task: "FrozenLake 4x4, V*(start) at γ = 0.99 by value iteration", source: computed,
        criterion: .equals(0.542026, within: 5e-7)
      ) { _ in FrozenLake(seed: 0).table.optimalValues(discount: 0.99)[0] },
      KnownAnswer(
        "exact-frozenlake-success", task: "FrozenLake 4x4, best probability of success within 100 steps", source: computed,
        criterion: .equals(0.74419, within: 5e-6)
      ) { _ in FrozenLake(seed: 0).table.optimalValues(discount: 1, steps: 100)[0] },
      KnownAnswer(
        "exact-frozenlake-unlimited", task: "FrozenLake 4x4, best probability of success without a limit", source: "14/17, " + computed,
        criterion: .equals(14.0 / 17, within: 1e-10)
      ) { _ in FrozenLake(seed: 0).table.optimalValues(discount: 1)[0] },
      KnownAnswer(
        "exact-frozenlake8x8", task: "FrozenLake 8x8, V*(start) at γ = 0.99 by value iteration", source: computed,
        criterion: .equals(0.41464, within: 5e-6)
      ) { _ in FrozenLake(.large, seed: 0).table.optimalValues(discount: 0.99)[0] },
      KnownAnswer(
        "exact-frozenlake8x8-success", task: "FrozenLake 8x8, best probability of success within 200 steps", source: computed,
        criterion: .equals(0.91322, within: 5e-6)
      ) { _ in FrozenLake(.large, seed: 0).table.optimalValues(discount: 1, steps: 200)[0] },
      KnownAnswer(
        "exact-cliffwalking", task: "CliffWalking, best return", source: "Sutton and Barto 2018, example 6.6", criterion: .equals(-13, within: 0)
      ) { _ in
        let table = CliffWalking(seed: 0).table
        return table.startValue(table.optimalValues(discount: 1))
      },
      KnownAnswer(
        "exact-taxi", task: "Taxi, best return, mean over the 300 starts", source: computed, criterion: .equals(7.93, within: 5e-3)
      ) { _ in
        let table = Taxi(seed: 0).table
        return table.startValue(table.optimalValues(discount: 1))
      },
    ]
  }

  private static var learned: [KnownAnswer] {
    [
      KnownAnswer(
        "qlearning-frozenlake", task: "FrozenLake 4x4, learned max Q(start) at γ = 0.99 after 4 million transitions", source: computed,
        criterion: .equals(0.542026, within: 0.02), trials: (10, 2)
      ) { trial in
        let learner = frozenLake(trial)
        return learner.actionValues[0..<4].max()!
      },
      KnownAnswer(
        "qlearning-frozenlake-success", task: "FrozenLake 4x4, success without a limit of the greedy policy, exactly evaluated",
        source: "14/17, " + computed,
        criterion: .interquartileMean(atLeast: 0.82, noneBelow: 0.80), trials: (10, 2)
      ) { trial in
        let table = FrozenLake(seed: 0).table
        return table.values(ofPolicy: table.greedyPolicy(frozenLake(trial).actionValues), discount: 1)[0]
      },
      KnownAnswer(
        "qlearning-cliffwalking", task: "CliffWalking, return of the greedy policy after 500 episodes' worth of steps",
        source: "Sutton and Barto 2018, example 6.6", criterion: .equals(-13, within: 0), trials: (20, 5)
      ) { trial in
        let task = CliffWalking(seed: UInt64(trial), limit: 500)
        var trainer = Trainer(QLearning(cliff, for: task.specification, seed: UInt64(trial)), in: task)
        for _ in 0..<20_000 { trainer.advance() }
        return greedyReturn(task.table, trainer.learner.actionValues, steps: 1000)
      },
      KnownAnswer(
        "qlearning-cliffwalking-behaviour", task: "CliffWalking, mean return of 2,000 episodes while exploring with ε = 0.1, behind 500",
        source: "exact evaluation of the policy that explores around the best one: −50.80; Sutton and Barto 2018, example 6.6: about −50",
        criterion: .mean(-52.8 ... -48.8), trials: (20, 10)
      ) { trial in
        let task = CliffWalking(seed: UInt64(trial))
        return behaviour(QLearning(cliff, for: task.specification, seed: UInt64(trial)), in: task)
      },
      KnownAnswer(
        "sarsa-cliffwalking-behaviour", task: "CliffWalking, Sarsa's mean return of 2,000 episodes while exploring with ε = 0.1, behind 500",
        source: "Sutton and Barto 2018, example 6.6: about −25, against −50 of Q-learning", criterion: .mean(-30 ... -20), trials: (20, 10)
      ) { trial in
        let task = CliffWalking(seed: UInt64(trial))
        return behaviour(SARSA(cliff, for: task.specification, seed: UInt64(trial)), in: task)
      },
      KnownAnswer(
        "qlearning-taxi", task: "Taxi, return of the greedy policy, mean over the 300 starts, exactly evaluated", source: computed,
        criterion: .equals(7.93, within: 0.02), trials: (5, 1)
      ) { trial in
        let task = Taxi(copies: 8, seed: UInt64(trial))
        var configuration = TabularConfiguration()
        configuration.learningRate = .constant(1)
        configuration.discount = 0.99
        configuration.exploration = .constant(0.3)
        var trainer = Trainer(QLearning(configuration, for: task.specification, seed: UInt64(trial)), in: task)
        for _ in 0..<200_000 { trainer.advance() }
        return greedyReturn(task.table, trainer.learner.actionValues, steps: 200)
      },
    ]
  }

  private static var cliff: TabularConfiguration {
    var configuration = TabularConfiguration()
    configuration.discount = 1
    configuration.learningRate = .constant(0.5)
    configuration.exploration = .constant(0.1)
    return configuration
  }

  private static func frozenLake(_ trial: Int) -> QLearning {
    let task = FrozenLake(copies: 16, seed: UInt64(trial))
    var configuration = TabularConfiguration()
    configuration.learningRate = .visits(exponent: 0.7)
    configuration.exploration = .constant(0.5)
    var trainer = Trainer(QLearning(configuration, for: task.specification, seed: UInt64(trial)), in: task)
    for _ in 0..<250_000 { trainer.advance() }
    return trainer.learner
  }

  private static func greedyReturn(_ table: TransitionTable, _ actionValues: [Double], steps: Int) -> Double {
    table.startValue(table.values(ofPolicy: table.greedyPolicy(actionValues), discount: 1, steps: steps))
  }

  /// The mean return of episodes 501 to 2,500, as they are played while it learns.
  private static func behaviour<Agent: Learner>(_ learner: Agent, in task: CliffWalking) -> Double {
    var trainer = Trainer(learner, in: task)
    var (episode, sum) = (0, 0.0)
    while episode < 2500 {
      trainer.advance()
      if episode >= 500 { sum += Double(trainer.batch.rewards[0]) }
      if trainer.batch.terminated[0] { episode += 1 }
    }
    return sum / 2000
  }
}
