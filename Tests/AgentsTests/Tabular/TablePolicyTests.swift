import Agents
import Testing

@Suite struct TablePolicyTests {
  @Test func actsByTheState() {
    var policy = TablePolicy([2, 0, 1], of: 3)
    var actions = ActionBatch(for: QLearningTests.specification(states: 3, choices: 3, copies: 4))
    policy.act([1, 0, 2, 2], step: 0, into: &actions)
    #expect(actions.choices == [0, 2, 1, 1])
  }

  @Test func refusesChoicesThatThereAreNot() throws {
    var policy = TablePolicy([2, 0, 1], of: 3)
    let saved = try SavedLearner(&policy)
    var restored = TablePolicy([0, 0, 0], of: 3)
    try saved.restore(&restored)
    #expect(restored.choices == [2, 0, 1])
    var smaller = TablePolicy([0, 0, 0], of: 2)
    #expect(throws: (any Error).self) { try saved.restore(&smaller) }
  }
}
