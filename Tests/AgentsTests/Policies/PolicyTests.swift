import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct PolicyTests {
  private let specification = EnvironmentSpecification(
    copies: 2, agents: 3, observationSize: 1, actions: ActionSpace(choices: [4, 7], bounds: [-1...1, 2...5]))

  @Test func randomActionsAreUniformAndInRange() {
    var policy = RandomPolicy(for: specification, seed: 5)
    var actions = ActionBatch(for: specification)
    var counts = [[Int](repeating: 0, count: 4), [Int](repeating: 0, count: 7)]
    var values: [[Double]] = [[], []]
    // How often two agents of a copy, and one agent of two copies, choose the same.
    var equal = (agents: 0, copies: 0, steps: 0)
    var last: Int32 = 0
    for step in 0..<3000 {
      policy.act([], step: step, into: &actions)
      for row in 0..<6 {
        for component in 0..<2 {
          counts[component][Int(actions.choices[row * 2 + component])] += 1
          values[component].append(Double(actions.values[row * 2 + component]))
        }
      }
      if actions.choices[0] == actions.choices[2] { equal.agents += 1 }
      if actions.choices[0] == actions.choices[6] { equal.copies += 1 }
      if step > 0 && actions.choices[0] == last { equal.steps += 1 }
      last = actions.choices[0]
    }
    for component in counts { #expect(ChiSquare.isUniform(component)) }
    #expect(KolmogorovSmirnov.agrees(values[0], with: { ($0 + 1) / 2 }))
    #expect(KolmogorovSmirnov.agrees(values[1], with: { ($0 - 2) / 3 }))
    #expect(values[0].allSatisfy { $0 >= -1 && $0 <= 1 } && values[1].allSatisfy { $0 >= 2 && $0 <= 5 })
    // Of 3000 pairs a quarter agree: 750 with a standard deviation of 23.7.
    for count in [equal.agents, equal.copies, equal.steps] { #expect(abs(count - 750) < 131) }
  }

  @Test func randomActionsDependOnSeedCopyAndStepAlone() {
    var policy = RandomPolicy(for: specification, seed: 5)
    var (a, b, c) = (ActionBatch(for: specification), ActionBatch(for: specification), ActionBatch(for: specification))
    policy.act([], step: 7, into: &a)
    policy.act([], step: 8, into: &b)
    policy.act([], step: 7, into: &c)
    #expect(a.choices == c.choices && a.values == c.values && a.values != b.values)
    // The second of two copies acts as it does among three.
    var wider = specification
    wider.copies = 3
    var more = ActionBatch(for: wider)
    var another = RandomPolicy(for: wider, seed: 5)
    another.act([], step: 7, into: &more)
    #expect(Array(more.choices.prefix(12)) == a.choices && Array(more.values.prefix(12)) == a.values)
  }

  @Test func aFixedPolicyRepeatsItself() {
    let specification = EnvironmentSpecification(copies: 2, agents: 3, observationSize: 1, actions: .discrete(9))
    var policy = FixedPolicy([4, 0, 8])
    var actions = ActionBatch(for: specification)
    policy.act([0, 0, 0, 0, 0, 0], step: 0, into: &actions)
    #expect(actions.choices == [4, 0, 8, 4, 0, 8])
  }
}
