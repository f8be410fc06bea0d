import Agents
import Tensor

/// Huang, Leng, Maharjan and Zhang: computation offloading and interference coordination in small cells, by agents that share what they observe
/// (MA-DRL) or the parameters of their networks (F-DRL).
public struct EdgePack: Pack {
  public let name = "mec"
  public let paper = PaperReference(
    title: "Multi-Agent Deep Reinforcement Learning for Computation Offloading and Interference Coordination in Small Cell Networks",
    authors: "X. Huang, S. Leng, S. Maharjan, Y. Zhang", year: 2021)

  public let schemes = [
    SchemeDescription(
      "madrl", legend: "MA-DRL", description: "Multi-agent DDPG: each critic sees the states and actions of all cells; common reward"),
    SchemeDescription("fdrl", legend: "F-DRL", description: "DDPG of each cell by itself, whose networks are averaged at the end of every round"),
    SchemeDescription("ildrl", legend: "IL-DRL", description: "DDPG of each cell by itself"),
    SchemeDescription("full", legend: "Full offloading", description: "Everything is offloaded: random channels, greatest power, equal shares"),
    SchemeDescription("local", legend: "Local computing", description: "Nothing is offloaded"),
    SchemeDescription("random", legend: "Random", description: "Random actions in every slot", isReference: true),
    SchemeDescription(
      "heuristic", legend: "Gain-reading heuristic",
      description:
        "Everything is offloaded on the channels of the greatest sum of rates under the last interference, shares by work; not of the paper",
      isReference: true),
  ]

  public let figures = [
    FigureDescription(4, title: "Convergence of the system reward"), FigureDescription(5, title: "Local reward of each cell"),
    FigureDescription(6, title: "Average energy consumption"), FigureDescription(7, title: "Latency guaranteed percentage"),
    FigureDescription(8, title: "Ways of averaging in F-DRL (not in the paper)"),
    FigureDescription(9, title: "From bounded to near-literal settings, one switch at a time (not in the paper)"),
  ]

  public let claims = EdgeClaims.descriptions
  public let parameters = EdgeSettings.parameters
  public let deviations = EdgeDeviations.list

  public init() {}

  public func defaults(at scale: Scale) -> [String: ParameterValue] {
    switch scale {
    case .smoke: ["episodes": 4, "episodeSlots": 10, "randomSlots": 10, "batch": 8, "roundEpisodes": 2, "evaluationSlots": 40, "hiddenUnits": 8]
    case .quick: ["episodes": 80]
    case .standard, .paper: [:]
    }
  }

  /// Variants take the first of them.
  public func defaultSeeds(at scale: Scale) -> [Int] {
    switch scale {
    case .smoke: [0]
    case .quick: Array(0..<3)
    case .standard, .paper: Array(0..<10)
    }
  }

  public func plan(_ request: RunRequest) throws -> Plan { try EdgePlan(request).plan }

  public func start(_ job: Job, parameters: ParameterSet, threads: Int) throws -> any JobRun {
    var parameters = parameters
    if let variant = job.settings["variant"] {
      let words = variant.split(separator: " ")
      for setting in EdgePlan.variants(String(words[0]))[Int(words[1])!].settings { try parameters.set(setting) }
    }
    return try EdgeExperiment(EdgeSettings(parameters), job: job, threads: threads).start()
  }

  public func figures(from table: MetricTable, request: RunRequest) throws -> [Figure] { EdgeFigures(pack: self, table: table, request: request).all }

  public func tables(from table: MetricTable, request: RunRequest) throws -> [ReportTable] {
    EdgeTables(pack: self, table: table, request: request).all
  }

  public func judge(_ table: MetricTable, request: RunRequest) throws -> [ClaimResult] { EdgeClaims(table: table, request: request).results }

  public func summary(of table: MetricTable, request: RunRequest) throws -> String {
    let parts = schemes.compactMap { scheme -> String? in
      func mean(_ metric: String) -> Double? {
        let values = table.values(metric, of: scheme.name)
        return values.isEmpty ? nil : Statistics.mean(values.values)
      }
      guard let reward = mean(EdgeMetric.systemReward), let joules = mean(EdgeMetric.joules), let share = mean(EdgeMetric.withinDeadline) else {
        return nil
      }
      return "\(scheme.legend): system reward \(fixedText(reward, digits: 2)), \(fixedText(joules, digits: 3)) J a user and slot, "
        + "\(fixedText(100 * share, digits: 1)) % of the users in time"
    }
    return parts.isEmpty ? "" : parts.joined(separator: "; ") + "."
  }
}
