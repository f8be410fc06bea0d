import Tensor

/// Where an uplink cell stands: four scenarios of 3GPP TR 38.901, each with what Ji, Qin and Tao (arXiv 2307.02900) give for it and what they leave
/// open.
public enum UplinkScenario: String, CaseIterable, Sendable {
  /// Indoor office: InH.
  case indoor = "inh"
  /// Urban micro cell: UMi.
  case urbanMicro = "umi"
  /// Urban macro cell: UMa.
  case urbanMacro = "uma"
  /// Rural macro cell: RMa.
  case rural = "rma"

  /// How loss depends on distance where there is no line of sight.
  public enum LossFormula: String, CaseIterable, Sendable {
    /// Eq. 1 of the paper for all scenarios: 32.4 + 20 log₁₀ f + 30 log₁₀ d, which is the optional NLOS formula of UMa.
    case equation1 = "eq1"
    /// The NLOS formula of each scenario in TR 38.901, Table 7.4.1-1.
    case standard = "tr38901"
  }

  /// The standard's abbreviation.
  public var abbreviation: String {
    switch self {
    case .indoor: "InH"
    case .urbanMicro: "UMi"
    case .urbanMacro: "UMa"
    case .rural: "RMa"
    }
  }

  /// The side of the square about the base station in metres: the scenario's distance between sites, indoors the short side of the office
  /// (TR 38.901, Tables 7.2-1 to 7.2-3).
  public var sideMeters: Double {
    switch self {
    case .indoor: 50
    case .urbanMicro: 200
    case .urbanMacro: 500
    case .rural: 1732
    }
  }

  /// The height of the base station's antenna in metres, as the standard's evaluations have it.
  public var baseHeightMeters: Double {
    switch self {
    case .indoor: 3
    case .urbanMicro: 10
    case .urbanMacro: 25
    case .rural: 35
    }
  }

  /// The power density of noise in dBm/Hz: the paper's Table I.
  public var noiseDensityDBmPerHertz: Double {
    switch self {
    case .indoor: -160
    case .urbanMicro: -170
    case .urbanMacro: -180
    case .rural: -185
    }
  }

  /// The deviation of shadowing in dB. With eq. 1 that of the optional NLOS formula, in the country that of its only one.
  public func shadowingDB(_ formula: LossFormula) -> Double {
    switch (self, formula) {
    case (.indoor, .equation1): 8.29
    case (.urbanMicro, .equation1): 8.2
    case (.urbanMacro, .equation1): 7.8
    case (.indoor, .standard): 8.03
    case (.urbanMicro, .standard): 7.82
    case (.urbanMacro, .standard): 6
    case (.rural, _): 8
    }
  }

  /// The loss without line of sight between isotropic antennas.
  ///
  /// - Parameters:
  ///   - distance: Along the ground, in metres; not limited to the standard's range.
  ///   - formula: How the loss depends on distance.
  ///   - heights: Of the antennas.
  ///   - carrier: The carrier's frequency.
  public func loss(at distance: Double, _ formula: LossFormula, heights: LinkHeights, carrier: Hertz) -> Decibels {
    switch formula {
    case .equation1:
      let slant = LinkGeometry(horizontalDistance: Meters(distance), heights: heights).slantDistance
      let atOneMeter = Decibels(32.4 + 20 * Math.log10(Gigahertz(carrier).value))
      return PowerLawPathLoss(exponent: 3, lossAtOneMeter: atOneMeter).loss(at: slant)
    case .standard:
      return Decibels(lines(heights: heights, carrier: carrier).value(at: distance, .nlos))
    }
  }

  private func lines(heights: LinkHeights, carrier: Hertz) -> LossLines {
    switch self {
    case .indoor: IndoorOffice(.mixed, rangePolicy: .extrapolated).lines(heights: heights, carrier: carrier)
    case .urbanMicro: UrbanMicro(rangePolicy: .extrapolated).lines(heights: heights, carrier: carrier)
    case .urbanMacro: UrbanMacro(rangePolicy: .extrapolated).lines(heights: heights, carrier: carrier)
    case .rural: RuralMacro(rangePolicy: .extrapolated).lines(heights: heights, carrier: carrier)
    }
  }
}
