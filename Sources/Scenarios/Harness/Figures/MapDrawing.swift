import Tensor

/// One or several maps side by side under one legend, each in a frame with a scale bar of its own.
struct MapDrawing {
  private static let margin = 14.0
  private static let gap = 18.0

  let maps: [DropMap]
  private var writer = SVGWriter()
  /// The side of a map's frame in pixels.
  private let side: Double

  var text: String { writer.text }

  /// - Parameters:
  ///   - id: Names the drawing in a page.
  ///   - title: Stands over the drawing.
  ///   - name: The drawing's name for those who hear it; `description` goes with it.
  ///   - caption: Stands in the drawing under the title; empty where it stands elsewhere. A drawing with a caption has no titles of maps.
  init(_ maps: [DropMap], id: String, title: String, name: String, description: String, caption: String = "") {
    self.maps = maps
    let columns = maps.count <= 3 ? max(1, maps.count) : maps.count == 4 ? 2 : 3
    side = [640.0, 430, 330][columns - 1]
    let width = Double(columns) * (side + MapDrawing.gap) - MapDrawing.gap + 2 * MapDrawing.margin
    let inner = width - 2 * MapDrawing.margin
    let titleLines = SVGWriter.wrapped(title, width: inner, size: 15, isBold: true)
    let captionLines = SVGWriter.wrapped(caption, width: inner, size: 11)
    let legend = MapLegend(maps, width: inner)
    let legendTop = 12 + 20 * Double(titleLines.count) + 15 * Double(captionLines.count)
    let hasTitles = caption.isEmpty && maps.contains { !$0.title.isEmpty }
    let titles = maps.map { hasTitles ? SVGWriter.wrapped($0.title, width: side, size: 13, isBold: true) : [] }
    let head = hasTitles ? 8 + 17 * Double(titles.map(\.count).max() ?? 1) : 4
    let top = legendTop + legend.height
    let rows = (maps.count + columns - 1) / columns
    writer.begin(
      width: width, height: top + Double(rows) * (head + side + 14), id: id, name: name, description: description)
    for (index, line) in titleLines.enumerated() {
      writer.text(line, MapDrawing.margin, 24 + 20 * Double(index), size: 15, isBold: true)
    }
    for (index, line) in captionLines.enumerated() {
      writer.text(line, MapDrawing.margin, 22 + 20 * Double(titleLines.count) + 15 * Double(index), size: 11, color: "#555555")
    }
    legend.draw(&writer, x: MapDrawing.margin, y: legendTop)
    for (index, map) in maps.enumerated() {
      let x = MapDrawing.margin + Double(index % columns) * (side + MapDrawing.gap)
      let y = top + Double(index / columns) * (head + side + 14) + head
      for (row, line) in titles[index].enumerated() {
        writer.text(line, x + side / 2, y - 8 - 17 * Double(titles[index].count - 1 - row), size: 13, anchor: .middle, isBold: true)
      }
      draw(map, x: x, y: y)
    }
    writer.end()
  }

  private mutating func draw(_ map: DropMap, x left: Double, y top: Double) {
    let n = SVGWriter.number
    let extent = map.extent
    let scale = side / extent.size
    func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
      (left + (x - extent.x) * scale, top + side - (y - extent.y) * scale)
    }
    writer.raw("<rect x=\"\(n(left))\" y=\"\(n(top))\" width=\"\(n(side))\" height=\"\(n(side))\" fill=\"#ffffff\" stroke=\"#888888\"/>")
    for circle in map.borders {
      let center = place(circle.x, circle.y)
      writer.raw(
        "<circle cx=\"\(n(center.x))\" cy=\"\(n(center.y))\" r=\"\(n(circle.radius * scale))\" fill=\"#f5f6f8\" stroke=\"#9a9a9a\" stroke-dasharray=\"5 4\"/>"
      )
    }
    let places = map.nodes.map { place($0.x, $0.y) }
    // Numbers where a node has a square of about 28 pixels to itself.
    let isNumbered = Double(map.nodes.count) * 28 * 28 <= side * side
    var labels = LabelPlacer(frame: .init(left: left, top: top, right: left + side, bottom: top + side))
    drawScaleBar(extent.size, scale, x: left, y: top + side, &labels)
    // The small stand before the large, which show behind them.
    drawNodes([.user], map, places, isNumbered, &labels)
    for link in map.links {
      let (a, b) = (places[link.from], places[link.to])
      // A thin dark edge keeps light colours visible.
      writer.line(a.x, a.y, b.x, b.y, stroke: "#444444", width: 3)
      writer.line(a.x, a.y, b.x, b.y, stroke: BlockColor(link.block).hex, width: 2)
      labels.occupy(from: a, to: b)
    }
    drawNodes([.receiver, .transmitter, .site], map, places, isNumbered, &labels)
    for (node, place) in zip(map.nodes, places) where isNumbered && node.kind == .transmitter {
      guard let block = node.block else { continue }
      label("\(block)", at: place, kind: node.kind, size: 10.5, color: BlockColor(block).asText.hex, isBold: true, &labels)
    }
    for (node, place) in zip(map.nodes, places) where !node.label.isEmpty {
      label(node.label, at: place, kind: node.kind, size: 9.5, color: "#555555", isBold: false, &labels)
    }
  }

  private mutating func drawNodes(
    _ kinds: [DropMap.Kind], _ map: DropMap, _ places: [(x: Double, y: Double)], _ isNumbered: Bool, _ labels: inout LabelPlacer
  ) {
    for kind in kinds {
      for (node, place) in zip(map.nodes, places) where node.kind == kind {
        let radius = MapMarker.radius(kind, isNumbered: isNumbered)
        MapMarker.draw(kind, node.block, place.x, place.y, radius: radius, isNumbered: isNumbered, &writer)
        labels.occupy(x: place.x, y: place.y, halfWidth: radius, halfHeight: radius)
      }
    }
  }

  /// Writes a text beside a node where there is room, else not.
  private mutating func label(
    _ text: String, at place: (x: Double, y: Double), kind: DropMap.Kind, size: Double, color: String, isBold: Bool, _ labels: inout LabelPlacer
  ) {
    let width = SVGWriter.width(of: text, size: size, isBold: isBold)
    guard let box = labels.place(width: width, height: 0.8 * size, around: place, distance: MapMarker.radius(kind, isNumbered: true) + 2) else {
      return
    }
    writer.text(text, (box.left + box.right) / 2, box.bottom, size: size, anchor: .middle, color: color, isBold: isBold, hasHalo: true)
  }

  /// A bar of a round length in the lower left corner.
  private mutating func drawScaleBar(_ size: Double, _ scale: Double, x: Double, y: Double, _ labels: inout LabelPlacer) {
    let length = MapDrawing.roundLength(size / 5)
    let (left, right, height) = (x + 12, x + 12 + length * scale, y - 12)
    writer.line(left, height, right, height, stroke: "#222222", width: 1.5)
    for end in [left, right] { writer.line(end, height - 4, end, height + 4, stroke: "#222222", width: 1.5) }
    let text = "\(fixedText(length, digits: 1, trimmed: true)) m"
    writer.text(text, (left + right) / 2, height - 6, size: 11, anchor: .middle, hasHalo: true)
    let half = max(right - left, SVGWriter.width(of: text, size: 11)) / 2
    labels.occupy(x: (left + right) / 2, y: height - 6, halfWidth: half + 2, halfHeight: 11)
  }

  /// 1, 2 or 5 times a power of ten, not above a length.
  private static func roundLength(_ length: Double) -> Double {
    var unit = 1.0
    while unit * 10 <= length { unit *= 10 }
    while unit > length { unit /= 10 }
    for factor in [5.0, 2] where factor * unit <= length { return factor * unit }
    return unit
  }
}

extension DropMap {
  /// The square that holds everything.
  fileprivate var extent: (x: Double, y: Double, size: Double) {
    let left = (nodes.map(\.x) + borders.map { $0.x - $0.radius }).min() ?? 0
    let right = (nodes.map(\.x) + borders.map { $0.x + $0.radius }).max() ?? 1
    let low = (nodes.map(\.y) + borders.map { $0.y - $0.radius }).min() ?? 0
    let high = (nodes.map(\.y) + borders.map { $0.y + $0.radius }).max() ?? 1
    let size = max(right - left, high - low, 1) * 1.06
    return ((left + right - size) / 2, (low + high - size) / 2, size)
  }
}
