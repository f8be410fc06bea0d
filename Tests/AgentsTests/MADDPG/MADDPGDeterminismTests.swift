import Agents
import Tensor
import TestSupport
import Testing

@Suite struct MADDPGDeterminismTests {
  private func trainer(
    threads: Int = 1, neighbours: Int? = nil, proximity: [[Int]]? = nil, seed: UInt64 = 3
  ) -> Trainer<IdentityTask, MADDPG> {
    var configuration = MADDPGConfiguration()
    (configuration.actorWidths, configuration.criticObservationWidth, configuration.criticWidths) = ([17], 19, [18, 9])
    (configuration.batchSize, configuration.randomSteps, configuration.replayCapacity, configuration.neighbours) = (16, 10, 25, neighbours)
    configuration.maximumGradientNorm = 0.5
    let environment = IdentityTask(agents: 4, copies: 2)
    let learner = MADDPG(configuration, for: environment.specification, proximity: proximity, seed: seed, threads: threads)
    return Trainer(learner, in: environment)
  }

  private func bytes(_ trainer: Trainer<IdentityTask, MADDPG>, steps: Int) throws -> [UInt8] {
    var trainer = trainer
    for _ in 0..<steps { trainer.advance() }
    #expect(trainer.learner.updates == max(steps - 10, 0))
    return try SavedLearner(&trainer).bytes
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    let one = try bytes(trainer(), steps: 30)
    for threads in [2, 3, 4, 9] { #expect(try bytes(trainer(threads: threads), steps: 30) == one, "\(threads) threads") }
    #expect(try bytes(trainer(seed: 4), steps: 30) != one)
  }

  @Test(arguments: [5, 10, 17]) func aRestoredRunGoesOnBitForBit(steps: Int) throws {
    var original = trainer(threads: 2)
    for _ in 0..<steps { original.advance() }
    let saved = try SavedLearner(&original)
    // The one that is restored has a past of its own.
    var restored = trainer(threads: 3)
    for _ in 0..<13 { restored.advance() }
    try saved.restore(&restored)
    #expect(try SavedLearner(&restored).bytes == saved.bytes)
    for _ in 0..<20 {
      original.advance()
      restored.advance()
    }
    #expect(try SavedLearner(&restored).bytes == SavedLearner(&original).bytes)
  }

  @Test func allOthersAsNeighboursAreAllAgents() throws {
    let proximity = [[0, 3, 2, 1], [1, 2, 0, 3], [2, 0, 1, 3], [3, 1, 0, 2]]
    let all = try bytes(trainer(), steps: 20)
    #expect(try bytes(trainer(neighbours: 3), steps: 20) == all)
    #expect(try bytes(trainer(neighbours: 3, proximity: proximity), steps: 20) == all)
    #expect(trainer().learner.groups == [[0, 1, 2, 3], [1, 0, 2, 3], [2, 0, 1, 3], [3, 0, 1, 2]])
    let two = trainer(neighbours: 2, proximity: proximity)
    #expect(two.learner.groups == proximity.map { Array($0.prefix(3)) })
    #expect(two.learner.productsPerUpdate < trainer().learner.productsPerUpdate)
    #expect(try bytes(two, steps: 20) != all)
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var configuration = MADDPGConfiguration()
      configuration.neighbours = 1
      _ = MADDPG(configuration, for: IdentityTask(agents: 4).specification, seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      let specification = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: ActionSpace())
      _ = MADDPG(MADDPGConfiguration(), for: specification, seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      var configuration = MADDPGConfiguration()
      configuration.criticSeesAgent = true
      _ = MADDPG(configuration, for: IdentityTask(agents: 4).specification, seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      var configuration = MADDPGConfiguration()
      configuration.estimator = .expected
      let space = ActionSpace(choices: [2], bounds: [-1...1])
      _ = MADDPG(configuration, for: EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: space), seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      var configuration = MATD3Configuration()
      configuration.joint.estimator = .expected
      let space = ActionSpace(choices: [2, 2])
      _ = MATD3(configuration, for: EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: space), seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      var configuration = MADDPGConfiguration()
      configuration.criticTellsChoices = true
      _ = MADDPG(configuration, for: IdentityTask(agents: 4).specification, seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      var configuration = MATD3Configuration()
      configuration.policyDelay = 0
      _ = MATD3(configuration, for: IdentityTask(agents: 4).specification, seed: 1)
    }
  }
}
