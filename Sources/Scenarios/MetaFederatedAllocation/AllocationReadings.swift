import Agents
import Channels

/// What figures, tables and claims read out of a run: numbers of schemes by scenario.
struct AllocationReadings {
  let table: MetricTable
  let request: RunRequest
  let settings: AllocationSettings

  init(table: MetricTable, request: RunRequest) {
    (self.table, self.request) = (table, request)
    settings = AllocationSettings(request.parameters)
  }

  /// The scenario of what is shown for one alone.
  var shown: String { request.kind == .reproduce ? "inh" : settings.system.cell.scenario.rawValue }

  /// Users of the points that name no number of users.
  var users: Int { settings.system.cell.users }

  /// The scenarios of the paper's comparison, or the only one of a run.
  var scenarios: [String] { request.kind == .reproduce ? AllocationPlan.adapted : [shown] }

  func name(of scenario: String) -> String { UplinkScenario(rawValue: scenario)?.abbreviation ?? scenario }

  /// A scheme in words.
  static func name(_ scheme: String) -> String { AllocationPack.legends[scheme] ?? scheme }

  func values(_ metric: String, _ scheme: String, _ scenario: String, _ more: [(String, Double)] = []) -> SeedValues {
    table.values(metric, of: scheme, at: AllocationPlan.point(scenario, more))
  }

  func curves(_ metric: String, _ scheme: String, _ scenario: String, _ more: [(String, Double)] = []) -> [MetricCurve] {
    table.curves(metric, of: scheme, at: AllocationPlan.point(scenario, more)).filter { !$0.values.isEmpty }
  }

  func reading(_ metric: String, _ scheme: String, _ scenario: String, _ more: [(String, Double)] = []) -> Reading {
    let place = name(of: scenario) + more.map { ", \($0.0) \(shortText($0.1))" }.joined()
    return Reading(name: AllocationReadings.name(scheme), place: place, values: values(metric, scheme, scenario, more))
  }

  /// One number of each seed's curve.
  func reading(
    _ metric: String, _ scheme: String, _ scenario: String, _ more: [(String, Double)] = [], _ number: (MetricCurve) -> Double?
  ) -> Reading {
    let numbers = curves(metric, scheme, scenario, more).compactMap { curve in number(curve).map { (curve.seed, $0) } }
    return Reading(
      name: AllocationReadings.name(scheme), place: name(of: scenario), values: SeedValues(seeds: numbers.map(\.0), values: numbers.map(\.1)))
  }

  /// Where a number of users is measured: at a point of its own, or at that of the defaults.
  func users(_ number: Int) -> [(String, Double)] { number == users ? [] : [("users", Double(number))] }

  // MARK: Learning curves

  /// The mean over the first episodes: ten of them, at least one number.
  func beginning(_ metric: String, _ scheme: String, _ scenario: String, _ more: [(String, Double)] = []) -> Reading {
    reading(metric, scheme, scenario, more) { curve in
      Statistics.mean(Array(curve.values.prefix(max(1, 10 / max(1, settings.work.updateEpisodes)))))
    }
  }

  /// The mean over the last tenth.
  func ending(_ metric: String, _ scheme: String, _ scenario: String, _ more: [(String, Double)] = []) -> Reading {
    reading(metric, scheme, scenario, more) { Statistics.mean(Array($0.values.suffix(max(1, $0.values.count / 10)))) }
  }

  /// Episodes until the mean reward of five updates is half of what central allocation gets; twice the length of training where it never is.
  func episodesToHalf(_ scheme: String, _ scenario: String, _ more: [(String, Double)] = []) -> Reading {
    let bounds = values(AllocationMetric.testReward, "hungarian", scenario)
    return reading(AllocationMetric.reward, scheme, scenario, more) { curve in
      guard let bound = bounds[curve.seed] else { return nil }
      let width = min(5, curve.values.count)
      for end in width...curve.values.count where Statistics.mean(Array(curve.values[(end - width)..<end])) >= bound / 2 {
        return Double(curve.steps[end - 1])
      }
      return 2 * Double(settings.work.episodes)
    }
  }

  // MARK: Every job

  /// Every point at which a scheme was measured.
  func points(_ scheme: String) -> [SweepPoint] { table.points(of: scheme) }

  /// The same point without what does not change drops and powers: that of its bound.
  func boundPoint(of point: SweepPoint) -> SweepPoint {
    SweepPoint(point.coordinates.filter { ["scenario", "users"].contains($0.name) }.map { ($0.name, $0.value) })
  }

  /// The number of users of a point.
  func users(at point: SweepPoint) -> Int { (point["users"] ?? point["equal"]).map { Int($0) } ?? users }
}

/// What averaging and central allocation take in bytes a second, for one user.
struct AllocationOverhead {
  let settings: AllocationSettings

  /// Bytes of one model in single precision.
  var modelBytes: Int {
    4 * settings.work.parameters(observation: settings.system.observationSize, subchannels: settings.system.cell.subchannels)
  }

  /// Seconds from one averaging to the next.
  var roundSeconds: Double { Double(settings.work.roundEpisodes * settings.system.episodeMilliseconds) / 1000 }

  /// Bytes a second that a user sends, and as many that it receives, while it adapts.
  var federation: Double { Double(modelBytes) / roundSeconds }

  /// Bytes a second of gains on all subchannels, reported at an interval in milliseconds.
  func reports(every milliseconds: Int) -> Double { 4 * Double(settings.system.cell.subchannels) * 1000 / Double(milliseconds) }
}
