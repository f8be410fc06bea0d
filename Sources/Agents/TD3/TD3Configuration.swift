/// Everything that TD3 leaves open. The defaults are those of the authors' program (S. Fujimoto, TD3).
public struct TD3Configuration: Sendable {
  /// Hidden widths of the actor.
  public var actorWidths = [256, 256]
  /// Hidden widths of each critic.
  public var criticWidths = [256, 256]
  public var actorLearningRate: Float = 3e-4
  public var criticLearningRate: Float = 3e-4
  /// ε of both Adams.
  public var optimizerEpsilon: Float = 1e-8
  /// γ
  public var discount: Float = 0.99
  /// τ of the soft update of all targets.
  public var polyak: Float = 0.005
  /// B
  public var batchSize = 256
  public var replayCapacity = 1_000_000
  /// Steps of uniformly random actions before the first update.
  public var randomSteps = 25_000
  /// Steps of all copies from one training to the next.
  public var trainingInterval = 1
  /// Updates of the critics in each training.
  public var updatesPerTraining = 1
  /// d: the actor and all targets move with every d-th update of the critics.
  public var policyDelay = 2
  /// What is added to the actions of behaviour.
  public var noise = ActionNoise.gaussian(deviation: 0.1)
  /// σ of the noise on target actions, in half widths of the range.
  public var smoothingDeviation: Float = 0.2
  /// c, where that noise is cut off.
  public var smoothingLimit: Float = 0.5
  /// Largest norm of each network's gradient; nil for no clipping. The critics count as one network.
  public var maximumGradientNorm: Float?

  public init() {}

  /// The authors' settings: the defaults.
  public static var fujimoto: TD3Configuration { TD3Configuration() }

  /// The defaults of Stable-Baselines3, which has no behaviour noise unless it is asked for.
  public static var stableBaselines3: TD3Configuration {
    var configuration = TD3Configuration()
    (configuration.actorWidths, configuration.criticWidths) = ([400, 300], [400, 300])
    (configuration.actorLearningRate, configuration.criticLearningRate) = (1e-3, 1e-3)
    (configuration.randomSteps, configuration.noise) = (100, .none)
    return configuration
  }

  /// The settings with which RLtools learns Pendulum within 20 000 steps: small networks and batches.
  public static var rltools: TD3Configuration {
    var configuration = TD3Configuration()
    (configuration.actorWidths, configuration.criticWidths) = ([64, 64], [64, 64])
    (configuration.actorLearningRate, configuration.criticLearningRate, configuration.optimizerEpsilon) = (1e-3, 1e-3, 1e-7)
    (configuration.batchSize, configuration.replayCapacity, configuration.randomSteps) = (100, 20_000, 100)
    return configuration
  }
}
