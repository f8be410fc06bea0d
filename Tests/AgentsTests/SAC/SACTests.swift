import Agents
import Tensor
import TestSupport
import Testing

@Suite struct SACTests {
  private static let reference = ReferenceActorCritic(observationSize: 3, components: 2, actorWidths: [5], criticWidths: [6, 4], critics: 2)

  private static var small: SACConfiguration {
    var configuration = SACConfiguration()
    (configuration.actorWidths, configuration.criticWidths) = ([5], [6, 4])
    (configuration.actorLearningRate, configuration.criticLearningRate) = (0.02, 0.03)
    (configuration.discount, configuration.polyak) = (0.8, 0.3)
    (configuration.batchSize, configuration.replayCapacity, configuration.randomSteps) = (8, 64, 10)
    configuration.temperatureLearningRate = 0.01
    return configuration
  }

  @Test(
    arguments: [(SACConfiguration.Temperature.automatic(initial: 0.3), nil), (.fixed(0.2), nil), (.automatic(), 0.05)]
      as [(SACConfiguration.Temperature, Float?)])
  func anUpdateIsThatByHand(temperature: SACConfiguration.Temperature, maximumNorm: Float?) throws {
    var configuration = Self.small
    (configuration.temperature, configuration.maximumGradientNorm, configuration.randomSteps) = (temperature, maximumNorm, 1000)
    configuration.targetEntropy = -1.5
    var learner = SAC(configuration, for: UpdateByHand.specification, seed: 31)
    let transitions = UpdateByHand.experience(&learner)
    // Two updates ahead, so that targets and networks differ.
    for _ in 0..<2 { learner.update() }
    let before = try SavedLearner(&learner)
    learner.update()
    let after = try SavedLearner(&learner)

    let networks = Self.reference
    let rows = UpdateByHand.minibatch(transitions, size: 8, seed: 31, update: 2)
    let alpha = Math.exp(try before.numbers("networks.logTemperature")[0])
    func noise(_ part: Int) -> [Double] {
      Tape().noise(.normal, shape: [8, 2], from: RandomStream(seed: 31, purpose: .update), step: 2, part: part).array.map(Double.init)
    }
    func sample(_ p: [Double], _ observation: [Double], _ noise: [Double], _ b: Int) -> (action: [Double], logProbability: Double) {
      networks.sample(networks.output(p, observation, width: 4), noise[2 * b..<2 * b + 2])
    }

    let actor = try before.numbers("networks.actor")
    let targetCritics = try before.numbers("networks.targetCritics")
    let nextNoise = noise(0)
    let goals = rows.indices.map { b -> Double in
      if rows[b].terminated { return rows[b].reward }
      let (action, logProbability) = sample(actor, rows[b].successor, nextNoise, b)
      return rows[b].reward + Double(Float(0.8)) * (networks.smallestValue(targetCritics, rows[b].successor, action) - alpha * logProbability)
    }
    let criticGradient = FiniteDifference.gradient(at: try before.numbers("networks.critics")) { p in
      var sum = 0.0
      for (row, goal) in zip(rows, goals) {
        for critic in 0..<2 {
          let error = networks.value(p, critic, row.observation, row.action) - goal
          sum += 0.5 * error * error
        }
      }
      return sum / Double(rows.count)
    }
    let found = try UpdateByHand.gradient(before, after, "networks.criticOptimizer")
    #expect(UpdateByHand.distance(found, UpdateByHand.clipped(criticGradient, maximumNorm)) < 5e-5)
    let targets = try after.numbers("networks.targetCritics")
    #expect(UpdateByHand.distance(targets, UpdateByHand.moved(targetCritics, try after.numbers("networks.critics"), 0.3)) < 1e-6)

    // With the critics that have just been updated.
    let newCritics = try after.numbers("networks.critics")
    let presentNoise = noise(1)
    #expect(presentNoise != nextNoise)
    let actorGradient = FiniteDifference.gradient(at: actor) { p in
      var sum = 0.0
      for (b, row) in rows.enumerated() {
        let (action, logProbability) = sample(p, row.observation, presentNoise, b)
        sum += alpha * logProbability - networks.smallestValue(newCritics, row.observation, action)
      }
      return sum / Double(rows.count)
    }
    let foundActor = try UpdateByHand.gradient(before, after, "networks.actorOptimizer")
    #expect(UpdateByHand.distance(foundActor, UpdateByHand.clipped(actorGradient, maximumNorm)) < 5e-5)

    let logProbabilities = rows.enumerated().map { b, row in sample(actor, row.observation, presentNoise, b).logProbability }
    let slope = -(logProbabilities.reduce(0, +) / 8 - 1.5)
    let logTemperatures = (try before.numbers("networks.logTemperature"), try after.numbers("networks.logTemperature"))
    if case .fixed = temperature {
      #expect(logTemperatures.0 == logTemperatures.1)
    } else {
      #expect(UpdateByHand.distance(try UpdateByHand.gradient(before, after, "networks.temperatureOptimizer"), [slope]) < 5e-5)
      #expect(logTemperatures.0 != logTemperatures.1)
    }
  }

  @Test func runsGoOn() throws {
    try ContinuousLearnerChecks.runs {
      var configuration = Self.small
      configuration.replayCapacity = 50
      return SAC(configuration, for: $0, seed: 3)
    }
  }

  @Test func acts() throws {
    try ContinuousLearnerChecks.acts(SAC(Self.small, for: UpdateByHand.specification, seed: 3)) { saved, observation in
      Self.reference.output(try saved.numbers("networks.actor"), observation, width: 4).prefix(2).map(ReferenceActorCritic.tanh)
    }
    ContinuousLearnerChecks.copiesActAlone { SAC(Self.small, for: $0, seed: 3) }
  }

  /// The behaviour has the density that is learned with: tanh(μ + σ ε) with independent normal ε, and both components of their own.
  @Test func behaviourIsASampleOfThePolicy() throws {
    var configuration = Self.small
    configuration.randomSteps = 0
    var learner = SAC(configuration, for: UpdateByHand.specification, seed: 3)
    let output = Self.reference.output(try SavedLearner(&learner).numbers("networks.actor"), [0.3, 0.2, -0.1], width: 4)
    var actions = ActionBatch(for: UpdateByHand.specification)
    var noise: [[Double]] = [[], []]
    for step in 0..<3000 {
      learner.act([0.3, 0.2, -0.1], step: step, into: &actions)
      for (d, unit) in [(Double(actions.values[0]) - 1) / 2, (Double(actions.values[1]) - 10.5) / 0.5].enumerated() {
        let u = 0.5 * (Math.log(1 + unit) - Math.log(1 - unit))
        noise[d].append((u - output[d]) / Math.exp(output[2 + d]))
      }
    }
    for d in 0..<2 { #expect(KolmogorovSmirnov.agrees(noise[d], with: KolmogorovSmirnov.normal)) }
    // A mean product of 3000 pairs has the deviation 0.0183; 5.5 of them are exceeded less than once in 10 million times.
    #expect(abs(Moments.meanProduct(noise[0], noise[1])) < 0.1)
  }

  /// The temperature brings the entropy to its target: where it is too low ln α rises, where it is too high it falls.
  @Test(arguments: [-0.4, 0.4] as [Float]) func theTemperatureFollowsTheEntropy(target: Float) {
    var configuration = Self.small
    (configuration.targetEntropy, configuration.batchSize, configuration.discount) = (target, 64, 0)
    (configuration.actorLearningRate, configuration.temperatureLearningRate) = (0.003, 0.003)
    (configuration.actorWidths, configuration.replayCapacity) = ([16], 1000)
    let task = IdentityEnvironment.continuous(seed: 2)
    var trainer = Trainer(SAC(configuration, for: task.specification, seed: 5), in: task)
    for _ in 0..<2500 { trainer.advance() }
    var sum = 0.0
    for _ in 0..<500 {
      trainer.advance()
      sum += trainer.learner.diagnostics.first { $0.name == "entropy" }!.value
    }
    #expect(abs(sum / 500 - Double(target)) < 0.2)
  }

  @Test func endsAndCutsAreKeptApart() throws {
    try ContinuousLearnerChecks.endsAndCuts(critics: 2) {
      var configuration = Self.small
      (configuration.actorWidths, configuration.criticWidths) = ([8], [16, 16])
      (configuration.criticLearningRate, configuration.discount, configuration.polyak) = (0.003, 0.5, 0.05)
      (configuration.replayCapacity, configuration.randomSteps, configuration.batchSize) = (2000, 1000, 32)
      configuration.temperature = .fixed(0)
      return SAC(configuration, for: $0, seed: 3)
    }
  }

  @Test func hostileFilesAreRefused() throws {
    try ContinuousLearnerChecks.hostileFiles { SAC(Self.small, for: $0, seed: 3) }
    ContinuousLearnerChecks.objections(SAC.self)
  }

  @Test func repeatsWhatItSees() {
    let result = ContinuousLearnerChecks.identityReturn(steps: 600) {
      var configuration = SACConfiguration.rltools
      (configuration.discount, configuration.temperature) = (0.4, .fixed(0.05))
      return SAC(configuration, for: $0, seed: 3)
    }
    #expect(result > 95)
  }
}
