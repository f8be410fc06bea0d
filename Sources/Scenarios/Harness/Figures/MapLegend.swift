/// The signs of nodes on a map and in its legend.
enum MapMarker {
  /// Half the width in pixels.
  static func radius(_ kind: DropMap.Kind, isNumbered: Bool) -> Double {
    switch kind {
    case .site: 9
    case .user: isNumbered ? 7 : 4.5
    case .transmitter, .receiver: isNumbered ? 4.2 : 3.2
    }
  }

  /// Draws the sign of a node. The block's number stands in the square of a user.
  static func draw(
    _ kind: DropMap.Kind, _ block: Int?, _ x: Double, _ y: Double, radius: Double, isNumbered: Bool, _ writer: inout SVGWriter
  ) {
    let color = BlockColor(block)
    switch kind {
    case .site: writer.marker(2, x, y, size: radius, color: block == nil ? "#1c1c1c" : color.hex)
    case .user: square(block, x, y, half: radius, isNumbered: isNumbered, &writer)
    case .transmitter: writer.marker(0, x, y, size: radius, color: color.hex, edge: "#333333")
    case .receiver: writer.marker(3, x, y, size: radius, color: color.hex, edge: "#333333")
    }
  }

  /// A square in a block's colour, with the block's number where it fits.
  static func square(_ block: Int?, _ x: Double, _ y: Double, half: Double, isNumbered: Bool, _ writer: inout SVGWriter) {
    let n = SVGWriter.number
    let color = BlockColor(block)
    writer.raw(
      "<rect x=\"\(n(x - half))\" y=\"\(n(y - half))\" width=\"\(n(2 * half))\" height=\"\(n(2 * half))\" rx=\"1.5\" fill=\"\(color.hex)\" stroke=\"#333333\" stroke-width=\"0.8\"/>"
    )
    guard isNumbered, let block else { return }
    let digits = "\(block)"
    let size = digits.count == 1 ? 10.0 : digits.count == 2 ? 8.5 : 6
    writer.text(digits, x, y + 0.36 * size, size: size, anchor: .middle, color: color.ink, isBold: true)
  }
}

/// The shapes and the blocks' colours of all maps of a drawing, in rows.
struct MapLegend {
  private enum Item {
    case kind(DropMap.Kind, String)
    case text(String)
    case block(Int)
  }

  private var rows: [[(item: Item, x: Double)]] = [[]]
  private var x = 0.0
  private let width: Double

  var height: Double { 22 * Double(rows.count) + 4 }

  init(_ maps: [DropMap], width: Double) {
    self.width = width
    for kind in DropMap.Kind.allCases where maps.contains(where: { $0.nodes.contains { $0.kind == kind } }) {
      let name = maps.lazy.compactMap { $0.names[kind] }.first ?? kind.name
      add(.kind(kind, name), 20 + SVGWriter.width(of: name, size: 12) + 14)
    }
    let blocks = maps.map(\.blocks).max() ?? 0
    guard blocks > 0 else { return }
    let name = "resource block"
    let nameWidth = SVGWriter.width(of: name, size: 12) + 8
    // Together on one row where they fit.
    if x + nameWidth + 20 * Double(min(blocks, 20)) > width && x > 0 { startRow() }
    add(.text(name), nameWidth)
    for block in 0..<blocks { add(.block(block), 20) }
  }

  private mutating func startRow() {
    rows.append([])
    x = 0
  }

  private mutating func add(_ item: Item, _ itemWidth: Double) {
    if x + itemWidth > width && x > 0 { startRow() }
    rows[rows.count - 1].append((item, x))
    x += itemWidth
  }

  func draw(_ writer: inout SVGWriter, x left: Double, y top: Double) {
    for (row, items) in rows.enumerated() {
      let y = top + 12 + 22 * Double(row)
      for (item, offset) in items {
        let x = left + offset
        switch item {
        case .kind(let kind, let name):
          MapMarker.draw(kind, nil, x + 8, y, radius: min(7, MapMarker.radius(kind, isNumbered: true)), isNumbered: false, &writer)
          writer.text(name, x + 20, y + 4.2, size: 12)
        case .text(let text): writer.text(text, x, y + 4.2, size: 12)
        case .block(let block): MapMarker.square(block, x + 8, y, half: 8, isNumbered: true, &writer)
        }
      }
    }
  }
}
