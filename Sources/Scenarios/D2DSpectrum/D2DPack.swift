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
    SchemeDescription("random", legend: "Random", description: "A new random block for every pair in every slot", isReference: true),
    SchemeDescription(
      "oracle", legend: "Oracle (fixed)",
      description: "The best fixed allocation that coordinate ascent finds with knowledge of all gains; blind to the state", isReference: true),
  ]

  public let figures = [
    FigureDescription(6, title: "Convergence of the total reward"),
    FigureDescription(7, title: "Outage probability of cellular links against the number of D2D pairs"),
    FigureDescription(8, title: "Outage probability of D2D links against the number of D2D pairs"),
    FigureDescription(9, title: "Sum rate of D2D links against the number of D2D pairs"),
  ]

  public let claims = D2DClaims.descriptions
  public let parameters = D2DSettings.parameters
  public let deviations = D2DDeviations.list

  public init() {}

  public func defaults(at scale: Scale) -> [String: ParameterValue] {
    switch scale {
    case .smoke:
      ["pairs": 4, "randomSlots": 64, "updates": 6, "updatesAboveTen": 6, "batch": 8, "evaluationSlots": 100, "evaluationCopies": 10]
    case .quick: ["updates": 400, "updatesAboveTen": 200]
    case .standard: [:]
    case .paper: ["updates": 2000, "updatesAboveTen": 2000]
    }
  }

  /// The numbers of pairs of a request: the paper's sweep, or the user's own number alone.
  func sweep(_ request: RunRequest) -> [Int] {
    let chosen = request.parameters.integer("pairs")
    if request.kind == .run || request.parameters.origin(of: "pairs") == .user || request.scale == .smoke { return [chosen] }
    let convergence = 10
    if request.figures == [6] { return [convergence] }
    return request.scale == .quick ? [10, 30, 50] : [10, 20, 30, 40, 50]
  }

  static func point(_ scheme: String, pairs: Int, neighbours: Int) -> SweepPoint {
    scheme == "naac" ? ["pairs": Double(pairs), "neighbours": Double(neighbours)] : ["pairs": Double(pairs)]
  }

  public func plan(_ request: RunRequest) throws -> Plan {
    let settings = D2DSettings(request.parameters)
    if let contradiction = settings.contradiction { throw UsageError(contradiction) }
    let sweep = sweep(request)
    var jobs: [Job] = []
    // Above 30 pairs three drops have to do at the standard scale, unless the user names other seeds than its own.
    let fewer = request.scale == .standard && request.seeds == defaultSeeds(at: .standard) ? Array(request.seeds.prefix(3)) : request.seeds
    for pairs in sweep {
      let seeds = pairs > 30 ? fewer : request.seeds
      for scheme in request.schemes {
        for seed in seeds {
          let point = D2DPack.point(scheme, pairs: pairs, neighbours: settings.neighbours)
          jobs.append(Job(scheme: scheme, seed: seed, point: point, estimatedSeconds: seconds(scheme, pairs: pairs, settings)))
        }
      }
    }
    let slots = sweep.map { "\(settings.learningSlots(pairs: $0)) at N = \($0)" }.joined(separator: ", ")
    var seeds = "\(request.seeds.count) seed\(request.seeds.count == 1 ? "" : "s")"
    if fewer.count < request.seeds.count && sweep.contains(where: { $0 > 30 }) { seeds += " (\(fewer.count) above 30 pairs)" }
    let summary =
      "Runs \(request.schemes.joined(separator: ", ")) with \(seeds): "
      + "\(settings.learner.randomSteps) random slots, then learning slots: \(slots); "
      + "then measures the executed policy over \(settings.evaluationSlots) slots."
    return Plan(summary: summary, jobs: jobs, parallelShare: 0.85)
  }

  /// About the time of a job on one thread: products in proportion to the critics' parameters.
  private func seconds(_ scheme: String, pairs: Int, _ settings: D2DSettings) -> Double {
    guard scheme == "maac" || scheme == "naac" else { return 0.2 }
    let members = scheme == "naac" ? min(settings.neighbours + 1, pairs) : pairs
    let weights = 1024 * (Double(settings.system.observationSize * members) + 512) + 512 * 256
    let update = Double(pairs) * weights * 6e-9 * Double(settings.learner.batchSize) / 64
    let inspection = Double(pairs) * 0.004 * Double(settings.evaluationSlots) / 5000
    return Double(settings.learningSlots(pairs: pairs) * settings.learner.updatesPerStep) * update + 10 * inspection + 0.2
  }

  public func start(_ job: Job, parameters: ParameterSet, threads: Int) throws -> any JobRun {
    let settings = D2DSettings(parameters)
    let bench = D2DBench(settings, job: job)
    switch job.scheme {
    case "random":
      let training = RandomPolicy(for: bench.trainingEnvironment().specification, seed: bench.seeds.agents)
      return D2DYardstick(bench, policy: training, measured: RandomPolicy(for: bench.evaluationSpecification, seed: bench.seeds.agents))
    case "oracle":
      let drop = bench.trainingEnvironment().drops[0]
      let policy = FixedPolicy(D2DOracle(bench.settings.system, drop: drop, seed: bench.seeds.oracle).allocation)
      return D2DYardstick(bench, policy: policy, measured: policy)
    default:
      return D2DTraining(bench, neighbours: job.scheme == "naac" ? settings.neighbours : nil, threads: min(threads, bench.pairs))
    }
  }

  public func figures(from table: MetricTable, request: RunRequest) throws -> [Figure] {
    D2DFigures(pack: self, table: table, request: request).all
  }

  public func judge(_ table: MetricTable, request: RunRequest) throws -> [ClaimResult] {
    D2DClaims(table: table, request: request).results
  }

  public func summary(of table: MetricTable, request: RunRequest) throws -> String {
    let settings = D2DSettings(request.parameters)
    var paragraphs: [String] = []
    for pairs in sweep(request) {
      func mean(_ metric: String, _ scheme: String) -> Double? {
        let values = table.values(metric, of: scheme, at: D2DPack.point(scheme, pairs: pairs, neighbours: settings.neighbours))
        return values.isEmpty ? nil : Statistics.mean(values.values)
      }
      guard let random = mean("totalReward", "random"), let oracle = mean("totalReward", "oracle") else { continue }
      // Where the choice of blocks hardly matters there is no gap to close.
      let gap = oracle - random > 1e-6 * max(1, oracle.magnitude) ? oracle - random : nil
      var text = "N = \(pairs): total reward \(fixedText(random, digits: 2)) (random), \(fixedText(oracle, digits: 2)) (oracle)"
      for scheme in ["maac", "naac"] where request.schemes.contains(scheme) {
        guard let reward = mean("totalReward", scheme), let outage = mean("cellularOutage", scheme) else { continue }
        let share = gap.map { ", which closes \(fixedText(100 * (reward - random) / $0, digits: 0)) % of the gap," } ?? ""
        text += "; \(scheme.uppercased()) \(fixedText(reward, digits: 2))\(share) with a cellular outage of \(fixedText(outage, digits: 4))"
      }
      paragraphs.append(text + ".")
    }
    return paragraphs.joined(separator: "\n\n")
  }
}
