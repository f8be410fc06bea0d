import Agents
import Tensor
import Testing

@Suite struct QLearningTests {
  /// One state in which a single choice pays 1, which is the end or is cut off every time.
  static func payment(terminates: Bool) -> TableTask {
    let table = TransitionTable(states: 1, choices: 1, starts: [1]) { _, _ in
      [TransitionTable.Outcome(successor: 0, reward: 1, terminates: terminates)]
    }
    return TableTask(table, seed: 1, limit: 1)
  }

  static func specification(states: Int = 3, choices: Int = 2, copies: Int = 1) -> EnvironmentSpecification {
    EnvironmentSpecification(copies: copies, agents: 1, observationSize: 1, states: states, actions: .discrete(choices))
  }

  static func batch(_ specification: EnvironmentSpecification, successors: [Float], rewards: [Float], terminated: [Bool], truncated: [Bool])
    -> StepBatch
  {
    var batch = StepBatch(for: specification)
    (batch.finalObservations, batch.observations, batch.rewards) = (successors, successors, rewards)
    (batch.terminated, batch.truncated) = (terminated, truncated)
    return batch
  }

  /// By hand, with α = ½ and γ = ¾: three updates in the order of copies, each seeing the one before it.
  @Test func updatesByHand() {
    var configuration = TabularConfiguration()
    (configuration.learningRate, configuration.discount, configuration.initialValue) = (.constant(0.5), 0.75, 4)
    let specification = Self.specification(copies: 3)
    var learner = QLearning(configuration, for: specification, seed: 1)
    var actions = ActionBatch(for: specification)
    actions.choices = [1, 0, 1]
    // The second copy looks at what the first has just changed; the third one is told that the task ended.
    let batch = Self.batch(
      specification, successors: [2, 0, 1], rewards: [10, 2, -1], terminated: [false, false, true], truncated: [false, true, false])
    learner.observe([0, 1, 2], actions, batch)
    let first = 4 + 0.5 * (10 + 0.75 * 4 - 4)
    let second = 4 + 0.5 * (2 + 0.75 * first - 4)
    let third = 4 + 0.5 * (-1 - 4)
    #expect(learner.actionValues == [4, first, second, 4, 4, third])
    #expect(learner.updates == 3)
    let reports = [learner.learn(), learner.learn()]
    #expect(reports == [true, false])
    var greedy = learner.greedy(copies: 3)
    greedy.act([0, 1, 2], step: 0, into: &actions)
    #expect(actions.choices == [1, 0, 0])
  }

  @Test func anEndHasNoSuccessorAndACutHasOne() {
    for terminates in [true, false] {
      var configuration = TabularConfiguration()
      configuration.discount = 0.75
      let task = Self.payment(terminates: terminates)
      var trainer = Trainer(QLearning(configuration, for: task.specification, seed: 1), in: task)
      for _ in 0..<400 { trainer.advance() }
      #expect(abs(trainer.learner.actionValues[0] - (terminates ? 1 : 4)) < 1e-12)
    }
  }

  /// With α = 1/n a value is the mean of what was paid.
  @Test func visitsAverage() {
    let task = Bandit([0.2, 0.7, 0.5], copies: 2, seed: 3)
    var configuration = TabularConfiguration()
    configuration.learningRate = .visits(exponent: 1)
    configuration.exploration = .constant(1)
    var trainer = Trainer(QLearning(configuration, for: task.specification, seed: 1), in: task)
    var (sums, counts) = ([0.0, 0, 0], [0.0, 0, 0])
    for _ in 0..<500 {
      trainer.advance()
      for copy in 0..<2 {
        sums[Int(trainer.actions.choices[copy])] += Double(trainer.batch.rewards[copy])
        counts[Int(trainer.actions.choices[copy])] += 1
      }
    }
    for i in 0..<3 { #expect(abs(trainer.learner.actionValues[i] - sums[i] / counts[i]) < 1e-12) }
  }

  /// Frequencies within 5.5 standard deviations; the schedule counts the transitions of all copies.
  @Test func exploresAtItsRate() {
    let copies = 1000
    let specification = Self.specification(states: 1, choices: 4, copies: copies)
    for ties in [TieBreaking.first, .random] {
      var configuration = TabularConfiguration()
      (configuration.exploration, configuration.ties) = (LinearSchedule(from: 0.8, to: 0.2, over: 4 * copies), ties)
      var learner = QLearning(configuration, for: specification, seed: 5)
      var actions = ActionBatch(for: specification)
      let zeros = [Float](repeating: 0, count: copies)
      // Nothing is learned from rewards of 0 at values of 0, so all choices stay equal.
      let batch = Self.batch(
        specification, successors: zeros, rewards: zeros, terminated: Array(repeating: true, count: copies),
        truncated: Array(repeating: false, count: copies))
      for step in 0..<8 {
        let rate = step < 4 ? 0.8 - 0.15 * Double(step) : 0.2
        #expect(abs(learner.explorationRate - rate) < 1e-12)
        learner.act(zeros, step: step, into: &actions)
        let share = ties == .first ? 1 - rate * 0.75 : 0.25
        let count = Double(actions.choices.count { $0 == 0 })
        #expect(abs(count - Double(copies) * share) < 5.5 * (Double(copies) * share * (1 - share)).squareRoot())
        learner.observe(zeros, actions, batch)
      }
    }
  }

  @Test func learnsTheIdentity() {
    let task = IdentityEnvironment.discrete(oneHot: false, copies: 2, seed: 4)
    var configuration = TabularConfiguration()
    (configuration.discount, configuration.initialValue) = (0, 2)
    var trainer = Trainer(QLearning(configuration, for: task.specification, seed: 2), in: task)
    for _ in 0..<500 { trainer.advance() }
    #expect(trainer.learner.greedy(copies: 1).choices == [0, 1, 2, 3])
  }

  @Test func reachesTheExactValuesWhereNothingIsRandom() {
    let task = FrozenLake(isSlippery: false, copies: 4, seed: 1)
    var configuration = TabularConfiguration()
    (configuration.learningRate, configuration.exploration) = (.constant(1), .constant(1))
    var trainer = Trainer(QLearning(configuration, for: task.specification, seed: 1), in: task)
    for _ in 0..<20_000 { trainer.advance() }
    let exact = task.table.actionValues(task.table.optimalValues(discount: 0.99), discount: 0.99)
    for state in 0..<16 where ![5, 7, 11, 12, 15].contains(state) {
      for choice in 0..<4 { #expect(abs(trainer.learner.actionValues[state * 4 + choice] - exact[state * 4 + choice]) < 1e-12) }
    }
  }

  @Test func goesOnAsBefore() throws {
    try LearnerChecks.resumes(steps: 300) {
      let task = FrozenLake(copies: 3, seed: 1)
      var configuration = TabularConfiguration()
      configuration.learningRate = .visits(exponent: 0.8)
      return Trainer(QLearning(configuration, for: task.specification, seed: 2), in: task)
    }
  }

  @Test func stepsWithoutAllocation() {
    let task = Taxi(copies: 8, seed: 1)
    var trainer = Trainer(QLearning(for: task.specification, seed: 2), in: task)
    #expect(LearnerChecks.allocations(&trainer, warmUp: 10, steps: 200) == 0)
  }

  @Test func saysWhatItCannotLearn() {
    #expect(QLearning.objection(to: CliffWalking(seed: 1).specification) == nil)
    #expect(QLearning.objection(to: CartPole(seed: 1).specification)?.contains("number of a state") == true)
    var specification = Self.specification()
    specification.agents = 2
    #expect(QLearning.objection(to: specification)?.contains("one agent") == true)
    specification = Self.specification()
    specification.actions = .continuous(0...1)
    #expect(QLearning.objection(to: specification)?.contains("one choice") == true)
    specification = Self.specification(states: 1 << 25)
    #expect(QLearning.objection(to: specification)?.contains("number of states") == true)
  }

  @Test func refusesImpossibleSettings() async {
    await #expect(processExitsWith: .failure) {
      var configuration = TabularConfiguration()
      configuration.discount = 1.5
      _ = QLearning(configuration, for: CliffWalking(seed: 1).specification, seed: 1)
    }
  }
}
