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
    /// Rayleigh with the slot-to-slot correlation of a moving user, a first-order process.
    case gaussMarkov = "gaussmarkov"
    /// Rayleigh with the whole autocorrelation J₀ of a moving user: Clarke's model as a sum of sinusoids.
    case jakes
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

  /// What an agent sees of where the owners of blocks are.
  public enum GeometryFeature: String, CaseIterable, Sendable {
    /// Nothing.
    case none
    /// For each block how much more its owner receives from the base station than from the pair, on the large scale.
    case owners
  }

  /// When positions are drawn.
  public enum PositionReset: String, CaseIterable, Sendable {
    /// Once.
    case fixed
    /// At the start of every episode.
    case everyEpisode
    /// Once, and cellular users and pairs walk from then on.
    case moving
  }

  /// The largest number of actions αβ: an actor has an output for each.
  public static let mostActions = 10_000

  /// D2D pairs, the agents: N.
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
  /// Speed behind the correlation of `gaussMarkov` and `jakes` fading, and of `moving` positions.
  public var speedMetersPerSecond = 1.0
  /// Time between two changes of direction of `moving` positions.
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

  /// What is done to gains and interference in the state.
  public var stateScaling = StateScaling.standardized
  /// What an agent learns about interference.
  public var interferenceFeature = InterferenceFeature.scalar
  /// Which gain stands for the cellular link.
  public var cellularGainFeature = CellularGainFeature.toTransmitter
  /// What an agent sees of where the owners of blocks are.
  public var geometryFeature = GeometryFeature.none

  public init() {}

  /// Where cellular users and D2D transmitters are.
  public var cell: Ring { Ring(center: .origin, inner: Meters(minimumBaseDistanceMeters), outer: Meters(radiusMeters)) }

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

  /// What a pair chooses from.
  public var actions: D2DActions { D2DActions(blocks: resourceBlocks, blocksPerSet: blocksPerSet, powerLevels: powerLevels) }

  /// The length of a slot in seconds.
  public var slotSeconds: Double { slotMilliseconds / 1000 }

  /// Numbers that an agent observes: own gain, cellular gain, interference, the part of its power on each of K blocks in the slot before and,
  /// if chosen, the K numbers of the geometry.
  public var observationSize: Int {
    2 + (interferenceFeature == .scalar ? 1 : resourceBlocks) + resourceBlocks + (geometryFeature == .owners ? resourceBlocks : 0)
  }
}
