/// The elements of an SVG drawing, written in order, with coordinates to a hundredth of a pixel.
struct SVGWriter {
  private(set) var text = ""

  enum Anchor: String {
    case start, middle, end
  }

  mutating func raw(_ line: String) { text += line + "\n" }

  /// Opens the drawing on a white ground, with a name and a description for those who cannot see it.
  ///
  /// - Parameter id: The beginning of the names of its parts; different for every drawing of a page.
  mutating func begin(width: Double, height: Double, id: String, name: String, description: String) {
    let (w, h) = (SVGWriter.number(width), SVGWriter.number(height))
    raw(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(w) \(h)\" width=\"\(w)\" height=\"\(h)\" role=\"img\" aria-labelledby=\"\(id)-title \(id)-text\" font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">"
    )
    raw("<title id=\"\(id)-title\">\(escaped(name))</title>")
    raw("<desc id=\"\(id)-text\">\(escaped(description))</desc>")
    raw("<rect width=\"\(w)\" height=\"\(h)\" fill=\"#ffffff\"/>")
  }

  mutating func end() { raw("</svg>") }

  static func number(_ value: Double) -> String { fixedText(value, digits: 2, trimmed: true) }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String, width: Double = 1, dash: String? = nil) {
    let n = SVGWriter.number
    raw("<line x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\" stroke=\"\(stroke)\" stroke-width=\"\(n(width))\"\(dashes(dash))/>")
  }

  mutating func polyline(_ points: [(x: Double, y: Double)], stroke: String, width: Double, dash: String? = nil) {
    raw(
      "<polyline points=\"\(coordinates(points))\" fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"\(SVGWriter.number(width))\" stroke-linejoin=\"round\"\(dashes(dash))/>"
    )
  }

  mutating func polygon(_ points: [(x: Double, y: Double)], fill: String, opacity: Double) {
    raw("<polygon points=\"\(coordinates(points))\" fill=\"\(fill)\" fill-opacity=\"\(SVGWriter.number(opacity))\" stroke=\"none\"/>")
  }

  /// A text whose baseline begins, is centred or ends at a place.
  ///
  /// - Parameters:
  ///   - turned: Whether it runs upwards.
  ///   - hasHalo: Whether a white edge keeps it readable over lines.
  mutating func text(
    _ content: String, _ x: Double, _ y: Double, size: Double, anchor: Anchor = .start, color: String = "#222222", isBold: Bool = false,
    turned: Bool = false, hasHalo: Bool = false
  ) {
    let n = SVGWriter.number
    var attributes = "x=\"\(n(x))\" y=\"\(n(y))\" font-size=\"\(n(size))\" fill=\"\(color)\""
    if anchor != .start { attributes += " text-anchor=\"\(anchor.rawValue)\"" }
    if isBold { attributes += " font-weight=\"bold\"" }
    if turned { attributes += " transform=\"rotate(-90 \(n(x)) \(n(y)))\"" }
    if hasHalo { attributes += " stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\" stroke-linejoin=\"round\"" }
    raw("<text \(attributes)>\(escaped(content))</text>")
  }

  /// One of ten shapes about a centre, filled and edged, in white so that it stands out from lines.
  mutating func marker(_ shape: Int, _ x: Double, _ y: Double, size: Double, color: String, edge: String = "#ffffff") {
    let n = SVGWriter.number
    let r = size
    func polygon(_ offsets: [(Double, Double)]) -> String {
      let points = offsets.map { "\(n(x + r * $0.0)),\(n(y + r * $0.1))" }.joined(separator: " ")
      return "<polygon points=\"\(points)\" fill=\"\(color)\" stroke=\"\(edge)\" stroke-width=\"0.8\"/>"
    }
    func strokes(_ offsets: [(Double, Double)]) -> String {
      let parts = stride(from: 0, to: offsets.count, by: 2).map { index in
        let (a, b) = (offsets[index], offsets[index + 1])
        return "M\(n(x + r * a.0)) \(n(y + r * a.1))L\(n(x + r * b.0)) \(n(y + r * b.1))"
      }
      return "<path d=\"\(parts.joined())\" stroke=\"\(color)\" stroke-width=\"1.8\" fill=\"none\"/>"
    }
    switch shape % 10 {
    case 0: raw("<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(r))\" fill=\"\(color)\" stroke=\"\(edge)\" stroke-width=\"0.8\"/>")
    case 1: raw(polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]))
    case 2: raw(polygon([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)]))
    case 3: raw(polygon([(0, -1.25), (1.05, 0), (0, 1.25), (-1.05, 0)]))
    case 4: raw(polygon([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)]))
    case 5: raw(strokes([(-0.85, -0.85), (0.85, 0.85), (-0.85, 0.85), (0.85, -0.85)]))
    case 6: raw(strokes([(-1.1, 0), (1.1, 0), (0, -1.1), (0, 1.1)]))
    case 7: raw(polygon([(-1.2, 0), (0.8, -1.1), (0.8, 1.1)]))
    case 8: raw(polygon([(1.2, 0), (-0.8, -1.1), (-0.8, 1.1)]))
    default: raw(polygon([(-0.5, -1.05), (0.5, -1.05), (1.1, 0), (0.5, 1.05), (-0.5, 1.05), (-1.1, 0)]))
    }
  }

  private func coordinates(_ points: [(x: Double, y: Double)]) -> String {
    points.map { "\(SVGWriter.number($0.x)),\(SVGWriter.number($0.y))" }.joined(separator: " ")
  }

  private func dashes(_ dash: String?) -> String { dash.map { " stroke-dasharray=\"\($0)\"" } ?? "" }

  /// About how wide a text is, in pixels, in the widest of the common sans-serif fonts (DejaVu Sans, Verdana): in the others there is room.
  static func width(of text: String, size: Double, isBold: Bool = false) -> Double {
    let share = text.unicodeScalars.reduce(0) { total, scalar -> Double in
      switch scalar {
      case "i", "j", "l", "I", "J", "'", "|": total + 0.3
      case " ", ".", ",", ":", ";", "!", "f", "t", "r", "(", ")", "[", "]", "/", "-", "·": total + 0.38
      case "⁻", "⁰", "¹", "²", "³", "⁴"..."⁹": total + 0.48
      case "c", "k", "s", "v", "x", "y", "z": total + 0.58
      case "m", "w", "M", "W", "@", "%", "=", "+", "−", "×", "±": total + 0.93
      case "A"..."Z": total + 0.72
      default: total + 0.64
      }
    }
    return share * size * (isBold ? 1.13 : 1)
  }

  /// A text broken at spaces into lines that are at most `width` wide where words allow.
  static func wrapped(_ text: String, width: Double, size: Double, isBold: Bool = false) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, SVGWriter.width(of: "\(last) \(word)", size: size, isBold: isBold) <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

/// A text for XML and HTML: markup characters spelled out, control characters left out.
func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case let scalar where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": continue
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
