import Agents
import Tensor

/// Tasks with known answers for value decomposition.
///
/// All learn from uniformly random choices (ε = 1 throughout): from ε-greedy ones VDN also finds the best of the two-step game.
enum ValueDecompositionAnswers {
  static var all: [KnownAnswer] {
    [
      twoStep(.independent, 7), twoStep(.sum, 7), twoStep(.monotone, 8), table(.sum, within: 0.3), table(.monotone, within: 0.02), climbing(.sum),
      climbing(.monotone),
      recurrentTwoStep, remembered, meeting,
    ]
  }

  private static func name(_ mixing: Mixing) -> String {
    switch mixing {
    case .independent: "iql"
    case .sum: "vdn"
    case .monotone: "qmix"
    }
  }

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

  /// Two agents that see the same x are paid −(u₀ + u₁ − x)² − (u₀² + u₁²)/10: best u = x/2.1 with −x²/21.
  static var meeting: KnownAnswer {
    KnownAnswer(
      "td3mix-meeting", task: "two agents share the way to a point: mean return of the greedy policy over a grid of points",
      source: "best return −x²/21, −1/63 on average", criterion: .mean(-0.022 ... -0.0158), trials: (10, 2)
    ) { trial in
      let task = SharedWay(copies: 1, seed: UInt64(trial))
      var configuration = TD3MixConfiguration()
      (configuration.actorWidths, configuration.criticWidths) = ([32, 32], [32, 32])
      (configuration.actorLearningRate, configuration.criticLearningRate) = (5e-4, 1e-3)
      (configuration.batchSize, configuration.randomSteps, configuration.replayCapacity) = (64, 500, 2000)
      var trainer = Trainer(TD3Mix(configuration, for: task.specification, seed: UInt64(trial)), in: task)
      while trainer.learner.updates < 6000 { trainer.advance() }
      var policy = trainer.learner.greedy(copies: 200)
      // The mean of x² over this grid of 200 midpoints is 1/3 but for 10⁻⁵.
      let points = (0..<200).map { (Float($0) - 99.5) / 100 }
      var actions = ActionBatch(for: SharedWay(copies: 200, seed: 0).specification)
      policy.act(points.flatMap { [$0, $0] }, step: 0, into: &actions)
      var sum = 0.0
      for (copy, point) in points.enumerated() { sum += SharedWay.payoff(point, actions.values[2 * copy], actions.values[2 * copy + 1]) }
      return sum / 200
    }
  }
}

/// Two agents see the same point x, uniform in [−1, 1], and are paid together for how they share the way to it. Every step is an episode.
struct SharedWay: Environment {
  let specification: EnvironmentSpecification
  private let seed: UInt64
  private var step = 0
  private var points: [Float]

  init(copies: Int, seed: UInt64) {
    specification = EnvironmentSpecification(
      copies: copies, agents: 2, observationSize: 1, actions: .continuous(-1...1), metrics: ["payoff"])
    self.seed = seed
    points = Array(repeating: 0, count: copies)
  }

  static func payoff(_ x: Float, _ first: Float, _ second: Float) -> Double {
    let (x, u, v) = (Double(x), Double(first), Double(second))
    return -(u + v - x) * (u + v - x) - (u * u + v * v) / 10
  }

  private mutating func draw(into observations: inout [Float]) {
    for copy in points.indices {
      var generator = RandomStream(seed: seed, purpose: .environment, index: copy).generator(step: step)
      points[copy] = Float(generator.uniform(-1, 1))
      (observations[2 * copy], observations[2 * copy + 1]) = (points[copy], points[copy])
    }
    step += 1
  }

  mutating func reset(into batch: inout StepBatch) { draw(into: &batch.observations) }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for copy in points.indices {
      let payoff = Float(SharedWay.payoff(points[copy], actions.values[2 * copy], actions.values[2 * copy + 1]))
      (batch.rewards[2 * copy], batch.rewards[2 * copy + 1], batch.metrics[copy]) = (payoff, payoff, payoff)
      (batch.terminated[copy], batch.truncated[copy]) = (true, false)
    }
    draw(into: &batch.observations)
    for i in batch.observations.indices { batch.finalObservations[i] = batch.observations[i] }
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.array("points", &points)
  }
}
