import Channels
import Foundation
import TestSupport
import Testing

@testable import Scenarios

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct DropMapTests {
  private func map(pairs: Int) -> DropMap {
    var nodes = [DropMap.Node(.site, x: 0, y: 0, label: "A & B")]
    var links: [DropMap.Link] = []
    for pair in 0..<pairs {
      links.append(DropMap.Link(from: nodes.count, to: nodes.count + 1, block: pair))
      nodes.append(DropMap.Node(.transmitter, x: Double(pair) * 10, y: 5, block: pair))
      nodes.append(DropMap.Node(.receiver, x: Double(pair) * 10, y: 15, block: pair))
    }
    return DropMap(
      title: "A <drop>", caption: "caption", borders: [DropMap.Circle(x: 0, y: 0, radius: 100)], nodes: nodes, links: links, blocks: pairs)
  }

  @Test(arguments: [0, 1, 12, 40]) func theDrawingIsWellFormed(pairs: Int) {
    #expect(XMLParser(data: Data(map(pairs: pairs).svg.utf8)).parse())
  }

  @Test func everyNodeAndLinkIsDrawn() {
    let svg = map(pairs: 7).svg
    // The links with their edges, and the bar of the scale with its ends.
    #expect(svg.components(separatedBy: "<line ").count - 1 == 2 * 7 + 3)
    // Transmitters, the border, and the legend's circle.
    #expect(svg.components(separatedBy: "<circle ").count - 1 == 7 + 1 + 1)
    #expect(svg.contains("A &amp; B") && svg.contains("A &lt;drop&gt;") && svg.contains(">6</text>"))
  }

  @Test func theDropOfD2DIsThatOfItsSeed() throws {
    let pack = D2DPack()
    let request = try RunRequest(.run, of: pack, scale: .smoke, schemes: ["random"], seeds: [3], figures: [], settings: ["pairs=6"])
    let map = try #require(try pack.map(of: request))
    let drop = UnderlayDrop(D2DSettings(request.parameters).system.cell, seed: D2DSeeds(3).drop)
    #expect(map.links.count == 6 && map.nodes.count == 1 + drop.cellularUsers.count + 12)
    #expect(map.nodes.filter { $0.kind == .transmitter }.map(\.x) == drop.transmitters.map(\.x))
    #expect(map.nodes.allSatisfy { $0.kind == .site || (0..<map.blocks).contains($0.block ?? -1) })
  }
}
