import Agents
import Tensor
import Testing

@Suite struct ScriptedPolicyTests {
  @Test func actsAsTheFunctionSays() {
    let specification = EnvironmentSpecification(copies: 2, agents: 2, observationSize: 2, actions: .discrete(9))
    var actions = ActionBatch(for: specification)
    var rows = ScriptedPolicy(for: specification) { observation, agent in Int(observation.last!) + agent }
    rows.act([0, 1, 0, 2, 0, 3, 0, 4], step: 0, into: &actions)
    #expect(actions.choices == [1, 3, 3, 5])
    var all = ScriptedPolicy { observations, step, actions in actions.choices[3] = Int32(observations.count + step) }
    all.act([0, 1, 0, 2, 0, 3, 0, 4], step: 5, into: &actions)
    #expect(actions.choices == [1, 3, 3, 13])
  }
}
