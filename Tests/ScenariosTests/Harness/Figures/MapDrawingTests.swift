import Foundation
import Testing

@testable import Scenarios

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct MapDrawingTests {
  static func map(_ title: String, blocks: [Int?]) -> DropMap {
    var nodes = [DropMap.Node(.site, x: 0, y: 0)]
    var links: [DropMap.Link] = []
    for (index, block) in blocks.enumerated() {
      let x = Double(index) * 30 - 80
      links.append(DropMap.Link(from: nodes.count, to: nodes.count + 1, block: block))
      nodes.append(DropMap.Node(.transmitter, x: x, y: 40, block: block, label: "<\(index)>"))
      nodes.append(DropMap.Node(.receiver, x: x, y: 55, block: block))
    }
    nodes.append(DropMap.Node(.user, x: 3.5, y: -50, block: 1))
    return DropMap(
      title: title, caption: "not drawn", borders: [DropMap.Circle(x: 0, y: 0, radius: 100)], nodes: nodes, links: links, blocks: 4,
      names: [.user: "cellular user"])
  }

  static let figure = Figure(
    number: 5, title: "Who & where", caption: "a < b", maps: [map("(a) one", blocks: [0, 1, 2]), map("(b) two", blocks: [3, nil, 3])])

  private func count(_ text: String, _ part: String) -> Int { text.components(separatedBy: part).count - 1 }

  @Test func mapsStandUnderOneLegend() {
    let svg = Self.figure.svg
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    for text in ["Fig. 5. Who &amp; where", "Figure 5: Who &amp; where", "a &lt; b", "(a) one", "(b) two", "&lt;0&gt;"] {
      #expect(svg.contains(text), "\(text) is missing")
    }
    for text in ["cellular user", "base station", "transmitter", "resource block"] { #expect(count(svg, ">\(text)<") == 1, "\(text)") }
    #expect(!svg.contains("not drawn") && count(svg, "<svg") == 1)
    // A dark edge and a colour for each of six links, and three lines for each scale bar.
    #expect(count(svg, "<line ") == 2 * 6 + 2 * 3)
    // Transmitters and borders, and the legend's transmitter.
    #expect(count(svg, "<circle ") == 6 + 2 + 1)
    // The number 3 in the legend and at two pairs; the number 1 in the legend, at a pair and in two users. Pairs without a block have none.
    #expect(count(svg, ">3</text>") == 1 + 2 && count(svg, ">1</text>") == 1 + 1 + 2)
    #expect(svg == Self.figure.svg)
  }

  @Test func aCrowdHasNoNumbers() {
    var map = Self.map("crowd", blocks: [])
    map.nodes += (0..<2000).map { DropMap.Node(.transmitter, x: Double($0 % 50), y: Double($0 / 50), block: 2) }
    let svg = Figure(number: 5, title: "", caption: "", maps: [map]).svg
    #expect(count(svg, ">2</text>") == 1)
    #expect(XMLParser(data: Data(svg.utf8)).parse())
  }

  @Test(arguments: 1...7) func anyNumberOfMapsFits(maps: Int) {
    let figure = Figure(number: 1, title: "t", caption: "", maps: (0..<maps).map { Self.map("m\($0)", blocks: [0]) })
    #expect((0..<maps).allSatisfy { figure.svg.contains(">m\($0)</text>") })
    let size = figure.svg.components(separatedBy: "viewBox=\"0 0 ")[1].prefix { $0 != "\"" }.split(separator: " ").compactMap { Double($0) }
    // Frames are inside the drawing.
    for rect in figure.svg.components(separatedBy: "<rect x=\"").dropFirst() where rect.contains("#888888") {
      let numbers = rect.split(separator: "\"").compactMap { Double($0) }
      #expect(numbers[0] + numbers[2] < size[0] && numbers[1] + numbers[3] < size[1])
    }
  }

  @Test func theTableHasALineForEachNode() {
    let lines = Self.figure.csv.split(separator: "\n")
    #expect(lines.count == 1 + 2 * 8)
    #expect(lines[0] == "map,kind,x (m),y (m),block,label")
    #expect(lines[1] == "(a) one,base station,0,0,,")
    #expect(lines[2] == "(a) one,transmitter,-80,40,0,<0>")
    #expect(lines[8] == "(a) one,user,3.5,-50,1,")
    #expect(lines[12] == "(b) two,transmitter,-50,40,,<1>")
  }
}
