import Tensor

/// The loss of the plain policy gradient: −mean (ln π(a|s) A).
///
/// Its derivative is the negative policy gradient (R. Sutton et al., "Policy gradient methods for reinforcement learning with function approximation",
/// NIPS 1999).
///
/// - Parameters:
///   - logProbabilities: ln π(a|s) of the actions that were taken. `[B, 1]`
///   - advantages: A, constants. `[B, 1]`
/// - Returns: A scalar.
public func policyGradientLoss(logProbabilities: Variable, advantages: Variable) -> Variable {
  precondition(
    logProbabilities.shape == advantages.shape, "policyGradientLoss: \(logProbabilities.shape) log-probabilities, \(advantages.shape) advantages")
  return -(logProbabilities * advantages).mean()
}

/// The loss of the clipped surrogate: −mean min(ρ A, clip(ρ, 1 − ε, 1 + ε) A) with ρ = π(a|s) / π_old(a|s).
///
/// J. Schulman et al., "Proximal policy optimization algorithms", 2017, eq. 7. The smaller of the two is min(ρ A, A + ε |A|), for either sign of A.
///
/// - Parameters:
///   - ratios: ρ. `[B, 1]`
///   - advantages: A, constants. `[B, 1]`
///   - clip: ε
/// - Returns: A scalar.
public func clippedSurrogateLoss(ratios: Variable, advantages: Variable, clip: Float) -> Variable {
  precondition(
    ratios.shape == advantages.shape && clip >= 0, "clippedSurrogateLoss: \(ratios.shape) ratios, \(advantages.shape) advantages, ε \(clip)")
  let bound = advantages + advantages.magnitude() * clip
  return -bound.minimum(ratios * advantages).mean()
}

/// The loss of values: ½ mean (V − R)².
///
/// With a clip, ½ mean max((V − R)², (V_old + clip(V − V_old, ±ε) − R)²), as OpenAI's baselines have it (Huang et al. 2022, detail 9).
///
/// - Parameters:
///   - values: V. `[B, 1]`
///   - targets: R, constants. `[B, 1]`
///   - clip: V_old, constants of the same shape, and ε; nil for the plain loss.
/// - Returns: A scalar.
public func valueLoss(_ values: Variable, targets: Variable, clip: (old: Variable, range: Float)? = nil) -> Variable {
  precondition(values.shape == targets.shape, "valueLoss: values of \(values.shape), targets of \(targets.shape)")
  let error = (values - targets).squared()
  guard let clip else { return error.mean() * 0.5 }
  let clipped = clip.old + (values - clip.old).clamped(to: -clip.range...clip.range)
  return (clipped - targets).squared().maximum(error).mean() * 0.5
}

/// Estimates of KL(π_old ‖ π) from samples of π_old (J. Schulman, "Approximating KL divergence", 2020), with ρ = π / π_old.
public enum DivergenceEstimator: Hashable, Sendable {
  /// mean(−ln ρ): unbiased, of any sign, with a large variance.
  case k1
  /// mean((ρ − 1) − ln ρ): unbiased, never negative.
  case k3

  /// The estimate as a scalar.
  ///
  /// - Parameter logRatios: ln ρ. `[B, 1]`
  public func callAsFunction(_ logRatios: Variable) -> Variable {
    switch self {
    case .k1: -logRatios.mean()
    case .k3: (logRatios.expMinusOne() - logRatios).mean()
    }
  }
}

/// The share of samples whose ratio lies outside of 1 ± ε: mean 1[|ρ − 1| > ε], as a scalar without a derivative.
///
/// - Parameters:
///   - ratios: ρ. `[B, 1]`
///   - clip: ε
public func clipFraction(_ ratios: Variable, clip: Float) -> Variable { ((ratios - 1).magnitude() .> clip).mean() }
