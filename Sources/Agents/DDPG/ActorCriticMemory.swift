import Tensor

/// The memory with which one thread updates actors and critics for continuous actions, and the steps that all of them share.
///
/// Held by one learner alone: a copy of a learner gets memory of its own before it learns.
final class ActorCriticMemory: @unchecked Sendable {
  let actor: Network
  let critics: ActionCritics
  let tape = Tape()
  private let rows: Int
  /// The minibatch, repeated for each critic. `[C, B, D]`
  private var observations: Tensor
  private var successors: Tensor
  /// In [−1, 1]. `[C, B, action components]`
  private var actions: Tensor
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
    observations = Tensor(zeros: [critics.count, batchSize, critics.observationSize])
    successors = observations
    actions = Tensor(zeros: [critics.count, batchSize, critics.actionSize])
    rewards = Tensor(zeros: [batchSize, 1])
    continues = rewards
    targets = rewards
    actorGradient = Tensor(zeros: [actor.layout.count])
    criticGradient = Tensor(zeros: [critics.count * critics.layout.count])
  }

  /// Takes in a minibatch of one agent's transitions.
  func load(_ batch: JointMinibatch, _ ranges: ActionRanges) {
    repeatRows(batch.observations.span, into: &observations)
    repeatRows(batch.successors.span, into: &successors)
    ranges.normalize(batch.values.span, into: &actions)
    copy(batch.rewards.span, into: &rewards)
    copy(batch.continues.span, into: &continues)
  }

  private func copy(_ source: Span<Float>, into target: inout Tensor) {
    var span = target.mutableSpan
    for i in 0..<source.count { span[i] = source[i] }
  }

  private func repeatRows(_ source: Span<Float>, into target: inout Tensor) {
    var span = target.mutableSpan
    for critic in 0..<critics.count {
      let first = critic * source.count
      for i in 0..<source.count { span[first + i] = source[i] }
    }
  }

  // MARK: On the tape

  /// s for the first K critics. `[K, B, D]`
  func placedObservations(_ used: Int) -> Variable { first(used, tape.constant(observations)) }

  /// s' for the first K critics. `[K, B, D]`
  func placedSuccessors(_ used: Int) -> Variable { first(used, tape.constant(successors)) }

  private func first(_ used: Int, _ all: Variable) -> Variable { used == critics.count ? all : all.slice(0..<used, along: 0) }

  /// What the actor sees: the same without the critics' axis. `[B, D]`
  func forActor(_ states: Variable) -> Variable {
    let one = states.shape[0] == 1 ? states : states.slice(0..<1, along: 0)
    return one.reshaped([rows, critics.observationSize])
  }

  /// An action for each of K critics. `[B, components]` to `[K, B, components]`
  func forCritics(_ action: Variable, _ used: Int) -> Variable {
    let one = action.reshaped([1, rows, critics.actionSize])
    return used == 1 ? one : one.broadcast(to: [used, rows, critics.actionSize])
  }

  var placedRewards: Variable { tape.constant(rewards) }
  var placedContinues: Variable { tape.constant(continues) }

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
      let values = critics(tape.constant(observations), tape.constant(actions), placed)
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
