import Agents
import Tensor

/// Li and Guo 2020: spectrum allocation of D2D pairs by multi-agent actor-critic learning, with all critics informed (MAAC) or
/// those of neighbours only (NAAC).
public struct D2DPack: Pack {
  public let name = "d2d"
  public let paper = PaperReference(
    title: "Multi-Agent Deep Reinforcement Learning Based Spectrum Allocation for D2D Underlay Communications", authors: "Z. Li, C. Guo", year: 2020)

  public let schemes = [
    SchemeDescription("maac", legend: "MAAC", description: "Multi-agent actor-critic: each critic sees the states and actions of all pairs"),
    SchemeDescription("naac", legend: "NAAC", description: "Neighbour-agent actor-critic: each critic sees its own pair and the nearest ones"),
    SchemeDescription("ac", legend: "AC", description: "Actor-critic of each pair by itself, on-line"),
    SchemeDescription("dqn", legend: "DQN", description: "Deep Q-learning of each pair by itself"),
    SchemeDescription("qlearning", legend: "Q-learning", description: "A table of each pair by itself, over levels of the state"),
    SchemeDescription("sla", legend: "SLA", description: "Uncoupled stochastic learning: an automaton of each pair, blind to the state"),
    SchemeDescription("random", legend: "Random", description: "A new random choice for every pair in every slot", isReference: true),
    SchemeDescription(
      "oracle", legend: "Oracle (fixed)",
      description: "The best fixed allocation that coordinate ascent finds with knowledge of all gains; blind to the state", isReference: true),
  ]

  public let figures = [
    FigureDescription(5, title: "Positions and resource blocks: MAAC and NAAC"),
    FigureDescription(6, title: "Convergence of the total reward"),
    FigureDescription(7, title: "Outage probability of cellular links against the number of D2D pairs"),
    FigureDescription(8, title: "Outage probability of D2D links against the number of D2D pairs"),
    FigureDescription(9, title: "Sum rate of D2D links against the number of D2D pairs"),
    FigureDescription(10, title: "Outage probability of cellular and D2D links against the number of neighbours"),
    FigureDescription(11, title: "Sum rate of cellular and D2D links against the number of neighbours"),
    FigureDescription(12, title: "Reuse and fine-tuning of networks (not in the paper)"),
    FigureDescription(13, title: "What the paper leaves open, one choice at a time (not in the paper)"),
  ]

  public let claims = D2DClaims.descriptions
  public let parameters = D2DSettings.parameters
  public let deviations = D2DDeviations.list

  public init() {}

  public func defaults(at scale: Scale) -> [String: ParameterValue] {
    switch scale {
    case .smoke:
      [
        "pairs": 4, "randomSlots": 64, "updates": 3, "updatesAboveTen": 3, "batch": 4, "evaluationSlots": 40, "evaluationCopies": 10,
        "dqnSlots": 3, "actorCriticSlots": 32, "tableSlots": 32, "automatonSlots": 32, "explorationSlots": 16, "finetuningSlots": 3,
      ]
    case .quick:
      [
        "updates": 400, "updatesAboveTen": 200, "batch": 32, "dqnSlots": 400, "actorCriticSlots": 2000, "tableSlots": 2000, "automatonSlots": 2000,
        "explorationSlots": 400,
      ]
    case .standard: ["updates": 400, "updatesAboveTen": 400, "batch": 32]
    case .paper: ["updates": 2000, "updatesAboveTen": 2000, "dqnSlots": 2000]
    }
  }

  /// Twenty drops at the larger scales, for the claims that ask for them at ten pairs; elsewhere fewer of them are run.
  public func defaultSeeds(at scale: Scale) -> [Int] {
    switch scale {
    case .smoke: [0]
    case .quick: [0, 1, 2]
    case .standard, .paper: Array(0..<20)
    }
  }

  static func point(_ scheme: String, pairs: Int, neighbours: Int, _ more: (name: String, value: Double)...) -> SweepPoint {
    let own: [(name: String, value: Double)] = [("pairs", Double(pairs))] + (scheme == "naac" ? [("neighbours", Double(neighbours))] : [])
    return SweepPoint(own + more)
  }

  public func plan(_ request: RunRequest) throws -> Plan { try D2DPlan(request).plan }

  public func start(_ job: Job, parameters: ParameterSet, threads: Int) throws -> any JobRun {
    var parameters = parameters
    if let variant = job.settings["variant"].flatMap({ Int($0) }) {
      for setting in D2DVariant.all[variant - 1].settings { try parameters.set(setting) }
    }
    if job.settings["phase"] != nil { try parameters.set("lastPhase=finetune") }
    return D2DExperiment(try D2DSettings.runnable(parameters), job: job, threads: threads).start()
  }

  public func figures(from table: MetricTable, request: RunRequest) throws -> [Figure] {
    D2DFigures(pack: self, table: table, request: request).all
  }

  public func tables(from table: MetricTable, request: RunRequest) throws -> [ReportTable] {
    D2DTables(pack: self, table: table, request: request).all
  }

  public func judge(_ table: MetricTable, request: RunRequest) throws -> [ClaimResult] {
    D2DClaims(table: table, request: request).results
  }

  /// The numbers of pairs of a request: the paper's sweep, or the user's own number alone.
  func sweep(_ request: RunRequest) -> [Int] { D2DPlan.sweep(request) }

  public func summary(of table: MetricTable, request: RunRequest) throws -> String {
    let settings = D2DSettings(request.parameters)
    var paragraphs: [String] = []
    for pairs in sweep(request) {
      func values(_ metric: String, _ scheme: String) -> SeedValues {
        table.values(metric, of: scheme, at: D2DPack.point(scheme, pairs: pairs, neighbours: settings.neighbours))
      }
      // Drops differ more than schemes: means over the same ones.
      let seeds = SeedValues.commonSeeds(of: request.schemes.map { values("totalReward", $0) }.filter { !$0.isEmpty })
      func mean(_ metric: String, _ scheme: String) -> Double? {
        let values = values(metric, scheme).restricted(to: seeds)
        return values.isEmpty ? nil : Statistics.mean(values.values)
      }
      guard let random = mean("totalReward", "random"), let oracle = mean("totalReward", "oracle") else { continue }
      // Where the choice of blocks hardly matters there is no gap to close.
      let gap = oracle - random > 1e-6 * max(1, oracle.magnitude) ? oracle - random : nil
      let count = "\(seeds.count) seed\(seeds.count == 1 ? "" : "s")"
      var text =
        "N = \(pairs), \(count): total reward \(fixedText(random, digits: 2)) (random), \(fixedText(oracle, digits: 2)) (oracle)"
      for scheme in schemes where request.schemes.contains(scheme.name) && !scheme.isReference {
        guard let reward = mean("totalReward", scheme.name), let outage = mean("cellularOutage", scheme.name) else { continue }
        let share = gap.map { ", which closes \(fixedText(100 * (reward - random) / $0, digits: 0)) % of the gap," } ?? ""
        text += "; \(scheme.legend) \(fixedText(reward, digits: 2))\(share) with a cellular outage of \(fixedText(outage, digits: 4))"
      }
      paragraphs.append(text + ".")
    }
    return paragraphs.joined(separator: "\n\n")
  }
}
