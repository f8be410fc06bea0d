import Tensor

/// A scenario of 3GPP TR 38.901: path loss (Table 7.4.1-1), probability of line of sight (Table 7.4.2-1), shadowing (Tables 7.4.1-1, 7.5-6).
///
/// A model gives its lines (``LossLines``) and its law of line of sight (``LineOfSightLaw``); everything here follows from them, one link in
/// double precision or many in single precision. Outdoor users only: no penetration loss, no users in cars.
public protocol ScenarioModel: Sendable {
  /// The standard's name.
  var name: String { get }
  /// The range of the standard.
  var standardRanges: ScenarioRanges { get }
  /// What happens outside of it.
  var rangePolicy: RangePolicy { get }

  /// The loss as a function of distance and state, for given heights and a carrier.
  ///
  /// - Precondition: Heights and carrier are in `ranges`.
  func lines(heights: LinkHeights, carrier: Hertz) -> LossLines

  /// The probability of line of sight as a function of distance.
  func lineOfSightLaw(userHeight: Meters) -> LineOfSightLaw

  /// The distance over which the correlation of shadowing falls to 1/e (Table 7.5-6).
  func shadowingCorrelationDistance(_ state: LineOfSight) -> Meters
}

extension ScenarioModel {
  /// The range that is enforced.
  public var ranges: ScenarioRanges { rangePolicy == .enforced ? standardRanges : .unlimited }

  /// What of a link is outside the range, if anything is.
  public func rangeError(of link: LinkGeometry, state: LineOfSight, carrier: Hertz) -> RangeError? {
    ranges.error(name, heights: link.heights, carrier: carrier) ?? ranges.error(name, distanceOf: link, state)
  }

  /// The mean loss between isotropic antennas.
  ///
  /// For many links of the same heights take ``lines(heights:carrier:)`` once: of the time for one link nine tenths go into the lines.
  /// - Precondition: The link is in range; ask ``rangeError(of:state:carrier:)`` before where it comes from outside.
  public func loss(of link: LinkGeometry, state: LineOfSight, carrier: Hertz) -> Decibels {
    requireDistance(of: link, state)
    return Decibels(lines(heights: link.heights, carrier: carrier).value(at: link.horizontalDistance.value, state))
  }

  /// The probability that a link has line of sight: along its outdoor part, which for outdoor users is the whole, or inside the office.
  public func lineOfSightProbability(of link: LinkGeometry) -> Double {
    lineOfSightLaw(userHeight: link.heights.user).probability(at: link.horizontalDistance)
  }

  /// The standard deviation of shadowing, and the distance over which its correlation e^(−Δ/d_corr) falls to 1/e.
  public func shadowing(
    of link: LinkGeometry, state: LineOfSight, carrier: Hertz
  ) -> (deviation: Decibels, correlationDistance: Meters) {
    requireDistance(of: link, state)
    let lines = lines(heights: link.heights, carrier: carrier)
    return (lines.deviation(at: link.horizontalDistance, state), shadowingCorrelationDistance(state))
  }

  private func requireDistance(of link: LinkGeometry, _ state: LineOfSight) {
    if let error = ranges.error(name, distanceOf: link, state) { preconditionFailure(error.description) }
  }

  /// Stops with a message if heights or carrier are out of range; every `lines(heights:carrier:)` begins with it.
  public func requireRange(_ heights: LinkHeights, _ carrier: Hertz) {
    if let error = ranges.error(name, heights: heights, carrier: carrier) { preconditionFailure(error.description) }
  }

  /// d'_BP = 4 (h_BS − h_E) (h_UT − h_E) f / c   (Table 7.4.1-1, note 1), f in hertz.
  func effectiveBreakpoint(_ heights: LinkHeights, environment: Double, _ carrier: Hertz, _ speed: SpeedOfLight) -> Double {
    let (base, user) = (heights.base.value, heights.user.value)
    precondition(
      environment >= 0 && base > environment && user > environment,
      "\(name): the antennas at \(base) m and \(user) m must be above the effective environment height \(environment) m")
    return 4 * (base - environment) * (user - environment) * carrier.value / speed.value
  }
}

/// Which formula of Table 7.4.1-1 links without line of sight follow.
public enum BlockedLossFormula: Hashable, Sendable {
  /// The first, never below the loss with line of sight.
  case standard
  /// The one marked optional, with its own deviation.
  case optional
}
