import Tensor

/// A point of the plane. Coordinates in metres.
public struct Position: Hashable, Sendable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  /// Where the base station of a single cell stands.
  public static let origin = Position(x: 0, y: 0)

  /// The straight distance.
  public func distance(to other: Position) -> Meters {
    let dx = x - other.x
    let dy = y - other.y
    return Meters((dx * dx + dy * dy).squareRoot())
  }
}

/// A disc without its inner part: the points whose distance from the centre lies between two radii.
public struct Ring: Hashable, Sendable {
  public var center: Position
  public var inner: Meters
  public var outer: Meters

  /// - Precondition: 0 ≤ inner < outer.
  public init(center: Position, inner: Meters, outer: Meters) {
    precondition(
      inner.value >= 0 && inner < outer, "Ring: needs 0 <= inner < outer, got \(inner.value) m and \(outer.value) m")
    self.center = center
    self.inner = inner
    self.outer = outer
  }

  /// A point uniform over the area.
  ///
  /// r = √(a² + u (b² − a²)) at a uniform angle; takes always two numbers, so that the point after it does not depend on it.
  public func uniform(using generator: inout Philox) -> Position {
    let a = inner.value
    let b = outer.value
    let radius = (a * a + generator.uniform() * (b * b - a * a)).squareRoot()
    let (sine, cosine) = Math.sinCos(2 * Double.pi * generator.uniform())
    return Position(x: center.x + radius * cosine, y: center.y + radius * sine)
  }
}
