import Agents
import Channels

/// The system of Li and Guo, "Multi-agent deep reinforcement learning based spectrum allocation for D2D underlay communications"
/// (IEEE Transactions on Vehicular Technology, 2020): its Table II and section V, and a choice for everything that the paper
/// leaves open. The defaults are the paper's values, or the choices that `Docs/Papers/d2d/README.md` numbers and gives reasons for.
///
/// The physics is an `UnderlayCell`, whose properties can be read and set by their names here.
@dynamicMemberLookup
public struct D2DParameters: Hashable, Sendable {
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

  /// The physics.
  public var cell = UnderlayCell()
  /// Whether positions are drawn anew at the start of every episode.
  public var redrawsPositions = false
  /// Slots after which an episode is truncated; none: it goes on for ever.
  public var episodeSlots: Int?

  /// What is done to gains and interference in the state.
  public var stateScaling = PowerScaling.Rule.standardized
  /// What an agent learns about interference.
  public var interferenceFeature = InterferenceFeature.scalar
  /// Which gain stands for the cellular link.
  public var cellularGainFeature = CellularGainFeature.toTransmitter
  /// What an agent sees of where the owners of blocks are.
  public var geometryFeature = GeometryFeature.none

  public init() {}

  public subscript<Value>(dynamicMember property: WritableKeyPath<UnderlayCell, Value>) -> Value {
    get { cell[keyPath: property] }
    set { cell[keyPath: property] = newValue }
  }

  public subscript<Value>(dynamicMember property: KeyPath<UnderlayCell, Value>) -> Value { cell[keyPath: property] }

  /// When positions are drawn.
  public var positionReset: PositionReset {
    get { cell.movement == .randomWalk ? .moving : redrawsPositions ? .everyEpisode : .fixed }
    set {
      cell.movement = newValue == .moving ? .randomWalk : .still
      redrawsPositions = newValue == .everyEpisode
    }
  }

  /// Numbers that an agent observes of its own link: its gain, or the gain on each of K blocks where it fades by itself on each.
  var ownWidth: Int { cell.ownFading == .perBlock ? cell.resourceBlocks : 1 }

  /// Numbers that an agent observes: own gain, cellular gain, interference, the part of its power on each of K blocks in the slot before and,
  /// if chosen, the K numbers of the geometry.
  public var observationSize: Int {
    let blocks = cell.resourceBlocks
    return ownWidth + 1 + (interferenceFeature == .scalar ? 1 : blocks) + blocks + (geometryFeature == .owners ? blocks : 0)
  }

  /// The scaling of own gains, cellular gains and interference for a drop. Constants are those of its large-scale powers over the pairs, or the
  /// full powers of both sides; interference is what the base station causes, with noise, or counts from one watt.
  func scaling(of drop: UnderlayDrop, _ links: UnderlayLinks) -> PowerScaling {
    let (layout, pairs) = (links.layout, 0..<cell.pairs)
    let isToTransmitter = cellularGainFeature == .toTransmitter
    return PowerScaling(
      stateScaling,
      kinds: [
        .init(levels: pairs.map { drop.powers[layout.transmitter($0, toReceiver: $0)] }, reference: cell.pairPower.value),
        .init(
          levels: pairs.map { drop.powers[isToTransmitter ? layout.base(toTransmitter: $0) : layout.base(toReceiver: $0)] },
          reference: cell.basePowerOnBlock.value),
        .init(levels: pairs.map { (cell.baseInterference ? drop.powers[layout.base(toReceiver: $0)] : 0) + links.noiseWatts }, reference: 1),
      ])
  }
}

/// Everything that a user can set in this pack: the system, the learners and the amount of work. Defaults are the values of the properties.
struct D2DSettings: PackSettings {
  /// The phases of section III-C, each behind those before it.
  enum LastPhase: String, CaseIterable, Sendable {
    case train, execute, finetune
  }

  /// The layer of the critics in which actions join.
  enum CriticEntry: String, CaseIterable, Sendable {
    case first, second
  }

  var system = D2DParameters()
  /// MAAC and NAAC.
  var learner = MADDPGConfiguration.liGuo
  /// λ of NAAC.
  var neighbours = 3
  /// Learning slots of MAAC and NAAC at up to 10 pairs and at more.
  var updates = 600
  var updatesAboveTen = 600
  /// Learning slots of the other schemes.
  var dqnSlots = 1000
  var actorCriticSlots = 4000
  var tableSlots = 4000
  var automatonSlots = 4000
  /// Slots over which the exploration rate of DQN and Q-learning falls.
  var explorationSlots = 1000
  var dqnLearningRate = 1e-3
  var tableLearningRate = 0.1
  var automatonStep = 0.02
  /// Slots between two updates of AC.
  var actorCriticInterval = 16
  var entropyWeight: Float = 0.01
  var lastPhase = LastPhase.execute
  var finetuningSlots = 300
  var uploadThresholdDB = 0.0
  var deploymentInterval = 50
  var evaluationSlots = 5000
  var evaluationCopies = 20
  /// The file of gains that take the place of the model; empty for the model.
  var gains = ""

  /// The settings that a user asks for, if they can be run, with the gains of their file.
  ///
  /// - Parameter set: Values of all parameters.
  /// - Throws: `UsageError` for a ``contradiction`` and for a file that holds no gains of this cell.
  static func runnable(_ set: ParameterSet) throws(UsageError) -> D2DSettings {
    var settings = D2DSettings(set)
    if let contradiction = settings.contradiction { throw UsageError(contradiction) }
    guard !settings.gains.isEmpty else { return settings }
    do {
      settings.system.cell.trace = try UnderlayTrace(path: settings.gains, pairs: settings.system.pairs, blocks: settings.system.resourceBlocks)
    } catch {
      throw UsageError("gains: \(error)")
    }
    return settings
  }

  /// The critics' layers of 1024, 512 and 256 units stay.
  private var criticEntry: CriticEntry {
    get { learner.criticObservationWidth == nil ? .first : .second }
    set {
      learner.criticObservationWidth = newValue == .first ? nil : 1024
      learner.criticWidths = newValue == .first ? [1024, 512, 256] : [512, 256]
    }
  }

  /// Zero for an episode that never ends.
  private var episodeSlots: Int {
    get { system.episodeSlots ?? 0 }
    set { system.episodeSlots = newValue == 0 ? nil : newValue }
  }

  static let settings: [Setting<D2DSettings>] = [
    .integer("pairs", \.system.cell.pairs, in: 1...200, "D2D pairs, the agents: N"),
    .integer("resourceBlocks", \.system.cell.resourceBlocks, in: 1...100, "Resource blocks K and cellular users M", deviation: 8),
    .integer("blocksPerSet", \.system.cell.blocksPerSet, in: 1...3, "Blocks of the largest sets that a pair may choose", deviation: 38),
    .integer("powerLevels", \.system.cell.powerLevels, in: 1...16, "Power levels that a pair may choose: beta", deviation: 38),
    .number("radius", \.system.cell.radiusMeters, unit: "m", in: 20...50_000, "Radius of the cell"),
    .number("maximumPairDistance", \.system.cell.maximumPairDistanceMeters, unit: "m", in: 1...1000, "Greatest distance between the ends of a pair"),
    .number(
      "minimumPairDistance", \.system.cell.minimumPairDistanceMeters, unit: "m", in: 0...1000, "Least distance between the ends of a pair",
      deviation: 7),
    .number(
      "minimumBaseDistance", \.system.cell.minimumBaseDistanceMeters, unit: "m", in: 0...1000, "Least distance from the base station", deviation: 7),
    .number(
      "carrier", \.system.cell.carrierGigahertz, unit: "GHz", in: 0.1...100,
      "Carrier frequency; enters the correlation of gaussmarkov and jakes fading only"),
    .number("blockBandwidth", \.system.cell.blockBandwidthHertz, unit: "Hz", in: 1e3...1e9, "Bandwidth of a resource block, for the noise in it"),
    .number("basePowerDBm", \.system.cell.basePowerDBm, unit: "dBm", in: -50...80, "Power of the base station"),
    .choice("basePower", \.system.cell.basePower, "The base station's power on a block", deviation: 3),
    .flag("baseInterference", \.system.cell.baseInterference, "Whether the base station disturbs D2D receivers", deviation: 3),
    .number("pairPowerDBm", \.system.cell.pairPowerDBm, unit: "dBm", in: -50...80, "Power of a D2D transmitter"),
    .number(
      "baseLossAtOneKilometer", \.system.cell.baseLossAtOneKilometerDB, unit: "dB", in: 0...250, "Loss of the base station's links at 1 km"),
    .number(
      "baseLossPerDecade", \.system.cell.baseLossPerDecadeDB, unit: "dB", in: 0...100, "Their further loss for each factor of ten in distance"),
    .number(
      "pairLossAtOneMeter", \.system.cell.pairLossAtOneMeterDB, unit: "dB", in: -20...120, "Loss of D2D transmitters' links at 1 m", deviation: 1),
    .number("pairPathLossExponent", \.system.cell.pairPathLossExponent, in: 0...10, "Path-loss exponent of D2D transmitters' links", deviation: 2),
    .number("shadowingDeviation", \.system.cell.shadowingDeviationDB, unit: "dB", in: 0...30, "Standard deviation of shadowing", deviation: 4),
    .file(
      "gains", \.gains,
      "A NumPy file of power gains [slots, 1 + pairs, resourceBlocks + 2 pairs] in the place of positions, path loss, shadowing and fading"),
    .choice("fading", \.system.cell.fading, "Small-scale fading", deviation: 5),
    .choice(
      "ownFading", \.system.cell.ownFading, "Whether own links fade alike on all blocks, or on each by itself and are seen so in the state",
      deviation: 5),
    .number(
      "speed", \.system.cell.speedMetersPerSecond, unit: "m/s", in: 0...1000, "Speed behind gaussmarkov and jakes fading and moving positions",
      deviation: 5),
    .number("turnSeconds", \.system.cell.turnSeconds, unit: "s", in: 0.01...1e6, "Time between two turns of moving positions", deviation: 7),
    .number("slot", \.system.cell.slotMilliseconds, unit: "ms", in: 0.001...1000, "Length of a slot", deviation: 5),
    .number("noiseDensity", \.system.cell.noiseDensityDBmPerHertz, unit: "dBm/Hz", in: -300...0, "Thermal noise density"),
    .number("noiseFigure", \.system.cell.noiseFigureDB, unit: "dB", in: 0...100, "Noise figure of receivers"),
    .number("cellularThreshold", \.system.cell.cellularThresholdDB, unit: "dB", in: -50...50, "SINR below which a cellular link is in outage"),
    .number("pairThreshold", \.system.cell.pairThresholdDB, unit: "dB", in: -50...50, "SINR below which a D2D link is in outage", deviation: 27),
    .number("negativeReward", \.system.cell.negativeReward, in: -1000...0, "Reward of a pair of whose blocks' users one is in outage"),
    .choice("positions", \.system.positionReset, "When positions are drawn, and whether they move", deviation: 7),
    .integer("episodeSlots", \.episodeSlots, unit: "slots", in: 0...1_000_000, "Length of an episode; 0: it never ends", deviation: 23),
    .choice("stateScaling", \.system.stateScaling, "Scaling of the state", deviation: 14),
    .choice("interferenceFeature", \.system.interferenceFeature, "Interference in the state: on the blocks used, or on every block", deviation: 13),
    .choice("cellularGainFeature", \.system.cellularGainFeature, "Gain from the base station in the state", deviation: 12),
    .choice(
      "geometry", \.system.geometryFeature, "Whether the state shows, for each block, the base station's lead over the pair at the owner",
      deviation: 39),
    .integer("neighbours", \.neighbours, in: 0...199, "Nearest pairs that a critic of NAAC sees: lambda", deviation: 25),
    .number("actorLearningRate", \.learner.actorLearningRate, in: 0...1, "Adam's rate for actors", deviation: 19),
    .number("criticLearningRate", \.learner.criticLearningRate, in: 0...1, "Adam's rate for critics", deviation: 19),
    .number("discount", \.learner.discount, in: 0...0.99999, "Discount of future rewards: gamma", deviation: 23),
    .number("polyak", \.learner.polyak, in: 0...1, "Rate of the soft update of target networks: tau", deviation: 23),
    .integer("batch", \.learner.batchSize, in: 1...65_536, "Transitions in a minibatch", deviation: 18),
    .integer("replay", \.learner.replayCapacity, unit: "slots", in: 1...100_000_000, "Capacity of the replay buffer", deviation: 33),
    .integer("randomSlots", \.learner.randomSteps, unit: "slots", in: 1...10_000_000, "Slots of random allocation before learning", deviation: 35),
    .integer("updatesPerSlot", \.learner.updatesPerStep, in: 1...100, "Updates after each slot", deviation: 18),
    .choice("estimator", \.learner.estimator, "How discrete actions pass through the policy gradient", deviation: 16),
    .number("temperature", \.learner.temperature, in: 0.01...100, "Temperature of the softmax", deviation: 16),
    .number("logitPenalty", \.learner.logitPenalty, in: 0...10, "Weight of the mean square of the logits in the actor's loss", deviation: 16),
    .choice("criticEntry", \.criticEntry, "Layer of the critics in which actions join: beside the states, or behind 1024 units", deviation: 20),
    .flag(
      "criticTellsChoices", \.learner.criticTellsChoices,
      "Whether a critic tells the value of each choice of its own pair instead of seeing the choice; only with estimator = expected",
      deviation: 20),
    .choice("sharing", \.learner.sharing, "Whether the pairs share one actor and one critic, trained on the experience of all", deviation: 22),
    .integer("updates", \.updates, unit: "slots", in: 1...10_000_000, "Learning slots of MAAC and NAAC at up to 10 pairs", deviation: 36),
    .integer("updatesAboveTen", \.updatesAboveTen, unit: "slots", in: 1...10_000_000, "Their learning slots at more than 10 pairs", deviation: 36),
    .integer("dqnSlots", \.dqnSlots, unit: "slots", in: 1...10_000_000, "Learning slots of DQN", deviation: 36),
    .integer("actorCriticSlots", \.actorCriticSlots, unit: "slots", in: 1...10_000_000, "Learning slots of AC", deviation: 36),
    .integer("tableSlots", \.tableSlots, unit: "slots", in: 1...10_000_000, "Learning slots of Q-learning", deviation: 36),
    .integer("automatonSlots", \.automatonSlots, unit: "slots", in: 1...10_000_000, "Learning slots of SLA", deviation: 36),
    .integer(
      "explorationSlots", \.explorationSlots, unit: "slots", in: 0...10_000_000,
      "Slots over which the exploration rate of DQN and Q-learning falls from 1 to 0.05", deviation: 17),
    .number("dqnLearningRate", \.dqnLearningRate, in: 0...1, "Adam's rate for DQN", deviation: 31),
    .number("tableLearningRate", \.tableLearningRate, in: 1e-6...1, "Step of Q-learning", deviation: 31),
    .number("automatonStep", \.automatonStep, in: 1e-6...1, "Step of the automata of SLA", deviation: 32),
    .integer("actorCriticInterval", \.actorCriticInterval, unit: "slots", in: 1...10_000, "Slots between two updates of AC", deviation: 30),
    .number("entropyWeight", \.entropyWeight, in: 0...100, "Weight of the entropy in AC's loss", deviation: 30),
    .choice(
      "lastPhase", \.lastPhase, "Last phase of section III-C that a job goes through; finetune concerns MAAC and NAAC alone", deviation: 37),
    .integer("finetuningSlots", \.finetuningSlots, unit: "slots", in: 1...10_000_000, "Slots of execution with fine-tuning", deviation: 37),
    .number(
      "uploadThreshold", \.uploadThresholdDB, unit: "dB", in: -100...100,
      "Mean fading of the pairs' own links from which on a slot's experience is uploaded", deviation: 37),
    .integer(
      "deploymentInterval", \.deploymentInterval, unit: "slots", in: 1...10_000_000,
      "Slots of execution after which fine-tuned actors are deployed", deviation: 37),
    .integer(
      "evaluationSlots", \.evaluationSlots, unit: "slots", in: 1...10_000_000,
      "Slots of the executed policy, rounded up to a multiple of evaluationCopies", deviation: 29),
    .integer("evaluationCopies", \.evaluationCopies, in: 1...1000, "Copies that share these slots", deviation: 29),
  ]

  /// A combination of values that cannot be run, in one sentence; nil if there is none.
  var contradiction: String? {
    if system.minimumPairDistanceMeters >= system.maximumPairDistanceMeters {
      return "the parameter 'minimumPairDistance' (\(system.minimumPairDistanceMeters) m) must be below "
        + "'maximumPairDistance' (\(system.maximumPairDistanceMeters) m)"
    }
    if system.minimumBaseDistanceMeters >= system.radiusMeters {
      return "the parameter 'minimumBaseDistance' (\(system.minimumBaseDistanceMeters) m) must be below 'radius' (\(system.radiusMeters) m)"
    }
    if system.positionReset == .everyEpisode && system.episodeSlots == nil {
      return "positions=everyEpisode needs an end of the episode: set 'episodeSlots' to at least 1"
    }
    if system.positionReset == .moving && system.speedMetersPerSecond == 0 {
      return "positions=moving needs users that move: set 'speed' above 0 m/s"
    }
    if !gains.isEmpty && (system.positionReset != .fixed || system.cell.ownFading != .flat) {
      return "gains from a file need positions=fixed and ownFading=flat"
    }
    if learner.criticTellsChoices && learner.estimator != .expected {
      return "criticTellsChoices=true needs estimator=expected"
    }
    if system.blocksPerSet > system.resourceBlocks {
      return "the parameter 'blocksPerSet' (\(system.blocksPerSet)) must not be above 'resourceBlocks' (\(system.resourceBlocks))"
    }
    let sets = UnderlayActions.setCount(blocks: system.resourceBlocks, blocksPerSet: system.blocksPerSet)
    if sets * system.powerLevels > D2DParameters.mostActions {
      return "\(sets) sets of blocks at \(system.powerLevels) power levels make \(sets * system.powerLevels) actions, and at most "
        + "\(D2DParameters.mostActions) are possible: lower 'blocksPerSet', 'resourceBlocks' or 'powerLevels'"
    }
    return nil
  }

  /// Learning slots of a scheme; random and oracle learn nothing.
  func slots(_ scheme: String, pairs: Int) -> Int {
    switch scheme {
    case "maac", "naac": learningSlots(pairs: pairs)
    case "dqn": dqnSlots
    case "ac": actorCriticSlots
    case "qlearning": tableSlots
    case "sla": automatonSlots
    default: 1
    }
  }

  /// Learning slots of MAAC and NAAC with `pairs` pairs.
  func learningSlots(pairs: Int) -> Int { pairs <= 10 ? updates : updatesAboveTen }
}
