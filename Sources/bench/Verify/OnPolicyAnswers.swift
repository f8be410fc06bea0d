import Agents
import Tensor

/// Known answers of learning from roll-outs: PPO, A2C, the one-step actor-critic, MAPPO.
enum OnPolicyAnswers {
  static var all: [KnownAnswer] {
    [
      identity("ppo-identity", steps: 1200, tasks: { .discrete(seed: $0, firstCopy: $1) }, ppo(gaps: 60)),
      identity("a2c-identity", steps: 1200, tasks: { .discrete(seed: $0, firstCopy: $1) }, a2c()),
      identity("ppo-identity-numbers", steps: 1000, tasks: { .continuous(seed: $0, firstCopy: $1) }, ppo(gaps: 100)),
      identity("a2c-identity-numbers", steps: 2000, tasks: { .continuous(seed: $0, firstCopy: $1) }, a2c()),
      endless, cartPole, pendulum,
    ]
  }

  // MARK: Repeating what is seen

  /// The mean return of 20 episodes of the greedy policy.
  private static func identity(
    _ name: String, steps: Int, tasks: @escaping @Sendable (UInt64, Int) -> IdentityEnvironment,
    _ make: @escaping @Sendable (EnvironmentSpecification, UInt64) -> some Learner
  ) -> KnownAnswer {
    KnownAnswer(
      name, task: "identity environment after \(steps) steps, return of the greedy policy, at most 100",
      source: "Stable-Baselines3, tests/test_identity.py: at least 90", criterion: .interquartileMean(atLeast: 90, noneBelow: 90), trials: (10, 4)
    ) { trial in
      let task = tasks(UInt64(trial), 0)
      var trainer = Trainer(make(task.specification, UInt64(trial)), in: task)
      for _ in 0..<steps { trainer.advance() }
      var greedy = trainer.learner.greedy(copies: 1)
      var other = tasks(UInt64(trial), 1000)
      return mean(episodeReturns(&greedy, in: &other, episodes: 20))
    }
  }

  private static func ppo(gaps: Int) -> @Sendable (EnvironmentSpecification, UInt64) -> PPO {
    { specification, seed in
      var configuration = PPOConfiguration()
      (configuration.steps, configuration.minibatchSize, configuration.epochs) = (gaps, 20, 10)
      (configuration.discount, configuration.learningRate) = (0.4, .constant(2e-3))
      return PPO(configuration, for: specification, seed: seed)
    }
  }

  private static func a2c() -> @Sendable (EnvironmentSpecification, UInt64) -> A2C {
    { specification, seed in
      var configuration = A2CConfiguration()
      (configuration.discount, configuration.learningRate, configuration.entropyCoefficient) = (0.4, .constant(2e-3), 0)
      return A2C(configuration, for: specification, seed: seed)
    }
  }

  // MARK: Ends of episodes

  /// A reward of 1 in each step and no end, but for a limit of 8 steps that cannot be seen: V = 1 / (1 − γ).
  private static var endless: KnownAnswer {
    KnownAnswer(
      "ppo-endless", task: "value of the first state, reward 1 each step, cut off after 8, γ = 0.98", source: "1 / (1 − γ) = 50",
      criterion: .equals(50, within: 1), trials: (10, 3)
    ) { trial in
      var configuration = PPOConfiguration()
      (configuration.steps, configuration.minibatchSize, configuration.epochs, configuration.discount) = (128, 64, 10, 0.98)
      configuration.learningRate = .linear(from: 1e-2, to: 1e-4, over: 100)
      let task = EndlessTask(copies: 1)
      var trainer = Trainer(PPO(configuration, for: task.specification, seed: UInt64(trial)), in: task)
      for _ in 0..<(128 * 100) { trainer.advance() }
      return Double(trainer.learner.values(of: [1, 0, 0, 0])[0])
    }
  }

  // MARK: Classic control

  /// The setting of RL Zoo.
  private static var cartPole: KnownAnswer {
    KnownAnswer(
      "ppo-cartpole", task: "CartPole-v1 after 100,000 steps, mean return of 100 episodes of the greedy policy",
      source: "RL Zoo, benchmark.md: 500 ± 0; the task is solved from 475", criterion: .interquartileMean(atLeast: 475, noneBelow: 400),
      trials: (10, 2)
    ) { trial in
      var configuration = PPOConfiguration()
      (configuration.steps, configuration.minibatchSize, configuration.epochs) = (32, 256, 20)
      (configuration.discount, configuration.trace) = (0.98, 0.8)
      configuration.learningRate = .linear(from: 1e-3, to: 0, over: 391)
      configuration.clip = .linear(from: 0.2, to: 0, over: 391)
      let task = CartPole(copies: 8, seed: UInt64(trial))
      var trainer = Trainer(PPO(configuration, for: task.specification, seed: UInt64(trial)), in: task)
      for _ in 0..<(100_000 / 8) { trainer.advance() }
      var greedy = trainer.learner.greedy(copies: 10)
      var other = CartPole(copies: 10, seed: UInt64(trial), firstCopy: 1000)
      return mean(episodeReturns(&greedy, in: &other, episodes: 100))
    }
  }

  /// The setting of RLtools.
  private static var pendulum: KnownAnswer {
    KnownAnswer(
      "ppo-pendulum", task: "Pendulum-v1 after 303,104 steps, mean return of 100 episodes of the greedy policy",
      source: "RLtools: median −173 to −176", criterion: .interquartileMean(atLeast: -200, noneBelow: -400), trials: (10, 2)
    ) { trial in
      var configuration = PPOConfiguration()
      (configuration.steps, configuration.epochs, configuration.minibatchSize) = (1024, 2, 256)
      (configuration.discount, configuration.learningRate, configuration.maximumGradientNorm) = (0.95, .constant(1e-3), nil)
      (configuration.networks.activation, configuration.networks.criticActivation) = (.relu, .relu)
      configuration.networks.initialLogDeviation = -0.6931472
      let task = Pendulum(copies: 4, seed: UInt64(trial))
      var trainer = Trainer(PPO(configuration, for: task.specification, seed: UInt64(trial)), in: task)
      for _ in 0..<(1024 * 74) { trainer.advance() }
      var greedy = trainer.learner.greedy(copies: 10)
      var other = Pendulum(copies: 10, seed: UInt64(trial), firstCopy: 1000)
      return mean(episodeReturns(&greedy, in: &other, episodes: 100))
    }
  }

  private static func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
}

/// Four states one after the other for ever, each step paid by 1, cut off after 8 steps.
private struct EndlessTask: Environment {
  let specification: EnvironmentSpecification
  private var step = 0

  init(copies: Int) { specification = EnvironmentSpecification(copies: copies, agents: 1, observationSize: 4, actions: .discrete(2)) }

  private func show(_ place: Int, in observations: inout [Float]) {
    for i in observations.indices { observations[i] = i % 4 == place % 4 ? 1 : 0 }
  }

  mutating func reset(into batch: inout StepBatch) {
    step = 0
    show(0, in: &batch.observations)
  }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    step += 1
    for copy in 0..<specification.copies { (batch.rewards[copy], batch.terminated[copy], batch.truncated[copy]) = (1, false, step == 8) }
    show(step, in: &batch.finalObservations)
    if step == 8 { step = 0 }
    show(step, in: &batch.observations)
  }

  mutating func archive(in archive: Archive) throws(FileError) { try archive.value("step", &step) }
}
