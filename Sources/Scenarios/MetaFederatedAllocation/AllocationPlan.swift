/// A setting other than the default, as a user would reach it with `--set`, with the schemes that are run in it.
struct AllocationVariant: Sendable {
  /// In words, for tables.
  let name: String
  let settings: [String]
  let schemes: [String]
}

/// What a request asks for, as a list of jobs.
///
/// Every job stands at a point with the number of its scenario. Points of studies have one coordinate more: the regime of learning rates, the
/// number of users, the variant, the age of what central allocation knows, or its power levels.
struct AllocationPlan {
  let request: RunRequest
  let settings: AllocationSettings
  private var jobs: [Job] = []

  static let scenarios = ["inh", "umi", "uma", "rma"]
  /// Those of figures 4, 5 and 7.
  static let adapted = ["inh", "uma", "rma"]
  /// The paper's schemes that learn.
  static let learners = ["mfrl", "mrl", "frl", "marl", "mfrl-early"]
  /// Those of ours.
  static let remedies = ["mfrl-index", "mfrl-body", "mfrl-index-bandit", "marl-bandit"]
  static let yardsticks = ["hungarian", "random", "orthogonal"]
  /// Numbers of users of figure 8.
  static let users = [2, 4, 6, 8, 10]
  static let delays = [0, 1, 10, 100]
  static let levels = [2, 4, 8, 16]

  /// Settings of the study of learning rates, from 1 on; 0 are the defaults.
  static let regimes = [
    AllocationVariant(name: "the printed rates", settings: ["regime=printed"], schemes: learners),
    AllocationVariant(name: "the printed rates, gains in decibels", settings: ["regime=printed", "observation=decibels"], schemes: learners),
  ]

  /// Settings beside the defaults of which a claim speaks, from 1 on.
  static let variants = [
    AllocationVariant(name: "without fingerprint", settings: ["fingerprint=false"], schemes: ["mfrl", "marl"]),
    AllocationVariant(name: "averaged by eq. 20", settings: ["weight=success"], schemes: ["mfrl"]),
  ]

  static func point(_ scenario: String, _ more: [(String, Double)] = []) -> SweepPoint {
    SweepPoint([("scenario", Double(scenarios.firstIndex(of: scenario)! + 1))] + more)
  }

  init(_ request: RunRequest) throws {
    self.request = request
    settings = AllocationSettings(request.parameters)
    if let contradiction = settings.contradiction { throw UsageError(contradiction) }
    let own = settings.system.cell.scenario.rawValue
    guard request.kind == .reproduce else {
      for scheme in request.schemes { try add(scheme, [own], request.seeds) }
      return
    }
    let figures = Set(request.figures)
    let isCompared = !figures.isDisjoint(with: [4, 5, 7])
    for scheme in request.schemes {
      // Figures 3, 6, 8 and 9 need the indoor scenario alone.
      let isOurs = AllocationPlan.remedies.contains(scheme) && request.scale != .paper
      try add(scheme, isCompared && !isOurs ? AllocationPlan.adapted : ["inh"], request.seeds)
    }
    if isCompared { try addRegimes() }
    if figures.contains(8) { try addUsers() }
    if !figures.isDisjoint(with: [7, 9]) { try addStudies() }
  }

  /// Of the seeds of a run, the first ones: studies that the paper has not are smaller below the paper's own scale.
  private func seeds(quick: Int, standard: Int) -> [Int] {
    switch request.scale {
    case .smoke, .quick: Array(request.seeds.prefix(quick))
    case .standard: Array(request.seeds.prefix(standard))
    case .paper: request.seeds
    }
  }

  private var isSmall: Bool { request.scale == .smoke || request.scale == .quick }

  private mutating func addRegimes() throws {
    for (index, variant) in AllocationPlan.regimes.enumerated() {
      let scenarios = index == 0 && !isSmall ? AllocationPlan.adapted : ["inh"]
      let seeds = index == 0 ? seeds(quick: 1, standard: .max) : seeds(quick: 1, standard: 3)
      for scheme in variant.schemes where request.schemes.contains(scheme) {
        try add(scheme, scenarios, seeds, [("regime", Double(index + 1))], variant.settings)
      }
    }
  }

  private mutating func addUsers() throws {
    let paper = request.scale == .paper
    for users in AllocationPlan.users where users != settings.system.cell.users {
      for scheme in ["mfrl", "mrl", "frl", "marl"] where request.schemes.contains(scheme) {
        // Claim 3 asks for the numbers of users of meta-training.
        let isWanted = scheme == "mrl" ? AllocationLearning.metaUsers.contains(users) : scheme != "frl"
        guard isWanted || paper else { continue }
        try add(scheme, ["inh"], seeds(quick: 1, standard: 3), [("users", Double(users))], ["users=\(users)"])
      }
      for scheme in AllocationPlan.yardsticks where request.schemes.contains(scheme) {
        try add(scheme, ["inh"], request.seeds, [("users", Double(users))], ["users=\(users)"])
      }
    }
    guard request.schemes.contains("hungarian") else { return }
    for users in AllocationPlan.users {
      try add("hungarian", ["inh"], request.seeds, [("equal", Double(users))], ["users=\(users)", "bandwidths=equal"])
    }
  }

  private mutating func addStudies() throws {
    for (index, variant) in AllocationPlan.variants.enumerated() {
      for scheme in variant.schemes where request.schemes.contains(scheme) {
        try add(scheme, ["inh"], seeds(quick: 1, standard: 3), [("variant", Double(index + 1))], variant.settings)
      }
    }
    guard request.schemes.contains("hungarian") else { return }
    for delay in AllocationPlan.delays {
      try add("hungarian", AllocationPlan.adapted, request.seeds, [("delay", Double(delay))], ["csiDelay=\(delay)"], isDelayStudy: true)
    }
    for levels in AllocationPlan.levels {
      try add("hungarian", AllocationPlan.adapted, request.seeds, [("levels", Double(levels))], ["powerLevels=\(levels)"])
    }
  }

  private mutating func add(
    _ scheme: String, _ scenarios: [String], _ seeds: [Int], _ more: [(String, Double)] = [], _ changes: [String] = [], isDelayStudy: Bool = false
  ) throws {
    for scenario in scenarios {
      let changes = ["scenario=\(scenario)"] + changes
      var parameters = request.parameters
      for change in changes { try parameters.set(change) }
      let used = AllocationSettings(parameters)
      if let contradiction = used.contradiction { throw UsageError(contradiction) }
      for seed in seeds {
        var texts = [(name: "set", value: changes.joined(separator: " "))]
        if isDelayStudy { texts.append((name: "study", value: "delay")) }
        jobs.append(
          Job(
            scheme: scheme, seed: seed, point: AllocationPlan.point(scenario, more), settings: JobSettings(texts),
            estimatedSeconds: AllocationPlan.seconds(scheme, used)))
      }
    }
  }

  /// The settings of a job.
  static func settings(of job: Job, _ parameters: ParameterSet) throws -> AllocationSettings {
    var parameters = parameters
    for change in (job.settings["set"] ?? "").split(separator: " ") { try parameters.set(String(change)) }
    var settings = AllocationSettings(parameters)
    settings.isDelayStudy = job.settings["study"] == "delay"
    return settings
  }

  /// About the time of a job on one thread: minibatches, and what acting and tests take. Meta-training is shared by the jobs of a seed.
  private static func seconds(_ scheme: String, _ settings: AllocationSettings) -> Double {
    let (work, users) = (settings.work, Double(settings.system.cell.users))
    let length = Double(settings.system.episodeMilliseconds)
    guard let learner = AllocationScheme.named(scheme) else { return 0.05 + 6e-6 * length * Double(work.testDrops) }
    let size = Double(work.parameters(observation: settings.system.observationSize, subchannels: settings.system.cell.subchannels))
    let episodes = Double(work.episodes) * (learner.isEarly ? 0.5 : 1)
    let learning = episodes * users * length * (Double(work.passes) * 6 + 3) * 2.5e-11 * size
    let tests = 4 * Double(work.testDrops) * length * users * 5e-11 * size
    let meta = learner.isMeta ? 0.2 * Double(work.metaEpisodes * 14) * 100 * (Double(work.metaPasses) * 6 + 2) * 2.5e-11 * size : 0
    return learning + tests + meta + 0.2
  }

  var plan: Plan {
    let learners = request.schemes.filter { AllocationScheme.named($0) != nil }
    let count = request.seeds.count
    var summary = "Runs \(request.schemes.joined(separator: ", ")) with \(count) seed\(count == 1 ? "" : "s"): "
    if !learners.isEmpty {
      summary += "\(settings.work.metaEpisodes) episodes of meta-training, \(settings.work.episodes) of adaptation with an averaging every "
      summary += "\(settings.work.roundEpisodes); "
    }
    summary += "tests on \(settings.work.testDrops) drops."
    return Plan(summary: summary, jobs: jobs, parallelShare: 0.7)
  }
}
