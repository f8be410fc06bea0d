import Tensor

/// Everything that the one-step actor-critic leaves open.
public struct ActorCriticConfiguration: Sendable {
  /// The actor and the critic, by default without a trunk.
  public var networks = ActorCriticNetworksConfiguration()
  /// Steps of every copy between two updates; 1 for an update each step.
  public var stepsPerUpdate = 1
  /// γ
  public var discount: Float = 0.99
  /// α of the actor.
  public var actorLearningRate: Float = 1e-3
  /// α of the critic.
  public var criticLearningRate: Float = 1e-3
  public var rule = GradientRule.adam(epsilon: 1e-8)
  /// The weight of the entropy.
  public var entropyCoefficient: Float = 0.01
  /// Largest norm of the gradient of actor and critic as one vector; nil for no clipping.
  public var maximumGradientNorm: Float?

  public init() {}
}

/// The actor-critic with one-step temporal differences, on-line.
///
/// R. Sutton and A. Barto, "Reinforcement learning", 2nd ed., section 13.5, without the factor γ^t of the discounted start-state objective, which nobody uses.
///
/// One update, after each step of all copies:
///
///     δ  = r + γ (1 − terminated) V(s') − V(s)
///     θV ← Adam on ½ mean (V(s) − (r + γ V(s')))²       the target held constant
///     θπ ← Adam on −mean (δ ln π(a|s)) − c_e mean H(π(·|s))
///
/// Implementation details:
/// 1. δ comes from the critic before its step.
/// 2. The mean is over copies, and over the steps since the last update where `stepsPerUpdate` is more than 1; each step keeps its one-step δ.
/// 3. It is ``A2C`` with λ = 0 and learning rates for actor and critic.
public struct ActorCritic: Learner {
  public let configuration: ActorCriticConfiguration
  var core: OnPolicyCore

  /// - Parameters:
  ///   - configuration: Networks, sizes and rates.
  ///   - specification: The sizes of the task.
  ///   - seed: Names the random numbers of initial weights and behaviour.
  public init(_ configuration: ActorCriticConfiguration, for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = ActorCritic.objection(to: specification) { preconditionFailure(objection) }
    self.configuration = configuration
    core = OnPolicyCore(
      ActorCriticNetworks(configuration.networks, for: specification), for: specification, rule: configuration.rule,
      steps: configuration.stepsPerUpdate, minibatchSize: configuration.stepsPerUpdate * specification.copies, seed: seed)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    OnPolicyCore.objection("ActorCritic", specification, singleAgent: true)
  }

  // MARK: Acting

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) { core.act(observations, step: step, into: &actions) }

  public func greedy(copies: Int) -> ActorPolicy { core.policy(copies: copies) }

  /// A snapshot that draws from its distribution, as behaviour does.
  public func sampled(copies: Int, seed: UInt64) -> ActorPolicy { core.policy(copies: copies, seed: seed) }

  /// What the critic expects from some observations on. `[J, D]` to `[J]`
  public func values(of observations: [Float]) -> [Float] { core.values(of: observations) }

  // MARK: Learning

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) { core.observe(observations, batch) }

  public mutating func learn() -> Bool {
    guard core.isReady else { return false }
    let loss = OnPolicyLoss(
      policy: .gradient, entropyCoefficient: configuration.entropyCoefficient, valueCoefficient: 1,
      maximumGradientNorm: configuration.maximumGradientNorm,
      learningRates: (configuration.actorLearningRate, configuration.criticLearningRate))
    core.learn(loss, discount: configuration.discount, trace: 0)
    return true
  }

  /// Updates made so far.
  public var updates: Int { core.updates }

  public var diagnostics: [Diagnostic] { core.report.diagnostics(isClipped: false) }

  public mutating func archive(in archive: Archive) throws(FileError) { try core.archive(in: archive) }
}
