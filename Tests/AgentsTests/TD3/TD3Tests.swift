import Agents
import Tensor
import TestSupport
import Testing

@Suite struct TD3Tests {
  private static let reference = ReferenceActorCritic(observationSize: 3, components: 2, actorWidths: [5], criticWidths: [6, 4], critics: 2)

  private static var small: TD3Configuration {
    var configuration = TD3Configuration()
    (configuration.actorWidths, configuration.criticWidths) = ([5], [6, 4])
    (configuration.actorLearningRate, configuration.criticLearningRate) = (0.02, 0.03)
    (configuration.discount, configuration.polyak) = (0.8, 0.3)
    (configuration.batchSize, configuration.replayCapacity, configuration.randomSteps) = (8, 64, 10)
    (configuration.smoothingDeviation, configuration.smoothingLimit) = (0.4, 0.5)
    return configuration
  }

  @Test(arguments: [(2, nil), (3, nil), (2, 0.05)] as [(Int, Float?)])
  func anUpdateIsThatByHand(delay: Int, maximumNorm: Float?) throws {
    var configuration = Self.small
    (configuration.policyDelay, configuration.maximumGradientNorm, configuration.randomSteps) = (delay, maximumNorm, 1000)
    var learner = TD3(configuration, for: UpdateByHand.specification, seed: 31)
    let transitions = UpdateByHand.experience(&learner)
    // Ahead, so that targets and networks differ.
    for _ in 0..<delay { learner.update() }
    for update in delay..<2 * delay {
      let before = try SavedLearner(&learner)
      learner.update()
      let after = try SavedLearner(&learner)
      try compare(before, after, transitions, update: update, configuration)
    }
  }

  private func compare(
    _ before: SavedLearner, _ after: SavedLearner, _ transitions: [ReferenceTransition], update: Int, _ configuration: TD3Configuration
  ) throws {
    let networks = Self.reference
    let rows = UpdateByHand.minibatch(transitions, size: 8, seed: 31, update: update)
    var noise = [Float](repeating: 0, count: 16)
    RandomStream(seed: 31, purpose: .update).fill(&noise, with: .normal, step: update)

    let targetActor = try before.numbers("networks.targetActor")
    let targetCritics = try before.numbers("networks.targetCritics")
    var cut = 0
    let goals = rows.indices.map { b -> Double in
      if rows[b].terminated { return rows[b].reward }
      let action = networks.action(targetActor, rows[b].successor).enumerated().map { d, a -> Double in
        let smoothing = Double(Float(0.4)) * Double(noise[2 * b + d])
        if abs(smoothing) > 0.5 { cut += 1 }
        return min(max(a + min(max(smoothing, -0.5), 0.5), -1), 1)
      }
      return rows[b].reward + Double(Float(0.8)) * networks.smallestValue(targetCritics, rows[b].successor, action)
    }
    #expect(cut > 0, "no noise was cut")
    let critics = try before.numbers("networks.critics")
    let criticGradient = FiniteDifference.gradient(at: critics) { p in
      var sum = 0.0
      for (row, goal) in zip(rows, goals) {
        for critic in 0..<2 {
          let error = networks.value(p, critic, row.observation, row.action) - goal
          sum += error * error
        }
      }
      return sum / Double(rows.count)
    }
    let maximumNorm = configuration.maximumGradientNorm
    let found = try UpdateByHand.gradient(before, after, "networks.criticOptimizer")
    #expect(UpdateByHand.distance(found, UpdateByHand.clipped(criticGradient, maximumNorm)) < 5e-5)

    let names = ["networks.actor", "networks.targetActor", "networks.targetCritics", "networks.actorOptimizer.mean"]
    if (update + 1) % configuration.policyDelay != 0 {
      for name in names { #expect(try before.numbers(name) == after.numbers(name), "\(name) did not wait") }
      return
    }
    // With the critics that have just been updated.
    let newCritics = try after.numbers("networks.critics")
    let actorGradient = FiniteDifference.gradient(at: try before.numbers("networks.actor")) { p in
      var sum = 0.0
      for row in rows { sum += networks.value(newCritics, 0, row.observation, networks.action(p, row.observation)) }
      return -sum / Double(rows.count)
    }
    let foundActor = try UpdateByHand.gradient(before, after, "networks.actorOptimizer")
    #expect(UpdateByHand.distance(foundActor, UpdateByHand.clipped(actorGradient, maximumNorm)) < 5e-5)
    for (network, target) in [("actor", "targetActor"), ("critics", "targetCritics")] {
      let expected = UpdateByHand.moved(try before.numbers("networks." + target), try after.numbers("networks." + network), 0.3)
      #expect(UpdateByHand.distance(try after.numbers("networks." + target), expected) < 1e-6)
    }
  }

  @Test func runsGoOn() throws {
    try ContinuousLearnerChecks.runs {
      var configuration = Self.small
      configuration.replayCapacity = 50
      return TD3(configuration, for: $0, seed: 3)
    }
  }

  @Test func acts() throws {
    try ContinuousLearnerChecks.acts(TD3(Self.small, for: UpdateByHand.specification, seed: 3)) { saved, observation in
      Self.reference.action(try saved.numbers("networks.actor"), observation)
    }
    ContinuousLearnerChecks.copiesActAlone {
      var configuration = Self.small
      configuration.noise = .ornsteinUhlenbeck()
      return TD3(configuration, for: $0, seed: 3)
    }
    // Without noise it acts as its greedy copy.
    var configuration = Self.small
    (configuration.noise, configuration.randomSteps) = (.none, 0)
    var learner = TD3(configuration, for: UpdateByHand.specification, seed: 3)
    var (own, greedy) = (ActionBatch(for: UpdateByHand.specification), ActionBatch(for: UpdateByHand.specification))
    learner.act([0.3, 0.2, -0.1], step: 5, into: &own)
    var policy = learner.greedy(copies: 1)
    policy.act([0.3, 0.2, -0.1], step: 0, into: &greedy)
    #expect(own.values == greedy.values)
  }

  @Test func endsAndCutsAreKeptApart() throws {
    try ContinuousLearnerChecks.endsAndCuts(critics: 2) {
      var configuration = Self.small
      (configuration.actorWidths, configuration.criticWidths) = ([8], [16, 16])
      (configuration.criticLearningRate, configuration.discount, configuration.polyak) = (0.003, 0.5, 0.05)
      (configuration.replayCapacity, configuration.randomSteps, configuration.batchSize) = (2000, 1000, 32)
      return TD3(configuration, for: $0, seed: 3)
    }
  }

  @Test func hostileFilesAreRefused() throws {
    try ContinuousLearnerChecks.hostileFiles { TD3(Self.small, for: $0, seed: 3) }
    ContinuousLearnerChecks.objections(TD3.self)
  }

  @Test func repeatsWhatItSees() {
    let result = ContinuousLearnerChecks.identityReturn(steps: 600) {
      var configuration = TD3Configuration.rltools
      configuration.discount = 0.4
      return TD3(configuration, for: $0, seed: 3)
    }
    #expect(result > 95)
  }

  @Test func updatesComeWhenTheyAreDue() {
    var configuration = Self.small
    (configuration.trainingInterval, configuration.updatesPerTraining) = (4, 3)
    let task = Pendulum(seed: 1)
    var trainer = Trainer(TD3(configuration, for: task.specification, seed: 1), in: task)
    for step in 1...30 {
      trainer.advance()
      #expect(trainer.learner.updates == max(step - 10, 0) / 4 * 3 && trainer.learner.isWarmingUp == (step < 10))
    }
  }
}
