/// What a model does outside the range that its source gives for it.
public enum RangePolicy: Hashable, Sendable {
  /// It stops with a message that names the quantity, its value and the range.
  case enforced
  /// It computes its formula all the same.
  case extrapolated
}

/// A quantity is outside the range of a model.
public struct RangeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The model.
  public let model: String
  /// What is outside.
  public let quantity: String
  public let value: Double
  /// The least and the greatest value that the model takes.
  public let lower: Double
  public let upper: Double
  /// The unit of the three numbers.
  public let unit: String

  public var description: String {
    "\(model): the \(quantity) \(value) \(unit) is outside \(lower)...\(upper) \(unit) (the range policy .extrapolated computes it all the same)"
  }

  /// The error if `value` is not between the bounds; a NaN never is.
  init?(_ model: String, _ quantity: String, _ value: Double, in range: ClosedRange<Double>, _ unit: String) {
    if value >= range.lowerBound && value <= range.upperBound { return nil }
    self.model = model
    self.quantity = quantity
    self.value = value
    lower = range.lowerBound
    upper = range.upperBound
    self.unit = unit
  }
}

/// The range of a scenario of 3GPP TR 38.901, from the last column of Table 7.4.1-1.
public struct ScenarioRanges: Hashable, Sendable {
  /// Which distance the table bounds.
  public enum Distance: Hashable, Sendable {
    /// d₂D
    case horizontal
    /// d₃D
    case slant
  }

  public var carrier: ClosedRange<Gigahertz>
  public var baseHeight: ClosedRange<Meters>
  public var userHeight: ClosedRange<Meters>
  public var distance: Distance
  /// Of links with line of sight.
  public var losDistance: ClosedRange<Meters>
  /// Of links without.
  public var nlosDistance: ClosedRange<Meters>

  public init(
    carrier: ClosedRange<Gigahertz>, baseHeight: ClosedRange<Meters>, userHeight: ClosedRange<Meters>, distance: Distance,
    losDistance: ClosedRange<Meters>, nlosDistance: ClosedRange<Meters>
  ) {
    self.carrier = carrier
    self.baseHeight = baseHeight
    self.userHeight = userHeight
    self.distance = distance
    self.losDistance = losDistance
    self.nlosDistance = nlosDistance
  }

  /// Heights for which a table gives defaults but no range.
  public static let anyHeight = Meters(1e-3)...Meters(1e6)

  /// What is left with ``RangePolicy/extrapolated``: positive finite numbers.
  static let unlimited = ScenarioRanges(
    carrier: Gigahertz(1e-9)...Gigahertz(1e6), baseHeight: anyHeight, userHeight: anyHeight, distance: .slant,
    losDistance: Meters(1e-3)...Meters(1e9), nlosDistance: Meters(1e-3)...Meters(1e9))

  /// The distances that a state allows.
  public func distances(_ state: LineOfSight) -> ClosedRange<Meters> { state == .los ? losDistance : nlosDistance }

  func error(_ model: String, heights: LinkHeights, carrier: Hertz) -> RangeError? {
    RangeError(
      model, "carrier", Gigahertz(carrier).value, in: self.carrier.lowerBound.value...self.carrier.upperBound.value, "GHz")
      ?? RangeError(model, "base station's height", heights.base.value, in: Self.values(baseHeight), "m")
      ?? RangeError(model, "user's height", heights.user.value, in: Self.values(userHeight), "m")
  }

  func error(_ model: String, distanceOf link: LinkGeometry, _ state: LineOfSight) -> RangeError? {
    let range = Self.values(distances(state))
    let name = state == .los ? "with line of sight" : "without line of sight"
    // A negative distance would square away.
    if !(link.horizontalDistance.value >= 0) {
      return RangeError(model, "horizontal distance", link.horizontalDistance.value, in: 0...range.upperBound, "m")
    }
    switch distance {
    case .horizontal: return RangeError(model, "horizontal distance \(name)", link.horizontalDistance.value, in: range, "m")
    case .slant: return RangeError(model, "slant distance \(name)", link.slantDistance.value, in: range, "m")
    }
  }

  /// The horizontal distances that a state allows at given heights. Empty (lower above upper) if the heights alone are too far apart.
  func horizontalLimits(_ state: LineOfSight, _ heights: LinkHeights) -> (lower: Double, upper: Double) {
    let range = Self.values(distances(state))
    if distance == .horizontal { return (range.lowerBound, range.upperBound) }
    let h = heights.base.value - heights.user.value
    let nearest = range.lowerBound * range.lowerBound - h * h
    let farthest = range.upperBound * range.upperBound - h * h
    return (nearest > 0 ? nearest.squareRoot() : 0, farthest >= 0 ? farthest.squareRoot() : -1)
  }

  private static func values(_ range: ClosedRange<Meters>) -> ClosedRange<Double> {
    range.lowerBound.value...range.upperBound.value
  }
}
