import Tensor

/// The positions of the N nodes of E copies, as arrays of coordinates in metres.
///
/// Node n of copy e has number e N + n. Heights belong to the nodes and are the same in every copy.
public struct NodePositions: Archivable, Hashable, Sendable {
  /// E
  public let copies: Int
  /// N
  public let nodes: Int
  /// `[E, N]`
  public internal(set) var x: [Double]
  /// `[E, N]`
  public internal(set) var y: [Double]
  /// `[N]`
  public private(set) var heights: [Double]

  /// Nodes that all stand at the origin.
  ///
  /// - Precondition: At least one copy, and no negative number of nodes.
  public init(copies: Int = 1, nodes: Int, height: Meters = Meters(0)) {
    precondition(copies > 0 && nodes >= 0, "NodePositions: needs copies, got \(copies) of \(nodes) nodes")
    self.copies = copies
    self.nodes = nodes
    x = Array(repeating: 0, count: copies * nodes)
    y = x
    heights = Array(repeating: height.value, count: nodes)
  }

  /// One copy of given positions, all at one height.
  public init(_ positions: [Position], height: Meters = Meters(0)) {
    self.init(positions, heights: Array(repeating: height, count: positions.count))
  }

  /// One copy of given positions.
  ///
  /// - Precondition: A height for each position.
  public init(_ positions: [Position], heights: [Meters]) {
    precondition(heights.count == positions.count, "NodePositions: \(positions.count) positions, \(heights.count) heights")
    copies = 1
    nodes = positions.count
    x = positions.map(\.x)
    y = positions.map(\.y)
    self.heights = heights.map(\.value)
  }

  /// One node of one copy.
  public subscript(copy: Int, node: Int) -> Position {
    get {
      check(copy, node)
      return Position(x: x[copy * nodes + node], y: y[copy * nodes + node])
    }
    set {
      check(copy, node)
      x[copy * nodes + node] = newValue.x
      y[copy * nodes + node] = newValue.y
    }
  }

  private func check(_ copy: Int, _ node: Int) {
    precondition(
      copy >= 0 && copy < copies && node >= 0 && node < nodes,
      "NodePositions: node \(node) of copy \(copy), where there are \(copies) copies of \(nodes) nodes")
  }

  /// The nodes of one copy, in order.
  public func positions(copy: Int = 0) -> [Position] { (0..<nodes).map { self[copy, $0] } }

  /// Those of one copy alone.
  public func copy(_ copy: Int) -> NodePositions { NodePositions(positions(copy: copy), heights: heights.map(Meters.init)) }

  /// The same nodes in each of `count` copies.
  ///
  /// - Precondition: There is one copy, and `count` is positive.
  public func repeated(_ count: Int) -> NodePositions {
    precondition(copies == 1, "NodePositions.repeated: needs one copy, got \(copies)")
    var result = NodePositions(copies: count, nodes: nodes)
    result.heights = heights
    for copy in 0..<count {
      for node in 0..<nodes { result[copy, node] = self[0, node] }
    }
    return result
  }

  /// Moves a node by its number e N + n.
  @inline(__always)
  mutating func place(_ index: Int, at position: Position) {
    x[index] = position.x
    y[index] = position.y
  }

  /// Takes the coordinates and heights of as many nodes into its own memory.
  mutating func copy(from other: NodePositions) {
    for i in x.indices {
      x[i] = other.x[i]
      y[i] = other.y[i]
    }
    for n in heights.indices { heights[n] = other.heights[n] }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("x", &x)
    try archive.array("y", &y)
    try archive.array("heights", &heights)
    if archive.isReading && !(x + y + heights).allSatisfy(\.isFinite) { throw archive.failure("a position is no number") }
  }
}

/// Positions with a name, for whoever draws or lists a drop.
public struct NodeGroup: Hashable, Sendable {
  /// What the nodes are, in the plural: "sites", "users".
  public var name: String
  public var positions: [Position]

  public init(name: String, positions: [Position]) {
    self.name = name
    self.positions = positions
  }

  /// The nodes of one copy.
  public init(name: String, _ nodes: NodePositions, copy: Int = 0) {
    self.init(name: name, positions: nodes.positions(copy: copy))
  }
}
