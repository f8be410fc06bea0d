/// A setting other than the default, as a user would reach it with `--set`, with the schemes that are run in it.
struct EdgeVariant: Sendable {
  /// In words, for tables and legends.
  let name: String
  let settings: [String]
  let schemes: [String]
}

/// What a request asks for, as a list of jobs.
struct EdgePlan {
  let request: RunRequest
  let settings: EdgeSettings
  private var jobs: [Job] = []

  /// Claim 16: situations in which not everybody can be served.
  static let restrictions = [
    EdgeVariant(name: "servers of 5 GHz", settings: ["serverSpeed=5"], schemes: ["madrl", "fdrl", "ildrl", "full", "local"]),
    EdgeVariant(name: "six channels", settings: ["channels=6"], schemes: ["madrl", "fdrl", "ildrl", "full", "local"]),
  ]

  /// Figure 8: what of F-DRL's averaging the paper names or leaves open.
  static let aggregations = [
    EdgeVariant(name: "every cell by itself", settings: ["aggregation=serverless"], schemes: ["fdrl"]),
    EdgeVariant(name: "among three neighbours", settings: ["aggregation=clustered"], schemes: ["fdrl"]),
    EdgeVariant(name: "actors alone", settings: ["averaged=actor"], schemes: ["fdrl"]),
    EdgeVariant(name: "critics alone", settings: ["averaged=critic"], schemes: ["fdrl"]),
    EdgeVariant(name: "all but the actors' heads", settings: ["averaged=body"], schemes: ["fdrl"]),
    EdgeVariant(name: "with the optimisers' moments", settings: ["moments=averaged"], schemes: ["fdrl"]),
    EdgeVariant(name: "a round every episode", settings: ["roundEpisodes=1"], schemes: ["fdrl"]),
  ]

  /// The switches between the bounded settings, which are the defaults, and those that stand nearest to the paper's words.
  static let switches = [
    (name: "reward as it is", settings: ["rewardScale=none", "jointReward=system"]), (name: "penalty not cut", settings: ["penaltyCap=0"]),
    (name: "transmissions up to 100 s", settings: ["transmissionLimit=100"]), (name: "channels by score", settings: ["channelMap=score"]),
    (name: "shares by ratio", settings: ["shareMap=ratio"]), (name: "logits free", settings: ["logitPenalty=0"]),
  ]

  /// Figure 9: each switch by itself, all of them, and all but one.
  static let regimes: [EdgeVariant] = {
    let learners = ["madrl", "fdrl", "ildrl"]
    let one = switches.map { EdgeVariant(name: $0.name, settings: $0.settings, schemes: learners) }
    let all = EdgeVariant(name: "all six", settings: switches.flatMap(\.settings), schemes: learners + ["full"])
    let others = switches.map { left in
      EdgeVariant(
        name: "all but: \(left.name)", settings: switches.flatMap(\.settings).filter { !left.settings.contains($0) }, schemes: learners)
    }
    return one + [all] + others
  }()

  /// The variants of a coordinate of the sweep.
  static func variants(_ coordinate: String) -> [EdgeVariant] {
    switch coordinate {
    case "restricted": restrictions
    case "aggregation": aggregations
    case "regime": regimes
    default: []
    }
  }

  /// The place of a variant of a coordinate; that of the defaults for number 0.
  static func point(_ coordinate: String, _ number: Int) -> SweepPoint { number == 0 ? [:] : SweepPoint([(coordinate, Double(number))]) }

  static let coordinates = ["restricted", "aggregation", "regime"]

  init(_ request: RunRequest) throws {
    self.request = request
    settings = EdgeSettings(request.parameters)
    if let contradiction = settings.contradiction { throw UsageError(contradiction) }
    for scheme in request.schemes { add(scheme, seeds: request.seeds) }
    guard request.kind == .reproduce else { return }
    for (coordinate, figure) in zip(EdgePlan.coordinates, [7, 8, 9]) where request.figures.contains(figure) {
      for (index, variant) in EdgePlan.variants(coordinate).enumerated() {
        var parameters = request.parameters
        for setting in variant.settings { try parameters.set(setting) }
        for scheme in variant.schemes where request.schemes.contains(scheme) {
          add(
            scheme, seeds: seeds(coordinate), at: SweepPoint([(coordinate, Double(index + 1))]), settings: [("variant", "\(coordinate) \(index)")],
            EdgeSettings(parameters))
        }
      }
    }
  }

  /// The schemes themselves are compared on all seeds of a scale; what goes round them on the first five, and the regime study, which is large,
  /// on three.
  private func seeds(_ coordinate: String) -> [Int] {
    guard request.seeds == EdgePack().defaultSeeds(at: request.scale) else { return request.seeds }
    let most = coordinate == "regime" ? (request.scale == .quick ? 1 : request.scale == .paper ? 5 : 3) : request.scale == .paper ? 10 : 5
    return Array(request.seeds.prefix(most))
  }

  private mutating func add(
    _ scheme: String, seeds: [Int], at point: SweepPoint = [:], settings extra: [(name: String, value: String)] = [], _ adjusted: EdgeSettings? = nil
  ) {
    let used = adjusted ?? settings
    for seed in seeds {
      jobs.append(
        Job(
          scheme: scheme, seed: seed, point: point, settings: JobSettings(extra), estimatedSeconds: EdgePlan.seconds(scheme, used),
          estimatedBytes: EdgePlan.bytes(scheme, used)))
    }
  }

  /// About the time of a job on one thread.
  private static func seconds(_ scheme: String, _ settings: EdgeSettings) -> Double {
    let slots = Double(settings.work.episodes * settings.slotsPerEpisode)
    let environment = 1.2e-5 * (slots + Double(settings.work.evaluationSlots))
    guard EdgeClaims.learners.contains(scheme) else { return environment + 0.1 }
    return environment + slots * 1.9e-11 * settings.cost(of: scheme).products + 0.3
  }

  /// About the memory of a job: networks, their targets, gradients and moments, and the replay.
  private static func bytes(_ scheme: String, _ settings: EdgeSettings) -> Double {
    guard EdgeClaims.learners.contains(scheme) else { return 0 }
    let cost = settings.cost(of: scheme)
    let transitions = Double(min(settings.work.episodes * settings.slotsPerEpisode, settings.work.learner.replayCapacity))
    let numbers = transitions * Double(2 * settings.system.observationSize + settings.system.actionSize + 1)
    return 4 * Double(settings.system.cells.cells) * (5 * Double(cost.actorParameters + cost.criticParameters) + numbers)
  }

  var plan: Plan {
    let learners = request.schemes.filter { EdgeClaims.learners.contains($0) }
    let summary =
      "Runs \(request.schemes.joined(separator: ", ")) on \(request.seeds.count) layout\(request.seeds.count == 1 ? "" : "s"): "
      + (learners.isEmpty
        ? ""
        : "\(settings.work.episodes) episodes of \(settings.slotsPerEpisode) slots, the first \(settings.work.learner.randomSteps) slots at random; ")
      + "then \(settings.work.evaluationSlots) slots of the executed policy."
    return Plan(summary: summary, jobs: jobs, parallelShare: 0.9)
  }
}
