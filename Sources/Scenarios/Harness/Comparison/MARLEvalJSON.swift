/// The metrics of runs in the layout that the package marl-eval reads:
///
///     {"PACK": {"POINT": {"SCHEME": {"seed_0": {"step_0": {"step_count": 10, "reward": [1.5]}, …, "absolute_metrics": {"reward": [1.7]}}}}}}
///
/// Absolute metrics are the values recorded last. That package demands that every scheme has every task, as many seeds, as many steps and the same
/// metrics: schemes and points are matched as for a comparison (`MatchedMethods`), and seeds that not all have are left out.
enum MARLEvalJSON {
  /// What one seed of a scheme recorded in a task, by metric.
  private typealias Cell = [String: MetricCurve]

  /// - Parameters:
  ///   - wanted: Nil for the metrics that all schemes have recorded most often, at the same steps.
  ///   - schemes: Nil for all.
  /// - Throws: `UsageError` where the runs of a pack have no task or seed in common, or metrics that were recorded at different steps.
  static func json(_ runs: [RunScores.Run], metrics wanted: [String]?, schemes: [String]? = nil) throws(UsageError) -> JSON {
    var packs: [JSON.Member] = []
    for run in runs where !packs.contains(where: { $0.name == run.manifest.pack }) {
      let pack = run.manifest.pack
      packs.append(.init(pack, try environment(runs.filter { $0.manifest.pack == pack }, wanted, schemes)))
    }
    return .object(packs)
  }

  private static func environment(_ runs: [RunScores.Run], _ wanted: [String]?, _ schemes: [String]?) throws(UsageError) -> JSON {
    let members = try MatchedMethods.members(of: runs, schemes: schemes)
    let measured = members.map { $0.run.table.metrics(of: $0.scheme) }
    let common = measured[0].filter { name in measured.allSatisfy { $0.contains(name) } }
    if let missing = wanted?.first(where: { !common.contains($0) }) {
      throw UsageError("'\(missing)' was not recorded by all schemes: name fewer with --scheme, or another metric")
    }
    let matched = try MatchedMethods(members, having: wanted ?? [])
    let cells = cells(matched, wanted ?? common)
    let seeds = cells[0][0].keys.sorted().filter { seed in
      cells.joined().allSatisfy { task in task[seed].map { cell in (wanted ?? []).allSatisfy { cell[$0] != nil } } ?? false }
    }
    guard !seeds.isEmpty else { throw UsageError("the schemes have no seed in common: name fewer with --scheme") }
    let chosen = cells.map { $0.map { tasks in seeds.map { tasks[$0]! } } }
    let metrics = if let wanted { wanted } else { try recordedMost(common, chosen) }
    try check(chosen, metrics, matched.names)
    return .object(
      matched.tasks.indices.map { task in
        let description = matched.tasks[task].description
        return .init(
          description.isEmpty ? "all" : description,
          .object(
            matched.names.indices.map { method in
              .init(
                matched.names[method],
                .object(zip(seeds, chosen[method][task]).map { seed, cell in .init("seed_\(seed)", run(metrics.map { ($0, cell[$0]!) })) }))
            }))
      })
  }

  /// Curves of each method in each task, by seed and metric.
  private static func cells(_ matched: MatchedMethods, _ metrics: [String]) -> [[[Int: Cell]]] {
    zip(matched.members, matched.points).map { member, points in
      points.map { point in
        var cells: [Int: Cell] = [:]
        for metric in metrics {
          for curve in member.run.table.curves(metric, of: member.scheme, at: point) { cells[curve.seed, default: [:]][metric] = curve }
        }
        return cells
      }
    }
  }

  private static func recordedMost(_ common: [String], _ cells: [[[Cell]]]) throws(UsageError) -> [String] {
    let all = cells.joined().joined()
    let names = common.filter { name in
      all.allSatisfy { cell in
        let longest = common.compactMap { cell[$0]?.steps }.max { $0.count < $1.count }
        return cell[name]?.steps == longest
      }
    }
    guard !names.isEmpty else { throw UsageError("the schemes have no metric in common that all recorded most often: name one with --metric") }
    return names
  }

  private static func check(_ cells: [[[Cell]]], _ metrics: [String], _ names: [String]) throws(UsageError) {
    let count = cells[0][0][0][metrics[0]]!.steps.count
    for (name, cell) in zip(names, cells).flatMap({ name, tasks in tasks.joined().map { (name, $0) } }) {
      let steps = cell[metrics[0]]!.steps
      if let other = metrics.first(where: { cell[$0]?.steps != steps }) {
        throw UsageError("'\(metrics[0])' and '\(other)' were not recorded at the same steps: export them apart")
      }
      if steps.count != count {
        throw UsageError(
          "'\(metrics[0])' was recorded \(count) times by \(names[0]), but \(steps.count) times by \(name): finish the run, or name fewer with --scheme"
        )
      }
    }
  }

  /// What one seed recorded.
  private static func run(_ curves: [(name: String, curve: MetricCurve)]) -> JSON {
    let steps = curves[0].curve.steps.enumerated().map { index, step in
      JSON.Member(
        "step_\(index)", .object([.init("step_count", JSON(step))] + curves.map { .init($0.name, .array([JSON($0.curve.values[index])])) }))
    }
    let last = JSON.Member("absolute_metrics", .object(curves.map { .init($0.name, .array([JSON($0.curve.values.last!)])) }))
    return .object(steps + [last])
  }
}
