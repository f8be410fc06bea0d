/// A setting other than the default, as a user would reach it with `--set`, with the schemes that are run in it.
struct MulticellVariant: Sendable {
  /// In words, for tables and legends.
  let name: String
  let settings: [String]
  let schemes: [String]
}

/// One network of a sweep.
struct MulticellPlace: Hashable, Sendable {
  var antennas: Int
  var frequencies: Int
  var sir: Double

  var point: SweepPoint { ["antennas": Double(antennas), "frequencies": Double(frequencies), "sir": sir] }
}

/// What a request asks for, as a list of jobs.
struct MulticellPlan {
  let request: RunRequest
  let settings: MulticellSettings
  private var jobs: [Job] = []

  private static let learned = ["td3mix+flwf"]
  private static let games = ["td3mix+flwf", "flwf", "flwf-carry"]

  /// The questions that the paper leaves open, one at a time, in the usual network of the small size unless they say otherwise.
  static let variants = [
    MulticellVariant(name: "one critic", settings: ["critics=single"], schemes: learned),
    MulticellVariant(name: "QMIX's mixing network", settings: ["mix=monotone"], schemes: learned),
    MulticellVariant(name: "logits limited as they are", settings: ["logits=plain"], schemes: learned),
    MulticellVariant(name: "one training, without a choice among several", settings: ["candidates=1"], schemes: learned),
    MulticellVariant(
      name: "(32, 16), one training", settings: ["antennas=32", "users=16", "candidates=1"], schemes: learned),
    MulticellVariant(name: "no discounted future", settings: ["discount=0"], schemes: learned),
    MulticellVariant(name: "flat networks on gains", settings: ["encoder=flat"], schemes: learned),
    MulticellVariant(
      name: "flat networks on c, channels and beams, QMIX", settings: ["encoder=flat", "flatInput=channels", "mix=monotone"], schemes: learned),
    MulticellVariant(name: "networks for each user and channel in TD3-MIX", settings: ["baselineEncoder=items"], schemes: ["td3mix"]),
    MulticellVariant(name: "two iterations a slot", settings: ["moves=2"], schemes: games),
    MulticellVariant(name: "five iterations a slot", settings: ["moves=5"], schemes: games),
    MulticellVariant(name: "twenty iterations a slot", settings: ["moves=20"], schemes: games),
    MulticellVariant(name: "iterative water-filling", settings: ["lookAhead=constant", "lookAheadConstant=0"], schemes: ["flwf-carry"]),
    MulticellVariant(name: "look-ahead of -0.5", settings: ["lookAhead=constant"], schemes: ["flwf-carry"]),
    MulticellVariant(
      name: "(32, 16), 6 channels, power of 100 a user", settings: ["antennas=32", "users=16", "budget=fixed"], schemes: ["sswf", "flwf-carry"]),
    MulticellVariant(
      name: "(32, 16), 12 channels, power of 100 a user", settings: ["antennas=32", "users=16", "budget=fixed", "frequencies=12"],
      schemes: ["sswf", "flwf-carry"]),
    MulticellVariant(
      name: "(32, 16), 6 channels, SNR behind the array", settings: ["antennas=32", "users=16", "budget=arrayPerChannel"],
      schemes: ["sswf", "flwf-carry"]),
  ]

  static func antennas(at scale: Scale) -> [Int] { scale == .smoke ? [4, 8] : scale == .quick ? [8, 32] : [8, 16, 32] }
  static func frequencies(at scale: Scale) -> [Int] { scale == .smoke ? [3, 6] : scale == .quick ? [6, 12] : [4, 6, 8, 10, 12] }
  static func ratios(at scale: Scale) -> [Double] { scale == .smoke || scale == .quick ? [0, 3] : [0, 3, 6, 9] }
  /// T of figure 8.
  static let horizons = [1, 2, 5, 10, 20]

  /// The usual number of channels, and that of figure 9.
  static func usualFrequencies(at scale: Scale) -> Int { scale == .smoke ? 3 : 6 }
  static func manyFrequencies(at scale: Scale) -> Int { frequencies(at: scale).last ?? 12 }

  /// The networks of a figure.
  static func places(of figure: Int, at scale: Scale) -> [MulticellPlace] {
    let (sizes, usual) = (antennas(at: scale), usualFrequencies(at: scale))
    let ends = [sizes[0], sizes[sizes.count - 1]]
    switch figure {
    case 5: return sizes.map { MulticellPlace(antennas: $0, frequencies: usual, sir: 0) }
    case 6: return ends.flatMap { size in frequencies(at: scale).map { MulticellPlace(antennas: size, frequencies: $0, sir: 0) } }
    case 7:
      // The small size as well, at the two ratios of figure 9.
      return ratios(at: scale).map { MulticellPlace(antennas: ends[1], frequencies: usual, sir: $0) }
        + [0, 3].map { MulticellPlace(antennas: ends[0], frequencies: usual, sir: $0) }
    case 8: return ends.map { MulticellPlace(antennas: $0, frequencies: usual, sir: 0) }
    case 9:
      return ends.flatMap { size in [0, 3].map { MulticellPlace(antennas: size, frequencies: manyFrequencies(at: scale), sir: $0) } }
    default: return []
    }
  }

  init(_ request: RunRequest) throws(UsageError) {
    self.request = request
    settings = MulticellSettings(request.parameters)
    if let contradiction = settings.contradiction { throw UsageError(contradiction) }
    guard request.kind == .reproduce else {
      let place = MulticellPlace(antennas: settings.system.antennas, frequencies: settings.system.frequencies, sir: settings.system.sirDB)
      for scheme in request.schemes { add(scheme, place.point, [("convergence", "")], settings) }
      return
    }
    var places: [MulticellPlace] = []
    for figure in request.figures {
      for place in MulticellPlan.places(of: figure, at: request.scale) where !places.contains(place) { places.append(place) }
    }
    let curves = request.figures.contains(9) ? MulticellPlan.places(of: 9, at: request.scale) : []
    for place in places {
      let used = try MulticellPlan.settings(request.parameters, at: place.point, variant: nil)
      if let contradiction = used.contradiction { throw UsageError(contradiction) }
      var extra: [(name: String, value: String)] = curves.contains(place) ? [("convergence", "")] : []
      if place == MulticellPlan.places(of: 8, at: request.scale)[0] { extra.append(("bias", "")) }
      for scheme in request.schemes { add(scheme, place.point, extra, used) }
    }
    guard request.figures.contains(10) else { return }
    for (index, variant) in MulticellPlan.variants.enumerated() {
      let point = SweepPoint([("variant", Double(index + 1))])
      let used = try MulticellPlan.settings(request.parameters, at: point, variant: variant)
      if let contradiction = used.contradiction { throw UsageError(contradiction) }
      for scheme in variant.schemes where request.schemes.contains(scheme) {
        add(scheme, point, index == 0 ? [("bias", "")] : [], used)
      }
    }
  }

  /// The settings of a job: those of its place, or of its variant.
  static func settings(_ parameters: ParameterSet, at point: SweepPoint, variant: MulticellVariant?) throws(UsageError) -> MulticellSettings {
    var parameters = parameters
    for setting in variant?.settings ?? [] { try parameters.set(setting) }
    var settings = MulticellSettings(parameters)
    if let antennas = point["antennas"] {
      // Half as many users as antennas, as in the paper, where the size is not the one that is set.
      if Int(antennas) != settings.system.antennas { settings.system.users = max(1, Int(antennas) / 2) }
      settings.system.antennas = Int(antennas)
    }
    if let frequencies = point["frequencies"] { settings.system.frequencies = Int(frequencies) }
    if let sir = point["sir"] { settings.system.sirDB = sir }
    return settings
  }

  static func variant(at point: SweepPoint) -> MulticellVariant? { point["variant"].map { variants[Int($0) - 1] } }

  private mutating func add(_ scheme: String, _ point: SweepPoint, _ extra: [(name: String, value: String)], _ used: MulticellSettings) {
    for seed in request.seeds {
      jobs.append(
        Job(
          scheme: scheme, seed: seed, point: point, settings: JobSettings(extra),
          estimatedSeconds: MulticellPlan.seconds(scheme, used, draws: extra.contains { $0.name == "convergence" }),
          estimatedBytes: MulticellPlan.bytes(scheme, used)))
    }
  }

  /// About the time of a job on one thread.
  private static func seconds(_ scheme: String, _ settings: MulticellSettings, draws: Bool) -> Double {
    let (system, work) = (settings.system, settings.work)
    let links = Double(system.frequencies * system.cells * (system.cells - 1) * system.served * system.served)
    let move = 2e-10 * links + 8e-9 * Double(system.cells * system.items)
    let slots = Double(work.blocks * work.measuredSlots)
    var sum = 0.02 + slots * Double(system.moves + 1) * move
    if draws && ["flwf", "td3mix+flwf"].contains(scheme) { sum += 2 * Double(work.starts * work.realizations * work.iterations) * move }
    if scheme == "wmmse" { sum += Double(4 * work.blocks) * 2e-6 * links }
    guard MulticellExperiment.learners.contains(scheme) else { return sum }
    let rows = Double(work.learner.batchSize * system.cells) * (settings.encoder(of: scheme) == .items ? Double(system.items) : 1)
    let width = Double(settings.encoder(of: scheme) == .items ? work.itemUnits : work.flatUnits)
    let inputs = settings.encoder(of: scheme) == .items ? 12.0 : Double(settings.system(of: scheme).observationSize)
    let update = 4e-4 + 30 * rows * width * (inputs + width) * 1e-11 + 1e-8 * inputs * width
    let others = work.candidates > 1 ? (work.candidates - 1) * max(0, work.trial.slots - work.learner.randomSteps) : 0
    return sum + Double(work.trainingSlots + others) * update + Double(work.trainingSlots * system.moves) * 8 * move
  }

  /// About the memory of a job, most of it replay.
  private static func bytes(_ scheme: String, _ settings: MulticellSettings) -> Double {
    let (system, work) = (settings.system(of: scheme), settings.work)
    let pairs = Double(system.frequencies * system.cells * (system.cells - 1) * system.served * system.served)
    let drawn = 4 * pairs * Double(work.blocks + 8 * work.realizations)
    guard MulticellExperiment.learners.contains(scheme) else { return drawn }
    let capacity = work.learner.replayCapacity
    let stored = Double(max(min(work.trainingSlots, capacity), work.candidates * min(work.trial.slots, capacity)))
    return drawn + 4 * stored * Double(system.cells) * Double(2 * system.observationSize + system.items)
  }

  var plan: Plan {
    let learned = request.schemes.contains { MulticellExperiment.learners.contains($0) }
    let places = Set(jobs.map(\.point)).count
    let summary =
      "Runs \(request.schemes.joined(separator: ", ")) in \(places) network\(places == 1 ? "" : "s") on \(request.seeds.count) "
      + "seed\(request.seeds.count == 1 ? "" : "s"): "
      + (learned ? "\(settings.work.trainingSlots) slots of learning, the first \(settings.work.learner.randomSteps) at random; " : "")
      + "\(settings.work.blocks) blocks of \(settings.work.measuredSlots) slots measured, \(settings.system.moves) iterations of the game in each."
    return Plan(summary: summary, jobs: jobs, parallelShare: 0)
  }
}
