import Tensor
import TestSupport
import Testing

@testable import Agents

/// Actions of so many agents are rewarded with given chances, each by itself.
private struct Slots: Environment {
  let chances: [Double]
  let specification: EnvironmentSpecification
  private var steps = 0

  init(_ chances: [Double], agents: Int = 1, copies: Int = 1) {
    self.chances = chances
    specification = EnvironmentSpecification(copies: copies, agents: agents, observationSize: 1, actions: .discrete(chances.count))
  }

  mutating func reset(into batch: inout StepBatch) {}

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for row in actions.choices.indices {
      var generator = RandomStream(seed: 77, purpose: .environment, index: row).generator(step: steps)
      batch.rewards[row] = generator.uniform() < chances[Int(actions.choices[row])] ? 1 : 0
    }
    steps += 1
    for copy in batch.terminated.indices { batch.terminated[copy] = true }
  }

  mutating func archive(in archive: Archive) throws(FileError) { try archive.value("steps", &steps) }
}

@Suite struct LearningAutomataTests {
  private func configuration(_ scheme: AutomatonScheme, _ response: AutomatonResponse = .reward, trials: Int = 0) -> LearningAutomataConfiguration {
    var configuration = LearningAutomataConfiguration()
    (configuration.scheme, configuration.response, configuration.initialTrials) = (scheme, response, trials)
    return configuration
  }

  private func trained(_ configuration: LearningAutomataConfiguration, _ slots: Slots, steps: Int, seed: UInt64 = 1) -> LearningAutomata {
    var trainer = Trainer(LearningAutomata(configuration, for: slots.specification, seed: seed), in: slots)
    for _ in 0..<steps { trainer.advance() }
    return trainer.learner
  }

  /// 200 agents with b = 0.02 and d = (0.8, 0.4): the published chance of the worse action is below 10⁻⁴ and none of 200 ends there; the mean
  /// of 691 steps to p > 0.999 leaves 3000 far behind.
  @Test func rewardInactionIsAbsorbedByTheBetterAction() {
    let slots = Slots([0.4, 0.8], agents: 200)
    let learner = trained(configuration(.rewardInaction(step: 0.02)), slots, steps: 3000)
    let best = (0..<200).map { learner.probabilities(of: $0)[1] }
    #expect(best.count { $0 > 0.999 } >= 198)
    #expect(learner.greedy(copies: 1).choices.count { $0 == 1 } >= 198)
  }

  /// With a = b the mean of p_1 is exactly c_2 / (c_1 + c_2) = 0.6 / 0.8 for penalty chances c = (0.2, 0.6). A mean of 400 agents with a standard
  /// deviation of p below 0.2 lies within 5.5 · 0.01.
  @Test func rewardPenaltyEndsWhereItsMeanStands() {
    let slots = Slots([0.8, 0.4], agents: 400)
    let learner = trained(configuration(.rewardPenalty(reward: 0.05, penalty: 0.05)), slots, steps: 400)
    let mean = (0..<400).reduce(0) { $0 + learner.probabilities(of: $1)[0] } / 400
    #expect(abs(mean - 0.75) < 0.055)
  }

  /// With ten trials of each action first the wrong one of (0.9, 0.3) looks better with a chance below 10⁻³.
  @Test(arguments: [AutomatonScheme.pursuit(step: 0.05), .discretizedPursuit(resolution: 20), .pursuit(step: 0.05, movesOnPenalty: true)])
  func pursuitFindsTheBestOfFour(scheme: AutomatonScheme) {
    let slots = Slots([0.3, 0.2, 0.9, 0.1], agents: 50)
    let learner = trained(configuration(scheme, trials: 10), slots, steps: 400)
    #expect((0..<50).count { learner.probabilities(of: $0)[2] > 0.99 } >= 48)
  }

  @Test func firstTrialsTakeActionsInTurn() {
    let slots = Slots([0, 0, 1], copies: 2)
    var trainer = Trainer(LearningAutomata(configuration(.pursuit(step: 0.5), trials: 2), for: slots.specification, seed: 3), in: slots)
    for step in 0..<6 {
      #expect(trainer.learner.isWarmingUp)
      trainer.advance()
      #expect(trainer.actions.choices == [Int32(step % 3), Int32(step % 3)])
      #expect(trainer.learner.probabilities(of: 0).allSatisfy { $0 == 1.0 / 3 } && trainer.learner.updates == 0)
    }
    trainer.advance()
    #expect(!trainer.learner.isWarmingUp && trainer.learner.updates == 1)
  }

  @Test func rewardsBecomeResponses() {
    var specification = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: .discrete(2))
    func moved(_ response: AutomatonResponse, _ rewards: [Float]) -> Double {
      var learner = LearningAutomata(configuration(.rewardInaction(step: 0.5), response), for: specification, seed: 1)
      var batch = StepBatch(for: specification)
      let actions = ActionBatch(for: specification)
      for reward in rewards {
        batch.rewards = [reward]
        learner.observe([0], actions, batch)
      }
      return learner.probabilities(of: 0)[0]
    }
    #expect(moved(.reward, [2]) == 0.75 && moved(.reward, [-1]) == 0.5 && moved(.reward, [0.5]) == 0.625)
    #expect(moved(.range(-2...2), [0]) == 0.625 && moved(.range(-2...2), [9]) == 0.75)
    // The first reward is its own maximum; then 1 of 0.5 · 4 = 2.
    #expect(moved(.runningMaximum(decay: 0.5), [4]) == 0.75 && moved(.runningMaximum(decay: 0.5), [4, 1]) == 0.8125)
    #expect(moved(.runningMaximum(decay: 0.5), [-3]) == 0.5)
    specification.agents = 2
    #expect(LearningAutomata.objection(to: specification) == nil)
    specification.actions = .continuous(0...1)
    #expect(LearningAutomata.objection(to: specification)?.contains("one choice") == true)
  }

  @Test func oneAgentLearnsAsAloneAmongOthers() {
    // Rows are named by copy and agent: the first agent of three does what a single one does.
    let many = trained(configuration(.rewardInaction(step: 0.1)), Slots([0.5, 0.6], agents: 3), steps: 50)
    let one = trained(configuration(.rewardInaction(step: 0.1)), Slots([0.5, 0.6]), steps: 50)
    #expect(many.probabilities(of: 0) == one.probabilities(of: 0))
  }

  @Test func itResumesAndTakesNoMemory() throws {
    for scheme in [AutomatonScheme.rewardInaction(step: 0.1), .discretizedPursuit(resolution: 30)] {
      let slots = Slots([0.2, 0.5, 0.4], agents: 3, copies: 2)
      let configuration = configuration(scheme, .runningMaximum(decay: 0.99), trials: 3)
      try LearnerChecks.resumes(steps: 20) { Trainer(LearningAutomata(configuration, for: slots.specification, seed: 5), in: slots) }
      var trainer = Trainer(LearningAutomata(configuration, for: slots.specification, seed: 5), in: slots)
      #expect(LearnerChecks.allocations(&trainer, warmUp: 20, steps: 20) == 0)
    }
  }

  @Test func foreignStatesAreRefused() throws {
    struct Forged: Archivable {
      var steps = 3
      var probabilities = [0.5, 0.5]
      var sums = [1.0, 0]
      var trials = [2.0, 1]
      var maxima = [1.0]

      mutating func archive(in archive: Archive) throws(FileError) {
        try archive.value("steps", &steps)
        try archive.array("probabilities", &probabilities)
        try archive.array("sums", &sums)
        try archive.array("trials", &trials)
        try archive.array("maxima", &maxima)
      }
    }
    func restore(_ change: (inout Forged) -> Void) throws {
      var forged = Forged()
      change(&forged)
      var learner = LearningAutomata(for: Slots([0, 1]).specification, seed: 1)
      try SavedLearner(&forged).restore(&learner)
    }
    try restore { _ in }
    let changes: [(inout Forged) -> Void] = [
      { $0.steps = -1 }, { $0.probabilities = [0.5, 0.6] }, { $0.probabilities = [1.5, -0.5] }, { $0.probabilities = [.nan, 1] }, { $0.sums[0] = -1 },
      { $0.trials[1] = .infinity }, { $0.maxima = [.nan] }, { $0.probabilities = [1] },
    ]
    for (index, change) in changes.enumerated() { #expect(throws: FileError.self, "change \(index)") { try restore(change) } }
  }
}
