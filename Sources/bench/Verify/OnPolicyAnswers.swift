import Agents
import Tensor

/// Known answers of learning from roll-outs: PPO, A2C, the one-step actor-critic, MAPPO.
enum OnPolicyAnswers {
  static var all: [KnownAnswer] {
    [
      identity("ppo-identity", steps: 1200, tasks: { .discrete(seed: $0, firstCopy: $1) }, ppo(steps: 60, batch: 60, entropy: 0.02)),
      identity("a2c-identity", steps: 1200, tasks: { .discrete(seed: $0, firstCopy: $1) }, a2c()),
      identity("ppo-identity-numbers", steps: 1000, tasks: { .continuous(seed: $0, firstCopy: $1) }, ppo(steps: 100, batch: 20)),
      identity("a2c-identity-numbers", steps: 2000, tasks: { .continuous(seed: $0, firstCopy: $1) }, a2c()),
      probes("ppo-probes", ppo(steps: 16, batch: 32, annealing: 100), steps: 1600), probes("a2c-probes", a2c(annealing: 1500), steps: 7500),
      probes("actor-critic-probes", actorCritic, steps: 4000), endless("ppo-endless"), cartPole, a2cCartPole, pendulum,
      hybrid("ppo-hybrid", .joint), hybrid("ppo-hybrid-two-ratios", .separate), penalty, spread,
    ]
  }

  private typealias Maker<Agent> = @Sendable (EnvironmentSpecification, UInt64) -> Agent

  // MARK: Repeating what is seen

  /// The mean return of 20 episodes of the greedy policy.
  private static func identity(
    _ name: String, steps: Int, tasks: @escaping @Sendable (UInt64, Int) -> IdentityEnvironment,
    _ make: @escaping Maker<some Learner>
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

  /// - Parameter annealing: Updates over which the learning rate falls to zero, for exact answers. Then advantages stay as they are: of a task that is solved
  ///   normalising leaves nothing but noise.
  private static func ppo(steps: Int, batch: Int, entropy: Float = 0, annealing: Int? = nil) -> Maker<PPO> {
    { specification, seed in
      var configuration = PPOConfiguration()
      (configuration.steps, configuration.minibatchSize, configuration.epochs) = (steps, batch, 10)
      (configuration.discount, configuration.learningRate, configuration.entropyCoefficient) = (0.4, rate(annealing), entropy)
      if annealing != nil { configuration.normalization = nil }
      configuration.networks.initialLogDeviation = narrow
      return PPO(configuration, for: specification, seed: seed)
    }
  }

  private static func a2c(annealing: Int? = nil) -> Maker<A2C> {
    { specification, seed in
      var configuration = A2CConfiguration()
      (configuration.discount, configuration.learningRate, configuration.entropyCoefficient) = (0.4, rate(annealing), 0)
      configuration.networks.initialLogDeviation = narrow
      return A2C(configuration, for: specification, seed: seed)
    }
  }

  private static func rate(_ annealing: Int?) -> LearningRateSchedule {
    annealing.map { .linear(from: 2e-3, to: 0, over: $0) } ?? .constant(2e-3)
  }

  /// With σ = 1 most numbers would lie outside of their range, where all are paid alike.
  private static let narrow: Float = -1

  private static let actorCritic: Maker<ActorCritic> = { specification, seed in
    var configuration = ActorCriticConfiguration()
    (configuration.discount, configuration.entropyCoefficient) = (0.4, 0)
    (configuration.actorLearningRate, configuration.criticLearningRate) = (3e-3, 3e-3)
    configuration.networks.initialLogDeviation = narrow
    return ActorCritic(configuration, for: specification, seed: seed)
  }

  // MARK: Probes

  /// The largest distance of a value or of the greedy policy's return from the answer, over all probes; γ = 0.4.
  private static func probes<Agent: ValuingLearner>(_ name: String, _ make: @escaping Maker<Agent>, steps: Int) -> KnownAnswer {
    KnownAnswer(
      name, task: "probe environments, largest error of a value or of the greedy return", source: "exact; tasks of Andy Jones, 2021",
      criterion: .equals(0, within: 0.1), trials: (10, 1)
    ) { trial in
      ProbeEnvironment.Kind.allCases.map { kind in
        let task = ProbeEnvironment(kind, copies: 4, seed: UInt64(trial))
        var trainer = Trainer(make(task.specification, UInt64(trial)), in: task)
        for _ in 0..<steps { trainer.advance() }
        let answers = task.optimalValues(discount: 0.4)
        let values = trainer.learner.values(of: answers.map(\.observation))
        var error = zip(values, answers).map { Double(abs($0 - $1.value)) }.max() ?? .infinity
        var greedy = trainer.learner.greedy(copies: 4)
        var other = ProbeEnvironment(kind, copies: 4, seed: UInt64(trial), firstCopy: 1000)
        // Without a discount the return is 1 but for the reward that is what is seen, ±1 whatever is done.
        if kind != .observedReward { error = max(error, abs(1 - mean(episodeReturns(&greedy, in: &other, episodes: 100)))) }
        return error
      }.max() ?? .infinity
    }
  }

  // MARK: Ends of episodes

  /// A reward of 1 in each step and no end, but for a limit of 8 steps that cannot be seen: V = 1 / (1 − γ).
  private static func endless(_ name: String) -> KnownAnswer {
    KnownAnswer(
      name, task: "value of the first state, reward 1 each step, cut off after 8, γ = 0.98",
      source: "1 / (1 − γ) = 50; Stable-Baselines3, tests/test_gae.py: within 1", criterion: .equals(50, within: 1), trials: (10, 2)
    ) { trial in
      var configuration = PPOConfiguration()
      (configuration.steps, configuration.minibatchSize, configuration.epochs, configuration.discount) = (128, 64, 10, 0.98)
      configuration.learningRate = .linear(from: 1e-2, to: 1e-4, over: 100)
      let task = EndlessTask()
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
      let task = CartPole(copies: 8, seed: UInt64(trial))
      var trainer = Trainer(PPO(.stableBaselines3CartPole, for: task.specification, seed: UInt64(trial)), in: task)
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

  /// The setting of RL Zoo.
  private static var a2cCartPole: KnownAnswer {
    KnownAnswer(
      "a2c-cartpole", task: "CartPole-v1 after 500,000 steps, mean return of 100 episodes of the greedy policy",
      source: "RL Zoo, benchmark.md: 500 ± 0; the task is solved from 475", criterion: .interquartileMean(atLeast: 475, noneBelow: 300),
      trials: (10, 0)
    ) { trial in
      var configuration = A2CConfiguration()
      (configuration.entropyCoefficient, configuration.learningRate) = (0, .linear(from: 7e-4, to: 0, over: 12_500))
      let task = CartPole(copies: 8, seed: UInt64(trial))
      var trainer = Trainer(A2C(configuration, for: task.specification, seed: UInt64(trial)), in: task)
      for _ in 0..<(500_000 / 8) { trainer.advance() }
      var greedy = trainer.learner.greedy(copies: 10)
      var other = CartPole(copies: 10, seed: UInt64(trial), firstCopy: 1000)
      return mean(episodeReturns(&greedy, in: &other, episodes: 100))
    }
  }

  // MARK: Hybrid actions

  private static func hybrid(_ name: String, _ ratios: ActionRatios) -> KnownAnswer {
    KnownAnswer(
      name, task: "hybrid task after 51,200 steps, mean return of 1,000 episodes of the greedy policy",
      source: "exact: 1; one part alone gets 2/3 or 1/2",
      criterion: .interquartileMean(atLeast: 0.98, noneBelow: 0.95), trials: (10, 2)
    ) { trial in
      var configuration = PPOConfiguration()
      (configuration.steps, configuration.minibatchSize, configuration.epochs) = (64, 128, 10)
      (configuration.learningRate, configuration.ratios) = (.linear(from: 2e-3, to: 0, over: 100), ratios)
      configuration.networks.valuesDependOnChoice = true
      configuration.networks.initialLogDeviation = -0.7
      let task = HybridTask(copies: 8, seed: UInt64(trial))
      var trainer = Trainer(PPO(configuration, for: task.specification, seed: UInt64(trial)), in: task)
      for _ in 0..<(64 * 100) { trainer.advance() }
      var greedy = trainer.learner.greedy(copies: 10)
      var other = HybridTask(copies: 10, seed: UInt64(trial), firstCopy: 1000)
      return mean(episodeReturns(&greedy, in: &other, episodes: 1000))
    }
  }

  // MARK: Several agents

  /// Without a penalty both optima are fixed points that independent steps reach.
  private static var penalty: KnownAnswer {
    KnownAnswer(
      "mappo-penalty", task: "penalty game with k = 0, payoff of the greedy joint choice", source: "exact: 10", criterion: .equals(10, within: 0),
      trials: (10, 2)
    ) { trial in
      var configuration = MAPPOConfiguration()
      (configuration.update.steps, configuration.update.epochs, configuration.update.entropyCoefficient) = (8, 10, 0.01)
      (configuration.sharesActor, configuration.update.learningRate) = (false, .constant(2e-3))
      let game = MatrixGame(.penalty(k: 0), copies: 16)
      var trainer = Trainer(MAPPO(configuration, for: game.specification, seed: UInt64(trial)), in: game)
      for _ in 0..<(8 * 100) { trainer.advance() }
      var greedy = trainer.learner.greedy(copies: 1)
      var one = MatrixGame(.penalty(k: 0))
      return evaluate(&greedy, in: &one, steps: 1)[0]
    }
  }

  private static var spread: KnownAnswer {
    KnownAnswer(
      "mappo-spread",
      task: "simple_spread, 3 agents, after 800,000 joint steps, mean return of 400 episodes of the greedy policy (openai's shared sum)",
      source: "random −234, scripted −128; Papoudakis et al. 2021, Table 3: −133.5 ± 3.1", criterion: .mean(-150...0), trials: (2, 0)
    ) { trial in
      var configuration = MAPPOConfiguration()
      (configuration.update.steps, configuration.update.epochs, configuration.update.minibatchSize) = (25, 10, 200)
      (configuration.update.discount, configuration.update.trace) = (0.95, 0.9)
      configuration.update.learningRate = .linear(from: 1e-3, to: 0, over: 500)
      (configuration.update.networks.activation, configuration.update.networks.criticActivation) = (.tanh, .tanh)
      let task = NormalizedRewards(SimpleSpread(copies: 64, seed: UInt64(trial)), discount: configuration.update.discount)
      var trainer = Trainer(MAPPO(configuration, for: task.specification, seed: UInt64(trial)), in: task)
      for _ in 0..<(25 * 500) { trainer.advance() }
      var greedy = trainer.learner.greedy(copies: 50)
      var other = SimpleSpread(copies: 50, seed: UInt64(trial), firstCopy: 1000)
      return mean(episodeReturns(&greedy, in: &other, episodes: 400))
    }
  }

  private static func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
}

/// A learner that can be asked for values.
private protocol ValuingLearner: Learner {
  func values(of observations: [Float]) -> [Float]
}

extension PPO: ValuingLearner {}
extension A2C: ValuingLearner {}
extension ActorCritic: ValuingLearner {}
