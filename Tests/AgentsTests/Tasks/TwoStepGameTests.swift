import Agents
import Tensor
import TestSupport
import Testing

@Suite struct TwoStepGameTests {
  @Test func everyPath() {
    for first in [0, 1] as [Int32] {
      for other in [0, 1] as [Int32] {
        for (a, b, payoff) in [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 8)] as [(Int32, Int32, Float)] {
          var task = TwoStepGame()
          var batch = StepBatch(for: task.specification)
          var actions = ActionBatch(for: task.specification)
          task.reset(into: &batch)
          #expect(batch.observations == [1, 0, 0, 1, 0, 0])
          actions.choices = [first, other]
          task.step(actions, into: &batch)
          #expect(batch.observations == (first == 0 ? [0, 1, 0, 0, 1, 0] : [0, 0, 1, 0, 0, 1]))
          #expect(batch.rewards == [0, 0] && batch.terminated == [false])
          actions.choices = [a, b]
          task.step(actions, into: &batch)
          #expect(batch.rewards == (first == 0 ? [7, 7] : [payoff, payoff]))
          #expect(batch.terminated == [true] && batch.truncated == [false] && batch.observations == [1, 0, 0, 1, 0, 0])
        }
      }
    }
  }

  @Test func keepsTheContract() throws {
    for numbered in [false, true] { try TaskChecks.keepsTheContract { copies, _ in TwoStepGame(copies: copies, numbered: numbered) } }
    let forged = ForgedState(parts: [("places", .integers([3]))])
    #expect(try forged.isRefused(by: TwoStepGame()))
  }
}
