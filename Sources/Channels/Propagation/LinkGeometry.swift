/// Whether a link has a clear line of sight: drawn once for a pair of positions and kept as long as they are.
public enum LineOfSight: UInt8, Hashable, Sendable, CaseIterable, BitwiseCopyable {
  /// No line of sight.
  case nlos = 0
  /// Line of sight.
  case los = 1
}

/// The heights above ground of the two ends of a link, each under its own name: no model guesses who is the base station.
public struct LinkHeights: Hashable, Sendable {
  /// h_BS, of the base station's antenna.
  public var base: Meters
  /// h_UT, of the user's antenna.
  public var user: Meters
  /// h_E, the effective environment height. Only ``UrbanMacro`` reads it; it is drawn once a link.
  public var environment: Meters

  public init(base: Meters, user: Meters, environment: Meters = Meters(1)) {
    self.base = base
    self.user = user
    self.environment = environment
  }
}

/// Where the two ends of a link stand with respect to each other.
///
/// d₃D = √(d₂D² + (h_BS − h_UT)²)   (3GPP TR 38.901, equation 7.4-1)
public struct LinkGeometry: Hashable, Sendable {
  /// d₂D, along the ground. Breakpoints, probabilities of line of sight and ranges are in terms of it.
  public var horizontalDistance: Meters
  public var heights: LinkHeights

  public init(horizontalDistance: Meters, heights: LinkHeights) {
    self.horizontalDistance = horizontalDistance
    self.heights = heights
  }

  public init(horizontalDistance: Meters, baseHeight: Meters, userHeight: Meters, environmentHeight: Meters = Meters(1)) {
    self.init(
      horizontalDistance: horizontalDistance,
      heights: LinkHeights(base: baseHeight, user: userHeight, environment: environmentHeight))
  }

  /// d₃D, from antenna to antenna. Losses are in terms of it.
  public var slantDistance: Meters {
    let d = horizontalDistance.value
    let h = heights.base.value - heights.user.value
    return Meters((d * d + h * h).squareRoot())
  }
}
