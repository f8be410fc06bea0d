import Testing

@testable import Agents

/// Known answers: computed from Gymnasium's tables by an independent program, or by hand.
@Suite struct ExactValuesTests {
  @Test func frozenLake() {
    let (small, large) = (FrozenLake(seed: 1).table, FrozenLake(.large, seed: 1).table)
    #expect(abs(small.optimalValues(discount: 0.99)[0] - 0.542026) <= 5e-7)
    #expect(abs(large.optimalValues(discount: 0.99)[0] - 0.41464) <= 5e-6)
    #expect(abs(small.optimalValues(discount: 1)[0] - 14.0 / 17) <= 1e-10)
    #expect(abs(small.optimalValues(discount: 1, steps: 100)[0] - 0.74419) <= 5e-6)
    #expect(abs(large.optimalValues(discount: 1, steps: 200)[0] - 0.91322) <= 5e-6)
  }

  @Test func cliffWalking() {
    let task = CliffWalking(seed: 1)
    #expect(task.table.startValue(task.table.optimalValues(discount: 1)) == -13)
    // Two fields from the edge: up three, right eleven, down three.
    var policy = [Double](repeating: 0, count: 48 * 4)
    for field in 0..<48 { policy[field * 4 + (field % 12 == 11 ? 2 : field >= 12 ? 0 : 1)] = 1 }
    #expect(task.table.values(ofPolicy: policy, discount: 1)[36] == -17)
  }

  @Test func taxi() {
    let table = Taxi(seed: 1).table
    let values = table.optimalValues(discount: 1)
    #expect(abs(table.startValue(values) - 7.93) <= 5e-3)
    let starts = (0..<500).filter { table.starts[$0] > 0 }
    #expect(starts.count == 300)
    #expect(starts.map { values[$0] }.min() == 3)
    #expect(starts.map { values[$0] }.max() == 15)
  }

  /// Two states, one choice each: V₀ = 1 + γ V₁, V₁ = 2 + γ V₀.
  @Test func aCircleByHand() {
    let table = TransitionTable(states: 2, choices: 1, starts: [1, 0]) { state, _ in
      [TransitionTable.Outcome(successor: 1 - state, reward: state == 0 ? 1 : 2, terminates: false)]
    }
    let discount = 0.9
    let first = (1 + discount * 2) / (1 - discount * discount)
    let values = table.values(ofPolicy: table.uniformPolicy, discount: discount)
    #expect(abs(values[0] - first) <= 1e-12 && abs(values[1] - (2 + discount * first)) <= 1e-12)
    #expect(table.optimalValues(discount: discount) == values)
    #expect(table.optimalValues(discount: discount, steps: 2) == [1 + discount * 2, 2 + discount])
  }

  @Test func theGreedyPolicyOfTheOptimalValuesIsOptimal() {
    let table = FrozenLake(.large, seed: 1).table
    let values = table.optimalValues(discount: 0.99)
    let policy = table.greedyPolicy(table.actionValues(values, discount: 0.99))
    for (a, b) in zip(table.values(ofPolicy: policy, discount: 0.99), values) { #expect(abs(a - b) <= 1e-12) }
  }
}
