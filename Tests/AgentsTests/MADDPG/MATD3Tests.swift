import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct MATD3Tests {
  private let space = ActionSpace.continuous(-1...1, 2...6)

  private func trainer(_ change: (inout MATD3Configuration) -> Void) -> Trainer<MixedTask, MATD3> {
    var configuration = MADDPGForms.refined()
    change(&configuration)
    let task = MixedTask(space, agents: 2, copies: 2)
    return Trainer(MATD3(configuration, for: task.specification, seed: 5), in: task)
  }

  /// Actors and all targets move with every third update, critics with each.
  @Test func policiesWait() throws {
    var trainer = trainer { $0.policyDelay = 3 }
    for _ in 0..<10 { trainer.advance() }
    for update in 1...7 {
      let before = try SavedLearner(&trainer.learner)
      trainer.learner.update()
      let after = try SavedLearner(&trainer.learner)
      for agent in 0..<2 {
        for name in ["actor", "targetActor", "targetCritic"] {
          let moved = try before.numbers("agent\(agent).\(name)") != after.numbers("agent\(agent).\(name)")
          #expect(moved == (update % 3 == 0), "\(name) in update \(update)")
        }
        #expect(try before.numbers("agent\(agent).critic") != after.numbers("agent\(agent).critic"))
      }
    }
  }

  /// With one critic, no noise and no delay it would be MADDPG: the actor's first step differs in nothing.
  @Test func theFirstCriticLeadsTheActor() throws {
    let task = MixedTask(space, agents: 2, copies: 2)
    var plain = Trainer(MADDPG(MADDPGForms.configuration(), for: task.specification, seed: 5), in: task)
    var twin = trainer {
      $0.policyDelay = 1
      $0.smoothingDeviation = 0
    }
    for _ in 0..<10 {
      plain.advance()
      twin.advance()
    }
    let actors = (try SavedLearner(&plain.learner).numbers("agent0.actor"), try SavedLearner(&twin.learner).numbers("agent0.actor"))
    #expect(actors.0 == actors.1 && plain.actions.values == twin.actions.values)
  }
}
