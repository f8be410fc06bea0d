import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct ActorPolicyTests {
  private let space = ActionSpace(choices: [3], bounds: [-1...1, 0...5])

  private func learner(seed: UInt64 = 3, copies: Int = 4) -> PPO {
    var configuration = PPOConfiguration()
    (configuration.networks.actorWidths, configuration.networks.gains.policy) = ([8], 1)
    configuration.networks.valuesDependOnChoice = true
    return PPO(configuration, for: EnvironmentSpecification(copies: copies, agents: 1, observationSize: 2, actions: space), seed: seed)
  }

  private func actions(_ policy: inout some Policy, copies: Int = 4, step: Int = 0) -> ActionBatch {
    var actions = ActionBatch(for: EnvironmentSpecification(copies: copies, agents: 1, observationSize: 2, actions: space))
    policy.act((0..<(2 * copies)).map { Float($0 * 5 % 7) - 3 }, step: step, into: &actions)
    return actions
  }

  @Test func withoutNoiseItTakesTheModeAndTheMeansOfTheChosen() {
    let learner = learner()
    var greedy = learner.greedy(copies: 4)
    let chosen = actions(&greedy)
    let reference = ReferenceOnPolicy(
      observationSize: 2, actorWidths: [8], criticWidths: [], choices: [3], dimensions: 2, isPerChoice: true)
    let parameters = learner.core.model.actor.values.array.map(Double.init)
    for copy in 0..<4 {
      let row = reference.act(parameters, (0..<2).map { Double((copy * 2 + $0) * 5 % 7) - 3 }, agent: 0).row
      let best = ReferenceNetworks.largest(Array(row[..<3]))
      #expect(chosen.choices[copy] == Int32(best))
      for (d, (low, high)) in [(-1.0, 1.0), (0, 5)].enumerated() {
        let expected = min(max((low + high) / 2 + row[3 + best * 2 + d] * (high - low) / 2, low), high)
        #expect(abs(Double(chosen.values[copy * 2 + d]) - expected) < 1e-5)
      }
    }
    #expect(actions(&greedy, step: 9).values == chosen.values)
  }

  @Test func withNoiseItActsAsTheLearnerDoes() {
    var learner = learner()
    var sampled = learner.sampled(copies: 4, seed: 3)
    for step in 0..<5 {
      let (mine, its) = (actions(&sampled, step: step), actions(&learner, step: step))
      #expect(mine.choices == its.choices && mine.values == its.values)
    }
    var other = learner.sampled(copies: 4, seed: 4)
    #expect(actions(&other).values != actions(&sampled).values)
  }

  @Test func itIsSavedAndRestored() throws {
    let folder = try TemporaryFolder()
    var first = learner().greedy(copies: 4)
    var second = learner(seed: 8).greedy(copies: 4)
    #expect(actions(&first).values != actions(&second).values)
    try Archive.save(&first, to: folder.file("policy"))
    try Archive.restore(&second, from: folder.file("policy"))
    #expect(actions(&first).values == actions(&second).values)
  }
}
