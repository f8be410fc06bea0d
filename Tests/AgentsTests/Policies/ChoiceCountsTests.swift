import Tensor
import Testing

@testable import Agents

@Suite struct ChoiceCountsTests {
  @Test func choicesOfAllCopiesAreCounted() {
    let specification = EnvironmentSpecification(copies: 2, agents: 3, observationSize: 1, actions: .discrete(4))
    var policy = ChoiceCounts(ScriptedChoices(), for: specification)
    var actions = ActionBatch(for: specification)
    for step in 0..<3 { policy.act([], step: step, into: &actions) }
    // Agent 0 takes the step's number in both copies, agent 1 always 3, agent 2 takes 1 and 2 equally often.
    #expect(policy.counts == [2, 2, 2, 0, 0, 0, 0, 6, 0, 3, 3, 0])
    #expect(policy.mostFrequent == [0, 3, 1])
  }

  private struct ScriptedChoices: Policy {
    mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
      actions.choices = [Int32(step), 3, 1, Int32(step), 3, 2]
    }

    mutating func archive(in archive: Archive) throws(FileError) {}
  }
}
