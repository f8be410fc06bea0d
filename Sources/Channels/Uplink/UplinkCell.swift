import Tensor

/// One cell whose users each choose a subchannel and a power of an OFDMA uplink: the numbers that the physics depends on.
///
/// I users (UEs) in a square about the base station share N subchannels of unequal bandwidth; a subchannel serves one user at a time. The defaults
/// are those of Ji, Qin and Tao, "Meta federated reinforcement learning for distributed resource allocation" (arXiv 2307.02900), Table I, with a
/// choice for what the paper leaves open.
public struct UplinkCell: Hashable, Sendable {
  /// What distinguishes the paper's four environments.
  public var scenario = UplinkScenario.indoor
  /// Users: I.
  public var users = 6
  /// Bandwidth of each subchannel, K = 12 subcarriers of 2^μ · 15 kHz: BW. `[N]`
  public var bandwidthsHertz = UplinkCell.paperBandwidths
  /// f
  public var carrierGigahertz = 6.0
  /// How loss depends on distance.
  public var loss = UplinkScenario.LossFormula.equation1
  /// The side of the square; none: that of the scenario.
  public var sideMeters: Double?
  /// Shorter distances along the ground count as this long.
  public var minimumDistanceMeters = 1.0
  /// Height of the users' antennas.
  public var userHeightMeters = 1.5
  /// Whether there is log-normal shadowing.
  public var isShadowed = true
  /// The noise's density; none: that of the scenario.
  public var noiseDensityDBmPerHertz: Double?
  /// Noise figure of the base station.
  public var noiseFigureDB = 5.0
  /// Antenna gains of base station and user.
  public var baseGainDB = 8.0
  public var userGainDB = 3.0
  /// Range of a user's power.
  public var leastPowerDBm = 0.0
  public var greatestPowerDBm = 24.0
  /// What a user consumes beside its transmission power, in watts.
  public var circuitPowerWatts = 0.0
  /// The ratio of signal to noise that a link has to exceed: γ_min.
  public var leastRatioDB = 5.0
  /// Range of the users' speeds in metres a second.
  public var leastSpeed = 0.0
  public var greatestSpeed = 1.0
  /// Milliseconds for which loss and shadowing last: a block.
  public var blockMilliseconds = 100

  public init() {}

  /// 0.18 MHz twice, 0.36 and 0.72 MHz three times, 1.44 MHz twice: numerologies 0 to 3.
  public static let paperBandwidths: [Double] = [0.18, 0.18, 0.36, 0.36, 0.36, 0.72, 0.72, 0.72, 1.44, 1.44].map { $0 * 1e6 }

  /// As many subchannels that divide the same band equally.
  public static let equalBandwidths = Array(repeating: paperBandwidths.reduce(0, +) / 10, count: 10)

  /// N
  public var subchannels: Int { bandwidthsHertz.count }
  /// The side of the square.
  public var side: Double { sideMeters ?? scenario.sideMeters }
  /// The antennas' heights.
  public var heights: LinkHeights { LinkHeights(base: Meters(scenario.baseHeightMeters), user: Meters(userHeightMeters)) }

  /// Noise of each subchannel in watts: density, bandwidth and the base station's noise figure. `[N]`
  public var noiseWatts: [Double] {
    let noise = ThermalNoise(
      densityPerHertz: PowerDBm(noiseDensityDBmPerHertz ?? scenario.noiseDensityDBmPerHertz), figure: Decibels(noiseFigureDB))
    return bandwidthsHertz.map { Watts(noise.power(in: Hertz($0))).value }
  }

  /// A combination of values that makes no cell, in one sentence; nil if there is none.
  public var contradiction: String? {
    if users < 1 || users > 256 { return "a cell has 1 to 256 users, got \(users)" }
    if bandwidthsHertz.isEmpty || !bandwidthsHertz.allSatisfy({ $0 > 0 && $0.isFinite }) { return "a cell needs subchannels of positive bandwidth" }
    if leastPowerDBm > greatestPowerDBm { return "the least power, \(leastPowerDBm) dBm, is above the greatest, \(greatestPowerDBm) dBm" }
    if leastSpeed > greatestSpeed || leastSpeed < 0 { return "speeds from \(leastSpeed) to \(greatestSpeed) m/s are no range" }
    if !(side > 0) || !(minimumDistanceMeters > 0) || circuitPowerWatts < 0 || blockMilliseconds < 1 {
      return "side, least distance and block must be positive, and circuit power not negative"
    }
    return nil
  }
}
