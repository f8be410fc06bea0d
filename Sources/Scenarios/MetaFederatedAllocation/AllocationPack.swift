import Agents
import Tensor

/// Ji, Qin and Tao: users of an OFDMA uplink choose subchannels and powers for the greatest energy efficiency, from a meta-trained model and with
/// averaging of what they learn.
public struct AllocationPack: Pack {
  public let name = "mfrl"
  public let paper = PaperReference(
    title: "Meta Federated Reinforcement Learning for Distributed Resource Allocation", authors: "Z. Ji, Z. Qin, X. Tao", year: 2023)

  /// What distinguishes the schemes from one another, in the order of the list.
  private static let list = [
    SchemeDescription("mfrl", legend: "MFRL", description: "PPO of each user from the meta-trained model, averaged every 100 episodes"),
    SchemeDescription("mrl", legend: "MRL", description: "PPO of each user from the meta-trained model"),
    SchemeDescription("frl", legend: "FRL", description: "PPO of each user from random networks, averaged every 100 episodes"),
    SchemeDescription("marl", legend: "MARL", description: "PPO of each user from random networks"),
    SchemeDescription("mfrl-early", legend: "MFRL_early", description: "MFRL after half of the episodes"),
    SchemeDescription("mfrl-index", legend: "MFRL, index", description: "MFRL whose users observe their number; not of the paper"),
    SchemeDescription("mfrl-body", legend: "MFRL, body", description: "MFRL that averages everything but the actor's head; not of the paper"),
    SchemeDescription(
      "mfrl-index-bandit", legend: "MFRL, index, γ = 0", description: "MFRL whose users observe their number and have no future; not of the paper"),
    SchemeDescription("marl-bandit", legend: "MARL, γ = 0", description: "MARL whose users have no future; not of the paper"),
    SchemeDescription(
      "hungarian", legend: "Hungarian", description: "Central allocation with all gains known: the exact bound", isReference: true),
    SchemeDescription("random", legend: "Random", description: "Random subchannels and powers", isReference: true),
    SchemeDescription(
      "orthogonal", legend: "Orthogonal", description: "User i keeps the i-th widest subchannel, with the best power there; not of the paper",
      isReference: true),
  ]

  public let schemes = AllocationPack.list

  /// The schemes' names in words.
  static let legends = Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0.legend) })

  public let figures = [
    FigureDescription(3, title: "Meta-training reward"), FigureDescription(4, title: "Training reward"),
    FigureDescription(5, title: "Energy efficiency on ten drops"), FigureDescription(6, title: "Policy entropy"),
    FigureDescription(7, title: "Energy efficiency by scenario and by number of averagings"),
    FigureDescription(8, title: "Energy efficiency by number of users"),
    FigureDescription(9, title: "Federation below and beyond the symmetry ceiling (not in the paper)"),
  ]

  public let claims = AllocationClaims.descriptions
  public let parameters = AllocationSettings.parameters
  public let deviations = AllocationDeviations.list
  private let models = AllocationModels()

  public init() {}

  public func defaults(at scale: Scale) -> [String: ParameterValue] {
    switch scale {
    case .smoke:
      [
        "episodes": 20, "roundEpisodes": 5, "episodeLength": 20, "metaEpisodes": 3, "metaPasses": 1, "firstHidden": 32, "secondHidden": 16,
        "criticHidden": 8, "testDrops": 5, "roundDrops": 2,
      ]
    case .quick: ["episodes": 200, "roundEpisodes": 50, "metaEpisodes": 60, "testDrops": 30]
    case .standard, .paper: [:]
    }
  }

  /// 1, 2, 5 and 10 seeds from zero on for the four scales.
  public func defaultSeeds(at scale: Scale) -> [Int] {
    switch scale {
    case .smoke: [0]
    case .quick: Array(0..<2)
    case .standard: Array(0..<5)
    case .paper: Array(0..<10)
    }
  }

  public func plan(_ request: RunRequest) throws -> Plan { try AllocationPlan(request).plan }

  public func start(_ job: Job, parameters: ParameterSet, threads: Int) throws -> any JobRun {
    let settings = try AllocationPlan.settings(of: job, parameters)
    guard let scheme = AllocationScheme.named(job.scheme) else { return AllocationYardstickRun(job.scheme, settings, seed: job.seed) }
    return AllocationCourse(scheme, settings, seed: job.seed, threads: threads, models: models)
  }

  public func figures(from table: MetricTable, request: RunRequest) throws -> [Figure] {
    AllocationFigures(pack: self, table: table, request: request).all
  }

  public func tables(from table: MetricTable, request: RunRequest) throws -> [ReportTable] {
    AllocationTables(pack: self, table: table, request: request).all
  }

  public func judge(_ table: MetricTable, request: RunRequest) throws -> [ClaimResult] { AllocationClaims(table: table, request: request).results }

  public func summary(of table: MetricTable, request: RunRequest) throws -> String {
    let reading = AllocationReadings(table: table, request: request)
    let parts = schemes.compactMap { scheme -> String? in
      let values = reading.values(AllocationMetric.testEfficiency, scheme.name, reading.shown)
      guard !values.isEmpty else { return nil }
      let free = reading.values(AllocationMetric.testFree, scheme.name, reading.shown)
      let (efficiency, share) = (fixedText(Statistics.mean(values.values), digits: 0), fixedText(100 * Statistics.mean(free.values), digits: 1))
      return "\(scheme.legend): \(efficiency) Mbit/J, \(share) % of the milliseconds free of collisions"
    }
    return parts.isEmpty ? "" : "Tests in \(reading.name(of: reading.shown)). " + parts.joined(separator: "; ") + "."
  }
}
