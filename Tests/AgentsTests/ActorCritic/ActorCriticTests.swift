import Agents
import Tensor
import Testing

@Suite struct ActorCriticTests {
  private func configuration() -> ActorCriticConfiguration {
    var configuration = ActorCriticConfiguration()
    (configuration.networks.actorWidths, configuration.networks.criticWidths) = ([16], [16])
    (configuration.actorLearningRate, configuration.criticLearningRate) = (5e-3, 1e-2)
    return configuration
  }

  @Test func aRestoredRunGoesOnBitForBit() throws {
    let task = NoiseTask(actions: .discrete(3))
    try LearnerChecks.resumes(steps: 7) { Trainer(ActorCritic(configuration(), for: task.specification, seed: 3), in: task) }
  }

  @Test func stepsTakeNoMemory() {
    let task = NoiseTask(copies: 3, actions: .discrete(3))
    var trainer = Trainer(ActorCritic(configuration(), for: task.specification, seed: 3), in: task)
    #expect(LearnerChecks.allocations(&trainer, warmUp: 20, steps: 20) == 0)
    #expect(trainer.learner.updates == 40)
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>) func itLearnsToRepeatWhatItSees(seed: UInt64) {
    let task = IdentityTask(agents: 1, copies: 4, seed: seed)
    var trainer = Trainer(ActorCritic(configuration(), for: task.specification, seed: seed), in: task)
    for _ in 0..<1000 { trainer.advance() }
    var greedy = trainer.learner.greedy(copies: 2)
    var other = IdentityTask(agents: 1, copies: 2, seed: 100 + seed)
    #expect(evaluate(&greedy, in: &other, steps: 100) == [1])
  }

  @Test func onlyTheOneStepDifferenceCounts() {
    // Chains of one action: the critic's fixed point is the value whatever the actor does.
    var configuration = configuration()
    (configuration.discount, configuration.criticLearningRate) = (0.5, 5e-3)
    let chain = PaymentChain([0, 1], terminates: true)
    var trainer = Trainer(ActorCritic(configuration, for: chain.specification, seed: 4), in: chain)
    for _ in 0..<3000 { trainer.advance() }
    let values = trainer.learner.values(of: [1, 0, 0, 0, 1, 0])
    #expect(abs(values[0] - 0.5) < 0.02 && abs(values[1] - 1) < 0.02)
  }
}
