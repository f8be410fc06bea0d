import Agents
import Federation

/// What a user can set about learning: networks, PPO, meta-training, rounds, tests.
struct AllocationLearning: Hashable, Sendable {
  /// Learning rates as a pair.
  enum Regime: String, CaseIterable, Sendable {
    /// `learningRate` and `metaLearningRate`: those with which agents learn to coordinate.
    case trains
    /// The paper's 10⁻⁶ and 5 · 10⁻⁷, whatever these two say.
    case printed
  }

  /// What a client counts in the mean.
  enum Weight: String, CaseIterable, Sendable {
    /// Eq. 19: by the size of its batch.
    case batchSize
    /// Eq. 20: by its rate of successful assignments since adaptation began.
    case success
  }

  /// What the critic regresses on.
  enum Critic: String, CaseIterable, Sendable {
    /// The returns of eq. 14.
    case returns
    /// Eq. 17, which has no discount.
    case equation17
  }

  var regime = Regime.trains
  var learningRate = 3e-4
  var metaLearningRate = 1.5e-4

  // MARK: Networks and PPO

  var firstHidden = 512
  var secondHidden = 256
  var criticHidden = 128
  /// The most transitions of a minibatch: B.
  var minibatch = 256
  /// Episodes from which a user learns at once, stepped side by side.
  var updateEpisodes = 5
  /// Passes over them.
  var passes = 2
  var discount: Float = 0.9
  var trace: Float = 0.98
  var clip = 0.2
  /// c₁ and c₂ of eq. 18.
  var valueCoefficient: Float = 0.5
  var entropyCoefficient: Float = 0.01
  var gradientNorm: Float = 0.5
  var firstLogDeviation: Float = -0.7
  var critic = Critic.returns

  // MARK: Meta-training

  var metaEpisodes = 300
  var metaPasses = 4
  /// Users of the tasks of meta-training.
  static let metaUsers = [2, 4, 8]

  // MARK: Adaptation and rounds

  var episodes = 1000
  var roundEpisodes = 100
  var weight = Weight.batchSize
  var moments = MomentExchange.local
  /// Whether all users of FRL begin with the same networks.
  var commonStart = true

  // MARK: Tests

  var testDrops = 100
  /// Drops of the tests before and behind each averaging.
  var roundDrops = 10
  /// Age of the gains that central allocation knows.
  var csiDelay = 0

  /// The rates in use.
  var rates: (adaptation: Double, meta: Double) { regime == .printed ? (1e-6, 5e-7) : (learningRate, metaLearningRate) }

  /// Section IV with what the paper leaves open: a trunk of two layers, from which the actor's heads and a critic with a layer more go on.
  ///
  /// - Parameter steps: Milliseconds of an episode.
  func configuration(rate: Double, steps: Int, passes: Int) -> PPOConfiguration {
    var configuration = PPOConfiguration()
    configuration.networks.trunkWidths = [firstHidden, secondHidden]
    (configuration.networks.actorWidths, configuration.networks.criticWidths) = ([], [criticHidden])
    (configuration.networks.activation, configuration.networks.criticActivation) = (.relu, .relu)
    configuration.networks.deviationsDependOnState = true
    configuration.networks.initialLogDeviation = firstLogDeviation
    configuration.networks.logDeviations = -4...1
    (configuration.steps, configuration.minibatchSize, configuration.epochs) = (steps, minibatch, passes)
    (configuration.discount, configuration.trace) = (discount, trace)
    configuration.learningRate = .constant(rate)
    configuration.clip = .constant(clip)
    (configuration.valueCoefficient, configuration.entropyCoefficient) = (valueCoefficient, entropyCoefficient)
    configuration.maximumGradientNorm = gradientNorm
    configuration.epsilon = 1e-8
    configuration.regression = critic == .equation17 ? .undiscountedStep : .returns
    return configuration
  }

  /// Numbers of one model: trunk, heads, critic.
  ///
  /// - Parameters:
  ///   - observation: Numbers of an observation.
  ///   - subchannels: N
  func parameters(observation: Int, subchannels: Int) -> Int {
    (observation + 1) * firstHidden + (firstHidden + 1) * secondHidden + (secondHidden + 1) * (subchannels + 2)
      + (secondHidden + 1) * criticHidden + criticHidden + 1
  }

  /// A combination of values that cannot be run, in one sentence; nil if there is none.
  var contradiction: String? {
    if roundEpisodes % updateEpisodes != 0 {
      return "users average between updates: roundEpisodes, \(roundEpisodes), must be a multiple of updateEpisodes, \(updateEpisodes)"
    }
    if episodes % (2 * updateEpisodes) != 0 {
      return
        "episodes, \(episodes), must be a multiple of twice updateEpisodes, \(2 * updateEpisodes), so that half of them is a whole number of updates"
    }
    return nil
  }
}

extension PPOConfiguration {
  /// PPO of Ji, Qin and Tao (arXiv 2307.02900), section IV: a trunk of 512 and 256 units, minibatches of 256, ξ = 0.9, λ = 0.98.
  ///
  /// - Parameters:
  ///   - steps: Milliseconds of an episode.
  ///   - passes: Passes over the episodes of an update.
  public static func ji(steps: Int = 100, passes: Int = 2) -> PPOConfiguration {
    let learning = AllocationLearning()
    return learning.configuration(rate: learning.learningRate, steps: steps, passes: passes)
  }
}

/// The schemes that learn, by what distinguishes them.
struct AllocationScheme: Hashable, Sendable {
  let name: String
  /// Whether users begin with the meta-trained model.
  let isMeta: Bool
  /// Whether they average.
  let isFederated: Bool
  /// Whether they stop at half of the episodes.
  var isEarly = false
  /// Whether agents observe their own number.
  var isIndexed = false
  /// Whether the actor's head stays with each user.
  var keepsHead = false
  /// Whether they learn without a future: γ = 0.
  var isBandit = false

  static let all = [
    AllocationScheme(name: "mfrl", isMeta: true, isFederated: true), AllocationScheme(name: "mrl", isMeta: true, isFederated: false),
    AllocationScheme(name: "frl", isMeta: false, isFederated: true), AllocationScheme(name: "marl", isMeta: false, isFederated: false),
    AllocationScheme(name: "mfrl-early", isMeta: true, isFederated: true, isEarly: true),
    AllocationScheme(name: "mfrl-index", isMeta: true, isFederated: true, isIndexed: true),
    AllocationScheme(name: "mfrl-body", isMeta: true, isFederated: true, keepsHead: true),
    AllocationScheme(name: "mfrl-index-bandit", isMeta: true, isFederated: true, isIndexed: true, isBandit: true),
    AllocationScheme(name: "marl-bandit", isMeta: false, isFederated: false, isBandit: true),
  ]

  /// The scheme of a name; nil for one that does not learn.
  static func named(_ name: String) -> AllocationScheme? { all.first { $0.name == name } }

  /// Whether identical users without a number act after an averaging: those that the ceiling holds for.
  var isUnderCeiling: Bool { isFederated && !isIndexed && !keepsHead }

  /// The system and the learning of this scheme.
  func adjust(_ system: inout AllocationParameters, _ learning: inout AllocationLearning) {
    if isIndexed { system.agentIndex = true }
    if isBandit { learning.discount = 0 }
    system.trainingEpisodes = learning.episodes
    system.parallelEpisodes = learning.updateEpisodes
  }

  /// The rounds, which are made by hand, so that there is none behind the last episode.
  func federation(_ learning: AllocationLearning) -> FederationConfiguration {
    var configuration = FederationConfiguration()
    configuration.roundSteps = .max
    configuration.part = keepsHead ? .everything(but: [.path("policy.actor")]) : .everything
    configuration.moments = learning.moments
    configuration.weight = learning.weight == .success ? .given : .batchSize
    configuration.commonStart = isFederated && !isMeta && learning.commonStart
    return configuration
  }
}
