/// D2D pairs under the downlink of one cell: the numbers that its physics depends on.
///
/// A base station serves M = K cellular users, each on a resource block of his own; N pairs of devices send to each other on the same blocks and
/// disturb users and each other. The defaults are those of Li and Guo, "Multi-agent deep reinforcement learning based spectrum allocation for D2D underlay
/// communications" (IEEE Transactions on Vehicular Technology, 2020), Table II and section V, with a choice for what the paper leaves open.
public struct UnderlayCell: Hashable, Sendable {
  /// How the base station spreads its power.
  public enum BasePower: String, CaseIterable, Sendable {
    /// The whole power on every resource block.
    case perBlock
    /// An equal part of it on every resource block.
    case split
  }

  /// Small-scale fading, flat over the resource blocks but for ``OwnFading``.
  public enum Fading: String, CaseIterable, Sendable {
    /// Rayleigh, drawn anew for every slot and link.
    case rayleigh
    /// Every gain stays at its large-scale value.
    case none
    /// Rayleigh with the slot-to-slot correlation of a moving user, a first-order process.
    case gaussMarkov = "gaussmarkov"
    /// Rayleigh with the whole autocorrelation J₀ of a moving user: Clarke's model as a sum of sinusoids.
    case jakes
  }

  /// How the own links of pairs fade over the resource blocks.
  public enum OwnFading: String, CaseIterable, Sendable {
    /// Alike on all blocks.
    case flat
    /// On each block by itself, as if blocks were further apart than the coherence bandwidth.
    case perBlock
  }

  /// Whether cellular users and pairs move.
  public enum Movement: String, CaseIterable, Sendable {
    case still
    /// They walk at random within the area of their drop; the receiver of a pair goes with its transmitter.
    case randomWalk
  }

  /// D2D pairs: N.
  public var pairs = 10
  /// Resource blocks K and cellular users M, which are as many: user m owns block m.
  public var resourceBlocks = 10
  /// Blocks of the largest sets that a pair may choose, 1...3.
  public var blocksPerSet = 1
  /// Power levels that it may choose: β.
  public var powerLevels = 1

  /// Radius of the cell.
  public var radiusMeters = 500.0
  /// Least distance of cellular users and D2D transmitters from the base station.
  public var minimumBaseDistanceMeters = 10.0
  /// Greatest distance between the two ends of a pair.
  public var maximumPairDistanceMeters = 30.0
  /// Least distance between the two ends of a pair.
  public var minimumPairDistanceMeters = 1.0

  /// Carrier frequency.
  public var carrierGigahertz = 2.0
  /// Bandwidth of one resource block.
  public var blockBandwidthHertz = 180e3
  /// Power of the base station.
  public var basePowerDBm = 46.0
  /// How the base station spreads it.
  public var basePower = BasePower.perBlock
  /// Whether the base station disturbs D2D receivers (the first term below the line of eq. 2).
  public var baseInterference = true
  /// Power of a D2D transmitter.
  public var pairPowerDBm = 13.0

  /// Loss of the links of the base station at one kilometre.
  public var baseLossAtOneKilometerDB = 128.1
  /// Their additional loss for each factor of ten in distance.
  public var baseLossPerDecadeDB = 37.6
  /// Loss of the links of D2D transmitters at one metre.
  public var pairLossAtOneMeterDB = 0.0
  /// Their path-loss exponent.
  public var pairPathLossExponent = 4.0
  /// Standard deviation of the shadowing of every link.
  public var shadowingDeviationDB = 0.0

  /// Small-scale fading.
  public var fading = Fading.rayleigh
  /// How own links fade over the blocks; all others fade alike on all of them.
  public var ownFading = OwnFading.flat
  /// Whether everybody stays where the drop put them.
  public var movement = Movement.still
  /// Speed behind the correlation of `gaussMarkov` and `jakes` fading, and of a random walk.
  public var speedMetersPerSecond = 1.0
  /// Time between two changes of direction of a random walk.
  public var turnSeconds = 10.0
  /// Length of a slot.
  public var slotMilliseconds = 1.0

  /// Thermal noise in one hertz.
  public var noiseDensityDBmPerHertz = -174.0
  /// What receivers add to it.
  public var noiseFigureDB = 8.0

  /// SINR below which a cellular link is in outage.
  public var cellularThresholdDB = 0.0
  /// SINR below which a D2D link is in outage.
  public var pairThresholdDB = 0.0
  /// The reward of a pair of whose blocks' cellular users one is in outage (eq. 7).
  public var negativeReward = -1.0

  /// Gains in the place of the model above, from positions to fading; nil for the model. Its sizes are those of the cell.
  public var trace: UnderlayTrace?

  public init() {}

  /// Where cellular users and D2D transmitters are.
  public var area: Ring { Ring(center: .origin, inner: Meters(minimumBaseDistanceMeters), outer: Meters(radiusMeters)) }

  /// The noise power at every receiver.
  public var noise: Watts {
    let noise = ThermalNoise(densityPerHertz: PowerDBm(noiseDensityDBmPerHertz), figure: Decibels(noiseFigureDB))
    return Watts(noise.power(in: Hertz(blockBandwidthHertz)))
  }

  /// The power of the base station on one block.
  public var basePowerOnBlock: Watts {
    let power = Watts(PowerDBm(basePowerDBm))
    return basePower == .perBlock ? power : power / Double(resourceBlocks)
  }

  /// The power of a D2D transmitter.
  public var pairPower: Watts { Watts(PowerDBm(pairPowerDBm)) }

  /// The full power of the transmitter of each link in watts, in the order of ``UnderlayLayout``. `[links]`
  var transmittedPowers: [Double] {
    let layout = UnderlayLayout(self)
    let (base, pair) = (basePowerOnBlock.value, pairPower.value)
    return (0..<layout.count).map { $0 < layout.pairsToCellular ? base : pair }
  }

  /// The model of the links of the base station.
  public var basePathLoss: MacroPathLoss {
    MacroPathLoss(lossAtOneKilometer: Decibels(baseLossAtOneKilometerDB), lossPerDecade: Decibels(baseLossPerDecadeDB))
  }

  /// The model of the links of D2D transmitters.
  public var pairPathLoss: PowerLawPathLoss {
    PowerLawPathLoss(exponent: pairPathLossExponent, lossAtOneMeter: Decibels(pairLossAtOneMeterDB))
  }

  /// What a pair chooses from.
  public var actions: UnderlayActions { UnderlayActions(blocks: resourceBlocks, blocksPerSet: blocksPerSet, powerLevels: powerLevels) }

  /// The length of a slot in seconds.
  public var slotSeconds: Double { slotMilliseconds / 1000 }
}
