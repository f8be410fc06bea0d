/// The paper's figures from the metrics of a run.
struct EdgeFigures: PackOutputs {
  let pack: EdgePack
  let table: MetricTable
  let request: RunRequest
  private let settings: EdgeSettings

  init(pack: EdgePack, table: MetricTable, request: RunRequest) {
    self.pack = pack
    self.table = table
    self.request = request
    settings = EdgeSettings(request.parameters)
  }

  var all: [Figure] { wanted([convergence, localRewards, energy, latency, aggregations, regimes]) }

  private var learners: [SchemeDescription] { schemes.filter { EdgeClaims.learners.contains($0.name) } }

  /// Steps of curves are slots; the paper counts episodes.
  private func episodes(_ curves: [MetricCurve]) -> [MetricCurve] {
    curves.map { MetricCurve(seed: $0.seed, steps: $0.steps.map { $0 / max(1, settings.slotsPerEpisode) }, values: $0.values) }
  }

  // MARK: Figures 4 and 5

  private var convergence: Figure {
    let curves = learners.map { Series.curve($0.legend, episodes(table.curves(EdgeMetric.episodeReward, of: $0.name))) }
    let (first, last) = (curves.flatMap(\.points).map(\.x).min() ?? 1, curves.flatMap(\.points).map(\.x).max() ?? 1)
    let yardsticks = schemes.filter { !EdgeClaims.learners.contains($0.name) && $0.name != "local" }.map { scheme in
      let values = table.values(EdgeMetric.systemReward, of: scheme.name)
      return Series.sweep(scheme.legend, isReference: true, [(first, values), (last, values)])
    }
    return Figure(
      number: 4, title: title(4),
      caption: "Sum of the local rewards of all cells in a slot, penalties not cut; means of the episodes while the agents explore, and what schemes "
        + "without learning reach. Mean and 95 % interval over layouts.",
      panels: [Panel(x: Axis("Episodes"), y: Axis("System reward"), series: (curves + yardsticks).filter { !$0.points.isEmpty })].filter {
        !curves.allSatisfy(\.points.isEmpty) && !$0.series.isEmpty
      })
  }

  /// One panel a scheme, one curve a cell.
  private var localRewards: Figure {
    let panels = learners.map { scheme in
      Panel(
        title: scheme.legend, x: Axis("Episodes"), y: Axis("Local reward"),
        series: (0..<settings.system.cells.cells).map { cell in
          Series.curve("cell \(cell)", episodes(table.curves(EdgeMetric.localReward(cell), of: scheme.name)))
        }.filter { !$0.points.isEmpty })
    }
    return Figure(
      number: 5, title: title(5),
      caption: "Local reward of each cell in a slot, means of the episodes while the agents explore. Cells of different layouts have only their "
        + "numbers in common. Mean and 95 % interval over layouts.", panels: panels.filter { !$0.series.isEmpty })
  }

  // MARK: Figures 6 and 7

  private func columns(_ names: [(String, SeedValues)], _ legend: String, isReference: Bool = false) -> Series {
    var series = Series.sweep(legend, isReference: isReference, names.enumerated().map { (x: Double($0.offset), values: $0.element.1) })
    series.kind = .column
    return series
  }

  private var energy: Figure {
    let shown = schemes.filter { !table.values(EdgeMetric.joules, of: $0.name).isEmpty }
    let parts = [("Total", EdgeMetric.joules), ("Local computing", EdgeMetric.localJoules), ("Edge computing", EdgeMetric.edgeJoules)]
    let series = parts.map { part in columns(shown.map { ($0.legend, table.values(part.1, of: $0.name)) }, part.0) }
    return Figure(
      number: 6, title: title(6),
      caption:
        "Energy of a user in a slot under the executed policies over \(settings.work.evaluationSlots) slots; edge computing is transmission and the "
        + "server's work. Transmissions end after \(shortText(settings.system.cells.transmissionLimitSeconds)) s. Mean and 95 % interval over layouts.",
      panels: [Panel(x: Axis(names: shown.map(\.legend)), y: Axis("Energy of a user and slot", unit: "J"), series: series)].filter { _ in
        !shown.isEmpty
      })
  }

  private var latency: Figure {
    let places =
      [("as in the paper", SweepPoint())] + EdgePlan.restrictions.enumerated().map { ($0.element.name, ["restricted": Double($0.offset + 1)]) }
    let used = places.filter { place in schemes.contains { !table.values(EdgeMetric.withinDeadline, of: $0.name, at: place.1).isEmpty } }
    let series = schemes.filter { $0.name != "local" }.map { scheme in
      columns(
        used.map { ($0.0, table.values(EdgeMetric.withinDeadline, of: scheme.name, at: $0.1).map { 100 * $0 }) }, scheme.legend,
        isReference: scheme.isReference)
    }
    return Figure(
      number: 7, title: title(7),
      caption:
        "Users whose task is done within its deadline, under the executed policies over \(settings.work.evaluationSlots) slots; with local computing "
        + "there are none. Mean and 95 % interval over layouts.",
      panels: [
        Panel(x: Axis(names: used.map(\.0)), y: Axis("Latency guaranteed percentage", unit: "%"), series: series.filter { !$0.points.isEmpty })
      ].filter { !$0.series.isEmpty })
  }

  // MARK: Figures that are not the paper's

  private func against(_ coordinate: String, _ number: Int, first: String, _ caption: String) -> Figure {
    let names = [first] + EdgePlan.variants(coordinate).map(\.name)
    func series(_ scheme: SchemeDescription, _ metric: String, _ factor: Double) -> Series {
      let values = names.indices.map { table.values(metric, of: scheme.name, at: EdgePlan.point(coordinate, $0)) }
      // Layouts differ more than variants do.
      let seeds = SeedValues.commonSeeds(of: values.filter { !$0.isEmpty })
      var series = Series.sweep(
        scheme.legend, values.enumerated().map { (x: Double($0.offset), values: $0.element.restricted(to: seeds).map { factor * $0 }) })
      series.kind = .scatter
      return series
    }
    let shown = learners.filter { scheme in table.points(of: scheme.name).contains { $0[coordinate] != nil } }
    let axis = Axis("0: \(first); 1 to \(names.count - 1) as in the table", ticks: names.indices.map { Double($0) })
    return Figure(
      number: number, title: title(number),
      caption: caption + names.enumerated().map { " \($0.offset): \($0.element)." }.joined()
        + " Executed policies; mean and 95 % interval over the layouts that all of a scheme's points have.",
      panels: [
        Panel(
          title: "Users in time", x: axis, y: Axis("Latency guaranteed percentage", unit: "%"),
          series: shown.map { series($0, EdgeMetric.withinDeadline, 100) }),
        Panel(title: "Energy", x: axis, y: Axis("Energy of a user and slot", unit: "J"), series: shown.map { series($0, EdgeMetric.joules, 1) }),
      ].filter { !$0.series.isEmpty })
  }

  private var aggregations: Figure {
    against(
      "aggregation", 8, first: "a server, everything, every \(settings.work.roundEpisodes) episodes", "What F-DRL averages, where and how often.")
  }

  private var regimes: Figure {
    against("regime", 9, first: "bounded: the defaults", "Switches from the bounded settings to those nearest to the paper's words.")
  }
}
