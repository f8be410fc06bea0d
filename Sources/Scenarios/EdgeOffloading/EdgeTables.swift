/// The pack's tables: results, complexity and signalling as the paper states them in words, and what figures 8 and 9 number.
struct EdgeTables: PackOutputs {
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

  var all: [ReportTable] {
    [results, complexity, signalling, variants("restricted"), variants("aggregation"), variants("regime")].filter { !$0.rows.isEmpty }
  }

  private static let columns: [(metric: String, label: String, unit: String)] = [
    (EdgeMetric.systemReward, "system reward", ""), (EdgeMetric.medianReward, "median over slots", ""),
    (EdgeMetric.withinDeadline, "users in time", ""), (EdgeMetric.joules, "energy", "J"), (EdgeMetric.medianJoules, "median over slots", "J"),
    (EdgeMetric.localJoules, "local", "J"), (EdgeMetric.edgeJoules, "edge", "J"), (EdgeMetric.offloaded, "offloaded", ""),
  ]

  /// - Parameter seeds: The only ones that count; nil for all.
  private func row(_ scheme: String, at point: SweepPoint, _ seeds: [Int]? = nil) -> [ReportTable.Cell] {
    let values = EdgeTables.columns.map { column in
      let all = table.values(column.metric, of: scheme, at: point)
      return seeds.map { all.restricted(to: $0) } ?? all
    }
    return [.number(Double(values[0].count))] + values.map { $0.isEmpty ? .empty : .number(Statistics.mean($0.values)) }
  }

  private static let heads: [ReportTable.Column] = [.init("layouts")] + columns.map { .init($0.label, unit: $0.unit) }

  private var results: ReportTable {
    let rows = schemes.filter { !table.values(EdgeMetric.systemReward, of: $0.name).isEmpty }.map { [.text($0.legend)] + row($0.name, at: [:]) }
    return ReportTable(
      name: "results", title: "Executed policies",
      caption:
        "Means over layouts of means and medians over \(settings.work.evaluationSlots) slots. Energy is that of a user and slot. Rare slots with nearly "
        + "dead links carry much of the mean energy: the median says what a slot is like.", columns: [.init("scheme")] + EdgeTables.heads, rows: rows)
  }

  private var complexity: ReportTable {
    let rows = schemes.filter { EdgeClaims.learners.contains($0.name) }.map { scheme -> [ReportTable.Cell] in
      let cost = settings.cost(of: scheme.name)
      return [
        .text(scheme.legend), .number(Double(cost.actorInputs)), .number(Double(cost.actorParameters)), .number(Double(cost.criticInputs)),
        .number(Double(cost.criticParameters)), .number(cost.products),
      ]
    }
    return ReportTable(
      name: "complexity", title: "Complexity of learning (eq. 21)",
      caption: "Of one cell's networks, and the floating-point operations of the matrix products in one update of all cells.",
      columns: [
        .init("scheme"), .init("actor inputs"), .init("actor", unit: "parameters"), .init("critic inputs"), .init("critic", unit: "parameters"),
        .init("update of all", unit: "operations"),
      ], rows: rows)
  }

  private var signalling: ReportTable {
    let numbers = [50, 100, 250, 500, 1000, 2500]
    let rows = numbers.map { slots -> [ReportTable.Cell] in
      let (joint, federated) = (Double(settings.bytes(of: "madrl", slots: slots)), Double(settings.bytes(of: "fdrl", slots: slots)))
      return [.number(Double(slots)), .number(joint / 1000), .number(federated / 1000), .number(federated / joint)]
    }
    return ReportTable(
      name: "signalling", title: "Signalling of one cell in a round (sections IV and V-B)",
      caption:
        "Single precision. MA-DRL: observation and action of every slot. F-DRL: the parameters of actor and critic up and their means down, once a "
        + "round, so that the length of the round decides.",
      columns: [.init("slots of a round"), .init("MA-DRL", unit: "kB"), .init("F-DRL", unit: "kB"), .init("F-DRL over MA-DRL")],
      rows: schemes.contains { EdgeClaims.proposed.contains($0.name) } ? rows : [])
  }

  private func variants(_ coordinate: String) -> ReportTable {
    let variants = [EdgeVariant(name: "the defaults", settings: [], schemes: schemes.map(\.name))] + EdgePlan.variants(coordinate)
    func values(_ metric: String, _ scheme: String, _ number: Int) -> SeedValues {
      table.values(metric, of: scheme, at: EdgePlan.point(coordinate, number))
    }
    var rows: [[ReportTable.Cell]] = []
    for (number, variant) in variants.enumerated() {
      for scheme in schemes.map(\.name) where variant.schemes.contains(scheme) {
        let numbers = variants.indices.filter { !values(EdgeMetric.systemReward, scheme, $0).isEmpty }
        guard numbers.contains(number), numbers.contains(where: { $0 > 0 }) else { continue }
        // Each row over the layouts that all rows of its scheme have: layouts differ more than variants do.
        let seeds = SeedValues.commonSeeds(of: numbers.map { values(EdgeMetric.systemReward, scheme, $0) })
        func change(_ metric: String, _ factor: Double) -> ReportTable.Cell {
          let (own, base) = (values(metric, scheme, number), values(metric, scheme, 0))
          return number == 0 ? .empty : .interval((own - base).restricted(to: seeds).map { factor * $0 })
        }
        rows.append(
          [.number(Double(number)), .text(variant.name), .text(variant.settings.joined(separator: " ")), .text(legend(scheme))]
            + row(scheme, at: EdgePlan.point(coordinate, number), seeds) + [
              change(EdgeMetric.systemReward, 1), change(EdgeMetric.withinDeadline, 100),
            ])
      }
    }
    let words = [
      "restricted": ("Restricted situations", "Claim 16: not everybody can be served."),
      "aggregation": ("Ways of averaging in F-DRL", "The paper's server averages everything after every round."),
      "regime": ("From bounded to near-literal settings", "Each switch by itself, all six, and all but one."),
    ]
    let (title, caption) = words[coordinate] ?? ("", "")
    return ReportTable(
      name: coordinate, title: title,
      caption: caption
        + " Columns as in the table of executed policies, over the layouts that all rows of a scheme have; behind them the paired changes "
        + "against row 0 with their 95 % intervals.",
      columns: [.init("number"), .init("what"), .init("set"), .init("scheme")] + EdgeTables.heads
        + [.init("change of the system reward"), .init("change of the users in time", unit: "%")], rows: rows)
  }
}
