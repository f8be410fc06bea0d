/// Figures and a table of a sweep: every metric that all its schemes have, against the parameters that it varies.
struct SweepOutputs {
  let pack: any Pack
  let table: MetricTable
  let request: RunRequest
  let grid: SweepGrid
  /// The most figures that are drawn; the table has all metrics.
  static let mostFigures = 12

  private var schemes: [SchemeDescription] { pack.schemes.filter { request.schemes.contains($0.name) && table.schemes.contains($0.name) } }

  private var metrics: [String] {
    let all = schemes.map { table.metrics(of: $0.name) }
    return (all.first ?? []).filter { name in all.allSatisfy { $0.contains(name) } }
  }

  /// The parameter along the horizontal axis: the first one of several values.
  private var axis: SweepGrid.Axis? { grid.axes.first { $0.values.count > 1 } }

  var figures: [Figure] {
    guard let axis else { return [] }
    let description = pack.parameters.first { $0.name == axis.name }!
    return metrics.prefix(SweepOutputs.mostFigures).enumerated().map { index, metric in
      let x: Axis
      if description.choices.isEmpty {
        x = Axis(axis.name, unit: description.unit)
      } else {
        // Names stand at 0, 1, 2, ...: the places of choices in the parameter's own list.
        x = Axis(axis.name, names: description.choices == ["true", "false"] ? ["false", "true"] : description.choices)
      }
      return Figure(
        number: index + 1, title: metric, caption: "The last value of \(metric): means over seeds with 95 % intervals.",
        panels: [Panel(x: x, y: Axis(metric), series: schemes.flatMap { series(metric, $0, axis) })])
    }
  }

  /// A line for each combination of everything else.
  private func series(_ metric: String, _ scheme: SchemeDescription, _ axis: SweepGrid.Axis) -> [Series] {
    var lines: [(rest: String, values: [(x: Double, values: SeedValues)])] = []
    for point in table.points(of: scheme.name) {
      guard let x = point[axis.name] else { continue }
      let values = table.values(metric, of: scheme.name, at: point)
      guard !values.isEmpty else { continue }
      let rest = SweepPoint(point.coordinates.filter { $0.name != axis.name }.map { ($0.name, $0.value) }).description
      if let place = lines.firstIndex(where: { $0.rest == rest }) {
        lines[place].values.append((x, values))
      } else {
        lines.append((rest, [(x, values)]))
      }
    }
    return lines.map { line in
      let name = lines.count > 1 ? "\(scheme.legend), \(line.rest)" : scheme.legend
      return Series.sweep(name, isReference: scheme.isReference, line.values.sorted { $0.x < $1.x })
    }
  }

  var tables: [ReportTable] {
    let rows = schemes.flatMap { scheme in
      table.points(of: scheme.name).flatMap { point in
        metrics.compactMap { metric -> [ReportTable.Cell]? in
          let values = table.values(metric, of: scheme.name, at: point)
          guard !values.isEmpty else { return nil }
          let interval = Statistics.meanInterval(values.values)
          return [
            .text(scheme.legend), .text(point.description), .text(metric), .number(Double(values.count)), .number(interval.value),
            .number(interval.low), .number(interval.high),
          ]
        }
      }
    }
    let choices = grid.axes.compactMap { axis -> String? in
      guard pack.parameters.first(where: { $0.name == axis.name })?.range == nil else { return nil }
      return "\(axis.name): " + zip(axis.places, axis.values).map { "\(JSON.text($0)) is \($1)" }.joined(separator: ", ")
    }
    let legend = choices.isEmpty ? "" : " \(choices.joined(separator: "; "))."
    return [
      ReportTable(
        name: "sweep", title: "Every combination", caption: "The last value of every metric: the mean over seeds with its 95 % interval.\(legend)",
        columns: ["scheme", "point", "metric", "seeds", "mean", "low", "high"].map { ReportTable.Column($0) }, rows: rows)
    ]
  }

  var summary: String {
    "\(grid.combinations.count) combinations of \(grid.texts.joined(separator: "; ")). A sweep judges no claim."
  }
}
