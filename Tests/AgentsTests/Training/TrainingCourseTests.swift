import Tensor
import TestSupport
import Testing

@testable import Agents

/// Two automata that have to agree on the third of three choices.
private struct Agreement: Environment {
  let specification = EnvironmentSpecification(copies: 2, agents: 2, observationSize: 1, actions: .discrete(3))
  var steps = 0

  mutating func reset(into batch: inout StepBatch) {}

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    steps += 1
    for copy in 0..<2 {
      let right = actions.choices[2 * copy] == 2 && actions.choices[2 * copy + 1] == 2
      for agent in 0..<2 { batch.rewards[2 * copy + agent] = right ? 1 : 0 }
      (batch.terminated[copy], batch.truncated[copy]) = (steps.isMultiple(of: 4), false)
    }
  }

  mutating func archive(in archive: Archive) throws(FileError) { try archive.value("steps", &steps) }
}

@Suite struct TrainingCourseTests {
  private typealias Course = TrainingCourse<Agreement, LearningAutomata>

  private func course(_ plan: TrainingPlan, _ callbacks: [any TrainingCallback] = [], seed: UInt64 = 1) -> Course {
    var configuration = LearningAutomataConfiguration()
    configuration.scheme = .rewardInaction(step: 0.05)
    let learner = LearningAutomata(configuration, for: Agreement().specification, seed: seed)
    return TrainingCourse(Trainer(learner, in: Agreement()), evaluatedIn: Agreement(), plan: plan, callbacks: callbacks)
  }

  /// Writes down what it is told, and stops when it is told to.
  private struct Diary: TrainingCallback {
    var stopAt = Int.max
    var steps: [Int32] = []
    var evaluated: [Int32] = []
    var end: Int = 0

    mutating func advanced(_ status: TrainingStatus) -> TrainingDecision {
      steps.append(Int32(status.step))
      return status.step == stopAt ? .stop : .proceed
    }

    mutating func evaluated(_ evaluation: TrainingEvaluation, diagnostics: [Diagnostic]) -> TrainingDecision {
      evaluated.append(Int32(evaluation.step))
      return .proceed
    }

    mutating func ended(_ end: TrainingEnd, _ status: TrainingStatus) { self.end = end == .completed ? 1 : end == .stopped ? 2 : 3 }

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.array("steps", &steps, resizable: true)
      try archive.array("evaluated", &evaluated, resizable: true)
    }
  }

  @Test func evaluationsDoNotDisturbTraining() throws {
    var plain = course(TrainingPlan(steps: 300))
    var watched = course(TrainingPlan(steps: 300, evaluationInterval: 7, evaluationEpisodes: 3), [Diary()])
    #expect(try plain.run() == .completed && watched.run() == .completed)
    #expect(plain.trainer.learner.probabilities(of: 0) == watched.trainer.learner.probabilities(of: 0))
    #expect(plain.trainer.environment.steps == 300 && watched.evaluations.count == 43)
    let diary = try #require(watched.callbacks[0] as? Diary)
    #expect(diary.steps == Array(1...300) && diary.evaluated == (1...42).map { Int32(7 * $0) } + [300] && diary.end == 1)
  }

  @Test func returnsAreThoseOfWholeEpisodes() throws {
    var course = course(TrainingPlan(steps: 2000, evaluationInterval: 1000, evaluationEpisodes: 5))
    try course.run()
    // Four steps an episode, each pays both agents 1; five episodes are rounded up to six over two copies.
    #expect(course.evaluations.map(\.meanReturn) == [4, 4] && course.evaluations.map(\.isBest) == [true, false])
    #expect(course.evaluations.allSatisfy { $0.standardError == 0 } && course.episodes == 1000)
    #expect(course.status.recentReturn > 3.5 && course.status.recentReturn <= 4)
    #expect(course.best?.step == 1000)
  }

  @Test func aTargetEndsTheCourse() throws {
    var course = course(TrainingPlan(steps: 5000, evaluationInterval: 50), [StopAtReturn(4)])
    #expect(try course.run() == .stopped)
    #expect(course.trainer.step < 5000 && course.evaluations.last?.meanReturn == 4)
    #expect(course.evaluations.dropLast().allSatisfy { $0.meanReturn < 4 })
    let step = course.trainer.step
    #expect(try course.run() == .stopped && course.trainer.step == step)
  }

  @Test func patienceEndsTheCourse() throws {
    var course = course(TrainingPlan(steps: 50_000, evaluationInterval: 100), [StopWithoutImprovement(patience: 6)])
    #expect(try course.run() == .stopped)
    #expect(course.evaluations.suffix(6).allSatisfy { !$0.isBest } && course.evaluations.dropLast(6).last?.isBest == true)
  }

  @Test func anInterruptedCourseGoesOnWithTheSameBits() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    func plan(_ folder: TemporaryFolder) -> TrainingPlan {
      TrainingPlan(steps: 400, evaluationInterval: 30, evaluationEpisodes: 2, folder: folder.file("."), checkpointInterval: 11)
    }
    var whole = course(plan(other), [Diary(), StopWithoutImprovement(patience: 1000)])
    try whole.run()
    var first = course(plan(folder), [Diary(), StopWithoutImprovement(patience: 1000)])
    var steps = 0
    let end = try first.run {
      steps += 1
      return steps == 123
    }
    #expect(end == .interrupted && first.trainer.step == 123 && (first.callbacks[0] as? Diary)?.end == 3)
    var second = course(plan(folder), [Diary(), StopWithoutImprovement(patience: 1000)], seed: 1)
    try second.resume()
    #expect(second.trainer.step == 123 && second.evaluations == first.evaluations)
    #expect(try second.run() == .completed)
    #expect(try folder.bytes("last.safetensors") == other.bytes("last.safetensors"))
    #expect(try folder.bytes("best.safetensors") == other.bytes("best.safetensors"))
    #expect((second.callbacks[0] as? Diary)?.steps == Array(1...400))
    // A finished course that is restored stays finished; with a longer plan it goes on.
    var third = course(plan(folder), [Diary(), StopWithoutImprovement(patience: 1000)])
    try third.resume()
    #expect(try third.run() == .completed && third.trainer.step == 400)
    var longer = plan(folder)
    longer.steps = 450
    var fourth = course(longer, [Diary(), StopWithoutImprovement(patience: 1000)])
    try fourth.resume()
    #expect(try fourth.run() == .completed && fourth.trainer.step == 450)
  }

  @Test func theBestPolicyIsKept() throws {
    let folder = try TemporaryFolder()
    var course = course(TrainingPlan(steps: 2000, evaluationInterval: 500, folder: folder.file(".")))
    try course.run()
    let policy = try course.bestPolicy(copies: 2)
    #expect(policy.choices == [2, 2])
  }

  @Test func foreignStatesAreRefusedAndChangeNothing() throws {
    let folder = try TemporaryFolder()
    var course = course(TrainingPlan(steps: 40, evaluationInterval: 10, folder: folder.file(".")))
    try course.run()
    let before = course.trainer.learner.probabilities(of: 0)
    var another = self.course(TrainingPlan(steps: 40, evaluationInterval: 10, folder: folder.file(".")), [StopWithoutImprovement(patience: 3)])
    #expect(throws: FileError.self) { try another.resume() }
    #expect(another.trainer.step == 0 && another.trainer.learner.probabilities(of: 0) != before)
    // Any byte may be wrong: it is refused, or it is another state, but the program goes on.
    let bytes = try folder.bytes("last.safetensors")
    for cut in [0, 7, 8, 100, bytes.count / 2, bytes.count - 1] {
      try folder.write(Array(bytes.prefix(cut)), to: "last.safetensors")
      #expect(throws: FileError.self) { try course.resume() }
    }
    #expect(course.trainer.learner.probabilities(of: 0) == before)
  }

  @Test func aFolderThatIsGoneIsNamed() throws {
    var course = course(TrainingPlan(steps: 10, folder: "/no/such/folder"))
    let error = #expect(throws: FileError.self) { try course.run() }
    #expect("\(try #require(error))".contains("/no/such/folder"))
  }
}
