/// Everything that TD3 with a mixing network leaves open.
public struct TD3MixConfiguration: Sendable {
  public var mixing = Mixing.monotone
  public var state = GlobalState.allObservations
  /// The leading numbers of each agent's observation of which the state is made, in place of `state`; nil for that.
  public var stateNumbers: Int?
  /// The form of observation and action where one network serves all items of an agent; nil for a network that takes both as they are. Needs shared
  /// networks without the agent's number.
  public var items: ItemGrid?
  /// The form of actions that divide wholes, of components in 0...1; nil for components that have nothing to do with each other.
  public var shares: ShareHead?
  /// Whether the smaller value of two critics is the target's, or there is one critic.
  public var usesTwinCritics = true
  /// Whether one actor and one pair of critics serve all agents, or each has its own.
  public var sharesNetworks = true
  /// Whether shared networks also see the agent's number, as a one-hot vector behind the observation.
  public var seesAgentIndex = true
  /// Hidden widths of an actor.
  public var actorWidths = [128, 128]
  /// Factor of the initial weights of an actor's last layer.
  public var actorOutputGain: Float = 1
  /// Hidden widths of a critic.
  public var criticWidths = [128, 128]
  /// The hidden width of the mixing networks.
  public var mixingWidth = 32
  /// The hidden width of the networks that make a mixing network's matrices; nil for one linear layer.
  public var generatorWidth: Int?
  public var actorLearningRate: Float = 3e-4
  /// Of the critics and mixing networks.
  public var criticLearningRate: Float = 3e-4
  /// Whether rewards come with mean 0 and deviation 1 over what the replay buffer holds.
  public var standardizesRewards = false
  /// γ
  public var discount: Float = 0.99
  /// τ of the soft update of all targets.
  public var polyak: Float = 0.005
  /// B
  public var batchSize = 128
  public var replayCapacity = 1_000_000
  /// Steps of uniformly random actions before the first update.
  public var randomSteps = 1000
  /// Steps of all copies from one training to the next.
  public var trainingInterval = 1
  /// Updates of the critics in each training.
  public var updatesPerTraining = 1
  /// d: the actors and all targets move with every d-th update of the critics.
  public var policyDelay = 2
  /// What is added to the actions of behaviour.
  public var noise = ActionNoise.gaussian(deviation: 0.1)
  /// σ of the noise on target actions, in half widths of the range.
  public var smoothingDeviation: Float = 0.2
  /// c, where that noise is cut off.
  public var smoothingLimit: Float = 0.5
  /// Largest norm of the gradient of the actors, and of that of all critics and mixing networks; nil for no clipping.
  public var maximumGradientNorm: Float?

  public init() {}
}
