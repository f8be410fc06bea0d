import Tensor

/// A part of the plane in which nodes are placed and move.
public enum Region: Hashable, Sendable {
  /// A disc, or a disc without its inner part.
  case ring(Ring)
  case rectangle(Rectangle)
  case hexagon(Hexagon)

  /// All points up to `radius` from the centre.
  public static func disc(center: Position = .origin, radius: Meters) -> Region {
    .ring(Ring(center: center, inner: Meters(0), outer: radius))
  }

  /// A square.
  public static func square(center: Position = .origin, side: Meters) -> Region {
    .rectangle(.square(center: center, side: side))
  }

  public var center: Position {
    switch self {
    case .ring(let ring): ring.center
    case .rectangle(let rectangle): rectangle.center
    case .hexagon(let hexagon): hexagon.center
    }
  }

  /// The area in square metres.
  public var squareMeters: Double {
    switch self {
    case .ring(let ring):
      Double.pi * (ring.outer.value * ring.outer.value - ring.inner.value * ring.inner.value)
    case .rectangle(let rectangle): rectangle.squareMeters
    case .hexagon(let hexagon): hexagon.squareMeters
    }
  }

  /// The greatest distance of two of its points.
  public var diameter: Meters {
    switch self {
    case .ring(let ring): Meters(2 * ring.outer.value)
    case .rectangle(let rectangle):
      Meters((rectangle.width.value * rectangle.width.value + rectangle.height.value * rectangle.height.value).squareRoot())
    case .hexagon(let hexagon): Meters(2 * hexagon.circumradius.value)
    }
  }

  /// Whether the straight way between any two of its points stays inside.
  public var isConvex: Bool {
    if case .ring(let ring) = self { return ring.inner.value == 0 }
    return true
  }

  /// Whether a point lies inside or on the border.
  public func contains(_ point: Position) -> Bool {
    switch self {
    case .ring(let ring):
      let (dx, dy) = (point.x - ring.center.x, point.y - ring.center.y)
      let square = dx * dx + dy * dy
      return square <= ring.outer.value * ring.outer.value && square >= ring.inner.value * ring.inner.value
    case .rectangle(let rectangle): return rectangle.contains(point)
    case .hexagon(let hexagon): return hexagon.contains(point)
    }
  }

  /// A point uniform over the area; takes always two numbers.
  public func uniform(using generator: inout Philox) -> Position {
    switch self {
    case .ring(let ring): clamped(ring.uniform(using: &generator))
    case .rectangle(let rectangle): rectangle.uniform(using: &generator)
    case .hexagon(let hexagon): clamped(hexagon.uniform(using: &generator))
    }
  }

  /// The region about another centre.
  public func moved(to center: Position) -> Region {
    switch self {
    case .ring(var ring):
      ring.center = center
      return .ring(ring)
    case .rectangle(var rectangle):
      rectangle.center = center
      return .rectangle(rectangle)
    case .hexagon(var hexagon):
      hexagon.center = center
      return .hexagon(hexagon)
    }
  }

  /// A point that ``contains(_:)`` accepts: `point` itself if it is inside, else the nearest one, up to a rounding.
  public func clamped(_ point: Position) -> Position {
    if contains(point) { return point }
    switch self {
    case .rectangle(let rectangle):
      let (left, right, bottom, top) = rectangle.bounds
      return Position(x: max(left, min(point.x, right)), y: max(bottom, min(point.y, top)))
    case .hexagon(let hexagon):
      // By symmetry the nearest point lies on the side whose normal sees the point farthest out.
      let (dx, dy) = (point.x - hexagon.center.x, point.y - hexagon.center.y)
      var normal = Hexagon.normal(0)
      for k in 1..<6 {
        let other = Hexagon.normal(k)
        if dx * other.x + dy * other.y > dx * normal.x + dy * normal.y { normal = other }
      }
      let half = hexagon.circumradius.value / 2
      let along = max(-half, min(dy * normal.x - dx * normal.y, half))
      let x = hexagon.inradius.value * normal.x - along * normal.y
      let y = hexagon.inradius.value * normal.y + along * normal.x
      return nudged(x, y, outward: false)
    case .ring(let ring):
      let (dx, dy) = (point.x - ring.center.x, point.y - ring.center.y)
      let distance = (dx * dx + dy * dy).squareRoot()
      let target = distance > ring.outer.value ? ring.outer.value : max(distance, ring.inner.value)
      if distance == 0 { return nudged(ring.inner.value, 0, outward: true) }
      return nudged(dx * (target / distance), dy * (target / distance), outward: distance < ring.inner.value)
    }
  }

  /// The point at (x, y) from the centre, moved by as few roundings as make it lie inside.
  private func nudged(_ x: Double, _ y: Double, outward: Bool) -> Position {
    var shift = 0x1p-53
    var point = Position(x: center.x + x, y: center.y + y)
    while !contains(point) && shift < 1 {
      shift *= 2
      let scale = outward ? 1 + shift : 1 - shift
      point = Position(x: center.x + x * scale, y: center.y + y * scale)
    }
    return point
  }
}
