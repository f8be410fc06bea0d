extension Figure {
  /// The figure as a table: a header with units, then one line a point with the place, the scheme, the mean over the seeds, the ends of
  /// its 95 % interval and the number of seeds. Several panels are told apart by a first column; axes that differ between panels are
  /// named in every line instead of the header. A figure of maps has one line a node: its map, what it is, its place, its block and label.
  public var csv: String { CSVText.text(maps.isEmpty ? panelRows : mapRows) }

  private var mapRows: [[String]] {
    [["map", "kind", "x (m)", "y (m)", "block", "label"]]
      + maps.enumerated().flatMap { index, map in
        map.nodes.map { node in
          [
            map.title.isEmpty ? "\(index + 1)" : map.title, node.kind.name, JSON.text(node.x), JSON.text(node.y), node.block.map { "\($0)" } ?? "",
            node.label,
          ]
        }
      }
  }

  private var panelRows: [[String]] {
    let first = panels.first
    let sharesAxes = panels.allSatisfy { $0.x.caption == first?.x.caption && $0.y.caption == first?.y.caption }
    let x = sharesAxes ? first?.x ?? Axis("x") : Axis("x")
    let y = sharesAxes ? first?.y ?? Axis("y") : Axis("y")
    func named(_ word: String) -> String { Axis("\(y.label) \(word)", unit: y.unit).caption }
    var rows = [[x.caption, "scheme", named("mean"), named("low"), named("high"), "seeds"]]
    if panels.count > 1 { rows[0].insert("panel", at: 0) }
    if !sharesAxes { rows[0] += ["x axis", "y axis"] }
    for (index, panel) in panels.enumerated() {
      for series in panel.series {
        for point in series.points {
          let place = panel.x.names.flatMap { names in Int(exactly: point.x).flatMap { names.indices.contains($0) ? names[$0] : nil } }
          var row = [place ?? JSON.text(point.x), series.name, "\(point.mean)", "\(point.low)", "\(point.high)", "\(point.seeds)"]
          if panels.count > 1 { row.insert(panel.title.isEmpty ? "\(index + 1)" : panel.title, at: 0) }
          if !sharesAxes { row += [panel.x.caption, panel.y.caption] }
          rows.append(row)
        }
      }
    }
    return rows
  }
}
