import Channels

/// Everything that a user can set in this pack: the system, and how it is learnt. Defaults are the values of the properties.
struct EdgeSettings: PackSettings {
  var system = EdgeParameters()
  var work = EdgeLearning()

  /// Zero for an episode that never ends.
  private var episodeSlots: Int {
    get { system.episodeSlots ?? 0 }
    set { system.episodeSlots = newValue == 0 ? nil : newValue }
  }

  /// Zero for no cap.
  private var penaltyCap: Double {
    get { system.penaltyCap ?? 0 }
    set { system.penaltyCap = newValue == 0 ? nil : newValue }
  }

  static let settings: [Setting<EdgeSettings>] = cells + links + tasks + actions + rewards + learning

  private static let cells: [Setting<EdgeSettings>] = [
    .integer("cells", \.system.cells.cells, in: 1...100, "Small cells, the agents: M", deviation: 1),
    .integer("users", \.system.cells.usersPerCell.uniform, in: 1...100, "Users of a cell: N"),
    .integer("channels", \.system.cells.channels, in: 1...200, "Channels that all cells reuse: K"),
    .number("areaWidth", \.system.cells.areaWidthMeters, unit: "m", in: 1...100_000, "Width of the rectangle of the base stations"),
    .number("areaHeight", \.system.cells.areaHeightMeters, unit: "m", in: 1...100_000, "Height of the rectangle"),
    .number("radius", \.system.cells.radiusMeters, unit: "m", in: 1...50_000, "Radius of a cell"),
    .number(
      "minimumDistance", \.system.cells.minimumDistanceMeters, unit: "m", in: 0.1...1000,
      "Least distance of a user from its base station; shorter links count as this long", deviation: 3),
    .number(
      "minimumSeparation", \.system.cells.minimumSeparationMeters, unit: "m", in: 0...100_000, "Least distance between base stations", deviation: 2),
    .choice("positions", \.system.positions, "When positions are drawn", deviation: 8),
  ]

  private static let links: [Setting<EdgeSettings>] = [
    .number("lossAtOneKilometer", \.system.cells.lossAtOneKilometerDB, unit: "dB", in: 0...250, "Loss of every link at 1 km", deviation: 4),
    .number(
      "lossPerDecade", \.system.cells.lossPerDecadeDB, unit: "dB", in: 0...100, "Its further loss for each factor of ten in distance", deviation: 4),
    .choice("fading", \.system.cells.fading, "Small-scale fading", deviation: 5),
    .number("channelBandwidth", \.system.cells.channelBandwidthHertz, unit: "Hz", in: 1e3...1e10, "Bandwidth of a channel: B"),
    .number("noiseDensity", \.system.cells.noiseDensityDBmPerHertz, unit: "dBm/Hz", in: -300...0, "Thermal noise density", deviation: 6),
    .number("userPower", \.system.cells.userPowerDBm.uniform, unit: "dBm", in: -50...60, "Greatest power of a user", deviation: 6),
    .number(
      "transmissionLimit", \.system.cells.transmissionLimitSeconds, unit: "s", in: 0...1e6, "Time after which a transmission is cut off; 0: never",
      deviation: 17),
  ]

  private static let tasks: [Setting<EdgeSettings>] = [
    .choice("tasks", \.system.cells.tasks, "When users get new tasks", deviation: 8),
    .number("leastTask", \.system.cells.leastTaskKilobytes, unit: "KB", in: 1e-3...1e6, "Least size of a task"),
    .number("greatestTask", \.system.cells.greatestTaskKilobytes, unit: "KB", in: 1e-3...1e6, "Greatest size of a task"),
    .number("bytesPerKilobyte", \.system.cells.bytesPerKilobyte, in: 1000...1024, "Bytes of a kilobyte", deviation: 9),
    .number("leastWork", \.system.cells.leastCyclesPerBit, unit: "cycles/bit", in: 1e-3...1e6, "Least work of a task", deviation: 10),
    .number("greatestWork", \.system.cells.greatestCyclesPerBit, unit: "cycles/bit", in: 1e-3...1e6, "Greatest work of a task", deviation: 10),
    .number("deadline", \.system.cells.deadlineFraction, in: 0.01...100, "Deadline in parts of the time of local computing", deviation: 11),
    .number("userSpeed", \.system.cells.userGigahertz.uniform, unit: "GHz", in: 1e-3...1e3, "Computing speed of a user: C"),
    .number("serverSpeed", \.system.cells.serverGigahertz.uniform, unit: "GHz", in: 1e-3...1e6, "Computing speed of a server"),
    .number("userEnergy", \.system.cells.userJoulesPerGigacycle.uniform, unit: "J/Gcycle", in: 0...1e3, "Energy of a user's computing"),
    .number("serverEnergy", \.system.cells.serverJoulesPerGigacycle.uniform, unit: "J/Gcycle", in: 0...1e3, "Energy of a server's computing"),
  ]

  private static let actions: [Setting<EdgeSettings>] = [
    .choice("partMap", \.system.actions.partMap, "How an output becomes an offloaded part", deviation: 13),
    .choice("channelMap", \.system.actions.channelMap, "One output for a user's channel, or a score for each channel", deviation: 14),
    .choice("resolution", \.system.actions.resolution, "Who gets which channel by scores", deviation: 14),
    .choice("shareMap", \.system.actions.shareMap, "How outputs become shares of a server", deviation: 19),
    .number("shareScale", \.system.actions.shareScale, in: 0...100, "Factor of the logits of the softmax of shares", deviation: 19),
  ]

  private static let rewards: [Setting<EdgeSettings>] = [
    .integer("episodeSlots", \.episodeSlots, unit: "slots", in: 0...1_000_000, "Length of an episode; 0: it never ends", deviation: 32),
    .number("deadlineReward", \.system.cells.deadlineReward, in: 0...1000, "Reward of a task within its deadline: beta", deviation: 24),
    .number("penaltyCap", \.penaltyCap, unit: "s", in: 0...1e6, "Greatest penalty of a late task in the reward learned from; 0: none", deviation: 24),
    .choice("rewardScale", \.system.rewardScale, "What the reward learned from is divided by", deviation: 25),
  ]

  /// A combination of values that cannot be run, in one sentence; nil if there is none.
  var contradiction: String? {
    if let contradiction = system.contradiction { return contradiction }
    if work.aggregation == .clustered && work.clusterSize > system.cells.cells {
      return "a cluster of \(work.clusterSize) cells cannot be made of \(system.cells.cells): lower clusterSize"
    }
    return nil
  }
}
