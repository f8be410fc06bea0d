import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct TournamentTests {
  /// Repeats the mark it sees, shifted by `offset` before step `change` and by `later` from then on, and writes down what it is shown.
  private struct Habit: Learner {
    let specification: EnvironmentSpecification
    let seed: UInt64
    let offset: (before: Int, later: Int)
    let change: Int
    private(set) var seen: [Float] = []
    private(set) var updates = 0
    var steps = 0

    static func objection(to specification: EnvironmentSpecification) -> String? { specification.agents == 2 ? nil : "Habit: two agents" }
    var isWarmingUp: Bool { updates < 2 }
    var diagnostics: [Diagnostic] { [Diagnostic("offset", Double(offset.before))] }
    func greedy(copies: Int) -> FixedPolicy { FixedPolicy(Array(repeating: Int32(offset.later), count: 2 * copies)) }

    mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
      precondition(observations.count == specification.copies * 6 && actions.choices.count == specification.copies * 2)
      let shift = step < change ? offset.before : offset.later
      for row in actions.choices.indices { actions.choices[row] = Int32((TallyLearner.mark(observations, row, 3) + shift) % 3) }
    }

    mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
      precondition(batch.terminated.count == specification.copies && batch.rewards.count == 2 * specification.copies)
      seen += observations + actions.choices.map(Float.init) + batch.rewards + batch.finalObservations + batch.metrics
      steps += 1
    }

    mutating func learn() -> Bool {
      updates += 1
      return true
    }

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.array("seen", &seen, resizable: true)
      try archive.value("updates", &updates)
      try archive.value("steps", &steps)
    }
  }

  /// Habits by their number: what each adds to the mark before and after a step.
  private func trainer(
    _ habits: [(before: Int, later: Int)], change: Int = 0, trial: Int = 10, window: Int = 4, copies: Int = 2
  ) -> Trainer<IdentityTask, Tournament<Habit>> {
    let task = IdentityTask(agents: 2, marks: 3, copies: copies * habits.count)
    var number = -1
    let learner = Tournament(of: habits.count, for: task.specification, trial: trial, window: window, seed: 7) { sizes, seed in
      number += 1
      return Habit(specification: sizes, seed: seed, offset: habits[number], change: change)
    }
    return Trainer(learner, in: task)
  }

  @Test func theBestOfTheWindowGoesOnAlone() {
    // Number 1 is right in the first steps alone, number 2 from step 6 on, which is the window's first.
    var trainer = trainer([(1, 1), (0, 1), (1, 0), (2, 2)], change: 6)
    for _ in 0..<9 { trainer.advance() }
    #expect(trainer.learner.winner == nil && trainer.learner.leader.offset == (1, 0))
    #expect(trainer.learner.meanRewards == [0, 0, 1, 0])
    trainer.advance()
    #expect(trainer.learner.winner == 2 && trainer.learner.meanRewards == [0, 0, 1, 0] && trainer.learner.step == 10)
    for _ in 0..<5 { trainer.advance() }
    #expect(trainer.learner.winner == 2 && trainer.learner.leader.steps == 15 && trainer.learner.updates == 15)
    #expect(trainer.learner.meanRewards == [0, 0, 1, 0])
    #expect(trainer.learner.diagnostics == [Diagnostic("offset", 1)])
    // Its copies, the third two of eight with two agents each, are still its own; who acts in the others does not know the mark.
    #expect(trainer.batch.rewards[8..<12] == [1, 1, 1, 1])
    var others: Float = 0
    for _ in 0..<200 {
      trainer.advance()
      others += trainer.batch.rewards[..<8].reduce(0, +) + trainer.batch.rewards[12...].reduce(0, +)
    }
    // 2400 guesses of one in three: within six deviations.
    #expect(abs(others / 2400 - 1 / 3) < 0.058)
  }

  @Test func amongEqualsTheFirstStays() {
    var trainer = trainer([(1, 1), (0, 0), (0, 0)])
    for _ in 0..<10 { trainer.advance() }
    #expect(trainer.learner.winner == 1)
  }

  @Test func everyoneSeesItsOwnCopies() {
    var several = trainer([(0, 0), (1, 1)], copies: 2)
    #expect(several.learner.isWarmingUp)
    for _ in 0..<8 { several.advance() }
    #expect(!several.learner.isWarmingUp && several.learner.copies == 2)
    // The first alone in its copies, which are the first ones of the task.
    var alone = Trainer(
      Habit(specification: IdentityTask(agents: 2, marks: 3, copies: 2).specification, seed: 7, offset: (0, 0), change: 0),
      in: IdentityTask(agents: 2, marks: 3, copies: 2))
    for _ in 0..<8 { alone.advance() }
    #expect(several.learner.leader.seed == 7 && several.learner.leader.seen == alone.learner.seen && !alone.learner.seen.isEmpty)
  }

  @Test func aTournamentOfOneIsItsLearner() {
    let task = ShiftedIdentity(agents: 1, copies: 2)
    var one = Trainer(Tournament(of: 1, for: task.specification, trial: 30, window: 30, seed: 4) { TallyLearner(for: $0, seed: $1) }, in: task)
    var plain = Trainer(TallyLearner(for: task.specification, seed: 4), in: task)
    for _ in 0..<60 {
      one.advance()
      plain.advance()
      #expect(one.batch.rewards == plain.batch.rewards)
    }
    #expect(one.learner.leader.values == plain.learner.values && one.learner.updates == plain.learner.updates)
    #expect(one.learner.winner == 0)
  }

  @Test(arguments: [4, 10, 13]) func aSavedTournamentGoesOn(steps: Int) throws {
    let task = ShiftedIdentity(agents: 1, copies: 3)
    try LearnerChecks.resumes(steps: steps) {
      Trainer(Tournament(of: 3, for: task.specification, trial: 10, window: 5, seed: 4) { TallyLearner(for: $0, seed: $1) }, in: task)
    }
  }

  @Test func damagedStatesAreRefused() throws {
    let task = ShiftedIdentity(agents: 1, copies: 3)
    func fresh() -> Tournament<TallyLearner> {
      Tournament(of: 3, for: task.specification, trial: 10, window: 5, seed: 4) { TallyLearner(for: $0, seed: $1) }
    }
    var trainer = Trainer(fresh(), in: task)
    for _ in 0..<12 { trainer.advance() }
    var learner = trainer.learner
    let damaged = try DamagedState(&learner)
    for (part, number) in [("winner", Int64(3)), ("winner", -1), ("step", -2), ("step", 4)] {
      var target = fresh()
      #expect(throws: FileError.self, "\(part) = \(number)") { try damaged.restore(&target, part, 0, number) }
    }
    var target = fresh()
    try damaged.restore(&target, "winner", 0, Int64(trainer.learner.winner!))
    #expect(target.winner == trainer.learner.winner)
  }

  @Test func stepsTakeNoMemory() {
    let task = AgentProbe(.coupling, agents: 3, copies: 2, seed: 1)
    func trainer(trial: Int) -> Trainer<AgentProbe, Tournament<IndependentLearners<TallyLearner>>> {
      let learner = Tournament(of: 2, for: task.specification, trial: trial, window: 5, seed: 4) { sizes, seed in
        IndependentLearners(for: sizes, seed: seed) { TallyLearner(for: $0, seed: $1 + UInt64($2)) }
      }
      return Trainer(learner, in: task)
    }
    var before = trainer(trial: 100)
    #expect(LearnerChecks.allocations(&before, warmUp: 10, steps: 50) == 0)
    var behind = trainer(trial: 10)
    #expect(LearnerChecks.allocations(&behind, warmUp: 15, steps: 50) == 0)
  }
}
