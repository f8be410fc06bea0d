import Tensor

/// The memory with which one thread updates actors and critics for continuous actions, and the steps that all of them share.
///
/// Held by one learner alone: a copy of a learner gets memory of its own before it learns.
final class ActorCriticMemory: @unchecked Sendable {
  let actor: Network
  let critics: ActionCritics
  let tape = Tape()
  private let rows: Int
  /// `[B, D]`
  private var observations: Tensor
  private var successors: Tensor
  /// In [−1, 1]: those of the minibatch, and those that follow. `[B, components]`
  private var actions: Tensor
  private var nextActions: Tensor
  /// What the critics see: observations or successors, and actions, for each of them. `[C, B, D + components]`
  private var inputs: Tensor
  private var nextInputs: Tensor
  /// `[B, 1]`
  private var rewards: Tensor
  private var continues: Tensor
  /// y. `[B, 1]`
  var targets: Tensor
  var actorGradient: Tensor
  private var criticGradient: Tensor

  init(actor: Network, critics: ActionCritics, batchSize: Int) {
    precondition(batchSize > 0, "ActorCriticMemory: a batch of \(batchSize)")
    (self.actor, self.critics, rows) = (actor, critics, batchSize)
    observations = Tensor(zeros: [batchSize, critics.observationSize])
    successors = observations
    actions = Tensor(zeros: [batchSize, critics.actionSize])
    nextActions = actions
    inputs = Tensor(zeros: [critics.count, batchSize, critics.inputs])
    nextInputs = inputs
    rewards = Tensor(zeros: [batchSize, 1])
    continues = rewards
    targets = rewards
    actorGradient = Tensor(zeros: [actor.layout.count])
    criticGradient = Tensor(zeros: [critics.count * critics.layout.count])
  }

  /// Takes in a minibatch of one agent's transitions.
  func load(_ batch: JointMinibatch, _ ranges: ActionRanges) {
    copy(batch.observations.span, into: &observations)
    copy(batch.successors.span, into: &successors)
    ranges.normalize(batch.values.span, into: &actions)
    copy(batch.rewards.span, into: &rewards)
    copy(batch.continues.span, into: &continues)
    join(observations, actions, into: &inputs)
  }

  private func copy(_ source: Span<Float>, into target: inout Tensor) {
    var span = target.mutableSpan
    for i in 0..<source.count { span[i] = source[i] }
  }

  /// Writes states and actions side by side, once for each critic.
  private func join(_ states: Tensor, _ actions: Tensor, into target: inout Tensor) {
    let (size, components) = (critics.observationSize, critics.actionSize)
    let (states, actions) = (states.span, actions.span)
    var span = target.mutableSpan
    var place = 0
    for _ in 0..<critics.count {
      for row in 0..<rows {
        for i in 0..<size { span[place + i] = states[row * size + i] }
        for i in 0..<components { span[place + size + i] = actions[row * components + i] }
        place += size + components
      }
    }
  }

  // MARK: On the tape

  /// s. `[B, D]`
  var placedObservations: Variable { tape.constant(observations) }
  /// s'. `[B, D]`
  var placedSuccessors: Variable { tape.constant(successors) }
  /// r. `[B, 1]`
  var placedRewards: Variable { tape.constant(rewards) }
  /// 1 − terminated. `[B, 1]`
  var placedContinues: Variable { tape.constant(continues) }

  /// Q_i(s, a) of K critics, for actions through which a derivative flows. `[K, B, 1]`
  ///
  /// - Parameter action: `[B, components]`
  func values(_ used: Int, _ observations: Variable, _ action: Variable, _ parameters: PlacedParameters) -> Variable {
    func spread(_ x: Variable) -> Variable {
      let one = x.expanded(at: 0)
      return used == 1 ? one : one.broadcast(to: one.shape.replacing(0, by: used))
    }
    return critics(spread(observations), spread(action), parameters)
  }

  /// Q_i(s', a') of all critics. `[C, B, 1]`
  ///
  /// - Parameter action: `[B, components]`
  func nextValues(_ action: Variable, _ parameters: PlacedParameters) -> Variable {
    // One product of a joint input takes less time than two, also with the copy.
    action.copy(into: &nextActions)
    join(successors, nextActions, into: &nextInputs)
    return critics(tape.constant(nextInputs), parameters)
  }

  // MARK: Steps

  /// One step of all critics towards `targets` under one optimiser: θ_i ← Adam on factor · Σ_i mean (Q_i(s, a) − y)² + λ/2 ‖θ‖².
  ///
  /// - Parameter moving: The target critics, which then follow by `polyak` in the same pass; none of it where `polyak` is nil.
  /// - Returns: The loss without the penalty.
  func stepCritics(
    _ parameters: inout Parameters, _ optimizer: inout Adam, factor: Float = 1, weightDecay: Float = 0, maximumNorm: Float?,
    moving target: inout Parameters, by polyak: Float?
  ) -> Float {
    let loss = tape.gradient(of: parameters, into: &criticGradient) { placed in
      let values = critics(tape.constant(inputs), placed)
      let loss = criticLoss(values, targets: tape.constant(targets))
      return factor == 1 ? loss : loss * factor
    }
    if weightDecay > 0 { Self.add(weightDecay, times: parameters.values, to: &criticGradient) }
    let scale = Self.scale(criticGradient, maximumNorm)
    if let polyak {
      optimizer.update(&parameters, along: criticGradient, scale: scale, moving: &target, by: polyak)
    } else {
      optimizer.update(&parameters, along: criticGradient, scale: scale)
    }
    return loss
  }

  /// g ← g + λ θ
  private static func add(_ factor: Float, times parameters: Tensor, to gradient: inout Tensor) {
    var sum = gradient.mutableSpan
    let values = parameters.span
    for i in 0..<sum.count { sum[i] += factor * values[i] }
  }

  /// The factor that keeps a gradient's norm below its maximum.
  static func scale(_ gradient: Tensor, _ maximumNorm: Float?) -> Float {
    maximumNorm.map { clippingScale(gradient, maximumNorm: $0).scale } ?? 1
  }
}
