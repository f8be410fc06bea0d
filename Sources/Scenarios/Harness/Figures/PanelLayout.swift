/// The ranges, ticks and margins of one panel.
struct PanelLayout {
  let panel: Panel
  let width: Double
  let height: Double
  private(set) var rangeX: ClosedRange<Double>
  private(set) var rangeY: ClosedRange<Double>
  private(set) var ticksX: Ticks
  private(set) var ticksY: Ticks

  init(_ panel: Panel, width: Double, height: Double) {
    self.panel = panel
    self.width = width
    self.height = height
    var valuesX = panel.series.flatMap { $0.points.map(\.x) }
    var valuesY = panel.series.flatMap { $0.points.flatMap { [$0.mean, $0.low, $0.high] } }
    for reference in panel.references {
      switch reference.position {
      case .horizontal(let value): valuesY.append(value)
      case .vertical(let value): valuesX.append(value)
      }
    }
    if panel.series.contains(where: { $0.kind == .column }) { valuesY.append(0) }
    rangeX = PlotScale.range(of: panel.x, valuesX, room: 0.03, reachesZero: false)
    rangeY = PlotScale.range(of: panel.y, valuesY, room: 0.06, reachesZero: !panel.hasEqualAxes)
    if panel.hasEqualAxes {
      let unit = max((rangeX.upperBound - rangeX.lowerBound) / width, (rangeY.upperBound - rangeY.lowerBound) / height)
      rangeX = PanelLayout.widened(rangeX, to: unit * width)
      rangeY = PanelLayout.widened(rangeY, to: unit * height)
    }
    ticksY = PanelLayout.ticks(panel.y, rangeY, count: Int(height / 38))
    ticksX = Ticks(ticks: [])
    for count in stride(from: 9, through: 1, by: -1) {
      ticksX = PanelLayout.ticks(panel.x, rangeX, count: count)
      let room = width / Double(max(1, ticksX.ticks.count))
      let widest = ticksX.ticks.map { SVGWriter.width(of: $0.label, size: 12) }.max() ?? 0
      if widest + 12 < room { break }
    }
  }

  private static func widened(_ range: ClosedRange<Double>, to span: Double) -> ClosedRange<Double> {
    let center = (range.lowerBound + range.upperBound) / 2
    return (center - span / 2)...(center + span / 2)
  }

  private static func ticks(_ axis: Axis, _ range: ClosedRange<Double>, count: Int) -> Ticks {
    if let names = axis.names { return Ticks(ticks: names.enumerated().map { Ticks.Tick(value: Double($0.offset), label: $0.element) }) }
    if let asked = axis.ticks { return Ticks.at(asked.filter { range.contains($0) }) }
    return axis.isLogarithmic ? Ticks.logarithmic(range, count: count) : Ticks.linear(range, count: count)
  }

  /// The label of each tick of the horizontal axis, line by line: names are broken to the room of their place.
  var tickLinesX: [[String]] {
    guard panel.x.names != nil else { return ticksX.ticks.map { [$0.label] } }
    let room = width / Double(max(1, ticksX.ticks.count)) - 8
    return ticksX.ticks.map { SVGWriter.wrapped($0.label, width: room, size: 12) }
  }

  /// Lines of these labels behind the first.
  var moreTickLinesX: Int { max(0, (tickLinesX.map(\.count).max() ?? 1) - 1) }

  /// The title, as wide as the plot at most.
  var titleLines: [String] { SVGWriter.wrapped(panel.title, width: width, size: 13, isBold: true) }
  var captionLinesX: [String] { SVGWriter.wrapped(caption(panel.x, ticksX), width: width, size: 13) }
  /// As long as the plot is high, and a little more, for it runs upwards beside it.
  var captionLinesY: [String] { SVGWriter.wrapped(caption(panel.y, ticksY), width: height + 20, size: 13) }

  var leftMargin: Double {
    16 + 16 * Double(captionLinesY.count) + (ticksY.ticks.map { SVGWriter.width(of: $0.label, size: 12) }.max() ?? 0)
  }

  private func caption(_ axis: Axis, _ ticks: Ticks) -> String {
    guard ticks.exponent != 0 else { return axis.caption }
    let factor = "×10" + Ticks.superscript(ticks.exponent)
    return Axis(axis.label, unit: axis.unit.isEmpty ? factor : "\(factor) \(axis.unit)").caption
  }
}
