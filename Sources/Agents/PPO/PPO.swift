import Tensor

/// Proximal policy optimisation with the clipped surrogate, for one agent and any action space.
///
/// J. Schulman, F. Wolski, P. Dhariwal, A. Radford and O. Klimov, "Proximal policy optimization algorithms", arXiv 1707.06347, 2017; hybrid actions
/// as Z. Fan et al., IJCAI 2019.
///
/// One update, on T steps of E copies:
///
///     δ_t = r_t + γ (1 − terminated_t) V(s'_t) − V(s_t)
///     A_t = δ_t + γ λ (1 − (terminated_t ∨ truncated_t)) A_{t+1},   R_t = A_t + V(s_t)
///     for each epoch, for each minibatch of a random order:
///       ρ = π(a|s) / π_old(a|s)
///       θ ← Adam on −mean min(ρ A, clip(ρ, 1 − ε, 1 + ε) A) − c_e mean H(π(·|s)) + c_v ½ mean (V(s) − R)²
///
/// Implementation details (numbers in brackets are those of S. Huang et al., "The 37 implementation details of proximal policy optimization", ICLR blog
/// track 2022: 1 to 13 of the core, 14 to 22 of continuous actions):
/// 1. E copies are stepped together and an episode goes on from one roll-out into the next (1).
/// 2. Orthogonal weights with gain √2, 0.01 for the policy's output and 1 for the value's; zero biases (2).
/// 3. Adam with ε = 10⁻⁵ (3); the learning rate and the clip range are schedules over updates (4).
/// 4. Generalised advantages, estimated once for each roll-out; an episode that was cut off counts the value of its true successor, one that ended counts
///    none (5). All values of a roll-out are computed in one pass at its end, from the critic that the roll-out began with.
/// 5. The whole roll-out is shuffled for each epoch and divided, so that each step is met once an epoch (6).
/// 6. Advantages are normalised by minibatch, not by roll-out, with the deviation divided by n − 1 (7); a minibatch of one is left as it is.
/// 7. The clipped surrogate (8); clipping of values is off unless asked for (9); one loss of all terms (10).
/// 8. The gradient of actor and critic is clipped as one vector (11).
/// 9. Diagnostics: losses, entropy, KL (k3), share of clipped ratios, explained variance of the values before the update (12).
/// 10. Actor and critic have networks of their own unless there is a trunk (13).
/// 11. A normal distribution for each number (14) with ln σ as parameters of their own unless asked otherwise (15); components are independent (16).
/// 12. The environment gets the action brought into its range; the number as it was drawn and its log-probability are what is learned from (18).
/// 13. Normalising and clipping observations and rewards (19 to 22) is the task of wrappers of environments.
/// 14. Several choices are independent categorical distributions whose log-probabilities and entropies add up (multi-discrete).
/// 15. Numbers of a hybrid action may have means and deviations for each choice; the density takes those of the drawn choice, the entropy is exact: H(k) + Σ_k p_k H(u|k).
/// 16. An update can end early at a limit of KL; the minibatch that exceeds it makes no step.
public struct PPO: ForesightedLearner {
  public let configuration: PPOConfiguration
  var core: OnPolicyCore

  /// - Parameters:
  ///   - configuration: Networks, sizes and rates.
  ///   - specification: The sizes of the task.
  ///   - seed: Names the random numbers of initial weights, behaviour and minibatches.
  public init(_ configuration: PPOConfiguration, for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = PPO.objection(to: specification) { preconditionFailure(objection) }
    self.configuration = configuration
    core = OnPolicyCore(
      ActorCriticNetworks(configuration.networks, for: specification), for: specification, rule: .adam(epsilon: configuration.epsilon),
      steps: configuration.steps, minibatchSize: configuration.minibatchSize, separatesContinuous: configuration.ratios == .separate, seed: seed)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    OnPolicyCore.objection("PPO", specification, singleAgent: true)
  }

  // MARK: Acting

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) { core.act(observations, step: step, into: &actions) }

  public mutating func foresee(_ observations: [Float]) { core.foresee(observations) }

  public func greedy(copies: Int) -> ActorPolicy { core.policy(copies: copies) }

  /// A snapshot that draws from its distribution, as behaviour does.
  public func sampled(copies: Int, seed: UInt64) -> ActorPolicy { core.policy(copies: copies, seed: seed) }

  /// What the critic expects from some observations on. `[J, D]` to `[J]`
  public func values(of observations: [Float]) -> [Float] { core.values(of: observations) }

  // MARK: Learning

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) { core.observe(observations, batch) }

  public mutating func learn() -> Bool {
    guard core.isReady else { return false }
    core.learn(
      configuration.loss(update: updates), discount: configuration.discount, trace: configuration.trace, epochs: configuration.epochs)
    return true
  }

  /// Roll-outs learned from.
  public var updates: Int { core.updates }

  public var diagnostics: [Diagnostic] { core.report.diagnostics(isClipped: true) }

  /// Floating-point operations of the matrix products of one roll-out and its update.
  public var productsPerUpdate: Double { core.products(epochs: configuration.epochs) }

  public mutating func archive(in archive: Archive) throws(FileError) { try core.archive(in: archive) }
}
