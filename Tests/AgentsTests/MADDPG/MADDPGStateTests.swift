import Tensor
import TestSupport
import Testing

@testable import Agents

/// What a learner keeps between steps, in every form: resuming, threads, files from elsewhere, memory.
@Suite struct MADDPGStateTests {
  private func task() -> MixedTask { MixedTask(MADDPGForms.hybrid, agents: 3, copies: 2) }

  private func trainer(_ form: Int, threads: Int = 1) -> Trainer<MixedTask, MADDPG> {
    let configuration = MADDPGForms.configuration(MADDPGForms.everything[form])
    return Trainer(MADDPG(configuration, for: task().specification, seed: 3, threads: threads), in: task())
  }

  private func refined(_ form: Int, threads: Int = 1) -> Trainer<MixedTask, MATD3> {
    Trainer(MATD3(MADDPGForms.refined(MADDPGForms.everything[form]), for: task().specification, seed: 3, threads: threads), in: task())
  }

  @Test(arguments: MADDPGForms.everything.indices) func aRestoredRunGoesOnBitForBit(form: Int) throws {
    try LearnerChecks.resumes(steps: 23) { trainer(form) }
    try LearnerChecks.resumes(steps: 23) { refined(form) }
  }

  @Test(arguments: MADDPGForms.everything.indices) func theNumberOfThreadsChangesNoBit(form: Int) throws {
    func bytes<Agent>(_ trainer: Trainer<MixedTask, Agent>) throws -> [UInt8] {
      var trainer = trainer
      for _ in 0..<30 { trainer.advance() }
      return try SavedLearner(&trainer).bytes
    }
    let (one, refinedOne) = (try bytes(trainer(form)), try bytes(refined(form)))
    #expect(one != refinedOne)
    for threads in [2, 5] {
      #expect(try bytes(trainer(form, threads: threads)) == one)
      #expect(try bytes(refined(form, threads: threads)) == refinedOne)
    }
  }

  @Test(arguments: MADDPGForms.everything.indices) func aStepOfTrainingTakesNoMemory(form: Int) {
    var (trainer, refined) = (trainer(form), refined(form))
    #expect(LearnerChecks.allocations(&trainer, warmUp: 40, steps: 12) == 0)
    #expect(LearnerChecks.allocations(&refined, warmUp: 40, steps: 12) == 0)
  }

  /// The expected gradient, which serves single choices only, by itself and shared: resuming, threads, memory.
  @Test(arguments: [ParameterSharing.independent, .shared], [false, true])
  func theExpectedGradientIsReproducible(sharing: ParameterSharing, tellsChoices: Bool) throws {
    let task = MixedTask(.discrete(4), agents: 3, copies: 2)
    let configuration = MADDPGForms.configuration {
      ($0.estimator, $0.sharing, $0.criticObservationWidth, $0.criticTellsChoices) = (.expected, sharing, 11, tellsChoices)
    }
    func trainer(threads: Int = 1) -> Trainer<MixedTask, MADDPG> {
      Trainer(MADDPG(configuration, for: task.specification, seed: 3, threads: threads), in: task)
    }
    try LearnerChecks.resumes(steps: 23) { trainer() }
    func bytes(threads: Int) throws -> [UInt8] {
      var trainer = trainer(threads: threads)
      for _ in 0..<30 { trainer.advance() }
      return try SavedLearner(&trainer).bytes
    }
    let one = try bytes(threads: 1)
    for threads in [2, 5] { #expect(try bytes(threads: threads) == one) }
    var steady = trainer()
    #expect(LearnerChecks.allocations(&steady, warmUp: 40, steps: 12) == 0)
  }

  /// Networks learnt among three agents go on among five: each acts as the one that it comes from.
  @Test func networksAreTakenOver() {
    var configuration = MADDPGConfiguration()
    configuration.neighbours = 1
    (configuration.randomSteps, configuration.batchSize) = (4, 4)
    (configuration.actorWidths, configuration.criticObservationWidth, configuration.criticWidths) = ([8], 8, [8])
    func task(_ agents: Int) -> MixedTask { MixedTask(.discrete(4), agents: agents, copies: 1) }
    func order(_ agents: Int) -> [[Int]] { (0..<agents).map { agent in [agent] + (0..<agents).filter { $0 != agent } } }
    var teacher = Trainer(MADDPG(configuration, for: task(3).specification, proximity: order(3), seed: 1), in: task(3))
    for _ in 0..<30 { teacher.advance() }
    var pupil = MADDPG(configuration, for: task(5).specification, proximity: order(5), seed: 2)
    let sources = [2, 0, 1, 2, 0]
    pupil.adopt(teacher.learner, from: sources)
    for (agent, source) in sources.enumerated() {
      #expect(pupil.online(copies: 1).parameters[agent].values == teacher.learner.online(copies: 1).parameters[source].values)
      #expect(pupil.executed(copies: 1).parameters[agent].values == teacher.learner.executed(copies: 1).parameters[source].values)
      #expect(pupil.networks[agent].critic.values == teacher.learner.networks[source].critic.values)
      #expect(pupil.networks[agent].targetCritic.values == teacher.learner.networks[source].targetCritic.values)
    }
    #expect(pupil.updates == 0 && pupil.isWarmingUp)
    // What it was made from stays as it is when it learns.
    let before = teacher.learner.networks[2].actor.values
    var trainer = Trainer(pupil, in: task(5))
    for _ in 0..<30 { trainer.advance() }
    #expect(trainer.learner.networks[0].actor.values != before && teacher.learner.networks[2].actor.values == before)
    #expect(MADDPG.productsPerUpdate(configuration, for: task(5).specification) == pupil.productsPerUpdate)
  }

  /// A copy learns what the original learns, and neither disturbs the other.
  @Test func copiesAreValues() throws {
    var original = trainer(2)
    for _ in 0..<20 { original.advance() }
    var copy = original
    for _ in 0..<10 { copy.advance() }
    for _ in 0..<10 { original.advance() }
    #expect(try SavedLearner(&copy).bytes == SavedLearner(&original).bytes)
  }

  /// Whatever a file holds: it is refused with an error, or the learner goes on without a trap.
  @Test func hostileFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    for changes in [["updates": -1], ["steps": -1], ["steps": Int.max], ["updates": Int.max], ["pending": 1 << 40], ["pending": -3]] {
      var saved = StateOfNumbers(changes: changes, learner: trainer(0).learner)
      try Archive.save(&saved, to: folder.file("state"))
      var learner = trainer(0).learner
      #expect(throws: FileError.self, "\(changes)") { try Archive.restore(&learner, from: folder.file("state")) }
    }
    // An update that is due, and nothing to learn from.
    var saved = StateOfNumbers(changes: ["steps": 20, "pending": 1], learner: trainer(0).learner)
    try Archive.save(&saved, to: folder.file("state"))
    var learner = trainer(0).learner
    #expect(throws: FileError.self) { try Archive.restore(&learner, from: folder.file("state")) }
    // Noise that is no number, and the state of another form.
    var noisy = trainer(0)
    for _ in 0..<12 { noisy.advance() }
    try Archive.save(&noisy.learner, to: folder.file("state"))
    for form in [1, 2] {
      var other = trainer(form).learner
      #expect(throws: FileError.self) { try Archive.restore(&other, from: folder.file("state")) }
    }
    var twin = refined(0).learner
    #expect(throws: FileError.self) { try Archive.restore(&twin, from: folder.file("state")) }
  }

  @Test func anyChangeOfAFileIsRefusedOrHarmless() throws {
    var trainer = trainer(0)
    for _ in 0..<14 { trainer.advance() }
    let saved = try SavedLearner(&trainer.learner)
    let folder = try TemporaryFolder()
    let length = (0..<8).reduce(0) { $0 | Int(saved.bytes[$1]) << (8 * $1) }
    let original = ByteMutator.Original(saved.bytes, lengthField: 0..<8, header: 8..<(8 + length))
    let mutator = ByteMutator([original], tokens: ["shape", "dtype", "data_offsets", "F32", "I64"], seed: 5)
    for number in 0..<300 {
      try folder.write(mutator.bytes(number), to: "state")
      var learner = trainer.learner
      do { try Archive.restore(&learner, from: folder.file("state")) } catch { continue }
      _ = learner.learn()
      learner.update()
    }
  }

  @Test func diagnosticsAreLossesOfTheLastUpdate() {
    var trainer = trainer(0)
    #expect(trainer.learner.diagnostics.isEmpty)
    for _ in 0..<12 { trainer.advance() }
    #expect(trainer.learner.diagnostics.map(\.name) == ["criticLoss", "actorLoss"])
    #expect(trainer.learner.diagnostics.allSatisfy { $0.value.isFinite } && trainer.learner.diagnostics[0].value > 0)
  }
}

/// A learner's file with other counters.
private struct StateOfNumbers: Archivable {
  var changes: [String: Int]
  var learner: MADDPG

  mutating func archive(in archive: Archive) throws(FileError) {
    for name in ["updates", "steps", "pending"] {
      var value = changes[name] ?? 0
      try archive.value(name, &value)
    }
    try archive.group("replay") { () throws(FileError) in try learner.replay.archive(in: archive) }
  }
}
