import Tensor

/// Everything that the advantage actor-critic leaves open. The defaults are those of OpenAI's baselines.
public struct A2CConfiguration: Sendable {
  public var networks = ActorCriticNetworksConfiguration()
  /// T, steps of every copy between two updates.
  public var steps = 5
  /// γ
  public var discount: Float = 0.99
  /// λ of the advantages; 1 for returns over the rest of the T steps.
  public var trace: Float = 1
  /// α as a function of the number of updates made.
  public var learningRate = LearningRateSchedule.constant(7e-4)
  public var rule = GradientRule.rmsProp(decay: 0.99, epsilon: 1e-5)
  /// Whether advantages are brought to mean 0 and deviation 1, and by what the variance is divided; nil for not.
  public var normalization: VarianceDivisor?
  /// c_e, the weight of the entropy.
  public var entropyCoefficient: Float = 0.01
  /// c_v, the weight of the values' loss.
  public var valueCoefficient: Float = 0.5
  /// Largest norm of the gradient of actor and critic as one vector; nil for no clipping.
  public var maximumGradientNorm: Float? = 0.5

  public init() {}
}

/// Advantage actor-critic: the synchronous form of A3C, one gradient step for every T steps of E copies.
///
/// V. Mnih et al., "Asynchronous methods for deep reinforcement learning", ICML 2016; the synchronous form of OpenAI's baselines.
///
/// One update:
///
///     A_t = Σ_l (γ λ)^l δ_{t+l},   R_t = A_t + V(s_t)          as in ``PPO``
///     θ ← RMSProp on −mean (A ln π(a|s)) − c_e mean H(π(·|s)) + c_v ½ mean (V(s) − R)²
///
/// Implementation details:
/// 1. With λ = 1, A_t is the n-step return less V(s_t), n the steps that are left in the roll-out.
/// 2. RMSProp has its ε beside the root (PyTorch's form); TensorFlow's, with ε inside, is more stable by some reports and is not offered.
/// 3. Roll-outs, networks, actions outside of their range and ends of episodes are those of ``PPO``, details 1, 2, 4, 8 and 10 to 15.
public struct A2C: Learner {
  public let configuration: A2CConfiguration
  var core: OnPolicyCore

  /// - Parameters:
  ///   - configuration: Networks, sizes and rates.
  ///   - specification: The sizes of the task.
  ///   - seed: Names the random numbers of initial weights and behaviour.
  public init(_ configuration: A2CConfiguration, for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = A2C.objection(to: specification) { preconditionFailure(objection) }
    self.configuration = configuration
    core = OnPolicyCore(
      ActorCriticNetworks(configuration.networks, for: specification), for: specification, rule: configuration.rule, steps: configuration.steps,
      minibatchSize: configuration.steps * specification.copies, seed: seed)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    OnPolicyCore.objection("A2C", specification, singleAgent: true)
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
    let rate = configuration.learningRate.rate(at: updates)
    let loss = OnPolicyLoss(
      policy: .gradient, entropyCoefficient: configuration.entropyCoefficient, valueCoefficient: configuration.valueCoefficient,
      normalization: configuration.normalization, maximumGradientNorm: configuration.maximumGradientNorm, learningRates: (rate, rate))
    core.learn(loss, discount: configuration.discount, trace: configuration.trace)
    return true
  }

  /// Updates made so far.
  public var updates: Int { core.updates }

  public var diagnostics: [Diagnostic] { core.report.diagnostics(isClipped: false) }

  public mutating func archive(in archive: Archive) throws(FileError) { try core.archive(in: archive) }
}
