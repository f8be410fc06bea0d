import Tensor

/// Offices: "InH - Office" of 3GPP TR 38.901.
///
/// Table 7.4.1-1, f in GHz, distances in metres:
/// - LOS: 32.4 + 17.3 log₁₀ d₃D + 20 log₁₀ f
/// - NLOS: max(LOS, 17.3 + 38.3 log₁₀ d₃D + 24.9 log₁₀ f); optional 32.4 + 20 log₁₀ f + 31.9 log₁₀ d₃D
/// - σ = 3 dB LOS, 8.03 dB NLOS (optional 8.29); correlation distances 10 m and 6 m
///
/// Range: 0.5...100 GHz, 1 m ≤ d₃D ≤ 150 m. The table gives heights no range.
public struct IndoorOffice: ScenarioModel, Hashable {
  /// How the office is furnished; only the probability of line of sight depends on it.
  public enum Layout: Hashable, Sendable, CaseIterable {
    /// Cubicles and rooms.
    case mixed
    /// One open space.
    case open
  }

  public var layout: Layout
  public var blockedLoss: BlockedLossFormula
  public var rangePolicy: RangePolicy

  public init(_ layout: Layout, blockedLoss: BlockedLossFormula = .standard, rangePolicy: RangePolicy = .enforced) {
    self.layout = layout
    self.blockedLoss = blockedLoss
    self.rangePolicy = rangePolicy
  }

  public var name: String { layout == .mixed ? "InH mixed office" : "InH open office" }

  /// The heights of the standard's evaluations: 3 m (a ceiling) and 1 m.
  public static let defaultHeights = LinkHeights(base: Meters(3), user: Meters(1))

  public var standardRanges: ScenarioRanges {
    ScenarioRanges(
      carrier: Gigahertz(0.5)...Gigahertz(100), baseHeight: ScenarioRanges.anyHeight, userHeight: ScenarioRanges.anyHeight,
      distance: .slant, losDistance: Meters(1)...Meters(150), nlosDistance: Meters(1)...Meters(150))
  }

  public func lines(heights: LinkHeights, carrier: Hertz) -> LossLines {
    requireRange(heights, carrier)
    let f = Math.log10(Gigahertz(carrier).value)
    let clear = LossLines.Line(32.4 + 20 * f, perDecade: 17.3, deviation: Decibels(3))
    let blocked =
      switch blockedLoss {
      case .standard: LossLines.Line(17.3 + 24.9 * f, perDecade: 38.3, deviation: Decibels(8.03))
      case .optional: LossLines.Line(32.4 + 20 * f, perDecade: 31.9, deviation: Decibels(8.29))
      }
    return LossLines(
      self, heights, near: clear, far: clear, blocked: blocked, breakpoint: Meters(.infinity), blockedIsAtLeastClear: blockedLoss == .standard)
  }

  /// Mixed: 1 up to 1.2 m, e^(−(d − 1.2)/4.7) below 6.5 m, then 0.32 e^(−(d − 6.5)/32.6).
  /// Open: 1 up to 5 m, e^(−(d − 5)/70.8) up to 49 m, then 0.54 e^(−(d − 49)/211.7).
  public func lineOfSightLaw(userHeight: Meters) -> LineOfSightLaw {
    switch layout {
    case .mixed: .steps(certain: Meters(1.2), first: Meters(4.7), edge: Meters(6.5), firstOwnsEdge: false, weight: 0.32, second: Meters(32.6))
    case .open: .steps(certain: Meters(5), first: Meters(70.8), edge: Meters(49), weight: 0.54, second: Meters(211.7))
    }
  }

  public func shadowingCorrelationDistance(_ state: LineOfSight) -> Meters { state == .los ? Meters(10) : Meters(6) }
}
