import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct TD3MixTests {
  private func configuration(_ mixing: Mixing = .monotone, shares: Bool = true) -> TD3MixConfiguration {
    var configuration = TD3MixConfiguration()
    (configuration.mixing, configuration.sharesNetworks) = (mixing, shares)
    (configuration.actorWidths, configuration.criticWidths, configuration.mixingWidth) = ([16, 16], [16, 16], 8)
    (configuration.actorLearningRate, configuration.criticLearningRate, configuration.polyak) = (3e-3, 5e-3, 0.02)
    (configuration.batchSize, configuration.randomSteps, configuration.replayCapacity) = (32, 100, 2000)
    return configuration
  }

  /// Every agent is paid for how near it comes to what it sees, agent 1 to its negative: they are told apart by their number or their network.
  @Test(arguments: Mixing.allCases, [true, false]) func agentsLearnWhereToGo(mixing: Mixing, shares: Bool) {
    let task = OppositeWays(copies: 1, seed: 4)
    var trainer = Trainer(TD3Mix(configuration(mixing, shares: shares), for: task.specification, seed: 7), in: task)
    while trainer.learner.updates < 1500 { trainer.advance() }
    var policy = trainer.learner.greedy(copies: 1)
    var trial = OppositeWays(copies: 1, seed: 99)
    // A random policy has −4/3 on average, one that does nothing −1/3; the best has 0.
    #expect(evaluate(&policy, in: &trial, steps: 300)[0] > -0.02)
  }

  @Test func whatFollowsATerminationHasNoValueAndATruncationKeepsIt() {
    for terminates in [true, false] {
      let task = OneStep(terminates: terminates)
      var configuration = configuration(.sum)
      (configuration.discount, configuration.randomSteps, configuration.polyak) = (0.5, 50, 0.1)
      var trainer = Trainer(TD3Mix(configuration, for: task.specification, seed: 7), in: task)
      while trainer.learner.updates < 600 { trainer.advance() }
      let learner = trainer.learner
      let tape = Tape()
      let value = learner.networks.value(
        tape.constant([1], shape: [1, 1]), tape.constant([0.3], shape: [1, 1]), tape.constant([1], shape: [1, 1]), twin: 0,
        tape.place(learner.critics)
      ).number
      // 1, or 1 + γ + γ² + … = 2.
      #expect(abs(value - (terminates ? 1 : 2)) < 0.05)
    }
  }

  @Test(arguments: [true, false]) func aRestoredRunGoesOnBitForBit(shares: Bool) throws {
    for noise in [ActionNoise.gaussian(deviation: 0.1), .ornsteinUhlenbeck()] {
      var configuration = configuration(shares: shares)
      (configuration.randomSteps, configuration.noise, configuration.maximumGradientNorm) = (10, noise, 0.5)
      try LearnerChecks.resumes(steps: 31) {
        let task = OppositeWays(copies: 3, seed: 4)
        return Trainer(TD3Mix(configuration, for: task.specification, seed: 3), in: task)
      }
    }
  }

  @Test(arguments: Mixing.allCases, [true, false]) func nothingIsAllocated(mixing: Mixing, shares: Bool) {
    var configuration = configuration(mixing, shares: shares)
    (configuration.randomSteps, configuration.replayCapacity) = (10, 50)
    let task = OppositeWays(copies: 2, seed: 4)
    var trainer = Trainer(TD3Mix(configuration, for: task.specification, seed: 3), in: task)
    #expect(LearnerChecks.allocations(&trainer, warmUp: 60, steps: 40) == 0)
  }

  @Test func copiesLearnApart() throws {
    let task = OppositeWays(copies: 2, seed: 4)
    var configuration = configuration()
    configuration.randomSteps = 10
    var first = Trainer(TD3Mix(configuration, for: task.specification, seed: 3), in: task)
    for _ in 0..<40 { first.advance() }
    var second = first
    for _ in 0..<20 { second.advance() }
    let bytes = try SavedLearner(&second).bytes
    for _ in 0..<20 { first.advance() }
    #expect(try SavedLearner(&first).bytes == bytes)
  }

  @Test func whatDoesNotFitIsRefused() async throws {
    #expect(TD3Mix.objection(to: OppositeWays(copies: 1, seed: 1).specification) == nil)
    #expect(TD3Mix.objection(to: TwoStepGame().specification)?.hasPrefix("TD3Mix:") == true)
    await #expect(processExitsWith: .failure) { _ = TD3Mix(TD3MixConfiguration(), for: TwoStepGame().specification, seed: 1) }
    let task = OppositeWays(copies: 1, seed: 1)
    var other = configuration()
    other.actorWidths = [16, 15]
    var learner = TD3Mix(other, for: task.specification, seed: 1)
    let saved = try SavedLearner(&learner)
    var restored = TD3Mix(configuration(), for: task.specification, seed: 1)
    #expect(throws: FileError.self) { try saved.restore(&restored) }
  }
}

/// Two agents that see numbers of their own and are paid −(u₀ − x₀)² and −(u₁ + x₁)². Every step is an episode of its own.
struct OppositeWays: Environment {
  let specification: EnvironmentSpecification
  private let seed: UInt64
  private var step = 0
  private var points: [Float]

  init(copies: Int, seed: UInt64) {
    specification = EnvironmentSpecification(copies: copies, agents: 2, observationSize: 1, actions: .continuous(-1...1), metrics: ["payoff"])
    self.seed = seed
    points = Array(repeating: 0, count: 2 * copies)
  }

  private mutating func draw(into observations: inout [Float]) {
    for row in points.indices {
      var generator = RandomStream(seed: seed, purpose: .environment, index: row).generator(step: step)
      points[row] = Float(generator.uniform(-1, 1))
      observations[row] = points[row]
    }
    step += 1
  }

  mutating func reset(into batch: inout StepBatch) { draw(into: &batch.observations) }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for copy in 0..<specification.copies {
      let (first, second) = (actions.values[2 * copy] - points[2 * copy], actions.values[2 * copy + 1] + points[2 * copy + 1])
      (batch.rewards[2 * copy], batch.rewards[2 * copy + 1]) = (-first * first, -second * second)
      batch.metrics[copy] = -(first * first + second * second) / 2
      (batch.terminated[copy], batch.truncated[copy]) = (true, false)
    }
    draw(into: &batch.observations)
    for i in points.indices { batch.finalObservations[i] = points[i] }
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.array("points", &points)
  }
}

/// One agent is paid 1 whatever it does; every step ends its episode.
private struct OneStep: Environment {
  let terminates: Bool
  let specification = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: .continuous(-1...1))

  mutating func reset(into batch: inout StepBatch) { batch.observations = [1] }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    (batch.rewards, batch.observations, batch.finalObservations) = ([1], [1], [1])
    (batch.terminated, batch.truncated) = ([terminates], [!terminates])
  }

  mutating func archive(in archive: Archive) throws(FileError) {}
}
