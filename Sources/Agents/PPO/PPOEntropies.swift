import Tensor

extension PPO {
  /// How random the policy is at some observations, its choices and its numbers apart: mean entropies in nats.
  ///
  /// H = −Σ_k p_k ln p_k, summed over choices, and Σ_d (ln σ_d + ½ ln 2πe) of the unbounded numbers, which has no lower bound; where numbers
  /// depend on the choice, their expectation over it.
  ///
  /// - Parameter observations: `[J, D]`, at least one.
  public func entropies(of observations: [Float]) -> (choices: Double, numbers: Double) {
    let networks = core.model.networks
    let head = networks.head
    let count = observations.count / networks.observationSize
    precondition(
      count > 0 && observations.count == count * networks.observationSize,
      "PPO.entropies: \(observations.count) numbers for observations of \(networks.observationSize)")
    var outputs = ActorOutputs(networks, copies: count)
    outputs.evaluate(observations, networks, core.model.actor)
    let (width, deviations) = (head.layout.width, head.deviations)
    var (choices, numbers) = (0.0, 0.0)
    var shares = [Double](repeating: 0, count: head.layout.choices.max() ?? 0)
    for row in 0..<count {
      var from = row * width
      let firstSpread = (row + 1) * width - deviations
      // Of the first choice, whose alternatives may have numbers of their own.
      var weights = [1.0]
      for (part, alternatives) in head.layout.choices.enumerated() {
        let greatest = (0..<alternatives).map { Double(outputs.rows[from + $0]) }.max()!
        var sum = 0.0
        for k in 0..<alternatives {
          shares[k] = Math.exp(Double(outputs.rows[from + k]) - greatest)
          sum += shares[k]
        }
        for k in 0..<alternatives {
          shares[k] /= sum
          if shares[k] > 0 { choices -= shares[k] * Math.log(shares[k]) }
        }
        if part == 0 && head.layout.isPerChoice { weights = Array(shares[0..<alternatives]) }
        from += alternatives
      }
      guard head.dimensions > 0 else { continue }
      let limits = head.layout.logDeviations
      for (block, weight) in weights.enumerated() {
        for d in 0..<head.dimensions {
          let spread = min(max(outputs.rows[firstSpread + block * head.dimensions + d], limits.lowerBound), limits.upperBound)
          numbers += weight * (Double(spread) + 1.4189385332046727)
        }
      }
    }
    return (choices / Double(count), numbers / Double(count))
  }
}
