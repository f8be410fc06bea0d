import Tensor

/// When and how the target network follows the online network.
public enum TargetUpdate: Hashable, Sendable {
  /// θ' ← θ whenever so many transitions were taken in, as Stable-Baselines3 counts.
  case everyTransitions(Int)
  /// θ' ← θ behind so many updates, as Mnih et al. (2015) count.
  case everyUpdates(Int)
  /// θ' ← θ' + τ (θ − θ') behind each update (Lillicrap et al. 2016).
  case soft(Float)
}

/// The error of one value as a loss.
public enum ValueLoss: Hashable, Sendable {
  /// Huber's loss with δ = 1: d²/2 near zero, |d| − ½ elsewhere. Its slope is the error cut to ±1 of Mnih et al. (2015).
  case huber
  /// d²
  case squared
}

/// The rule by which a gradient moves parameters.
public enum OptimizerRule: Hashable, Sendable {
  case adam(epsilon: Float = 1e-8)
  case rmsProp(decay: Float = 0.99, epsilon: Float = 1e-8, momentum: Float = 0, centered: Bool = false)

  func optimizer(count: Int) -> any Optimizer {
    switch self {
    case .adam(let epsilon): Adam(count: count, learningRate: 0, epsilon: epsilon)
    case .rmsProp(let decay, let epsilon, let momentum, let centered):
      RMSProp(count: count, learningRate: 0, decay: decay, epsilon: epsilon, momentum: momentum, centered: centered)
    }
  }
}

/// How prioritised replay weighs errors (Schaul et al. 2016). The defaults are those of the proportional variant.
public struct Prioritization: Hashable, Sendable {
  /// α
  public var exponent = 0.6
  /// β over the transitions taken in.
  public var compensation = LinearSchedule(from: 0.4, to: 1, over: 1_000_000)
  /// ε
  public var offset = 1e-6

  public init() {}
}

/// Everything that deep Q-learning leaves open. The defaults are those of Stable-Baselines3.
///
/// Times are counted in transitions (E for each step of all copies) unless they say otherwise.
public struct DQNConfiguration: Sendable {
  /// Widths of the hidden layers.
  public var widths = [64, 64]
  public var activation = Activation.relu
  /// How the weights begin.
  public var initializer = Initializer.uniformFanIn
  /// Whether the network ends in a value and advantages (Wang et al. 2016).
  public var dueling = false
  /// Whether the online network chooses the action that the target network evaluates (van Hasselt, Guez and Silver 2016).
  public var double = false
  /// γ
  public var discount: Float = 0.99
  /// n: steps whose rewards are summed before a value is asked for.
  public var steps = 1
  public var loss = ValueLoss.huber
  public var optimizer = OptimizerRule.adam()
  /// The learning rate over the updates.
  public var learningRate = LearningRateSchedule.constant(1e-4)
  /// Largest norm of the gradient; nil for no clipping.
  public var maximumGradientNorm: Float? = 10
  /// B
  public var batchSize = 32
  public var replayCapacity = 1_000_000
  /// nil for uniform replay.
  public var prioritization: Prioritization?
  /// Transitions with uniformly random choices before the first update.
  public var learningStarts = 100
  /// Steps of all copies between trainings.
  public var trainingInterval = 4
  /// Updates in each training.
  public var updatesPerTraining = 1
  public var target = TargetUpdate.everyTransitions(10_000)
  public var behaviour = ChoiceBehaviour.epsilonGreedy
  /// The rate ε, or the temperature, over the transitions taken in.
  public var exploration = LinearSchedule(from: 1, to: 0.05, over: 100_000)

  public init() {}

  /// The table of Mnih et al. (2015), for any observation: RMSProp, errors cut to ±1, a new target every 10,000 updates, ε from 1 to 0.1 over a million.
  ///
  /// The paper's ε = 0.01 stands inside the root, here beside it.
  public static var nature: DQNConfiguration {
    var configuration = DQNConfiguration()
    configuration.optimizer = .rmsProp(decay: 0.95, epsilon: 0.01, centered: true)
    configuration.learningRate = .constant(0.00025)
    configuration.maximumGradientNorm = nil
    configuration.learningStarts = 50_000
    configuration.target = .everyUpdates(10_000)
    configuration.exploration = LinearSchedule(from: 1, to: 0.1, over: 1_000_000)
    return configuration
  }

  /// The settings of RL Baselines3 Zoo for CartPole-v1 and 50,000 steps: ε falls to 0.04 within the first 16 % of them.
  public static var stableBaselines3CartPole: DQNConfiguration {
    var configuration = DQNConfiguration()
    configuration.widths = [256, 256]
    configuration.learningRate = .constant(2.3e-3)
    configuration.batchSize = 64
    configuration.replayCapacity = 100_000
    configuration.learningStarts = 1000
    configuration.trainingInterval = 256
    configuration.updatesPerTraining = 128
    configuration.target = .everyTransitions(10)
    configuration.exploration = LinearSchedule(from: 1, to: 0.04, over: 8000)
    return configuration
  }

  /// Why these settings cannot work, in one sentence; nil if they can.
  var objection: String? {
    let target =
      switch target {
      case .everyTransitions(let count), .everyUpdates(let count): count > 0
      case .soft(let rate): rate > 0 && rate <= 1
      }
    if !widths.allSatisfy({ $0 > 0 }) { return "DQN: the widths \(widths) must be positive" }
    if batchSize <= 0 || replayCapacity <= 0 || steps <= 0 || trainingInterval <= 0 || updatesPerTraining <= 0 || learningStarts < 0 {
      return "DQN: batch size, capacity, steps, training interval and updates must be positive"
    }
    if !(0...1).contains(discount) { return "DQN: the discount \(discount) must lie in 0...1" }
    if !target { return "DQN: the interval of \(self.target) must be positive, a soft rate must lie in 0...1" }
    return nil
  }
}
