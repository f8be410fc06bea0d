import Tensor

/// A learner that can be told ahead what it will act on.
///
/// Where actions do not change what is observed, as in a channel that nobody disturbs, all observations of the next steps are known. Evaluating them
/// at once reads each weight once instead of once a step. What the learner does is the same to the last bit.
public protocol ForesightedLearner: Learner {
  /// Takes the observations of the next T calls of `act`. They are forgotten when parameters change.
  ///
  /// - Parameter observations: `[T, E, A, D]`
  mutating func foresee(_ observations: [Float])
}
