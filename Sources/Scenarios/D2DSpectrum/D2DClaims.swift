import Agents
import Channels
import Tensor

/// The paper's statements, each beside its pre-stated test: a pure function of the metrics of a run.
///
/// A test names in its note what it misses, and is then inconclusive unless what is there fails already. It is nil where a run has nothing
/// of what it needs; the harness then names what to run. The file is long because it is one list: a claim and its test are read together.
struct D2DClaims {
  let settings: D2DSettings
  /// The sweep over the number of pairs.
  let read: Readings

  init(table: MetricTable, request: RunRequest) {
    let settings = D2DSettings(request.parameters)
    self.settings = settings
    read = Readings(table, over: "pairs", symbol: "N") {
      $0 == "qlearning" ? "Q-learning" : $0.uppercased()
    } point: {
      D2DPack.point($0, pairs: $1, neighbours: settings.neighbours)
    }
  }

  /// The paper's two methods.
  static let proposed = ["maac", "naac"]
  /// Those of the other four that learn with networks or tables of their own.
  static let independent = ["ac", "dqn", "qlearning"]
  static let learners = proposed + independent + ["sla"]
  /// The sweep over λ at N = 10 below λ = 9, which is MAAC.
  static let lambdas = [0, 1, 2, 3, 5, 7]

  private static let list = ClaimList<D2DClaims>(
    "D2D",
    [
      (1, 6, "MAAC and NAAC converge to the maximum total reward (above AC, DQN and Q-learning; N = 10).", { $0.maximumReward }),
      (2, 6, "MAAC and NAAC converge with only 60 time slots.", { $0.convergenceTime }),
      (3, 6, "The convergence of MAAC and NAAC is the most stable.", { $0.stability }),
      (4, 6, "Q-learning is the worst; AC is better than Q-learning and DQN.", { $0.ranking }),
      (5, 7, "MAAC has the lowest cellular outage, 0.005 lower than NAAC.", { $0.outageGap }),
      (6, 7, "The outage of cellular links increases as the number of D2D links grows.", { $0.growth("cellularOutage", atLeast: 0.9) }),
      (7, 7, "The two proposed methods have a lower cellular outage than the other four.", { $0.lowestOutage }),
      (8, 8, "The outage of D2D links increases as their number grows.", { $0.growth("d2dOutage", atLeast: 0.8) }),
      (9, 8, "The D2D outage of Q-learning, DQN and AC increases significantly, that of the proposed methods and SLA does not.", { $0.outageSlopes }),
      (10, 9, "NAAC is slightly better than MAAC in D2D outage and D2D sum rate.", { $0.neighbourAdvantage }),
      (11, 9, "The sum rate of D2D links increases with their number, with a decreasing slope.", { $0.concavity }),
      (12, 9, "The proposed methods' sum rates are above the other four, the more the more D2D links there are.", { $0.growingAdvantage }),
      (13, 10, "NAAC's cellular outage is above MAAC's for a small lambda and decreases until it is equal.", { $0.cellularOutageOverNeighbours }),
      (14, 10, "NAAC's D2D outage is below MAAC's for a small lambda and increases until it is equal.", { $0.pairOutageOverNeighbours }),
      (15, 11, "NAAC's cellular sum rate is 2 bit/s/Hz below MAAC's at lambda = 2 and increases with lambda.", { $0.cellularRateOverNeighbours }),
      (16, 11, "NAAC's D2D sum rate is above MAAC's for a small lambda and decreases until it is equal.", { $0.pairRateOverNeighbours }),
      (17, 5, "Pairs that are close together are allocated different blocks; pairs far apart may share one (N = 20).", { $0.allocation }),
      (18, nil, "The weights of each actor are about 300 KB.", { $0.actorSize }),
      (19, nil, "The history of one pair in one slot is only a few kilobytes.", { $0.historySize }),
      (20, nil, "NAAC is cheaper to train than MAAC, and its critic does not depend on the number of pairs.", { $0.trainingCost }),
      (21, nil, "NAAC's weights can continue to be used when the number of pairs changes.", { $0.transfer }),
      (22, nil, "The probability of a gradient step in the right direction is proportional to 0.5^N (Proposition 1).", { $0.proposition }),
      (23, nil, "Fine-tuning with the experience of execution improves the policy (section III-C).", { $0.finetuning }),
    ])

  static let descriptions = list.descriptions

  var results: [ClaimResult] { D2DClaims.list.results(of: self) }

  // MARK: Figure 6: learning at N = 10

  private var maximumReward: Judgement? {
    let (proposed, others) = (D2DClaims.proposed.map { reward($0) }, D2DClaims.independent.map { reward($0) })
    return ClaimTest.superiority("total reward", of: proposed, over: others, tieWithin: 0.005)?
      .noted("Executed policies; a difference within 0.5 % is a tie.")
  }

  private func reward(_ scheme: String) -> Reading { read.reading("totalReward", of: scheme, at: 10) }

  /// What a scheme gains while it explores.
  private func gains(_ scheme: String, over reference: String, at pairs: Int = 10, and more: SweepPoint = [:]) -> [LearningCurve] {
    read.gains("trainingReward", of: scheme, over: reference, at: pairs, and: more)
  }

  private func curveReading(_ name: String, _ pairs: Int, _ values: SeedValues) -> Reading {
    Reading(name: name, place: "N = \(pairs) (learning curve)", values: values)
  }

  private var convergenceTime: Judgement? {
    var parts: [Judgement] = []
    var readings: [Reading] = []
    var notes = ["Counted from the end of the random slots (deviation 26)."]
    for scheme in D2DClaims.proposed {
      let (name, curves) = (read.name(scheme), gains(scheme, over: "random"))
      readings.append(curveReading(name, 10, curves.settlingSlots))
      if let short = curves.tooShort(threshold: 60) {
        parts.append(short)
        continue
      }
      parts.append(ClaimTest.mean("slots to 90 % of the final gain, \(name)", of: curves.settlingSlots, is: .atMost, than: 60))
      notes.append(curves.lossNote(name))
      // Twenty slots are noisy and may cross by chance; eighty behind slot 60, over all seeds, hardly do.
      let final = curves.isEmpty ? 0 : Statistics.mean(curves.map(\.finalGain))
      if final > 0, curves.allSatisfy({ $0.gains.count >= 140 }) {
        let share = 100 * Statistics.mean(curves.map { Statistics.mean(Array($0.gains[60..<140])) }) / final
        notes.append("In slots 61 to 140 \(name) has \(fixedText(share, digits: 0)) % of its final gain, on average over the seeds.")
      }
    }
    return ClaimTest.together(parts, of: readings)?.noted(notes)
  }

  private var stability: Judgement? {
    let curves = D2DClaims.learners.map { (scheme: $0, gains: gains($0, over: "oracle")) }
    // All over the same slots, from 201 to where the shortest curve ends; Fig. 6 leaves SLA out.
    guard let end = curves.dropLast().flatMap({ $0.gains.map(\.gains.count) }).min() else { return nil }
    let first = 200
    guard end >= first + LearningCurve.fewestSlots else {
      let note = "At least \(first + LearningCurve.fewestSlots) learning slots are needed; the shortest curve has \(end)."
      return Judgement(.inconclusive, statistic: nil, threshold: 1, seeds: 0, note: note)
    }
    let spreads = curves.map { curveReading(read.name($0.scheme), 10, $0.gains.fluctuation(over: first..<end)) }
    var shares: [String] = []
    let parts = ClaimTest.each("fluctuation", of: Array(spreads[0...1]), and: Array(spreads[2...4]), joint: "over") { name, first, second in
      let ratios = first.values.paired(with: second.values) { $0 / $1 }
      if !ratios.isEmpty { shares.append("\(first.name)/\(second.name) \(ratios.values.count { $0 < 1 }) of \(ratios.count)") }
      return ClaimTest.ratio(name, first.values, to: second.values, is: .less, than: 1)
    }
    let means = spreads.map { $0.values.isEmpty ? "none" : shortText(Statistics.mean($0.values.values)) }
    return ClaimTest.together(parts, of: Array(spreads.dropLast()))?.noted(
      "Standard deviation of (reward - oracle's reward in the same slot) over learning slots \(first + 1) to \(end), exploration included.",
      "Seeds with a ratio below 1: \(shares.isEmpty ? "none" : shares.joined(separator: ", ")).",
      "Mean of MAAC and NAAC: \(means[0]), \(means[1]).",
      spreads[5].values.isEmpty ? "" : "SLA, which Fig. 6 leaves out, has \(means[5]).")
  }

  private var ranking: Judgement? {
    let readings = D2DClaims.independent.map { reward($0) }
    let (ac, dqn, table) = (readings[0], readings[1], readings[2])
    let parts =
      ClaimTest.differences("total reward", of: [dqn, ac], minus: [table], are: .greater)
      + ClaimTest.differences("total reward", of: [ac], minus: [dqn], are: .greater)
    let slots = D2DClaims.independent.compactMap { scheme -> String? in
      let curves = gains(scheme, over: "random")
      guard !curves.isEmpty, curves.tooShort(threshold: 0) == nil else { return nil }
      return "\(read.name(scheme)) \(fixedText(Statistics.mean(curves.settlingSlots.values), digits: 0))"
    }
    let note = slots.isEmpty ? "" : "Slots to 90 % of the final gain over random: \(slots.joined(separator: ", "))."
    return ClaimTest.together(parts, of: readings)?.noted(note)
  }

  // MARK: Figures 7 to 9: sweeps over the number of pairs

  /// MAAC and NAAC against the other four.
  private func againstOthers(_ words: String, _ all: [Reading], _ side: ClaimTest.Side) -> [Judgement] {
    ClaimTest.differences(words, of: Array(all.prefix(2)), minus: Array(all.dropFirst(2)), are: side)
  }

  private func ofSweep(_ judgement: Judgement?, _ numbers: [Int]) -> Judgement? {
    judgement.map { read.judgement($0, over: numbers, ofSweep: 10...50) }
  }

  private var outageGap: Judgement? {
    let metric = "cellularOutage"
    let (numbers, means) = read.means(metric, of: D2DClaims.learners)
    guard !numbers.isEmpty else { return nil }
    let gap = means[1].values - means[0].values
    let parts =
      [ClaimTest.within("cellular outage of NAAC minus MAAC, \(read.meanPlace(numbers))", gap, in: 0.002...0.008)]
      + ClaimTest.differences("cellular outage", of: [means[0]], minus: Array(means.dropFirst(2)), are: .less)
    let list = read.numbers(metric, of: D2DClaims.proposed).map { number in
      let gap = read.reading(metric, of: "naac", at: number).values - read.reading(metric, of: "maac", at: number).values
      return "\(number): \(gap.isEmpty ? "no common seed" : fixedText(Statistics.mean(gap.values), digits: 4)) (\(gap.count))"
    }
    let note = "NAAC minus MAAC by N (seeds): \(list.joined(separator: ", "))."
    return ofSweep(ClaimTest.together(parts, of: means)?.noted(note).wanting(20, "drops"), numbers)
  }

  private func growth(_ metric: String, atLeast threshold: Double) -> Judgement? {
    read.growth(metric, of: D2DClaims.learners, atLeast: threshold)
  }

  private var lowestOutage: Judgement? {
    let numbers = read.numbers("cellularOutage", of: D2DClaims.proposed)
    let readings = numbers.map { number in D2DClaims.learners.map { read.reading("cellularOutage", of: $0, at: number) } }
    let parts = readings.flatMap { againstOthers("cellular outage", $0, .less) }
    return ofSweep(ClaimTest.together(parts, of: readings.flatMap { $0 }), numbers)
  }

  private var outageSlopes: Judgement? {
    let (numbers, means) = read.means("d2dOutage", of: D2DClaims.learners)
    guard !numbers.isEmpty else { return nil }
    let slopes = D2DClaims.learners.map { scheme in
      read.reading("d2dOutage", of: scheme, over: numbers) { Statistics.leastSquaresSlope(numbers.map { Double($0) }, $0) }
    }
    var parts = againstOthers("D2D outage", means, .less)
    if numbers.count >= 2 {
      let (steep, flat) = (Array(slopes[2...4]), Array(slopes[0...1] + slopes[5...5]))
      parts += ClaimTest.each("slope of D2D outage", of: steep, and: flat, joint: "minus twice that of") {
        ClaimTest.difference($0, $1.values, minus: $2.values.map { 2 * $0 }, is: .greater)
      }
    }
    return ofSweep(ClaimTest.together(parts, of: means), numbers)
  }

  private var neighbourAdvantage: Judgement? {
    let numbers = read.numbers("d2dOutage", of: D2DClaims.proposed)
    let outages = D2DClaims.proposed.map { read.mean("d2dOutage", of: $0, over: numbers) }
    let rates = D2DClaims.proposed.map { read.mean("d2dSumRate", of: $0, over: numbers) }
    let parts =
      ClaimTest.differences("D2D outage", of: [outages[1]], minus: [outages[0]], are: .less)
      + ClaimTest.differences("D2D sum rate", of: [rates[1]], minus: [rates[0]], are: .greater)
    return ofSweep(ClaimTest.together(parts, of: outages + rates), numbers)
  }

  private var concavity: Judgement? {
    read.saturation("d2dSumRate", "D2D sum rate", of: D2DClaims.learners)?.wanting(20, "drops")
  }

  private var growingAdvantage: Judgement? {
    let low = D2DClaims.learners.map { read.reading("d2dSumRate", of: $0, at: 10) }
    let high = D2DClaims.learners.map { read.reading("d2dSumRate", of: $0, at: 50) }
    let growths = zip(low, high).map { Reading(name: $0.name, place: "N = 50 against 10", values: $1.values - $0.values) }
    let parts = againstOthers("D2D sum rate", low, .greater) + againstOthers("growth of the D2D sum rate", growths, .greater)
    return ClaimTest.together(parts, of: low + high)
  }

  // MARK: Figures 10 and 11: the sweep over λ at N = 10

  private var cellularOutageOverNeighbours: Judgement? {
    overNeighbours("cellularOutage") { sweep in
      let last = ClaimTest.equality("cellular outage of NAAC (lambda = 7) minus MAAC", sweep[5].values, sweep[6].values, tolerance: 0.002)
      return [trend("cellular outage", sweep, .atMost, -0.8), small("cellular outage", sweep, .greater), last]
    }
  }

  private var pairOutageOverNeighbours: Judgement? {
    overNeighbours("d2dOutage") { [trend("D2D outage", $0, .atLeast, 0.8), small("D2D outage", $0, .less)] }
  }

  private var cellularRateOverNeighbours: Judgement? {
    overNeighbours("cellularSumRate") { sweep in
      let gap = sweep[6].values - sweep[2].values
      return [ClaimTest.within("cellular sum rate of MAAC minus NAAC (lambda = 2)", gap, in: 1...3), trend("cellular sum rate", sweep, .greater, 0)]
    }?.wanting(20, "drops")
  }

  private var pairRateOverNeighbours: Judgement? {
    overNeighbours("d2dSumRate") { [trend("D2D sum rate", $0, .atMost, -0.8), small("D2D sum rate", $0, .greater)] }
  }

  /// Judges NAAC at each λ, and MAAC as the last.
  private func overNeighbours(_ metric: String, _ parts: ([Reading]) -> [Judgement]) -> Judgement? {
    let sweep =
      D2DClaims.lambdas.map { lambda in
        let values = read.table.values(metric, of: "naac", at: D2DPack.point("naac", pairs: 10, neighbours: lambda))
        return Reading(name: "NAAC with lambda = \(lambda)", place: "N = 10", values: values)
      } + [read.reading(metric, of: "maac", at: 10)]
    // λ = 3 and MAAC come with every figure; alone they are no sweep.
    guard [0, 1, 2, 4, 5].contains(where: { !sweep[$0].values.isEmpty }) else { return nil }
    return ClaimTest.together(parts(sweep), of: sweep)?.noted("N = 10; at lambda = 9 NAAC is MAAC by identity, with MAAC's values.")
  }

  private func trend(_ words: String, _ sweep: [Reading], _ side: ClaimTest.Side, _ threshold: Double) -> Judgement {
    let trends = SeedValues.joined(sweep.map(\.values)) { Statistics.trend((D2DClaims.lambdas + [9]).map { Double($0) }, $0) }
    return ClaimTest.mean("Spearman correlation of \(words) with lambda", of: trends, is: side, than: threshold)
  }

  private func small(_ words: String, _ sweep: [Reading], _ side: ClaimTest.Side) -> Judgement {
    let mean = SeedValues.joined(sweep.prefix(3).map(\.values), Statistics.mean)
    return ClaimTest.difference("\(words) of NAAC (mean of lambda = 0, 1, 2) minus MAAC", mean, minus: sweep[6].values, is: side)
  }

  // MARK: Figure 5, and experiments of their own

  /// Distances start at D2D transmitters, which disturb the others on their block.
  private var allocation: Judgement? {
    let pairs = 20
    var system = settings.system
    system.pairs = pairs
    var parts: [Judgement] = []
    var readings: [Reading] = []
    for scheme in D2DClaims.proposed {
      let (name, allocations) = (read.name(scheme), blocks(scheme, pairs))
      let seeds = SeedValues(seeds: allocations.map(\.seed), values: allocations.map { Double($0.seed) })
      readings.append(Reading(name: "the blocks of " + name, place: "N = \(pairs)", values: seeds))
      let spacings = allocations.map {
        let drop = UnderlayDrop(system.cell, seed: D2DSeeds($0.seed).drop)
        return LabelSpacing(drop.transmitters, owners: drop.cellularUsers)
      }
      for (words, ratio) in [("pairs on one block", LabelSpacing.nodeRatio), ("a pair to its block's cellular user", LabelSpacing.ownerRatio)] {
        let tests = zip(allocations, spacings).map { allocation, spacing in
          (seed: allocation.seed, test: Statistics.permutationTest(allocation.blocks, index: allocation.seed) { ratio(spacing)($0) })
        }
        parts.append(ClaimTest.permutation("distance of \(words) over that of any, \(name)", tests))
      }
    }
    let list = parts.compactMap { part in part.statistic.map { "\($0.name): \(fixedText($0.value, digits: 3))" } }
    return ClaimTest.together(parts, of: readings)?
      .noted("\(list.joined(separator: "; ")). Fisher's method over the seeds, 2000 permutations of the blocks each.")
  }

  /// The block that the executed policy gives each pair, for each seed that has one of all pairs. `[seeds][N]`
  func blocks(_ scheme: String, _ pairs: Int) -> [(seed: Int, blocks: [Int32])] {
    let parts = (0..<pairs).map { read.reading("block.\($0)", of: scheme, at: pairs).values }
    return parts[0].seeds.compactMap { seed in
      let blocks = parts.compactMap { $0[seed].flatMap { Int32(exactly: $0) } }
      return blocks.count == pairs && blocks.allSatisfy { 0 <= $0 && $0 < settings.system.resourceBlocks } ? (seed, blocks) : nil
    }
  }

  /// Slots to 90 % of the final gain over random allocation at N = 20, with networks from N = 10 against fresh ones.
  private var transfer: Judgement? {
    let places: [SweepPoint] = [["transfer": 1], [:]]
    let curves = places.map { gains("naac", over: "random", at: 20, and: $0) }
    guard !curves[0].isEmpty else { return nil }
    let slots = curves.map(\.settlingSlots)
    let readings = zip(["NAAC from N = 10", "fresh NAAC"], slots).map { curveReading($0, 20, $1) }
    let test = ClaimTest.difference("slots to 90 % of the final gain, transferred minus fresh NAAC", slots[0], minus: slots[1], is: .less)
    let rewards = places.map {
      let first = read.firstReading("executedReward", of: "naac", at: 20, and: $0).values
      return first.isEmpty ? "none" : fixedText(Statistics.mean(first.values), digits: 2)
    }
    return ClaimTest.together([(curves[0] + curves[1]).tooShort(threshold: 0) ?? test], of: readings)?.noted(
      curves[0].lossNote("NAAC from N = 10"), curves[1].lossNote("Fresh NAAC"),
      "Executed reward at the first inspection: \(rewards[0]) transferred, \(rewards[1]) fresh.")
  }

  private var finetuning: Judgement? {
    func tuned(_ metric: String, _ scheme: String) -> Reading { read.reading(metric, of: scheme, at: 10, and: ["phase": 3]) }
    var parts: [Judgement] = []
    var readings: [Reading] = []
    for scheme in D2DClaims.proposed {
      for (suffix, words) in [("", ""), ("Redrop", " after a re-drop")] {
        let (after, before) = (tuned("rewardAfterFinetuning" + suffix, scheme), tuned("rewardBeforeFinetuning" + suffix, scheme))
        readings.append(Reading(name: after.name, place: "N = 10, fine-tuned\(words)", values: after.values))
        let name = "reward after minus before fine-tuning, \(after.name)\(words)"
        parts.append(ClaimTest.difference(name, after.values, minus: before.values, is: .greater))
      }
    }
    let uploaded = D2DClaims.proposed.flatMap { tuned("tuplesUploaded", $0).values.values }
    let note = uploaded.isEmpty ? "" : "\(fixedText(100 * Statistics.mean(uploaded), digits: 0)) % of the slots were uploaded."
    return ClaimTest.together(parts, of: readings)?.noted(note)
  }

  // MARK: Claims that are computed

  /// Networks of this request's size: parameters, and the floating-point operations of the products in one update of all agents.
  private func learner(pairs: Int, neighbours: Int?) -> (actor: Int, critic: Int, products: Double) {
    var system = settings.system
    system.pairs = pairs
    var configuration = settings.learner
    configuration.neighbours = neighbours
    let (size, choices) = (system.observationSize, system.actions.count)
    let counts = MADDPG.parameterCounts(configuration, members: (neighbours ?? pairs - 1) + 1, observationSize: size, choices: choices)
    let specification = EnvironmentSpecification(copies: 1, agents: pairs, observationSize: size, actions: .discrete(choices))
    return (counts.actor, counts.critic, MADDPG.productsPerUpdate(configuration, for: specification))
  }

  private var actorSize: Judgement {
    let kilobytes = Double(learner(pairs: 10, neighbours: nil).actor) * 4 / 1000
    let note = "Single precision; the state's size was chosen because it fits (deviation 11)."
    return ClaimTest.exact("actor weights in kB", kilobytes, in: 280...320, note: note)
  }

  private var historySize: Judgement {
    let bytes = Double(2 * settings.system.observationSize + 2) * 4
    return ClaimTest.exact("bytes of one tuple", bytes, is: .less, than: 4000, note: "Two states, an action and a reward in single precision.")
  }

  /// Computed for the paper's numbers of pairs, whatever was run. With all others as neighbours NAAC is MAAC: nothing to compare.
  private var trainingCost: Judgement? {
    let neighbours = settings.neighbours
    let numbers = [10, 20, 30, 40, 50].filter { $0 > neighbours + 1 }
    guard !numbers.isEmpty else { return nil }
    let parts = numbers.flatMap { pairs in
      let (all, near) = (learner(pairs: pairs, neighbours: nil), learner(pairs: pairs, neighbours: neighbours))
      return [("critic parameters", Double(all.critic) / Double(near.critic)), ("products of an update", all.products / near.products)].map {
        ClaimTest.exact("\($0) of MAAC over NAAC at N = \(pairs)", $1, is: .greater, than: 1)
      }
    }
    let products = parts.enumerated().filter { $0.offset % 2 == 1 }.map { fixedText($0.element.statistic!.value, digits: 2) }
    return ClaimTest.every(parts).noted(
      "No times are compared. Products of an update, MAAC over NAAC: \(products.joined(separator: ", ")) at N = "
        + "\(numbers.map { "\($0)" }.joined(separator: ", ")). With lambda = \(neighbours) NAAC's critic has "
        + "\(learner(pairs: numbers[0], neighbours: neighbours).critic) parameters for every larger N. Execution is the same actor for both.")
  }

  /// The slope of log₂ p against the number of agents, by least squares; −1 when p ∝ 0.5ᴺ. Not finite where a share is zero.
  ///
  /// With 2¹⁷ samples and N from 1 to 10 its standard error is 0.009: that of log₂ p at N = 10 is 0.13, with a weight of 4.5 / 82.5.
  static func slope(of toy: GradientDirection, samples: Int = 1 << 17, seed: UInt64 = 0) -> Double {
    let logarithms = (1...10).map { Math.log2(toy.sampledShare(agents: $0, samples: samples, seed: seed)) }
    return Statistics.leastSquaresSlope((1...10).map { Double($0) }, logarithms)
  }

  private static let sampledSlope = slope(of: GradientDirection())

  private var proposition: Judgement {
    let note =
      "2^17 samples for each N from 1 to 10, for the reward of the original proof (one if all actions are one), whose closed form is 0.5^N. "
      + "If all equal actions are rewarded, the gradient at 0.5 is zero and no step is right."
    return ClaimTest.exact("slope of log2 p against N", D2DClaims.sampledSlope, in: -1.05...(-0.95), note: note)
  }
}
