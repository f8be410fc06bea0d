import Tensor

/// What all learners from roll-outs have in common: they collect T steps of E copies with the present policy, estimate advantages, and learn from these
/// steps alone.
struct OnPolicyCore: Sendable {
  let seed: UInt64
  var model: OnPolicyModel
  private(set) var rollOut: RollOut
  private var outputs: ActorOutputs
  private var foresight: Foresight?
  private var worker: OnPolicyWorker
  private let minibatchSize: Int
  /// Roll-outs learned from.
  private(set) var updates = 0
  private(set) var report = OnPolicyReport()

  /// - Parameters:
  ///   - steps: T.
  ///   - minibatchSize: The most joint steps of a minibatch.
  ///   - separatesContinuous: Whether the log-probability of an action's numbers is kept apart.
  init(
    _ networks: ActorCriticNetworks, for specification: EnvironmentSpecification, rule: GradientRule, steps: Int, minibatchSize: Int,
    separatesContinuous: Bool = false, seed: UInt64
  ) {
    precondition(minibatchSize > 0, "OnPolicyCore: minibatches of \(minibatchSize) steps")
    self.seed = seed
    self.minibatchSize = minibatchSize
    model = OnPolicyModel(networks, rule: rule, seed: seed)
    rollOut = RollOut(steps: steps, head: networks.head, for: specification, separatesContinuous: separatesContinuous)
    outputs = ActorOutputs(networks, copies: specification.copies)
    worker = OnPolicyWorker(networks, rollOut, minibatchSize: minibatchSize)
  }

  /// Why a policy of this kind cannot act in an environment; nil if it can.
  static func objection(_ name: String, _ specification: EnvironmentSpecification, singleAgent: Bool) -> String? {
    if singleAgent && specification.agents != 1 { return "\(name): it learns for one agent, the environment has \(specification.agents)" }
    if specification.agents < 1 || specification.copies < 1 || specification.observationSize < 1 {
      return "\(name): the environment needs a copy, an agent and an observation"
    }
    let actions = specification.actions
    let isFine = actions.choices.allSatisfy { $0 > 0 } && actions.choices.count + actions.bounds.count > 0 && actions.choices.count < 63
    return isFine ? nil : "\(name): the action space must have choices (at most 62) or numbers, it is \(actions)"
  }

  // MARK: Acting

  /// Copy e, agent a draws with numbers e A + a of each part of the step.
  mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    let stream = RandomStream(seed: seed, purpose: .exploration)
    if let start = foresight?.next(observations) {
      rollOut.draw(foresight!.outputs.rows, at: start, from: stream, step: step, into: &actions)
      return
    }
    outputs.evaluate(observations, model.networks, model.actor)
    rollOut.draw(outputs.rows, from: stream, step: step, into: &actions)
  }

  /// Evaluates what the next calls of ``act(_:step:into:)`` will get. `[T, E, A, D]`
  mutating func foresee(_ observations: [Float]) {
    let size = rollOut.copies * rollOut.agents * rollOut.observationSize
    let steps = observations.count / size
    precondition(steps > 0 && observations.count == steps * size, "foresee: \(observations.count) numbers for steps of \(size)")
    if foresight?.steps != steps { foresight = Foresight(model.networks, copies: rollOut.copies, steps: steps) }
    foresight!.evaluate(observations, model.networks, model.actor)
  }

  /// Forgets what was evaluated ahead: parameters have changed.
  mutating func forgetForesight() { foresight?.forget() }

  func policy(copies: Int, seed: UInt64? = nil) -> ActorPolicy { ActorPolicy(model.networks, model.actor, copies: copies, seed: seed) }

  /// The values of joint observations, one for each agent. `[J, A, D]` to `[J, A]`
  func values(of observations: [Float]) -> [Float] {
    let networks = model.networks
    let width = networks.agents * networks.observationSize
    precondition(observations.count % width == 0, "values: \(observations.count) numbers for observations of \(width)")
    var result = [Float](repeating: 0, count: observations.count / width * networks.agents)
    var critic = CriticOutputs(networks)
    critic.evaluate(observations, jointSteps: observations.count / width, model, into: &result)
    return result
  }

  // MARK: Learning

  mutating func observe(_ observations: [Float], _ batch: StepBatch) { rollOut.store(observations, batch) }

  /// Whether T steps are there to learn from.
  var isReady: Bool { rollOut.isFull }

  /// Minibatches of an epoch, of nearly equal size.
  var minibatches: Int { (rollOut.jointSteps + minibatchSize - 1) / minibatchSize }

  /// Estimates advantages once, goes through all steps `epochs` times in minibatches of a new order each time, and forgets them.
  mutating func learn(_ loss: OnPolicyLoss, discount: Float, trace: Float, epochs: Int = 1) {
    // A copy of a learner gets memory of its own, so that copies may learn at the same time.
    if !isKnownUniquelyReferenced(&worker) { worker = OnPolicyWorker(model.networks, rollOut, minibatchSize: minibatchSize) }
    report = OnPolicyReport()
    report.explainedVariance = worker.estimate(rollOut, model, discount: discount, trace: trace, loss.regression)
    let (count, minibatches) = (rollOut.jointSteps, minibatches)
    worker.sort()
    learning: for epoch in 0..<epochs {
      if minibatches > 1 { worker.shuffle(from: RandomStream(seed: seed, purpose: .update, index: epoch), step: updates) }
      for index in 0..<minibatches {
        worker.load(index * count / minibatches..<(index + 1) * count / minibatches, of: rollOut, loss)
        if !worker.step(loss, &model, &report) { break learning }
      }
    }
    updates += 1
    rollOut.removeAll()
    forgetForesight()
  }

  /// Floating-point operations of the matrix products of one roll-out and its update, counted from the networks.
  ///
  /// - Parameter epochs: Passes over the roll-out, none of them stopped early.
  func products(epochs: Int) -> Double {
    let products = model.networks.productsPerRow
    return Double(rollOut.jointSteps * model.networks.agents) * (products.acting + products.valuing + Double(epochs) * products.learning)
  }
}

extension OnPolicyCore: Archivable {
  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("updates", &updates)
    guard updates >= 0 else { throw archive.failure("the number of updates is negative") }
    try archive.group("rollOut") { () throws(FileError) in try rollOut.archive(in: archive) }
    try archive.group("model") { () throws(FileError) in try model.archive(in: archive) }
    // Evaluated again where it is needed, with the same bits.
    if archive.isReading { forgetForesight() }
  }
}
