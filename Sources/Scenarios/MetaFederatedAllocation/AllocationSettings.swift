import Channels

/// Everything that a user can set in this pack: the system, and how it is learnt. Defaults are the values of the properties.
struct AllocationSettings: PackSettings {
  /// Bandwidths of the subchannels.
  enum Bandwidths: String, CaseIterable, Sendable {
    /// Those of Table I.
    case unequal
    /// As many of the same sum.
    case equal
  }

  var system = AllocationParameters()
  var work = AllocationLearning()
  /// Whether central allocation is tested where its knowledge may come from the block before.
  var isDelayStudy = false

  private var bandwidths: Bandwidths {
    get { system.cell.bandwidthsHertz == UplinkCell.equalBandwidths ? .equal : .unequal }
    set { system.cell.bandwidthsHertz = newValue == .equal ? UplinkCell.equalBandwidths : UplinkCell.paperBandwidths }
  }

  /// Zero for the scenario's.
  private var side: Double {
    get { system.cell.sideMeters ?? 0 }
    set { system.cell.sideMeters = newValue == 0 ? nil : newValue }
  }

  /// Zero for the scenario's.
  private var rewardScale: Double {
    get { system.rewardScale ?? 0 }
    set { system.rewardScale = newValue == 0 ? nil : newValue }
  }

  static let settings: [Setting<AllocationSettings>] = cell + actions + learning + meta + rounds

  private static let cell: [Setting<AllocationSettings>] = [
    .choice("scenario", \.system.cell.scenario, "Environment in which users adapt", deviation: 49),
    .integer("users", \.system.cell.users, in: 1...10, "Users: I", deviation: 47),
    .choice("bandwidths", \.bandwidths, "Bandwidths of the ten subchannels: Table I's, or equal ones of the same sum"),
    .choice("pathLoss", \.system.cell.loss, "Eq. 1 for all scenarios, or the NLOS formula of each in TR 38.901", deviation: 4),
    .flag("shadowing", \.system.cell.isShadowed, "Whether there is log-normal shadowing", deviation: 9),
    .number("side", \.side, unit: "m", in: 0...100_000, "Side of the square; 0: that of the scenario", deviation: 7),
    .number("minimumDistance", \.system.cell.minimumDistanceMeters, unit: "m", in: 0.01...1000, "Shorter distances count as this long", deviation: 7),
    .number("noiseFigure", \.system.cell.noiseFigureDB, unit: "dB", in: 0...50, "Noise figure of the base station", deviation: 13),
    .number("baseGain", \.system.cell.baseGainDB, unit: "dB", in: -50...50, "Antenna gain of the base station", deviation: 14),
    .number("userGain", \.system.cell.userGainDB, unit: "dB", in: -50...50, "Antenna gain of a user", deviation: 14),
    .number("leastRatio", \.system.cell.leastRatioDB, unit: "dB", in: -50...100, "What the ratio of signal to noise has to exceed", deviation: 18),
    .number("leastPower", \.system.cell.leastPowerDBm, unit: "dBm", in: -50...60, "Least power of a user"),
    .number("greatestPower", \.system.cell.greatestPowerDBm, unit: "dBm", in: -50...60, "Greatest power of a user"),
    .number(
      "circuitPower", \.system.cell.circuitPowerWatts, unit: "W", in: 0...100, "What a user consumes beside its transmission power", deviation: 2),
    .number("greatestSpeed", \.system.cell.greatestSpeed, unit: "m/s", in: 0...1000, "Greatest speed of a user", deviation: 15),
    .flag("redrop", \.system.redrops, "Whether every episode has users at new places; else those of one drop walk on", deviation: 16),
    .integer("episodeLength", \.system.episodeMilliseconds, unit: "ms", in: 1...100_000, "Length of an episode", deviation: 17),
  ]

  private static let actions: [Setting<AllocationSettings>] = [
    .choice("observation", \.system.gains, "How gains are observed: of order one, or as decibels", deviation: 25),
    .flag("fingerprint", \.system.fingerprint, "Whether agents observe how far training is: t", deviation: 26),
    .flag("agentIndex", \.system.agentIndex, "Whether agents observe their own number", deviation: 31),
    .choice("powerMap", \.system.powerMap, "What an agent's normally distributed number is", deviation: 27),
    .integer("powerLevels", \.system.powerLevels, in: 0...1000, "Powers to choose from, uniform in dBm; 0: all"),
    .number("rewardScale", \.rewardScale, in: 0...1000, "Reward for each Mbit/J; 0: 0.001, and 0.005 in the country", deviation: 3),
    .integer("csiDelay", \.work.csiDelay, unit: "ms", in: 0...1000, "Age of the gains that central allocation knows"),
  ]

  private static let learning: [Setting<AllocationSettings>] = [
    .choice("regime", \.work.regime, "Learning rates: the two below, or the printed 1e-6 and 5e-7 whatever these say", deviation: 33),
    .number("learningRate", \.work.learningRate, in: 0...1, "Adam's rate in adaptation", deviation: 33),
    .number("metaLearningRate", \.work.metaLearningRate, in: 0...1, "Adam's rate in meta-training", deviation: 33),
    .integer("episodes", \.work.episodes, in: 2...1_000_000, "Episodes of adaptation"),
    .integer("updateEpisodes", \.work.updateEpisodes, in: 1...1000, "Episodes from which a user learns at once", deviation: 34),
    .integer("passes", \.work.passes, in: 1...1000, "Passes of PPO over them", deviation: 34),
    .integer("minibatch", \.work.minibatch, in: 1...1_000_000, "The most transitions of a minibatch"),
    .number("discount", \.work.discount, in: 0...0.99999, "Discount of future rewards: the xi of eq. 14", deviation: 38),
    .number("trace", \.work.trace, in: 0...1, "Lambda of the advantages"),
    .number("clip", \.work.clip, in: 0.001...10, "Range of PPO's ratios around one", deviation: 34),
    .number("valueCoefficient", \.work.valueCoefficient, in: 0...100, "Weight of the critic's loss: c1"),
    .number("entropyCoefficient", \.work.entropyCoefficient, in: 0...100, "Weight of the entropy: c2", deviation: 29),
    .number("gradientNorm", \.work.gradientNorm, in: 1e-6...1e6, "Largest norm of a gradient", deviation: 32),
    .number("firstLogDeviation", \.work.firstLogDeviation, in: -4...1, "Where the logarithm of the power's deviation begins", deviation: 28),
    .choice("critic", \.work.critic, "What the critic regresses on: the returns of eq. 14, or eq. 17", deviation: 35),
    .integer("firstHidden", \.work.firstHidden, in: 1...4096, "Units of the first layer", deviation: 50),
    .integer("secondHidden", \.work.secondHidden, in: 1...4096, "Units of the second layer", deviation: 50),
    .integer("criticHidden", \.work.criticHidden, in: 1...4096, "Units of the critic's own layer", deviation: 50),
  ]

  private static let meta: [Setting<AllocationSettings>] = [
    .integer("metaEpisodes", \.work.metaEpisodes, in: 1...1_000_000, "Episodes of meta-training", deviation: 42),
    .integer("metaPasses", \.work.metaPasses, in: 1...1000, "Passes of PPO over each of them", deviation: 40),
  ]

  private static let rounds: [Setting<AllocationSettings>] = [
    .integer("roundEpisodes", \.work.roundEpisodes, in: 1...1_000_000, "Episodes from one averaging to the next", deviation: 30),
    .choice("weight", \.work.weight, "What a user counts in the mean: eq. 19, or eq. 20", deviation: 24),
    .choice("moments", \.work.moments, "Whether the optimisers' moments are averaged too", deviation: 30),
    .flag("commonStart", \.work.commonStart, "Whether all users of FRL begin with the same networks", deviation: 52),
    .integer("testDrops", \.work.testDrops, in: 1...100_000, "Drops of a test, an episode on each"),
    .integer("roundDrops", \.work.roundDrops, in: 1...100_000, "Drops of the tests before and behind each averaging", deviation: 46),
  ]

  /// A combination of values that cannot be run, in one sentence; nil if there is none.
  var contradiction: String? {
    if let contradiction = system.contradiction ?? work.contradiction { return contradiction }
    if work.csiDelay > system.cell.blockMilliseconds {
      return "gains are known for a block before the test, \(system.cell.blockMilliseconds) ms: lower csiDelay"
    }
    return nil
  }
}
