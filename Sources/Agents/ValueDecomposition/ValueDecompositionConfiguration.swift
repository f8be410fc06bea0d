import Tensor

/// Everything that VDN, QMIX and independent Q-learning leave open. The defaults are those of PyMARL (Samvelyan et al. 2019).
public struct ValueDecompositionConfiguration: Sendable {
  public var mixing = Mixing.monotone
  public var state = GlobalState.allObservations
  /// Whether one network serves all agents, or each has its own.
  public var sharesNetwork = true
  /// Whether a shared network also sees the agent's number, as a one-hot vector behind the observation.
  public var seesAgentIndex = true
  /// Whether a network with a memory also sees the agent's last choice, as a one-hot vector behind the observation; zeros in an episode's first step.
  public var seesLastChoice = true
  /// Hidden widths of the agents' networks in front of the memory.
  public var widths = [64]
  /// The width of the gated recurrent unit behind them; nil for networks without a memory.
  public var memoryWidth: Int? = 64
  /// The hidden width of the mixing network.
  public var mixingWidth = 32
  /// The hidden width of the networks that make the mixing network's matrices; nil for one linear layer, as in the paper of QMIX.
  public var generatorWidth: Int? = 64
  /// γ
  public var discount: Float = 0.99
  /// Whether the online network chooses the action whose value the target network gives (van Hasselt et al. 2016).
  public var doubleQ = true
  public var learningRate = LearningRateSchedule.constant(5e-4)
  public var optimizer = OptimizerRule.rmsProp(decay: 0.99, epsilon: 1e-5)
  public var target = TargetUpdate.everyUpdates(200)
  /// Largest norm of the gradient of all parameters together; nil for no clipping.
  public var maximumGradientNorm: Float? = 10
  /// B, the sequences of an update: whole episodes with a memory, single transitions without.
  public var batchSize = 32
  /// Sequences that are kept.
  public var replayCapacity = 5000
  /// Steps after which an episode is cut into sequences, with a memory; it should be no less than the longest episode.
  public var longestSequence = 100
  /// One update for so many finished sequences, once `batchSize` are stored.
  public var sequencesPerUpdate = 1
  /// ε, the chance of a random choice, over the transitions taken in: E for each step.
  public var exploration = LinearSchedule(from: 1, to: 0.05, over: 50_000)

  public init(_ mixing: Mixing = .monotone) { self.mixing = mixing }

  /// Monotone mixing (Rashid et al. 2018).
  public static var qmix: Self { Self(.monotone) }
  /// The sum of the agents' values (Sunehag et al. 2018).
  public static var vdn: Self { Self(.sum) }
  /// Independent Q-learning (Tan 1993).
  public static var independent: Self { Self(.independent) }
}
