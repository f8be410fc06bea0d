import Channels

/// The system of Li and Guo, "Multi-agent deep reinforcement learning based spectrum allocation for D2D underlay communications"
/// (IEEE Transactions on Vehicular Technology, 2020): its Table II and section V, and a choice for everything that the paper
/// leaves open. The defaults are the paper's values, or the choices that `Docs/Papers/d2d/README.md` numbers and gives reasons for.
public struct D2DParameters: Hashable, Sendable {
  /// How the base station spreads its power.
  public enum BasePower: String, CaseIterable, Sendable {
    /// The whole power on every resource block.
    case perBlock
    /// An equal part of it on every resource block.
    case split
  }

  /// Small-scale fading, flat over the resource blocks.
  public enum Fading: String, CaseIterable, Sendable {
    /// Rayleigh, drawn anew for every slot and link.
    case rayleigh
    /// Every gain stays at its large-scale value.
    case none
    /// Rayleigh with the slot-to-slot correlation of a moving user.
    case gaussMarkov = "gaussmarkov"
  }

  /// What is done to the channel gains and the interference before an agent sees them.
  public enum StateScaling: String, CaseIterable, Sendable {
    /// Decibels, minus the mean and divided by the deviation of the large-scale values over the pairs of the drop.
    case standardized
    /// Decibels (the interference in decibels above one watt).
    case decibels = "db"
    /// Linear gains (the interference in watts).
    case linear
  }

  /// What an agent learns about the interference of the slot before.
  public enum InterferenceFeature: String, CaseIterable, Sendable {
    /// Its total on the block that the pair used.
    case scalar
    /// Its total on each block.
    case perBlock
  }

  /// Which gain stands for the cellular link in the state.
  public enum CellularGainFeature: String, CaseIterable, Sendable {
    /// Base station to the pair's transmitter.
    case toTransmitter
    /// Base station to the pair's receiver, where its interference arrives.
    case toReceiver
  }

  /// When positions are drawn.
  public enum PositionReset: String, CaseIterable, Sendable {
    /// Once.
    case fixed
    /// At the start of every episode.
    case everyEpisode
  }

  /// D2D pairs, the agents: N.
  public var pairs = 10
  /// Resource blocks K and cellular users M, which are as many: user m owns block m.
  public var resourceBlocks = 10

  /// Radius of the cell.
  public var radiusMeters = 500.0
  /// Least distance of cellular users and D2D transmitters from the base station.
  public var minimumBaseDistanceMeters = 10.0
  /// Greatest distance between the two ends of a pair.
  public var maximumPairDistanceMeters = 30.0
  /// Least distance between the two ends of a pair.
  public var minimumPairDistanceMeters = 1.0
  /// When positions are drawn.
  public var positionReset = PositionReset.fixed
  /// Slots after which an episode is truncated; none: it goes on for ever.
  public var episodeSlots: Int?

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
  /// Speed behind the correlation of `gaussMarkov` fading.
  public var speedMetersPerSecond = 1.0
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
  /// The reward of a pair whose block's cellular user is in outage (eq. 7).
  public var negativeReward = -1.0

  /// What is done to gains and interference in the state.
  public var stateScaling = StateScaling.standardized
  /// What an agent learns about interference.
  public var interferenceFeature = InterferenceFeature.scalar
  /// Which gain stands for the cellular link.
  public var cellularGainFeature = CellularGainFeature.toTransmitter

  public init() {}

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

  /// The model of the links of the base station.
  public var basePathLoss: MacroPathLoss {
    MacroPathLoss(lossAtOneKilometer: Decibels(baseLossAtOneKilometerDB), lossPerDecade: Decibels(baseLossPerDecadeDB))
  }

  /// The model of the links of D2D transmitters.
  public var pairPathLoss: PowerLawPathLoss {
    PowerLawPathLoss(exponent: pairPathLossExponent, lossAtOneMeter: Decibels(pairLossAtOneMeterDB))
  }

  /// Numbers that an agent observes: own gain, cellular gain, interference, previous block as one of K.
  public var observationSize: Int {
    2 + (interferenceFeature == .scalar ? 1 : resourceBlocks) + resourceBlocks
  }
}
