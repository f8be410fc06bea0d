import Agents
import Tensor

/// The paper's statements, each beside its pre-stated test: a pure function of the metrics of a run.
///
/// A test names in its note what it misses, and is then inconclusive unless what is there fails already. It is nil where a run has nothing
/// of what it needs; the harness then names what to run.
struct D2DClaims {
  let read: D2DReadings

  init(table: MetricTable, request: RunRequest) {
    read = D2DReadings(table: table, settings: D2DSettings(request.parameters))
  }

  private typealias Entry = (claim: ClaimDescription, test: @Sendable (D2DClaims) -> Judgement?)

  private static func entry(_ number: Int, _ figure: Int?, _ text: String, _ test: @escaping @Sendable (D2DClaims) -> Judgement?) -> Entry {
    (ClaimDescription("D2D-" + (number < 10 ? "0" : "") + "\(number)", figure: figure, text: text), test)
  }

  private static let list: [Entry] = [
    entry(1, 6, "MAAC and NAAC converge to the maximum total reward (above AC, DQN and Q-learning; N = 10).") { $0.maximumReward },
    entry(2, 6, "MAAC and NAAC converge with only 60 time slots.") { $0.convergenceTime },
    entry(3, 6, "The convergence of MAAC and NAAC is the most stable.") { $0.stability },
    entry(4, 6, "Q-learning is the worst; AC is better than Q-learning and DQN.") { $0.ranking },
    entry(5, 7, "MAAC has the lowest cellular outage, 0.005 lower than NAAC.") { $0.outageGap },
    entry(6, 7, "The outage of cellular links increases as the number of D2D links grows.") { $0.growth("cellularOutage", threshold: 0.9) },
    entry(7, 7, "The two proposed methods have a lower cellular outage than the other four.") { $0.lowestOutage },
    entry(8, 8, "The outage of D2D links increases as their number grows.") { $0.growth("d2dOutage", threshold: 0.8) },
    entry(9, 8, "The D2D outage of Q-learning, DQN and AC increases significantly, that of the proposed methods and SLA does not.") {
      $0.outageSlopes
    },
    entry(10, 9, "NAAC is slightly better than MAAC in D2D outage and D2D sum rate.") { $0.neighbourAdvantage },
    entry(11, 9, "The sum rate of D2D links increases with their number, with a decreasing slope.") { $0.concavity },
    entry(12, 9, "The proposed methods' sum rates are above the other four, the more the more D2D links there are.") { $0.growingAdvantage },
    entry(13, 10, "NAAC's cellular outage is above MAAC's for a small lambda and decreases until it is equal.") { $0.cellularOutageOverNeighbours },
    entry(14, 10, "NAAC's D2D outage is below MAAC's for a small lambda and increases until it is equal.") { $0.pairOutageOverNeighbours },
    entry(15, 11, "NAAC's cellular sum rate is 2 bit/s/Hz below MAAC's at lambda = 2 and increases with lambda.") { $0.cellularRateOverNeighbours },
    entry(16, 11, "NAAC's D2D sum rate is above MAAC's for a small lambda and decreases until it is equal.") { $0.pairRateOverNeighbours },
    entry(17, 5, "Pairs that are close together are allocated different blocks; pairs far apart may share one (N = 20).") { $0.allocation },
    entry(18, nil, "The weights of each actor are about 300 KB.") { $0.actorSize },
    entry(19, nil, "The history of one pair in one slot is only a few kilobytes.") { $0.historySize },
    entry(20, nil, "NAAC is cheaper to train than MAAC, and its critic does not depend on the number of pairs.") { $0.trainingCost },
    entry(21, nil, "NAAC's weights can continue to be used when the number of pairs changes.") { $0.transfer },
    entry(22, nil, "The probability of a gradient step in the right direction is proportional to 0.5^N (Proposition 1).") { $0.proposition },
    entry(23, nil, "Fine-tuning with the experience of execution improves the policy (section III-C).") { $0.finetuning },
  ]

  static let descriptions = list.map(\.claim)

  var results: [ClaimResult] {
    D2DClaims.list.compactMap { entry in entry.test(self).map { ClaimResult(entry.claim, $0) } }
  }

  // MARK: From comparisons to a judgement

  /// Each of the first against each of the second, as `test` has it, under the name "words of A minus B, place".
  func compare(
    _ words: String, _ first: [D2DReadings.Reading], _ second: [D2DReadings.Reading], joint: String = "minus",
    test: (String, D2DReadings.Reading, D2DReadings.Reading) -> Judgement
  ) -> [Judgement] {
    first.flatMap { a in second.map { b in test("\(words) of \(a.name) \(joint) \(b.name), \(a.place)", a, b) } }
  }

  func compare(
    _ words: String, _ first: [D2DReadings.Reading], _ second: [D2DReadings.Reading], _ side: ClaimTest.Side
  ) -> [Judgement] {
    compare(words, first, second) { ClaimTest.difference($0, $1.values, minus: $2.values, is: side) }
  }

  /// All comparisons at once, with the names of the readings that are missing. Nil where nothing is there.
  ///
  /// What is missing cannot hold: the judgement is inconclusive then, unless a comparison that could be made fails.
  func decided(_ parts: [Judgement], of readings: [D2DReadings.Reading]) -> Judgement? {
    let missing = readings.filter(\.values.isEmpty)
    guard missing.count < readings.count else { return nil }
    var places: [String] = []
    for reading in missing where !places.contains(reading.place) { places.append(reading.place) }
    let list = places.map { place in
      missing.filter { $0.place == place }.map(\.name).joined(separator: ", ") + " at " + place.replacing("mean over ", with: "")
    }
    let made = parts.filter { $0.seeds > 0 }
    let apart = made.count < parts.count ? "Some comparisons have no seed in common." : ""
    let note = missing.isEmpty ? apart : "Needs \(list.joined(separator: "; "))."
    guard !made.isEmpty else { return Judgement(.inconclusive, statistic: nil, threshold: nil, seeds: 0, note: note) }
    var result = made.count == 1 ? made[0] : ClaimTest.every(made)
    if (!missing.isEmpty || made.count < parts.count) && result.verdict != .fails { result.verdict = .inconclusive }
    return noted(result, note)
  }

  func noted(_ judgement: Judgement, _ notes: [String]) -> Judgement {
    var judgement = judgement
    judgement.note = ([judgement.note] + notes).filter { !$0.isEmpty }.joined(separator: " ")
    return judgement
  }

  func noted(_ judgement: Judgement, _ note: String) -> Judgement { noted(judgement, [note]) }

  /// One or two numbers of pairs say how it was there, and nothing about the paper's sweep.
  func ofSweep(_ judgement: Judgement, _ numbers: [Int]) -> Judgement {
    guard numbers.count < 3 else { return judgement }
    var judgement = noted(judgement, "\(D2DReadings.place(numbers)) alone does not decide a claim about N from 10 to 50.")
    judgement.verdict = .inconclusive
    return judgement
  }

  func drops(_ judgement: Judgement) -> Judgement {
    judgement.seeds >= 20 || judgement.seeds == 0
      ? judgement : noted(judgement, "At least 20 drops are wanted for this claim; this run has \(judgement.seeds).")
  }

  /// Curves that are too short to tell where they end; nil where all are long enough.
  func tooShort(_ gains: [D2DReadings.Gain], threshold: Double) -> Judgement? {
    guard gains.contains(where: { $0.gain.count < D2DReadings.fewestLearningSlots }) else { return nil }
    let note = "At least \(D2DReadings.fewestLearningSlots) learning slots are needed to tell where a curve ends."
    return Judgement(.inconclusive, statistic: nil, threshold: threshold, seeds: gains.count, note: note)
  }

  // MARK: Claims of experiments of their own

  private var allocation: Judgement? {
    let pairs = 20
    var system = read.settings.system
    system.pairs = pairs
    var parts: [Judgement] = []
    var readings: [D2DReadings.Reading] = []
    for scheme in D2DReadings.proposed {
      let allocations = read.blocks(scheme, pairs)
      let seeds = SeedValues(seeds: allocations.map(\.seed), values: allocations.map { Double($0.seed) })
      readings.append(D2DReadings.Reading(name: "the blocks of " + D2DReadings.name(scheme), place: "N = \(pairs)", values: seeds))
      let spacings = allocations.map { D2DSpacing(D2DDrop(system, seed: D2DSeeds($0.seed).drop)) }
      for (words, ratio) in [("pairs on one block", D2DSpacing.pairRatio), ("a pair to its block's cellular user", D2DSpacing.cellularRatio)] {
        let tests = zip(allocations, spacings).map { allocation, spacing in
          (seed: allocation.seed, test: Statistics.permutationTest(allocation.blocks, index: allocation.seed) { ratio(spacing)($0) })
        }
        parts.append(ClaimTest.permutation("distance of \(words) over that of any, \(D2DReadings.name(scheme))", tests))
      }
    }
    let list = parts.compactMap { part in part.statistic.map { "\($0.name): \(fixedText($0.value, digits: 3))" } }
    return decided(parts, of: readings).map {
      noted($0, "\(list.joined(separator: "; ")). Fisher's method over the seeds, 2000 permutations of the blocks each.")
    }
  }

  /// Slots to 90 % of the final gain over random allocation at N = 20, with networks from N = 10 against fresh ones.
  private var transfer: Judgement? {
    let last = (name: "transfer", value: 1.0)
    let (moved, fresh) = (read.gains("naac", over: "random", 20, last), read.gains("naac", over: "random", 20))
    let names = ["NAAC from N = 10", "fresh NAAC"]
    let slots = [moved, fresh].map(D2DReadings.settlingSlots)
    let readings = zip(names, slots).map { D2DReadings.Reading(name: $0, place: "N = 20 (learning curve)", values: $1) }
    guard !moved.isEmpty else { return nil }
    let test = ClaimTest.difference("slots to 90 % of the final gain, transferred minus fresh NAAC", slots[0], minus: slots[1], is: .less)
    let first = [last, nil].map { coordinate in
      let curves = read.table.curves("executedReward", of: "naac", at: read.point("naac", 20, coordinate)).filter { !$0.values.isEmpty }
      return SeedValues(seeds: curves.map(\.seed), values: curves.map { $0.values[0] })
    }
    let rewards = first.map { $0.isEmpty ? "none" : fixedText(Statistics.mean($0.values), digits: 2) }
    let notes = [
      D2DReadings.lost(moved, names[0]), D2DReadings.lost(fresh, "Fresh NAAC"),
      "Executed reward at the first inspection: \(rewards[0]) transferred, \(rewards[1]) fresh.",
    ]
    return decided([tooShort(moved + fresh, threshold: 0) ?? test], of: readings).map { noted($0, notes) }
  }

  private var finetuning: Judgement? {
    let last = (name: "phase", value: 3.0)
    var parts: [Judgement] = []
    var readings: [D2DReadings.Reading] = []
    for scheme in D2DReadings.proposed {
      for (suffix, words) in [("", ""), ("Redrop", " after a re-drop")] {
        let pair = ["rewardAfterFinetuning", "rewardBeforeFinetuning"].map { read.reading($0 + suffix, scheme, 10, last) }
        readings += pair.map { D2DReadings.Reading(name: $0.name, place: "N = 10, fine-tuned\(words)", values: $0.values) }.prefix(1)
        let name = "reward after minus before fine-tuning, \(D2DReadings.name(scheme))\(words)"
        parts.append(ClaimTest.difference(name, pair[0].values, minus: pair[1].values, is: .greater))
      }
    }
    let uploaded = D2DReadings.proposed.flatMap { read.reading("tuplesUploaded", $0, 10, last).values.values }
    let note = uploaded.isEmpty ? "" : "\(fixedText(100 * Statistics.mean(uploaded), digits: 0)) % of the slots were uploaded."
    return decided(parts, of: readings).map { noted($0, note) }
  }

  // MARK: Claims that are computed

  /// Networks of this request's size: parameters, and the floating-point operations of the products in one update of all agents.
  private func learner(pairs: Int, neighbours: Int?) -> (actor: Int, critic: Int, products: Double) {
    var system = read.settings.system
    system.pairs = pairs
    var configuration = read.settings.learner
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
    let bytes = Double(2 * read.settings.system.observationSize + 2) * 4
    return ClaimTest.exact("bytes of one tuple", bytes, is: .less, than: 4000, note: "Two states, an action and a reward in single precision.")
  }

  /// Computed for the paper's numbers of pairs, whatever was run. With all others as neighbours NAAC is MAAC: nothing to compare.
  private var trainingCost: Judgement? {
    let neighbours = read.settings.neighbours
    let numbers = [10, 20, 30, 40, 50].filter { $0 > neighbours + 1 }
    guard !numbers.isEmpty else { return nil }
    let parts = numbers.flatMap { pairs in
      let (all, near) = (learner(pairs: pairs, neighbours: nil), learner(pairs: pairs, neighbours: neighbours))
      return [("critic parameters", Double(all.critic) / Double(near.critic)), ("products of an update", all.products / near.products)].map {
        ClaimTest.exact("\($0) of MAAC over NAAC at N = \(pairs)", $1, is: .greater, than: 1)
      }
    }
    let products = parts.enumerated().filter { $0.offset % 2 == 1 }.map { fixedText($0.element.statistic!.value, digits: 2) }
    return noted(
      ClaimTest.every(parts),
      "No times are compared. Products of an update, MAAC over NAAC: \(products.joined(separator: ", ")) at N = "
        + "\(numbers.map { "\($0)" }.joined(separator: ", ")). With lambda = \(neighbours) NAAC's critic has "
        + "\(learner(pairs: numbers[0], neighbours: neighbours).critic) parameters for every larger N. Execution is the same actor for both.")
  }

  private static let sampledSlope = D2DProposition().slope()

  private var proposition: Judgement {
    let note =
      "2^17 samples for each N from 1 to 10, for the reward of the original proof (one if all actions are one), whose closed form is 0.5^N. "
      + "If all equal actions are rewarded, the gradient at 0.5 is zero and no step is right."
    return ClaimTest.exact("slope of log2 p against N", D2DClaims.sampledSlope, in: -1.05...(-0.95), note: note)
  }
}
