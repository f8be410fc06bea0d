import Tensor

/// Urban macro cells: "UMa" of 3GPP TR 38.901.
///
/// Table 7.4.1-1, f in GHz, distances in metres:
/// - LOS, d₂D ≤ d'_BP: 28 + 22 log₁₀ d₃D + 20 log₁₀ f
/// - LOS beyond: 28 + 40 log₁₀ d₃D + 20 log₁₀ f − 9 log₁₀(d'_BP² + (h_BS − h_UT)²)
/// - NLOS: max(LOS, 13.54 + 39.08 log₁₀ d₃D + 20 log₁₀ f − 0.6 (h_UT − 1.5)); optional 32.4 + 20 log₁₀ f + 30 log₁₀ d₃D
/// - d'_BP = 4 (h_BS − h_E) (h_UT − h_E) f_Hz / c, with h_E drawn once a link, see ``EnvironmentHeightLaw``
/// - σ = 4 dB LOS, 6 dB NLOS (optional 7.8); correlation distances 37 m and 50 m
///
/// Range: 0.5...100 GHz, 10 m ≤ d₂D ≤ 5 km, 1.5 m ≤ h_UT ≤ 22.5 m. The table's h_BS = 25 m is a default without a range.
public struct UrbanMacro: ScenarioModel, Hashable {
  public var blockedLoss: BlockedLossFormula
  public var speedOfLight: SpeedOfLight
  public var rangePolicy: RangePolicy

  public init(
    blockedLoss: BlockedLossFormula = .standard, speedOfLight: SpeedOfLight = .exact, rangePolicy: RangePolicy = .enforced
  ) {
    self.blockedLoss = blockedLoss
    self.speedOfLight = speedOfLight
    self.rangePolicy = rangePolicy
  }

  public var name: String { "UMa" }

  /// The heights of the standard's evaluations: 25 m and 1.5 m, where h_E is always 1 m.
  public static let defaultHeights = LinkHeights(base: Meters(25), user: Meters(1.5))

  public var standardRanges: ScenarioRanges {
    ScenarioRanges(
      carrier: Gigahertz(0.5)...Gigahertz(100), baseHeight: ScenarioRanges.anyHeight, userHeight: Meters(1.5)...Meters(22.5),
      distance: .horizontal, losDistance: Meters(10)...Meters(5000), nlosDistance: Meters(10)...Meters(5000))
  }

  public func lines(heights: LinkHeights, carrier: Hertz) -> LossLines {
    requireRange(heights, carrier)
    let breakpoint = effectiveBreakpoint(heights, environment: heights.environment.value, carrier, speedOfLight)
    let f = Math.log10(Gigahertz(carrier).value)
    let difference = heights.base.value - heights.user.value
    let drop = 9 * Math.log10(breakpoint * breakpoint + difference * difference)
    let blocked =
      switch blockedLoss {
      case .standard: LossLines.Line(13.54 + 20 * f - 0.6 * (heights.user.value - 1.5), perDecade: 39.08, deviation: Decibels(6))
      case .optional: LossLines.Line(32.4 + 20 * f, perDecade: 30, deviation: Decibels(7.8))
      }
    return LossLines(
      self, heights,
      near: LossLines.Line(28 + 20 * f, perDecade: 22, deviation: Decibels(4)),
      far: LossLines.Line(28 + 20 * f - drop, perDecade: 40, deviation: Decibels(4)),
      blocked: blocked, breakpoint: Meters(breakpoint), blockedIsAtLeastClear: blockedLoss == .standard)
  }

  /// 1 up to 18 m, then [18/d + e^(−d/63) (1 − 18/d)] [1 + C'(h_UT) 5/4 (d/100)³ e^(−d/150)], at most 1.
  ///
  /// - Precondition: h_UT ≤ 23 m, the end of the table, unless extrapolated.
  public func lineOfSightLaw(userHeight: Meters) -> LineOfSightLaw {
    let range = rangePolicy == .enforced ? 0...23.0 : 0...1e6
    if let error = RangeError("UMa's line of sight", "user's height", userHeight.value, in: range, "m") {
      preconditionFailure(error.description)
    }
    return .street(decay: Meters(63), heightFactor: UrbanMacro.heightFactor(userHeight: userHeight))
  }

  /// C'(h_UT) of Table 7.4.2-1: 0 up to 13 m, ((h_UT − 13)/10)^1.5 above.
  public static func heightFactor(userHeight: Meters) -> Double {
    let tens = max(userHeight.value - 13, 0) / 10
    return tens * tens.squareRoot()
  }

  public func shadowingCorrelationDistance(_ state: LineOfSight) -> Meters { state == .los ? Meters(37) : Meters(50) }
}
