import Tensor

/// How the ratio of new to old probability is taken where an action has choices and numbers.
public enum ActionRatios: Hashable, Sendable {
  /// One ratio of the whole action.
  case joint
  /// A clipped surrogate for the choices and one for the numbers, with the same advantage (Z. Fan et al., "Hybrid actor-critic reinforcement learning in
  /// parameterized action space", IJCAI 2019, H-PPO).
  case separate
}

/// What values are regressed on.
public enum ValueRegression: Hashable, Sendable {
  /// R = A + V(s), with the discount and the trace of the advantages.
  case returns
  /// r + V(s') without discount, s' valued before the update: a semi-gradient of ½ (r + V(s') − V(s))². In a task without end it has no fixed point.
  case undiscountedStep
}

/// What one step of actor and critic descends: policy loss − c_e mean H + c_v value loss.
struct OnPolicyLoss: Sendable {
  enum Policy: Sendable {
    /// −mean (A ln π)
    case gradient
    /// The clipped surrogate with this ε.
    case clippedSurrogate(Float, ActionRatios)
  }

  var policy: Policy
  /// c_e
  var entropyCoefficient: Float
  /// c_v
  var valueCoefficient: Float
  /// How far a value may move from what it was; nil for any distance.
  var valueClip: Float?
  /// Whether the minibatch's advantages are brought to mean 0 and deviation 1, and how that is estimated.
  var normalization: VarianceDivisor?
  /// Of the gradient of actor and critic as one vector; nil for no clipping.
  var maximumGradientNorm: Float?
  /// The step sizes of both.
  var learningRates: (actor: Float, critic: Float)
  /// The estimate of KL(π_old ‖ π) beyond which no step is made; nil for any.
  var divergenceLimit: Float?
  /// What values are regressed on.
  var regression = ValueRegression.returns
}

/// How the steps of one update went: sums over minibatches.
struct OnPolicyReport: Sendable {
  var policyLoss = 0.0
  var valueLoss = 0.0
  var entropy = 0.0
  var divergence = 0.0
  var clipFraction = 0.0
  var gradientNorm = 0.0
  /// Minibatches looked at.
  var minibatches = 0
  /// Of the values before the update.
  var explainedVariance = 0.0
  /// Whether the policy had moved far enough before all minibatches were done.
  var stoppedEarly = false

  /// Means over minibatches.
  func diagnostics(isClipped: Bool) -> [Diagnostic] {
    guard minibatches > 0 else { return [] }
    let share = 1 / Double(minibatches)
    var list = [
      Diagnostic("policyLoss", policyLoss * share), Diagnostic("valueLoss", valueLoss * share), Diagnostic("entropy", entropy * share),
      Diagnostic("gradientNorm", gradientNorm * share),
    ]
    if isClipped {
      list += [
        Diagnostic("approxKL", divergence * share), Diagnostic("clipFraction", clipFraction * share), Diagnostic("minibatches", Double(minibatches)),
      ]
    }
    // Equal returns leave nothing to explain.
    if explainedVariance.isFinite { list.append(Diagnostic("explainedVariance", explainedVariance)) }
    return list
  }
}
