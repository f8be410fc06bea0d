import Agents
import Channels
import Federation

/// What a user can set about learning: networks, rounds, amount of work.
struct EdgeLearning: Sendable {
  /// Who averages in F-DRL.
  enum Aggregation: String, CaseIterable, Sendable {
    /// A server, for all.
    case server
    /// Every cell by itself, over all.
    case serverless
    /// Every cell by itself, over its nearest ones.
    case clustered
  }

  /// What is averaged in F-DRL.
  enum Averaged: String, CaseIterable, Sendable {
    case everything, actor, critic
    /// All but the last layer of the actors.
    case body
  }

  /// The common reward of MA-DRL.
  enum JointReward: String, CaseIterable, Sendable { case system, mean }

  /// MA-DRL, and each cell's DDPG in F-DRL and IL-DRL.
  var learner = MADDPGConfiguration.huang
  var episodes = 200
  /// Episodes of a round of F-DRL.
  var roundEpisodes = 5
  var aggregation = Aggregation.server
  /// Cells over which one averages where `aggregation` is clustered, itself among them.
  var clusterSize = 3
  var averaged = Averaged.everything
  var moments = MomentExchange.local
  var weight = AveragingWeight.batchSize
  /// Share of the cells that take part in a round, chance to drop out of it and to be late.
  var participation = 1.0
  var dropout = 0.0
  var lateness = 0.0
  var commonStart = true
  var jointReward = JointReward.mean
  /// Deviation of the noise on outputs in 0...1, at its beginning and end, and the share of the slots over which it falls.
  var firstNoise = 0.2
  var lastNoise = 0.02
  var noiseShare = 0.6
  /// Slots of an executed policy, and copies that share them.
  var evaluationSlots = 5000
  var evaluationCopies = 10
}

extension MADDPGConfiguration {
  /// Huang et al. (2020), section V-A, with the gaps filled as the pack `mec` does: each cell's DDPG where `neighbours` is 0.
  public static var huang: MADDPGConfiguration {
    var configuration = MADDPGConfiguration()
    configuration.actorWidths = [64]
    configuration.criticObservationWidth = nil
    configuration.criticWidths = [64]
    (configuration.actorLearningRate, configuration.criticLearningRate) = (1e-3, 1e-3)
    (configuration.discount, configuration.polyak) = (0.9, 0.01)
    (configuration.batchSize, configuration.replayCapacity) = (32, 10_000)
    configuration.randomSteps = 200
    // That of a sigmoid's argument, which is twice that of tanh, at a weight of 0.001.
    configuration.logitPenalty = 0.004
    return configuration
  }
}

extension EdgeSettings {
  static let learning: [Setting<EdgeSettings>] = [
    .integer("episodes", \.work.episodes, in: 1...1_000_000, "Episodes of learning", deviation: 32),
    .integer("randomSlots", \.work.learner.randomSteps, unit: "slots", in: 0...10_000_000, "Slots of random actions at the beginning", deviation: 31),
    .number("firstNoise", \.work.firstNoise, in: 0...10, "Deviation of the noise on outputs at the beginning", deviation: 31),
    .number("lastNoise", \.work.lastNoise, in: 0...10, "Its deviation at the end", deviation: 31),
    .number("noiseShare", \.work.noiseShare, in: 0...1, "Share of the slots over which it falls", deviation: 31),
    .integer("hiddenUnits", \.hiddenUnits, in: 1...4096, "Units of the one hidden layer of actors and critics", deviation: 33),
    .number("actorLearningRate", \.work.learner.actorLearningRate, in: 0...1, "Adam's rate for actors", deviation: 34),
    .number("criticLearningRate", \.work.learner.criticLearningRate, in: 0...1, "Adam's rate for critics", deviation: 34),
    .number("discount", \.work.learner.discount, in: 0...0.99999, "Discount of future rewards: gamma"),
    .number("polyak", \.work.learner.polyak, in: 0...1, "Rate of the soft update of target networks"),
    .integer("batch", \.work.learner.batchSize, in: 1...65_536, "Transitions in a minibatch"),
    .integer("replay", \.work.learner.replayCapacity, unit: "slots", in: 1...100_000_000, "Capacity of the replay buffer"),
    .integer("updatesPerSlot", \.work.learner.updatesPerStep, in: 1...100, "Updates after each slot", deviation: 39),
    .number(
      "logitPenalty", \.work.learner.logitPenalty, in: 0...10, "Weight of the mean square of the actors' outputs before tanh in their loss",
      deviation: 35), .choice("jointReward", \.work.jointReward, "MA-DRL's common reward: the system's, or its mean over cells", deviation: 26),
    .integer("roundEpisodes", \.work.roundEpisodes, unit: "episodes", in: 1...1_000_000, "Length of a round of F-DRL", deviation: 32),
    .choice("aggregation", \.work.aggregation, "Who averages in F-DRL", deviation: 45),
    .integer("clusterSize", \.work.clusterSize, in: 1...100, "Cells in the group of each cell where aggregation is clustered", deviation: 45),
    .choice("averaged", \.work.averaged, "What is averaged in F-DRL; body: all but the actors' last layers", deviation: 38),
    .choice("moments", \.work.moments, "Whether the optimisers' moments are averaged too", deviation: 38),
    .choice("weight", \.work.weight, "How much a cell counts in the average", deviation: 38),
    .number("participation", \.work.participation, in: 0.01...1, "Share of the cells that are chosen for a round", deviation: 38),
    .number("dropout", \.work.dropout, in: 0...1, "Chance of a chosen cell to drop out of a round", deviation: 38),
    .number("lateness", \.work.lateness, in: 0...1, "Chance of a chosen cell to send too late", deviation: 38),
    .flag("commonStart", \.work.commonStart, "Whether all cells of F-DRL begin with the same networks", deviation: 38),
    .integer(
      "evaluationSlots", \.work.evaluationSlots, unit: "slots", in: 1...10_000_000,
      "Slots of the executed policy, rounded up to a multiple of evaluationCopies", deviation: 43),
    .integer("evaluationCopies", \.work.evaluationCopies, in: 1...1000, "Copies that share these slots", deviation: 43),
  ]

  private var hiddenUnits: Int {
    get { work.learner.actorWidths[0] }
    set { (work.learner.actorWidths, work.learner.criticWidths) = ([newValue], [newValue]) }
  }

  /// Slots of an episode, of the whole learning where it never ends.
  var slotsPerEpisode: Int { system.episodeSlots ?? 50 }

  /// Deviation of the noise in units of half the range of outputs.
  var explorationNoise: LinearSchedule {
    let slots = Double(work.episodes * slotsPerEpisode)
    return LinearSchedule(from: 2 * work.firstNoise, to: 2 * work.lastNoise, over: Int(work.noiseShare * slots), after: work.learner.randomSteps)
  }

  /// The rounds of F-DRL in an environment.
  func federation(_ task: EdgeEnvironment) -> FederationConfiguration {
    var configuration = FederationConfiguration()
    configuration.roundSteps = work.roundEpisodes * slotsPerEpisode
    configuration.part =
      switch work.averaged {
      case .everything: .everything
      case .actor: .only([.path("actor")])
      case .critic: .only([.path("critic")])
      case .body: .everything(but: [.lastLayer(of: "actor")])
      }
    configuration.groups =
      switch work.aggregation {
      case .server: .server
      case .serverless: .serverless
      case .clustered: .clustered(EdgeSettings.clusters(of: task.drops[0], size: work.clusterSize))
      }
    (configuration.participation.fraction, configuration.participation.dropout) = (work.participation, work.dropout)
    configuration.participation.lateness = work.lateness
    (configuration.moments, configuration.weight, configuration.commonStart) = (work.moments, work.weight, work.commonStart)
    return configuration
  }

  /// Each cell with its nearest ones, ties by index. `[M][size]`
  static func clusters(of drop: OffloadingDrop, size: Int) -> [[Int]] {
    let sites = drop.sites
    return sites.indices.map { cell in
      let distances = sites.map { sites[cell].distance(to: $0).value }
      return Array(sites.indices.sorted { (distances[$0], $0 == cell ? -1 : $0) < (distances[$1], $1 == cell ? -1 : $1) }.prefix(max(1, size)))
    }
  }

  /// Mean energy of a user that computes everything locally, in joules a slot.
  var meanLocalJoules: Double {
    let cells = system.cells
    let bits = (cells.taskBits.lowerBound + cells.taskBits.upperBound) / 2
    return bits * (cells.leastCyclesPerBit + cells.greatestCyclesPerBit) / 2 * 1e-9 * cells.userJoulesPerGigacycle.uniform
  }

  // MARK: Cost

  private func configuration(_ scheme: String) -> MADDPGConfiguration {
    var configuration = work.learner
    configuration.neighbours = scheme == "madrl" ? nil : 0
    return configuration
  }

  /// The sizes of one cell's networks, and the operations of the products in one update of all cells.
  func cost(of scheme: String) -> (actorInputs: Int, actorParameters: Int, criticInputs: Int, criticParameters: Int, products: Double) {
    let (cells, hidden, state, action) = (system.cells.cells, work.learner.actorWidths[0], system.observationSize, system.actionSize)
    let seen = (scheme == "madrl" ? cells : 1) * (state + action)
    let specification = EnvironmentSpecification(
      copies: 1, agents: cells, observationSize: state, actions: ActionSpace(bounds: Array(repeating: 0...1, count: action)))
    return (
      state, (state + 1) * hidden + (hidden + 1) * action, seen, (seen + 1) * hidden + hidden + 1,
      MADDPG.productsPerUpdate(configuration(scheme), for: specification)
    )
  }

  /// Bytes that a cell sends and receives in a round of so many slots, in single precision: MA-DRL broadcasts its observation and action in each, F-DRL
  /// sends its networks once and receives their mean.
  func bytes(of scheme: String, slots: Int) -> Int {
    if scheme == "madrl" { return 4 * slots * (system.observationSize + system.actionSize) }
    let cost = cost(of: "fdrl")
    return 2 * 4 * (cost.actorParameters + cost.criticParameters)
  }
}
