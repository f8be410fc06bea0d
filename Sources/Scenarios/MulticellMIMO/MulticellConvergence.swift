import Agents
import Channels
import Tensor

/// Figure 9: capacities against the iterations of the game, from many random starts and from a learned one, over the same realisations.
struct MulticellConvergence {
  let evaluation: MulticellEvaluation

  private var work: MulticellLearning { evaluation.settings.work }
  private var system: MulticellParameters { evaluation.settings.system }

  /// Capacities of a start, mean over realisations, from no iteration to the last. `[iterations + 1][starts]`
  typealias Table = [[Double]]

  private func gains(starts: Int) -> MulticellGains {
    MulticellChannel(system.network, copies: work.realizations, seed: evaluation.seed).gains.repeated(initializations: starts)
  }

  /// Random starts, each the same for no two realisations.
  func randomStarts(iterations: Int) -> Table {
    let gains = gains(starts: work.starts)
    var powers = MulticellPowers(gains, budget: system.userBudget)
    var allocations = MulticellAllocations(gains)
    // A step that no slot of the evaluation has.
    allocations.draw(system.start, into: &powers, step: 1 << 20) { RandomStream(seed: evaluation.seed, purpose: .environment, index: $0) }
    return course(&powers, gains, iterations: iterations)
  }

  /// The start that an actor chooses with the interference of a random allocation before it.
  func learnedStart(_ policy: some Policy, _ seen: MulticellParameters, iterations: Int) -> Table {
    var policy = policy
    var still = seen
    still.moves = 0
    var environment = evaluation.environment(still, copies: work.realizations, slots: 2)
    var batch = StepBatch(for: environment.specification)
    var actions = ActionBatch(for: environment.specification)
    environment.reset(into: &batch)
    policy.act(batch.observations, step: 0, into: &actions)
    environment.step(actions, into: &batch)
    var powers = environment.powers
    return course(&powers, environment.channel.gains, iterations: iterations)
  }

  /// A start that is computed: selfish water-filling.
  func selfishStart() -> Table {
    let gains = gains(starts: 1)
    var powers = MulticellPowers(gains, budget: system.userBudget)
    var allocations = MulticellAllocations(gains)
    allocations.fillSelfishly(&powers, in: gains)
    return course(&powers, gains, iterations: 0)
  }

  private func course(_ powers: inout MulticellPowers, _ gains: MulticellGains, iterations: Int) -> Table {
    var game = ForwardLookingWaterFilling(gains, derivative: system.derivative)
    var rates = MulticellRates(gains)
    let starts = gains.lanes.initializations
    var table: Table = []
    for iteration in 0...iterations {
      if iteration > 0 { game.iterate(&powers, in: gains, iterations: 1) }
      rates.evaluate(powers, in: gains)
      table.append(
        (0..<starts).map { start in
          var sum = 0.0
          for realization in 0..<work.realizations { sum += rates.cellCapacity(network: realization * starts + start) }
          return sum / Double(work.realizations)
        })
    }
    return table
  }

  // MARK: Recording

  /// Iterations at which a learned start is ranked among random ones.
  static let ranked = [5, 10, 20, 50, 100]

  /// Records what figure 9 shows of a scheme.
  func record(_ scheme: String, _ policy: (some Policy)?, _ seen: MulticellParameters, _ log: MetricLog) throws {
    switch scheme {
    case "flwf": try record(randomStarts(iterations: work.iterations), log)
    case "random": try record(constant(randomStarts(iterations: 0)), log)
    case "sswf": try record(constant(selfishStart()), log)
    case "td3mix": if let policy { try record(constant(learnedStart(policy, seen, iterations: 0)), log) }
    case "td3mix+flwf":
      guard let policy else { return }
      let own = learnedStart(policy, seen, iterations: work.iterations)
      try record(own, log)
      let others = randomStarts(iterations: work.iterations)
      for iteration in MulticellConvergence.ranked where iteration <= work.iterations {
        let below = others[iteration].count { $0 < own[iteration][0] }
        try log.record(MulticellMetric.percentile, 100 * Double(below) / Double(work.starts), step: iteration)
      }
    default: break
    }
  }

  /// What does not iterate stays as it is.
  private func constant(_ table: Table) -> Table { Array(repeating: table[0], count: work.iterations + 1) }

  private func record(_ table: Table, _ log: MetricLog) throws {
    for (iteration, values) in table.enumerated() {
      try log.record(MulticellMetric.iteration, Statistics.mean(values), step: iteration)
      guard values.count > 1 else { continue }
      try log.record(MulticellMetric.iterationDeviation, Statistics.standardDeviation(values), step: iteration)
      try log.record(MulticellMetric.iterationBest, values.max() ?? 0, step: iteration)
    }
  }
}
