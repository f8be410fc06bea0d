import Agents
import Tensor
import TestSupport
import Testing

@Suite struct AgentProbeTests {
  @Test(arguments: AgentProbeKind.allCases, [false, true]) func keepsTheContract(kind: AgentProbeKind, paidByOther: Bool) throws {
    try TaskChecks.keepsTheContract { AgentProbe(kind, paidByOther: paidByOther, agents: 3, copies: $0, seed: 2, firstCopy: $1) }
  }

  @Test(arguments: AgentProbeKind.allCases, [false, true]) func paysTheRightAgent(kind: AgentProbeKind, paidByOther: Bool) {
    var task = AgentProbe(kind, paidByOther: paidByOther, agents: 2, seed: 2)
    var batch = StepBatch(for: task.specification)
    var actions = ActionBatch(for: task.specification)
    var policy = RandomPolicy(for: task.specification, seed: 3)
    task.reset(into: &batch)
    for step in 0..<40 {
      let seen = batch.observations
      policy.act(seen, step: step, into: &actions)
      task.step(actions, into: &batch)
      for agent in 0..<2 {
        let source = paidByOther ? 1 - agent : agent
        let (o, k) = (seen[source], actions.choices[source])
        let amount: Float = [1: 1, 2: o, 3: o, 4: k == 1 ? 1 : -1, 5: (k == 1 ? 1 : -1) * o][kind.rawValue]!
        #expect(batch.rewards[agent] == (agent == 0 ? amount : -amount))
        #expect(task.reward(agent: agent, observations: seen, choices: actions.choices) == batch.rewards[agent])
      }
      #expect(batch.terminated == [kind != .discount || seen[0] == 1])
    }
  }

  @Test func bestChoices() {
    let advantage = AgentProbe(.advantage, seed: 1)
    #expect(advantage.bestChoice(agent: 0, observation: 0) == 1 && advantage.bestChoice(agent: 1, observation: 0) == 0)
    let coupling = AgentProbe(.coupling, seed: 1)
    #expect(coupling.bestChoice(agent: 0, observation: -1) == 0 && coupling.bestChoice(agent: 1, observation: -1) == 1)
  }
}
