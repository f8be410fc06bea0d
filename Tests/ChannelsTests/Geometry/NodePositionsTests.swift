import Channels
import Tensor
import TestSupport
import Testing

@Suite struct NodePositionsTests {
  @Test func nodesAreNumberedCopyByCopy() {
    var nodes = NodePositions(copies: 2, nodes: 3, height: Meters(1.5))
    nodes[1, 2] = Position(x: 7, y: 8)
    nodes[0, 1] = Position(x: 1, y: 2)
    #expect(nodes.x == [0, 1, 0, 0, 0, 7])
    #expect(nodes.y == [0, 2, 0, 0, 0, 8])
    #expect(nodes.heights == [1.5, 1.5, 1.5])
    #expect(nodes[1, 2] == Position(x: 7, y: 8))
    #expect(nodes.positions(copy: 1).last == Position(x: 7, y: 8))
    #expect(nodes.copy(1).x == [0, 0, 7])
    #expect(nodes.copy(1).heights == nodes.heights)
  }

  @Test func oneCopyIsRepeated() {
    let one = NodePositions([Position(x: 1, y: 2), Position(x: 3, y: 4)], heights: [Meters(10), Meters(25)])
    let three = one.repeated(3)
    #expect(three.copies == 3)
    for copy in 0..<3 { #expect(three.copy(copy) == one) }
  }

  @Test func groupsAreWhatADrawingNeeds() {
    var nodes = NodePositions(copies: 2, nodes: 1)
    nodes[1, 0] = Position(x: 5, y: 6)
    #expect(NodeGroup(name: "users", nodes, copy: 1) == NodeGroup(name: "users", positions: [Position(x: 5, y: 6)]))
  }

  @Test func savedPositionsComeBack() throws {
    let folder = try TemporaryFolder()
    var nodes = NodePositions([Position(x: 0.1, y: -2), Position(x: 1e-300, y: 4)], height: Meters(3))
    try Archive.save(&nodes, to: folder.file("nodes"))
    var restored = NodePositions(nodes: 2)
    try Archive.restore(&restored, from: folder.file("nodes"))
    #expect(restored == nodes)
    var other = NodePositions(nodes: 3)
    #expect(throws: FileError.self) { try Archive.restore(&other, from: folder.file("nodes")) }
    nodes[0, 1] = Position(x: .nan, y: 0)
    try Archive.save(&nodes, to: folder.file("nodes"))
    #expect(throws: FileError.self) { try Archive.restore(&restored, from: folder.file("nodes")) }
  }

  @Test func refusesWrongNumbers() async {
    await #expect(processExitsWith: .failure) { _ = NodePositions(copies: 0, nodes: 1) }
    await #expect(processExitsWith: .failure) { _ = NodePositions([.origin], heights: []) }
    await #expect(processExitsWith: .failure) { _ = NodePositions(copies: 2, nodes: 2)[1, 2] }
    await #expect(processExitsWith: .failure) { _ = NodePositions(copies: 2, nodes: 2).repeated(2) }
  }
}
