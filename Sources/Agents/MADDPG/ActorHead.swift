import Tensor

/// How a row of an actor's outputs names an action: the logits of each choice, one after the other, and behind them one number u for each
/// continuous component, whose action is the middle of its range plus tanh u times half its range.
///
/// Critics see tanh u: continuous actions in units of half their range, whatever the range is.
struct ActorHead: Sendable {
  /// K_c of each choice.
  let choices: [Int]
  /// V, the continuous components.
  let numbers: Int
  /// Σ K_c
  let logits: Int
  private let centers: [Float]
  private let halfWidths: [Float]

  init(_ space: ActionSpace) {
    choices = space.choices
    numbers = space.bounds.count
    logits = space.choices.reduce(0, +)
    centers = space.bounds.map { 0.5 * ($0.lowerBound + $0.upperBound) }
    halfWidths = space.bounds.map { 0.5 * ($0.upperBound - $0.lowerBound) }
  }

  /// Whether an action is one choice and nothing else.
  var isSingleChoice: Bool { choices.count == 1 && numbers == 0 }

  /// The outputs of a row.
  var width: Int { logits + numbers }

  /// The first logit of a choice.
  func start(of component: Int) -> Int {
    var start = 0
    for earlier in 0..<component { start += choices[earlier] }
    return start
  }

  /// The numbers of [−1, 1] that mean the continuous components of one agent's actions. `[B, A, V]` to `[B, V]`
  func normalize(_ values: Span<Float>, rows: Int, agent: Int, agents: Int, into units: inout [Float]) {
    let (centers, halfWidths) = (centers.span, halfWidths.span)
    var span = units.mutableSpan
    for row in 0..<rows {
      let from = (row * agents + agent) * numbers
      for v in 0..<numbers { span[row * numbers + v] = (values[from + v] - centers[v]) / halfWidths[v] }
    }
  }

  /// The numbers u behind the logits of one agent's outputs. `[rows, width]` to `[rows, A, V]`
  func collectNumbers(_ outputs: [Float], rows: Int, agent: Int = 0, agents: Int = 1, into units: inout [Float]) {
    copyColumns(
      outputs.span, rows, every: width, from: logits, into: &units, every: agents * numbers, at: agent * numbers, width: numbers)
  }

  /// u ← tanh u
  static func squash(_ units: inout [Float]) {
    var span = units.mutableSpan
    VectorMath.apply(.tanh, to: &span)
  }

  /// Why no actor can act in a space, in a sentence; nil if one can.
  static func objection(to space: ActionSpace, for algorithm: String) -> String? {
    let fits =
      !(space.choices.isEmpty && space.bounds.isEmpty) && space.choices.allSatisfy { $0 > 0 }
      && space.bounds.allSatisfy {
        $0.lowerBound.isFinite && $0.upperBound.isFinite && ($0.upperBound - $0.lowerBound).isFinite && $0.lowerBound < $0.upperBound
      }
    return fits ? nil : "\(algorithm): an action must have choices or numbers in bounded ranges, it is \(space)"
  }
}

/// The action of a policy as a function of its outputs, through which a derivative flows.
struct DifferentiableAction {
  private let outputs: Variable
  private let perturbed: Variable?
  private let head: ActorHead
  private let estimator: DiscreteActionEstimator
  private let temperature: Float

  /// - Parameters:
  ///   - outputs: `[rows, width]`
  ///   - noise: Standard Gumbel numbers for the logits. `[rows, Σ K_c]`
  init(_ outputs: Variable, noise: Variable?, _ head: ActorHead, _ estimator: DiscreteActionEstimator, temperature: Float) {
    (self.outputs, self.head, self.estimator, self.temperature) = (outputs, head, estimator, temperature)
    if head.logits == 0 {
      perturbed = nil
    } else {
      let logits = head.numbers == 0 ? outputs : outputs.columns(0..<head.logits)
      perturbed = noise.map { logits + $0 } ?? logits
    }
  }

  /// A choice as a vector: softmax((x + g) / T), or the one-hot vector of its largest element with the derivative of that. `[rows, K_c]`
  func choice(_ component: Int) -> Variable {
    guard let perturbed else { preconditionFailure("DifferentiableAction.choice: there are no logits") }
    let start = head.start(of: component)
    let mine = head.choices.count == 1 ? perturbed : perturbed.columns(start..<(start + head.choices[component]))
    let soft = (mine * (1 / temperature)).softmax()
    return estimator == .straightThrough ? soft.replacingValue(by: soft.oneHotOfLargest()) : soft
  }

  /// tanh u. `[rows, V]`
  var numbers: Variable { (head.logits == 0 ? outputs : outputs.columns(head.logits..<head.width)).tanh() }
}
