import Tensor

/// Distances on a torus: from a point to the nearest of the translated images of another.
///
/// Every cell then has as many neighbours as the middle one, and results have no border. A cluster of t tiers tiles the plane when it is moved by
/// the six vectors of length d √(3t² + 3t + 1) that arise from lattice point (q, r) = (t + 1, t) by turns of 60°. For two points of the cluster the
/// nearest of all images is among these six and the original: twice the circumradius of the cluster is exactly the
/// distance at which the seven Voronoi cells of the translations end, d √((2t + 1)² + 1/3). A rectangle has eight neighbours.
public struct Wraparound: Hashable, Sendable {
  /// The translations; the first is none.
  public let translations: [Position]

  /// The torus of a cluster of hexagonal cells.
  public init(_ grid: HexagonalGrid) {
    var (q, r) = (grid.tiers + 1, grid.tiers)
    var translations = [Position.origin]
    for _ in 0..<6 {
      translations.append(HexagonalGrid.site(q, r, spacing: grid.interSiteDistance.value, center: .origin))
      (q, r) = (-r, q + r)
    }
    self.translations = translations
  }

  /// The torus of a rectangle, whose opposite sides meet.
  public init(_ rectangle: Rectangle) {
    var translations = [Position.origin]
    for column in -1...1 {
      for row in -1...1 where column != 0 || row != 0 {
        translations.append(Position(x: Double(column) * rectangle.width.value, y: Double(row) * rectangle.height.value))
      }
    }
    self.translations = translations
  }

  /// The shortest vector from any image of `a` to `b`, in metres; of equally short ones the first translation's.
  ///
  /// - Precondition: Both points belong to the cluster or rectangle; for others the result may not be the shortest.
  public func displacement(from a: Position, to b: Position) -> (x: Double, y: Double) {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    var best = (x: dx, y: dy)
    var least = dx * dx + dy * dy
    for k in 1..<translations.count {
      let (x, y) = (dx - translations[k].x, dy - translations[k].y)
      let square = x * x + y * y
      if square < least { (best, least) = ((x, y), square) }
    }
    return best
  }

  /// The distance between the nearest images.
  public func distance(from a: Position, to b: Position) -> Meters { Meters(squaredDistance(b.x - a.x, b.y - a.y).squareRoot()) }

  /// The square of the least distance of points whose coordinates differ by (x, y).
  @inline(__always)
  func squaredDistance(_ x: Double, _ y: Double) -> Double {
    var least = x * x + y * y
    for k in 1..<translations.count {
      let (dx, dy) = (x - translations[k].x, y - translations[k].y)
      least = min(least, dx * dx + dy * dy)
    }
    return least
  }
}
