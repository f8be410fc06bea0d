import Tensor
import Testing

@testable import Agents

@Suite struct UntaughtTests {
  @Test func itActsLikeItsPolicyAndLearnsNothing() {
    let task = TwoStepGame(copies: 2)
    let policy = RandomPolicy(for: task.specification, seed: 4)
    var trainer = Trainer(Untaught(policy), in: task)
    var alone = policy
    var actions = ActionBatch(for: task.specification)
    for step in 0..<20 {
      trainer.advance()
      alone.act([], step: step, into: &actions)
      #expect(trainer.actions.choices == actions.choices)
    }
    #expect(trainer.learner.updates == 0 && !trainer.learner.learn() && !trainer.learner.isWarmingUp)
    var greedy = trainer.learner.greedy(copies: 2)
    greedy.act([], step: 19, into: &actions)
    #expect(trainer.actions.choices == actions.choices)
  }
}
