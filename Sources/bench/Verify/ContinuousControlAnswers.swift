import Agents
import Tensor

/// Tasks with known answers for DDPG, TD3 and SAC.
enum ContinuousControlAnswers {
  static var all: [KnownAnswer] {
    [
      pendulum("td3-pendulum", trials: (10, 1)) { TD3(.rltools, for: $0, seed: $1) },
      pendulum("ddpg-pendulum", trials: (10, 0)) {
        var configuration = DDPGConfiguration.rltools
        (configuration.discount, configuration.randomSteps) = (0.98, 1000)
        return DDPG(configuration, for: $0, seed: $1)
      },
      pendulum("sac-pendulum", trials: (5, 0)) { SAC(.rltools, for: $0, seed: $1) },
      identity("td3-identity", reference: "100.0", 98...100, trials: (5, 2)) {
        var configuration = TD3Configuration.stableBaselines3
        (configuration.actorWidths, configuration.criticWidths, configuration.discount) = ([64, 64], [64, 64], 0.95)
        configuration.noise = .gaussian(deviation: 0.1)
        return TD3(configuration, for: $0, seed: $1)
      },
      identity("ddpg-identity", reference: "100.0", 98...100, trials: (5, 2)) {
        var configuration = DDPGConfiguration.stableBaselines3
        (configuration.actorWidths, configuration.criticWidths, configuration.discount) = ([64, 64], [64, 64], 0.95)
        configuration.noise = .gaussian(deviation: 0.1)
        return DDPG(configuration, for: $0, seed: $1)
      },
      identity("sac-identity", reference: "89.8 (87.7…94.4)", 85...95, trials: (10, 0)) {
        var configuration = SACConfiguration.stableBaselines3
        (configuration.actorWidths, configuration.criticWidths, configuration.discount) = ([64, 64], [64, 64], 0.95)
        return SAC(configuration, for: $0, seed: $1)
      },
      probe("td3-probe") { TD3(.rltools, for: $0, seed: $1) },
      probe("ddpg-probe") { DDPG(.rltools, for: $0, seed: $1) },
      probe("sac-probe") {
        var configuration = SACConfiguration.rltools
        configuration.temperature = .fixed(0.001)
        return SAC(configuration, for: $0, seed: $1)
      },
    ]
  }

  private static func pendulum<Agent: Learner>(
    _ name: String, trials: (full: Int, quick: Int), _ make: @escaping @Sendable (EnvironmentSpecification, UInt64) -> Agent
  ) -> KnownAnswer {
    KnownAnswer(
      name, task: "Pendulum-v1: mean return of 100 episodes without noise, after 20,000 steps",
      source: "RLtools TD3, 64 × 64 units, batches of 100: −158 in the mean of 10 seeds (−178…−134); Stable-Baselines3 zoo: −152 to −157",
      criterion: .mean(-200 ... -120), trials: trials
    ) { trial in
      var policy = trained(make, in: Pendulum(seed: UInt64(trial)), steps: 20_000, seed: trial).greedy(copies: 100)
      var test = Pendulum(copies: 100, seed: UInt64(trial), firstCopy: 1000)
      return mean(episodeReturns(&policy, in: &test, episodes: 100))
    }
  }

  private static func identity<Agent: Learner>(
    _ name: String, reference: String, _ range: ClosedRange<Double>, trials: (full: Int, quick: Int),
    _ make: @escaping @Sendable (EnvironmentSpecification, UInt64) -> Agent
  ) -> KnownAnswer {
    KnownAnswer(
      name, task: "repeat the number that is seen to ±½, 100 times: mean return of 20 episodes without noise, after 400 steps",
      source: "Stable-Baselines3 2.9.2 by Tests/Scripts/continuous-identity-reference.py: \(reference) in the mean of 10 seeds",
      criterion: .mean(range), trials: trials
    ) { trial in
      var policy = trained(make, in: IdentityEnvironment.continuous(seed: UInt64(trial)), steps: 400, seed: trial).greedy(copies: 20)
      var test = IdentityEnvironment.continuous(copies: 20, seed: UInt64(trial), firstCopy: 1000)
      return mean(episodeReturns(&policy, in: &test, episodes: 20))
    }
  }

  private static func probe<Agent: Learner>(
    _ name: String, _ make: @escaping @Sendable (EnvironmentSpecification, UInt64) -> Agent
  ) -> KnownAnswer {
    KnownAnswer(
      name, task: "the best of two numbers in uneven ranges, for what is seen: mean return of 200 episodes without noise, after 3,000 steps",
      source: "closed form: 0; the best that does not look at the observation reaches −0.17, uniform actions −0.50",
      criterion: .interquartileMean(atLeast: -0.01, noneBelow: -0.03), trials: (5, 1)
    ) { trial in
      var policy = trained(make, in: UnevenTarget(copies: 1, seed: UInt64(trial), firstCopy: 0), steps: 3000, seed: trial).greedy(copies: 200)
      var test = UnevenTarget(copies: 200, seed: UInt64(trial), firstCopy: 1000)
      return mean(episodeReturns(&policy, in: &test, episodes: 200))
    }
  }

  private static func trained<Task: Environment, Agent: Learner>(
    _ make: (EnvironmentSpecification, UInt64) -> Agent, in environment: Task, steps: Int, seed: Int
  ) -> Agent {
    var trainer = Trainer(make(environment.specification, UInt64(seed)), in: environment)
    for _ in 0..<steps { trainer.advance() }
    return trainer.learner
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

/// Every step is an episode of its own: x is seen, uniform in ±1, and r = −½ Σ_i (y_i − t_i)² with t = (x/√2, −x/√2) and the actions' places y_i in their
/// ranges −1…3 and 10…11 as numbers of [−1, 1].
private struct UnevenTarget: Environment {
  let specification: EnvironmentSpecification
  private let seed: UInt64
  private let firstCopy: Int
  private var step = 0
  private var seen: [Float]

  init(copies: Int, seed: UInt64, firstCopy: Int) {
    specification = EnvironmentSpecification(copies: copies, agents: 1, observationSize: 1, actions: .continuous(-1...3, 10...11))
    (self.seed, self.firstCopy) = (seed, firstCopy)
    seen = Array(repeating: 0, count: copies)
  }

  private mutating func draw(into observations: inout [Float]) {
    for copy in seen.indices {
      var generator = RandomStream(seed: seed, purpose: .environment, index: firstCopy + copy).generator(step: step)
      seen[copy] = Float(generator.uniform(-1, 1))
      observations[copy] = seen[copy]
    }
    step += 1
  }

  mutating func reset(into batch: inout StepBatch) { draw(into: &batch.observations) }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for copy in seen.indices {
      let target = seen[copy] * Float(0.5).squareRoot()
      let first = (actions.values[2 * copy] - 1) / 2 - target
      let second = (actions.values[2 * copy + 1] - 10.5) / 0.5 + target
      batch.rewards[copy] = -0.5 * (first * first + second * second)
      (batch.terminated[copy], batch.truncated[copy]) = (true, false)
      batch.finalObservations[copy] = seen[copy]
    }
    draw(into: &batch.observations)
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.array("seen", &seen)
  }
}
