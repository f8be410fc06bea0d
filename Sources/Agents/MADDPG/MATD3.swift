import Tensor

/// Everything that MATD3 leaves open: what MADDPG does, and the refinements of TD3.
public struct MATD3Configuration: Sendable {
  /// Networks, replay and behaviour. Target choices are sampled by default: the smoothing that suits a choice.
  public var joint: MADDPGConfiguration
  /// σ of the noise on continuous target actions, in units of half their range.
  public var smoothingDeviation: Float = 0.2
  /// Where that noise is cut.
  public var smoothingBound: Float = 0.5
  /// Updates of the critics for each update of the actors and all targets.
  public var policyDelay = 2

  public init() {
    joint = MADDPGConfiguration()
    joint.actorWidths = [64, 64]
    joint.criticObservationWidth = nil
    joint.criticWidths = [64, 64]
    (joint.actorLearningRate, joint.criticLearningRate, joint.polyak) = (1e-2, 1e-2, 0.01)
    (joint.batchSize, joint.randomSteps, joint.minimumTransitions, joint.updateInterval) = (1024, 0, 25 * 1024, 100)
    joint.targetChoice = .sampled
  }
}

/// Multi-agent TD3: MADDPG with twin critics, smoothed targets and delayed policies.
///
/// J. Ackermann, V. Gabler, T. Osa and M. Sugiyama, "Reducing overestimation bias in multi-agent domains using double centralized critics",
/// 2019 (arXiv 1910.01465); S. Fujimoto, H. van Hoof and D. Meger, "Addressing function approximation error in actor-critic methods", ICML 2018.
///
/// One update of ``MADDPG`` with these changes:
///
///     a'_j = μ'_j(s'_j) + clip(ε_j, −c, c),  ε_j ~ N(0, σ²), cut to the range     for all j
///     y_i  = r_i + γ (1 − terminated) min(Q'_{i,1}(s', a'), Q'_{i,2}(s', a'))
///     θQ_i ← Adam on mean (Q_{i,1}(s, a) − y_i)² + mean (Q_{i,2}(s, a) − y_i)²
///     every d-th update: θμ_i ← Adam on −mean Q_{i,1}(s, a)|a_i = g(μ_i(s_i)), then all targets move
///
/// Implementation details:
/// 1. The two critics of an agent are one vector of parameters with one optimiser.
/// 2. Noise and its bound are in units of half a component's range. A choice is smoothed by a sample of the target actor's softmax
///    (`joint.targetChoice`).
/// 3. Everything else is as in ``MADDPG``.
public struct MATD3: Learner {
  /// The learner that does it.
  private var learner: MADDPG
  public let configuration: MATD3Configuration

  /// - Parameters:
  ///   - configuration: What MADDPG leaves open, and the refinements of TD3.
  ///   - specification: The sizes of the task with A agents.
  ///   - proximity: For each agent all agents from the nearest to the farthest, itself first. Needed when `neighbours` is set above zero.
  ///   - seed: Names the random numbers of initial weights, behaviour, replay and updates.
  ///   - threads: Threads that an update may use; no bit depends on them.
  public init(
    _ configuration: MATD3Configuration, for specification: EnvironmentSpecification, proximity: [[Int]]? = nil, seed: UInt64, threads: Int = 1
  ) {
    if let objection = MATD3.objection(to: specification) { preconditionFailure(objection) }
    let twins = TwinRefinements(
      smoothingDeviation: configuration.smoothingDeviation, smoothingBound: configuration.smoothingBound, policyDelay: configuration.policyDelay)
    let setup = MADDPGSetup(configuration.joint, twins: twins, for: specification, proximity: proximity, named: "MATD3")
    self.configuration = configuration
    learner = MADDPG(setup, for: specification, seed: seed, threads: threads)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    ActorHead.objection(to: specification.actions, for: "MATD3")
  }

  public var isWarmingUp: Bool { learner.isWarmingUp }
  public var updates: Int { learner.updates }
  public var diagnostics: [Diagnostic] { learner.diagnostics }

  /// Floating-point operations of the matrix products in one update of all agents, the mean over the updates between two of the policies.
  public var productsPerUpdate: Double { learner.productsPerUpdate }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    learner.act(observations, step: step, into: &actions)
  }

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    learner.observe(observations, actions, batch)
  }

  public mutating func learn() -> Bool { learner.learn() }

  /// One update of every agent from one shared minibatch.
  public mutating func update() { learner.update() }

  /// The policy of each target actor, without noise.
  public func greedy(copies: Int) -> GreedyPolicy { learner.executed(copies: copies) }

  public mutating func archive(in archive: Archive) throws(FileError) { try learner.archive(in: archive) }
}
