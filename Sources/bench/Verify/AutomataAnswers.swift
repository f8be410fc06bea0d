import Agents
import Tensor

/// Learning automata with published chances of absorption.
enum AutomataAnswers {
  /// Runs of one trial, and the p at which a run counts as absorbed.
  private static let runs = 50_000
  private static let absorbed = 0.999

  static var all: [KnownAnswer] {
    [
      // The share of 50,000 runs has a standard error of 0.00012, a mean of steps with a deviation near 45 one of 0.2.
      KnownAnswer(
        "automata-absorption", task: "share of 50,000 L_R-I automata that end with the better action, d = (0.8, 0.4), b = 0.1",
        source: "Monte Carlo of another program: 0.9993 ± 0.0001", criterion: .equals(0.9993, within: 0.0007)
      ) { absorption([0.8, 0.4], step: 0.1, seed: $0).share },
      KnownAnswer(
        "automata-steps", task: "mean steps of 50,000 L_R-I automata until the largest probability exceeds 0.999, d = (0.8, 0.4), b = 0.1",
        source: "Monte Carlo of another program: 119", criterion: .equals(119, within: 1.5)
      ) { absorption([0.8, 0.4], step: 0.1, seed: $0).steps },
      KnownAnswer(
        "automata-absorption-near", task: "share of 50,000 L_R-I automata that end with the better action, d = (0.8, 0.6), b = 0.05",
        source: "Monte Carlo of another program: 0.9970 ± 0.0002", criterion: .equals(0.997, within: 0.0014), trials: (1, 0)
      ) { absorption([0.8, 0.6], step: 0.05, seed: $0).share },
      KnownAnswer(
        "automata-ode", task: "mean probability of the better action after 2500 steps, d = (0.8, 0.4), b = 0.001, 4000 automata",
        source: "logistic equation 1 / (1 + e^(−(d1 − d2) b k))", criterion: .equals(0.731059, within: 0.004)
      ) { seed in
        var sum = 0.0
        for run in 0..<4000 { sum += path([0.8, 0.4], step: 0.001, run: run, seed: seed, until: 1, atMost: 2500).better }
        return sum / 4000
      },
      KnownAnswer(
        "automata-pursuit", task: "share of 2000 CP_RI automata (λ = 0.01, ten trials of each first) that end with the best of ten actions",
        source: "ε-optimality on the ten-action environment of Oommen and Agache (2001): near 1; chance 0.1", criterion: .mean(0.98...1)
      ) { pursuit(seed: $0) },
    ]
  }

  /// One automaton with the better action first, until a probability exceeds a bound.
  private static func path(
    _ chances: [Double], step: Double, run: Int, seed: Int, until bound: Double, atMost: Int
  ) -> (better: Double, steps: Int) {
    var p = chances.map { _ in 1 / Double(chances.count) }
    let scheme = AutomatonScheme.rewardInaction(step: step)
    var generator = RandomStream(seed: UInt64(seed), purpose: .environment, index: run).generator()
    var steps = 0
    while steps < atMost, p[0] <= bound, p[1] <= bound {
      let action = AutomatonScheme.choice(p.span, uniform: generator.uniform())
      let response = generator.uniform() < chances[action] ? 1.0 : 0
      var span = p.mutableSpan
      scheme.update(&span, action: action, response: response)
      steps += 1
    }
    return (p[0], steps)
  }

  private static func absorption(_ chances: [Double], step: Double, seed: Int) -> (share: Double, steps: Double) {
    var (better, steps) = (0, 0)
    for run in 0..<runs {
      let end = path(chances, step: step, run: run, seed: seed, until: absorbed, atMost: 1_000_000)
      if end.better > absorbed { better += 1 }
      steps += end.steps
    }
    return (Double(better) / Double(runs), Double(steps) / Double(runs))
  }

  private static func pursuit(seed: Int) -> Double {
    let chances = [0.7, 0.5, 0.3, 0.2, 0.4, 0.5, 0.4, 0.3, 0.5, 0.2]
    var configuration = LearningAutomataConfiguration()
    (configuration.scheme, configuration.initialTrials) = (.pursuit(step: 0.01), 10)
    let specification = EnvironmentSpecification(copies: 1, agents: 2000, observationSize: 1, actions: .discrete(10))
    var learner = LearningAutomata(configuration, for: specification, seed: UInt64(seed))
    var batch = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    for step in 0..<1500 {
      learner.act([], step: step, into: &actions)
      var generator = RandomStream(seed: UInt64(seed), purpose: .environment).generator(step: step)
      for row in 0..<2000 { batch.rewards[row] = generator.uniform() < chances[Int(actions.choices[row])] ? 1 : 0 }
      learner.observe([], actions, batch)
    }
    var best = 0
    for agent in 0..<2000 where learner.probabilities(of: agent)[0] > 0.5 { best += 1 }
    return Double(best) / 2000
  }
}
