import CAllocations
import Foundation
import Tensor
import TestSupport
import Testing

@testable import Agents

/// Two agents divide two wholes among three places each and are paid for giving most to where they see most, Σ f o.
struct DivisionTask: Environment {
  var specification = EnvironmentSpecification(
    copies: 1, agents: 2, observationSize: 6, actions: ActionSpace(bounds: Array(repeating: 0...1, count: 6)), metrics: ["sum"])
  var time = 0
  /// The sums of the wholes of the last action, which are one.
  var sums: [Float] = []

  private func observe(_ observations: inout [Float]) {
    RandomStream(seed: 3, purpose: .environment).fill(&observations, with: .uniform, step: time)
  }

  mutating func reset(into batch: inout StepBatch) { observe(&batch.observations) }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    var seen = [Float](repeating: 0, count: 12)
    observe(&seen)
    sums = (0..<4).map { whole in (0..<3).reduce(0) { $0 + actions.values[3 * whole + $1] } }
    var reward: Float = 0
    for i in 0..<12 { reward += actions.values[i] * seen[i] / 4 }
    time += 1
    observe(&batch.observations)
    batch.finalObservations = batch.observations
    for agent in 0..<2 { batch.rewards[agent] = reward }
    (batch.metrics[0], batch.terminated[0], batch.truncated[0]) = (reward, false, time % 10 == 0)
  }

  mutating func archive(in archive: Archive) throws(FileError) { try archive.value("time", &time) }
}

@Suite struct ShareHeadTests {
  private static let head = ShareHead(parts: 3)
  private static let numbers: [Float] = [0.2, -1, 4, 30, -30, 0, -0.7, -0.7, -0.7, 1, 2, 3]

  private func configuration(items: Bool) -> TD3MixConfiguration {
    var configuration = TD3MixConfiguration()
    if items { configuration.items = ItemGrid(rows: 2, columns: 3, features: 1) }
    (configuration.shares, configuration.actorOutputGain, configuration.seesAgentIndex) = (Self.head, 0.1, false)
    (configuration.actorWidths, configuration.criticWidths, configuration.mixing) = ([16, 16], [16, 16], .sum)
    (configuration.actorLearningRate, configuration.criticLearningRate, configuration.polyak) = (3e-3, 5e-3, 0.02)
    (configuration.batchSize, configuration.randomSteps, configuration.replayCapacity, configuration.discount) = (16, 100, 2000, 0)
    return configuration
  }

  /// Against the formula in double precision, on a tape and on arrays.
  @Test(arguments: [true, false]) func outputsBecomeShares(isCentred: Bool) {
    let head = ShareHead(parts: 3, isCentred: isCentred)
    let expected = (0..<4).flatMap { whole -> [Double] in
      let row = Self.numbers[3 * whole..<3 * whole + 3].map { Double($0) }
      let mean = isCentred ? row.reduce(0, +) / 3 : 0
      let parts = row.map { exp(3 * tanh(($0 - mean) / 3)) }
      return parts.map { 2 * $0 / parts.reduce(0, +) - 1 }
    }
    var values = Self.numbers
    head.share(&values)
    let tape = Tape()
    var found = Tensor(zeros: [2, 6])
    tape.scope { head.shares(of: tape.constant(Self.numbers, shape: [2, 6])).copy(into: &found) }
    let span = found.span
    for i in 0..<12 { #expect(abs(Double(values[i]) - expected[i]) < 1e-6 && abs(Double(span[i]) - expected[i]) < 1e-6) }
  }

  /// The largest ratio of two shares is e to the power of twice the limit, whatever the outputs.
  @Test func limitsKeepShares() {
    var values: [Float] = [100, -100, -100]
    ShareHead(parts: 3, logitLimit: 1).share(&values)
    #expect(abs(Double((values[0] + 1) / (values[1] + 1)) / exp(2) - 1) < 1e-4)
  }

  /// What a softmax does not see moves no share, however far it drifts.
  @Test func commonShiftsDoNothing() {
    var (values, shifted): ([Float], [Float]) = ([0.5, -1, 2], [64.5, 63, 66])
    Self.head.share(&values)
    Self.head.share(&shifted)
    #expect(values == shifted)
  }

  /// Rewards 1, 2 and 6 of two agents' means: mean 3, deviation √(14/3).
  @Test func rewardsAreStandardisedByWhatIsHeld() {
    let specification = DivisionTask().specification
    var replay = ReplayBuffer(capacity: 3, for: specification)
    #expect(replay.rewardMoments(ofTeams: true) == (0, 1))
    var batch = StepBatch(for: specification)
    // The first is overwritten.
    for rewards: [Float] in [[100, 3], [0, 2], [2, 2], [5, 7]] {
      batch.rewards = rewards
      replay.store(Array(repeating: 0, count: 12), ActionBatch(for: specification), batch)
    }
    let team = replay.rewardMoments(ofTeams: true)
    #expect(abs(team.mean - 3) < 1e-6 && abs(Double(team.deviation) - sqrt(14.0 / 3)) < 1e-6)
    // 0, 2, 2, 2, 5, 7: squares of the distances from 3 add up to 9 + 3 + 4 + 16.
    #expect(abs(Double(replay.rewardMoments(ofTeams: false).deviation) - sqrt(32.0 / 6)) < 1e-6)
  }

  @Test func noiseIsBroughtBack() {
    let noisy: [Float] = [-1.2, 0, 0, -1, -1, -1, 1.5, -2, -2, -0.5, -0.5, 0]
    let expected = (0..<4).flatMap { whole -> [Double] in
      let cut = noisy[3 * whole..<3 * whole + 3].map { min(max((Double($0) + 1) / 2, 1e-6), 1) }
      return cut.map { 2 * $0 / cut.reduce(0, +) - 1 }
    }
    var values = noisy
    Self.head.project(&values)
    let tape = Tape()
    var found = Tensor(zeros: [4, 3])
    tape.scope { Self.head.projected(tape.constant(noisy, shape: [4, 3])).copy(into: &found) }
    let span = found.span
    for i in 0..<12 { #expect(abs(Double(values[i]) - expected[i]) < 1e-6 && abs(Double(span[i]) - expected[i]) < 1e-6) }
  }

  /// What is done, and with it what is stored, adds up to one under random actions, under noise and without.
  @Test(arguments: [true, false]) func whatIsDoneAddsUpToOne(items: Bool) {
    let specification = DivisionTask().specification
    var trainer = Trainer(TD3Mix(configuration(items: items), for: specification, seed: 7), in: DivisionTask())
    for _ in 0..<150 {
      trainer.advance()
      #expect(trainer.environment.sums.allSatisfy { abs($0 - 1) < 1e-5 })
    }
    var policy = trainer.learner.greedy(copies: 1)
    var actions = ActionBatch(for: specification)
    policy.act(Array(repeating: 0.3, count: 12), step: 0, into: &actions)
    for whole in 0..<4 { #expect(abs((0..<3).reduce(Float(0)) { $0 + actions.values[3 * whole + $1] } - 1) < 1e-5) }
  }

  /// A tenth of the initial output: shares begin nearly equal, z within 0.1 (√16 bound and bias) of each other.
  @Test func actorsBeginNearEqualShares() {
    var policy = TD3Mix(configuration(items: true), for: DivisionTask().specification, seed: 7).greedy(copies: 1)
    var actions = ActionBatch(for: DivisionTask().specification)
    policy.act((0..<12).map { Float($0) / 6 - 1 }, step: 0, into: &actions)
    #expect(actions.values.allSatisfy { abs($0 - 1 / 3) < 0.06 } && Set(actions.values).count > 3)
  }

  /// Random shares give E o = 1/2, the largest of three uniform numbers is 3/4; the limit of logits takes a little.
  @Test(arguments: [true, false]) func sharesAreLearnt(items: Bool) {
    let task = DivisionTask()
    var trainer = Trainer(TD3Mix(configuration(items: items), for: task.specification, seed: 7), in: task)
    while trainer.learner.updates < 1500 { trainer.advance() }
    var policy = trainer.learner.greedy(copies: 1)
    var trial = DivisionTask()
    trial.time = 1_000_000
    // One network for all places has to find out that they are alike.
    #expect(evaluate(&policy, in: &trial, steps: 300)[0] > (items ? 0.68 : 0.6))
  }

  @Test(arguments: [true, false]) func aRestoredRunGoesOnBitForBit(items: Bool) throws {
    var configuration = configuration(items: items)
    configuration.randomSteps = 10
    try LearnerChecks.resumes(steps: 31) { Trainer(TD3Mix(configuration, for: DivisionTask().specification, seed: 3), in: DivisionTask()) }
  }

  @Test func nothingIsAllocated() {
    var configuration = configuration(items: true)
    (configuration.randomSteps, configuration.replayCapacity) = (10, 50)
    var trainer = Trainer(TD3Mix(configuration, for: DivisionTask().specification, seed: 3), in: DivisionTask())
    for _ in 0..<60 { trainer.advance() }
    var learner = trainer.learner
    var actions = ActionBatch(for: DivisionTask().specification)
    let observations = [Float](repeating: 0.5, count: 12)
    // The copy gets memory of its own: in an update of the critics, and in one of the actors.
    for _ in 0..<2 { learner.update() }
    learner.act(observations, step: 0, into: &actions)
    allocations_watch()
    for step in 0..<20 {
      learner.update()
      learner.act(observations, step: step, into: &actions)
    }
    #expect(allocations_seen().requests == 0)
  }

  @Test func whatDoesNotFitIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var configuration = TD3MixConfiguration()
      configuration.shares = ShareHead(parts: 4)
      _ = TD3Mix(configuration, for: DivisionTask().specification, seed: 1)
    }
  }
}
