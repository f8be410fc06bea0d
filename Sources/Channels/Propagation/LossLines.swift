import Tensor

/// A loss that is made of straight lines over the logarithm of distance, as all of 3GPP TR 38.901's are once heights and carrier are fixed.
///
/// Each line is PL(d₃D) = α + β log₁₀ d₃D + γ d₃D, distances in metres. With line of sight, `near` holds up to the breakpoint d₂D ≤ d_BP and
/// `far` beyond; without, PL_NLOS = max(PL_LOS, `blocked`), or `blocked` alone for the optional formulas.
public struct LossLines: Hashable, Sendable {
  /// One line and the shadowing round it.
  public struct Line: Hashable, Sendable {
    /// α in dB.
    public var constant: Double
    /// β in dB.
    public var perDecade: Double
    /// γ in dB/m.
    public var perMeter: Double
    /// σ_SF.
    public var deviation: Decibels

    /// α, β and γ in dB, dB a decade and dB/m.
    public init(_ constant: Double, perDecade: Double, perMeter: Double = 0, deviation: Decibels) {
      self.constant = constant
      self.perDecade = perDecade
      self.perMeter = perMeter
      self.deviation = deviation
    }

    func callAsFunction(_ distance: Double) -> Double {
      constant + perDecade * Math.log10(distance) + perMeter * distance
    }
  }

  /// The model, for messages.
  public let name: String
  public let near: Line
  public let far: Line
  public let blocked: Line
  /// d_BP, a horizontal distance; infinite for models without.
  public let breakpoint: Meters
  /// Whether a loss without line of sight is at least that with.
  public let blockedIsAtLeastClear: Bool
  let heightDifference: Double
  let losLimits: Limits
  let nlosLimits: Limits

  struct Limits: Hashable, Sendable {
    var lower: Double
    var upper: Double
  }

  /// - Parameters:
  ///   - model: Gives name and ranges.
  ///   - heights: h_BS and h_UT, for d₃D and the ranges.
  ///   - near: The line up to the breakpoint, with line of sight.
  ///   - far: The line beyond the breakpoint, with line of sight.
  ///   - blocked: The line without line of sight.
  ///   - breakpoint: d_BP, a horizontal distance; infinite if `far` is never reached.
  ///   - blockedIsAtLeastClear: Whether a loss without line of sight is at least that with.
  /// - Precondition: `far` and `blocked` have no term γ, and both states begin at the same distance.
  public init(
    _ model: some ScenarioModel, _ heights: LinkHeights, near: Line, far: Line, blocked: Line, breakpoint: Meters,
    blockedIsAtLeastClear: Bool
  ) {
    name = model.name
    self.near = near
    self.far = far
    self.blocked = blocked
    self.breakpoint = breakpoint
    self.blockedIsAtLeastClear = blockedIsAtLeastClear
    heightDifference = heights.base.value - heights.user.value
    let los = model.ranges.horizontalLimits(.los, heights)
    let nlos = model.ranges.horizontalLimits(.nlos, heights)
    losLimits = Limits(lower: los.lower, upper: los.upper)
    nlosLimits = Limits(lower: nlos.lower, upper: nlos.upper)
    precondition(
      far.perMeter == 0 && blocked.perMeter == 0 && los.lower == nlos.lower, "LossLines: \(name) does not have the form that batches compute")
  }

  /// The loss at a horizontal distance.
  ///
  /// - Precondition: The distance is in the range of the model.
  public func loss(at horizontalDistance: Meters, _ state: LineOfSight) -> Decibels {
    let limits = state == .los ? losLimits : nlosLimits
    let d = horizontalDistance.value
    precondition(d >= limits.lower && d <= limits.upper, refusal(d, limits.lower, limits.upper))
    return Decibels(value(at: d, state))
  }

  /// The deviation of shadowing at a horizontal distance.
  public func deviation(at horizontalDistance: Meters, _ state: LineOfSight) -> Decibels {
    state == .nlos ? blocked.deviation : horizontalDistance <= breakpoint ? near.deviation : far.deviation
  }

  func value(at d: Double, _ state: LineOfSight) -> Double {
    let distance = (d * d + heightDifference * heightDifference).squareRoot()
    if state == .nlos && !blockedIsAtLeastClear { return blocked(distance) }
    let clear = d <= breakpoint.value ? near(distance) : far(distance)
    return state == .los ? clear : max(clear, blocked(distance))
  }

  func refusal(_ d: Double, _ lower: Double, _ upper: Double) -> String {
    "\(name): the horizontal distance \(d) m is outside \(lower)...\(upper) m for its state and heights "
      + "(the range policy .extrapolated computes it all the same)"
  }
}

/// The lines in single precision, over ln d₃D².
struct SingleLines {
  let heightSquared: Float
  let near: Float
  let nearSlope: Float
  let nearPerMeter: Float
  let far: Float
  let farSlope: Float
  let blocked: Float
  let blockedSlope: Float
  /// What a loss without line of sight may be below that with: 0, or −∞ where it may be anything.
  let bound: Float
  let breakpoint: Float
  let lower: Float
  let losUpper: Float
  let nlosUpper: Float

  init(_ lines: LossLines) {
    // β log₁₀ d = β / (2 ln 10) · ln d²
    let toSquare = 0.21714724095162591
    heightSquared = Float(lines.heightDifference * lines.heightDifference)
    near = Float(lines.near.constant)
    nearSlope = Float(lines.near.perDecade * toSquare)
    nearPerMeter = Float(lines.near.perMeter)
    far = Float(lines.far.constant)
    farSlope = Float(lines.far.perDecade * toSquare)
    blocked = Float(lines.blocked.constant)
    blockedSlope = Float(lines.blocked.perDecade * toSquare)
    bound = lines.blockedIsAtLeastClear ? 0 : -.infinity
    breakpoint = SingleLines.atMost(lines.breakpoint.value)
    lower = -SingleLines.atMost(-lines.losLimits.lower)
    losUpper = SingleLines.atMost(lines.losLimits.upper)
    nlosUpper = SingleLines.atMost(lines.nlosLimits.upper)
  }

  /// The greatest number of single precision that is not above `x`, so that comparisons with it decide as with `x`.
  static func atMost(_ x: Double) -> Float {
    let rounded = Float(x)
    return Double(rounded) > x ? rounded.nextDown : rounded
  }

  /// One link from ln d₃D² and d₃D.
  @inline(__always)
  func loss(_ d: Float, logSquare: Float, slant: Float, isClear: Bool) -> Float {
    let near = self.near + nearSlope * logSquare + nearPerMeter * slant
    let far = self.far + farSlope * logSquare
    let clear = d <= breakpoint ? near : far
    let blocked = self.blocked + blockedSlope * logSquare
    let least = clear + bound
    return isClear ? clear : (blocked > least ? blocked : least)
  }
}

extension LossLines {
  /// The losses in decibels of many links of the same heights, in single precision. Allocates nothing.
  ///
  /// Within 10⁻³ dB of ``loss(at:_:)``. Each result depends on its own link alone: E copies in one call have the bits of E calls, and every
  /// CPU gives the same.
  ///
  /// - Parameters:
  ///   - horizontalDistances: d₂D in metres. `[links]`
  ///   - states: `[links]`
  ///   - losses: `[links]`
  /// - Precondition: Equal counts; every distance in range.
  /// - Complexity: O(links)
  public func losses(
    horizontalDistances: Span<Float>, states: Span<LineOfSight>, into losses: inout MutableSpan<Float>
  ) {
    let count = losses.count
    precondition(
      horizontalDistances.count == count && states.count == count,
      "LossLines.losses: \(horizontalDistances.count) distances, \(states.count) states, \(count) losses")
    let lines = SingleLines(self)
    var refused: Int32 = 0
    for i in 0..<count {
      let d = horizontalDistances[i]
      let upper = states[i] == .los ? lines.losUpper : lines.nlosUpper
      refused &+= d >= lines.lower && d <= upper ? 0 : 1
      losses[i] = d * d + lines.heightSquared
    }
    if refused > 0 { refuse(horizontalDistances, states) }
    VectorMath.apply(.log, to: &losses)
    for i in 0..<count {
      let d = horizontalDistances[i]
      let slant = (d * d + lines.heightSquared).squareRoot()
      losses[i] = lines.loss(d, logSquare: losses[i], slant: slant, isClear: states[i] == .los)
    }
  }

  /// The deviations of shadowing in decibels of many links. `[links]`
  ///
  /// - Complexity: O(links)
  public func deviations(
    horizontalDistances: Span<Float>, states: Span<LineOfSight>, into deviations: inout MutableSpan<Float>
  ) {
    let count = deviations.count
    precondition(
      horizontalDistances.count == count && states.count == count,
      "LossLines.deviations: \(horizontalDistances.count) distances, \(states.count) states, \(count) deviations")
    let (near, far, blocked) = (Float(near.deviation.value), Float(far.deviation.value), Float(blocked.deviation.value))
    let breakpoint = SingleLines.atMost(breakpoint.value)
    for i in 0..<count {
      let clear = horizontalDistances[i] <= breakpoint ? near : far
      deviations[i] = states[i] == .los ? clear : blocked
    }
  }

  @inline(never)
  private func refuse(_ distances: Span<Float>, _ states: Span<LineOfSight>) -> Never {
    for i in 0..<distances.count {
      let limits = states[i] == .los ? losLimits : nlosLimits
      let d = Double(distances[i])
      if !(d >= limits.lower && d <= limits.upper) { preconditionFailure("link \(i): " + refusal(d, limits.lower, limits.upper)) }
    }
    preconditionFailure("LossLines.losses: a distance of \(name) is out of range")
  }
}
