import Tensor

/// Minimum distances could not be kept.
public struct DropError: Error, CustomStringConvertible, Hashable, Sendable {
  public let description: String
}

/// Nodes at independent places, each uniform over a region, with minimum distances kept by rejection.
///
/// A place that is too near to a site or to an earlier node is drawn again. So each node is exactly uniform over what the sites and the nodes
/// before it leave free (random sequential addition); with a separation, this is not the law of whole drops under the condition that
/// all distances are kept.
///
/// Attempt k of node n takes block (part, n, k) of `stream.generator(step:)` of its copy: without a separation a place depends on its own
/// name alone, and a drop of more nodes begins with the nodes of the smaller one.
public struct UniformDrop: Hashable, Sendable {
  /// Where nodes are placed; moved to each node's centre if centres are given.
  public var region: Region
  /// Least distance, in the plane, from every site.
  public var siteDistance = Meters(0)
  /// Least distance, in the plane, between two nodes of the drop.
  public var separation = Meters(0)
  /// Attempts that a node gets, 1...4096.
  public var attempts = 1000
  /// The torus on which minimum distances are measured; none: the plane.
  public var wraparound: Wraparound?

  public init(
    _ region: Region, siteDistance: Meters = Meters(0), separation: Meters = Meters(0), attempts: Int = 1000,
    wraparound: Wraparound? = nil
  ) {
    self.region = region
    self.siteDistance = siteDistance
    self.separation = separation
    self.attempts = attempts
    self.wraparound = wraparound
  }

  /// Places all nodes of all copies anew.
  ///
  /// - Parameters:
  ///   - positions: Written; heights stay. `[E, N]`
  ///   - centers: C points about which the region is laid: the first N / C nodes belong to the first, and so on. Of E copies or
  ///     of one that all share. None: the region stays where it is.
  ///   - sites: What to stay away from by `siteDistance`, of E copies or of one.
  ///   - stream: Purpose drop; copy e takes the stream whose index is greater by e.
  ///   - step: Which of the drops (an episode).
  ///   - part: Which of up to 16 sets of nodes of one drop, so that two sets share no number.
  /// - Throws: ``DropError`` if a node finds no place; the positions are then partly written.
  /// - Precondition: At most 65536 nodes.
  /// - Complexity: O(E N (S + N)) for each attempt that nodes need. Allocates nothing.
  public func draw(
    into positions: inout NodePositions, around centers: NodePositions? = nil, awayFrom sites: NodePositions? = nil,
    stream: RandomStream, step: Int = 0, part: Int = 0
  ) throws(DropError) {
    let (copies, nodes) = (positions.copies, positions.nodes)
    precondition(
      attempts >= 1 && attempts <= 4096 && nodes <= 65536 && part >= 0 && part < 16,
      "UniformDrop.draw: \(attempts) attempts, \(nodes) nodes, part \(part), where at most 4096, 65536 and 15 are possible")
    if let centers {
      precondition(
        (centers.copies == copies || centers.copies == 1) && centers.nodes > 0 && nodes % centers.nodes == 0,
        "UniformDrop.draw: \(copies) x \(nodes) nodes about \(centers.copies) x \(centers.nodes) centres")
    }
    precondition(
      sites.map { $0.copies == copies || $0.copies == 1 } ?? true,
      "UniformDrop.draw: \(copies) copies of nodes, \(sites?.copies ?? 0) of sites")
    for copy in 0..<copies {
      for node in 0..<nodes {
        var area = region
        if let centers {
          area = region.moved(to: centers[centers.copies == 1 ? 0 : copy, node / (nodes / centers.nodes)])
        }
        var attempt = 0
        while true {
          guard attempt < attempts else { throw failure(copy: copy, node: node, sites: sites?.nodes ?? 0) }
          let block = UInt32(part) << 28 | UInt32(node) << 12 | UInt32(attempt)
          var generator = Philox(
            seed: stream.seed,
            counter: (block, UInt32(truncatingIfNeeded: step), stream.index &+ UInt32(copy), stream.purpose.rawValue))
          let place = area.uniform(using: &generator)
          if isFree(place, copy: copy, node: node, of: positions, sites) {
            positions.place(copy * nodes + node, at: place)
            break
          }
          attempt += 1
        }
      }
    }
  }

  /// Whether a place is far enough from all sites and from the nodes that were placed before.
  private func isFree(_ place: Position, copy: Int, node: Int, of positions: NodePositions, _ sites: NodePositions?) -> Bool {
    if let sites, siteDistance.value > 0 {
      let first = sites.copies == 1 ? 0 : copy * sites.nodes
      for site in first..<first + sites.nodes {
        if isNear(place, sites.x[site], sites.y[site], siteDistance) { return false }
      }
    }
    if separation.value > 0 {
      for other in copy * positions.nodes..<copy * positions.nodes + node {
        if isNear(place, positions.x[other], positions.y[other], separation) { return false }
      }
    }
    return true
  }

  @inline(__always)
  private func isNear(_ place: Position, _ x: Double, _ y: Double, _ least: Meters) -> Bool {
    let (dx, dy) = (x - place.x, y - place.y)
    let square = wraparound?.squaredDistance(dx, dy) ?? (dx * dx + dy * dy)
    return square < least.value * least.value
  }

  private func failure(copy: Int, node: Int, sites: Int) -> DropError {
    var rules: [String] = []
    if siteDistance.value > 0 && sites > 0 { rules.append("\(siteDistance.value) m from each of \(sites) sites") }
    if separation.value > 0 { rules.append("\(separation.value) m from each of \(node) earlier nodes") }
    return DropError(
      description: "node \(node) of copy \(copy) found no place \(rules.joined(separator: " and ")) in \(attempts) attempts: "
        + "lower the minimum distances, place fewer nodes or enlarge the region")
  }
}
