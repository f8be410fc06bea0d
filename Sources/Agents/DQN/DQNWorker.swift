import Tensor

/// The memory of one update, kept from update to update.
///
/// Unchecked because a tape is no `Sendable`: it belongs to one learner, which replaces it when a copy of the learner shares it.
final class DQNWorker: @unchecked Sendable {
  // Used by one learner at a time: a copy of it makes a worker of its own (see `DQN.update`).
  private let network: Network
  private let tape = Tape()
  private var workspace = Workspace()
  private var gradient: Tensor
  private var errors: Tensor
  /// Q'(s', ·) `[B, K]`
  private var next: [Float]
  /// Q(s', ·) `[B, K]`
  private var online: [Float]
  private var targets: [Float]
  // Made once: a literal of a shape takes memory where it is not optimised away.
  private let inputShape: Shape
  private let columnShape: Shape

  init(_ network: Network, batchSize: Int) {
    self.network = network
    gradient = Tensor(zeros: [network.layout.count])
    errors = Tensor(zeros: [batchSize, 1])
    next = Array(repeating: 0, count: batchSize * network.outputs)
    online = next
    targets = Array(repeating: 0, count: batchSize)
    inputShape = [batchSize, network.inputs]
    columnShape = [batchSize, 1]
  }

  /// Computes the targets of a minibatch.
  func aim(_ batch: TransitionMinibatch, online parameters: Parameters, target: Parameters, double: Bool) {
    DQNWorker.evaluate(network, target, batch, into: &next, &workspace)
    if double { DQNWorker.evaluate(network, parameters, batch, into: &online, &workspace) }
    DQNWorker.aim(batch, chosenBy: double ? online : next, next, into: &targets)
  }

  // Properties of a class as arguments of their own: they are checked for exclusive access once.
  private static func evaluate(
    _ network: Network, _ parameters: Parameters, _ batch: TransitionMinibatch, into values: inout [Float], _ workspace: inout Workspace
  ) {
    var output = values.mutableSpan
    network.evaluate(batch.successors.span, rows: batch.size, parameters, into: &output, workspace: &workspace)
  }

  private static func aim(_ batch: TransitionMinibatch, chosenBy online: [Float], _ next: [Float], into targets: inout [Float]) {
    var goals = targets.mutableSpan
    ValueTargets.evaluated(rewards: batch.rewards.span, discounts: batch.discounts.span, chosenBy: online.span, next: next.span, into: &goals)
  }

  /// The loss (1/B) Σ w l(Q(s, a) − y), whose gradient and whose errors Q(s, a) − y are kept for what follows.
  func descend(_ batch: TransitionMinibatch, _ parameters: Parameters, _ configuration: DQNConfiguration) -> Float {
    tape.gradient(of: parameters, into: &gradient) { placed in
      let values = network(tape.constant(batch.observations, shape: inputShape), placed)
      let error = values.selecting(batch.choices.span) - tape.constant(targets, shape: columnShape)
      error.copy(into: &errors)
      let losses = configuration.loss == .huber ? huber(error, tape.constant(0)) : error.squared()
      return (configuration.prioritization == nil ? losses : losses * tape.constant(batch.weights, shape: columnShape)).mean()
    }
  }

  /// Moves parameters, and a target softly where `polyak` says so.
  ///
  /// - Returns: The gradient's norm before clipping; nil where nobody asked for it.
  func step(
    _ parameters: inout Parameters, _ optimizer: inout any Optimizer, moving target: inout Parameters, by polyak: Float?, clippedTo limit: Float?
  ) -> Float? {
    let clipping = limit.map { clippingScale(gradient, maximumNorm: $0) }
    let scale = clipping?.scale ?? 1
    if let polyak {
      optimizer.update(&parameters, along: gradient, scale: scale, moving: &target, by: polyak)
    } else {
      optimizer.update(&parameters, along: gradient, scale: scale)
    }
    return clipping?.norm
  }

  /// Sets the priorities of a minibatch by its errors.
  func rate(_ batch: TransitionMinibatch, in priorities: inout PrioritizedReplay) {
    let errors = errors
    priorities.update(batch.slots.span, errors: errors.span)
  }
}
