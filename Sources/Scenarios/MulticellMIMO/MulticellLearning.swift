import Agents
import Channels

/// What a user can set about learning, and how much is measured.
struct MulticellLearning: Sendable {
  /// The inside of actors and critics.
  enum Encoder: String, CaseIterable, Sendable {
    /// One small network for each user and channel, with means over the others.
    case items
    /// A network that takes the whole observation.
    case flat
  }

  /// What a flat network sees.
  enum FlatInput: String, CaseIterable, Sendable { case gains, channels }

  enum Critics: String, CaseIterable, Sendable { case twin, single }

  /// Of what the limit of logits is one.
  enum Logits: String, CaseIterable, Sendable {
    /// Of the actor's outputs less their mean over a user's channels.
    case centred
    /// Of the outputs as they are.
    case plain
  }

  /// How agents' values become the team's.
  enum Mix: String, CaseIterable, Sendable {
    case sum, monotone
  }

  /// Of TD3-MIX+FLWF, and of TD3-MIX alone.
  var encoder = Encoder.items
  var baselineEncoder = Encoder.flat
  var flatInput = FlatInput.gains
  var itemUnits = 64
  var flatUnits = 128
  var mix = Mix.sum
  var critics = Critics.twin
  /// Sizes and rates; the rest is set from the above.
  var learner = TD3MixConfiguration.wong
  /// Of the shares of a user's budget.
  var noise: Float = 0.1
  var logitLimit: Float = 3
  var logits = Logits.centred
  var outputGain: Float = 0.1
  /// Slots of learning, the random ones among them.
  var trainingSlots = 1000
  /// Trainings that begin side by side, and the slots after which the best goes on alone.
  var candidates = 4
  var trialSlots = 500
  /// Blocks that a scheme is measured on, all in parallel, and their slots.
  var blocks = 40
  var measuredSlots = 20
  /// Slots of the trial and of its end, on which candidates are judged.
  var trial: (slots: Int, window: Int) {
    let slots = min(trialSlots, trainingSlots)
    return (slots, max(1, slots / 5))
  }
  // Figure 9.
  var starts = 100
  var realizations = 20
  var iterations = 100
}

extension TD3MixConfiguration {
  /// Wong et al. (2021), section V, with the gaps filled as the pack `mimo` does.
  public static var wong: TD3MixConfiguration {
    var configuration = TD3MixConfiguration()
    configuration.seesAgentIndex = false
    (configuration.actorLearningRate, configuration.criticLearningRate) = (1e-3, 1e-3)
    (configuration.discount, configuration.polyak) = (0.99, 0.005)
    (configuration.batchSize, configuration.replayCapacity, configuration.randomSteps) = (16, 2000, 200)
    (configuration.policyDelay, configuration.smoothingDeviation, configuration.smoothingLimit) = (2, 0.1, 0.2)
    return configuration
  }
}

extension MulticellSettings {
  static let learning: [Setting<MulticellSettings>] = [
    .choice("encoder", \.work.encoder, "Networks of TD3-MIX+FLWF: one for each user and channel, or a flat one", deviation: 22),
    .choice("baselineEncoder", \.work.baselineEncoder, "Networks of TD3-MIX alone", deviation: 22),
    .choice("flatInput", \.work.flatInput, "What a flat network sees: logarithms of gains, or c, channels and beams as in eq. (17)", deviation: 21),
    .integer("itemUnits", \.work.itemUnits, in: 1...4096, "Units of both hidden layers of networks for each user and channel", deviation: 22),
    .integer("flatUnits", \.work.flatUnits, in: 1...4096, "Units of both hidden layers of flat networks"),
    .choice("mix", \.work.mix, "How the cells' values become the network's: their sum, or QMIX's monotone network", deviation: 25),
    .integer("mixingUnits", \.work.learner.mixingWidth, in: 1...1024, "Units of the monotone mixing network", deviation: 25),
    .choice("critics", \.work.critics, "Twin critics, or one"),
    .number("learningRate", \.learningRate, in: 0...1, "Adam's rate"),
    .number("discount", \.work.learner.discount, in: 0...0.99999, "Discount of future rewards: gamma", deviation: 29),
    .number("polyak", \.work.learner.polyak, in: 0...1, "Rate of the soft update of target networks: tau", deviation: 27),
    .integer("policyDelay", \.work.learner.policyDelay, in: 1...1000, "Updates of the critics for one of the actor: d", deviation: 27),
    .integer("batch", \.work.learner.batchSize, in: 1...65_536, "Transitions in a minibatch"),
    .integer("replay", \.work.learner.replayCapacity, unit: "slots", in: 1...10_000_000, "Capacity of the replay buffer", deviation: 31),
    .number("noise", \.work.noise, in: 0...10, "Deviation of the noise on shares of a user's power: sigma", deviation: 20),
    .number("logitLimit", \.work.logitLimit, in: 0.01...100, "Greatest logit of a channel's share of a user's power", deviation: 20),
    .choice(
      "logits", \.work.logits, "Whether that limit is one of the actor's outputs less their mean over a user's channels, or as they are",
      deviation: 20),
    .number("outputGain", \.work.outputGain, in: 0...100, "Factor of the initial weights of the actor's last layer", deviation: 20),
    .number("smoothing", \.work.learner.smoothingDeviation, in: 0...10, "Deviation of the noise on target shares", deviation: 27),
    .number("smoothingLimit", \.work.learner.smoothingLimit, in: 0...10, "Where that noise is cut off: c", deviation: 27),
    .integer("randomSlots", \.work.learner.randomSteps, unit: "slots", in: 0...10_000_000, "Slots of random actions at the beginning", deviation: 31),
    .integer("trainingSlots", \.work.trainingSlots, unit: "slots", in: 1...10_000_000, "Slots of learning, with the random ones", deviation: 31),
    .integer("candidates", \.work.candidates, in: 1...64, "Trainings that begin side by side, of which the best of a trial goes on", deviation: 34),
    .integer("trialSlots", \.work.trialSlots, unit: "slots", in: 1...10_000_000, "Slots of that trial, at most all of learning", deviation: 34),
    .integer("blocks", \.work.blocks, in: 1...100_000, "Blocks on which a scheme is measured"),
    .integer("measuredSlots", \.work.measuredSlots, unit: "slots", in: 1...10_000, "Slots of such a block, at least T", deviation: 16),
    .integer("starts", \.work.starts, in: 2...10_000, "Random initialisations of figure 9"),
    .integer("realizations", \.work.realizations, in: 1...10_000, "Channel realisations of figure 9"),
    .integer("iterations", \.work.iterations, in: 1...100_000, "Iterations of figure 9", deviation: 9),
  ]

  private var learningRate: Float {
    get { work.learner.actorLearningRate }
    set { (work.learner.actorLearningRate, work.learner.criticLearningRate) = (newValue, newValue) }
  }

  /// The networks of a learned scheme.
  func encoder(of scheme: String) -> MulticellLearning.Encoder { scheme == "td3mix" ? work.baselineEncoder : work.encoder }

  /// The system as a scheme meets it: what agents see, and no game under TD3-MIX alone.
  func system(of scheme: String) -> MulticellParameters {
    var system = self.system
    system.features = encoder(of: scheme) == .items ? .pooled : work.flatInput == .gains ? .gains : .channels
    if scheme == "td3mix" { system.moves = 0 }
    return system
  }

  func learner(of scheme: String) -> TD3MixConfiguration {
    var configuration = work.learner
    let system = system(of: scheme)
    switch encoder(of: scheme) {
    case .items:
      configuration.items = ItemGrid(rows: system.served, columns: system.frequencies, features: 8)
      (configuration.actorWidths, configuration.criticWidths) = ([work.itemUnits, work.itemUnits], [work.itemUnits, work.itemUnits])
    case .flat: (configuration.actorWidths, configuration.criticWidths) = ([work.flatUnits, work.flatUnits], [work.flatUnits, work.flatUnits])
    }
    configuration.mixing = work.mix == .sum ? .sum : .monotone
    configuration.stateNumbers = (system.features == .channels ? 1 : 2) * system.items
    configuration.usesTwinCritics = work.critics == .twin
    let head = ShareHead(parts: system.frequencies, logitLimit: work.logitLimit, isCentred: work.logits == .centred)
    (configuration.shares, configuration.actorOutputGain) = (head, work.outputGain)
    configuration.standardizesRewards = true
    // In half widths of the range of a share.
    configuration.noise = .gaussian(deviation: 2 * work.noise)
    configuration.smoothingDeviation *= 2
    configuration.smoothingLimit *= 2
    // The mean users' capacity of each slot is TD3-MIX's global Q.
    if scheme == "td3mix" { configuration.discount = 0 }
    return configuration
  }
}
