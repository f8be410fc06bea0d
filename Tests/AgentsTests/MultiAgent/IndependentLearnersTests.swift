import Agents
import CAllocations
import Tensor
import TestSupport
import Testing

@Suite struct IndependentLearnersTests {
  static var configuration: MADDPGConfiguration {
    var configuration = MADDPGConfiguration()
    (configuration.actorWidths, configuration.criticObservationWidth, configuration.criticWidths) = ([16], 16, [16, 8])
    (configuration.batchSize, configuration.randomSteps, configuration.replayCapacity) = (32, 10, 1000)
    (configuration.actorLearningRate, configuration.criticLearningRate, configuration.polyak) = (0.01, 0.01, 0.1)
    configuration.discount = 0
    return configuration
  }

  private func trainer(agents: Int = 3, copies: Int = 2, threads: Int = 1) -> Trainer<ShiftedIdentity, IndependentLearners<TallyLearner>> {
    let task = ShiftedIdentity(agents: agents, copies: copies)
    let learner = IndependentLearners(for: task.specification, seed: 4, threads: threads) { sizes, seed, agent in
      TallyLearner(for: sizes, seed: seed, warmUp: 3 + agent)
    }
    return Trainer(learner, in: task)
  }

  @Test func eachAgentLearnsItsOwn() {
    var trainer = trainer()
    for _ in 0..<400 { trainer.advance() }
    #expect(Set(trainer.learner.learners.map(\.seed)).count == 3)
    for (agent, learner) in trainer.learner.learners.enumerated() {
      #expect(learner.specification.copies == 2 && learner.specification.agents == 1 && learner.specification.metrics.isEmpty)
      // Means of payments that depend on mark and choice alone are exact.
      for mark in 0..<3 {
        for choice in 0..<3 { #expect(learner.values[3 * mark + choice] == (choice == (mark + agent) % 3 ? Double(agent + 1) : 0)) }
      }
      #expect(learner.updates == 400 - (2 + agent))
    }
    #expect(trainer.learner.updates == 398)
    #expect(trainer.learner.diagnostics == [Diagnostic("agent0.value", 1), Diagnostic("agent1.value", 2), Diagnostic("agent2.value", 3)])
    var task = ShiftedIdentity(agents: 3, copies: 5)
    var policy = trainer.learner.greedy(copies: 5)
    #expect(episodeReturns(&policy, in: &task, episodes: 50).allSatisfy { abs($0 - 2) < 1e-12 })
    #expect(policy.policies.map(\.ends) == [50, 50, 50])
    // One learner for all cannot do this: on the same mark agents want different choices.
    let specification = task.specification
    var shared = Trainer(SharedParameters(for: specification) { TallyLearner(for: $0, seed: 4) }, in: task)
    for _ in 0..<400 { shared.advance() }
    var one = shared.learner.greedy(copies: 5)
    #expect(episodeReturns(&one, in: &task, episodes: 50).allSatisfy { $0 <= 1 })
  }

  @Test func warmsUpAsLongAsTheSlowest() {
    var trainer = trainer()
    for _ in 0..<4 { trainer.advance() }
    #expect(trainer.learner.isWarmingUp)
    trainer.advance()
    #expect(!trainer.learner.isWarmingUp)
  }

  @Test func endsBelongToTheirCopy() {
    let task = CountingTask(copies: 3, agents: 2)
    var trainer = Trainer(
      IndependentLearners(for: task.specification, seed: 1) { sizes, seed, _ in TallyLearner(for: sizes, seed: seed) }, in: task)
    for _ in 0..<12 { trainer.advance() }
    for learner in trainer.learner.learners { #expect(learner.terminated == [4, 0, 4] && learner.truncated == [0, 3, 0]) }
  }

  @Test func resumesAndTakesNoMemory() throws {
    try LearnerChecks.resumes(steps: 10) { trainer() }
    let task = AgentProbe(.coupling, agents: 3, copies: 2, seed: 1)
    var small = Trainer(
      IndependentLearners(for: task.specification, seed: 1) { sizes, seed, _ in TallyLearner(for: sizes, seed: seed) }, in: task)
    #expect(LearnerChecks.allocations(&small, warmUp: 6, steps: 20) == 0)
  }

  @Test func theLearnersObjectionIsPassedOn() {
    let continuous = EnvironmentSpecification(copies: 2, agents: 3, observationSize: 1, actions: .continuous(0...1))
    #expect(IndependentLearners<TallyLearner>.objection(to: continuous)?.contains("one choice") == true)
    #expect(IndependentLearners<TallyLearner>.objection(to: IdentityTask(agents: 3).specification) == nil)
  }

  /// Learners of the package: the same bits on any number of threads, and each agent learns its own.
  @Test func servesMADDPG() throws {
    func trainer(threads: Int) -> Trainer<ShiftedIdentity, IndependentLearners<MADDPG>> {
      let task = ShiftedIdentity(agents: 3, copies: 2)
      let learner = IndependentLearners(for: task.specification, seed: 3, threads: threads) { sizes, seed, _ in
        MADDPG(Self.configuration, for: sizes, seed: seed)
      }
      return Trainer(learner, in: task)
    }
    try LearnerChecks.resumes(steps: 15) { trainer(threads: 1) }
    // A replay that is full takes no more memory.
    var small = Self.configuration
    small.replayCapacity = 50
    let probe = AgentProbe(.coupling, agents: 3, copies: 2, seed: 1)
    let learner = IndependentLearners(for: probe.specification, seed: 3) { sizes, seed, _ in MADDPG(small, for: sizes, seed: seed) }
    var steady = Trainer(learner, in: probe)
    #expect(LearnerChecks.allocations(&steady, warmUp: 40, steps: 10) == 0)
    var (one, three) = (trainer(threads: 1), trainer(threads: 3))
    for _ in 0..<30 {
      one.advance()
      three.advance()
    }
    #expect(try SavedLearner(&one).bytes == SavedLearner(&three).bytes)
    for _ in 0..<400 { one.advance() }
    var task = ShiftedIdentity(agents: 3, copies: 4)
    var policy = one.learner.greedy(copies: 4)
    #expect(episodeReturns(&policy, in: &task, episodes: 40).allSatisfy { abs($0 - 2) < 1e-12 })
  }
}
