import Tensor

/// An axis-parallel rectangle with its border.
public struct Rectangle: Hashable, Sendable {
  public var center: Position
  public var width: Meters
  public var height: Meters

  /// - Precondition: Both sides are positive and finite.
  public init(center: Position = .origin, width: Meters, height: Meters) {
    precondition(
      width.value > 0 && height.value > 0 && width.value.isFinite && height.value.isFinite,
      "Rectangle: needs positive sides, got \(width.value) m x \(height.value) m")
    self.center = center
    self.width = width
    self.height = height
  }

  /// A square.
  public static func square(center: Position = .origin, side: Meters) -> Rectangle {
    Rectangle(center: center, width: side, height: side)
  }

  /// Left, right, lower and upper coordinate in metres.
  @inline(__always)
  var bounds: (left: Double, right: Double, bottom: Double, top: Double) {
    (
      center.x - width.value / 2, center.x + width.value / 2, center.y - height.value / 2, center.y + height.value / 2
    )
  }

  /// The area in square metres.
  public var squareMeters: Double { width.value * height.value }

  /// Whether a point lies inside or on the border.
  public func contains(_ point: Position) -> Bool {
    let (left, right, bottom, top) = bounds
    return point.x >= left && point.x <= right && point.y >= bottom && point.y <= top
  }

  /// A point uniform over the area; takes always two numbers.
  public func uniform(using generator: inout Philox) -> Position {
    let (left, right, bottom, top) = bounds
    let x = left + generator.uniform() * width.value
    let y = bottom + generator.uniform() * height.value
    return Position(x: min(x, right), y: min(y, top))
  }
}
