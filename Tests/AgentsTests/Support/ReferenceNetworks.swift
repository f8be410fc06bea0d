import Tensor

/// The networks of MADDPG in plain double precision, on the flat vectors of parameters that a learner saves.
struct ReferenceNetworks {
  var observationSize: Int
  var choices: Int
  /// Agents that a critic sees.
  var members: Int
  var actorWidths: [Int]
  var observationWidth: Int
  var criticWidths: [Int]

  /// y = act(x W + b + extra), W and b taken from `p` at `offset`, which moves behind them.
  private func dense(
    _ x: [Double], _ width: Int, _ p: [Double], _ offset: inout Int, relu: Bool, skipping: Int = 0, extra: [Double]? = nil
  ) -> [Double] {
    let weights = offset
    let bias = weights + x.count * width + skipping
    offset = bias + width
    return (0..<width).map { j in
      var sum = p[bias + j] + (extra?[j] ?? 0)
      for i in x.indices { sum += x[i] * p[weights + i * width + j] }
      return relu ? max(sum, 0) : sum
    }
  }

  /// The logits of an actor for one observation.
  func logits(_ p: [Double], _ observation: [Double]) -> [Double] {
    var offset = 0
    var x = observation
    for width in actorWidths { x = dense(x, width, p, &offset, relu: true) }
    return dense(x, choices, p, &offset, relu: false)
  }

  /// The value of one joint state: observations of the members, the own action as a vector, the others' choices.
  func value(_ p: [Double], _ observations: [Double], own: [Double], others: [Int]) -> Double {
    var offset = 0
    let first = dense(observations, observationWidth, p, &offset, relu: true)
    // Behind the first layer: weights of h₁, the table of the own action, those of the others, the bias.
    let width = criticWidths[0]
    let ownTable = offset + observationWidth * width
    let otherTables = ownTable + choices * width
    let extra = (0..<width).map { j in
      var sum = 0.0
      for i in 0..<choices { sum += own[i] * p[ownTable + i * width + j] }
      for (group, choice) in others.enumerated() { sum += p[otherTables + (group * choices + choice) * width + j] }
      return sum
    }
    var x = dense(first, width, p, &offset, relu: true, skipping: members * choices * width, extra: extra)
    for width in criticWidths.dropFirst() { x = dense(x, width, p, &offset, relu: true) }
    return dense(x, 1, p, &offset, relu: false)[0]
  }

  /// A one-hot vector.
  func oneHot(_ choice: Int) -> [Double] { (0..<choices).map { $0 == choice ? 1 : 0 } }

  /// The place of the largest number, the first of equals.
  static func largest(_ x: [Double]) -> Int { x.indices.reduce(0) { x[$1] > x[$0] ? $1 : $0 } }

  static func softmax(_ x: [Double]) -> [Double] {
    let top = x.max()!
    let powers = x.map { Math.exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
