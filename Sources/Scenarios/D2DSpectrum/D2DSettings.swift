import Agents
import Channels

/// Everything that a user can set in this pack: the system, the learner and the amount of work, by name.
struct D2DSettings: Sendable {
  var system: D2DParameters
  var learner: MADDPGConfiguration
  /// λ of NAAC.
  var neighbours: Int
  /// Learning slots at up to 10 pairs.
  var updates: Int
  /// Learning slots at more than 10 pairs.
  var updatesAboveTen: Int
  var evaluationSlots: Int
  var evaluationCopies: Int
  /// Learning slots of DQN, AC, Q-learning and SLA.
  var dqnSlots: Int
  var actorCriticSlots: Int
  var tableSlots: Int
  var automatonSlots: Int
  /// Slots over which the exploration rate of DQN and Q-learning falls.
  var explorationSlots: Int
  var dqnLearningRate: Double
  var tableLearningRate: Double
  var automatonStep: Double
  /// Slots between two updates of AC.
  var actorCriticInterval: Int
  var entropyWeight: Float
  var lastPhase: LastPhase
  var finetuningSlots: Int
  var uploadThresholdDB: Double
  var deploymentInterval: Int

  /// The phases of section III-C, each behind those before it.
  enum LastPhase: String, CaseIterable, Sendable {
    case train, execute, finetune
  }

  static let parameters: [ParameterDescription] = [
    .integer("pairs", default: 10, in: 1...200, description: "D2D pairs, the agents: N"),
    .integer("resourceBlocks", default: 10, in: 1...100, description: "Resource blocks K and cellular users M", deviation: 8),
    .integer("blocksPerSet", default: 1, in: 1...3, description: "Blocks of the largest sets that a pair may choose"),
    .integer("powerLevels", default: 1, in: 1...16, description: "Power levels that a pair may choose: beta"),
    .number("radius", unit: "m", default: 500, in: 20...50_000, description: "Radius of the cell"),
    .number("maximumPairDistance", unit: "m", default: 30, in: 1...1000, description: "Greatest distance between the ends of a pair"),
    .number("minimumPairDistance", unit: "m", default: 1, in: 0...1000, description: "Least distance between the ends of a pair", deviation: 7),
    .number("minimumBaseDistance", unit: "m", default: 10, in: 0...1000, description: "Least distance from the base station", deviation: 7),
    .number(
      "carrier", unit: "GHz", default: 2, in: 0.1...100, description: "Carrier frequency; enters the correlation of gaussmarkov and jakes fading only"
    ),
    .number("blockBandwidth", unit: "Hz", default: 180e3, in: 1e3...1e9, description: "Bandwidth of a resource block, for the noise in it"),
    .number("basePowerDBm", unit: "dBm", default: 46, in: -50...80, description: "Power of the base station"),
    .choice(
      "basePower", default: "perBlock", of: names(UnderlayCell.BasePower.self), description: "The base station's power on a block", deviation: 3),
    .flag("baseInterference", default: true, description: "Whether the base station disturbs D2D receivers", deviation: 3),
    .number("pairPowerDBm", unit: "dBm", default: 13, in: -50...80, description: "Power of a D2D transmitter"),
    .number("baseLossAtOneKilometer", unit: "dB", default: 128.1, in: 0...250, description: "Loss of the base station's links at 1 km"),
    .number("baseLossPerDecade", unit: "dB", default: 37.6, in: 0...100, description: "Their further loss for each factor of ten in distance"),
    .number("pairLossAtOneMeter", unit: "dB", default: 0, in: -20...120, description: "Loss of D2D transmitters' links at 1 m", deviation: 1),
    .number("pairPathLossExponent", default: 4, in: 0...10, description: "Path-loss exponent of D2D transmitters' links", deviation: 2),
    .number("shadowingDeviation", unit: "dB", default: 0, in: 0...30, description: "Standard deviation of shadowing", deviation: 4),
    .choice("fading", default: "rayleigh", of: names(UnderlayCell.Fading.self), description: "Small-scale fading", deviation: 5),
    .number(
      "speed", unit: "m/s", default: 1, in: 0...1000, description: "Speed behind gaussmarkov and jakes fading and moving positions", deviation: 5),
    .number("turnSeconds", unit: "s", default: 10, in: 0.01...1e6, description: "Time between two turns of moving positions", deviation: 7),
    .number("slot", unit: "ms", default: 1, in: 0.001...1000, description: "Length of a slot", deviation: 5),
    .number("noiseDensity", unit: "dBm/Hz", default: -174, in: -300...0, description: "Thermal noise density"),
    .number("noiseFigure", unit: "dB", default: 8, in: 0...100, description: "Noise figure of receivers"),
    .number("cellularThreshold", unit: "dB", default: 0, in: -50...50, description: "SINR below which a cellular link is in outage"),
    .number("pairThreshold", unit: "dB", default: 0, in: -50...50, description: "SINR below which a D2D link is in outage", deviation: 27),
    .number("negativeReward", default: -1, in: -1000...0, description: "Reward of a pair of whose blocks' users one is in outage"),
    .choice("positions", default: "fixed", of: names(D2DParameters.PositionReset.self), description: "When positions are drawn", deviation: 7),
    .integer("episodeSlots", unit: "slots", default: 0, in: 0...1_000_000, description: "Length of an episode; 0: it never ends", deviation: 23),
    .choice("stateScaling", default: "standardized", of: names(D2DParameters.StateScaling.self), description: "Scaling of the state", deviation: 14),
    .choice(
      "interferenceFeature", default: "scalar", of: names(D2DParameters.InterferenceFeature.self),
      description: "Interference in the state: on the block used, or on every block", deviation: 13),
    .choice(
      "cellularGainFeature", default: "toTransmitter", of: names(D2DParameters.CellularGainFeature.self),
      description: "Gain from the base station in the state", deviation: 12),
    .choice(
      "geometry", default: "none", of: names(D2DParameters.GeometryFeature.self),
      description: "Whether the state shows, for each block, the base station's lead over the pair at the owner"),
    .integer("neighbours", default: 3, in: 0...199, description: "Nearest pairs that a critic of NAAC sees: lambda", deviation: 25),
    .number("actorLearningRate", default: 1e-4, in: 0...1, description: "Adam's rate for actors", deviation: 19),
    .number("criticLearningRate", default: 1e-3, in: 0...1, description: "Adam's rate for critics", deviation: 19),
    .number("discount", default: 0.95, in: 0...0.99999, description: "Discount of future rewards: gamma", deviation: 23),
    .number("polyak", default: 0.01, in: 0...1, description: "Rate of the soft update of target networks: tau", deviation: 23),
    .integer("batch", default: 64, in: 1...65_536, description: "Transitions in a minibatch", deviation: 18),
    .integer("replay", unit: "slots", default: 1_000_000, in: 1...100_000_000, description: "Capacity of the replay buffer", deviation: 33),
    .integer(
      "randomSlots", unit: "slots", default: 2000, in: 1...10_000_000, description: "Slots of random allocation before learning", deviation: 35),
    .integer("updatesPerSlot", default: 1, in: 1...100, description: "Updates after each slot", deviation: 18),
    .choice(
      "estimator", default: "straightThrough", of: names(DiscreteActionEstimator.self),
      description: "How discrete actions pass through the policy gradient", deviation: 16),
    .number("temperature", default: 1, in: 0.01...100, description: "Temperature of the softmax", deviation: 16),
    .number("logitPenalty", default: 0, in: 0...10, description: "Weight of the mean square of the logits in the actor's loss", deviation: 16),
    .choice(
      "sharing", default: "independent", of: names(ParameterSharing.self),
      description: "Whether the pairs share one actor and one critic, trained on the experience of all", deviation: 22),
    .integer("updates", unit: "slots", default: 600, in: 1...10_000_000, description: "Learning slots at up to 10 pairs", deviation: 36),
    .integer("updatesAboveTen", unit: "slots", default: 600, in: 1...10_000_000, description: "Learning slots at more than 10 pairs", deviation: 36),
    .integer(
      "evaluationSlots", unit: "slots", default: 5000, in: 1...10_000_000,
      description: "Slots of the executed policy, rounded up to a multiple of evaluationCopies", deviation: 29),
    .integer("evaluationCopies", default: 20, in: 1...1000, description: "Copies that share these slots", deviation: 29),
    .integer("dqnSlots", unit: "slots", default: 1000, in: 1...10_000_000, description: "Learning slots of DQN", deviation: 36),
    .integer("actorCriticSlots", unit: "slots", default: 4000, in: 1...10_000_000, description: "Learning slots of AC", deviation: 36),
    .integer("tableSlots", unit: "slots", default: 4000, in: 1...10_000_000, description: "Learning slots of Q-learning", deviation: 36),
    .integer("automatonSlots", unit: "slots", default: 4000, in: 1...10_000_000, description: "Learning slots of SLA", deviation: 36),
    .integer(
      "explorationSlots", unit: "slots", default: 1000, in: 0...10_000_000,
      description: "Slots over which the exploration rate of DQN and Q-learning falls from 1 to 0.05", deviation: 17),
    .number("dqnLearningRate", default: 1e-3, in: 0...1, description: "Adam's rate for DQN", deviation: 31),
    .number("tableLearningRate", default: 0.1, in: 1e-6...1, description: "Step of Q-learning", deviation: 31),
    .number("automatonStep", default: 0.02, in: 1e-6...1, description: "Step of the automata of SLA", deviation: 32),
    .integer("actorCriticInterval", unit: "slots", default: 16, in: 1...10_000, description: "Slots between two updates of AC", deviation: 30),
    .number("entropyWeight", default: 0.01, in: 0...100, description: "Weight of the entropy in AC's loss", deviation: 30),
    .choice(
      "lastPhase", default: "execute", of: names(LastPhase.self),
      description: "Last phase of section III-C that a job goes through; finetune concerns MAAC and NAAC alone", deviation: 37),
    .integer("finetuningSlots", unit: "slots", default: 300, in: 1...10_000_000, description: "Slots of execution with fine-tuning", deviation: 37),
    .number(
      "uploadThreshold", unit: "dB", default: 0, in: -100...100,
      description: "Mean fading of the pairs' own links from which on a slot's experience is uploaded", deviation: 37),
    .integer(
      "deploymentInterval", unit: "slots", default: 50, in: 1...10_000_000,
      description: "Slots of execution after which fine-tuned actors are deployed", deviation: 37),
  ]

  private static func names<Choice: RawRepresentable & CaseIterable>(_: Choice.Type) -> [String] where Choice.RawValue == String {
    Choice.allCases.map(\.rawValue)
  }

  init(_ set: ParameterSet) {
    func chosen<Choice: RawRepresentable>(_ name: String) -> Choice where Choice.RawValue == String {
      guard let value = Choice(rawValue: set.choice(name)) else { preconditionFailure("the parameter '\(name)' has an unknown choice") }
      return value
    }
    system = D2DParameters()
    system.pairs = set.integer("pairs")
    system.resourceBlocks = set.integer("resourceBlocks")
    system.blocksPerSet = set.integer("blocksPerSet")
    system.powerLevels = set.integer("powerLevels")
    system.radiusMeters = set.number("radius")
    system.maximumPairDistanceMeters = set.number("maximumPairDistance")
    system.minimumPairDistanceMeters = set.number("minimumPairDistance")
    system.minimumBaseDistanceMeters = set.number("minimumBaseDistance")
    system.carrierGigahertz = set.number("carrier")
    system.blockBandwidthHertz = set.number("blockBandwidth")
    system.basePowerDBm = set.number("basePowerDBm")
    system.basePower = chosen("basePower")
    system.baseInterference = set.flag("baseInterference")
    system.pairPowerDBm = set.number("pairPowerDBm")
    system.baseLossAtOneKilometerDB = set.number("baseLossAtOneKilometer")
    system.baseLossPerDecadeDB = set.number("baseLossPerDecade")
    system.pairLossAtOneMeterDB = set.number("pairLossAtOneMeter")
    system.pairPathLossExponent = set.number("pairPathLossExponent")
    system.shadowingDeviationDB = set.number("shadowingDeviation")
    system.fading = chosen("fading")
    system.speedMetersPerSecond = set.number("speed")
    system.turnSeconds = set.number("turnSeconds")
    system.slotMilliseconds = set.number("slot")
    system.noiseDensityDBmPerHertz = set.number("noiseDensity")
    system.noiseFigureDB = set.number("noiseFigure")
    system.cellularThresholdDB = set.number("cellularThreshold")
    system.pairThresholdDB = set.number("pairThreshold")
    system.negativeReward = set.number("negativeReward")
    system.positionReset = chosen("positions")
    system.episodeSlots = set.integer("episodeSlots") == 0 ? nil : set.integer("episodeSlots")
    system.stateScaling = chosen("stateScaling")
    system.interferenceFeature = chosen("interferenceFeature")
    system.cellularGainFeature = chosen("cellularGainFeature")
    system.geometryFeature = chosen("geometry")
    neighbours = set.integer("neighbours")
    learner = MADDPGConfiguration()
    learner.actorLearningRate = Float(set.number("actorLearningRate"))
    learner.criticLearningRate = Float(set.number("criticLearningRate"))
    learner.discount = Float(set.number("discount"))
    learner.polyak = Float(set.number("polyak"))
    learner.batchSize = set.integer("batch")
    learner.replayCapacity = set.integer("replay")
    learner.randomSteps = set.integer("randomSlots")
    learner.updatesPerStep = set.integer("updatesPerSlot")
    learner.estimator = chosen("estimator")
    learner.temperature = Float(set.number("temperature"))
    learner.logitPenalty = Float(set.number("logitPenalty"))
    learner.sharing = chosen("sharing")
    updates = set.integer("updates")
    updatesAboveTen = set.integer("updatesAboveTen")
    evaluationSlots = set.integer("evaluationSlots")
    evaluationCopies = set.integer("evaluationCopies")
    dqnSlots = set.integer("dqnSlots")
    actorCriticSlots = set.integer("actorCriticSlots")
    tableSlots = set.integer("tableSlots")
    automatonSlots = set.integer("automatonSlots")
    explorationSlots = set.integer("explorationSlots")
    dqnLearningRate = set.number("dqnLearningRate")
    tableLearningRate = set.number("tableLearningRate")
    automatonStep = set.number("automatonStep")
    actorCriticInterval = set.integer("actorCriticInterval")
    entropyWeight = Float(set.number("entropyWeight"))
    lastPhase = chosen("lastPhase")
    finetuningSlots = set.integer("finetuningSlots")
    uploadThresholdDB = set.number("uploadThreshold")
    deploymentInterval = set.integer("deploymentInterval")
  }

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
