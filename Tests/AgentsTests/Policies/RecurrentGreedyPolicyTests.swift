import Agents
import Tensor
import TestSupport
import Testing

@Suite struct RecurrentGreedyPolicyTests {
  private static let specification = EnvironmentSpecification(copies: 2, agents: 2, observationSize: 3, actions: .discrete(4))

  private func learner(memory: Int? = 16) -> ValueDecomposition {
    var configuration = ValueDecompositionConfiguration.vdn
    (configuration.memoryWidth, configuration.widths, configuration.exploration) = (memory, [16], .constant(0))
    return ValueDecomposition(configuration, for: Self.specification, seed: 12)
  }

  private func observations(_ step: Int) -> [Float] {
    var values = [Float](repeating: 0, count: 12)
    RandomStream(seed: 6, purpose: .environment).fill(&values, with: .normal, step: step)
    return values.map { 5 * $0 }
  }

  /// The choices of 30 steps, and the state after each.
  private func play(_ policy: inout some Policy, ends: (Int) -> [Bool] = { _ in [false, false] }, from start: Int = 0) throws -> [[Int32]] {
    var batch = StepBatch(for: Self.specification)
    var actions = ActionBatch(for: Self.specification)
    return (start..<30).map { step in
      policy.act(observations(step), step: step, into: &actions)
      batch.truncated = ends(step)
      policy.follow(batch)
      return actions.choices
    }
  }

  @Test func aMemoryMattersAndIsForgottenWithTheEpisode() throws {
    let learner = learner()
    var whole = learner.greedy(copies: 2)
    let remembered = try play(&whole)
    var cut = learner.greedy(copies: 2)
    let forgetful = try play(&cut, ends: { _ in [true, false] })
    // What the second copy does depends on no end of the first one's episodes; what the first does, does.
    #expect(remembered.map { $0[2...] } == forgetful.map { $0[2...] })
    #expect(remembered.map { $0[..<2] } != forgetful.map { $0[..<2] })
    // A copy that forgets at every step acts as one that has just begun.
    for step in [0, 7, 29] {
      var fresh = learner.greedy(copies: 2)
      var actions = ActionBatch(for: Self.specification)
      fresh.act(observations(step), step: step, into: &actions)
      #expect(actions.choices[..<2] == forgetful[step][..<2])
    }
  }

  @Test func theLearnerWithoutExplorationActsAlike() throws {
    for memory in [nil, 16] {
      var learner = learner(memory: memory)
      var policy = learner.greedy(copies: 2)
      let expected = try play(&policy, ends: { [$0 % 5 == 4, $0 % 3 == 2] })
      var batch = StepBatch(for: Self.specification)
      var actions = ActionBatch(for: Self.specification)
      for step in 0..<30 {
        learner.act(observations(step), step: step, into: &actions)
        #expect(actions.choices == expected[step])
        (batch.terminated, batch.truncated) = ([step % 5 == 4, false], [false, step % 3 == 2])
        learner.observe(observations(step), actions, batch)
      }
    }
  }

  @Test func aRestoredPolicyGoesOn() throws {
    let learner = learner()
    var policy = learner.greedy(copies: 2)
    let expected = try play(&policy)
    var first = learner.greedy(copies: 2)
    var actions = ActionBatch(for: Self.specification)
    for step in 0..<11 { first.act(observations(step), step: step, into: &actions) }
    let saved = try SavedLearner(&first)
    var second = learner.greedy(copies: 2)
    try saved.restore(&second)
    #expect(try play(&second, from: 11) == Array(expected[11...]))
  }
}
