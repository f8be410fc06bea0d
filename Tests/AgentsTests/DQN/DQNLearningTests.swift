import Agents
import Tensor
import TestSupport
import Testing

/// Tasks with known answers.
@Suite struct DQNLearningTests {
  /// Which options a learner has.
  enum Options: CaseIterable, Sendable {
    case plain, double, dueling, steps, prioritized, all

    func apply(to configuration: inout DQNConfiguration) {
      configuration.double = self == .double || self == .all
      configuration.dueling = self == .dueling || self == .all
      configuration.steps = self == .steps || self == .all ? 3 : 1
      configuration.prioritization = self == .prioritized || self == .all ? Prioritization() : nil
    }
  }

  private func configuration(_ options: Options) -> DQNConfiguration {
    var configuration = DQNConfiguration()
    (configuration.widths, configuration.batchSize, configuration.replayCapacity) = ([24], 32, 1000)
    (configuration.learningStarts, configuration.trainingInterval, configuration.target) = (50, 1, .soft(0.1))
    configuration.learningRate = .linear(from: 0.01, to: 0.001, over: 600)
    configuration.exploration = LinearSchedule(from: 1, to: 0.1, over: 300)
    options.apply(to: &configuration)
    configuration.prioritization?.compensation = .constant(1)
    return configuration
  }

  @Test(arguments: Options.allCases, [1, 2, 3] as [UInt64]) func itLearnsToRepeatWhatItSees(options: Options, seed: UInt64) {
    let task = IdentityTask(agents: 1, marks: 4, copies: 2, seed: seed)
    var trainer = Trainer(DQN(configuration(options), for: task.specification, seed: seed), in: task)
    for _ in 0..<500 { trainer.advance() }
    var greedy = trainer.learner.greedy(copies: 2)
    var trial = IdentityTask(agents: 1, marks: 4, copies: 2, seed: 100 + seed)
    #expect(evaluate(&greedy, in: &trial, steps: 200) == [1])
    // A tenth of the choices is random: 0.925 of them are right, within 6 deviations of 0.0132.
    let behaviour = evaluate(&trainer.learner, in: &trial, steps: 200)[0]
    #expect(abs(behaviour - 0.925) < 0.08)
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func boltzmannsBehaviourLearnsToo(seed: UInt64) {
    let task = IdentityTask(agents: 1, marks: 4, copies: 2, seed: seed)
    var configuration = configuration(.plain)
    configuration.behaviour = .boltzmann
    let learner = DQN(configuration, for: task.specification, seed: seed)
    var trainer = Trainer(learner, in: task)
    for _ in 0..<500 { trainer.advance() }
    var trial = IdentityTask(agents: 1, marks: 4, copies: 2, seed: 100 + seed)
    var greedy = trainer.learner.greedy(copies: 2)
    #expect(evaluate(&greedy, in: &trial, steps: 200) == [1])
    // At temperature 0.1 a wrong choice has a weight of about e^−10.
    #expect(evaluate(&trainer.learner, in: &trial, steps: 200)[0] > 0.98)
  }

  /// The values that a learner gives to the states of a chain.
  private func values(_ rewards: [Float], terminates: Bool, discount: Float, _ options: Options) -> [Double] {
    var configuration = configuration(options)
    configuration.discount = discount
    let chain = PaymentChain(rewards, terminates: terminates)
    var trainer = Trainer(DQN(configuration, for: chain.specification, seed: 9), in: chain)
    for _ in 0..<800 { trainer.advance() }
    let size = chain.specification.observationSize
    let states = (0..<(size - 1)).flatMap { place in (0..<size).map { Float($0 == place ? 1 : 0) } }
    return trainer.learner.values(states).map { Double($0) }
  }

  @Test(arguments: Options.allCases) func whatFollowsATerminationHasNoValue(options: Options) {
    #expect(relativeDistance(values([1], terminates: true, discount: 0.5, options), [1]) < 0.02)
    #expect(relativeDistance(values([0, 1], terminates: true, discount: 0.6, options), [0.6, 1]) < 0.02)
    #expect(relativeDistance(values([0, 0, 0, 1], terminates: true, discount: 0.6, options), [0.216, 0.36, 0.6, 1]) < 0.02)
  }

  @Test(arguments: Options.allCases) func whatFollowsATruncationKeepsItsValue(options: Options) {
    // 1 + γ + γ² + … = 1 / (1 − γ), though every episode is cut off after one step, and (γ, 1) / (1 − γ²) after two.
    #expect(relativeDistance(values([1], terminates: false, discount: 0.5, options), [2]) < 0.04)
    #expect(relativeDistance(values([0, 1], terminates: false, discount: 0.5, options), [0.5 / 0.75, 1 / 0.75]) < 0.04)
    // γ⁴ is 0.0625: (γ³, γ², γ, 1) / (1 − γ⁴).
    #expect(relativeDistance(values([0, 0, 0, 1], terminates: false, discount: 0.5, options), [0.125, 0.25, 0.5, 1].map { $0 / 0.9375 }) < 0.04)
  }

  @Test func choicesAreRandomBeforeLearningStarts() {
    let task = IdentityTask(agents: 1, marks: 4, copies: 2)
    var trainer = Trainer(DQN(configuration(.plain), for: task.specification, seed: 1), in: task)
    var counts = [0, 0, 0, 0]
    for step in 0..<25 {
      trainer.advance()
      #expect(trainer.learner.updates == 0 && trainer.learner.isWarmingUp == (step < 24))
      for choice in trainer.actions.choices { counts[Int(choice)] += 1 }
    }
    #expect(ChiSquare.isUniform(counts))
    #expect(trainer.learner.diagnostics.isEmpty)
    trainer.advance()
    #expect(trainer.learner.updates == 1 && trainer.learner.diagnostics.map(\.name) == ["loss", "exploration rate", "gradient norm"])
  }

  @Test func theGreedyPolicyChoosesTheGreatestValue() {
    let task = IdentityTask(agents: 1, marks: 4, copies: 3)
    for options in [Options.plain, .dueling] {
      let learner = DQN(configuration(options), for: task.specification, seed: 1)
      var greedy = learner.greedy(copies: 3)
      let observations: [Float] = [1, 2, 3, 4, -1, 0, 2, 0, 0.5, 0.5, -3, 1]
      var actions = ActionBatch(for: task.specification)
      greedy.act(observations, step: 0, into: &actions)
      let values = learner.values(observations)
      for row in 0..<3 {
        let mine = Array(values[(4 * row)..<(4 * row + 4)])
        #expect(Int(actions.choices[row]) == mine.firstIndex(of: mine.max()!))
      }
    }
  }
}
