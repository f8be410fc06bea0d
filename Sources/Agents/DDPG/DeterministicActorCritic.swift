import Tensor

/// The networks of DDPG and TD3 with their targets and optimisers, and the three steps of which an update of either is made.
struct DeterministicActorCritic: Sendable, Archivable {
  var actor: Parameters
  var targetActor: Parameters
  var critics: Parameters
  var targetCritics: Parameters
  private var actorOptimizer: Adam
  private var criticOptimizer: Adam
  /// Losses of the last steps, and the mean of the targets.
  private(set) var criticLoss: Float = 0
  private(set) var actorLoss: Float = 0

  /// - Parameter outputBound: The last layers begin uniform in ± this, where it is given.
  init(
    _ actor: Network, _ critics: ActionCritics, actorLearningRate: Float, criticLearningRate: Float, epsilon: Float, outputBound: Double?,
    seed: UInt64
  ) {
    let stream = RandomStream(seed: seed, purpose: .initialization)
    self.actor = actor.initialized(last: outputBound.map { .uniform(bound: $0) }, from: stream)
    self.critics = critics.initialized(outputBound: outputBound, seed: seed, index: 1)
    (targetActor, targetCritics) = (self.actor, self.critics)
    actorOptimizer = Adam(count: self.actor.count, learningRate: actorLearningRate, epsilon: epsilon)
    criticOptimizer = Adam(count: self.critics.count, learningRate: criticLearningRate, epsilon: epsilon)
  }

  /// y = r + γ m min_i Q'_i(s', ã) with ã = π'(s'), or the smoothed one where noise is given.
  ///
  /// - Parameter smoothing: Deviation and limit of the noise, and the stream and step that name its numbers.
  func setTargets(
    _ memory: ActorCriticMemory, discount: Float, smoothing: (deviation: Float, limit: Float, stream: RandomStream, step: Int)? = nil
  ) {
    let tape = memory.tape
    tape.scope {
      var action = memory.actor(memory.placedSuccessors, tape.place(targetActor, differentiable: false))
      if let smoothing {
        let noise = tape.noise(.normal, shape: action.shape, from: smoothing.stream, step: smoothing.step)
        action = smoothedTargetAction(action, noise: noise, deviation: smoothing.deviation, limit: smoothing.limit)
      }
      let values = memory.nextValues(action, tape.place(targetCritics, differentiable: false))
      clippedDoubleTarget(rewards: memory.placedRewards, continues: memory.placedContinues, values: values, discount: discount)
        .copy(into: &memory.targets)
    }
  }

  /// θ_i ← Adam on Σ_i mean (Q_i(s, a) − y)² and, where `polyak` is given, θ'_i ← θ'_i + τ (θ_i − θ'_i).
  mutating func stepCritics(_ memory: ActorCriticMemory, weightDecay: Float = 0, maximumNorm: Float?, polyak: Float?) {
    criticLoss = memory.stepCritics(
      &critics, &criticOptimizer, weightDecay: weightDecay, maximumNorm: maximumNorm, moving: &targetCritics, by: polyak)
  }

  /// φ ← Adam on −mean Q_1(s, π(s)), in which the critic is a constant, and φ' ← φ' + τ (φ − φ').
  mutating func stepActor(_ memory: ActorCriticMemory, maximumNorm: Float?, polyak: Float) {
    let (tape, critics) = (memory.tape, critics)
    actorLoss = tape.gradient(of: actor, into: &memory.actorGradient) { placed in
      let observations = memory.placedObservations
      let action = memory.actor(observations, placed)
      return deterministicActorLoss(memory.values(1, observations, action, tape.place(critics, differentiable: false)))
    }
    let scale = ActorCriticMemory.scale(memory.actorGradient, maximumNorm)
    actorOptimizer.update(&actor, along: memory.actorGradient, scale: scale, moving: &targetActor, by: polyak)
  }

  /// Multiplications of an update for each row: of the targets and the critics' step, and of the actor's step.
  static func products(_ actor: Network, _ critics: ActionCritics) -> (critics: Int, actor: Int) {
    let (policy, input) = (actor.products, actor.layers[0].inputs * actor.layers[0].outputs)
    let one = critics.products
    // A step of the critics: targets, values, the derivatives of weights and of hidden values.
    return (policy + critics.count * (3 * one.forward + one.hidden), 3 * policy - input + one.forward + one.action)
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.tensor("actor", &actor.values)
    try archive.tensor("targetActor", &targetActor.values)
    try archive.tensor("critics", &critics.values)
    try archive.tensor("targetCritics", &targetCritics.values)
    try archive.group("actorOptimizer") { () throws(FileError) in try actorOptimizer.archive(in: archive) }
    try archive.group("criticOptimizer") { () throws(FileError) in try criticOptimizer.archive(in: archive) }
    try archive.value("criticLoss", &criticLoss)
    try archive.value("actorLoss", &actorLoss)
    for step in [actorOptimizer.step, criticOptimizer.step] where !(0..<UpdateSchedule.largestCount).contains(step) {
      throw archive.failure("an optimiser's number of steps is \(step)")
    }
  }
}
