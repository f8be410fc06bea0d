import Agents
import Federation

/// An algorithm by the name that the command line knows it by, ready for any environment whose sizes and spaces fit.
///
/// The settings are those of its authors, except for what depends on the length of training: exploration ends after a fifth of it, and random first steps
/// are at most a tenth. Whoever wants other settings makes an algorithm of their own:
///
///     Algorithm("ppo-small", description: "PPO with minibatches of 32") { task in
///       IndependentLearners(for: task.specification, seed: task.seed) { sizes, seed, _ in PPO(settings, for: sizes, seed: seed) }
///     }
public struct Algorithm: Sendable {
  /// What a learner is made for.
  public struct Task: Sendable {
    public let specification: EnvironmentSpecification
    public let seed: UInt64
    public let threads: Int
    /// Steps of training of each copy.
    public let steps: Int
  }

  public let name: String
  public let description: String
  /// Whether it is a yardstick that learns nothing.
  public let isReference: Bool
  let objection: @Sendable (EnvironmentSpecification) -> String?
  let make: @Sendable (Task) -> any Learner
  /// The same learner whose clients average; nil where it has none.
  private let makeFederated: (@Sendable (Task, FederationConfiguration) -> any Learner)?

  /// - Parameters:
  ///   - name: On the command line, lower-case.
  ///   - description: What it is, in a line for lists.
  ///   - isReference: Whether it is a yardstick that learns nothing.
  ///   - make: The learner for a task to which it has no objection.
  public init<Agent: Learner>(
    _ name: String, description: String, isReference: Bool = false, _ make: @escaping @Sendable (Task) -> Agent
  ) {
    self.init(name, description, isReference: isReference, { Agent.objection(to: $0) }, { make($0) }, nil)
  }

  /// An algorithm whose clients can average their networks.
  public init<Agent: ExchangeableLearner>(_ name: String, description: String, _ make: @escaping @Sendable (Task) -> Agent) {
    let makeFederated: @Sendable (Task, FederationConfiguration) -> any Learner = {
      FederatedLearner(make($0), $1, seed: $0.seed, threads: $0.threads)
    }
    self.init(name, description, isReference: false, { Agent.objection(to: $0) }, { make($0) }, makeFederated)
  }

  private init(
    _ name: String, _ description: String, isReference: Bool, _ objection: @escaping @Sendable (EnvironmentSpecification) -> String?,
    _ make: @escaping @Sendable (Task) -> any Learner, _ makeFederated: (@Sendable (Task, FederationConfiguration) -> any Learner)?
  ) {
    (self.name, self.description, self.isReference) = (name, description, isReference)
    (self.objection, self.make, self.makeFederated) = (objection, make, makeFederated)
  }

  /// The same algorithm whose agents average their networks every so many steps, by the name `NAME-federated`.
  ///
  /// - Parameters:
  ///   - steps: Steps of all copies from one round to the next.
  ///   - configuration: What else there is to say about rounds.
  /// - Precondition: Its agents have networks of their own that can be exchanged (`ExchangeableLearner`).
  public func federated(every steps: Int, _ configuration: FederationConfiguration = FederationConfiguration()) -> Algorithm {
    guard let makeFederated else { preconditionFailure("the agents of the algorithm '\(name)' have no networks that can be exchanged") }
    var configuration = configuration
    configuration.roundSteps = steps
    let rounds = configuration
    return Algorithm(
      name + "-federated", "\(description), averaged every \(steps) steps", isReference: false, objection, { makeFederated($0, rounds) }, nil)
  }

  /// The same algorithm by another name, so that two settings can stand beside each other.
  public func named(_ name: String) -> Algorithm {
    Algorithm(name, description, isReference: isReference, objection, make, makeFederated)
  }
}

extension Algorithm {
  /// What the command line knows.
  public static let all: [Algorithm] = [dqn, a2c, ppo, ddpg, td3, sac, maddpg, matd3, mappo, vdn, qmix, random]

  /// Several agents learn independently of each other.
  public static let dqn = Algorithm("dqn", description: "Deep Q-learning (double), independent agents") { task in
    IndependentLearners(for: task.specification, seed: task.seed, threads: task.threads) { sizes, seed, _ in
      var settings = DQNConfiguration()
      settings.double = true
      settings.learningRate = .constant(5e-4)
      settings.replayCapacity = min(settings.replayCapacity, max(1000, task.steps * sizes.copies))
      settings.target = .everyTransitions(500)
      settings.exploration = LinearSchedule(from: 1, to: 0.05, over: max(1, task.steps * sizes.copies / 5))
      return DQN(settings, for: sizes, seed: seed)
    }
  }

  public static let a2c = Algorithm("a2c", description: "Advantage actor-critic, independent agents") { task in
    IndependentLearners(for: task.specification, seed: task.seed, threads: task.threads) { sizes, seed, _ in
      A2C(A2CConfiguration(), for: sizes, seed: seed)
    }
  }

  public static let ppo = Algorithm("ppo", description: "Proximal policy optimisation, independent agents") { task in
    IndependentLearners(for: task.specification, seed: task.seed, threads: task.threads) { sizes, seed, _ in
      PPO(onPolicy(task), for: sizes, seed: seed)
    }
  }

  public static let ddpg = Algorithm("ddpg", description: "Deep deterministic policy gradient, independent agents") { task in
    IndependentLearners(for: task.specification, seed: task.seed, threads: task.threads) { sizes, seed, _ in
      var settings = DDPGConfiguration()
      (settings.randomSteps, settings.replayCapacity) = offPolicy(settings.randomSteps, settings.replayCapacity, task)
      return DDPG(settings, for: sizes, seed: seed)
    }
  }

  public static let td3 = Algorithm("td3", description: "Twin delayed DDPG, independent agents") { task in
    IndependentLearners(for: task.specification, seed: task.seed, threads: task.threads) { sizes, seed, _ in
      var settings = TD3Configuration()
      (settings.randomSteps, settings.replayCapacity) = offPolicy(settings.randomSteps, settings.replayCapacity, task)
      return TD3(settings, for: sizes, seed: seed)
    }
  }

  public static let sac = Algorithm("sac", description: "Soft actor-critic, independent agents") { task in
    IndependentLearners(for: task.specification, seed: task.seed, threads: task.threads) { sizes, seed, _ in
      var settings = SACConfiguration()
      (settings.randomSteps, settings.replayCapacity) = offPolicy(settings.randomSteps, settings.replayCapacity, task)
      return SAC(settings, for: sizes, seed: seed)
    }
  }

  public static let maddpg = Algorithm("maddpg", description: "Multi-agent DDPG: critics see everything") { task in
    var settings = MADDPGConfiguration()
    (settings.actorWidths, settings.criticObservationWidth, settings.criticWidths) = ([64, 64], nil, [128, 128])
    (settings.randomSteps, settings.replayCapacity) = offPolicy(settings.randomSteps, settings.replayCapacity, task)
    return MADDPG(settings, for: task.specification, seed: task.seed, threads: task.threads)
  }

  public static let matd3 = Algorithm("matd3", description: "MADDPG with twin critics and delayed actors") { task in
    var settings = MATD3Configuration()
    (settings.joint.actorLearningRate, settings.joint.criticLearningRate, settings.joint.batchSize) = (1e-3, 1e-3, 64)
    (settings.joint.minimumTransitions, settings.joint.updateInterval) = (64, 1)
    (settings.joint.randomSteps, settings.joint.replayCapacity) = offPolicy(2000, settings.joint.replayCapacity, task)
    return MATD3(settings, for: task.specification, seed: task.seed, threads: task.threads)
  }

  public static let mappo = Algorithm("mappo", description: "PPO with one actor for all agents and a critic that sees everything") { task in
    var settings = MAPPOConfiguration()
    settings.update = onPolicy(task)
    return MAPPO(settings, for: task.specification, seed: task.seed)
  }

  public static let vdn = Algorithm("vdn", description: "Value decomposition: the sum of the agents' values") { task in
    ValueDecomposition(decomposition(.sum, task), for: task.specification, seed: task.seed)
  }

  public static let qmix = Algorithm("qmix", description: "Value decomposition by a monotone mixing network") { task in
    ValueDecomposition(decomposition(.monotone, task), for: task.specification, seed: task.seed)
  }

  public static let random = Algorithm("random", description: "Random actions", isReference: true) { task in
    Untaught(RandomPolicy(for: task.specification, seed: task.seed)) { copies in
      var specification = task.specification
      specification.copies = copies
      return RandomPolicy(for: specification, seed: task.seed)
    }
  }

  /// The algorithms of some names.
  ///
  /// - Throws: `UsageError` with the nearest known name.
  static func named(_ names: [String]) throws(UsageError) -> [Algorithm] {
    var list: [Algorithm] = []
    for name in names {
      guard let algorithm = all.first(where: { $0.name == name }) else { throw .unknown("algorithm", name, known: all.map(\.name), of: nil) }
      if !list.contains(where: { $0.name == name }) { list.append(algorithm) }
    }
    return list
  }

  /// Roll-outs of which training has at least twenty.
  private static func onPolicy(_ task: Task) -> PPOConfiguration {
    var settings = PPOConfiguration()
    settings.steps = min(max(task.steps / 20, 16), max(1, settings.steps / task.specification.copies))
    settings.minibatchSize = max(settings.minibatchSize, settings.steps * task.specification.copies / 8)
    return settings
  }

  private static func offPolicy(_ randomSteps: Int, _ capacity: Int, _ task: Task) -> (Int, Int) {
    (min(randomSteps, task.steps / 10), min(capacity, max(1000, task.steps * task.specification.copies)))
  }

  private static func decomposition(_ mixing: Mixing, _ task: Task) -> ValueDecompositionConfiguration {
    var settings = ValueDecompositionConfiguration(mixing)
    settings.memoryWidth = nil
    settings.exploration = LinearSchedule(from: 1, to: 0.05, over: max(1, task.steps / 5))
    return settings
  }
}
