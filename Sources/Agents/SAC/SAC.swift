import Tensor

/// Soft actor-critic with two critics and a learned temperature.
///
/// T. Haarnoja et al., "Soft actor-critic: off-policy maximum entropy deep reinforcement learning with a stochastic actor", ICML 2018, and "Soft
/// actor-critic algorithms and applications", arXiv 1812.05905, algorithm 1.
///
/// One update, on one minibatch:
///
///     y    = r + γ (1 − terminated) (min_i Q'_i(s', a') − α ln π(a'|s')),  a' ~ π(s')
///     θ_i  ← Adam on ½ mean (Q_i(s, a) − y)²                               i = 1, 2     (5)
///     φ    ← Adam on mean (α ln π(a|s) − min_i Q_i(s, a)),  a ~ π(s)                    (9)
///     ln α ← Adam on −ln α (mean ln π(a|s) + H̄)                                         (17)
///     θ'_i ← τ θ_i + (1 − τ) θ'_i
///
/// Implementation details:
/// 1. π is a normal distribution seen through tanh, ln σ cut to −20…2; actions are in units of half the width of their range around its
///    centre, and so is the density, from which H̄ = −components follows.
/// 2. There is no target actor: a' comes from the present one.
/// 3. All steps of one update use the temperature from before it. Its own follows the derivative with respect to ln α of the authors'
///    program, without the factor α of (17).
/// 4. Both critics lie side by side as one stacked pair under one Adam, and each product is made for both.
/// 5. No gradient with respect to the critics' parameters is computed in the actor's step, and none with respect to their inputs in theirs.
/// 6. ln π(a|s) comes from the noise of the sample, in a form that neither cancels nor overflows where tanh is flat.
/// 7. After a truncation the successor has a value; only a termination ends the sum.
/// 8. Without exploration the policy acts by tanh of its mean.
public struct SAC: Learner {
  public let configuration: SACConfiguration
  /// The network of π: means, then logarithms of deviations, of each component.
  public let actor: Network
  let critics: ActionCritics
  let specification: EnvironmentSpecification
  let seed: UInt64
  private let ranges: ActionRanges
  var networks: SoftActorCritic
  private var replay: ReplayBuffer
  private var schedule: UpdateSchedule
  private var acting: ActingMemory
  /// What an action is drawn with. `[E, components]`, `[E, components]`, `[E]`
  private var unsquashed: [Float]
  private var drawn: [Float]
  private var logProbabilities: [Float]
  private var batch: JointMinibatch
  private var memory: ActorCriticMemory
  /// Updates made so far.
  public private(set) var updates = 0

  /// - Parameters:
  ///   - configuration: Networks, sizes and rates.
  ///   - specification: The sizes of the task.
  ///   - seed: Names the random numbers of initial weights, behaviour, replay and updates.
  public init(_ configuration: SACConfiguration, for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = SAC.objection(to: specification) { preconditionFailure(objection) }
    let components = specification.actions.bounds.count
    self.configuration = configuration
    self.specification = specification
    self.seed = seed
    ranges = ActionRanges(specification.actions.bounds)
    actor = Network(widths: [specification.observationSize] + configuration.actorWidths + [2 * components])
    critics = ActionCritics(
      count: 2, observationSize: specification.observationSize, actionSize: components, hidden: configuration.criticWidths, entry: 0)
    networks = SoftActorCritic(actor, critics, configuration, seed: seed)
    replay = ReplayBuffer(capacity: configuration.replayCapacity, for: specification)
    schedule = UpdateSchedule(
      randomSteps: configuration.randomSteps, interval: configuration.trainingInterval, updates: configuration.updatesPerTraining)
    acting = ActingMemory(copies: specification.copies, observationSize: specification.observationSize, choices: 2 * components)
    unsquashed = Array(repeating: 0, count: specification.copies * components)
    drawn = unsquashed
    logProbabilities = Array(repeating: 0, count: specification.copies)
    batch = JointMinibatch(size: configuration.batchSize, for: specification)
    memory = ActorCriticMemory(actor: actor, critics: critics, batchSize: configuration.batchSize)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? { ActionRanges.objection("SAC", to: specification) }

  // MARK: Acting

  public var isWarmingUp: Bool { schedule.isWarmingUp }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    if isWarmingUp {
      var random = RandomPolicy(for: specification, seed: seed)
      return random.act(observations, step: step, into: &actions)
    }
    acting.gather(observations, agent: 0, agents: 1)
    acting.evaluate(actor, networks.actor)
    networks.sample(acting.logits, seed: seed, step: step, unsquashed: &unsquashed, into: &drawn, logProbabilities: &logProbabilities)
    ranges.write(drawn.span, into: &actions.values)
  }

  /// The median action, tanh of the mean.
  public func greedy(copies: Int) -> GreedyPolicy {
    var acting = specification
    acting.copies = copies
    return GreedyPolicy(network: actor, parameters: [networks.actor], for: acting, bounding: .squashed)
  }

  // MARK: Learning

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    replay.store(observations, actions, batch)
    schedule.step()
  }

  public mutating func learn() -> Bool {
    let before = updates
    while schedule.next() { update() }
    return updates > before
  }

  /// One update of the critics, the actor and the temperature.
  public mutating func update() {
    if !isKnownUniquelyReferenced(&memory) {
      memory = ActorCriticMemory(actor: actor, critics: critics, batchSize: configuration.batchSize)
    }
    var generator = RandomStream(seed: seed, purpose: .replay).generator(step: updates)
    replay.sample(into: &batch, from: &generator)
    memory.load(batch, ranges)

    let (maximumNorm, stream) = (configuration.maximumGradientNorm, RandomStream(seed: seed, purpose: .update))
    networks.setTargets(memory, discount: configuration.discount, stream: stream, step: updates)
    networks.stepCritics(memory, maximumNorm: maximumNorm, polyak: configuration.polyak)
    networks.stepActor(memory, maximumNorm: maximumNorm, stream: stream, step: updates)
    networks.stepTemperature()
    updates += 1
  }

  public var diagnostics: [Diagnostic] {
    if updates == 0 { return [] }
    return [
      Diagnostic("criticLoss", Double(networks.criticLoss)), Diagnostic("actorLoss", Double(networks.actorLoss)),
      Diagnostic("entropy", Double(networks.entropy)), Diagnostic("temperature", Double(networks.temperature)),
    ]
  }

  /// Floating-point operations of the matrix products in one update.
  public var productsPerUpdate: Double {
    let (policy, input) = (actor.products, actor.layers[0].inputs * actor.layers[0].outputs)
    let one = critics.products
    let forCritics = policy + critics.count * (3 * one.forward + one.hidden)
    let forActor = 3 * policy - input + critics.count * (one.forward + one.action)
    return 2 * Double(configuration.batchSize) * Double(forCritics + forActor)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("updates", &updates)
    guard (0..<UpdateSchedule.largestCount).contains(updates) else { throw archive.failure("the number of updates is \(updates)") }
    try archive.group("schedule") { () throws(FileError) in try schedule.archive(in: archive) }
    try archive.group("replay") { () throws(FileError) in try replay.archive(in: archive) }
    try archive.group("networks") { () throws(FileError) in try networks.archive(in: archive) }
  }
}
