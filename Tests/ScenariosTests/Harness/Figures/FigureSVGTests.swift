import Foundation
import Testing

@testable import Scenarios

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads XML and counts its elements.
private final class ElementCounter: NSObject, XMLParserDelegate {
  var counts: [String: Int] = [:]
  var texts: [String] = []
  var numbers: [Double] = []
  private var current = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
  ) {
    counts[name, default: 0] += 1
    current = ""
    for key in ["x", "y", "x1", "y1", "cx", "cy"] { if let value = attributes[key] { numbers.append(Double(value) ?? .nan) } }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) { current += text }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if name == "text" || name == "title" || name == "desc" { texts.append(current) }
    current = ""
  }

  static func read(_ text: String) -> ElementCounter? {
    let counter = ElementCounter()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = counter
    return parser.parse() ? counter : nil
  }
}

@Suite struct FigureSVGTests {
  static func figure(_ change: (inout Panel) -> Void = { _ in }) -> Figure {
    func series(_ name: String, _ offset: Double, isReference: Bool = false) -> Series {
      Series(
        name, isReference: isReference,
        points: [10, 20, 30].map { .init(x: $0, mean: $0 + offset, low: $0 + offset - 1, high: $0 + offset + 1, seeds: 3) })
    }
    var panel = Panel(
      x: Axis("pairs"), y: Axis("rate <of> all", unit: "bit/s/Hz"), series: [series("MAAC & friends", 0), series("oracle", 5, isReference: true)],
      references: [ReferenceLine(.horizontal(20), label: "limit")])
    change(&panel)
    return Figure(number: 9, title: "Rate \"of\" <D2D>", caption: "a & b", panels: [panel])
  }

  @Test func longNamesAreBrokenToTheirPlaces() throws {
    let long = ["Full offloading of everything", "Local computing of everything", "Gain-reading heuristic for all", "Something else again here"]
    let names = long + ["e", "f", "g"]
    let figure = Self.figure { panel in
      panel.x = Axis(names: names)
      panel.series = [Series("one", kind: .column, points: names.indices.map { .init(x: Double($0), mean: 1, low: 1, high: 1, seeds: 1) })]
    }
    let drawing = try #require(ElementCounter.read(figure.svg))
    #expect(drawing.texts.contains("Full") && !drawing.texts.contains(names[0]))
    for text in drawing.texts where names.contains(where: { $0.contains(text) }) { #expect(SVGWriter.width(of: text, size: 12) < 80, "\(text)") }
  }

  /// Two schemes at three named places: six columns with a line each, from the ground that zero is.
  @Test func columnsStandSideBySideOnZero() throws {
    let figure = Self.figure { panel in
      panel.x = Axis(names: ["total", "local", "edge"])
      panel.references = []
      panel.series = ["one", "two"].enumerated().map { index, name in
        Series(name, kind: .column, points: (0..<3).map { .init(x: Double($0), mean: 2 + Double(index), low: 1.5, high: 3.5, seeds: 3) })
      }
    }
    let drawing = try #require(ElementCounter.read(figure.svg))
    #expect(drawing.counts["polyline"] == nil)
    for text in ["total", "local", "edge", "one", "two", "0"] { #expect(drawing.texts.contains(text), "\(text)") }
    let rows = figure.csv.split(separator: "\n")
    #expect(rows.count == 7 && rows[1].hasPrefix("total,one,2") && rows[6].hasPrefix("edge,two,3"))
    // No two columns of a place overlap.
    let columns = figure.svg.split(separator: "<polygon points=\"").dropFirst().filter { $0.contains("stroke=\"none\"") }.map { part in
      part.prefix { $0 != "\"" }.split(separator: " ").map { Double($0.split(separator: ",")[0])! }
    }
    #expect(columns.count == 6)
    let sides = columns.map { ($0.min()!, $0.max()!) }.sorted { $0.0 < $1.0 }
    #expect(zip(sides, sides.dropFirst()).allSatisfy { $0.1 <= $1.0 })
  }

  @Test func isWellFormedAndComplete() throws {
    let drawing = try #require(ElementCounter.read(Self.figure().svg))
    #expect(drawing.counts["svg"] == 1)
    #expect(drawing.counts["polyline"] == 2)
    // Each series has its band, and in the legend and at every point its marker.
    #expect(drawing.counts["circle"] == 4)
    for text in ["Figure 9: Rate \"of\" <D2D>", "a & b", "MAAC & friends", "oracle", "pairs", "rate <of> all (bit/s/Hz)", "limit", "10", "30"] {
      #expect(drawing.texts.contains(text), "\(text) is missing in \(drawing.texts)")
    }
    #expect(drawing.numbers.allSatisfy { $0.isFinite })
  }

  @Test func hasTheSameBytesEachTime() {
    #expect(Self.figure().svg == Self.figure().svg)
  }

  @Test(arguments: [0.0, 1, -5, 1e-12, 1e12]) func everySizeOfNumberFits(value: Double) throws {
    let points = [0.0, 1].map { Series.Point(x: $0 * value, mean: value, low: value, high: value, seeds: 1) }
    for isLogarithmic in [false, true] {
      let figure = Self.figure { panel in
        panel.series = [Series("s", points: points)]
        panel.references = []
        panel.y.isLogarithmic = isLogarithmic
        panel.x.isLogarithmic = isLogarithmic
      }
      let drawing = try #require(ElementCounter.read(figure.svg))
      #expect(drawing.numbers.allSatisfy { $0.isFinite && $0 > -10 && $0 < 700 })
    }
  }

  @Test func emptyAndOddDataAreDrawn() throws {
    let empty = try #require(ElementCounter.read(Self.figure { $0.series = [Series("none", points: [])] }.svg))
    #expect(empty.texts.contains("no data in this run"))
    let none = try #require(ElementCounter.read(Figure(number: 1, title: "", caption: "", panels: []).svg))
    #expect(none.counts["svg"] == 1)
    // A logarithmic axis shows positive numbers; a band that reaches below ends at the axis.
    let logarithmic = Self.figure { panel in
      panel.y.isLogarithmic = true
      panel.references = []
      panel.series = [
        Series("s", points: [.init(x: 1, mean: 0, low: -1, high: 1, seeds: 3), .init(x: 2, mean: 0.1, low: -0.1, high: 0.3, seeds: 3)])
      ]
    }
    let drawing = try #require(ElementCounter.read(logarithmic.svg))
    #expect(drawing.numbers.allSatisfy { $0.isFinite })
    #expect(drawing.counts["circle"] == 2)
  }

  @Test func longSeriesAreThinned() throws {
    let points = (0..<100_000).map { Series.Point(x: Double($0), mean: Double($0 % 7), low: 0, high: 7, seeds: 3) }
    let svg = Self.figure { $0.series = [Series("s", points: points)] }.svg
    #expect(svg.utf8.count < 40_000)
    #expect(ElementCounter.read(svg) != nil)
  }

  /// Every text lies in the drawing with a margin, as wide as it is in the widest font.
  @Test func longTitlesAreBroken() throws {
    let long = "Outage probability of cellular links against the number of D2D pairs in one cell with one base station"
    let first = Self.figure { panel in
      panel.title = long
      panel.x.label = long
      panel.y.label = long
    }
    for panels in 1...3 {
      let figure = Figure(number: 7, title: long, caption: "", panels: Array(repeating: first.panels[0], count: panels))
      let width = Double(figure.svg.components(separatedBy: "viewBox=\"0 0 ")[1].prefix { $0 != " " })!
      let titles = figure.svg.components(separatedBy: "\n").filter { $0.contains("font-size=\"15\"") }
      #expect(titles.count >= (panels == 1 ? 2 : 1))
      for line in titles {
        let text = line.components(separatedBy: ">")[1].components(separatedBy: "<")[0]
        #expect(14 + SVGWriter.width(of: text, size: 15, isBold: true) <= width - 14)
      }
      // The panel's title, its captions and the figure's title, all in full.
      let words = figure.svg.components(separatedBy: "</text>").joined(separator: " ")
      #expect(words.components(separatedBy: "probability").count - 1 >= 1 + 3 * panels)
    }
  }

  @Test func eightSchemesLookDifferent() {
    let names = ["a", "b", "c", "d", "e", "f", "random", "oracle"]
    let figure = Self.figure { panel in
      panel.references = []
      panel.series = names.map { name in
        Series(name, isReference: name.count > 1, points: [.init(x: 1, mean: 1, low: 1, high: 1, seeds: 1)])
      }
    }
    // In the legend each has its line and its marker; the markers' elements differ in more than place.
    let legend = figure.svg.components(separatedBy: "\n").filter { $0.hasPrefix("<line") && $0.contains("stroke-width=\"1.8\"") }
    let looks = legend.map { $0.components(separatedBy: "stroke=")[1] }
    #expect(looks.count == 8 && Set(looks).count == 8)
    #expect(looks.filter { $0.contains("stroke-dasharray") }.count == 2)
    // Only one scheme is a cross of strokes.
    #expect(figure.svg.components(separatedBy: "<path ").count - 1 == 2)
  }
}
