import Tensor

/// The networks of an actor and a critic. The defaults are those of proximal policy optimisation in OpenAI's baselines.
public struct ActorCriticNetworksConfiguration: Sendable {
  /// Widths of layers that actor and critic share; empty for networks of their own.
  public var trunkWidths: [Int] = []
  /// Hidden widths of the actor, behind the trunk if there is one.
  public var actorWidths = [64, 64]
  /// Hidden widths of the critic, behind the trunk if there is one.
  public var criticWidths = [64, 64]
  /// Of the trunk's and the actor's hidden layers.
  public var activation = Activation.tanh
  /// Of the critic's hidden layers.
  public var criticActivation = Activation.tanh
  /// How unbounded numbers come into the ranges of continuous actions. `.scaled` takes ±1 for the ends of a range and clips, `.clipped` takes
  /// the numbers as they are and clips, `.squashed` takes tanh.
  public var bounding = ActionBounding.scaled
  /// Whether ln σ comes from the network in place of parameters of its own.
  public var deviationsDependOnState = false
  /// Where ln σ begins.
  public var initialLogDeviation: Float = 0
  /// The range of ln σ.
  public var logDeviations = DiagonalGaussian.usualLogDeviations
  /// Whether a hybrid action's numbers have means and deviations for each alternative of the first choice.
  public var valuesDependOnChoice = false
  /// Gains of the orthogonal initial weights: hidden layers, the policy's output, the value's output. Biases begin at zero.
  public var gains: (hidden: Float, policy: Float, value: Float) = (1.41421356, 0.01, 1)

  public init() {}
}

/// Which optimiser steps the networks.
public enum GradientRule: Hashable, Sendable {
  case adam(epsilon: Float)
  case rmsProp(decay: Float, epsilon: Float)
  case descent
}

/// One of several optimisers, chosen by a setting.
struct GradientOptimizer: Sendable, Archivable {
  private var adam: Adam?
  private var rmsProp: RMSProp?
  private var descent: SGD?

  init(_ rule: GradientRule, count: Int) {
    switch rule {
    case .adam(let epsilon): adam = Adam(count: count, learningRate: 0, epsilon: epsilon)
    case .rmsProp(let decay, let epsilon): rmsProp = RMSProp(count: count, learningRate: 0, decay: decay, epsilon: epsilon)
    case .descent: descent = SGD(count: count, learningRate: 0)
    }
  }

  mutating func update(_ parameters: inout Parameters, along gradient: Tensor, scale: Float, learningRate: Float) {
    adam?.learningRate = learningRate
    rmsProp?.learningRate = learningRate
    descent?.learningRate = learningRate
    adam?.update(&parameters, along: gradient, scale: scale)
    rmsProp?.update(&parameters, along: gradient, scale: scale)
    descent?.update(&parameters, along: gradient, scale: scale)
  }

  /// Writes the moments of Adam. `[2, parameters]`
  func copyMoments(into values: inout [Float]) {
    precondition(adam != nil, "GradientOptimizer.copyMoments: the optimiser has none of Adam's moments")
    adam?.copyMoments(into: &values)
  }

  /// Replaces the moments of Adam. `[2, parameters]`
  mutating func setMoments(to values: [Float]) {
    precondition(adam != nil, "GradientOptimizer.setMoments: the optimiser has none of Adam's moments")
    adam?.setMoments(to: values)
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try adam?.archive(in: archive)
    try rmsProp?.archive(in: archive)
    try descent?.archive(in: archive)
  }
}
