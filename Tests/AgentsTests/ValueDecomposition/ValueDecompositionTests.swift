import Agents
import Tensor
import TestSupport
import Testing

@Suite struct ValueDecompositionTests {
  /// Small networks that learn quickly.
  private func configuration(_ mixing: Mixing, memory: Int? = nil, shares: Bool = true) -> ValueDecompositionConfiguration {
    var configuration = ValueDecompositionConfiguration(mixing)
    (configuration.memoryWidth, configuration.sharesNetwork, configuration.widths) = (memory, shares, [16])
    (configuration.mixingWidth, configuration.generatorWidth, configuration.discount) = (8, nil, 0.5)
    (configuration.optimizer, configuration.learningRate) = (.adam(), .constant(0.01))
    (configuration.batchSize, configuration.replayCapacity, configuration.longestSequence) = (16, 40, 4)
    (configuration.exploration, configuration.target) = (LinearSchedule(from: 1, to: 0.2, over: 200), .everyUpdates(5))
    return configuration
  }

  @Test(arguments: Mixing.allCases, [true, false]) func eachAgentLearnsToRepeatWhatItSees(mixing: Mixing, shares: Bool) {
    let task = IdentityTask(agents: 2, marks: 3, copies: 2)
    var configuration = configuration(mixing, shares: shares)
    (configuration.sequencesPerUpdate, configuration.replayCapacity) = (2, 2000)
    var trainer = Trainer(ValueDecomposition(configuration, for: task.specification, seed: 2), in: task)
    for _ in 0..<500 { trainer.advance() }
    #expect(trainer.learner.updates == 493)
    var policy = trainer.learner.greedy(copies: 1)
    var trial = IdentityTask(seed: 100)
    #expect(evaluate(&policy, in: &trial, steps: 200) == [1])
  }

  @Test(arguments: [2, 3] as [UInt64]) func aMemoryKeepsWhatWasSeen(seed: UInt64) {
    let task = RememberedMark(copies: 4, length: 3, seed: seed)
    var configuration = configuration(.monotone, memory: 16)
    (configuration.exploration, configuration.replayCapacity, configuration.sequencesPerUpdate) = (.constant(1), 1000, 4)
    (configuration.discount, configuration.batchSize) = (0.9, 32)
    var trainer = Trainer(ValueDecomposition(configuration, for: task.specification, seed: seed), in: task)
    while trainer.learner.updates < 400 { trainer.advance() }
    var policy = trainer.learner.greedy(copies: 10)
    var trial = RememberedMark(copies: 10, length: 3, seed: 50 + seed)
    #expect(episodeReturns(&policy, in: &trial, episodes: 100).allSatisfy { $0 == 1 })
  }

  /// The values that are given to the steps of a chain; with a memory every step is the first of an episode of its own here.
  private func values(_ chain: PaymentChain, memory: Int?) -> [Double] {
    var configuration = configuration(.sum, memory: memory)
    (configuration.exploration, configuration.replayCapacity) = (.constant(1), 200)
    var trainer = Trainer(ValueDecomposition(configuration, for: chain.specification, seed: 9), in: chain)
    while trainer.learner.updates < 400 { trainer.advance() }
    let size = chain.specification.observationSize
    return (0..<(size - 1)).map { place in Double(trainer.learner.teamValues((0..<size).map { $0 == place ? 1 : 0 }, [0])[0]) }
  }

  @Test(arguments: [nil, 8] as [Int?]) func whatFollowsATerminationHasNoValue(memory: Int?) {
    #expect(relativeDistance(values(PaymentChain([1], terminates: true), memory: memory), [1]) < 0.02)
    if memory == nil { #expect(relativeDistance(values(PaymentChain([0, 1], terminates: true), memory: nil), [0.5, 1]) < 0.02) }
  }

  /// 1 + γ + γ² + … = 1 / (1 − γ) though every episode is cut off after one step. With a memory the successor is seen as a second step, whose value
  /// nothing teaches; where inputs and memory can tell the two steps apart the sum is not reached, so the chain is longer there.
  @Test func whatFollowsATruncationKeepsItsValue() {
    #expect(relativeDistance(values(PaymentChain([1], terminates: false), memory: nil), [2]) < 0.04)
    #expect(relativeDistance(values(PaymentChain([0, 1], terminates: false), memory: nil), [0.5 / 0.75, 1 / 0.75]) < 0.04)
  }

  @Test(arguments: [nil, 6] as [Int?], [true, false]) func aRestoredRunGoesOnBitForBit(memory: Int?, shares: Bool) throws {
    for target in [TargetUpdate.everyUpdates(3), .everyTransitions(7), .soft(0.1)] {
      var configuration = configuration(.monotone, memory: memory, shares: shares)
      (configuration.target, configuration.optimizer) = (target, .rmsProp(decay: 0.99, epsilon: 1e-5))
      try LearnerChecks.resumes(steps: 61) {
        let task = RememberedMark(copies: 2, length: 3, seed: 4)
        return Trainer(ValueDecomposition(configuration, for: task.specification, seed: 3), in: task)
      }
    }
  }

  @Test(arguments: [nil, 6] as [Int?], [true, false]) func nothingIsAllocated(memory: Int?, shares: Bool) {
    for mixing in Mixing.allCases {
      let task = RememberedMark(copies: 2, length: 3, seed: 4)
      var trainer = Trainer(ValueDecomposition(configuration(mixing, memory: memory, shares: shares), for: task.specification, seed: 3), in: task)
      #expect(LearnerChecks.allocations(&trainer, warmUp: 100, steps: 60) == 0)
    }
  }

  @Test func copiesLearnApart() throws {
    let task = TwoStepGame(copies: 2)
    var first = Trainer(ValueDecomposition(configuration(.monotone, memory: 6), for: task.specification, seed: 3), in: task)
    for _ in 0..<40 { first.advance() }
    var second = first
    for _ in 0..<20 { second.advance() }
    let bytes = try SavedLearner(&second).bytes
    for _ in 0..<20 { first.advance() }
    #expect(try SavedLearner(&first).bytes == bytes)
  }

  @Test func explorationIsUniformAndIndependent() {
    let specification = EnvironmentSpecification(copies: 300, agents: 2, observationSize: 1, actions: .discrete(3))
    var configuration = configuration(.sum)
    configuration.exploration = .constant(1)
    var learner = ValueDecomposition(configuration, for: specification, seed: 5)
    var actions = ActionBatch(for: specification)
    var counts = [Int](repeating: 0, count: 9)
    for step in 0..<60 {
      learner.act([Float](repeating: 1, count: 600), step: step, into: &actions)
      for copy in 0..<300 { counts[Int(3 * actions.choices[2 * copy] + actions.choices[2 * copy + 1])] += 1 }
    }
    #expect(ChiSquare.isUniform(counts))
    // Without exploration every copy does the same.
    configuration.exploration = .constant(0)
    learner = ValueDecomposition(configuration, for: specification, seed: 5)
    learner.act([Float](repeating: 1, count: 600), step: 0, into: &actions)
    #expect((0..<600).allSatisfy { actions.choices[$0] == actions.choices[$0 % 2] })
  }

  /// A saved learner of which one part was changed.
  private func restores(_ change: (inout Broken) -> Void) throws {
    let task = TwoStepGame()
    var configuration = configuration(.sum, memory: 4)
    configuration.batchSize = 2
    let make = { ValueDecomposition(configuration, for: task.specification, seed: 3) }
    var trainer = Trainer(make(), in: task)
    for _ in 0..<9 { trainer.advance() }
    let folder = try TemporaryFolder()
    var broken = Broken(learner: trainer.learner)
    change(&broken)
    try Archive.save(&broken, to: folder.file("state"))
    var restored = make()
    try Archive.restore(&restored, from: folder.file("state"))
  }

  /// Writes other numbers than the learner's in the places of its counters.
  private struct Broken: Archivable {
    var learner: ValueDecomposition
    var counters: (updates: Int, steps: Int, pending: Int) = (3, 9, 0)
    var last: [Int32] = [-1, 1]
    var choices: [Int32]?

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.value("updates", &counters.updates)
      try archive.value("steps", &counters.steps)
      try archive.value("pending", &counters.pending)
      var number: Float = 0
      for name in ["loss", "norm", "value"] { try archive.value(name, &number) }
      var (parameters, target) = (learner.parameters.values, learner.target.values)
      try archive.tensor("parameters", &parameters)
      try archive.tensor("target", &target)
      try archive.group("optimizer") { () throws(FileError) in
        var adam = Adam(count: parameters.count, learningRate: 1)
        try adam.archive(in: archive)
      }
      try archive.group("acting") { () throws(FileError) in
        var memories = [Float](repeating: 0, count: 8)
        try archive.array("memories", &memories)
        try archive.array("lastChoices", &last)
      }
      try archive.group("replay") { () throws(FileError) in
        var specification = TwoStepGame().specification
        if choices != nil { specification.actions = .discrete(9) }
        var buffer = EpisodeBuffer(capacity: 40, longest: 4, for: specification)
        var batch = StepBatch(for: specification)
        var actions = ActionBatch(for: specification)
        batch.terminated = [true]
        for _ in 0..<3 {
          actions.choices = choices ?? [1, 0]
          buffer.store([Float](repeating: 0, count: 6), actions, batch)
        }
        try buffer.archive(in: archive)
      }
    }
  }

  @Test func aHostileFileIsRefused() throws {
    try restores { _ in }
    let changes: [(inout Broken) -> Void] = [
      { $0.counters.updates = -1 }, { $0.counters.steps = -1 }, { $0.counters.steps = .max }, { $0.counters.pending = -1 },
      { $0.counters.pending = 10 }, { $0.counters.updates = .max }, { $0.last = [2, 0] }, { $0.last = [-2, 0] }, { $0.last = [0] },
      { $0.choices = [0, 2] }, { $0.choices = [-1, 0] },
    ]
    for (index, change) in changes.enumerated() { #expect(throws: FileError.self, "change \(index)") { try restores(change) } }
  }

  @Test func misuseIsRefused() async {
    #expect(ValueDecomposition.objection(to: TwoStepGame().specification) == nil)
    let continuous = EnvironmentSpecification(copies: 1, agents: 2, observationSize: 1, actions: .continuous(0...1))
    #expect(ValueDecomposition.objection(to: continuous)?.contains("one choice") == true)
    await #expect(processExitsWith: .failure) {
      let space = ActionSpace(choices: [2, 2])
      let specification = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: space)
      _ = ValueDecomposition(.vdn, for: specification, seed: 1)
    }
  }
}
