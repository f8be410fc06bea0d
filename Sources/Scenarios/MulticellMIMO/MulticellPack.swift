import Agents
import Tensor

/// Wong, Liu, Cun, Zhang, Zhao and Zheng: forward-looking water-filling games between cells of multiuser MIMO, with starts that TD3 with mixed values has learned.
public struct MulticellPack: Pack {
  public let name = "mimo"
  public let paper = PaperReference(
    title: "Truly Distributed Multicell Multi-Band Multiuser MIMO by Synergizing Game Theory and Deep Learning",
    authors: "K.-K. Wong, G. Liu, W. Cun, W. Zhang, M. Zhao, Z. Zheng", year: 2021)

  public let schemes = [
    SchemeDescription(
      "td3mix+flwf", legend: "TD3-MIX+FLWF", description: "A learned start of every slot, then k iterations of forward-looking water-filling"),
    SchemeDescription("td3mix", legend: "TD3-MIX", description: "Learned powers, without the game"),
    SchemeDescription("flwf", legend: "FLWF", description: "Forward-looking water-filling from a fresh random allocation in every slot"),
    SchemeDescription("flwf-carry", legend: "FLWF, carried on", description: "Forward-looking water-filling that goes on from slot to slot"),
    SchemeDescription("sswf", legend: "SSWF", description: "Selfish single-user water-filling, as if nobody interfered"),
    SchemeDescription("random", legend: "Random", description: "A random allocation in every slot"),
    SchemeDescription("fdma", legend: "Fixed split", description: "Every channel belongs to one cell; not of the paper", isReference: true),
    SchemeDescription(
      "wmmse", legend: "WMMSE", description: "A central optimiser that knows all gains; not of the paper", isReference: true),
  ]

  public let figures = [
    FigureDescription(5, title: "Capacity against antennas and users"), FigureDescription(6, title: "Capacity against the number of channels"),
    FigureDescription(7, title: "Capacity against the SIR"), FigureDescription(8, title: "Capacity of a user against the slots of a block"),
    FigureDescription(9, title: "Convergence"), FigureDescription(10, title: "What the paper leaves open, one setting at a time (not in the paper)"),
  ]

  public let claims = MulticellClaims.descriptions
  public let parameters = MulticellSettings.parameters
  public let deviations = MulticellDeviations.list

  static let legends = Dictionary(uniqueKeysWithValues: MulticellPack().schemes.map { ($0.name, $0.legend) })

  public init() {}

  public func defaults(at scale: Scale) -> [String: ParameterValue] {
    switch scale {
    case .smoke:
      [
        "antennas": 4, "users": 2, "frequencies": 3, "trainingSlots": 20, "randomSlots": 10, "candidates": 2, "trialSlots": 14, "batch": 4,
        "blocks": 3, "starts": 5, "realizations": 2,
      ]
    case .quick: ["trainingSlots": 600, "trialSlots": 400, "blocks": 20]
    case .standard: [:]
    case .paper: ["trainingSlots": 3000, "blocks": 100]
    }
  }

  public func plan(_ request: RunRequest) throws -> Plan { try MulticellPlan(request).plan }

  public func start(_ job: Job, parameters: ParameterSet, threads: Int) throws -> any JobRun {
    let settings = try MulticellPlan.settings(parameters, at: job.point, variant: MulticellPlan.variant(at: job.point))
    return try MulticellExperiment(settings, job: job).start()
  }

  public func figures(from table: MetricTable, request: RunRequest) throws -> [Figure] {
    MulticellFigures(pack: self, table: table, request: request).all
  }

  public func tables(from table: MetricTable, request: RunRequest) throws -> [ReportTable] {
    MulticellTables(pack: self, table: table, request: request).all
  }

  public func judge(_ table: MetricTable, request: RunRequest) throws -> [ClaimResult] { MulticellClaims(table: table, request: request).results }

  public func summary(of table: MetricTable, request: RunRequest) throws -> String {
    let parts = schemes.compactMap { scheme -> String? in
      let point = table.points(of: scheme.name).first { !table.values(MulticellMetric.capacity, of: scheme.name, at: $0).isEmpty }
      guard let point else { return nil }
      return "\(scheme.legend) \(fixedText(Statistics.mean(table.values(MulticellMetric.capacity, of: scheme.name, at: point).values), digits: 1))"
    }
    return parts.isEmpty ? "" : "Capacity of a cell in bit/s/Hz in the first network: \(parts.joined(separator: ", "))."
  }
}
