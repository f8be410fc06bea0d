import Agents

extension FederatedLearner: ForesightedLearner where Base: ForesightedLearner {
  public mutating func foresee(_ observations: [Float]) { base.foresee(observations) }
}
