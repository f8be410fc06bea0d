import Tensor

/// An actor, a critic and the loss of proximal policy optimisation in plain double precision, on the flat vectors of parameters that a learner saves.
struct ReferenceOnPolicy {
  var observationSize: Int
  var agents = 1
  var actorWidths: [Int]
  var criticWidths: [Int]
  /// Empty for networks of their own.
  var trunkWidths: [Int] = []
  var choices: [Int] = []
  var dimensions = 0
  var isPerChoice = false
  var deviationsDependOnState = false
  /// Whether each agent has an actor.
  var isPerAgent = false
  /// Whether the critic sees all agents, and whose value is asked for.
  var seesAll = false

  /// One joint step of a roll-out.
  struct Step {
    /// `[A][D]`
    var observations: [[Double]]
    /// `[A][P]`
    var choices: [[Int]]
    /// `[A][D']`
    var values: [[Double]]
    /// `[A]`
    var rewards: [Double]
    var terminated: Bool
    var truncated: Bool
    /// The true successor. `[A][D]`
    var successor: [[Double]]
  }

  private var blocks: Int { isPerChoice ? choices[0] : 1 }
  private var policyOutputs: Int { choices.reduce(0, +) + blocks * dimensions * (deviationsDependOnState ? 2 : 1) }

  /// y = act(x W + b) with the arrays of one of several models that lie side by side, which begin at `offset`.
  private func dense(_ x: [Double], _ width: Int, _ p: [Double], _ offset: inout Int, model: Int = 0, of models: Int = 1, tanh: Bool) -> [Double] {
    let weights = offset + model * x.count * width
    let bias = offset + models * x.count * width + model * width
    offset += models * (x.count + 1) * width
    return (0..<width).map { j in
      var sum = p[bias + j]
      for i in x.indices { sum += x[i] * p[weights + i * width + j] }
      if !tanh { return sum }
      let e = Math.exp(2 * sum)
      return 1 - 2 / (e + 1)
    }
  }

  /// The outputs of the policy with ln σ behind them, and the value with a trunk.
  func act(_ p: [Double], _ observation: [Double], agent: Int) -> (row: [Double], value: Double?) {
    var offset = 0
    let (model, models) = isPerAgent ? (agent, agents) : (0, 1)
    var x = observation
    for width in trunkWidths { x = dense(x, width, p, &offset, tanh: true) }
    var y = x
    for width in actorWidths { y = dense(y, width, p, &offset, model: model, of: models, tanh: true) }
    var row = dense(y, policyOutputs, p, &offset, model: model, of: models, tanh: false)
    var value: Double?
    if !trunkWidths.isEmpty {
      for width in criticWidths { x = dense(x, width, p, &offset, tanh: true) }
      value = dense(x, 1, p, &offset, tanh: false)[0]
    }
    if dimensions > 0 && !deviationsDependOnState {
      let count = blocks * dimensions
      row += p[(offset + model * count)..<(offset + (model + 1) * count)]
    }
    return (row, value)
  }

  /// V of a joint observation for one agent.
  func value(_ actor: [Double], _ critic: [Double], _ observations: [[Double]], agent: Int) -> Double {
    if !trunkWidths.isEmpty { return act(actor, observations[agent], agent: agent).value! }
    var x = observations[agent]
    if seesAll { x = observations.flatMap { $0 } + (0..<agents).map { $0 == agent ? 1 : 0 } }
    var offset = 0
    for width in criticWidths { x = dense(x, width, critic, &offset, tanh: true) }
    return dense(x, 1, critic, &offset, tanh: false)[0]
  }

  /// ln π of the choices, ln π of the numbers, and the entropy of the whole.
  func density(_ row: [Double], _ chosen: [Int], _ values: [Double]) -> (discrete: Double, continuous: Double, entropy: Double) {
    var (from, discrete, continuous, entropy) = (0, 0.0, 0.0, 0.0)
    var first: [Double] = [1]
    for (part, count) in choices.enumerated() {
      let p = ReferenceNetworks.softmax(Array(row[from..<(from + count)]))
      from += count
      discrete += Math.log(p[chosen[part]])
      for x in p { entropy -= x * Math.log(x) }
      if part == 0 { first = p }
    }
    let halfLogTurn = 0.5 * Math.log(2 * Double.pi)
    let deviations = from + blocks * dimensions
    for block in 0..<blocks {
      for d in 0..<dimensions {
        let (mean, logDeviation) = (row[from + block * dimensions + d], row[deviations + block * dimensions + d])
        entropy += (isPerChoice ? first[block] : 1) * (logDeviation + halfLogTurn + 0.5)
        if isPerChoice && block != chosen[0] { continue }
        let distance = (values[d] - mean) / Math.exp(logDeviation)
        continuous -= 0.5 * distance * distance + logDeviation + halfLogTurn
      }
    }
    return (discrete, continuous, entropy)
  }

  /// Advantages of a roll-out of one copy, from the sums of their definition. `[T][A]`
  func advantages(_ steps: [Step], _ actor: [Double], _ critic: [Double], discount: Double, trace: Double) -> [[Double]] {
    steps.indices.map { start in
      (0..<agents).map { agent in
        var (sum, weight) = (0.0, 1.0)
        for step in steps[start...] {
          let next = step.terminated ? 0 : value(actor, critic, step.successor, agent: agent)
          sum += weight * (step.rewards[agent] + discount * next - value(actor, critic, step.observations, agent: agent))
          if step.terminated || step.truncated { break }
          weight *= discount * trace
        }
        return sum
      }
    }
  }

  /// What an update descends.
  struct Loss {
    /// nil for the plain policy gradient.
    var clip: Double?
    var separatesRatios = false
    var entropyCoefficient: Double
    var valueCoefficient: Double
    var valueClip: Double?
  }

  /// The loss of a minibatch, all rows of all agents.
  ///
  /// - Parameters:
  ///   - advantages: As they enter the loss, `[rows of steps][A]`.
  ///   - old: The actor and critic that acted.
  func loss(
    _ loss: Loss, _ steps: [Step], advantages: [[Double]], returns: [[Double]], _ actor: [Double], _ critic: [Double], old: ([Double], [Double])
  ) -> Double {
    var total = 0.0
    let count = Double(steps.count * agents)
    for (index, step) in steps.enumerated() {
      for agent in 0..<agents {
        let advantage = advantages[index][agent]
        let now = density(act(actor, step.observations[agent], agent: agent).row, step.choices[agent], step.values[agent])
        let before = density(act(old.0, step.observations[agent], agent: agent).row, step.choices[agent], step.values[agent])
        func surrogate(_ logRatio: Double, _ clip: Double) -> Double {
          let ratio = Math.exp(logRatio)
          return min(ratio * advantage, min(max(ratio, 1 - clip), 1 + clip) * advantage)
        }
        if let clip = loss.clip {
          let (first, second) = (now.discrete - before.discrete, now.continuous - before.continuous)
          total -= loss.separatesRatios ? surrogate(first, clip) + surrogate(second, clip) : surrogate(first + second, clip)
        } else {
          total -= (now.discrete + now.continuous) * advantage
        }
        total -= loss.entropyCoefficient * now.entropy
        let (value, target) = (value(actor, critic, step.observations, agent: agent), returns[index][agent])
        var error = (value - target) * (value - target)
        if let clip = loss.valueClip {
          let was = self.value(old.0, old.1, step.observations, agent: agent)
          let clipped = was + min(max(value - was, -clip), clip) - target
          error = max(error, clipped * clipped)
        }
        total += loss.valueCoefficient * 0.5 * error
      }
    }
    return total / count
  }

  /// ∂f by central differences, whose error is about h² and 10⁻¹⁶ / h.
  static func gradient(_ x: [Double], _ f: ([Double]) -> Double) -> [Double] {
    x.indices.map { i in
      var (up, down) = (x, x)
      up[i] += 1e-5
      down[i] -= 1e-5
      return (f(up) - f(down)) / 2e-5
    }
  }
}
