import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct TrainerTests {
  /// A learner that writes down what it is shown and repeats the mark it sees.
  private struct Recorder: Learner {
    var log: [Float] = []
    var learned = 0
    var isWarmingUp: Bool { learned < 3 }
    var updates: Int { learned }

    static func objection(to specification: EnvironmentSpecification) -> String? { nil }

    func greedy(copies: Int) -> FixedPolicy { FixedPolicy([0, 0]) }

    mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
      for row in actions.choices.indices {
        let marks = observations[(row * 3)..<(row * 3 + 3)]
        actions.choices[row] = Int32(marks.firstIndex(of: 1)! - row * 3)
      }
      log.append(Float(step))
    }

    mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
      log += observations + actions.choices.map(Float.init) + batch.rewards + batch.finalObservations
    }

    mutating func learn() -> Bool {
      learned += 1
      return true
    }

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.array("log", &log, resizable: true)
      try archive.value("learned", &learned)
    }
  }

  @Test func theLearnerIsShownWhatItActedOn() {
    var trainer = Trainer(Recorder(), in: IdentityTask(copies: 2))
    for _ in 0..<5 { trainer.advance() }
    #expect(trainer.step == 5 && trainer.learner.learned == 5)
    // Step, observations [2, 2, 3], choices and rewards [2, 2], successors [2, 2, 3].
    let length = 1 + 12 + 4 + 4 + 12
    #expect(trainer.learner.log.count == 5 * length)
    for step in 0..<5 {
      let entry = Array(trainer.learner.log[(step * length)..<((step + 1) * length)])
      #expect(entry[0] == Float(step))
      for row in 0..<4 { #expect(entry[1 + row * 3 + Int(entry[13 + row])] == 1 && entry[17 + row] == 1) }
      if step > 0 { #expect(Array(entry[1..<13]) == Array(trainer.learner.log[(step * length - 12)..<(step * length)])) }
    }
  }

  @Test func aRestoredTrainerGoesOnAsTheOriginal() throws {
    let folder = try TemporaryFolder()
    var original = Trainer(Recorder(), in: IdentityTask(copies: 2))
    for _ in 0..<4 { original.advance() }
    try Archive.save(&original, to: folder.file("run"))
    var restored = Trainer(Recorder(), in: IdentityTask(copies: 2))
    try Archive.restore(&restored, from: folder.file("run"))
    for _ in 0..<4 {
      original.advance()
      restored.advance()
    }
    #expect(restored.step == 8 && restored.learner.log == original.learner.log && restored.batch.observations == original.batch.observations)
  }

  @Test func evaluationAveragesTheMetrics() {
    var environment = IdentityTask(copies: 2)
    var policy = Recorder()
    #expect(evaluate(&policy, in: &environment, steps: 10, skipping: 2) == [1])
    #expect(policy.log.map(Int.init) == Array(0..<12) && policy.learned == 0)
    // A fixed choice is right for a third of the marks: a mean of 4000 pairs has a standard error of 0.0053.
    var fixed = FixedPolicy([1, 1])
    #expect(abs(evaluate(&fixed, in: &environment, steps: 2000)[0] - 1.0 / 3) < 5.5 * 0.0053)
  }
}
