import Agents
import Tensor

/// Actors and critics for continuous actions in plain double precision, on the flat vectors of parameters that a learner saves.
struct ReferenceActorCritic {
  let observationSize: Int
  let components: Int
  let actorWidths: [Int]
  let criticWidths: [Int]
  /// C
  let critics: Int
  /// The layer of the critic in which the action enters.
  var entry = 0

  /// Dense layers with relu between them. `parameters(l)` is W, row by row, and b of layer l.
  private func layers(
    _ x: [Double], _ widths: [Int], joining: (layer: Int, [Double])? = nil,
    _ parameters: (Int, Int) -> (weights: ArraySlice<Double>, bias: ArraySlice<Double>)
  ) -> [Double] {
    var x = x
    for (layer, width) in widths.enumerated() {
      if let joining, joining.layer == layer { x += joining.1 }
      let (weights, bias) = parameters(layer, x.count)
      x = (0..<width).map { j in
        var sum = bias[bias.startIndex + j]
        for i in x.indices { sum += x[i] * weights[weights.startIndex + i * width + j] }
        return layer == widths.count - 1 ? sum : max(sum, 0)
      }
    }
    return x
  }

  /// What the actor's last layer gives, before any bound.
  func output(_ p: [Double], _ observation: [Double], width: Int) -> [Double] {
    var offset = 0
    return layers(observation, actorWidths + [width]) { layer, inputs in
      let width = layer == actorWidths.count ? width : actorWidths[layer]
      let bias = offset + inputs * width
      defer { offset = bias + width }
      return (p[offset..<bias], p[bias..<bias + width])
    }
  }

  /// tanh of the actor's output.
  func action(_ p: [Double], _ observation: [Double]) -> [Double] { output(p, observation, width: components).map(Self.tanh) }

  /// Q_i(s, a) of one of the critics, whose arrays lie side by side.
  func value(_ p: [Double], _ critic: Int, _ observation: [Double], _ action: [Double]) -> Double {
    var offset = 0
    let widths = criticWidths + [1]
    return layers(observation, widths, joining: (entry, action)) { layer, inputs in
      let (size, width) = (inputs * widths[layer], widths[layer])
      let weights = offset + critic * size
      let bias = offset + critics * size + critic * width
      offset += critics * (size + width)
      return (p[weights..<weights + size], p[bias..<bias + width])
    }[0]
  }

  func smallestValue(_ p: [Double], _ observation: [Double], _ action: [Double]) -> Double {
    (0..<critics).map { value(p, $0, observation, action) }.min()!
  }

  static func tanh(_ x: Double) -> Double { 1 - 2 / (Math.exp(2 * x) + 1) }

  /// tanh(μ + σ ε) of an output that holds μ and ln σ, and its log-density by the change of variables.
  func sample(_ output: [Double], _ noise: ArraySlice<Double>) -> (action: [Double], logProbability: Double) {
    var (action, sum) = ([Double](), 0.0)
    for (d, epsilon) in noise.enumerated() {
      let logDeviation = min(max(output[components + d], -20), 2)
      let squashed = Self.tanh(output[d] + Math.exp(logDeviation) * epsilon)
      action.append(squashed)
      sum += -0.5 * epsilon * epsilon - logDeviation - 0.5 * Math.log(2 * Double.pi) - Math.log(1 - squashed * squashed)
    }
    return (action, sum)
  }
}

/// One transition of one agent.
struct ReferenceTransition {
  var observation: [Double]
  /// In units of half the width of each range around its centre.
  var action: [Double]
  var reward: Double
  var successor: [Double]
  var terminated: Bool
}

/// A task's sizes, random transitions in it, and what one update did to a learner.
enum UpdateByHand {
  static let specification = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 3, actions: .continuous(-1...3, 10...11))

  /// Shows a learner random transitions, of which some end their episode and some are cut off, and returns them.
  static func experience(_ learner: inout some Learner) -> [ReferenceTransition] {
    var generator = RandomStream(seed: 21, purpose: .environment).generator()
    var transitions: [ReferenceTransition] = []
    var step = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    for index in 0..<20 {
      let observations = (0..<3).map { _ in Float(generator.uniform(-1, 1)) }
      step.finalObservations = (0..<3).map { _ in Float(generator.uniform(-1, 1)) }
      step.observations = Array(repeating: 100, count: 3)
      step.rewards = [Float(generator.uniform(-1, 1))]
      actions.values = [Float(generator.uniform(-1, 3)), Float(generator.uniform(10, 11))]
      (step.terminated, step.truncated) = ([index % 3 == 0], [index % 4 == 0])
      learner.observe(observations, actions, step)
      transitions.append(
        ReferenceTransition(
          observation: observations.map(Double.init), action: [(Double(actions.values[0]) - 1) / 2, (Double(actions.values[1]) - 10.5) / 0.5],
          reward: Double(step.rewards[0]), successor: step.finalObservations.map(Double.init), terminated: step.terminated[0]))
    }
    return transitions
  }

  /// The minibatch of an update.
  static func minibatch(_ transitions: [ReferenceTransition], size: Int, seed: UInt64, update: Int) -> [ReferenceTransition] {
    var generator = RandomStream(seed: seed, purpose: .replay).generator(step: update)
    return (0..<size).map { _ in transitions[generator.integer(below: transitions.count)] }
  }

  /// The gradient behind one step of an optimiser's mean: m ← m + (1 − β₁)(g − m), β₁ = 0.9 in single precision.
  static func gradient(_ before: SavedLearner, _ after: SavedLearner, _ optimizer: String) throws -> [Double] {
    zip(try before.numbers("\(optimizer).mean"), try after.numbers("\(optimizer).mean")).map { $0 + ($1 - $0) / Double(1 - Float(0.9)) }
  }

  /// The largest distance of two vectors in units of the second one's largest number.
  static func distance(_ a: [Double], _ b: [Double]) -> Double {
    let scale = b.map(abs).max() ?? 0
    return a.count == b.count && scale > 0 ? zip(a, b).map { abs($0 - $1) }.max()! / scale : .infinity
  }

  /// θ' + τ (θ − θ')
  static func moved(_ target: [Double], _ parameters: [Double], _ polyak: Float) -> [Double] {
    zip(target, parameters).map { $0 + Double(polyak) * ($1 - $0) }
  }

  /// A gradient as clipping by its norm leaves it.
  static func clipped(_ gradient: [Double], _ maximumNorm: Float?) -> [Double] {
    guard let maximumNorm else { return gradient }
    let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return gradient.map { $0 * min(1, Double(maximumNorm) / (norm + 1e-6)) }
  }
}
