import Tensor

/// Functions of a policy's log-probabilities whose derivatives are those of the expected return.
///
/// With x_t = ln π(a_t | s_t), □(x) = e^{x − stop(x)} (always 1, with derivatives of every order), R_t = Σ_{t′ ≥ t} γ^{t′−t} r_{t′} and A_t = R_t −
/// b_t:
///
///     ordinary    J = Σ_t γᵗ x_t A_t
///     DiCE        J = Σ_t γᵗ □(Σ_{t′ ≤ t} x_{t′}) r_t + Σ_t γᵗ (1 − □(x_t)) b_t
///     loaded      J = Σ_t γᵗ (□(w_t) − □(w_t − x_t)) A_t,  w_t = Σ_{t′ ≤ t} λ^{t−t′} x_{t′}
///
/// All have the policy gradient as first derivative. Which data come up also depends on the policy, so that the Hessian of the expected return is
/// E[R (∇² ln p + ∇ ln p ∇ ln pᵀ)]; that of the ordinary surrogate has the first term alone, and a meta-gradient through it is biased. DiCE (J.
/// Foerster et al., "DiCE: the infinitely differentiable Monte Carlo estimator", ICML 2018) is unbiased at every order. Loaded DiCE (G. Farquhar,
/// S. Whiteson and J. Foerster, NeurIPS 2019) is too for λ = 1, with the baseline in every order's variance; λ = 0 is the low-variance surrogate of
/// J. Rothfuss et al., "ProMP", ICLR 2019, whose Hessian is biased where an episode has more than one step.
///
/// Second derivatives must be `Curvature.exact`: a difference of gradients anchors stop(x) anew at both of its places and has the ordinary
/// surrogate's bias.
///
/// The baseline b_t must not depend on a_t or what follows. It is used as a constant. Steps behind an episode's end have rewards and baselines of
/// zero.
public struct PolicySurrogate: Sendable {
  public enum Kind: Hashable, Sendable {
    case ordinary
    case dice
    /// λ in 0...1
    case loaded(Float)
  }

  public let kind: Kind
  /// T
  public let horizon: Int
  /// γ
  public let discount: Float
  /// From rewards to R_t: γ^{t′−t} at (t′, t). `[T, T]`
  private let toGo: Tensor
  /// From x_t to Σ λ^{t−t′} x_{t′}: λ^{t−t′} at (t′, t). `[T, T]`
  private let past: Tensor
  /// γᵗ `[T]`
  private let discounts: Tensor

  /// - Parameters:
  ///   - kind: Which J, with λ if it is loaded.
  ///   - horizon: T, the number of steps in an episode.
  ///   - discount: γ
  public init(_ kind: Kind, horizon: Int, discount: Float) {
    precondition(horizon > 0, "PolicySurrogate: a horizon of \(horizon)")
    precondition(discount >= 0 && discount <= 1, "PolicySurrogate: the discount \(discount) does not lie in 0...1")
    (self.kind, self.horizon, self.discount) = (kind, horizon, discount)
    var decay: Float = 1
    if case .loaded(let given) = kind { decay = given }
    precondition(decay >= 0 && decay <= 1, "PolicySurrogate: the decay \(decay) does not lie in 0...1")
    var (toGo, past, discounts) = (Tensor(zeros: [horizon, horizon]), Tensor(zeros: [horizon, horizon]), Tensor(zeros: [horizon]))
    var (discountPower, decayPower) = (1.0, 1.0)
    for distance in 0..<horizon {
      discounts[distance] = Float(discountPower)
      for first in 0..<(horizon - distance) {
        toGo[first + distance, first] = Float(discountPower)
        past[first, first + distance] = Float(decayPower)
      }
      discountPower *= Double(discount)
      decayPower *= Double(decay)
    }
    (self.toGo, self.past, self.discounts) = (toGo, past, discounts)
  }

  /// J of every episode, uphill: a loss is its negative mean.
  ///
  /// - Parameters:
  ///   - x: x_t of the actions that were taken. `[…, T]`
  ///   - rewards: r_t `[…, T]`
  ///   - baseline: b_t, or nothing. `[…, T]`
  ///   - tape: The tape that x_t and r_t are on.
  /// - Returns: `[…, 1]`. Its value is the discounted return for DiCE, 0 for loaded DiCE, and without a meaning for the ordinary surrogate.
  public func callAsFunction(logProbabilities x: Variable, rewards: Variable, baseline: Variable? = nil, on tape: Tape) -> Variable {
    precondition(
      x.shape == rewards.shape && x.shape.rank >= 2 && x.shape[x.shape.rank - 1] == horizon && (baseline == nil || baseline!.shape == x.shape),
      "PolicySurrogate: log-probabilities \(x.shape) and rewards \(rewards.shape) for a horizon of \(horizon)")
    let rewards = rewards.stopped()
    let baseline = baseline?.stopped()
    var terms: Variable
    switch kind {
    case .dice:
      terms = magicBox(matmul(x, tape.constant(past))) * rewards
      if let baseline { terms = terms + (1 - magicBox(x)) * baseline }
    case .ordinary:
      terms = x * advantages(rewards, baseline, tape)
    case .loaded:
      let all = matmul(x, tape.constant(past))
      terms = (magicBox(all) - magicBox(all - x)) * advantages(rewards, baseline, tape)
    }
    return (terms * tape.constant(discounts)).sum(along: -1, keepingAxis: true)
  }

  /// A_t
  private func advantages(_ rewards: Variable, _ baseline: Variable?, _ tape: Tape) -> Variable {
    let toGo = matmul(rewards, tape.constant(toGo))
    return baseline.map { toGo - $0 } ?? toGo
  }
}

/// □(x) = e^{x − stop(x)}: 1 with the derivatives of e^x / e^{x₀} at x₀ = x.
public func magicBox(_ x: Variable) -> Variable { (x - x.stopped()).exp() }
