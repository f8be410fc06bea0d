import Agents
import Tensor
import TestSupport
import Testing

/// Tasks with known answers.
@Suite struct MADDPGLearningTests {
  private func configuration(_ estimator: DiscreteActionEstimator = .straightThrough) -> MADDPGConfiguration {
    var configuration = MADDPGConfiguration()
    (configuration.actorWidths, configuration.criticObservationWidth, configuration.criticWidths) = ([16], 16, [16, 16])
    (configuration.actorLearningRate, configuration.criticLearningRate) = (0.005, 0.01)
    (configuration.batchSize, configuration.randomSteps, configuration.polyak) = (32, 200, 0.05)
    configuration.estimator = estimator
    return configuration
  }

  @Test(arguments: DiscreteActionEstimator.allCases, [1, 2, 3] as [UInt64])
  func eachAgentLearnsToRepeatWhatItSees(estimator: DiscreteActionEstimator, seed: UInt64) {
    let task = IdentityTask(seed: seed)
    var trainer = Trainer(MADDPG(configuration(estimator), for: task.specification, seed: seed), in: task)
    for _ in 0..<700 { trainer.advance() }
    #expect(trainer.learner.updates == 500)
    var executed = trainer.learner.executed(copies: 1)
    var online = trainer.learner.online(copies: 1)
    var trial = IdentityTask(seed: 100 + seed)
    #expect(evaluate(&executed, in: &trial, steps: 200) == [1])
    #expect(evaluate(&online, in: &trial, steps: 200) == [1])
    // The behaviour has come near to what it learned: chance would be paid a third.
    #expect(evaluate(&trainer.learner, in: &trial, steps: 200)[0] > 0.8)
  }

  @Test(arguments: DiscreteActionEstimator.allCases, [1, 2, 3] as [UInt64])
  func twoAgentsMeetAtTheBestPlace(estimator: DiscreteActionEstimator, seed: UInt64) {
    // The best pair pays 1. Against a partner who chooses at random the same choice is best.
    let game = CoordinationGame([[0.2, 0, 0.3], [0, 0.5, 0], [0.3, 0, 1]])
    var trainer = Trainer(MADDPG(configuration(estimator), for: game.specification, seed: seed), in: game)
    for _ in 0..<500 { trainer.advance() }
    var executed = trainer.learner.executed(copies: 1)
    var trial = game
    #expect(evaluate(&executed, in: &trial, steps: 5) == [1])
  }

  /// What is right depends on the state alone. A critic that tells all choices learns it, and so does the actor that climbs it.
  @Test(arguments: [1, 2, 3] as [UInt64]) func aCriticThatTellsAllChoicesIsClimbed(seed: UInt64) {
    let task = IdentityTask(seed: seed)
    var configuration = configuration(.expected)
    configuration.criticTellsChoices = true
    var trainer = Trainer(MADDPG(configuration, for: task.specification, seed: seed), in: task)
    for _ in 0..<700 { trainer.advance() }
    var executed = trainer.learner.executed(copies: 1)
    var trial = IdentityTask(seed: 100 + seed)
    #expect(evaluate(&executed, in: &trial, steps: 200) == [1])
  }

  private static let spaces = [
    ActionSpace.continuous(-1...1, 2...6), ActionSpace(choices: [2, 2]), ActionSpace(choices: [2], bounds: [-3...0]),
  ]

  /// Every kind of action, each agent by itself and with shared networks: more than nine tenths of the best, where chance has at most a half.
  @Test(arguments: spaces, [ParameterSharing.independent, .shared]) func actionsOfEveryKindAreLearned(space: ActionSpace, sharing: ParameterSharing) {
    let task = MixedTask(space, copies: 4)
    var configuration = configuration()
    (configuration.sharing, configuration.noise, configuration.criticObservationWidth) = (sharing, .gaussian(deviation: 0.3), nil)
    var refined = MATD3Configuration()
    refined.joint = configuration
    var plain = Trainer(MADDPG(configuration, for: task.specification, seed: 2), in: task)
    var twin = Trainer(MATD3(refined, for: task.specification, seed: 2), in: task)
    for _ in 0..<1500 {
      plain.advance()
      twin.advance()
    }
    var trial = MixedTask(space, copies: 10, seed: 77)
    var policies = (plain.learner.greedy(copies: 10), twin.learner.greedy(copies: 10))
    #expect(evaluate(&policies.0, in: &trial, steps: 100)[0] > 0.9)
    #expect(evaluate(&policies.1, in: &trial, steps: 100)[0] > 0.9)
  }

  /// The values that a learner's critic gives to the states of a chain.
  private func values(_ chain: PaymentChain, discount: Float) throws -> [Double] {
    var configuration = configuration()
    (configuration.discount, configuration.polyak, configuration.randomSteps) = (discount, 0.2, 40)
    var trainer = Trainer(MADDPG(configuration, for: chain.specification, seed: 9), in: chain)
    for _ in 0..<500 { trainer.advance() }
    let critic = try SavedLearner(&trainer.learner).numbers("agent0.critic")
    let size = chain.specification.observationSize
    let networks = ReferenceNetworks(
      observationSize: size, choices: [1], members: 1, actorWidths: [16], observationWidth: 16, criticWidths: [16, 16])
    return (0..<(size - 1)).map { place in
      networks.value(critic, (0..<size).map { $0 == place ? 1 : 0 }, [.init(choices: [[1]])])
    }
  }

  @Test func whatFollowsATerminationHasNoValue() throws {
    #expect(relativeDistance(try values(PaymentChain([1], terminates: true), discount: 0.5), [1]) < 0.02)
    #expect(relativeDistance(try values(PaymentChain([0, 1], terminates: true), discount: 0.6), [0.6, 1]) < 0.02)
  }

  @Test func whatFollowsATruncationKeepsItsValue() throws {
    // 1 + γ + γ² + … = 1 / (1 − γ), though every episode is cut off after one step, and (γ, 1) / (1 − γ²) after two.
    #expect(relativeDistance(try values(PaymentChain([1], terminates: false), discount: 0.5), [2]) < 0.04)
    #expect(relativeDistance(try values(PaymentChain([0, 1], terminates: false), discount: 0.5), [0.5 / 0.75, 1 / 0.75]) < 0.04)
  }

  /// Learning begins with the transitions that it asks for and comes back after the interval.
  @Test func updatesComeAtTheirInterval() {
    let task = IdentityTask(copies: 3)
    var configuration = configuration()
    (configuration.randomSteps, configuration.minimumTransitions, configuration.updateInterval, configuration.updatesPerStep) = (0, 20, 4, 2)
    var trainer = Trainer(MADDPG(configuration, for: task.specification, seed: 1), in: task)
    var learned: [Int] = []
    for step in 1...17 {
      let before = trainer.learner.updates
      trainer.advance()
      if trainer.learner.updates > before { learned.append(step) }
    }
    #expect(learned == [8, 12, 16] && trainer.learner.updates == 6)
  }

  @Test func nothingIsLearnedInTheRandomPhase() {
    let task = IdentityTask(copies: 3)
    var configuration = configuration()
    (configuration.randomSteps, configuration.updatesPerStep) = (12, 2)
    var learner = MADDPG(configuration, for: task.specification, seed: 1)
    var random = RandomPolicy(for: task.specification, seed: 1)
    var trainer = Trainer(learner, in: task)
    for step in 0..<12 {
      #expect(trainer.learner.isWarmingUp)
      trainer.advance()
      var expected = ActionBatch(for: task.specification)
      random.act([], step: step, into: &expected)
      #expect(trainer.actions.choices == expected.choices && trainer.learner.updates == 0)
    }
    #expect(!trainer.learner.isWarmingUp)
    trainer.advance()
    #expect(trainer.learner.updates == 2)
    #expect(learner.learn() == false)
  }

  /// Behaviour is a sample of the softmax of the logits: every choice as often as it says.
  @Test func behaviourSamplesTheSoftmax() throws {
    let specification = EnvironmentSpecification(copies: 400, agents: 2, observationSize: 2, actions: .discrete(3))
    var configuration = configuration()
    (configuration.randomSteps, configuration.temperature) = (0, 1)
    var learner = MADDPG(configuration, for: specification, seed: 5)
    let observation: [Float] = [8, -6]
    let observations = (0..<800).flatMap { _ in observation }
    var actions = ActionBatch(for: specification)
    var counts = [[0, 0, 0], [0, 0, 0]]
    for step in 0..<100 {
      learner.act(observations, step: step, into: &actions)
      for row in 0..<800 { counts[row % 2][Int(actions.choices[row])] += 1 }
    }
    let networks = ReferenceNetworks(
      observationSize: 2, choices: [3], members: 2, actorWidths: [16], observationWidth: 16, criticWidths: [16, 16])
    for agent in 0..<2 {
      let actor = try SavedLearner(&learner).numbers("agent\(agent).actor")
      let chances = ReferenceNetworks.softmax(networks.outputs(actor, observation.map(Double.init)))
      #expect(chances.max()! - chances.min()! > 0.1)
      // Chi-square with two degrees of freedom: P(statistic > 32.2) = e^(−16.1) = 10⁻⁷.
      #expect(ChiSquare.statistic(counts[agent], expected: chances.map { $0 * 40000 }) < 32.2)
    }
  }
}
