/// The pack's tables: capacities everywhere, ranks of learned starts, variants.
struct MulticellTables: PackOutputs {
  let pack: MulticellPack
  let table: MetricTable
  let request: RunRequest

  var all: [ReportTable] { [results, ranks, variants].filter { !$0.rows.isEmpty } }

  private func cell(_ metric: String, _ scheme: String, _ point: SweepPoint) -> ReportTable.Cell {
    let values = table.values(metric, of: scheme, at: point)
    return values.isEmpty ? .empty : .number(Statistics.mean(values.values))
  }

  /// Median, for learned schemes fail by whole seeds.
  private func median(_ scheme: String, _ point: SweepPoint) -> ReportTable.Cell {
    let values = table.values(MulticellMetric.capacity, of: scheme, at: point)
    return values.isEmpty ? .empty : .number(Statistics.quantile(0.5, ofSorted: values.values.sorted()))
  }

  private var points: [SweepPoint] {
    var points: [SweepPoint] = []
    for scheme in schemes {
      for point in table.points(of: scheme.name) where point["antennas"] != nil && !points.contains(point) { points.append(point) }
    }
    return points
  }

  private func words(_ point: SweepPoint) -> String {
    MulticellClaims.words(
      MulticellPlace(antennas: Int(point["antennas"] ?? 0), frequencies: Int(point["frequencies"] ?? 0), sir: point["sir"] ?? 0))
  }

  private var results: ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for point in points {
      for scheme in schemes where !table.values(MulticellMetric.capacity, of: scheme.name, at: point).isEmpty {
        rows.append(
          [.text(words(point)), .text(scheme.legend), .number(Double(table.values(MulticellMetric.capacity, of: scheme.name, at: point).count))]
            + [cell(MulticellMetric.capacity, scheme.name, point), median(scheme.name, point)]
            + [MulticellMetric.lastSlot, MulticellMetric.overlap, MulticellMetric.kept].map { cell($0, scheme.name, point) })
      }
    }
    return ReportTable(
      name: "results", title: "Capacities of a cell",
      caption:
        "Mean over the slots of a block, its median over seeds, that of slot T alone, the effective number of cells on a channel at the end, and the part of a user's "
        + "power that a learned start leaves where the game of the slot before had it.",
      columns: [
        .init("network"), .init("scheme"), .init("seeds"), .init("capacity", unit: "bit/s/Hz"), .init("median", unit: "bit/s/Hz"),
        .init("last slot", unit: "bit/s/Hz"), .init("cells on a channel"), .init("left in place"),
      ], rows: rows)
  }

  private var ranks: ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for point in points {
      let curves = table.curves(MulticellMetric.percentile, of: "td3mix+flwf", at: point)
      guard let first = curves.first else { continue }
      for (index, step) in first.steps.enumerated() {
        let values = curves.compactMap { index < $0.values.count ? $0.values[index] : nil }
        rows.append([.text(words(point)), .number(Double(step)), .number(Statistics.mean(values))])
      }
    }
    return ReportTable(
      name: "ranks", title: "Learned starts among random ones",
      caption: "Share of FLWF's random initialisations below the learned one, mean over seeds.",
      columns: [.init("network"), .init("iterations"), .init("starts below", unit: "%")], rows: rows)
  }

  private var variants: ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for (index, variant) in MulticellPlan.variants.enumerated() {
      let point = SweepPoint([("variant", Double(index + 1))])
      for scheme in schemes where !table.values(MulticellMetric.capacity, of: scheme.name, at: point).isEmpty {
        rows.append(
          [.number(Double(index + 1)), .text(variant.name), .text(variant.settings.joined(separator: " ")), .text(scheme.legend)]
            + [
              cell(MulticellMetric.capacity, scheme.name, point), median(scheme.name, point), cell(MulticellMetric.lastSlot, scheme.name, point),
              cell(MulticellMetric.kept, scheme.name, point),
            ])
      }
    }
    return ReportTable(
      name: "variants", title: "What the paper leaves open", caption: "One setting at a time. Columns as in the table of capacities.",
      columns: [
        .init("number"), .init("what"), .init("set"), .init("scheme"), .init("capacity", unit: "bit/s/Hz"), .init("median", unit: "bit/s/Hz"),
        .init("last slot", unit: "bit/s/Hz"), .init("left in place"),
      ], rows: rows)
  }
}
