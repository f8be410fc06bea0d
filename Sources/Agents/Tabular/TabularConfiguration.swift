import Tensor

/// The part of an error by which a value moves.
public enum TabularLearningRate: Hashable, Sendable {
  /// α
  case constant(Double)
  /// α of the transitions taken in so far.
  case schedule(LinearSchedule)
  /// α = n^−ω at the n-th visit to a state and choice. With ½ < ω ≤ 1 the values converge (Even-Dar and Mansour, "Learning rates for Q-learning",
  /// 2003), and much faster below 1 than at 1 when γ is near 1.
  case visits(exponent: Double)
}

/// Which of several choices of equal value counts as the best.
public enum TieBreaking: Hashable, Sendable {
  /// The one of the lowest number.
  case first
  /// Each with equal probability; without it an untaught table always goes into the same direction.
  case random
}

/// The settings of ``QLearning`` and ``SARSA``.
///
/// The defaults are those of Sutton and Barto's examples on the cliff (2018, example 6.6), with discounting.
public struct TabularConfiguration: Hashable, Sendable {
  /// γ
  public var discount = 0.99
  /// α
  public var learningRate = TabularLearningRate.constant(0.5)
  /// ε, the probability of a choice at random, of the transitions taken in so far.
  public var exploration = LinearSchedule.constant(0.1)
  /// What every value is before it is learned. Above all returns it makes the learner try everything.
  public var initialValue = 0.0
  public var ties = TieBreaking.random

  public init() {}

  /// Why these settings make no sense; nil if they do.
  var objection: String? {
    if !(discount >= 0 && discount <= 1) { return "the discount must lie in 0...1, it is \(discount)" }
    if !initialValue.isFinite { return "the initial value must be finite" }
    for rate in [exploration.from, exploration.to] where !(rate >= 0 && rate <= 1) { return "the exploration rate must lie in 0...1, it is \(rate)" }
    switch learningRate {
    case .constant(let rate): if !(rate > 0 && rate <= 1) { return "the learning rate must lie in 0...1, it is \(rate)" }
    case .schedule(let line):
      for rate in [line.from, line.to] where !(rate >= 0 && rate <= 1) { return "the learning rate must lie in 0...1, it is \(rate)" }
    case .visits(let exponent): if !(exponent >= 0 && exponent <= 1) { return "the exponent of the visits must lie in 0...1, it is \(exponent)" }
    }
    return nil
  }
}
