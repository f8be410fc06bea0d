import Agents
import Tensor

/// Deep Q-learning on tasks with known answers.
enum DQNAnswers {
  static var all: [KnownAnswer] {
    [
      KnownAnswer(
        "dqn-cartpole", task: "CartPole-v1, 50,000 steps, best of 20 evaluations: mean return of 100 other episodes, at most 500",
        source: "RL Baselines3 Zoo, benchmark of DQN: 500.0 ± 0.0; solved from 475", criterion: .interquartileMean(atLeast: 475, noneBelow: 400),
        trials: (10, 1)
      ) { cartPole(seed: UInt64($0)) },
      KnownAnswer(
        "dqn-identity", task: "four marks to repeat, 1200 steps: mean return of 20 episodes, at most 100",
        source: "Stable-Baselines3, tests/test_identity.py: at least 90", criterion: .interquartileMean(atLeast: 90, noneBelow: 90), trials: (10, 4)
      ) { identity(seed: UInt64($0)) },
      probe(.value, "one state and action, reward 1: error of V = 1"),
      probe(.state, "two states x = ±1, reward x: largest error of V(x) = x"),
      probe(.delay, "two steps, reward 1 at the end, γ = 0.9: largest error of V = (γ, 1)"),
      probe(.choice, "two actions, reward ±1: largest error of Q = (−1, 1)"),
      probe(.coupling, "two states x = ±1 and actions a = ±1, reward a x: largest error of Q(x, a) = a x"),
    ]
  }

  /// The settings of RL Baselines3 Zoo; as there, the best of the policies that are evaluated on the way counts.
  ///
  /// Every 2500 steps the greedy policy plays 50 episodes of streams of their own; of equal means the later counts. The hundred episodes of the
  /// result come from third streams. The last policy alone would not do: with a target that is renewed every 256 steps values swing to the end.
  private static func cartPole(seed: UInt64) -> Double {
    let task = CartPole(seed: seed)
    var trainer = Trainer(DQN(.stableBaselines3CartPole, for: task.specification, seed: seed), in: task)
    var best = (policy: trainer.learner.greedy(copies: 50), mean: 0.0)
    for step in 1...50_000 {
      trainer.advance()
      guard step.isMultiple(of: 2500) else { continue }
      let policy = trainer.learner.greedy(copies: 50)
      let mean = meanReturn(policy, in: CartPole(copies: 50, seed: 1_000_000 + seed), episodes: 50)
      if mean >= best.mean { best = (policy, mean) }
    }
    return meanReturn(best.policy, in: CartPole(copies: 50, seed: 2_000_000 + seed), episodes: 100)
  }

  private static func identity(seed: UInt64) -> Double {
    var configuration = DQNConfiguration()
    (configuration.discount, configuration.learningRate) = (0.4, .constant(2e-3))
    configuration.exploration = LinearSchedule(from: 1, to: 0.05, over: 120)
    let task = IdentityEnvironment.discrete(seed: seed)
    var trainer = Trainer(DQN(configuration, for: task.specification, seed: seed), in: task)
    for _ in 0..<1200 { trainer.advance() }
    return meanReturn(trainer.learner.greedy(copies: 20), in: IdentityEnvironment.discrete(copies: 20, seed: 1_000_000 + seed), episodes: 20)
  }

  private static func meanReturn(_ policy: GreedyPolicy, in task: some Environment, episodes: Int) -> Double {
    var (policy, task) = (policy, task)
    let returns = episodeReturns(&policy, in: &task, episodes: episodes)
    return returns.reduce(0, +) / Double(returns.count)
  }

  // MARK: Probes

  private static func probe(_ kind: ProbeTask.Kind, _ task: String) -> KnownAnswer {
    KnownAnswer(
      "dqn-probe-\(kind.rawValue)", task: task, source: "exact; probe environments of A. Jones, \"Debugging RL, without the agonizing pain\"",
      criterion: .equals(0, within: 0.02), trials: (4, 2)
    ) { trial in
      var configuration = DQNConfiguration()
      (configuration.discount, configuration.widths, configuration.target) = (0.9, [32], .soft(0.1))
      (configuration.learningStarts, configuration.trainingInterval) = (50, 1)
      configuration.learningRate = .linear(from: 0.01, to: 0.0005, over: 1000)
      configuration.exploration = LinearSchedule(from: 1, to: 0.2, over: 500)
      // Every second trial with all options.
      if trial % 2 == 1 {
        (configuration.double, configuration.dueling, configuration.steps) = (true, true, 3)
        configuration.prioritization = Prioritization()
        configuration.prioritization!.compensation = .constant(1)
      }
      let task = ProbeTask(kind, seed: UInt64(trial))
      var trainer = Trainer(DQN(configuration, for: task.specification, seed: UInt64(trial)), in: task)
      for _ in 0..<1200 { trainer.advance() }
      var worst = 0.0
      for (observation, values) in kind.answers {
        for (found, right) in zip(trainer.learner.values([observation]), values) {
          let error = Double((found - right).magnitude)
          // Also where it is not a number.
          if !(error <= worst) { worst = error }
        }
      }
      return worst
    }
  }
}

/// The smallest tasks that each part of a learner of values has to solve.
private struct ProbeTask: Environment {
  enum Kind: String {
    case value, state, delay, choice, coupling

    /// Observations with the values of all actions, at γ = 0.9.
    var answers: [(observation: Float, values: [Float])] {
      switch self {
      case .value: [(0, [1])]
      case .state: [(-1, [-1]), (1, [1])]
      case .delay: [(0, [0.9]), (1, [1])]
      case .choice: [(0, [-1, 1])]
      case .coupling: [(-1, [1, -1]), (1, [-1, 1])]
      }
    }
  }

  let kind: Kind
  let specification: EnvironmentSpecification
  private let seed: UInt64
  private var step = 0
  private var observation: Float = 0

  init(_ kind: Kind, seed: UInt64) {
    (self.kind, self.seed) = (kind, seed)
    let actions = kind == .choice || kind == .coupling ? 2 : 1
    specification = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: .discrete(actions))
  }

  private mutating func begin() {
    observation = 0
    guard kind == .state || kind == .coupling else { return }
    var generator = RandomStream(seed: seed, purpose: .environment).generator(step: step)
    observation = generator.integer(below: 2) == 0 ? -1 : 1
  }

  mutating func reset(into batch: inout StepBatch) {
    begin()
    batch.observations[0] = observation
  }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    step += 1
    let sign: Float = actions.choices[0] == 0 ? -1 : 1
    var ends = true
    switch kind {
    case .value: batch.rewards[0] = 1
    case .state: batch.rewards[0] = observation
    case .delay:
      ends = observation == 1
      batch.rewards[0] = ends ? 1 : 0
    case .choice: batch.rewards[0] = sign
    case .coupling: batch.rewards[0] = sign * observation
    }
    if ends { begin() } else { observation = 1 }
    (batch.terminated[0], batch.truncated[0]) = (ends, false)
    batch.observations[0] = observation
    batch.finalObservations[0] = observation
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.value("observation", &observation)
  }
}
