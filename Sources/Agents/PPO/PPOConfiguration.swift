import Tensor

/// Everything that proximal policy optimisation leaves open. The defaults are those for continuous control of OpenAI's baselines and CleanRL, with
/// a constant learning rate.
public struct PPOConfiguration: Sendable {
  public var networks = ActorCriticNetworksConfiguration()
  /// T, steps of every copy in one roll-out.
  public var steps = 2048
  /// Passes over each roll-out.
  public var epochs = 10
  /// The most steps of a minibatch. A roll-out is divided into as few minibatches of nearly equal size as that allows.
  public var minibatchSize = 64
  /// γ
  public var discount: Float = 0.99
  /// λ of the advantages.
  public var trace: Float = 0.95
  /// α as a function of the number of updates (roll-outs) made: `.linear(from:to:over:)` for annealing.
  public var learningRate = LearningRateSchedule.constant(3e-4)
  /// ε as a function of the number of updates made.
  public var clip = LearningRateSchedule.constant(0.2)
  /// How far a value may move from the one before the update; nil for any distance.
  public var valueClip: Float?
  /// Whether each minibatch's advantages are brought to mean 0 and deviation 1, and by what the variance is divided; nil for not.
  public var normalization: VarianceDivisor? = .countLessOne
  /// c_e, the weight of the entropy.
  public var entropyCoefficient: Float = 0
  /// c_v, the weight of the values' loss.
  public var valueCoefficient: Float = 0.5
  /// Largest norm of the gradient of actor and critic as one vector; nil for no clipping.
  public var maximumGradientNorm: Float? = 0.5
  /// The estimate (k3) of KL(π_old ‖ π) on a minibatch beyond which the update ends, before that minibatch's step; nil for never.
  public var divergenceLimit: Float?
  /// One ratio for the whole action, or one for its choices and one for its numbers.
  public var ratios = ActionRatios.joint
  /// Adam's term beside the root.
  public var epsilon: Float = 1e-5
  /// What values are regressed on.
  public var regression = ValueRegression.returns

  public init() {}

  /// The settings of RL Baselines3 Zoo for CartPole-v1 and 100,000 steps of 8 copies: 391 roll-outs, over which rate and clip range fall to zero.
  public static var stableBaselines3CartPole: PPOConfiguration {
    var configuration = PPOConfiguration()
    (configuration.steps, configuration.minibatchSize, configuration.epochs) = (32, 256, 20)
    (configuration.discount, configuration.trace) = (0.98, 0.8)
    configuration.learningRate = .linear(from: 1e-3, to: 0, over: 391)
    configuration.clip = .linear(from: 0.2, to: 0, over: 391)
    return configuration
  }

  /// What an update descends.
  func loss(update: Int) -> OnPolicyLoss {
    let rate = learningRate.rate(at: update)
    return OnPolicyLoss(
      policy: .clippedSurrogate(clip.rate(at: update), ratios), entropyCoefficient: entropyCoefficient, valueCoefficient: valueCoefficient,
      valueClip: valueClip, normalization: normalization, maximumGradientNorm: maximumGradientNorm, learningRates: (rate, rate),
      divergenceLimit: divergenceLimit, regression: regression)
  }
}
