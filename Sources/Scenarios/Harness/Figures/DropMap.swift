import Tensor

/// A drop to look at: sites, users, who talks to whom, and on which resource block.
public struct DropMap: Sendable, Hashable {
  /// What stands at a place.
  public enum Kind: Sendable, Hashable, CaseIterable {
    case site, user, transmitter, receiver

    var name: String {
      switch self {
      case .site: "base station"
      case .user: "user"
      case .transmitter: "transmitter"
      case .receiver: "receiver"
      }
    }

    var shape: Int {
      switch self {
      case .site: 2
      case .user: 1
      case .transmitter: 0
      case .receiver: 3
      }
    }

    var size: Double { self == .site ? 9 : self == .user ? 5.5 : 4 }
  }

  /// Something at a place.
  public struct Node: Sendable, Hashable {
    public var kind: Kind
    /// Coordinates in metres.
    public var x: Double
    public var y: Double
    /// The resource block in use, which decides the colour; nil for grey.
    public var block: Int?
    /// Stands beside the node where there is room; may be empty.
    public var label: String

    public init(_ kind: Kind, x: Double, y: Double, block: Int? = nil, label: String = "") {
      self.kind = kind
      self.x = x
      self.y = y
      self.block = block
      self.label = label
    }
  }

  /// A link between two nodes, by their places in the list.
  public struct Link: Sendable, Hashable {
    public var from: Int
    public var to: Int
    public var block: Int?

    public init(from: Int, to: Int, block: Int? = nil) {
      self.from = from
      self.to = to
      self.block = block
    }
  }

  /// The border of a cell.
  public struct Circle: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public var radius: Double

    public init(x: Double, y: Double, radius: Double) {
      self.x = x
      self.y = y
      self.radius = radius
    }
  }

  public var title: String
  /// What is shown and how it was made.
  public var caption: String
  public var borders: [Circle]
  public var nodes: [Node]
  public var links: [Link]
  /// The number of resource blocks, for the legend.
  public var blocks: Int

  public init(title: String, caption: String, borders: [Circle], nodes: [Node], links: [Link], blocks: Int) {
    self.title = title
    self.caption = caption
    self.borders = borders
    self.nodes = nodes
    self.links = links
    self.blocks = blocks
  }

  /// The map as an SVG drawing on a scale of metres, with a legend of shapes and of the blocks' colours.
  public var svg: String {
    let n = SVGWriter.number
    let (width, plot, left) = (760.0, 700.0, 30.0)
    let titleLines = SVGWriter.wrapped(title, width: width - 28, size: 15)
    let captionLines = SVGWriter.wrapped(caption, width: width - 28, size: 11)
    let legendTop = 16 + 20 * Double(titleLines.count) + 15 * Double(captionLines.count)
    let perRow = 10
    let top = legendTop + 24 + 18 * Double((max(blocks, 1) + perRow - 1) / perRow) + 10
    let height = top + plot + 40
    let extent = self.extent
    let scale = plot / (extent.size)
    func x(_ value: Double) -> Double { left + (value - extent.x) * scale }
    func y(_ value: Double) -> Double { top + plot - (value - extent.y) * scale }

    var writer = SVGWriter()
    writer.raw(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(n(width)) \(n(height))\" width=\"\(n(width))\" height=\"\(n(height))\" role=\"img\" aria-labelledby=\"map-title map-text\" font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">"
    )
    writer.raw("<title id=\"map-title\">\(escaped(title))</title>")
    writer.raw("<desc id=\"map-text\">\(escaped(caption))</desc>")
    writer.raw("<rect width=\"\(n(width))\" height=\"\(n(height))\" fill=\"#ffffff\"/>")
    for (index, line) in titleLines.enumerated() { writer.text(line, 14, 24 + 20 * Double(index), size: 15, isBold: true) }
    for (index, line) in captionLines.enumerated() {
      writer.text(line, 14, 22 + 20 * Double(titleLines.count) + 15 * Double(index), size: 11, color: "#555555")
    }
    legend(&writer, top: legendTop + 14, perRow: perRow)
    for circle in borders {
      writer.raw(
        "<circle cx=\"\(n(x(circle.x)))\" cy=\"\(n(y(circle.y)))\" r=\"\(n(circle.radius * scale))\" fill=\"#f7f7f7\" stroke=\"#bbbbbb\" stroke-dasharray=\"4 3\"/>"
      )
    }
    for link in links {
      let (a, b) = (nodes[link.from], nodes[link.to])
      writer.line(x(a.x), y(a.y), x(b.x), y(b.y), stroke: DropMap.color(link.block), width: 1.4)
    }
    for node in nodes {
      writer.marker(node.kind.shape, x(node.x), y(node.y), size: node.kind.size, color: DropMap.color(node.block))
      if !node.label.isEmpty { writer.text(node.label, x(node.x) + node.kind.size + 2, y(node.y) + 4, size: 10, hasHalo: true) }
    }
    // A bar of a round length.
    let bar = DropMap.roundLength(extent.size / 5)
    writer.line(left, height - 22, left + bar * scale, height - 22, stroke: "#222222", width: 2)
    writer.text("\(fixedText(bar, digits: 1, trimmed: true)) m", left + bar * scale + 8, height - 18, size: 11)
    writer.raw("</svg>")
    return writer.text
  }

  /// The square that holds everything.
  private var extent: (x: Double, y: Double, size: Double) {
    let left = (nodes.map(\.x) + borders.map { $0.x - $0.radius }).min() ?? 0
    let right = (nodes.map(\.x) + borders.map { $0.x + $0.radius }).max() ?? 1
    let low = (nodes.map(\.y) + borders.map { $0.y - $0.radius }).min() ?? 0
    let high = (nodes.map(\.y) + borders.map { $0.y + $0.radius }).max() ?? 1
    let size = max(right - left, high - low, 1) * 1.04
    return ((left + right - size) / 2, (low + high - size) / 2, size)
  }

  private func legend(_ writer: inout SVGWriter, top: Double, perRow: Int) {
    var place = 20.0
    for kind in Kind.allCases where nodes.contains(where: { $0.kind == kind }) {
      writer.marker(kind.shape, place, top - 4, size: min(kind.size, 6), color: "#555555")
      writer.text(kind.name, place + 12, top, size: 11)
      place += 28 + SVGWriter.width(of: kind.name, size: 11)
    }
    for block in 0..<blocks {
      let (row, column) = (Double(block / perRow), Double(block % perRow))
      let (x, y) = (16 + 72 * column, top + 20 + 18 * row)
      writer.raw("<rect x=\"\(SVGWriter.number(x))\" y=\"\(SVGWriter.number(y - 9))\" width=\"14\" height=\"10\" fill=\"\(DropMap.color(block))\"/>")
      writer.text("block \(block)", x + 18, y, size: 11)
    }
  }

  /// Colours that go round the circle of hues by the golden ratio, darker and lighter in turn.
  static func color(_ block: Int?) -> String {
    guard let block else { return "#555555" }
    let hue = (Double(block) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
    return DropMap.hex(hue: hue, lightness: [0.42, 0.58][block % 2])
  }

  /// A saturated colour, by the usual formula for hue, saturation and lightness.
  private static func hex(hue: Double, lightness: Double) -> String {
    let chroma = (1 - abs(2 * lightness - 1)) * 0.75
    let parts = [0.0, 8, 4].map { offset -> String in
      let k = (offset + hue * 12).truncatingRemainder(dividingBy: 12)
      let value = lightness - chroma / 2 * max(-1, min(k - 3, 9 - k, 1))
      let byte = Int((value * 255).rounded())
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }
    return "#" + parts.joined()
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
