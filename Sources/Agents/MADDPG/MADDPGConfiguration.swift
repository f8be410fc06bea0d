/// How a policy over discrete actions climbs its critic.
///
/// The critic is trained at one-hot vectors only. The first three follow its slope in the action, at one point for each row; the last one compares
/// its values at all choices.
public enum DiscreteActionEstimator: String, Sendable, CaseIterable {
  /// One-hot forward, Gumbel-softmax backward (Jang et al. 2017; Bengio et al. 2013). Behaviour: a sample of the softmax.
  case straightThrough
  /// Gumbel-softmax forward and backward (Lowe et al. 2017). Behaviour: a sample of the softmax.
  case relaxed
  /// Softmax of the logits, without noise. Behaviour: the largest logit; there is no exploration after the random phase.
  case softmax
  /// The critic's mean over the own choice, summed over all K of them:
  ///
  ///     loss = −mean Σ_k π(k|s_i) Q_i(s, (k, a_−i)),   −∂loss/∂x_k = π_k (Q_k − Σ_l π_l Q_l) / (T rows),   π = softmax(x / T)
  ///
  /// with no derivative through the critic (K. Ciosek and S. Whiteson, "Expected policy gradients", AAAI 2018; P. Christodoulou, "Soft actor-critic
  /// for discrete action settings", 2019, without the entropy). For actions of exactly one choice; costs K passes through the critic's layers behind
  /// the actions, or one with `criticTellsChoices`. Behaviour: a sample of the softmax.
  case expected

  /// Whether the actor's loss draws Gumbel numbers.
  var isNoisy: Bool { self == .straightThrough || self == .relaxed }
}

/// What target actors choose in a successor.
public enum TargetChoice: String, Sendable, CaseIterable {
  /// The largest logit.
  case largest
  /// A sample of the softmax of the logits.
  case sampled
}

/// Whose actions the other agents take in an actor's loss.
public enum PartnerActions: String, Sendable, CaseIterable {
  /// Those of the replay, as the papers' gradients say.
  case replay
  /// Those of their present policies, without exploration.
  case current
}

/// Whether agents share their networks.
public enum ParameterSharing: String, Sendable, CaseIterable {
  /// An actor and a critic for each agent.
  case independent
  /// One actor and one critic, trained on the rows of all agents.
  case shared
}

/// Everything that MADDPG leaves open. The defaults are those of Li and Guo (2020).
public struct MADDPGConfiguration: Sendable {
  /// Hidden widths of each agent's actor.
  public var actorWidths = [512, 128]
  /// Width of the critic's first layer, which sees the observations only; nil: observations and actions enter the first hidden layer together.
  public var criticObservationWidth: Int? = 1024
  /// Hidden widths of the critic behind it; the first of them also sees the actions.
  public var criticWidths = [512, 256]
  /// The number λ of nearest agents whose observations and actions an agent's critic sees beside its own; nil for all.
  public var neighbours: Int?
  public var sharing = ParameterSharing.independent
  /// Whether a shared critic sees the number of the agent whose value it tells.
  public var criticSeesAgent = false
  /// Whether a critic puts out Q(s, (k, a_others)) for every choice k of its own agent instead of seeing that choice (J. Foerster et al.,
  /// "Counterfactual multi-agent policy gradients", AAAI 2018). Only with the `expected` estimator, which then takes one pass.
  public var criticTellsChoices = false
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
  /// Transitions of the replay before the first update, in all copies together.
  public var minimumTransitions = 1
  /// Steps from one time of learning to the next.
  public var updateInterval = 1
  /// Updates each time.
  public var updatesPerStep = 1
  public var estimator = DiscreteActionEstimator.straightThrough
  /// Temperature of the softmax.
  public var temperature: Float = 1
  public var targetChoice = TargetChoice.largest
  public var partnerActions = PartnerActions.replay
  /// Behaviour of continuous components; that of choices is the estimator's.
  public var noise = ActionNoise.gaussian(deviation: 0.1)
  /// Weight of the mean square of the actor's outputs (logits, and continuous actions before tanh) in its loss.
  public var logitPenalty: Float = 0
  /// Largest norm of each network's gradient; nil for no clipping.
  public var maximumGradientNorm: Float?

  public init() {}

  /// Li and Guo (2020): the defaults.
  public static var liGuo: MADDPGConfiguration { MADDPGConfiguration() }

  /// The program of Lowe et al. (2017), openai/maddpg: one update every 100 steps from 25 minibatches of experience on, without a random phase.
  ///
  /// There a choice goes to the environment, the replay and the target as a relaxed vector, here as one alternative; there each array's gradient
  /// is clipped by itself, here each network's.
  public static var lowe: MADDPGConfiguration {
    var configuration = MADDPGConfiguration()
    configuration.actorWidths = [64, 64]
    configuration.criticObservationWidth = nil
    configuration.criticWidths = [64, 64]
    (configuration.actorLearningRate, configuration.criticLearningRate) = (1e-2, 1e-2)
    configuration.batchSize = 1024
    (configuration.randomSteps, configuration.minimumTransitions, configuration.updateInterval) = (0, 25 * 1024, 100)
    (configuration.estimator, configuration.targetChoice) = (.relaxed, .sampled)
    (configuration.logitPenalty, configuration.maximumGradientNorm) = (1e-3, 0.5)
    return configuration
  }
}
