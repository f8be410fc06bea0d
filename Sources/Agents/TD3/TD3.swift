import Tensor

/// Twin delayed deep deterministic policy gradient: two critics, a delayed actor, smoothed target actions.
///
/// S. Fujimoto, H. van Hoof and D. Meger, "Addressing function approximation error in actor-critic methods", ICML 2018, algorithm 1.
///
/// One update, on one minibatch:
///
///     ã   = clip(π'(s') + clip(σ ε, ±c), ±1),  ε ~ N(0, 1)             (14)
///     y   = r + γ (1 − terminated) min_i Q'_i(s', ã)
///     θ_i ← Adam on Σ_i mean (Q_i(s, a) − y)²                          i = 1, 2
///
/// and with every d-th of them
///
///     φ   ← Adam on −mean Q_1(s, π(s))
///     θ'_i ← τ θ_i + (1 − τ) θ'_i,  φ' ← τ φ + (1 − τ) φ'
///
/// Implementation details:
/// 1. Actions are in units of half the width of their range around its centre: a_env = centre + half width · tanh(…). The critics see
///    these units, and all noise is given in them.
/// 2. The targets of the critics move with every d-th update too, not with every one.
/// 3. Both critics lie side by side as one stacked pair under one Adam, and each product is made for both.
/// 4. No gradient with respect to the critics' parameters is computed in the actor's step, and none with respect to their inputs in theirs.
/// 5. After a truncation the successor has a value; only a termination ends the sum.
/// 6. Behaviour adds noise to the actor's action and cuts the sum to the range; in the random phase actions are uniform in it.
/// 7. The soft update of a target is made in the pass of its network's optimiser.
/// 8. Target networks are saved as they are.
public struct TD3: Learner {
  public let configuration: TD3Configuration
  /// The network π with outputs in [−1, 1].
  public let actor: Network
  let critics: ActionCritics
  let specification: EnvironmentSpecification
  let seed: UInt64
  private let ranges: ActionRanges
  var networks: DeterministicActorCritic
  private var replay: ReplayBuffer
  private var schedule: UpdateSchedule
  private var noise: BehaviourNoise
  private var acting: ActingMemory
  private var batch: JointMinibatch
  private var memory: ActorCriticMemory
  /// Updates of the critics made so far.
  public private(set) var updates = 0

  /// - Parameters:
  ///   - configuration: Networks, sizes, rates, and the noise of behaviour and targets.
  ///   - specification: The sizes of the task.
  ///   - seed: Names the random numbers of initial weights, behaviour, replay and updates.
  public init(_ configuration: TD3Configuration, for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = TD3.objection(to: specification) { preconditionFailure(objection) }
    precondition(configuration.policyDelay > 0, "TD3: a policy delay of \(configuration.policyDelay)")
    let components = specification.actions.bounds.count
    self.configuration = configuration
    self.specification = specification
    self.seed = seed
    ranges = ActionRanges(specification.actions.bounds)
    actor = Network(widths: [specification.observationSize] + configuration.actorWidths + [components], output: .tanh)
    critics = ActionCritics(
      count: 2, observationSize: specification.observationSize, actionSize: components, hidden: configuration.criticWidths, entry: 0)
    networks = DeterministicActorCritic(
      actor, critics, actorLearningRate: configuration.actorLearningRate, criticLearningRate: configuration.criticLearningRate,
      epsilon: configuration.optimizerEpsilon, outputBound: nil, seed: seed)
    replay = ReplayBuffer(capacity: configuration.replayCapacity, for: specification)
    schedule = UpdateSchedule(
      randomSteps: configuration.randomSteps, interval: configuration.trainingInterval, updates: configuration.updatesPerTraining)
    noise = BehaviourNoise(configuration.noise, copies: specification.copies, size: components, seed: seed)
    acting = ActingMemory(copies: specification.copies, observationSize: specification.observationSize, choices: components)
    batch = JointMinibatch(size: configuration.batchSize, for: specification)
    memory = ActorCriticMemory(actor: actor, critics: critics, batchSize: configuration.batchSize)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? { ActionRanges.objection("TD3", to: specification) }

  // MARK: Acting

  public var isWarmingUp: Bool { schedule.isWarmingUp }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    if isWarmingUp {
      var random = RandomPolicy(for: specification, seed: seed)
      return random.act(observations, step: step, into: &actions)
    }
    acting.gather(observations, agent: 0, agents: 1)
    acting.evaluate(actor, networks.actor)
    noise.add(to: &acting.logits, step: step)
    ranges.write(acting.logits.span, into: &actions.values)
  }

  /// The actor without noise.
  public func greedy(copies: Int) -> GreedyPolicy {
    var acting = specification
    acting.copies = copies
    return GreedyPolicy(network: actor, parameters: [networks.actor], for: acting)
  }

  // MARK: Learning

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    replay.store(observations, actions, batch)
    noise.follow(batch)
    schedule.step()
  }

  public mutating func learn() -> Bool {
    let before = updates
    while schedule.next() { update() }
    return updates > before
  }

  /// One update of the critics, and with every d-th of them one of the actor and all targets.
  public mutating func update() {
    if !isKnownUniquelyReferenced(&memory) {
      memory = ActorCriticMemory(actor: actor, critics: critics, batchSize: configuration.batchSize)
    }
    var generator = RandomStream(seed: seed, purpose: .replay).generator(step: updates)
    replay.sample(into: &batch, from: &generator)
    memory.load(batch, ranges)

    let smoothing = (configuration.smoothingDeviation, configuration.smoothingLimit, RandomStream(seed: seed, purpose: .update), updates)
    networks.setTargets(memory, discount: configuration.discount, smoothing: smoothing)
    let isDelayed = (updates + 1) % configuration.policyDelay != 0
    let maximumNorm = configuration.maximumGradientNorm
    networks.stepCritics(memory, maximumNorm: maximumNorm, polyak: isDelayed ? nil : configuration.polyak)
    if !isDelayed { networks.stepActor(memory, maximumNorm: maximumNorm, polyak: configuration.polyak) }
    updates += 1
  }

  public var diagnostics: [Diagnostic] {
    if updates == 0 { return [] }
    return [Diagnostic("criticLoss", Double(networks.criticLoss)), Diagnostic("actorLoss", Double(networks.actorLoss))]
  }

  /// Floating-point operations of the matrix products in one update, on average.
  public var productsPerUpdate: Double {
    let (forCritics, forActor) = DeterministicActorCritic.products(actor, critics)
    return 2 * Double(configuration.batchSize) * (Double(forCritics) + Double(forActor) / Double(configuration.policyDelay))
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("updates", &updates)
    guard (0..<UpdateSchedule.largestCount).contains(updates) else { throw archive.failure("the number of updates is \(updates)") }
    try archive.group("schedule") { () throws(FileError) in try schedule.archive(in: archive) }
    try archive.group("replay") { () throws(FileError) in try replay.archive(in: archive) }
    try archive.group("noise") { () throws(FileError) in try noise.archive(in: archive) }
    try archive.group("networks") { () throws(FileError) in try networks.archive(in: archive) }
  }
}
