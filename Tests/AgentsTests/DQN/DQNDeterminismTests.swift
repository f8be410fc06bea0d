import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct DQNDeterminismTests {
  @Test(arguments: DQNUpdateTests.Variant.allCases) func aRestoredRunGoesOnBitForBit(variant: DQNUpdateTests.Variant) throws {
    // Behind 25 and 57 steps: the memory of 60 transitions is not yet full, and is.
    try LearnerChecks.resumes(steps: 25) { DQNUpdateTests.trainer(variant) }
    try LearnerChecks.resumes(steps: 57) { DQNUpdateTests.trainer(variant) }
  }

  @Test func boltzmannsBehaviourResumesToo() throws {
    var configuration = DQNUpdateTests.configuration(.all)
    configuration.behaviour = .boltzmann
    let task = WalkTask(copies: 3)
    try LearnerChecks.resumes(steps: 31) { Trainer(DQN(configuration, for: task.specification, seed: 4), in: task) }
  }

  @Test func theSeedDecides() throws {
    func bytes(_ seed: UInt64) throws -> [UInt8] {
      var trainer = DQNUpdateTests.trainer(.all, seed: seed)
      for _ in 0..<30 { trainer.advance() }
      return try SavedLearner(&trainer).bytes
    }
    #expect(try bytes(6) == bytes(6))
    #expect(try bytes(6) != bytes(7))
  }

  @Test func aCopyLearnsByItself() throws {
    var first = DQNUpdateTests.trainer(.all)
    for _ in 0..<30 { first.advance() }
    var second = first
    for _ in 0..<10 {
      first.advance()
      second.advance()
    }
    #expect(try SavedLearner(&first).bytes == SavedLearner(&second).bytes)
  }

  @Test(arguments: DQNUpdateTests.Variant.allCases) func trainingTakesNoMemory(variant: DQNUpdateTests.Variant) {
    var trainer = DQNUpdateTests.trainer(variant)
    #expect(LearnerChecks.allocations(&trainer, warmUp: 100, steps: 50) == 0)
  }

  @Test func aDamagedCheckpointIsRefusedOrHarmless() throws {
    // Bytes changed at random: whatever is accepted must go on without a trap.
    let folder = try TemporaryFolder()
    for variant in [DQNUpdateTests.Variant.all, .plain] {
      var trainer = DQNUpdateTests.trainer(variant)
      for _ in 0..<40 { trainer.advance() }
      try Archive.save(&trainer, to: folder.file("state"))
      let bytes = try folder.bytes("state")
      var random = RandomStream(seed: 9, purpose: .environment).generator()
      var (refused, accepted) = (0, 0)
      for _ in 0..<150 {
        var damaged = bytes
        for _ in 0..<3 { damaged[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256)) }
        try folder.write(damaged, to: "damaged")
        var other = DQNUpdateTests.trainer(variant)
        do {
          try Archive.restore(&other, from: folder.file("damaged"))
        } catch {
          refused += 1
          continue
        }
        accepted += 1
        for _ in 0..<12 { other.advance() }
      }
      #expect(refused > 0 && accepted > 0)
    }
  }

  @Test func anotherConfigurationIsRefused() throws {
    var trainer = DQNUpdateTests.trainer(.all)
    for _ in 0..<30 { trainer.advance() }
    let saved = try SavedLearner(&trainer.learner)
    for variant in [DQNUpdateTests.Variant.plain, .dueling, .steps, .prioritized] {
      var other = DQNUpdateTests.trainer(variant).learner
      #expect(throws: FileError.self) { try saved.restore(&other) }
    }
    let plain = try SavedLearner(&trainer.learner)
    let task = WalkTask(copies: 3)
    var more = DQN(DQNUpdateTests.configuration(.all), for: task.specification, seed: 6)
    #expect(throws: FileError.self) { try plain.restore(&more) }
  }

  @Test func whatDoesNotFitIsRefused() async {
    let specification = EnvironmentSpecification(copies: 1, agents: 2, observationSize: 1, actions: .discrete(2))
    #expect(DQN.objection(to: specification) == "DQN: there must be one agent, there are 2")
    let continuous = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: .continuous(0...1))
    #expect(DQN.objection(to: continuous) == "DQN: the action space must be one choice, it is 1 number in 0.0...1.0")
    #expect(DQN.objection(to: WalkTask().specification) == nil)
    await #expect(processExitsWith: .failure) {
      let specification = EnvironmentSpecification(copies: 1, agents: 2, observationSize: 1, actions: .discrete(2))
      _ = DQN(for: specification, seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      var configuration = DQNConfiguration()
      configuration.target = .everyUpdates(0)
      _ = DQN(configuration, for: WalkTask().specification, seed: 1)
    }
  }
}
