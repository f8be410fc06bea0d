import Tensor

/// A regular hexagon with its border, two of its sides parallel to the y axis.
///
/// It is the Voronoi cell of a site of a ``HexagonalGrid``: the distance of two opposite sides is the inter-site distance d, the
/// corners lie at 30°, 90°, ... and d / √3 from the centre, the area is d² √3 / 2.
public struct Hexagon: Hashable, Sendable {
  public var center: Position
  /// The distance from the centre to each side.
  public var inradius: Meters

  /// - Precondition: The inradius is positive and finite.
  public init(center: Position = .origin, inradius: Meters) {
    precondition(inradius.value > 0 && inradius.value.isFinite, "Hexagon: needs a positive inradius, got \(inradius.value) m")
    self.center = center
    self.inradius = inradius
  }

  static let halfRootOfThree = Math.sqrt(3) / 2

  /// The distance from the centre to each corner, which is the length of a side as well.
  public var circumradius: Meters { Meters(2 * inradius.value / Math.sqrt(3)) }

  /// The area in square metres.
  public var squareMeters: Double { 2 * Math.sqrt(3) * inradius.value * inradius.value }

  /// The corners counterclockwise, the first at 30°.
  public var corners: [Position] { (0..<6).map { corner($0) } }

  private func corner(_ k: Int) -> Position {
    let (half, side) = (inradius.value, circumradius.value)
    let (x, y): (Double, Double) =
      switch k {
      case 0: (half, side / 2)
      case 1: (0, side)
      case 2: (-half, side / 2)
      case 3: (-half, -side / 2)
      case 4: (0, -side)
      default: (half, -side / 2)
      }
    return Position(x: center.x + x, y: center.y + y)
  }

  /// The unit vector that points from the centre to the middle of side k, at 0°, 60°, ... 300°.
  @inline(__always)
  static func normal(_ k: Int) -> (x: Double, y: Double) {
    switch k {
    case 0: (1, 0)
    case 1: (0.5, halfRootOfThree)
    case 2: (-0.5, halfRootOfThree)
    case 3: (-1, 0)
    case 4: (-0.5, -halfRootOfThree)
    default: (0.5, -halfRootOfThree)
    }
  }

  /// Whether a point lies inside or on the border.
  public func contains(_ point: Position) -> Bool {
    let (x, y) = (point.x - center.x, point.y - center.y)
    let across = Hexagon.halfRootOfThree * y
    return abs(x) <= inradius.value && abs(0.5 * x + across) <= inradius.value && abs(across - 0.5 * x) <= inradius.value
  }

  /// A point uniform over the area; takes always two numbers.
  ///
  /// The hexagon falls into three rhombi, each spanned from the centre by two corners 120° apart: the first number chooses one of
  /// them and the place along its first side, the second number the place along the other.
  public func uniform(using generator: inout Philox) -> Position {
    let scaled = 3 * generator.uniform()
    let rhombus = min(Int(scaled), 2)
    let (u, v) = (scaled - Double(rhombus), generator.uniform())
    let (a, b) = (corner(2 * rhombus), corner((2 * rhombus + 2) % 6))
    return Position(
      x: center.x + u * (a.x - center.x) + v * (b.x - center.x), y: center.y + u * (a.y - center.y) + v * (b.y - center.y))
  }
}
