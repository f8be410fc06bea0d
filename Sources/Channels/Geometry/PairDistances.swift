import Tensor

/// Which distance a model asks for.
public enum DistanceMetric: Hashable, Sendable {
  /// In the plane: d₂D.
  case horizontal
  /// With the difference of heights: d₃D = √(d₂D² + (h_a − h_b)²).
  case straight
}

extension NodePositions {
  /// Writes the distances in metres from every node to every node of `others`. `[E, N, M]`
  ///
  /// - Parameters:
  ///   - others: M nodes, of as many copies or of one that all copies share.
  ///   - metric: Whether the difference of heights counts.
  ///   - wraparound: Images to choose the nearest from; none: the plane itself.
  ///   - distances: Receives metres. `[E, N, M]`
  /// - Precondition: There is room for E N M numbers.
  /// - Complexity: O(E N M). Allocates nothing.
  public func writeDistances(
    to others: NodePositions, _ metric: DistanceMetric, wraparound: Wraparound? = nil, into distances: inout MutableSpan<Double>
  ) {
    check(others, room: distances.count)
    forEachSquare(to: others, metric, wraparound) { distances[$0] = $1.squareRoot() }
  }

  /// Writes the distances rounded to single precision.
  public func writeDistances(
    to others: NodePositions, _ metric: DistanceMetric, wraparound: Wraparound? = nil, into distances: inout MutableSpan<Float>
  ) {
    check(others, room: distances.count)
    forEachSquare(to: others, metric, wraparound) { distances[$0] = Float($1.squareRoot()) }
  }

  private func check(_ others: NodePositions, room: Int) {
    precondition(
      others.copies == copies || others.copies == 1,
      "NodePositions.writeDistances: \(copies) copies to \(others.copies)")
    precondition(
      room == copies * nodes * others.nodes,
      "NodePositions.writeDistances: \(copies) x \(nodes) x \(others.nodes) distances, room for \(room)")
  }

  /// Calls `body` with the place and the square of each distance, in the order of the places.
  @inline(__always)
  private func forEachSquare(
    to others: NodePositions, _ metric: DistanceMetric, _ wraparound: Wraparound?, _ body: (Int, Double) -> Void
  ) {
    let (x, y, heights) = (x.span, y.span, heights.span)
    let (otherX, otherY, otherHeights) = (others.x.span, others.y.span, others.heights.span)
    let others = (count: others.nodes, stride: others.copies == 1 ? 0 : others.nodes)
    var place = 0
    for copy in 0..<copies {
      let first = copy * others.stride
      for a in 0..<nodes {
        let (ax, ay) = (x[copy * nodes + a], y[copy * nodes + a])
        for b in 0..<others.count {
          let (dx, dy) = (otherX[first + b] - ax, otherY[first + b] - ay)
          var square = dx * dx + dy * dy
          if let wraparound { square = wraparound.squaredDistance(dx, dy) }
          if metric == .straight {
            let dz = otherHeights[b] - heights[a]
            square += dz * dz
          }
          body(place, square)
          place += 1
        }
      }
    }
  }
}
