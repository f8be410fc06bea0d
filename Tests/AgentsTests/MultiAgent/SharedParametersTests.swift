import Agents
import CAllocations
import Tensor
import TestSupport
import Testing

@Suite struct SharedParametersTests {
  private func trainer(copies: Int = 2) -> Trainer<IdentityTask, SharedParameters<TallyLearner>> {
    let task = IdentityTask(agents: 3, copies: copies)
    return Trainer(SharedParameters(for: task.specification) { TallyLearner(for: $0, seed: 4) }, in: task)
  }

  @Test func allAgentsTeachOne() {
    var trainer = trainer()
    let base = trainer.learner.base.specification
    #expect(base.copies == 6 && base.agents == 1 && base.observationSize == 3 && base.metrics.isEmpty)
    for _ in 0..<200 { trainer.advance() }
    #expect(trainer.learner.updates == 198 && !trainer.learner.isWarmingUp)
    // Every step of every copy ended an episode, for each of its agents.
    #expect(trainer.learner.base.terminated == Array(repeating: 200, count: 6) && trainer.learner.base.truncated.allSatisfy { $0 == 0 })
    #expect(trainer.learner.diagnostics == [Diagnostic("value", 1)])
    var task = IdentityTask(agents: 3, copies: 5, seed: 9)
    var policy = trainer.learner.greedy(copies: 5)
    #expect(episodeReturns(&policy, in: &task, episodes: 50).allSatisfy { abs($0 - 1) < 1e-12 })
    #expect(policy.base.ends == 3 * 50)
  }

  @Test func endsBelongToTheirCopy() {
    let task = CountingTask(copies: 3, agents: 2)
    var trainer = Trainer(SharedParameters(for: task.specification) { TallyLearner(for: $0, seed: 4) }, in: task)
    for _ in 0..<12 { trainer.advance() }
    #expect(trainer.learner.base.terminated == [4, 4, 0, 0, 4, 4] && trainer.learner.base.truncated == [0, 0, 3, 3, 0, 0])
  }

  @Test func actsAsTheLearnerOnTheSameRows() {
    let task = IdentityTask(agents: 3, copies: 2)
    var trainer = Trainer(SharedParameters(for: task.specification) { TallyLearner(for: $0, seed: 4) }, in: task)
    // The same memory, told to be six copies of one agent.
    let sizes = trainer.learner.base.specification
    var alone = TallyLearner(for: sizes, seed: 4)
    var actions = ActionBatch(for: sizes)
    for step in 0..<50 {
      let observations = trainer.batch.observations
      alone.act(observations, step: step, into: &actions)
      trainer.advance()
      #expect(actions.choices == trainer.actions.choices)
      var batch = StepBatch(for: sizes)
      (batch.observations, batch.rewards) = (trainer.batch.observations, trainer.batch.rewards)
      batch.finalObservations = trainer.batch.finalObservations
      for row in 0..<6 { batch.terminated[row] = trainer.batch.terminated[row / 3] }
      alone.observe(observations, actions, batch)
      _ = alone.learn()
    }
    #expect(alone.values == trainer.learner.base.values)
  }

  @Test func resumesAndTakesNoMemory() throws {
    try LearnerChecks.resumes(steps: 10) { trainer() }
    let task = AgentProbe(.coupling, agents: 3, copies: 2, seed: 1)
    var small = Trainer(SharedParameters(for: task.specification) { TallyLearner(for: $0, seed: 4) }, in: task)
    #expect(LearnerChecks.allocations(&small, warmUp: 5, steps: 20) == 0)
  }

  @Test func theLearnersObjectionIsPassedOn() {
    let continuous = EnvironmentSpecification(copies: 2, agents: 3, observationSize: 1, actions: .continuous(0...1))
    #expect(SharedParameters<TallyLearner>.objection(to: continuous)?.contains("one choice") == true)
    #expect(SharedParameters<TallyLearner>.objection(to: IdentityTask(agents: 3).specification) == nil)
    #expect(TallyLearner.objection(to: IdentityTask(agents: 3).specification) != nil)
  }

  /// A learner of the package, made for one agent.
  @Test func servesMADDPG() throws {
    func trainer() -> Trainer<IdentityTask, SharedParameters<MADDPG>> {
      let task = IdentityTask(agents: 2, copies: 2)
      return Trainer(
        SharedParameters(for: task.specification) { MADDPG(IndependentLearnersTests.configuration, for: $0, seed: 3) }, in: task)
    }
    try LearnerChecks.resumes(steps: 15) { trainer() }
    // A replay that is full takes no more memory.
    var small = IndependentLearnersTests.configuration
    small.replayCapacity = 50
    let probe = AgentProbe(.coupling, agents: 3, copies: 2, seed: 1)
    var steady = Trainer(SharedParameters(for: probe.specification) { MADDPG(small, for: $0, seed: 3) }, in: probe)
    #expect(LearnerChecks.allocations(&steady, warmUp: 40, steps: 10) == 0)
    var trained = trainer()
    for _ in 0..<300 { trained.advance() }
    var task = IdentityTask(agents: 2, copies: 4, seed: 9)
    var policy = trained.learner.greedy(copies: 4)
    #expect(episodeReturns(&policy, in: &task, episodes: 40).allSatisfy { $0 == 1 })
  }
}
