import Agents
import Tensor
import TestSupport
import Testing

@Suite struct MatrixGameTests {
  /// The payoff of two choices, as all agents of every copy receive it.
  private func payoff(_ game: JointPayoff, _ choices: [Int32]) -> [Float] {
    var task = MatrixGame(game, copies: 1)
    var batch = StepBatch(for: task.specification)
    var actions = ActionBatch(for: task.specification)
    task.reset(into: &batch)
    actions.choices = choices
    task.step(actions, into: &batch)
    #expect(batch.terminated == [true] && batch.truncated == [false])
    return batch.rewards
  }

  @Test func publishedPayoffs() {
    // Agent 0 chooses the row. The games are symmetric, so that an asymmetric one is needed to tell the agents apart.
    #expect(payoff(.climbing, [0, 0]) == [11, 11])
    #expect(payoff(.climbing, [0, 1]) == [-30, -30])
    #expect(payoff(.climbing, [1, 2]) == [6, 6])
    #expect(payoff(.climbing, [2, 1]) == [0, 0])
    #expect(payoff(.climbing, [2, 2]) == [5, 5])
    #expect(payoff(.penalty(k: -25), [0, 0]) == [-25, -25])
    #expect(payoff(.penalty(k: -25), [0, 2]) == [10, 10])
    #expect(payoff(.penalty(k: -25), [1, 1]) == [2, 2])
  }

  @Test func manyAgentsInRowMajorOrder() {
    let game = JointPayoff(agents: 3, choices: 2, values: (0..<8).map(Float.init))
    #expect(payoff(game, [1, 0, 0]) == [4, 4, 4])
    #expect(payoff(game, [0, 1, 0]) == [2, 2, 2])
    #expect(payoff(game, [0, 0, 1]) == [1, 1, 1])
    #expect(payoff(JointPayoff([[1, 2], [3, 4]]), [0, 1]) == [2, 2])
  }

  @Test func keepsTheContract() throws {
    for numbered in [false, true] {
      try TaskChecks.keepsTheContract { copies, _ in MatrixGame(.climbing, copies: copies, numbered: numbered) }
    }
    #expect(MatrixGame(.climbing, numbered: true).specification.states == 1)
  }
}
