/// Everything that DDPG leaves open. The defaults are those of the paper (Lillicrap et al. 2016, section 7), without its batch normalisation.
public struct DDPGConfiguration: Sendable {
  /// The layer of the critic in which the action enters.
  public enum ActionEntry: Int, Sendable, CaseIterable {
    /// Beside the observation.
    case input = 0
    /// Beside the first hidden layer.
    case secondLayer = 1
  }

  /// Hidden widths of the actor.
  public var actorWidths = [400, 300]
  /// Hidden widths of the critic.
  public var criticWidths = [400, 300]
  public var actionEntry = ActionEntry.secondLayer
  /// The last layers begin uniform in ± this; nil for the default of all other layers.
  public var outputBound: Double? = 3e-3
  public var actorLearningRate: Float = 1e-4
  public var criticLearningRate: Float = 1e-3
  /// ε of both Adams.
  public var optimizerEpsilon: Float = 1e-8
  /// λ of the penalty λ/2 ‖θ‖² on all parameters of the critic.
  public var criticWeightDecay: Float = 1e-2
  /// γ
  public var discount: Float = 0.99
  /// τ of the soft update of both targets.
  public var polyak: Float = 0.001
  /// B
  public var batchSize = 64
  public var replayCapacity = 1_000_000
  /// Steps of uniformly random actions before the first update, of which the paper says nothing.
  public var randomSteps = 1000
  /// Steps of all copies from one training to the next.
  public var trainingInterval = 1
  /// Updates in each training.
  public var updatesPerTraining = 1
  /// What is added to the actions of behaviour.
  public var noise = ActionNoise.ornsteinUhlenbeck()
  /// Largest norm of each network's gradient; nil for no clipping.
  public var maximumGradientNorm: Float?

  public init() {}

  /// The paper's settings: the defaults.
  public static var lillicrap: DDPGConfiguration { DDPGConfiguration() }

  /// The settings that the authors of TD3 gave to DDPG ("our DDPG"): an action beside the observation, normal noise, no penalty.
  public static var fujimoto: DDPGConfiguration {
    var configuration = DDPGConfiguration()
    (configuration.actionEntry, configuration.outputBound, configuration.criticWeightDecay) = (.input, nil, 0)
    (configuration.actorLearningRate, configuration.criticLearningRate) = (1e-3, 1e-3)
    (configuration.polyak, configuration.batchSize, configuration.randomSteps) = (0.005, 256, 25_000)
    configuration.noise = .gaussian(deviation: 0.1)
    return configuration
  }

  /// The defaults of Stable-Baselines3, which has no behaviour noise unless it is asked for.
  public static var stableBaselines3: DDPGConfiguration {
    var configuration = fujimoto
    (configuration.randomSteps, configuration.noise) = (100, .none)
    return configuration
  }

  /// The sizes of ``TD3Configuration/rltools``.
  public static var rltools: DDPGConfiguration {
    var configuration = fujimoto
    (configuration.actorWidths, configuration.criticWidths, configuration.optimizerEpsilon) = ([64, 64], [64, 64], 1e-7)
    (configuration.batchSize, configuration.replayCapacity, configuration.randomSteps) = (100, 20_000, 100)
    return configuration
  }
}
