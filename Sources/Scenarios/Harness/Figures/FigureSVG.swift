import Tensor

extension Figure {
  /// The figure as an SVG drawing: white ground, light grid, colours that people with colour blindness tell apart, and for each series a
  /// marker of its own, so that it also reads in grey. The legend stands above the plots, where it covers nothing.
  ///
  /// Maps stand side by side under one legend; their own captions are not drawn.
  public var svg: String {
    if maps.isEmpty { return FigureDrawing(self).text }
    return MapDrawing(maps, id: "fig\(number)", title: heading, name: spokenName, description: caption).text
  }
}

/// The layout of a figure.
private struct FigureDrawing {
  static let colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444", "#882255", "#8A8A00", "#332288"]
  /// Shapes from the end of the list, which the other series reach last.
  static let referenceStyles = [("#7A7A7A", 9, "6 3"), ("#333333", 8, "2 3"), ("#555555", 7, "8 3 2 3")]
  static let fontSize = 12.0
  static let mostPoints = 400

  struct Style {
    let color: String
    let marker: Int
    let dash: String?
  }

  let figure: Figure
  var writer = SVGWriter()
  /// Series names in the order of their first appearance, with their looks.
  var names: [String] = []
  var styles: [String: Style] = [:]

  var text: String { writer.text }

  init(_ figure: Figure) {
    self.figure = figure
    chooseStyles()
    draw()
  }

  private mutating func chooseStyles() {
    var plain = 0
    var yardsticks = 0
    for series in figure.panels.flatMap(\.series) where styles[series.name] == nil {
      names.append(series.name)
      if series.isReference {
        let (color, marker, dash) = FigureDrawing.referenceStyles[yardsticks % FigureDrawing.referenceStyles.count]
        styles[series.name] = Style(color: color, marker: marker, dash: dash)
        yardsticks += 1
      } else {
        let count = FigureDrawing.colors.count
        styles[series.name] = Style(color: FigureDrawing.colors[plain % count], marker: plain, dash: plain < count ? nil : "3 2")
        plain += 1
      }
    }
  }

  private mutating func draw() {
    let count = figure.panels.count
    let columns = count <= 3 ? max(1, count) : count == 4 ? 2 : 3
    // A map is square; a plot of curves is wider than high.
    let isMap = count > 0 && figure.panels.allSatisfy(\.hasEqualAxes)
    let plotWidth = (isMap ? [430.0, 360, 300] : [560.0, 390, 320])[columns - 1]
    let plotHeight = isMap ? plotWidth : [330.0, 270, 240][columns - 1]
    let layouts = figure.panels.map { PanelLayout($0, width: plotWidth, height: plotHeight) }
    let left = layouts.map(\.leftMargin).max() ?? 40
    let cellWidth = left + plotWidth + 22
    let width = Double(columns) * cellWidth + 8
    let titleLines = SVGWriter.wrapped(figure.heading, width: width - 28, size: 15, isBold: true)
    let legend = legendRows(width: width - 28)
    let lines = Double(titleLines.count + legend.count)
    let top: Double = 18 + 20 * lines
    let cellTop = 10 + 16 * Double(layouts.map(\.titleLines.count).max() ?? 0)
    let cellHeight = cellTop + plotHeight + 32 + 16 * Double(layouts.map { $0.captionLinesX.count + $0.moreTickLinesX }.max() ?? 1)
    let rows = (count + columns - 1) / columns
    let height = top + Double(rows) * cellHeight
    writer.begin(
      width: width, height: height, id: "fig\(figure.number)", name: figure.spokenName, description: figure.caption)
    for (index, line) in titleLines.enumerated() { writer.text(line, 14, 24 + 20 * Double(index), size: 15, isBold: true) }
    drawLegend(legend, top: 14 + 20 * Double(titleLines.count) + 12)
    for (index, layout) in layouts.enumerated() {
      let x = Double(index % columns) * cellWidth + left + 4
      let y = top + Double(index / columns) * cellHeight + cellTop
      draw(layout, x: x, y: y)
    }
    writer.end()
  }

  /// The legend's entries, row by row, each with its place from the left.
  private func legendRows(width: Double) -> [[(name: String, x: Double)]] {
    guard names.count > 1 || figure.panels.flatMap(\.series).contains(where: { !$0.name.isEmpty }) else { return [] }
    var rows: [[(name: String, x: Double)]] = [[]]
    var x = 0.0
    for name in names {
      let entry = 34 + SVGWriter.width(of: name, size: FigureDrawing.fontSize) + 18
      if x + entry > width && !rows[rows.count - 1].isEmpty {
        rows.append([])
        x = 0
      }
      rows[rows.count - 1].append((name, x))
      x += entry
    }
    return rows
  }

  private mutating func drawLegend(_ rows: [[(name: String, x: Double)]], top: Double) {
    let kinds = figure.panels.flatMap(\.series)
    for (row, entries) in rows.enumerated() {
      let y = top + 20 * Double(row)
      for entry in entries {
        let style = styles[entry.name]!
        let x = 14 + entry.x
        if kinds.contains(where: { $0.name == entry.name && $0.kind == .line }) {
          writer.line(x, y, x + 28, y, stroke: style.color, width: 1.8, dash: style.dash)
        }
        writer.marker(style.marker, x + 14, y, size: 4, color: style.color)
        writer.text(entry.name, x + 34, y + 4.2, size: FigureDrawing.fontSize)
      }
    }
  }

  private mutating func draw(_ layout: PanelLayout, x: Double, y: Double) {
    let panel = layout.panel
    let right = x + layout.width
    let bottom = y + layout.height
    let scaleX = PlotScale(isLogarithmic: panel.x.isLogarithmic, range: layout.rangeX, begin: x, end: right)
    let scaleY = PlotScale(isLogarithmic: panel.y.isLogarithmic, range: layout.rangeY, begin: bottom, end: y)
    let size = FigureDrawing.fontSize
    for (row, line) in layout.titleLines.enumerated() {
      writer.text(line, x + layout.width / 2, y - 9 - 16 * Double(layout.titleLines.count - 1 - row), size: 13, anchor: .middle, isBold: true)
    }
    for (tick, lines) in zip(layout.ticksX.ticks, layout.tickLinesX) {
      let place = scaleX.place(tick.value)
      writer.line(place, y, place, bottom, stroke: "#e4e4e4")
      writer.line(place, bottom, place, bottom + 4, stroke: "#444444")
      for (row, line) in lines.enumerated() { writer.text(line, place, bottom + 18 + 15 * Double(row), size: size, anchor: .middle) }
    }
    for tick in layout.ticksY.ticks {
      let place = scaleY.place(tick.value)
      writer.line(x, place, right, place, stroke: "#e4e4e4")
      writer.line(x - 4, place, x, place, stroke: "#444444")
      writer.text(tick.label, x - 8, place + 4.2, size: size, anchor: .end)
    }
    for (row, line) in layout.captionLinesX.enumerated() {
      writer.text(line, x + layout.width / 2, bottom + 38 + 16 * Double(row + layout.moreTickLinesX), size: 13, anchor: .middle)
    }
    for (row, line) in layout.captionLinesY.enumerated() {
      writer.text(line, x - layout.leftMargin + 14 + 16 * Double(row), y + layout.height / 2, size: 13, anchor: .middle, turned: true)
    }
    drawReferences(panel, scaleX, scaleY)
    for series in panel.series where series.kind == .line { drawBand(series, scaleX, scaleY) }
    // Lines of one point all at the same place would cover each other: they stand side by side.
    let places = Set(panel.series.flatMap { $0.points.map(\.x) })
    let isOnePlace = places.count == 1 && panel.series.allSatisfy { $0.kind == .line && $0.points.count <= 1 }
    let pause = min(36, layout.width / Double(panel.series.count + 1))
    let columns = panel.series.filter { $0.kind == .column }
    for (index, series) in columns.enumerated() { drawColumns(series, index, of: columns.count, scaleX, scaleY) }
    for (index, series) in panel.series.enumerated() where series.kind != .column {
      drawMarks(series, scaleX, scaleY, shift: isOnePlace ? (Double(index) - Double(panel.series.count - 1) / 2) * pause : 0)
    }
    writer.line(x, y, x, bottom, stroke: "#444444")
    writer.line(x, bottom, right, bottom, stroke: "#444444")
    labelReferences(panel, scaleX, scaleY)
    if panel.series.allSatisfy(\.points.isEmpty) {
      writer.text("no data in this run", x + layout.width / 2, y + layout.height / 2, size: 13, anchor: .middle, color: "#777777")
    }
  }

  private mutating func drawReferences(_ panel: Panel, _ scaleX: PlotScale, _ scaleY: PlotScale) {
    for reference in panel.references {
      switch reference.position {
      case .horizontal(let value):
        let place = scaleY.place(value)
        writer.line(scaleX.begin, place, scaleX.end, place, stroke: "#555555", width: 1.2, dash: "2 3")
      case .vertical(let value):
        let place = scaleX.place(value)
        writer.line(place, scaleY.begin, place, scaleY.end, stroke: "#555555", width: 1.2, dash: "2 3")
      }
    }
  }

  private mutating func labelReferences(_ panel: Panel, _ scaleX: PlotScale, _ scaleY: PlotScale) {
    for reference in panel.references where !reference.label.isEmpty {
      switch reference.position {
      case .horizontal(let value):
        let place = scaleY.place(value)
        // Below the line where there is no room above it.
        let baseline = place - scaleY.end < 18 ? place + 14 : place - 5
        writer.text(reference.label, scaleX.end - 4, baseline, size: 11, anchor: .end, color: "#444444", hasHalo: true)
      case .vertical(let value):
        let place = scaleX.place(value)
        let fits = place + 5 + SVGWriter.width(of: reference.label, size: 11) < scaleX.end
        writer.text(
          reference.label, fits ? place + 5 : place - 5, scaleY.end + 12, size: 11, anchor: fits ? .start : .end, color: "#444444", hasHalo: true)
      }
    }
  }

  /// Every k-th point of a long series and its last, so that a drawing stays small.
  private func thinned(_ points: [Series.Point]) -> [Series.Point] {
    let stride = (points.count + FigureDrawing.mostPoints - 1) / FigureDrawing.mostPoints
    guard stride > 1 else { return points }
    return points.enumerated().filter { $0.offset % stride == 0 || $0.offset == points.count - 1 }.map(\.element)
  }

  private func visible(_ series: Series, _ scaleX: PlotScale, _ scaleY: PlotScale) -> [Series.Point] {
    thinned(series.points.filter { scaleX.shows($0.x) && scaleY.shows($0.mean) })
  }

  private mutating func drawBand(_ series: Series, _ scaleX: PlotScale, _ scaleY: PlotScale) {
    let points = visible(series, scaleX, scaleY)
    guard points.count > 1, points.contains(where: { $0.low < $0.high }) else { return }
    let upper = points.map { (x: scaleX.place($0.x), y: scaleY.place($0.high)) }
    let lower = points.reversed().map { (x: scaleX.place($0.x), y: scaleY.place($0.low)) }
    // Yardsticks stay behind what is measured against them.
    writer.polygon(upper + lower, fill: styles[series.name]!.color, opacity: series.isReference ? 0.07 : 0.14)
  }

  /// The columns of one of several series, which stand side by side on four fifths of the room of a place.
  private mutating func drawColumns(_ series: Series, _ index: Int, of count: Int, _ scaleX: PlotScale, _ scaleY: PlotScale) {
    let style = styles[series.name]!
    let room = 0.8 * (scaleX.place(1) - scaleX.place(0)) / Double(count)
    for point in visible(series, scaleX, scaleY) {
      let center = scaleX.place(point.x) + (Double(index) - Double(count - 1) / 2) * room
      let (left, right, ground, top) = (center - 0.46 * room, center + 0.46 * room, scaleY.place(0), scaleY.place(point.mean))
      writer.polygon([(left, ground), (left, top), (right, top), (right, ground)], fill: style.color, opacity: series.isReference ? 0.55 : 0.85)
      guard point.low < point.high else { continue }
      writer.line(center, scaleY.place(point.low), center, scaleY.place(point.high), stroke: "#222222", width: 1.2)
    }
  }

  /// - Parameter shift: Moves a single point aside, in the drawing only.
  private mutating func drawMarks(_ series: Series, _ scaleX: PlotScale, _ scaleY: PlotScale, shift aside: Double = 0) {
    let points = visible(series, scaleX, scaleY)
    let style = styles[series.name]!
    let places = points.map { (x: scaleX.place($0.x) + aside, y: scaleY.place($0.mean)) }
    switch series.kind {
    case .line:
      // A band needs two points; a single one has a bar.
      if places.count == 1, points[0].low < points[0].high {
        writer.line(places[0].x, scaleY.place(points[0].low), places[0].x, scaleY.place(points[0].high), stroke: style.color, width: 1.2)
      }
      if places.count > 1 { writer.polyline(places, stroke: style.color, width: 1.8, dash: style.dash) }
      // A long curve carries a few markers, at places of its own, so that close curves stay told apart.
      let pause = points.count <= 25 ? 1 : points.count / 8
      let shift = points.count <= 25 ? 0 : (names.firstIndex(of: series.name)! * pause) / max(1, names.count)
      for index in stride(from: shift, to: places.count, by: pause) {
        writer.marker(style.marker, places[index].x, places[index].y, size: 4, color: style.color)
      }
    case .scatter:
      for (point, place) in zip(points, places) {
        if point.low < point.high {
          writer.line(place.x, scaleY.place(point.low), place.x, scaleY.place(point.high), stroke: style.color, width: 1.2)
        }
        writer.marker(style.marker, place.x, place.y, size: 4.5, color: style.color)
      }
    case .column: break
    }
  }
}
