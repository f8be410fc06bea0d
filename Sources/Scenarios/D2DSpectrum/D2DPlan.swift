/// A choice that the paper leaves open, taken otherwise than in the default.
struct D2DVariant: Sendable {
  /// In words, for tables and legends.
  let name: String
  /// What is set, as a user would with `--set`.
  let settings: [String]
  let schemes: [String]

  /// What does not learn with networks, and so does not change where a variant concerns these alone.
  static let yardsticks = ["sla", "random", "oracle"]

  static let all = [
    D2DVariant(name: "Gumbel-softmax, relaxed", settings: ["estimator=relaxed"], schemes: ["maac"]),
    D2DVariant(name: "softmax without noise", settings: ["estimator=softmax"], schemes: ["maac"]),
    D2DVariant(name: "minibatch of 64", settings: ["batch=64"], schemes: ["maac"]),
    D2DVariant(name: "interference of every block in the state", settings: ["interferenceFeature=perBlock"], schemes: ["maac"]),
    D2DVariant(name: "Jakes fading at 1 m/s", settings: ["fading=jakes"], schemes: ["maac"] + yardsticks),
    D2DVariant(name: "28 dB at 1 m (negative control)", settings: ["pairLossAtOneMeter=28"], schemes: ["maac"] + yardsticks),
    D2DVariant(
      name: "new positions every 20 slots, geometry in the state", settings: ["positions=everyEpisode", "episodeSlots=20", "geometry=owners"],
      schemes: ["maac", "naac"] + yardsticks),
    D2DVariant(
      name: "moving at 20 m/s in slots of 20 ms, geometry in the state",
      settings: ["positions=moving", "speed=20", "slot=20", "geometry=owners"], schemes: ["maac", "naac"] + yardsticks),
    D2DVariant(
      name: "own links that fade on each block, seen so in the state", settings: ["ownFading=perBlock"],
      schemes: ["maac", "naac", "dqn"] + yardsticks),
  ]
}

/// What a request asks for, as a list of jobs.
struct D2DPlan {
  let request: RunRequest
  let settings: D2DSettings
  /// The numbers of pairs; the first is that of the figures at one number.
  let sweep: [Int]
  private var jobs: [Job] = []
  private var known: Set<Job> = []

  /// λ of figures 10 and 11. With one less than the number of pairs NAAC is MAAC.
  static let neighbours = [0, 1, 2, 3, 5, 7]

  /// The numbers of pairs of a request: the paper's sweep, or the user's own number alone.
  static func sweep(_ request: RunRequest) -> [Int] {
    let chosen = request.parameters.integer("pairs")
    if request.kind == .run || request.parameters.origin(of: "pairs") == .user || request.scale == .smoke { return [chosen] }
    guard !request.figures.allSatisfy({ ![7, 8, 9].contains($0) }) else { return [10] }
    return request.scale == .quick ? [10, 30, 50] : [10, 20, 30, 40, 50]
  }

  /// The number of pairs of figure 5 and of transfers.
  static func picturedPairs(_ request: RunRequest) -> Int {
    request.kind == .run || request.parameters.origin(of: "pairs") == .user || request.scale == .smoke ? request.parameters.integer("pairs") : 20
  }

  init(_ request: RunRequest) throws {
    self.request = request
    settings = try D2DSettings.runnable(request.parameters)
    guard settings.gains.isEmpty || request.kind == .run else {
      throw UsageError("gains from a file are those of one cell: use 'bench run d2d', for the figures vary it")
    }
    sweep = D2DPlan.sweep(request)
    let numbers = request.kind == .run || draws(7, 8, 9) ? sweep : draws(6, 10, 11) ? [sweep[0]] : []
    for pairs in numbers {
      for scheme in request.schemes { add(scheme, pairs: pairs, seeds: seeds(pairs: pairs, scheme: scheme)) }
    }
    if draws(10, 11) { addNeighbourSweep() }
    if draws(5) {
      for scheme in ["maac", "naac"] where request.schemes.contains(scheme) { add(scheme, pairs: picturedPairs, seeds: seeds(.aside)) }
    }
    if draws(12) { addSequels() }
    if draws(13) { addVariants() }
  }

  private func draws(_ figures: Int...) -> Bool { request.kind == .reproduce && request.figures.contains { figures.contains($0) } }

  private var picturedPairs: Int { D2DPlan.picturedPairs(request) }

  // MARK: Seeds

  /// How many of a scale's own seeds are run where a job is long or a claim needs no more; a user's seeds are run everywhere.
  private enum Ration {
    /// Figures up to 30 pairs.
    case some
    /// Above 30 pairs.
    case few
    /// Figures 5 and 12.
    case aside
    /// Figure 13.
    case variant
  }

  private var isRationed: Bool { request.seeds == D2DPack().defaultSeeds(at: request.scale) }

  private func seeds(_ ration: Ration) -> [Int] {
    guard isRationed else { return request.seeds }
    let count =
      switch (request.scale, ration) {
      case (.smoke, _): 1
      case (.quick, .aside), (.quick, .variant): 1
      case (.standard, .variant): 2
      case (.quick, _), (.standard, .few), (.standard, .aside): 3
      case (.standard, _): 5
      case (.paper, _): 10
      }
    return Array(request.seeds.prefix(count))
  }

  private func seeds(pairs: Int, scheme: String) -> [Int] {
    if request.kind == .reproduce, pairs > 30 { return seeds(.few) }
    return pairs <= 10 && ["maac", "naac", "random", "oracle"].contains(scheme) ? request.seeds : seeds(.some)
  }

  // MARK: Jobs

  private mutating func add(
    _ scheme: String, pairs: Int, neighbours: Int? = nil, seeds: [Int], _ more: [(name: String, value: Double)] = [],
    settings extra: [(name: String, value: String)] = [], adjusted: D2DSettings? = nil
  ) {
    let used = adjusted ?? settings
    for seed in seeds {
      var entries = extra
      // What is compared slot by slot has a curve: figure 6, and transfers against fresh starts.
      let isAlone = request.kind == .run
      let isConvergence =
        draws(6) && pairs == sweep[0] && more.isEmpty && (neighbours ?? used.neighbours) == settings.neighbours && self.seeds(.some).contains(seed)
      let isTransfer = draws(12) && pairs == picturedPairs && ["naac", "random"].contains(scheme) && !more.contains { $0.name == "variant" }
      if isAlone || isConvergence || isTransfer {
        entries.append(("curve", "yes"))
        if ["random", "oracle"].contains(scheme) {
          let slots =
            isTransfer && !isConvergence ? used.learningSlots(pairs: pairs) : request.schemes.map { used.slots($0, pairs: pairs) }.max() ?? 1
          entries.append(("slots", "\(slots)"))
        }
      }
      if isAlone || pairs == picturedPairs { entries.append(("blocks", "yes")) }
      let own: [(name: String, value: Double)] = scheme == "naac" ? [("neighbours", Double(neighbours ?? used.neighbours))] : []
      let job = Job(
        scheme: scheme, seed: seed, point: SweepPoint([("pairs", Double(pairs))] + own + more), settings: JobSettings(entries),
        estimatedSeconds: D2DPlan.seconds(scheme, pairs: pairs, neighbours: neighbours ?? used.neighbours, used),
        estimatedBytes: D2DPlan.bytes(scheme, pairs: pairs, neighbours: neighbours ?? used.neighbours, used))
      if known.insert(job).inserted { jobs.append(job) }
    }
  }

  private mutating func addNeighbourSweep() {
    guard request.schemes.contains("naac") else { return }
    let pairs = sweep[0]
    let numbers = request.scale == .quick ? [0, 2, 5] : D2DPlan.neighbours
    for number in numbers where number < pairs - 1 && number != settings.neighbours {
      add("naac", pairs: pairs, neighbours: number, seeds: seeds(.some))
    }
  }

  /// Fine-tuning behind execution, and networks that go on among more pairs.
  private mutating func addSequels() {
    for scheme in ["maac", "naac"] where request.schemes.contains(scheme) {
      add(scheme, pairs: sweep[0], seeds: seeds(.aside), [("phase", 3)], settings: [("phase", "finetune"), ("looks", "none")])
    }
    guard request.schemes.contains("naac") else { return }
    for scheme in ["naac", "random"] where request.schemes.contains(scheme) { add(scheme, pairs: picturedPairs, seeds: seeds(.aside)) }
    add("naac", pairs: picturedPairs, seeds: seeds(.aside), [("transfer", 1)], settings: [("transfer", "yes")])
  }

  private mutating func addVariants() {
    for scheme in request.schemes { add(scheme, pairs: sweep[0], seeds: seeds(pairs: sweep[0], scheme: scheme)) }
    for (index, variant) in D2DVariant.all.enumerated() {
      // The scale that shall take seconds sets the size of its minibatch itself.
      if request.scale == .smoke && variant.settings.contains(where: { $0.hasPrefix("batch=") }) { continue }
      var parameters = request.parameters
      for setting in variant.settings { try? parameters.set(setting) }
      for scheme in variant.schemes where request.schemes.contains(scheme) {
        add(
          scheme, pairs: sweep[0], seeds: seeds(.variant), [("variant", Double(index + 1))],
          settings: [("variant", "\(index + 1)"), ("looks", "none")], adjusted: D2DSettings(parameters))
      }
    }
  }

  /// About the time of a job on one thread: products in proportion to the networks' parameters.
  private static func seconds(_ scheme: String, pairs: Int, neighbours: Int, _ settings: D2DSettings) -> Double {
    let slots = Double(settings.slots(scheme, pairs: pairs))
    let rows = Double(settings.learner.batchSize)
    let inspections = Double(pairs) * 0.008 * (4 + Double(settings.evaluationSlots) / 5000)
    let actor = Double(pairs) * 74_000
    switch scheme {
    case "maac", "naac":
      let weights = criticWeights(scheme, pairs: pairs, neighbours: neighbours, settings)
      // The products, and the optimiser's way through memory.
      return slots * Double(settings.learner.updatesPerStep) * Double(pairs) * weights * (8e-11 * rows + 5.5e-9) + inspections + 0.3
    case "dqn": return slots * actor * (1e-10 * rows + 2.5e-9) + inspections + 0.3
    case "ac": return slots * actor * 1.5e-9 + inspections + 0.3
    default: return slots * Double(pairs) * 2e-6 + 0.2
    }
  }

  private static func criticWeights(_ scheme: String, pairs: Int, neighbours: Int, _ settings: D2DSettings) -> Double {
    let members = scheme == "naac" ? min(neighbours + 1, pairs) : pairs
    return 1024 * (Double(settings.system.observationSize * members) + 512) + 512 * 256
  }

  /// About the memory of a job: networks, their targets, gradients and moments, and the replay.
  private static func bytes(_ scheme: String, pairs: Int, neighbours: Int, _ settings: D2DSettings) -> Double {
    let weights: Double
    switch scheme {
    case "maac", "naac": weights = criticWeights(scheme, pairs: pairs, neighbours: neighbours, settings) + 74_000
    case "dqn", "ac": weights = 148_000
    default: return 0
    }
    let transitions = Double(min(settings.slots(scheme, pairs: pairs), settings.learner.replayCapacity))
    return 4 * Double(pairs) * (5 * weights + transitions * Double(2 * settings.system.observationSize + 3))
  }

  var plan: Plan {
    let numbers = Set(jobs.compactMap { $0.point["pairs"].map { Int($0) } }).sorted()
    let slots = numbers.map { "\(settings.learningSlots(pairs: $0)) at N = \($0)" }.joined(separator: ", ")
    var seeds = "\(request.seeds.count) seed\(request.seeds.count == 1 ? "" : "s")"
    if isRationed, request.kind == .reproduce, request.seeds.count > self.seeds(.some).count {
      seeds += " (MAAC and NAAC at 10 pairs; \(self.seeds(.some).count) elsewhere up to 30 pairs, \(self.seeds(.few).count) above)"
    }
    let summary =
      "Runs \(request.schemes.joined(separator: ", ")) with \(seeds): "
      + "\(settings.learner.randomSteps) random slots, then learning slots of MAAC and NAAC: \(slots); "
      + "then measures the executed policy over \(settings.evaluationSlots) slots."
    return Plan(summary: summary, jobs: jobs, parallelShare: 0.85)
  }
}
