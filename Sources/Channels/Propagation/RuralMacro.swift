import Tensor

/// Rural macro cells: "RMa" of 3GPP TR 38.901.
///
/// Table 7.4.1-1, f in GHz, distances in metres, W the streets' width and h the buildings' average height:
/// - PL₁(d) = 20 log₁₀(40π d f / 3) + min(0.03 h^1.72, 10) log₁₀ d − min(0.044 h^1.72, 14.77) + 0.002 log₁₀(h) d
/// - LOS, d₂D ≤ d_BP: PL₁(d₃D); beyond: PL₁(d_BP) + 40 log₁₀(d₃D / d_BP)
/// - NLOS: max(LOS, 161.04 − 7.1 log₁₀ W + 7.5 log₁₀ h − (24.37 − 3.7 (h/h_BS)²) log₁₀ h_BS + (43.42 − 3.1 log₁₀ h_BS) (log₁₀ d₃D − 3)
///   + 20 log₁₀ f − (3.2 log₁₀²(11.75 h_UT) − 4.97))
/// - d_BP = 2π h_BS h_UT f_Hz / c, without effective heights
/// - σ = 4 dB LOS up to d_BP, 6 dB beyond, 8 dB NLOS; correlation distances 37 m and 120 m
///
/// The loss jumps at d_BP, because PL₁ takes d_BP there and d₃D before.
/// Range: 0.5...30 GHz, 10 m ≤ d₂D ≤ 10 km (5 km NLOS), 10 m ≤ h_BS ≤ 150 m, 1 m ≤ h_UT ≤ 10 m, 5 m ≤ h, W ≤ 50 m.
public struct RuralMacro: ScenarioModel, Hashable {
  /// h
  public let buildingHeight: Meters
  /// W
  public let streetWidth: Meters
  public let speedOfLight: SpeedOfLight
  public let rangePolicy: RangePolicy

  /// - Precondition: Height and width are between 5 m and 50 m, or positive if extrapolated.
  public init(
    buildingHeight: Meters = Meters(5), streetWidth: Meters = Meters(20), speedOfLight: SpeedOfLight = .exact,
    rangePolicy: RangePolicy = .enforced
  ) {
    let range = rangePolicy == .enforced ? 5...50.0 : 1e-3...1e6
    let error =
      RangeError("RMa", "average height of buildings", buildingHeight.value, in: range, "m")
      ?? RangeError("RMa", "width of streets", streetWidth.value, in: range, "m")
    if let error { preconditionFailure(error.description) }
    self.buildingHeight = buildingHeight
    self.streetWidth = streetWidth
    self.speedOfLight = speedOfLight
    self.rangePolicy = rangePolicy
  }

  public var name: String { "RMa" }

  /// The heights of the standard's evaluations: 35 m and 1.5 m.
  public static let defaultHeights = LinkHeights(base: Meters(35), user: Meters(1.5))

  public var standardRanges: ScenarioRanges {
    ScenarioRanges(
      carrier: Gigahertz(0.5)...Gigahertz(30), baseHeight: Meters(10)...Meters(150), userHeight: Meters(1)...Meters(10),
      distance: .horizontal, losDistance: Meters(10)...Meters(10000), nlosDistance: Meters(10)...Meters(5000))
  }

  public func lines(heights: LinkHeights, carrier: Hertz) -> LossLines {
    requireRange(heights, carrier)
    let frequency = Gigahertz(carrier).value
    let (h, base) = (buildingHeight.value, heights.base.value)
    let (logH, logBase) = (Math.log10(h), Math.log10(base))
    let power = Math.pow(h, 1.72)
    let near = LossLines.Line(
      20 * Math.log10(40 * Double.pi * frequency / 3) - min(0.044 * power, 14.77), perDecade: 20 + min(0.03 * power, 10),
      perMeter: 0.002 * logH, deviation: Decibels(4))
    let breakpoint = 2 * Double.pi * base * heights.user.value * carrier.value / speedOfLight.value
    let far = LossLines.Line(near(breakpoint) - 40 * Math.log10(breakpoint), perDecade: 40, deviation: Decibels(6))

    let share = h / base
    let user = Math.log10(11.75 * heights.user.value)
    let slope = 43.42 - 3.1 * logBase
    let streets = 161.04 - 7.1 * Math.log10(streetWidth.value) + 7.5 * logH
    let blocked = LossLines.Line(
      streets - (24.37 - 3.7 * share * share) * logBase - 3 * slope + 20 * Math.log10(frequency) - (3.2 * user * user - 4.97),
      perDecade: slope, deviation: Decibels(8))
    return LossLines(
      self, heights, near: near, far: far, blocked: blocked, breakpoint: Meters(breakpoint), blockedIsAtLeastClear: true)
  }

  /// 1 up to 10 m, then e^(−(d − 10)/1000).
  public func lineOfSightLaw(userHeight: Meters) -> LineOfSightLaw {
    .steps(certain: Meters(10), first: Meters(1000))
  }

  public func shadowingCorrelationDistance(_ state: LineOfSight) -> Meters { state == .los ? Meters(37) : Meters(120) }
}
