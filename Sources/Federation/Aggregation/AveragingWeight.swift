/// How much a client counts in a mean.
public enum AveragingWeight: String, Sendable, CaseIterable {
  /// All equally.
  case uniform
  /// By the transitions of a minibatch.
  case batchSize
  /// By the transitions that it can learn from.
  case sampleCount
  /// By numbers that its owner sets, for example measured rates of success: ``FederatedLearner/givenWeights``.
  case given
}
