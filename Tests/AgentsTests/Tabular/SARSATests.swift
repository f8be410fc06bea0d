import Agents
import Tensor
import TestSupport
import Testing

@Suite struct SARSATests {
  /// The book's loop over a recorded run, in which an update has the next action at hand.
  private func reference(
    _ record: [(state: Int, choice: Int, reward: Double, successor: Int, isEnd: Bool, isCut: Bool)], states: Int, choices: Int, rate: Double,
    discount: Double, exploration: Double
  ) -> [Double] {
    var q = [[Double]](repeating: [Double](repeating: 0, count: choices), count: states)
    for (step, now) in record.enumerated() {
      var following = 0.0
      if now.isCut {
        following = (1 - exploration) * q[now.successor].max()! + exploration * q[now.successor].reduce(0, +) / Double(choices)
      } else if !now.isEnd {
        // The run's last step has not got its next action yet.
        guard step + 1 < record.count else { break }
        following = q[now.successor][record[step + 1].choice]
      }
      q[now.state][now.choice] += rate * (now.reward + discount * following - q[now.state][now.choice])
    }
    return q.flatMap { $0 }
  }

  @Test func isTheBooksLoop() {
    let task = FrozenLake(FrozenLake.Map(rows: ["SFF", "FFH", "FFG"], limit: 7), seed: 8)
    var configuration = TabularConfiguration()
    (configuration.discount, configuration.learningRate, configuration.exploration) = (0.9, .constant(0.25), .constant(0.5))
    var trainer = Trainer(SARSA(configuration, for: task.specification, seed: 3), in: task)
    var record: [(state: Int, choice: Int, reward: Double, successor: Int, isEnd: Bool, isCut: Bool)] = []
    var cuts = 0
    for _ in 0..<3000 {
      let state = Int(trainer.batch.observations[0])
      trainer.advance()
      let batch = trainer.batch
      record.append(
        (
          state, Int(trainer.actions.choices[0]), Double(batch.rewards[0]), Int(batch.finalObservations[0]), batch.terminated[0], batch.truncated[0]
        ))
      cuts += batch.truncated[0] ? 1 : 0
    }
    #expect(cuts > 50 && record.contains { $0.reward > 0 })
    let expected = reference(record, states: 9, choices: 4, rate: 0.25, discount: 0.9, exploration: 0.5)
    for (a, b) in zip(trainer.learner.actionValues, expected) { #expect(abs(a - b) <= 1e-15) }
    #expect(trainer.learner.actionValues.contains { $0 > 0 })
  }

  /// One state and two choices, γ = ¾: the second step's action is the worse one, and its value counts.
  @Test func theActionThatIsTakenCounts() {
    var configuration = TabularConfiguration()
    (configuration.learningRate, configuration.discount, configuration.exploration) = (.constant(0.5), 0.75, .constant(0.25))
    let specification = QLearningTests.specification(states: 1, choices: 2)
    let batch = QLearningTests.batch(specification, successors: [0], rewards: [8], terminated: [false], truncated: [false])
    var actions = ActionBatch(for: specification)
    for target in [SARSA.Target.taken, .expected] {
      var learner = SARSA(configuration, target: target, for: specification, seed: 1)
      var expected = [0.0, 0]
      func move(_ choice: Int, _ following: Double) { expected[choice] += 0.5 * (8 + 0.75 * following - expected[choice]) }
      for (step, choice) in [0, 1, 1, 0].enumerated() {
        actions.choices = [Int32(choice)]
        learner.observe([0], actions, batch)
        let hasLearned = learner.learn()
        #expect(hasLearned == (target == .expected || step > 0))
        if target == .expected { move(choice, 0.75 * expected.max()! + 0.25 * (expected[0] + expected[1]) / 2) }
      }
      if target == .taken { for (choice, next) in [(0, 1), (1, 1), (1, 0)] { move(choice, expected[next]) } }
      #expect(learner.actionValues == expected)
    }
  }

  @Test func anEndHasNoSuccessorAndACutHasOne() {
    for target in [SARSA.Target.taken, .expected] {
      for terminates in [true, false] {
        var configuration = TabularConfiguration()
        configuration.discount = 0.75
        let task = QLearningTests.payment(terminates: terminates)
        var trainer = Trainer(SARSA(configuration, target: target, for: task.specification, seed: 1), in: task)
        for _ in 0..<400 { trainer.advance() }
        #expect(abs(trainer.learner.actionValues[0] - (terminates ? 1 : 4)) < 1e-12)
      }
    }
  }

  /// What waits when the environment is reset is finished by the policy's expectation, not by an action of another episode.
  @Test func aResetInBetweenCutsOff() {
    var configuration = TabularConfiguration()
    (configuration.learningRate, configuration.discount, configuration.exploration) = (.constant(1), 0.5, .constant(0.5))
    let specification = QLearningTests.specification()
    var learner = SARSA(configuration, for: specification, seed: 1)
    var actions = ActionBatch(for: specification)
    actions.choices = [1]
    let end = QLearningTests.batch(specification, successors: [1], rewards: [4], terminated: [true], truncated: [false])
    let middle = QLearningTests.batch(specification, successors: [2], rewards: [1], terminated: [false], truncated: [false])
    learner.observe([2], actions, end)
    learner.observe([0], actions, middle)
    // The next observation is not 2: ½ · 4 + ½ · (0 + 4) / 2 = 3.
    learner.observe([1], actions, middle)
    #expect(learner.actionValues == [0, 1 + 0.5 * 3, 0, 0, 0, 4])
  }

  @Test func goesOnAsBefore() throws {
    for target in [SARSA.Target.taken, .expected] {
      try LearnerChecks.resumes(steps: 301) {
        let task = FrozenLake(copies: 3, seed: 1)
        var configuration = TabularConfiguration()
        configuration.learningRate = .schedule(LinearSchedule(from: 0.5, to: 0.1, over: 1000))
        return Trainer(SARSA(configuration, target: target, for: task.specification, seed: 2), in: task)
      }
    }
  }

  @Test func stepsWithoutAllocation() {
    let task = Taxi(copies: 8, seed: 1)
    var trainer = Trainer(SARSA(for: task.specification, seed: 2), in: task)
    #expect(LearnerChecks.allocations(&trainer, warmUp: 10, steps: 200) == 0)
  }

  /// A damaged file is refused, or the learner goes on without a trap.
  @Test func hostileFilesAreRefused() throws {
    let task = FrozenLake(copies: 2, seed: 1)
    func make() -> Trainer<FrozenLake, SARSA> { Trainer(SARSA(for: task.specification, seed: 2), in: task) }
    var trainer = make()
    for _ in 0..<9 { trainer.advance() }
    let folder = try TemporaryFolder()
    try Archive.save(&trainer.learner, to: folder.file("state"))
    let bytes = try folder.bytes("state")
    let begin = 8 + bytes[0..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let words: [UInt64] = [UInt64(bitPattern: -1), 0x7FFF_FFFF_7FFF_FFFF, 0x8000_0000_8000_0000, 0x0000_7000_0000_7000]
    var refused = 0
    for place in stride(from: begin, to: bytes.count - 7, by: 4) {
      for word in words {
        var damaged = bytes
        for i in 0..<8 { damaged[place + i] = UInt8(truncatingIfNeeded: word >> (8 * i)) }
        try folder.write(damaged, to: "damaged")
        var other = make()
        if (try? Archive.restore(&other.learner, from: folder.file("damaged"))) == nil {
          refused += 1
        } else {
          for _ in 0..<3 { other.advance() }
        }
      }
    }
    // At the least each of the two copies' waiting states and choices.
    #expect(refused > 10)
  }
}
