import Agents
import Tensor
import TestSupport
import Testing

@Suite struct MAPPOTests {
  private func configuration(steps: Int = 16, sharesActor: Bool = true) -> MAPPOConfiguration {
    var configuration = MAPPOConfiguration()
    (configuration.update.steps, configuration.update.epochs, configuration.update.minibatchSize) = (steps, 5, 24)
    (configuration.update.networks.actorWidths, configuration.update.networks.criticWidths) = ([16], [16])
    configuration.update.learningRate = .constant(5e-3)
    configuration.sharesActor = sharesActor
    return configuration
  }

  @Test(arguments: [true, false]) func aRestoredRunGoesOnBitForBit(sharesActor: Bool) throws {
    let task = NoiseTask(agents: 3, actions: ActionSpace(choices: [2], bounds: [0...1]))
    try LearnerChecks.resumes(steps: 25) {
      Trainer(MAPPO(configuration(steps: 10, sharesActor: sharesActor), for: task.specification, seed: 3), in: task)
    }
  }

  @Test(arguments: [true, false]) func stepsTakeNoMemory(sharesActor: Bool) {
    let task = NoiseTask(copies: 3, agents: 2, actions: ActionSpace(choices: [2], bounds: [0...1]))
    var trainer = Trainer(MAPPO(configuration(steps: 7, sharesActor: sharesActor), for: task.specification, seed: 3), in: task)
    #expect(LearnerChecks.allocations(&trainer, warmUp: 30, steps: 30) == 0)
  }

  @Test(arguments: [true, false], 1...2 as ClosedRange<UInt64>) func agentsLearnToRepeatWhatTheySee(sharesActor: Bool, seed: UInt64) {
    let task = IdentityTask(agents: 2, copies: 4, seed: seed)
    var trainer = Trainer(MAPPO(configuration(sharesActor: sharesActor), for: task.specification, seed: seed), in: task)
    for _ in 0..<800 { trainer.advance() }
    var greedy = trainer.learner.greedy(copies: 2)
    var other = IdentityTask(agents: 2, copies: 2, seed: 100 + seed)
    #expect(evaluate(&greedy, in: &other, steps: 100) == [1])
  }

  @Test func actorsOfTheirOwnGiveDifferentAnswersToOneObservation() {
    // Both agents see the same, and are paid for different choices.
    let game = CoordinationGame([[0, 1], [0, 0]])
    var trainer = Trainer(MAPPO(configuration(sharesActor: false), for: game.specification, seed: 2), in: game)
    for _ in 0..<1600 { trainer.advance() }
    var greedy = trainer.learner.greedy(copies: 1)
    var trial = game
    #expect(evaluate(&greedy, in: &trial, steps: 3) == [1])
  }

  @Test func theCriticSeesAllAgentsAndWhoseValueIsAskedFor() {
    let specification = EnvironmentSpecification(copies: 1, agents: 2, observationSize: 1, actions: .discrete(2))
    var configuration = configuration()
    let learner = MAPPO(configuration, for: specification, seed: 1)
    let (first, other) = (learner.values(of: [0.3, 0.4]), learner.values(of: [0.3, 0.9]))
    #expect(first.count == 2 && first[0] != first[1])
    #expect(first[0] != other[0] && first[1] != other[1])
    configuration.criticSeesIndex = false
    let same = MAPPO(configuration, for: specification, seed: 1).values(of: [0.3, 0.4])
    #expect(same[0] == same[1])
  }
}
