/// Everything that soft actor-critic leaves open. The defaults are those of Haarnoja et al. (2018, table 1 of "Algorithms and applications").
public struct SACConfiguration: Sendable {
  /// The weight α of the entropy.
  public enum Temperature: Hashable, Sendable {
    /// Learned, so that the policy's entropy stays near a target.
    case automatic(initial: Float = 1)
    case fixed(Float)
  }

  /// Hidden widths of the actor.
  public var actorWidths = [256, 256]
  /// Hidden widths of each critic.
  public var criticWidths = [256, 256]
  public var actorLearningRate: Float = 3e-4
  public var criticLearningRate: Float = 3e-4
  public var temperatureLearningRate: Float = 3e-4
  /// ε of all Adams.
  public var optimizerEpsilon: Float = 1e-8
  public var temperature = Temperature.automatic()
  /// H̄ in nats, of actions in [−1, 1]; nil for minus the number of their components.
  public var targetEntropy: Float?
  /// The range that ln σ of the policy is cut to.
  public var logDeviations: ClosedRange<Float> = -20...2
  /// γ
  public var discount: Float = 0.99
  /// τ of the soft update of the target critics.
  public var polyak: Float = 0.005
  /// B
  public var batchSize = 256
  public var replayCapacity = 1_000_000
  /// Steps of uniformly random actions before the first update.
  public var randomSteps = 10_000
  /// Steps of all copies from one training to the next.
  public var trainingInterval = 1
  /// Updates in each training.
  public var updatesPerTraining = 1
  /// Largest norm of each network's gradient; nil for no clipping. The critics count as one network.
  public var maximumGradientNorm: Float?

  public init() {}

  /// The authors' settings: the defaults.
  public static var haarnoja: SACConfiguration { SACConfiguration() }

  /// The defaults of Stable-Baselines3.
  public static var stableBaselines3: SACConfiguration {
    var configuration = SACConfiguration()
    configuration.randomSteps = 100
    return configuration
  }

  /// The settings with which RLtools learns Pendulum within 20 000 steps: small networks and batches.
  public static var rltools: SACConfiguration {
    var configuration = SACConfiguration()
    (configuration.actorWidths, configuration.criticWidths) = ([64, 64], [64, 64])
    (configuration.actorLearningRate, configuration.criticLearningRate, configuration.temperatureLearningRate) = (1e-3, 1e-3, 1e-3)
    configuration.optimizerEpsilon = 1e-7
    (configuration.batchSize, configuration.replayCapacity, configuration.randomSteps) = (100, 20_000, 100)
    return configuration
  }
}
