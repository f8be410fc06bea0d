import Agents
import Tensor
import TestSupport
import Testing

@Suite struct DDPGTests {
  private static let reference = ReferenceActorCritic(
    observationSize: 3, components: 2, actorWidths: [5], criticWidths: [6, 4], critics: 1, entry: 1)

  private static var small: DDPGConfiguration {
    var configuration = DDPGConfiguration()
    (configuration.actorWidths, configuration.criticWidths) = ([5], [6, 4])
    (configuration.actorLearningRate, configuration.criticLearningRate) = (0.02, 0.03)
    (configuration.discount, configuration.polyak) = (0.8, 0.3)
    (configuration.batchSize, configuration.replayCapacity, configuration.randomSteps) = (8, 64, 10)
    configuration.outputBound = nil
    return configuration
  }

  @Test(arguments: DDPGConfiguration.ActionEntry.allCases, [(0, nil), (0.1, nil), (0.1, 0.05)] as [(Float, Float?)])
  func anUpdateIsThatByHand(entry: DDPGConfiguration.ActionEntry, penalty: (decay: Float, maximumNorm: Float?)) throws {
    var configuration = Self.small
    (configuration.actionEntry, configuration.criticWeightDecay) = (entry, penalty.decay)
    (configuration.maximumGradientNorm, configuration.randomSteps) = (penalty.maximumNorm, 1000)
    var learner = DDPG(configuration, for: UpdateByHand.specification, seed: 31)
    let transitions = UpdateByHand.experience(&learner)
    // Two updates ahead, so that targets and networks differ.
    for _ in 0..<2 { learner.update() }
    let before = try SavedLearner(&learner)
    learner.update()
    let after = try SavedLearner(&learner)

    var networks = Self.reference
    networks.entry = entry.rawValue
    let rows = UpdateByHand.minibatch(transitions, size: 8, seed: 31, update: 2)
    let targetActor = try before.numbers("networks.targetActor")
    let targetCritic = try before.numbers("networks.targetCritics")
    let goals = rows.map { row -> Double in
      if row.terminated { return row.reward }
      return row.reward + Double(Float(0.8)) * networks.value(targetCritic, 0, row.successor, networks.action(targetActor, row.successor))
    }
    let criticGradient = FiniteDifference.gradient(at: try before.numbers("networks.critics")) { p in
      var sum = 0.0
      for (row, goal) in zip(rows, goals) {
        let error = networks.value(p, 0, row.observation, row.action) - goal
        sum += error * error
      }
      let squares = p.reduce(0) { $0 + $1 * $1 }
      return sum / Double(rows.count) + 0.5 * Double(penalty.decay) * squares
    }
    let found = try UpdateByHand.gradient(before, after, "networks.criticOptimizer")
    #expect(UpdateByHand.distance(found, UpdateByHand.clipped(criticGradient, penalty.maximumNorm)) < 5e-5)

    // With the critic that has just been updated.
    let newCritic = try after.numbers("networks.critics")
    let actorGradient = FiniteDifference.gradient(at: try before.numbers("networks.actor")) { p in
      var sum = 0.0
      for row in rows { sum += networks.value(newCritic, 0, row.observation, networks.action(p, row.observation)) }
      return -sum / Double(rows.count)
    }
    let foundActor = try UpdateByHand.gradient(before, after, "networks.actorOptimizer")
    #expect(UpdateByHand.distance(foundActor, UpdateByHand.clipped(actorGradient, penalty.maximumNorm)) < 5e-5)
    for (network, target) in [("actor", "targetActor"), ("critics", "targetCritics")] {
      let expected = UpdateByHand.moved(try before.numbers("networks." + target), try after.numbers("networks." + network), 0.3)
      #expect(UpdateByHand.distance(try after.numbers("networks." + target), expected) < 1e-6)
    }
  }

  @Test func runsGoOn() throws {
    try ContinuousLearnerChecks.runs {
      var configuration = Self.small
      configuration.replayCapacity = 50
      return DDPG(configuration, for: $0, seed: 3)
    }
  }

  @Test func acts() throws {
    try ContinuousLearnerChecks.acts(DDPG(Self.small, for: UpdateByHand.specification, seed: 3)) { saved, observation in
      Self.reference.action(try saved.numbers("networks.actor"), observation)
    }
    ContinuousLearnerChecks.copiesActAlone { DDPG(Self.small, for: $0, seed: 3) }
  }

  @Test func lastLayersBeginSmall() throws {
    var learner = DDPG(.lillicrap, for: UpdateByHand.specification, seed: 3)
    let saved = try SavedLearner(&learner)
    // The last 300 × 2 weights and 2 biases of the actor, 300 and 1 of the critic.
    for (name, count) in [("networks.actor", 602), ("networks.critics", 301)] {
      let numbers = try saved.numbers(name)
      let last = numbers.suffix(count).map(abs).max()!
      #expect(last <= 0.003 && last > 0.0025 && numbers.dropLast(count).map(abs).max()! > 0.04)
    }
  }

  @Test func endsAndCutsAreKeptApart() throws {
    try ContinuousLearnerChecks.endsAndCuts(critics: 1) {
      var configuration = Self.small
      (configuration.actorWidths, configuration.criticWidths) = ([8], [16, 16])
      (configuration.criticLearningRate, configuration.discount, configuration.polyak) = (0.003, 0.5, 0.05)
      (configuration.replayCapacity, configuration.randomSteps, configuration.batchSize) = (2000, 1000, 32)
      (configuration.actionEntry, configuration.criticWeightDecay) = (.input, 0)
      return DDPG(configuration, for: $0, seed: 3)
    }
  }

  @Test func hostileFilesAreRefused() throws {
    try ContinuousLearnerChecks.hostileFiles { DDPG(Self.small, for: $0, seed: 3) }
    ContinuousLearnerChecks.objections(DDPG.self)
  }

  @Test func repeatsWhatItSees() {
    let result = ContinuousLearnerChecks.identityReturn(steps: 600) {
      var configuration = DDPGConfiguration.rltools
      configuration.discount = 0.4
      return DDPG(configuration, for: $0, seed: 3)
    }
    #expect(result > 95)
  }
}
