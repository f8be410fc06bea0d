import Tensor

/// Urban micro cells in street canyons: "UMi - Street Canyon" of 3GPP TR 38.901.
///
/// Table 7.4.1-1, f in GHz, distances in metres:
/// - LOS, d₂D ≤ d'_BP: 32.4 + 21 log₁₀ d₃D + 20 log₁₀ f
/// - LOS beyond: 32.4 + 40 log₁₀ d₃D + 20 log₁₀ f − 9.5 log₁₀(d'_BP² + (h_BS − h_UT)²)
/// - NLOS: max(LOS, 22.4 + 35.3 log₁₀ d₃D + 21.3 log₁₀ f − 0.3 (h_UT − 1.5)); optional 32.4 + 20 log₁₀ f + 31.9 log₁₀ d₃D
/// - d'_BP = 4 (h_BS − 1) (h_UT − 1) f_Hz / c
/// - σ = 4 dB LOS, 7.82 dB NLOS (optional 8.2); correlation distances 10 m and 13 m
///
/// Range: 0.5...100 GHz, 10 m ≤ d₂D ≤ 5 km, 1.5 m ≤ h_UT ≤ 22.5 m. The table's h_BS = 10 m is a default without a range.
public struct UrbanMicro: ScenarioModel, Hashable {
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

  public var name: String { "UMi" }

  /// The heights of the standard's evaluations: 10 m and 1.5 m.
  public static let defaultHeights = LinkHeights(base: Meters(10), user: Meters(1.5))

  public var standardRanges: ScenarioRanges {
    ScenarioRanges(
      carrier: Gigahertz(0.5)...Gigahertz(100), baseHeight: ScenarioRanges.anyHeight, userHeight: Meters(1.5)...Meters(22.5),
      distance: .horizontal, losDistance: Meters(10)...Meters(5000), nlosDistance: Meters(10)...Meters(5000))
  }

  public func lines(heights: LinkHeights, carrier: Hertz) -> LossLines {
    requireRange(heights, carrier)
    let breakpoint = effectiveBreakpoint(heights, environment: 1, carrier, speedOfLight)
    let f = Math.log10(Gigahertz(carrier).value)
    let difference = heights.base.value - heights.user.value
    let drop = 9.5 * Math.log10(breakpoint * breakpoint + difference * difference)
    let blocked =
      switch blockedLoss {
      case .standard: LossLines.Line(22.4 + 21.3 * f - 0.3 * (heights.user.value - 1.5), perDecade: 35.3, deviation: Decibels(7.82))
      case .optional: LossLines.Line(32.4 + 20 * f, perDecade: 31.9, deviation: Decibels(8.2))
      }
    return LossLines(
      self, heights,
      near: LossLines.Line(32.4 + 20 * f, perDecade: 21, deviation: Decibels(4)),
      far: LossLines.Line(32.4 + 20 * f - drop, perDecade: 40, deviation: Decibels(4)),
      blocked: blocked, breakpoint: Meters(breakpoint), blockedIsAtLeastClear: blockedLoss == .standard)
  }

  /// 1 up to 18 m, then 18/d + e^(−d/36) (1 − 18/d), whatever the height.
  public func lineOfSightLaw(userHeight: Meters) -> LineOfSightLaw {
    .street(decay: Meters(36))
  }

  public func shadowingCorrelationDistance(_ state: LineOfSight) -> Meters { state == .los ? Meters(10) : Meters(13) }
}
