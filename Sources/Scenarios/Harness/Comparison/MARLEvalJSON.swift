/// The metrics of runs in the layout that the package marl-eval reads:
///
///     {"PACK": {"POINT": {"SCHEME": {"seed_0": {"step_0": {"step_count": 10, "reward": [1.5]}, …, "absolute_metrics": {"reward": [1.7]}}}}}}
///
/// Absolute metrics are the values recorded last. Every step has every metric, as that package demands.
enum MARLEvalJSON {
  /// - Parameter wanted: Nil for the metrics that were recorded most often, at the same steps.
  /// - Throws: `UsageError` where the metrics that are asked for were recorded at different steps.
  static func json(_ runs: [RunScores.Run], metrics wanted: [String]?) throws(UsageError) -> JSON {
    var packs: [JSON.Member] = []
    for run in runs {
      let name = packs.contains { $0.name == run.manifest.pack } ? "\(run.manifest.pack) (\(run.name))" : run.manifest.pack
      packs.append(.init(name, .object(try tasks(run.table, wanted))))
    }
    return .object(packs)
  }

  private static func tasks(_ table: MetricTable, _ wanted: [String]?) throws(UsageError) -> [JSON.Member] {
    var points: [SweepPoint] = []
    for scheme in table.schemes { for point in table.points(of: scheme) where !points.contains(point) { points.append(point) } }
    var tasks: [JSON.Member] = []
    for point in points {
      var schemes: [JSON.Member] = []
      for scheme in table.schemes {
        let names = table.metrics(of: scheme).filter { wanted?.contains($0) ?? true }
        let curves = names.flatMap { name in table.curves(name, of: scheme, at: point).map { (name: name, curve: $0) } }
        var seeds: [JSON.Member] = []
        for seed in Set(curves.map(\.curve.seed)).sorted() {
          seeds.append(.init("seed_\(seed)", try run(curves.filter { $0.curve.seed == seed }, isChosen: wanted != nil)))
        }
        if !seeds.isEmpty { schemes.append(.init(scheme, .object(seeds))) }
      }
      if !schemes.isEmpty { tasks.append(.init(point.description.isEmpty ? "all" : point.description, .object(schemes))) }
    }
    return tasks
  }

  /// What one seed recorded.
  private static func run(_ curves: [(name: String, curve: MetricCurve)], isChosen: Bool) throws(UsageError) -> JSON {
    let longest = curves.max { $0.curve.steps.count < $1.curve.steps.count }!
    let shown = curves.filter { $0.curve.steps == longest.curve.steps }
    if isChosen, let other = curves.first(where: { $0.curve.steps != longest.curve.steps }) {
      throw UsageError("'\(longest.name)' and '\(other.name)' were not recorded at the same steps: export them apart")
    }
    let steps = longest.curve.steps.enumerated().map { index, step in
      JSON.Member(
        "step_\(index)", .object([.init("step_count", JSON(step))] + shown.map { .init($0.name, .array([JSON($0.curve.values[index])])) }))
    }
    let last = JSON.Member("absolute_metrics", .object(shown.map { .init($0.name, .array([JSON($0.curve.values.last!)])) }))
    return .object(steps + [last])
  }
}
