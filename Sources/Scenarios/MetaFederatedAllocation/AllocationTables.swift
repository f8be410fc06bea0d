/// The pack's tables: results, regimes, remedies, overhead, and the sweeps of what central allocation knows and may do.
struct AllocationTables: PackOutputs {
  let pack: AllocationPack
  let table: MetricTable
  let request: RunRequest
  private let readings: AllocationReadings
  private let settings: AllocationSettings

  init(pack: AllocationPack, table: MetricTable, request: RunRequest) {
    self.pack = pack
    self.table = table
    self.request = request
    readings = AllocationReadings(table: table, request: request)
    settings = readings.settings
  }

  var all: [ReportTable] { [results, studies, ceilings, overhead, delays, levels].filter { !$0.rows.isEmpty } }

  private func cell(_ values: SeedValues, _ factor: Double = 1) -> ReportTable.Cell {
    values.isEmpty ? .empty : .number(factor * Statistics.mean(values.values))
  }

  private static let columns: [(metric: String, label: String, unit: String, factor: Double)] = [
    (AllocationMetric.testEfficiency, "efficiency", "Mbit/J", 1), (AllocationMetric.greedyEfficiency, "without noise", "Mbit/J", 1),
    (AllocationMetric.firstEfficiency, "before adaptation", "Mbit/J", 1), (AllocationMetric.averagedEfficiency, "behind an averaging", "Mbit/J", 1),
    (AllocationMetric.testFree, "free of collisions", "%", 100), (AllocationMetric.averagedFree, "behind an averaging", "%", 100),
    (AllocationMetric.testServed, "users served", "%", 100), (AllocationMetric.testPower, "power", "dBm", 1),
    (AllocationMetric.choiceEntropy, "entropy of the choice", "nat", 1),
  ]

  private static let heads: [ReportTable.Column] = [.init("seeds")] + columns.map { .init($0.label, unit: $0.unit) }

  private func row(_ scheme: String, _ scenario: String, _ more: [(String, Double)] = []) -> [ReportTable.Cell]? {
    let values = AllocationTables.columns.map { readings.values($0.metric, scheme, scenario, more) }
    guard !values[0].isEmpty else { return nil }
    return [.number(Double(values[0].count))] + zip(values, AllocationTables.columns).map { cell($0, $1.factor) }
  }

  private var results: ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for scenario in readings.scenarios {
      for scheme in schemes {
        if let row = row(scheme.name, scenario) { rows.append([.text(readings.name(of: scenario)), .text(scheme.legend)] + row) }
      }
    }
    return ReportTable(
      name: "results", title: "Tests",
      caption:
        "Means over seeds of means over \(settings.work.testDrops) drops. Policies draw from what they have learnt; without noise they take the most "
        + "probable subchannel and the mean power.", columns: [.init("scenario"), .init("scheme")] + AllocationTables.heads, rows: rows)
  }

  private var studies: ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for (coordinate, variants) in [("regime", AllocationPlan.regimes), ("variant", AllocationPlan.variants)] {
      for (index, variant) in variants.enumerated() {
        for scenario in AllocationPlan.adapted {
          for scheme in variant.schemes {
            guard let row = row(scheme, scenario, [(coordinate, Double(index + 1))]) else { continue }
            rows.append([.text(variant.name), .text(readings.name(of: scenario)), .text(AllocationReadings.name(scheme))] + row)
          }
        }
      }
    }
    return ReportTable(
      name: "studies", title: "Learning rates and variants", caption: "Columns as in the table of tests; the defaults are there.",
      columns: [.init("what"), .init("scenario"), .init("scheme")] + AllocationTables.heads, rows: rows)
  }

  /// Beside each other: how often users are free of collisions behind an averaging, and how often they can be at most.
  private var ceilings: ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for scheme in AllocationScheme.all where scheme.isFederated {
      for point in readings.points(scheme.name) {
        let free = table.values(AllocationMetric.averagedFree, of: scheme.name, at: point)
        guard !free.isEmpty else { continue }
        let users = readings.users(at: point)
        rows.append(
          [
            .text(AllocationReadings.name(scheme.name)), .text(point.description), .number(Double(users)),
            cell(table.values(AllocationMetric.testFree, of: scheme.name, at: point), 100), cell(free, 100),
            .number(100 * AllocationCeiling.free(users: users, subchannels: settings.system.cell.subchannels)),
            .text(scheme.isUnderCeiling ? "yes" : "no"),
          ])
      }
    }
    return ReportTable(
      name: "ceiling", title: "The symmetry ceiling",
      caption: "N!/((N-I)! N^I) for users with equal networks who observe no number of their own and are dropped anew.",
      columns: [
        .init("scheme"), .init("point"), .init("users"), .init("free at the end", unit: "%"), .init("behind an averaging", unit: "%"),
        .init("ceiling", unit: "%"), .init("it holds for them"),
      ], rows: rows)
  }

  private var overhead: ReportTable {
    let overhead = AllocationOverhead(settings: settings)
    let full = overhead.reports(every: 1)
    func row(_ name: String, _ bytes: Double) -> [ReportTable.Cell] { [.text(name), .number(bytes), .number(bytes / full)] }
    let measured = readings.values(AllocationMetric.bytesUp, "mfrl", readings.shown)
    var rows = [
      row("averaging: model up, and as much down", overhead.federation), row("reports of all gains, every millisecond", full),
      row("reports every 10 ms", overhead.reports(every: 10)),
      row("reports every block of \(settings.system.cell.blockMilliseconds) ms", overhead.reports(every: settings.system.cell.blockMilliseconds)),
      row("behind training", 0),
    ]
    if !measured.isEmpty { rows.append(row("averaging as measured, headers included", Statistics.mean(measured.values) / overhead.roundSeconds)) }
    return ReportTable(
      name: "overhead", title: "Overhead of one user",
      caption:
        "Single precision. A model has \(overhead.modelBytes / 4) parameters and travels every \(shortText(overhead.roundSeconds)) s of training.",
      columns: [.init("what"), .init("up-link", unit: "bytes/s"), .init("over reports in every millisecond")],
      rows: request.schemes.contains { AllocationScheme.named($0)?.isFederated == true } ? rows : [])
  }

  private func sweep(
    _ name: String, _ coordinate: String, _ numbers: [Int], title: String, caption: String, column: ReportTable.Column,
    _ reference: (String) -> SeedValues
  ) -> ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for scenario in AllocationPlan.adapted {
      let best = reference(scenario)
      for number in numbers {
        let values = readings.values(AllocationMetric.testEfficiency, "hungarian", scenario, [(coordinate, Double(number))])
        guard !values.isEmpty else { continue }
        let served = readings.values(AllocationMetric.testServed, "hungarian", scenario, [(coordinate, Double(number))])
        let share = values.paired(with: best) { $0 / $1 }
        rows.append([.text(readings.name(of: scenario)), .number(Double(number)), cell(values), cell(share, 100), cell(served, 100)])
      }
    }
    return ReportTable(
      name: name, title: title, caption: caption,
      columns: [.init("scenario"), column, .init("efficiency", unit: "Mbit/J"), .init("of the best", unit: "%"), .init("users served", unit: "%")],
      rows: rows)
  }

  private var delays: ReportTable {
    sweep(
      "delay", "delay", AllocationPlan.delays, title: "Central allocation with old knowledge",
      caption: "The second block of episodes of two: after 100 ms shadowing is new, too. Powers that just met the required ratio often miss it then.",
      column: .init("delay", unit: "ms")
    ) { readings.values(AllocationMetric.testEfficiency, "hungarian", $0, [("delay", 0)]) }
  }

  private var levels: ReportTable {
    sweep(
      "levels", "levels", AllocationPlan.levels, title: "Central allocation with levels of power",
      caption: "Uniform in dBm from the least to the greatest power, against all powers.", column: .init("levels")
    ) { readings.values(AllocationMetric.testBound, "hungarian", $0) }
  }
}
