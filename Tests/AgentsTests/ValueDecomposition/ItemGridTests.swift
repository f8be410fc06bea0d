import CAllocations
import Tensor
import TestSupport
import Testing

@testable import Agents

/// Two agents see a number at each place of a grid and are paid for doing it, −mean (a − o)² over all; what is seen is new in every step.
struct GridTask: Environment {
  static let grid = ItemGrid(rows: 2, columns: 3, features: 2)
  var specification = EnvironmentSpecification(
    copies: 1, agents: 2, observationSize: 12, actions: ActionSpace(bounds: Array(repeating: -1...1, count: 6)), metrics: ["reward"])
  var time = 0

  private func observe(_ observations: inout [Float]) {
    RandomStream(seed: 3, purpose: .environment).fill(&observations, with: .uniform, step: time)
    for i in observations.indices { observations[i] = 1.6 * observations[i] - 0.8 }
  }

  mutating func reset(into batch: inout StepBatch) { observe(&batch.observations) }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    var seen = batch.finalObservations
    observe(&seen)
    var loss: Float = 0
    for agent in 0..<2 {
      for i in 0..<6 {
        let error = actions.values[agent * 6 + i] - seen[agent * 12 + i]
        loss += error * error / 12
      }
    }
    time += 1
    observe(&batch.observations)
    batch.finalObservations = batch.observations
    for agent in 0..<2 { batch.rewards[agent] = -loss }
    (batch.metrics[0], batch.terminated[0], batch.truncated[0]) = (-loss, false, time % 10 == 0)
  }

  mutating func archive(in archive: Archive) throws(FileError) { try archive.value("time", &time) }
}

@Suite struct ItemGridTests {
  private func configuration(_ change: (inout TD3MixConfiguration) -> Void = { _ in }) -> TD3MixConfiguration {
    var configuration = TD3MixConfiguration()
    (configuration.items, configuration.seesAgentIndex, configuration.stateNumbers) = (GridTask.grid, false, 6)
    (configuration.actorWidths, configuration.criticWidths, configuration.mixingWidth) = ([16, 16], [16, 16], 8)
    (configuration.actorLearningRate, configuration.criticLearningRate, configuration.polyak) = (3e-3, 5e-3, 0.02)
    (configuration.batchSize, configuration.randomSteps, configuration.replayCapacity, configuration.discount) = (16, 100, 2000, 0)
    change(&configuration)
    return configuration
  }

  /// Against plain loops.
  @Test func actionsAreSeenWithTheirMeans() {
    let tape = Tape()
    let actions: [Float] = (0..<12).map { Float(($0 * 7) % 5) - 1.5 }
    var found = Tensor(zeros: [12, 4])
    tape.scope { GridTask.grid.actionFeatures(of: tape.constant(actions, shape: [2, 6])).copy(into: &found) }
    let span = found.span
    for n in 0..<2 {
      for row in 0..<2 {
        for column in 0..<3 {
          let place = (n * 6 + row * 3 + column) * 4
          let overColumns = (0..<3).reduce(0) { $0 + actions[n * 6 + row * 3 + $1] } / 3
          let overRows = (0..<2).reduce(0) { $0 + actions[n * 6 + $1 * 3 + column] } / 2
          let all = actions[n * 6..<n * 6 + 6].reduce(0, +) / 6
          for (i, expected) in [actions[n * 6 + row * 3 + column], overColumns, overRows, all].enumerated() {
            #expect(abs(span[place + i] - expected) < 1e-6)
          }
        }
      }
    }
  }

  /// Items exchanged in what is seen are exchanged in what is done, and the value stays.
  @Test func permutationsOfRowsAndColumnsGoThrough() {
    let learner = TD3Mix(configuration { $0.mixing = .sum }, for: GridTask().specification, seed: 5)
    let observations: [Float] = (0..<24).map { Float(($0 * 11) % 17) / 8 - 1 }
    // Rows exchanged and columns turned.
    let order = (0..<6).map { (1 - $0 / 3) * 3 + ($0 % 3 + 1) % 3 }
    var other = observations
    for plane in 0..<4 { for i in 0..<6 { other[plane * 6 + i] = observations[plane * 6 + order[i]] } }
    var policy = learner.greedy(copies: 1)
    var (first, second) = (ActionBatch(for: GridTask().specification), ActionBatch(for: GridTask().specification))
    policy.act(observations, step: 0, into: &first)
    policy.act(other, step: 0, into: &second)
    for agent in 0..<2 { for i in 0..<6 { #expect(second.values[agent * 6 + i] == first.values[agent * 6 + order[i]]) } }
    #expect(abs(learner.values(of: observations)[0] - learner.values(of: other)[0]) < 1e-5)
    #expect(learner.values(of: observations + other).count == 2)
  }

  /// Random actions have −(1/3 + 0.64/3) on average, doing nothing −0.64/3 = −0.21.
  @Test(arguments: [Mixing.sum, .monotone], [true, false]) func everyItemLearns(mixing: Mixing, twin: Bool) {
    let task = GridTask()
    var trainer = Trainer(
      TD3Mix(configuration { ($0.mixing, $0.usesTwinCritics) = (mixing, twin) }, for: task.specification, seed: 7), in: task)
    while trainer.learner.updates < 1500 { trainer.advance() }
    var policy = trainer.learner.greedy(copies: 1)
    var trial = GridTask()
    trial.time = 1_000_000
    let reward = evaluate(&policy, in: &trial, steps: 300)[0]
    #expect(reward > -0.02)
    // Nothing follows, so that a value is the reward.
    var batch = StepBatch(for: task.specification)
    trial.reset(into: &batch)
    #expect(abs(Double(trainer.learner.values(of: batch.observations)[0]) - reward) < 0.1)
  }

  @Test(arguments: [Mixing.sum, .monotone]) func aRestoredRunGoesOnBitForBit(mixing: Mixing) throws {
    let configuration = configuration { ($0.mixing, $0.randomSteps) = (mixing, 10) }
    try LearnerChecks.resumes(steps: 31) { Trainer(TD3Mix(configuration, for: GridTask().specification, seed: 3), in: GridTask()) }
  }

  @Test(arguments: [Mixing.sum, .monotone]) func nothingIsAllocated(mixing: Mixing) {
    let configuration = configuration { ($0.mixing, $0.randomSteps, $0.replayCapacity) = (mixing, 10, 50) }
    // The task allocates, so that the updates are counted by themselves.
    var trainer = Trainer(TD3Mix(configuration, for: GridTask().specification, seed: 3), in: GridTask())
    for _ in 0..<60 { trainer.advance() }
    var learner = trainer.learner
    // The copy gets memory of its own: in an update of the critics, and in one of the actors.
    for _ in 0..<2 { learner.update() }
    allocations_watch()
    for _ in 0..<20 { learner.update() }
    #expect(allocations_seen().requests == 0)
  }

  @Test func whatDoesNotFitIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var configuration = TD3MixConfiguration()
      configuration.items = ItemGrid(rows: 2, columns: 2, features: 2)
      configuration.seesAgentIndex = false
      _ = TD3Mix(configuration, for: GridTask().specification, seed: 1)
    }
  }
}
