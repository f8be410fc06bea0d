/// What several runs measured of one metric: one number for each method, task and seed.
///
/// A method is a scheme of one of the runs, a task a point of their sweep. Only tasks that every method has count.
public struct RunScores: Sendable {
  /// How a curve becomes a number.
  public enum Reading: Sendable, Hashable {
    /// What was recorded last.
    case last
    /// The mean over the last share of the steps, 0 < share ≤ 1.
    case mean(overLast: Double)
  }

  public struct Method: Sendable {
    public let name: String
    /// In the order of the tasks.
    public let values: [SeedValues]
  }

  /// A run that is compared.
  struct Run {
    let folder: String
    let manifest: Manifest
    let table: MetricTable

    init(folder: String) throws {
      self.folder = folder
      manifest = try Manifest(path: folder + "/manifest.json")
      table = try MetricTable(path: folder + "/metrics.jsonl")
    }

    /// The last part of the folder's path.
    var name: String { folder.split(separator: "/").last.map(String.init) ?? folder }
  }

  public let metric: String
  public let tasks: [SweepPoint]
  public let methods: [Method]
  /// Whether more is better.
  public let isHigherBetter: Bool
  /// What a reader must know: settings in which the runs differ, tasks left out, runs that are not finished.
  public let remarks: [String]

  /// Reads the scores out of runs.
  ///
  /// - Parameters:
  ///   - metric: Nil for the only metric that all schemes have.
  ///   - schemes: Nil for all.
  /// - Throws: `UsageError` where the runs have nothing to compare.
  init(_ runs: [Run], metric: String?, schemes: [String]?, isHigherBetter: Bool, reading: Reading = .last) throws {
    let packs = runs.map(\.manifest.pack)
    if let other = packs.first(where: { $0 != packs[0] }) {
      throw UsageError("runs of different packs have nothing in common: \(runs[0].folder) is of '\(packs[0])', another of '\(other)'")
    }
    let members = try MatchedMethods.members(of: runs, schemes: schemes)
    let name = try RunScores.metric(metric, members.map { $0.run.table.metrics(of: $0.scheme) })
    let matched = try MatchedMethods(members, having: [name])
    self.metric = name
    self.isHigherBetter = isHigherBetter
    tasks = matched.tasks
    methods = members.indices.map { index in
      let (run, scheme) = members[index]
      return Method(name: matched.names[index], values: matched.points[index].map { RunScores.values(name, scheme, $0, run.table, reading) })
    }
    remarks = RunScores.remarks(runs, common: tasks.count, most: matched.most, matched: matched.coordinates)
  }

  private static func metric(_ wanted: String?, _ measured: [[String]]) throws(UsageError) -> String {
    let common = measured[0].filter { name in measured.allSatisfy { $0.contains(name) } }
    if let wanted {
      guard common.contains(wanted) else { throw .unknown("metric", wanted, known: common, of: "runs that all of their schemes have") }
      return wanted
    }
    guard common.count == 1 else {
      throw UsageError(
        common.isEmpty
          ? "the schemes have no metric in common; name some of them with --scheme" : "--metric must name one of \(common.joined(separator: ", "))")
    }
    return common[0]
  }

  private static func values(_ metric: String, _ scheme: String, _ point: SweepPoint, _ table: MetricTable, _ reading: Reading) -> SeedValues {
    switch reading {
    case .last: return table.values(metric, of: scheme, at: point)
    case .mean(let share):
      let curves = table.curves(metric, of: scheme, at: point)
      return SeedValues(
        seeds: curves.map(\.seed),
        values: curves.map { curve in
          let first = (1 - share) * Double(curve.steps.last!)
          let late = zip(curve.steps, curve.values).filter { Double($0.0) > first }.map(\.1)
          return Statistics.mean(late.isEmpty ? [curve.values.last!] : late)
        })
    }
  }

  private static func remarks(_ runs: [Run], common: Int, most: Int, matched: [String]?) -> [String] {
    var remarks: [String] = []
    for run in runs where run.manifest.end == nil { remarks.append("\(run.folder) is not finished.") }
    let scales = runs.map(\.manifest.scale.rawValue)
    if Set(scales).count > 1 { remarks.append("The scales differ: \(scales.joined(separator: ", ")).") }
    for member in runs[0].manifest.parameters {
      let texts = runs.map { run in
        run.manifest.parameters.first { $0.name == member.name }.map { ParameterValue.text(of: $0.value) } ?? "unknown"
      }
      if Set(texts).count > 1 { remarks.append("The runs differ in \(member.name): \(texts.joined(separator: ", ")).") }
    }
    if common < most { remarks.append("Only \(common) of up to \(most) points of the sweep have all schemes and count.") }
    if let matched {
      remarks.append(
        "The schemes have no point in common: points are matched by \(matched.isEmpty ? "nothing else than the scheme" : matched.joined(separator: ", "))."
      )
    }
    return remarks
  }

  // MARK: Scores

  /// Whether scores are brought to one scale before they are averaged over tasks.
  var isNormalized: Bool { tasks.count > 1 }

  /// The scores of a method: as measured where there is one task; else 0 and 1 are the worst and the best mean of any method in that task.
  func normalized(_ method: Method) -> [SeedValues] {
    guard isNormalized else { return method.values }
    return tasks.indices.map { task in
      let means = methods.map { Statistics.mean($0.values[task].values) }
      let (low, high) = (means.min()!, means.max()!)
      return method.values[task].map { value in
        let share = high > low ? (value - low) / (high - low) : 0.5
        return isHigherBetter ? share : 1 - share
      }
    }
  }
}
