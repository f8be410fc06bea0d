import Agents
import Channels
import Tensor

/// Measures schemes on blocks that all schemes of a seed share.
struct MulticellEvaluation {
  let settings: MulticellSettings
  /// Of channels and random starts.
  let seed: UInt64

  /// What a scheme reached: the capacity of each slot, and the overlap in the last one.
  struct Course {
    var capacities: [Double] = []
    var overlap = 0.0
    /// Of learned starts, see ``MulticellMetric/kept``.
    var kept: Double?
  }

  private var system: MulticellParameters { settings.system }

  /// The seeds of a job. Schemes of the same seed meet the same channels.
  static func seeds(_ seed: Int) -> (training: UInt64, evaluation: UInt64, agents: UInt64) {
    let base = UInt64(seed) * 16
    return (base + 1, base + 2, base + 3)
  }

  // MARK: Schemes without learning

  /// The course of a scheme that learns nothing over the slots of the blocks.
  func course(of scheme: String) -> Course {
    let gains = MulticellChannel(system.network, copies: settings.work.blocks, seed: seed).gains
    var powers = MulticellPowers(gains, budget: system.userBudget)
    var allocations = MulticellAllocations(gains)
    var game = ForwardLookingWaterFilling(gains, derivative: system.derivative)
    var rates = MulticellRates(gains)
    var course = Course()
    for slot in 0..<settings.work.measuredSlots {
      switch scheme {
      case "random": draw(&powers, &allocations, slot)
      case "flwf":
        draw(&powers, &allocations, slot)
        game.iterate(&powers, in: gains, iterations: system.moves)
      case "flwf-carry":
        if slot == 0 { draw(&powers, &allocations, slot) }
        game.iterate(&powers, in: gains, iterations: system.moves)
      // The others decide once: channels stay.
      case "sswf": if slot == 0 { allocations.fillSelfishly(&powers, in: gains) }
      case "fdma": if slot == 0 { allocations.fillOrthogonally(&powers, in: gains) }
      case "wmmse": if slot == 0 { optimize(&powers, &allocations, gains) }
      default: preconditionFailure("the pack 'mimo' has no scheme '\(scheme)'")
      }
      rates.evaluate(powers, in: gains)
      course.capacities.append(MulticellEvaluation.mean(rates))
    }
    course.overlap = MulticellEvaluation.overlap(powers, cells: system.cells, users: system.served)
    return course
  }

  private func draw(_ powers: inout MulticellPowers, _ allocations: inout MulticellAllocations, _ slot: Int) {
    allocations.draw(system.start, into: &powers, step: slot) { RandomStream(seed: seed, purpose: .environment, index: $0) }
  }

  /// The best of three random starts of the central optimiser and of one from the fixed split with a little power on all other channels.
  private func optimize(_ powers: inout MulticellPowers, _ allocations: inout MulticellAllocations, _ gains: MulticellGains) {
    var optimizer = WeightedMMSE(gains)
    optimizer.tolerance = 1e-5
    var best = [Double](repeating: -1, count: gains.lanes.count)
    var trial = powers
    for start in 0..<4 {
      if start < 3 {
        draw(&trial, &allocations, start)
      } else {
        allocations.fillOrthogonally(&trial, in: gains)
        for i in trial.powers.indices { trial.powers[i] = 0.99 * trial.powers[i] + Float(0.01 * system.userBudget / Double(system.frequencies)) }
      }
      for network in best.indices {
        let rate = optimizer.improve(&trial, in: gains, network: network).last ?? 0
        guard rate > best[network] else { continue }
        best[network] = rate
        for f in 0..<trial.frequencies {
          for user in 0..<trial.users { powers[network: network, frequency: f, user: user] = trial[network: network, frequency: f, user: user] }
        }
      }
    }
  }

  // MARK: Learned schemes

  /// An environment with the evaluation's channels.
  func environment(_ system: MulticellParameters, copies: Int, slots: Int) -> MulticellEnvironment {
    var system = system
    system.slots = slots
    return MulticellEnvironment(system, copies: copies, seed: seed)
  }

  /// The course of an actor in one block of each copy.
  func course(of policy: some Policy, in system: MulticellParameters) -> Course {
    var policy = policy
    // One slot more, so that the powers of the last one are still there.
    var environment = environment(system, copies: settings.work.blocks, slots: settings.work.measuredSlots + 1)
    var batch = StepBatch(for: environment.specification)
    var actions = ActionBatch(for: environment.specification)
    environment.reset(into: &batch)
    var course = Course()
    for slot in 0..<settings.work.measuredSlots {
      policy.act(batch.observations, step: slot, into: &actions)
      if slot > 0 && slot == self.system.slots - 1 { course.kept = MulticellEvaluation.kept(actions, of: environment.powers, system) }
      environment.step(actions, into: &batch)
      course.capacities.append(MulticellEvaluation.mean(environment.rates))
    }
    course.overlap = MulticellEvaluation.overlap(environment.powers, cells: system.cells, users: system.served)
    return course
  }

  /// How many components of cell 0's actions change when all others observe something else: those of an actor that needs nothing from them do not.
  func foreignInfluence(of policy: some Policy, in system: MulticellParameters) -> Int {
    var policy = policy
    var environment = environment(system, copies: 1, slots: 1)
    var batch = StepBatch(for: environment.specification)
    var actions = ActionBatch(for: environment.specification)
    environment.reset(into: &batch)
    policy.act(batch.observations, step: 0, into: &actions)
    let own = Array(actions.values[..<system.items])
    for i in system.observationSize..<batch.observations.count { batch.observations[i] = 1 - 2 * batch.observations[i] }
    policy.act(batch.observations, step: 0, into: &actions)
    return zip(own, actions.values).count { $0 != $1 }
  }

  /// What the first critic says above what follows: the mean over ten slots of eight blocks.
  func valueBias(of learner: TD3Mix, in system: MulticellParameters) -> Double {
    let discount = Double(learner.configuration.discount)
    // Rewards behind it count for less than a hundredth.
    let horizon = discount > 0 ? Int((Math.log(0.01) / Math.log(discount)).rounded(.up)) : 1
    let copies = 8
    var environment = environment(system, copies: copies, slots: horizon + 10)
    var policy = learner.greedy(copies: copies)
    var batch = StepBatch(for: environment.specification)
    var actions = ActionBatch(for: environment.specification)
    environment.reset(into: &batch)
    let moments = learner.rewardMoments
    var values: [[Float]] = []
    var rewards: [[Double]] = []
    for slot in 0..<horizon + 9 {
      if slot < 10 { values.append(learner.values(of: batch.observations)) }
      policy.act(batch.observations, step: slot, into: &actions)
      environment.step(actions, into: &batch)
      rewards.append((0..<copies).map { Double((batch.rewards[$0 * system.cells] - moments.mean) / moments.deviation) })
    }
    var bias = 0.0
    for slot in 0..<10 {
      for copy in 0..<copies {
        var sum = 0.0
        // What lies behind the horizon goes on as at its end.
        for later in (slot..<slot + horizon).reversed() {
          let tail = later == slot + horizon - 1 && discount > 0 ? rewards[later][copy] / (1 - discount) : sum
          sum = rewards[later][copy] + discount * tail
        }
        bias += Double(values[slot][copy]) - sum
      }
    }
    return bias / Double(10 * copies)
  }

  // MARK: Numbers

  /// Mean capacity of a cell over all networks.
  static func mean(_ rates: MulticellRates) -> Double {
    var sum = 0.0
    for network in 0..<rates.lanes.count { sum += rates.cellCapacity(network: network) }
    return sum / Double(rates.lanes.count)
  }

  /// Σ_f min(share that is chosen, share before), mean over users.
  private static func kept(_ actions: ActionBatch, of powers: MulticellPowers, _ system: MulticellParameters) -> Double {
    var sum = 0.0
    let users = system.served * system.cells
    for network in 0..<powers.lanes.count {
      for user in 0..<users {
        for f in 0..<system.frequencies {
          let chosen = actions.values[(network * users + user) * system.frequencies + f]
          sum += Double(min(chosen, powers[network: network, frequency: f, user: user] / powers.budget(network: network, user: user)))
        }
      }
    }
    return sum / Double(users * powers.lanes.count)
  }

  static func overlap(_ powers: MulticellPowers, cells: Int, users: Int) -> Double {
    var total = 0.0
    for network in 0..<powers.lanes.count {
      for f in 0..<powers.frequencies {
        var (sum, squares) = (0.0, 0.0)
        for cell in 0..<cells {
          var power = 0.0
          for user in cell * users..<(cell + 1) * users { power += Double(powers[network: network, frequency: f, user: user]) }
          (sum, squares) = (sum + power, squares + power * power)
        }
        total += squares > 0 ? sum * sum / squares : 0
      }
    }
    return total / Double(powers.lanes.count * powers.frequencies)
  }
}
