import Tensor

/// Everything that multi-agent proximal policy optimisation leaves open beside ``PPOConfiguration``.
public struct MAPPOConfiguration: Sendable {
  /// Of the update. A minibatch's size counts joint steps, each with one row for every agent.
  public var update: PPOConfiguration
  /// Whether all agents act by one actor, in place of one actor each.
  public var sharesActor = true
  /// Whether the critic is told whose value is asked for, by a one-hot vector behind the observations of all.
  public var criticSeesIndex = true

  /// The defaults of Yu et al. (2022) for particle environments: 10 epochs of one minibatch, Adam at 7 · 10⁻⁴, entropy 0.01.
  public init() {
    update = PPOConfiguration()
    update.steps = 25
    update.minibatchSize = 1 << 20
    update.learningRate = .constant(7e-4)
    update.entropyCoefficient = 0.01
    update.valueCoefficient = 1
    update.maximumGradientNorm = 10
    update.networks.activation = .relu
    update.networks.criticActivation = .relu
  }
}

/// Multi-agent proximal policy optimisation: decentralised actors, a critic that sees the observations of all agents.
///
/// C. Yu et al., "The surprising effectiveness of PPO in cooperative multi-agent games", NeurIPS 2022.
///
/// The update is that of ``PPO`` on the rows of all agents, with V_a(s) = V(o_1 … o_A, a):
///
///     δ_a = r_a + γ (1 − terminated) V_a(s') − V_a(s)
///     θ   ← Adam on −mean min(ρ_a A_a, clip(ρ_a, 1 − ε, 1 + ε) A_a) − c_e mean H(π(·|o_a)) + c_v ½ mean (V_a(s) − R_a)²
///
/// Implementation details, beside those of ``PPO``:
/// 1. The joint observation is the concatenation of all agents' observations in the order of agents.
/// 2. Each agent has rewards, values and advantages of its own; agents that are paid alike simply have equal rewards.
/// 3. Actors are one network for all agents (`sharesActor`), or one for each that are evaluated and stepped side by side.
/// 4. A minibatch consists of joint steps: all agents of a step are learned from together, and advantages are normalised over all of them.
/// 5. Values are not normalised by running statistics, and there is no recurrence.
public struct MAPPO: Learner {
  public let configuration: MAPPOConfiguration
  var core: OnPolicyCore

  /// - Parameters:
  ///   - configuration: PPO's networks, sizes and rates, and what agents share.
  ///   - specification: The sizes of the task with A agents.
  ///   - seed: Names the random numbers of initial weights, behaviour and minibatches.
  public init(_ configuration: MAPPOConfiguration, for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = MAPPO.objection(to: specification) { preconditionFailure(objection) }
    self.configuration = configuration
    let update = configuration.update
    core = OnPolicyCore(
      ActorCriticNetworks(
        update.networks, for: specification, view: .joint(withIndex: configuration.criticSeesIndex), perAgent: !configuration.sharesActor),
      for: specification, rule: .adam(epsilon: update.epsilon), steps: update.steps, minibatchSize: update.minibatchSize,
      separatesContinuous: update.ratios == .separate, seed: seed)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    OnPolicyCore.objection("MAPPO", specification, singleAgent: false)
  }

  // MARK: Acting

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) { core.act(observations, step: step, into: &actions) }

  public func greedy(copies: Int) -> ActorPolicy { core.policy(copies: copies) }

  /// A snapshot that draws from its distribution, as behaviour does.
  public func sampled(copies: Int, seed: UInt64) -> ActorPolicy { core.policy(copies: copies, seed: seed) }

  /// What the critic expects from some joint observations on, for each agent. `[J, A, D]` to `[J, A]`
  public func values(of observations: [Float]) -> [Float] { core.values(of: observations) }

  // MARK: Learning

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) { core.observe(observations, batch) }

  public mutating func learn() -> Bool {
    guard core.isReady else { return false }
    let update = configuration.update
    core.learn(update.loss(update: updates), discount: update.discount, trace: update.trace, epochs: update.epochs)
    return true
  }

  /// Roll-outs learned from.
  public var updates: Int { core.updates }

  public var diagnostics: [Diagnostic] { core.report.diagnostics(isClipped: true) }

  public mutating func archive(in archive: Archive) throws(FileError) { try core.archive(in: archive) }
}
