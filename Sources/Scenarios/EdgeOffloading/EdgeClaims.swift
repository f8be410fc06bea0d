import Agents
import Tensor

/// The paper's statements, each beside its pre-stated test: a pure function of the metrics of a run.
struct EdgeClaims {
  let settings: EdgeSettings
  let table: MetricTable

  init(table: MetricTable, request: RunRequest) {
    settings = EdgeSettings(request.parameters)
    self.table = table
  }

  /// The paper's two methods, and those that learn.
  static let proposed = ["madrl", "fdrl"]
  static let learners = proposed + ["ildrl"]
  static let benchmarks = ["ildrl", "full", "local"]

  private static let list = ClaimList<EdgeClaims>(
    "MEC",
    [
      (1, 4, "MA-DRL achieves the highest system reward (of the three learners).", { $0.highestReward }),
      (2, 4, "The convergence of MA-DRL is the most stable.", { $0.stability }),
      (3, 4, "F-DRL outperforms the independent learning based algorithm.", { $0.federatedAdvantage }),
      (4, 5, "The difference between the local rewards of different cells is smaller in MA-DRL than in the other two.", { $0.balance }),
      (5, 5, "With MA-DRL the cells generally achieve a higher local reward with better stability.", { $0.localRewards }),
      (6, 6, "The total energy of MA-DRL and F-DRL is below that of IL-DRL.", { $0.energy(below: "ildrl") }),
      (7, 6, "The total energy of MA-DRL and F-DRL is below that of full offloading.", { $0.energy(below: "full") }),
      (8, 6, "The total energy of MA-DRL and F-DRL is above that of local computing.", { $0.energyAboveLocal }),
      (9, 6, "The energy of local computing is zero in MA-DRL (below 1 % of computing everything locally).", { $0.noLocalEnergy }),
      (10, 6, "Local computing consumes energy in F-DRL and IL-DRL (above 1 %).", { $0.someLocalEnergy }),
      (11, 6, "The total energy of F-DRL is slightly above that of MA-DRL (by 0 to 25 %).", { $0.slightlyHigher }),
      (12, 7, "The latency guaranteed percentage of local computing is always zero.", { $0.localNeverInTime }),
      (13, 7, "MA-DRL and F-DRL guarantee latency more often than IL-DRL, full offloading and local computing.", { $0.oftenerInTime }),
      (14, 7, "MA-DRL guarantees latency most often.", { $0.oftenestInTime }),
      (15, 7, "The latency guaranteed percentage of F-DRL is about 85 % of MA-DRL's (80 to 90 %).", { $0.federatedShare }),
      (16, 7, "In a restricted situation MA-DRL and F-DRL still serve some users in time, IL-DRL and full offloading none.", { $0.restricted }),
      (17, nil, "The input of F-DRL's critic, and so its complexity (21), is significantly reduced.", { $0.complexity }),
      (18, nil, "MA-DRL and F-DRL significantly reduce the energy consumption against the benchmarks (abstract).", { $0.energyAgainstAll }),
      (19, nil, "F-DRL greatly reduces the signalling overhead of MA-DRL (at most half of its bytes).", { $0.signalling }),
    ])

  static let descriptions = list.descriptions

  var results: [ClaimResult] { EdgeClaims.list.results(of: self) }

  // MARK: Readings

  /// A scheme in words.
  static func name(_ scheme: String) -> String {
    switch scheme {
    case "madrl": "MA-DRL"
    case "fdrl": "F-DRL"
    case "ildrl": "IL-DRL"
    case "full": "full offloading"
    case "local": "local computing"
    default: scheme
    }
  }

  /// What the executed policy of a scheme measured.
  private func executed(_ metric: String, _ scheme: String, at point: SweepPoint = [:], _ place: String = "execution") -> Reading {
    Reading(name: EdgeClaims.name(scheme), place: place, values: table.values(metric, of: scheme, at: point))
  }

  private func executed(_ metric: String, _ schemes: [String]) -> [Reading] { schemes.map { executed(metric, $0) } }

  /// One number of the last part of each seed's learning curve.
  private func ending(_ metric: String, _ scheme: String, share: Double, _ place: String, _ number: ([Double]) -> Double) -> Reading {
    let curves = table.curves(metric, of: scheme).filter { !$0.values.isEmpty }
    let values = curves.map { number(Array($0.values.suffix(max(1, Int(share * Double($0.values.count)))))) }
    return Reading(name: EdgeClaims.name(scheme), place: place, values: SeedValues(seeds: curves.map(\.seed), values: values))
  }

  private func finalReward(_ metric: String, _ scheme: String) -> Reading {
    ending(metric, scheme, share: 0.1, "last tenth of the episodes", Statistics.mean)
  }

  private func fluctuation(_ metric: String, _ scheme: String) -> Reading {
    ending(metric, scheme, share: 0.2, "last fifth of the episodes") { $0.count > 1 ? Statistics.standardDeviation($0) : 0 }
  }

  // MARK: Figures 4 and 5

  private var highestReward: Judgement? {
    let rewards = EdgeClaims.learners.map { finalReward(EdgeMetric.episodeReward, $0) }
    let parts = ClaimTest.differences("system reward", of: [rewards[0]], minus: Array(rewards[1...]), are: .greater)
    return ClaimTest.together(parts, of: rewards)?.wanting(5, "layouts")
  }

  private var stability: Judgement? {
    let spreads = EdgeClaims.learners.map { fluctuation(EdgeMetric.episodeReward, $0) }
    let parts = ClaimTest.each("fluctuation of the episodes' reward", of: [spreads[0]], and: Array(spreads[1...]), joint: "over") {
      ClaimTest.ratio($0, $1.values, to: $2.values, is: .less, than: 1)
    }
    return ClaimTest.together(parts, of: spreads)?.wanting(5, "layouts")
  }

  private var federatedAdvantage: Judgement? {
    let rewards = ["fdrl", "ildrl"].map { finalReward(EdgeMetric.episodeReward, $0) }
    let parts = ClaimTest.differences("system reward", of: [rewards[0]], minus: [rewards[1]], are: .greater)
    return ClaimTest.together(parts, of: rewards)?.wanting(5, "layouts")
  }

  private var cells: Range<Int> { 0..<settings.system.cells.cells }

  private var balance: Judgement? {
    let spreads = EdgeClaims.learners.map { scheme in
      let rewards = cells.map { finalReward(EdgeMetric.localReward($0), scheme).values }
      return Reading(
        name: EdgeClaims.name(scheme), place: "last tenth of the episodes", values: SeedValues.joined(rewards, Statistics.standardDeviation))
    }
    let parts = ClaimTest.differences("spread of the cells' local rewards", of: [spreads[0]], minus: Array(spreads[1...]), are: .less)
    return ClaimTest.together(parts, of: spreads)
  }

  /// For how many of the cells MA-DRL is above (below) both others.
  private func count(_ words: String, better: (Double, Double) -> Bool, _ reading: (String, String) -> Reading) -> (Judgement, [Reading]) {
    let readings = EdgeClaims.learners.map { scheme in cells.map { reading(EdgeMetric.localReward($0), scheme) } }
    let wins = cells.map { cell in SeedValues.joined(readings.map { $0[cell].values }) { better($0[0], $0[1]) && better($0[0], $0[2]) ? 1.0 : 0.0 } }
    let number = SeedValues.joined(wins) { $0.reduce(0, +) }
    let threshold = 2 * Double(cells.count) / 3
    return (ClaimTest.mean(words, of: number, is: .atLeast, than: threshold), readings.flatMap { $0 })
  }

  private var localRewards: Judgement? {
    let (higher, first) = count("cells in which MA-DRL has the highest local reward", better: >, finalReward)
    let (steadier, second) = count("cells in which MA-DRL fluctuates least", better: <, fluctuation)
    return ClaimTest.together([higher, steadier], of: first + second)
  }

  // MARK: Figures 6 and 7

  private func energy(below other: String) -> Judgement? { energies(below: [other]) }

  private func energies(below others: [String]) -> Judgement? {
    let (own, theirs) = (executed(EdgeMetric.joules, EdgeClaims.proposed), executed(EdgeMetric.joules, others))
    let medians = (EdgeClaims.proposed + others).compactMap { scheme -> String? in
      let values = executed(EdgeMetric.medianJoules, scheme).values
      return values.isEmpty ? nil : "\(EdgeClaims.name(scheme)) \(shortText(Statistics.mean(values.values)))"
    }
    let parts = ClaimTest.differences("J a user and slot", of: own, minus: theirs, are: .less)
    return ClaimTest.together(parts, of: own + theirs)?.noted(medians.isEmpty ? "" : "Medians over slots: \(medians.joined(separator: ", ")).")
  }

  private var energyAboveLocal: Judgement? {
    let (own, theirs) = (executed(EdgeMetric.joules, EdgeClaims.proposed), executed(EdgeMetric.joules, ["local"]))
    return ClaimTest.together(ClaimTest.differences("J a user and slot", of: own, minus: theirs, are: .greater), of: own + theirs)
  }

  private var energyAgainstAll: Judgement? { energies(below: EdgeClaims.benchmarks) }

  /// A hundredth of the energy of computing everything locally.
  private var littleEnergy: Double { 0.01 * settings.meanLocalJoules }

  private var noLocalEnergy: Judgement? {
    let own = executed(EdgeMetric.localJoules, "madrl")
    guard !own.values.isEmpty else { return nil }
    return ClaimTest.mean("local J a user and slot, MA-DRL", of: own.values, is: .less, than: littleEnergy)
  }

  private var someLocalEnergy: Judgement? {
    let own = executed(EdgeMetric.localJoules, ["fdrl", "ildrl"])
    let parts = own.map { ClaimTest.mean("local J a user and slot, \($0.name)", of: $0.values, is: .greater, than: littleEnergy) }
    return ClaimTest.together(parts, of: own)
  }

  private var slightlyHigher: Judgement? {
    let own = executed(EdgeMetric.joules, EdgeClaims.proposed)
    let excess = own[1].values.paired(with: own[0].values) { $1 > 0 ? $0 / $1 - 1 : .infinity }
    return ClaimTest.together([ClaimTest.within("energy of F-DRL over MA-DRL's, less one", excess, in: 0...0.25)], of: own)
  }

  private var localNeverInTime: Judgement? {
    let share = executed(EdgeMetric.withinDeadline, "local").values
    guard !share.isEmpty else { return nil }
    return ClaimTest.exact("greatest share of users in time", share.values.max()!, is: .atMost, than: 0, note: "\(share.count) layouts.")
  }

  private var oftenerInTime: Judgement? {
    let (own, theirs) = (executed(EdgeMetric.withinDeadline, EdgeClaims.proposed), executed(EdgeMetric.withinDeadline, EdgeClaims.benchmarks))
    return ClaimTest.together(ClaimTest.differences("share of users in time", of: own, minus: theirs, are: .greater), of: own + theirs)
  }

  private var oftenestInTime: Judgement? {
    let own = executed(EdgeMetric.withinDeadline, "madrl")
    let theirs = executed(EdgeMetric.withinDeadline, ["fdrl"] + EdgeClaims.benchmarks)
    return ClaimTest.together(ClaimTest.differences("share of users in time", of: [own], minus: theirs, are: .greater), of: [own] + theirs)
  }

  private var federatedShare: Judgement? {
    let own = executed(EdgeMetric.withinDeadline, EdgeClaims.proposed)
    let ratio = own[1].values.paired(with: own[0].values) { $1 > 0 ? $0 / $1 : .infinity }
    return ClaimTest.together([ClaimTest.within("share of users in time, F-DRL over MA-DRL", ratio, in: 0.8...0.9)], of: own)
  }

  /// The share of users in time above which a scheme is said to serve some, and below which none.
  static let someUsers = 0.05

  private var restricted: Judgement? {
    var parts: [Judgement] = []
    var readings: [Reading] = []
    for (index, situation) in EdgePlan.restrictions.enumerated() {
      for (schemes, side) in [(EdgeClaims.proposed, ClaimTest.Side.greater), (["ildrl", "full"], .less)] {
        for scheme in schemes {
          let reading = executed(EdgeMetric.withinDeadline, scheme, at: ["restricted": Double(index + 1)], situation.name)
          readings.append(reading)
          parts.append(
            ClaimTest.mean("share of users in time, \(reading.name), \(situation.name)", of: reading.values, is: side, than: EdgeClaims.someUsers))
        }
      }
    }
    return ClaimTest.together(parts, of: readings)
  }

  // MARK: Claims that are computed

  private var complexity: Judgement {
    let (joint, own) = (settings.cost(of: "madrl"), settings.cost(of: "fdrl"))
    let ratio = Double(own.criticInputs) / Double(joint.criticInputs)
    return ClaimTest.exact(
      "inputs of F-DRL's critic over MA-DRL's", ratio, is: .less, than: 1,
      note:
        "\(own.criticInputs) against \(joint.criticInputs). Products of an update of all agents: \(fixedText(own.products / 1e6, digits: 2)) against "
        + "\(fixedText(joint.products / 1e6, digits: 2)) million operations.")
  }

  private var signalling: Judgement {
    let slots = settings.work.roundEpisodes * settings.slotsPerEpisode
    let (joint, federated) = (settings.bytes(of: "madrl", slots: slots), settings.bytes(of: "fdrl", slots: slots))
    let even = Double(federated) / (Double(joint) / Double(slots))
    return ClaimTest.exact(
      "bytes of F-DRL over MA-DRL's", Double(federated) / Double(joint), is: .atMost, than: 0.5,
      note:
        "A cell and round of \(slots) slots, up and down: \(federated) against \(joint) bytes. Rounds above \(fixedText(even, digits: 0)) slots make F-DRL "
        + "cheaper, above \(fixedText(2 * even, digits: 0)) twice as cheap.")
  }
}
