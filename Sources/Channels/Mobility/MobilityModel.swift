/// How nodes move. Speeds are uniform over their range, headings over the circle.
public enum MobilityModel: Hashable, Sendable {
  /// How a random waypoint model begins.
  public enum WaypointStart: Hashable, Sendable {
    /// In the stationary regime: positions are drawn from its law, and no warm-up is needed.
    case stationary
    /// At the given positions, each at the beginning of a leg. Speed and density then drift until the regime is reached, after
    /// several times the longest leg (diameter over least speed).
    case given
  }

  /// Nodes stay where they are.
  case still
  /// Every node keeps its speed; the border reflects it.
  case constantVelocity(ClosedRange<MetersPerSecond>)
  /// Every node takes a new heading and speed each time that `turnEvery` has passed, all at once; the border reflects it
  /// (Camp, Boleng and Davies 2002, section 2.1). A uniform drop stays uniform.
  case randomWalk(ClosedRange<MetersPerSecond>, turnEvery: Seconds)
  /// Every node goes straight to a uniform point, at one speed a leg, rests, and goes on (Johnson and Maltz 1996). Nodes gather in the middle.
  ///
  /// The region must be convex and the least speed above zero: with a range that begins at zero the mean speed decays for ever (Yoon,
  /// Liu and Noble 2003).
  case randomWaypoint(ClosedRange<MetersPerSecond>, pause: ClosedRange<Seconds>, start: WaypointStart = .stationary)
}
