import Tensor

/// Deep deterministic policy gradient: Q-learning for continuous actions, in which an actor stands for the maximum.
///
/// T. Lillicrap et al., "Continuous control with deep reinforcement learning", ICLR 2016, algorithm 1; the gradient of the actor: D. Silver et al.,
/// "Deterministic policy gradient algorithms", ICML 2014.
///
/// One update, on one minibatch:
///
///     y  = r + γ (1 − terminated) Q'(s', π'(s'))
///     θ  ← Adam on mean (Q(s, a) − y)² + λ/2 ‖θ‖²
///     φ  ← Adam on −mean Q(s, π(s))
///     θ' ← τ θ + (1 − τ) θ',  φ' ← τ φ + (1 − τ) φ'
///
/// Implementation details:
/// 1. Actions are in units of half the width of their range around its centre: a_env = centre + half width · tanh(…). The critic sees
///    these units, and the noise is given in them.
/// 2. In the paper the action enters the critic's second layer, the last layers begin small and the critic's parameters are penalised; each
///    of it can be switched off, as most programs do.
/// 3. The penalty is a part of the gradient (and so of Adam's moments), and the biases bear it too.
/// 4. The process of the behaviour noise is one for each copy and starts again with each episode.
/// 5. No gradient with respect to the critic's parameters is computed in the actor's step, and none with respect to its inputs in its own.
/// 6. After a truncation the successor has a value; only a termination ends the sum.
/// 7. The soft update of a target is made in the pass of its network's optimiser.
/// 8. Without the batch normalisation of the paper, which none of the usual programs has.
public struct DDPG: Learner {
  public let configuration: DDPGConfiguration
  /// The network π with outputs in [−1, 1].
  public let actor: Network
  let critic: ActionCritics
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
  /// Updates made so far.
  public private(set) var updates = 0

  /// - Parameters:
  ///   - configuration: Networks, sizes, rates and the noise of behaviour.
  ///   - specification: The sizes of the task.
  ///   - seed: Names the random numbers of initial weights, behaviour, replay and updates.
  public init(_ configuration: DDPGConfiguration, for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = DDPG.objection(to: specification) { preconditionFailure(objection) }
    let components = specification.actions.bounds.count
    self.configuration = configuration
    self.specification = specification
    self.seed = seed
    ranges = ActionRanges(specification.actions.bounds)
    actor = Network(widths: [specification.observationSize] + configuration.actorWidths + [components], output: .tanh)
    critic = ActionCritics(
      count: 1, observationSize: specification.observationSize, actionSize: components, hidden: configuration.criticWidths,
      entry: configuration.actionEntry.rawValue)
    networks = DeterministicActorCritic(
      actor, critic, actorLearningRate: configuration.actorLearningRate, criticLearningRate: configuration.criticLearningRate,
      epsilon: configuration.optimizerEpsilon, outputBound: configuration.outputBound, seed: seed)
    replay = ReplayBuffer(capacity: configuration.replayCapacity, for: specification)
    schedule = UpdateSchedule(
      randomSteps: configuration.randomSteps, interval: configuration.trainingInterval, updates: configuration.updatesPerTraining)
    noise = BehaviourNoise(configuration.noise, copies: specification.copies, size: components, seed: seed)
    acting = ActingMemory(copies: specification.copies, observationSize: specification.observationSize, choices: components)
    batch = JointMinibatch(size: configuration.batchSize, for: specification)
    memory = ActorCriticMemory(actor: actor, critics: critic, batchSize: configuration.batchSize)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? { ActionRanges.objection("DDPG", to: specification) }

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

  /// One update of the critic, the actor and both targets.
  public mutating func update() {
    if !isKnownUniquelyReferenced(&memory) {
      memory = ActorCriticMemory(actor: actor, critics: critic, batchSize: configuration.batchSize)
    }
    var generator = RandomStream(seed: seed, purpose: .replay).generator(step: updates)
    replay.sample(into: &batch, from: &generator)
    memory.load(batch, ranges)

    let (maximumNorm, polyak) = (configuration.maximumGradientNorm, configuration.polyak)
    networks.setTargets(memory, discount: configuration.discount)
    networks.stepCritics(memory, weightDecay: configuration.criticWeightDecay, maximumNorm: maximumNorm, polyak: polyak)
    networks.stepActor(memory, maximumNorm: maximumNorm, polyak: polyak)
    updates += 1
  }

  public var diagnostics: [Diagnostic] {
    if updates == 0 { return [] }
    return [Diagnostic("criticLoss", Double(networks.criticLoss)), Diagnostic("actorLoss", Double(networks.actorLoss))]
  }

  /// Floating-point operations of the matrix products in one update.
  public var productsPerUpdate: Double {
    let (forCritic, forActor) = DeterministicActorCritic.products(actor, critic)
    return 2 * Double(configuration.batchSize) * Double(forCritic + forActor)
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
