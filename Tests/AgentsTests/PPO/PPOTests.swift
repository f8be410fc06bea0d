import Agents
import Tensor
import TestSupport
import Testing

@Suite struct PPOTests {
  private func configuration(steps: Int = 16, minibatchSize: Int = 10, epochs: Int = 3) -> PPOConfiguration {
    var configuration = PPOConfiguration()
    (configuration.steps, configuration.minibatchSize, configuration.epochs) = (steps, minibatchSize, epochs)
    (configuration.networks.actorWidths, configuration.networks.criticWidths) = ([16, 16], [16])
    configuration.learningRate = .constant(3e-3)
    return configuration
  }

  private static let spaces = [
    ActionSpace.discrete(3), ActionSpace(choices: [2, 3]), .continuous(-1...1, 0...5), ActionSpace(choices: [3], bounds: [0...1]),
  ]

  @Test(arguments: spaces) func aRestoredRunGoesOnBitForBit(actions: ActionSpace) throws {
    let task = NoiseTask(actions: actions)
    var configuration = configuration(steps: 10, minibatchSize: 6)
    configuration.networks.valuesDependOnChoice = true
    configuration.ratios = .separate
    try LearnerChecks.resumes(steps: 25) { Trainer(PPO(configuration, for: task.specification, seed: 3), in: task) }
  }

  @Test(arguments: spaces, [true, false]) func stepsTakeNoMemory(actions: ActionSpace, isShared: Bool) {
    let task = NoiseTask(copies: 3, actions: actions)
    var configuration = configuration(steps: 7, minibatchSize: 10)
    if isShared { configuration.networks.trunkWidths = [8] }
    configuration.networks.valuesDependOnChoice = true
    (configuration.ratios, configuration.valueClip, configuration.entropyCoefficient) = (.separate, 0.2, 0.01)
    var trainer = Trainer(PPO(configuration, for: task.specification, seed: 3), in: task)
    #expect(LearnerChecks.allocations(&trainer, warmUp: 30, steps: 30) == 0)
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>) func itLearnsToRepeatWhatItSees(seed: UInt64) {
    let task = IdentityTask(agents: 1, copies: 4, seed: seed)
    var trainer = Trainer(PPO(configuration(steps: 16, minibatchSize: 32, epochs: 8), for: task.specification, seed: seed), in: task)
    for _ in 0..<800 { trainer.advance() }
    var greedy = trainer.learner.greedy(copies: 2)
    var other = IdentityTask(agents: 1, copies: 2, seed: 100 + seed)
    #expect(evaluate(&greedy, in: &other, steps: 100) == [1])
    var sampled = trainer.learner.sampled(copies: 2, seed: seed)
    #expect(evaluate(&sampled, in: &other, steps: 100)[0] > 0.8)
  }

  @Test(arguments: [true, false]) func endsAndCutsOfChainsAreKeptApart(terminates: Bool) {
    // A chain that ends: (γ², γ, 1). One that is cut off and begins again: these over 1 − γ³.
    let chain = PaymentChain([0, 0, 1], terminates: terminates)
    var configuration = configuration(steps: 30, minibatchSize: 30, epochs: 10)
    (configuration.discount, configuration.trace) = (0.8, 0.9)
    configuration.learningRate = .linear(from: 2e-2, to: 1e-4, over: 60)
    var trainer = Trainer(PPO(configuration, for: chain.specification, seed: 4), in: chain)
    for _ in 0..<(30 * 60) { trainer.advance() }
    let factor: Float = terminates ? 1 : 1 / (1 - 0.512)
    let values = trainer.learner.values(of: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])
    for (value, expected) in zip(values, [0.64, 0.8, 1] as [Float]) { #expect(abs(value - factor * expected) < 0.03 * factor) }
  }

  @Test func anUpdateEndsWhereThePolicyHasMovedFarEnough() {
    let task = NoiseTask(actions: .discrete(3))
    var configuration = configuration(steps: 16, minibatchSize: 8, epochs: 10)
    configuration.learningRate = .constant(0.05)
    func minibatches(_ limit: Float?) -> Double? {
      configuration.divergenceLimit = limit
      var trainer = Trainer(PPO(configuration, for: task.specification, seed: 3), in: task)
      for _ in 0..<16 { trainer.advance() }
      #expect(trainer.learner.updates == 1)
      return trainer.learner.diagnostics.first { $0.name == "minibatches" }?.value
    }
    #expect(minibatches(nil) == 40)
    #expect(minibatches(1e9) == 40)
    let few = minibatches(0.02)
    #expect(few != nil && few! > 1 && few! < 40)
  }

  @Test func schedulesGoByUpdates() {
    // At a rate of zero nothing moves any more.
    let task = NoiseTask(actions: .discrete(3))
    var configuration = configuration(steps: 4, minibatchSize: 8, epochs: 1)
    configuration.learningRate = .linear(from: 1e-2, to: 0, over: 2)
    var trainer = Trainer(PPO(configuration, for: task.specification, seed: 3), in: task)
    let probe: [Float] = [0.1, 0.2, 0.3]
    var values: [[Float]] = [trainer.learner.values(of: probe)]
    for _ in 0..<4 {
      for _ in 0..<4 { trainer.advance() }
      values.append(trainer.learner.values(of: probe))
    }
    #expect(values[0] != values[1] && values[1] != values[2])
    #expect(values[2] == values[3] && values[3] == values[4])
  }

  @Test func diagnosticsTellOfTheUpdate() throws {
    let task = NoiseTask(actions: .continuous(-1...1))
    var trainer = Trainer(PPO(configuration(), for: task.specification, seed: 3), in: task)
    #expect(trainer.learner.diagnostics.isEmpty)
    for _ in 0..<16 { trainer.advance() }
    let found = Dictionary(uniqueKeysWithValues: trainer.learner.diagnostics.map { ($0.name, $0.value) })
    #expect(Set(found.keys).isSuperset(of: ["policyLoss", "valueLoss", "entropy", "gradientNorm", "approxKL", "clipFraction", "explainedVariance"]))
    // ½ ln 2πe of a normal distribution with σ near 1; KL is not negative; a share lies in 0…1.
    #expect(abs(found["entropy"]! - 1.4189385) < 0.05)
    #expect(found["approxKL"]! >= 0 && (0...1).contains(found["clipFraction"]!))
  }

  @Test func copiesOfALearnerGoTheirOwnWay() {
    let task = NoiseTask(actions: .discrete(3))
    var first = Trainer(PPO(configuration(), for: task.specification, seed: 3), in: task)
    for _ in 0..<20 { first.advance() }
    var second = first
    for _ in 0..<20 { first.advance() }
    for _ in 0..<20 { second.advance() }
    #expect(first.learner.values(of: [1, 2, 3]) == second.learner.values(of: [1, 2, 3]))
    #expect(first.actions.choices == second.actions.choices)
  }

  @Test func whatACopyDoesDoesNotDependOnOthers() {
    let space = ActionSpace(choices: [3, 4], bounds: [-1...1, 0...1])
    func act(copies: Int) -> ActionBatch {
      let specification = EnvironmentSpecification(copies: copies, agents: 1, observationSize: 2, actions: space)
      var learner = PPO(configuration(), for: specification, seed: 3)
      var actions = ActionBatch(for: specification)
      learner.act((0..<(2 * copies)).map { Float($0) / 5 }, step: 7, into: &actions)
      return actions
    }
    let (few, many) = (act(copies: 2), act(copies: 5))
    #expect(few.choices == Array(many.choices[..<4]) && few.values == Array(many.values[..<4]))
  }

  @Test func damagedStatesAreRefused() throws {
    let task = NoiseTask(actions: ActionSpace(choices: [3], bounds: [0...1]))
    var trainer = Trainer(PPO(configuration(), for: task.specification, seed: 3), in: task)
    for _ in 0..<11 { trainer.advance() }
    var learner = trainer.learner
    let damaged = try DamagedState(&learner)
    try damaged.restore(&learner, "updates", 0, Int64(0))
    try damaged.restore(&learner, "rollOut.count", 0, Int64(11))
    for (part, number) in [("updates", -1), ("rollOut.count", -1), ("rollOut.count", 16), ("rollOut.count", .max), ("rollOut.cuts", -1)] {
      #expect(throws: FileError.self) { try damaged.restore(&learner, part, 0, Int64(number)) }
    }
    #expect(throws: FileError.self) { try damaged.restore(&learner, "rollOut.cuts", 0, Int64(23)) }
    #expect(throws: FileError.self) { try damaged.restore(&learner, "rollOut.choices", 5, Int32(3)) }
    #expect(throws: FileError.self) { try damaged.restore(&learner, "rollOut.choices", 5, Int32(-1)) }
    #expect(throws: FileError.self) { try damaged.restore(&learner, "rollOut.cutPlaces", 0, Int32(22)) }
  }

  @Test func environmentsThatDoNotFitAreNamed() async {
    let many = EnvironmentSpecification(copies: 1, agents: 2, observationSize: 1, actions: .discrete(2))
    #expect(PPO.objection(to: many)?.contains("one agent") == true)
    #expect(MAPPO.objection(to: many) == nil)
    let nothing = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: ActionSpace())
    #expect(PPO.objection(to: nothing) != nil && A2C.objection(to: nothing) != nil && ActorCritic.objection(to: nothing) != nil)
    await #expect(processExitsWith: .failure) {
      let many = EnvironmentSpecification(copies: 1, agents: 2, observationSize: 1, actions: .discrete(2))
      _ = PPO(PPOConfiguration(), for: many, seed: 1)
    }
  }
}
