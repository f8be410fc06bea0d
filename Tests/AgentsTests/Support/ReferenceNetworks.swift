import Tensor

/// The networks of MADDPG in plain double precision, on the flat vectors of parameters that a learner saves.
struct ReferenceNetworks {
  var observationSize: Int
  /// Alternatives of each choice.
  var choices: [Int]
  /// Continuous components.
  var numbers = 0
  /// Agents that a critic sees.
  var members: Int
  var actorWidths: [Int]
  var observationWidth: Int?
  var criticWidths: [Int]
  /// Agents among which the critic is told the one it speaks for.
  var told = 0
  /// Whether a critic puts out a value for each choice of the own agent instead of seeing it.
  var tellsChoices = false

  /// What one agent does: a vector for each choice, and numbers of [−1, 1].
  struct Action {
    var choices: [[Double]] = []
    var numbers: [Double] = []

    /// All in one list, and back.
    var flat: [Double] { choices.flatMap { $0 } + numbers }
    func with(_ flat: [Double]) -> Action {
      var rest = flat[...]
      var copy = self
      for c in choices.indices {
        copy.choices[c] = Array(rest.prefix(choices[c].count))
        rest = rest.dropFirst(choices[c].count)
      }
      copy.numbers = Array(rest)
      return copy
    }
  }

  /// x W, W and the place behind it taken from `p` at `offset`, added to `sums`.
  private func add(_ x: [Double], _ p: [Double], _ offset: inout Int, to sums: inout [Double]) {
    for i in x.indices {
      for j in sums.indices { sums[j] += x[i] * p[offset + i * sums.count + j] }
    }
    offset += x.count * sums.count
  }

  private func dense(_ x: [Double], _ width: Int, _ p: [Double], _ offset: inout Int, relu: Bool) -> [Double] {
    var sums = [Double](repeating: 0, count: width)
    add(x, p, &offset, to: &sums)
    // A bias is the weight of a one.
    add([1], p, &offset, to: &sums)
    return relu ? sums.map { max($0, 0) } : sums
  }

  /// What an actor puts out for one observation: logits, then numbers before tanh.
  func outputs(_ p: [Double], _ observation: [Double]) -> [Double] {
    var offset = 0
    var x = observation
    for width in actorWidths { x = dense(x, width, p, &offset, relu: true) }
    return dense(x, choices.reduce(0, +) + numbers, p, &offset, relu: false)
  }

  /// The logits of each choice, and the numbers of [−1, 1].
  func parts(_ outputs: [Double]) -> (logits: [[Double]], numbers: [Double]) {
    var rest = outputs[...]
    var logits: [[Double]] = []
    for count in choices {
      logits.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return (logits, rest.map { 1 - 2 / (Math.exp(2 * $0) + 1) })
  }

  /// The action without noise: the largest logits.
  func greedy(_ outputs: [Double], plus noise: [Double]? = nil, temperature: Double = 1) -> Action {
    var perturbed = outputs
    for (i, number) in (noise ?? []).enumerated() { perturbed[i] += temperature * number }
    return Action(choices: parts(perturbed).logits.map { Self.oneHot(Self.largest($0), $0.count) }, numbers: parts(outputs).numbers)
  }

  /// The value of one joint state.
  ///
  /// - Parameters:
  ///   - critic: Which of `critics`, whose parameters lie one behind the other.
  ///   - actions: Those of the members, the own first.
  ///   - agent: The one that the critic is told.
  func value(_ p: [Double], critic: Int = 0, of critics: Int = 1, _ observations: [Double], _ actions: [Action], agent: Int = 0) -> Double {
    var offset = critic * p.count / critics
    var x = observations
    if let observationWidth { x = dense(x, observationWidth, p, &offset, relu: true) }
    var sums = [Double](repeating: 0, count: criticWidths[0])
    add(x, p, &offset, to: &sums)
    for c in choices.indices {
      if !tellsChoices { add(actions[0].choices[c], p, &offset, to: &sums) }
      add(actions.dropFirst().flatMap { $0.choices[c] }, p, &offset, to: &sums)
    }
    add(actions[0].numbers, p, &offset, to: &sums)
    add(actions.dropFirst().flatMap(\.numbers), p, &offset, to: &sums)
    if told > 0 { add(Self.oneHot(agent, told), p, &offset, to: &sums) }
    add([1], p, &offset, to: &sums)
    x = sums.map { max($0, 0) }
    for width in criticWidths.dropFirst() { x = dense(x, width, p, &offset, relu: true) }
    if tellsChoices { return zip(dense(x, choices[0], p, &offset, relu: false), actions[0].choices[0]).reduce(0) { $0 + $1.0 * $1.1 } }
    return dense(x, 1, p, &offset, relu: false)[0]
  }

  static func oneHot(_ choice: Int, _ count: Int) -> [Double] { (0..<count).map { $0 == choice ? 1 : 0 } }

  /// The place of the largest number, the first of equals.
  static func largest(_ x: [Double]) -> Int { x.indices.reduce(0) { x[$1] > x[$0] ? $1 : $0 } }

  static func softmax(_ x: [Double]) -> [Double] {
    let top = x.max()!
    let powers = x.map { Math.exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
