import Agents
import Tensor
import TestSupport
import Testing

@Suite struct HybridCoordinationTests {
  /// The mean return of a policy that is written down, with its standard error.
  private func mean(_ script: @escaping ScriptedPolicy.Script) -> (mean: Double, error: Double) {
    var task = HybridCoordination(agents: 2, copies: 20, seed: 4)
    var policy = ScriptedPolicy(script)
    let returns = episodeReturns(&policy, in: &task, episodes: 20_000)
    let mean = returns.reduce(0, +) / Double(returns.count)
    let variance = returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(returns.count)
    return (mean, (variance / Double(returns.count)).squareRoot())
  }

  @Test func exactAnswers() {
    let best = mean { observations, _, actions in
      for row in observations.indices { (actions.choices[row], actions.values[row]) = (observations[row] > 0 ? 1 : 0, observations[row]) }
    }
    #expect(best.mean == HybridCoordination.optimum)
    let constant = mean { observations, _, actions in
      for row in observations.indices { (actions.choices[row], actions.values[row]) = (1, 0) }
    }
    // 5.5 standard errors: less than once in 2 · 10⁷ trials.
    #expect(abs(constant.mean - 1 / 6) < 5.5 * constant.error)
    let specification = HybridCoordination(agents: 2, copies: 20, seed: 4).specification
    let random = mean { observations, step, actions in
      var policy = RandomPolicy(for: specification, seed: 8)
      policy.act(observations, step: step, into: &actions)
    }
    #expect(abs(random.mean + 1 / 6) < 5.5 * random.error)
  }

  @Test func keepsTheContract() throws {
    try TaskChecks.keepsTheContract { HybridCoordination(agents: 3, copies: $0, seed: 2, firstCopy: $1) }
    let forged = ForgedState(parts: [("draws", .count(1)), ("seen", .floats([0, 2]))])
    #expect(try forged.isRefused(by: HybridCoordination(seed: 1)))
  }
}
