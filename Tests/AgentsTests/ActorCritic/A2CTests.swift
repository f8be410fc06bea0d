import Agents
import Tensor
import Testing

@Suite struct A2CTests {
  private func configuration() -> A2CConfiguration {
    var configuration = A2CConfiguration()
    (configuration.networks.actorWidths, configuration.networks.criticWidths) = ([16], [16])
    configuration.learningRate = .constant(1e-2)
    return configuration
  }

  @Test func aRestoredRunGoesOnBitForBit() throws {
    let task = NoiseTask(actions: .continuous(-1...1))
    try LearnerChecks.resumes(steps: 13) { Trainer(A2C(configuration(), for: task.specification, seed: 3), in: task) }
  }

  @Test(arguments: [GradientRule.rmsProp(decay: 0.99, epsilon: 1e-5), .adam(epsilon: 1e-5), .descent]) func stepsTakeNoMemory(rule: GradientRule) {
    let task = NoiseTask(copies: 3, actions: .discrete(3))
    var configuration = configuration()
    configuration.rule = rule
    var trainer = Trainer(A2C(configuration, for: task.specification, seed: 3), in: task)
    #expect(LearnerChecks.allocations(&trainer, warmUp: 20, steps: 20) == 0)
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>) func itLearnsToRepeatWhatItSees(seed: UInt64) {
    let task = IdentityTask(agents: 1, copies: 4, seed: seed)
    var trainer = Trainer(A2C(configuration(), for: task.specification, seed: seed), in: task)
    for _ in 0..<1000 { trainer.advance() }
    var greedy = trainer.learner.greedy(copies: 2)
    var other = IdentityTask(agents: 1, copies: 2, seed: 100 + seed)
    #expect(evaluate(&greedy, in: &other, steps: 100) == [1])
  }

  /// One plain step on five steps of two copies, against double precision.
  @Test func anUpdateIsThatOfDoublePrecision() throws {
    let task = NoiseTask(copies: 1, actions: .discrete(3))
    var configuration = configuration()
    (configuration.rule, configuration.learningRate, configuration.maximumGradientNorm) = (.descent, .constant(0.5), nil)
    configuration.networks.gains.policy = 1
    var trainer = Trainer(A2C(configuration, for: task.specification, seed: 3), in: task)
    let before = try SavedLearner(&trainer.learner)
    let old = (try before.numbers("model.actor"), try before.numbers("model.critic"))
    let reference = ReferenceOnPolicy(observationSize: 3, actorWidths: [16], criticWidths: [16], choices: [3])
    var steps: [ReferenceOnPolicy.Step] = []
    for _ in 0..<5 {
      let observations = trainer.batch.observations.map(Double.init)
      trainer.advance()
      steps.append(
        ReferenceOnPolicy.Step(
          observations: [observations], choices: [[Int(trainer.actions.choices[0])]], values: [[]], rewards: [Double(trainer.batch.rewards[0])],
          terminated: trainer.batch.terminated[0], truncated: trainer.batch.truncated[0],
          successor: [trainer.batch.finalObservations.map(Double.init)]))
    }
    let advantages = reference.advantages(steps, old.0, old.1, discount: Double(Float(0.99)), trace: 1)
    let returns = zip(advantages, steps).map { [$0[0] + reference.value(old.0, old.1, $1.observations, agent: 0)] }
    let loss = ReferenceOnPolicy.Loss(clip: nil, entropyCoefficient: 0.01, valueCoefficient: 0.5)
    let start = old.0 + old.1
    let gradient = ReferenceOnPolicy.gradient(start) { x in
      reference.loss(
        loss, steps, advantages: advantages, returns: returns, Array(x[..<old.0.count]), Array(x[old.0.count...]), old: old)
    }
    let after = try SavedLearner(&trainer.learner)
    let result = try after.numbers("model.actor") + after.numbers("model.critic")
    let error = zip(zip(start, gradient), result).map { abs($0.0 - 0.5 * $0.1 - $1) }.max()!
    #expect(error < 1e-5 && zip(start, result).contains { abs($0 - $1) > 0.05 })
  }
}
