import Tensor

/// A direction and a speed: metres per second along x and y.
public struct Velocity: Hashable, Sendable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  /// - Parameters:
  ///   - speed: The vector's length.
  ///   - heading: The angle from the x axis in radians.
  public init(_ speed: MetersPerSecond, heading: Double) {
    let (sine, cosine) = Math.sinCos(heading)
    x = speed.value * cosine
    y = speed.value * sine
  }

  public static let zero = Velocity(x: 0, y: 0)

  public var speed: MetersPerSecond { MetersPerSecond((x * x + y * y).squareRoot()) }
}

extension Region {
  /// Moves a point along a straight line that the border reflects like a mirror.
  ///
  /// A rectangle unfolds: the coordinate that ignores walls, modulo twice the side, folded back in closed form. At a circle and at the sides of a
  /// hexagon the way is followed from wall to wall. The speed is kept, and the point that results lies inside as
  /// ``contains(_:)`` sees it.
  ///
  /// - Precondition: The time is neither negative nor infinite.
  /// - Complexity: O(1) in a rectangle, else O(reflections); after 2²⁰ of them in one call the point rests, which only a way almost along the border
  ///   of a disc can bring about.
  public func reflect(_ position: inout Position, _ velocity: inout Velocity, for time: Seconds) {
    precondition(time.value >= 0 && time.value.isFinite, "Region.reflect: the time must be finite and not negative, got \(time.value) s")
    switch self {
    case .rectangle(let rectangle):
      let (left, right, bottom, top) = rectangle.bounds
      Region.fold(&position.x, &velocity.x, left, right, time.value)
      Region.fold(&position.y, &velocity.y, bottom, top, time.value)
    case .ring, .hexagon:
      let straight = Position(x: position.x + velocity.x * time.value, y: position.y + velocity.y * time.value)
      // A ring that is no disc can be left and entered again by a straight line.
      if isConvex && contains(straight) {
        position = straight
      } else {
        follow(&position, &velocity, time.value)
      }
    }
  }

  /// One coordinate between two walls.
  @inline(__always)
  private static func fold(_ place: inout Double, _ velocity: inout Double, _ low: Double, _ high: Double, _ time: Double) {
    let next = place + velocity * time
    if next >= low && next <= high {
      place = next
      return
    }
    let length = high - low
    let unfolded = next - low
    let remainder = unfolded - 2 * length * (unfolded / (2 * length)).rounded(.down)
    if remainder > length {
      velocity = -velocity
      place = low + (2 * length - remainder)
    } else {
      place = low + remainder
    }
    place = max(low, min(place, high))
  }

  /// The way from wall to wall, in coordinates about the centre.
  private func follow(_ position: inout Position, _ velocity: inout Velocity, _ time: Double) {
    let center = center
    var (x, y) = (position.x - center.x, position.y - center.y)
    let speed = velocity.speed.value
    var left = time
    var reflections = 0
    while reflections < 1 << 20, let hit = wall(x, y, velocity, within: left) {
      x += velocity.x * hit.time
      y += velocity.y * hit.time
      left -= hit.time
      let (normalX, normalY) = hit.curved ? unit(x, y) : hit.normal
      let outward = 2 * (velocity.x * normalX + velocity.y * normalY)
      velocity.x -= outward * normalX
      velocity.y -= outward * normalY
      // Rounding must not add up to another speed over many reflections.
      let scale = speed / velocity.speed.value
      velocity.x *= scale
      velocity.y *= scale
      reflections += 1
    }
    if reflections < 1 << 20 {
      x += velocity.x * left
      y += velocity.y * left
    }
    position = clamped(Position(x: center.x + x, y: center.y + y))
  }

  private func unit(_ x: Double, _ y: Double) -> (Double, Double) {
    let length = (x * x + y * y).squareRoot()
    return (x / length, y / length)
  }

  /// When a way meets the first wall that it runs into.
  private func wall(_ x: Double, _ y: Double, _ velocity: Velocity, within time: Double) -> Hit? {
    switch self {
    case .rectangle: return nil
    case .hexagon(let hexagon):
      var first: Hit?
      for k in 0..<6 {
        let normal = Hexagon.normal(k)
        let approach = velocity.x * normal.x + velocity.y * normal.y
        guard approach > 0 else { continue }
        let distance = hexagon.inradius.value - (x * normal.x + y * normal.y)
        let hit = max(0, distance / approach)
        if hit < (first?.time ?? time) { first = Hit(time: hit, curved: false, normal: normal) }
      }
      return first
    case .ring(let ring):
      // |p + v s|² = r², that is a s² + 2 b s + c = 0.
      let a = velocity.x * velocity.x + velocity.y * velocity.y
      guard a > 0 else { return nil }
      let b = x * velocity.x + y * velocity.y
      let square = x * x + y * y
      if ring.inner.value > 0 && b < 0 {
        let c = square - ring.inner.value * ring.inner.value
        let discriminant = b * b - a * c
        if discriminant > 0 {
          // c / (−b + √) is the smaller root without cancellation.
          let hit = max(0, c / (-b + discriminant.squareRoot()))
          return hit < time ? Hit(time: hit, curved: true, normal: (0, 0)) : nil
        }
      }
      let c = square - ring.outer.value * ring.outer.value
      let root = max(0, b * b - a * c).squareRoot()
      let hit = max(0, b > 0 ? -c / (b + root) : (root - b) / a)
      return hit < time ? Hit(time: hit, curved: true, normal: (0, 0)) : nil
    }
  }

  private struct Hit {
    var time: Double
    /// The wall is part of a circle about the centre: its normal is the radius.
    var curved: Bool
    var normal: (x: Double, y: Double)
  }
}
