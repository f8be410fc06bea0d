/// How a discrete action passes through the deterministic policy gradient.
public enum DiscreteActionEstimator: String, Sendable, CaseIterable {
  /// One-hot forward, Gumbel-softmax backward (Jang et al. 2017; Bengio et al. 2013). Behaviour: a sample of the softmax.
  case straightThrough
  /// Gumbel-softmax forward and backward (Lowe et al. 2017). Behaviour: a sample of the softmax.
  case relaxed
  /// Softmax of the logits, without noise. Behaviour: the largest logit; there is no exploration after the random phase.
  case softmax
}

/// Everything that MADDPG with discrete actions leaves open. The defaults are those of Li and Guo (2020).
public struct MADDPGConfiguration: Sendable {
  /// Hidden widths of each agent's actor.
  public var actorWidths = [512, 128]
  /// Width of the critic's first layer, which sees the observations only.
  public var criticObservationWidth = 1024
  /// Hidden widths of the critic behind it; the first of them also sees the actions.
  public var criticWidths = [512, 256]
  /// The number λ of nearest agents whose observations and actions an agent's critic sees beside its own; nil for all.
  public var neighbours: Int?
  public var actorLearningRate: Float = 1e-4
  public var criticLearningRate: Float = 1e-3
  /// γ
  public var discount: Float = 0.95
  /// τ of the soft update of the target networks.
  public var polyak: Float = 0.01
  /// B
  public var batchSize = 64
  public var replayCapacity = 1_000_000
  /// Steps of uniformly random actions before the first update.
  public var randomSteps = 2000
  /// Updates after each step.
  public var updatesPerStep = 1
  public var estimator = DiscreteActionEstimator.straightThrough
  /// Temperature of the softmax.
  public var temperature: Float = 1
  /// Weight of the mean square of the logits in the actor's loss.
  public var logitPenalty: Float = 0
  /// Largest norm of each network's gradient; nil for no clipping.
  public var maximumGradientNorm: Float?

  public init() {}
}
