import Tensor

/// Twin delayed deterministic policy gradient for a team: each agent has a value of its own action, and a mixing network makes the team's of them.
///
/// TD3 (S. Fujimoto, H. van Hoof and D. Meger, ICML 2018) with the mixing network of QMIX (T. Rashid et al., ICML 2018); the form is that of FACMAC
/// (B. Peng et al., "FACMAC: factored multi-agent centralised policy gradients", NeurIPS 2021).
///
/// One update, on one minibatch, with Q_i(s, a) = mix_i(Q_i1(o_1, a_1) … Q_iA(o_A, a_A); s) for i = 1, 2:
///
///     ã_a = clip(π'(o'_a) + clip(σ ε, ±c), ±1),  ε ~ N(0, 1)
///     y   = r + γ (1 − terminated) min_i Q'_i(s', ã)
///     θ   ← Adam on Σ_i mean (Q_i(s, a) − y)²                    critics and mixing networks together
///
/// and with every d-th of them
///
///     φ   ← Adam on −mean Q_1(s, π(o_1) … π(o_A))                all agents' actions at once, through the mixing network
///     θ'  ← τ θ + (1 − τ) θ',  φ' ← τ φ + (1 − τ) φ'
///
/// Implementation details:
/// 1. The team's reward is the mean of the agents' rewards, which is their common reward where they share one. Without mixing (`independent`) every
///    agent learns from its own.
/// 2. The actors' gradient takes the present policy of all agents, not the others' stored actions: one joint action a state.
/// 3. Both critics have a mixing network of their own, and each of these a target.
/// 4. Actions are in units of half the width of their range around its centre; critics and noise use these units.
/// 5. After a truncation the successor has a value; only a termination ends the sum.
/// 6. No gradient with respect to the critics' and mixing networks' parameters is computed in the actors' step.
/// 7. Behaviour adds noise to the actors' actions and cuts the sum to the range; in the random phase actions are uniform in it.
/// 8. Rewards can be standardised by what the replay buffer holds at the time of the update.
/// 9. Actions that are shares of a whole are scaled to it again wherever noise was added; what is stored was done.
public struct TD3Mix: Learner {
  public let configuration: TD3MixConfiguration
  let specification: EnvironmentSpecification
  let seed: UInt64
  let networks: TeamNetworks
  public private(set) var actor: Parameters
  public private(set) var targetActor: Parameters
  /// First critic, first mixing network, second critic, second mixing network.
  public private(set) var critics: Parameters
  public private(set) var targetCritics: Parameters
  private var actorOptimizer: Adam
  private var criticOptimizer: Adam
  private var replay: ReplayBuffer
  private var schedule: UpdateSchedule
  private var noise: BehaviourNoise
  private var acting: TeamActing
  private var batch: JointMinibatch
  private var worker: TD3MixWorker
  /// Updates of the critics made so far.
  public private(set) var updates = 0
  private var losses: (critic: Float, actor: Float) = (0, 0)

  /// - Parameters:
  ///   - configuration: Mixing, networks, sizes, rates and noise.
  ///   - specification: The sizes of the task with A agents.
  ///   - seed: Names the random numbers of initial weights, behaviour, replay and updates.
  public init(_ configuration: TD3MixConfiguration, for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = TD3Mix.objection(to: specification) { preconditionFailure(objection) }
    precondition(configuration.policyDelay > 0, "TD3Mix: a policy delay of \(configuration.policyDelay)")
    self.configuration = configuration
    self.specification = specification
    self.seed = seed
    networks = TeamNetworks(configuration, for: specification)
    let stream = RandomStream(seed: seed, purpose: .initialization)
    actor = Parameters(networks.actorLayout)
    Initializer.uniformFanIn.fill(&actor, from: stream)
    for slice in actor.layout.slices.suffix(2) {
      for i in 0..<slice.shape.count { actor.values[slice.offset + i] *= configuration.actorOutputGain }
    }
    critics = Parameters(networks.criticLayout)
    Initializer.uniformFanIn.fill(&critics, from: RandomStream(seed: seed, purpose: .initialization, index: 1))
    (targetActor, targetCritics) = (actor, critics)
    actorOptimizer = Adam(count: actor.count, learningRate: configuration.actorLearningRate)
    criticOptimizer = Adam(count: critics.count, learningRate: configuration.criticLearningRate)
    replay = ReplayBuffer(capacity: configuration.replayCapacity, for: specification)
    schedule = UpdateSchedule(
      randomSteps: configuration.randomSteps, interval: configuration.trainingInterval, updates: configuration.updatesPerTraining)
    let components = specification.actions.bounds.count
    noise = BehaviourNoise(configuration.noise, copies: specification.copies, size: specification.agents * components, seed: seed)
    acting = TeamActing(networks, copies: specification.copies)
    batch = JointMinibatch(size: configuration.batchSize, for: specification)
    worker = TD3MixWorker(networks, configuration)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    var one = specification
    one.agents = 1
    return ActionRanges.objection("TD3Mix", to: one)
  }

  // MARK: Acting

  public var isWarmingUp: Bool { schedule.isWarmingUp }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    if isWarmingUp {
      var random = RandomPolicy(for: specification, seed: seed)
      random.act(observations, step: step, into: &actions)
      configuration.shares?.projectShares(&actions.values)
      return
    }
    acting.evaluate(observations, actor)
    noise.add(to: &acting.outputs, step: step)
    configuration.shares?.project(&acting.outputs)
    networks.ranges.write(acting.outputs.span, into: &actions.values)
  }

  /// The actors without noise.
  public func greedy(copies: Int) -> TeamActorPolicy { TeamActorPolicy(networks, actor, copies: copies) }

  /// Q_1(s, π(o_1) … π(o_A)): the first critic's value of what the actors do, without noise. Allocates.
  ///
  /// - Parameter observations: `[E, A, D]` of any number of copies.
  /// - Returns: `[E]`; for independent agents `[E, A]`.
  public func values(of observations: [Float]) -> [Float] {
    let size = specification.agents * specification.observationSize
    precondition(!observations.isEmpty && observations.count % size == 0, "TD3Mix.values: \(observations.count) numbers of copies of \(size)")
    var one = configuration
    one.batchSize = observations.count / size
    let worker = TD3MixWorker(networks, one)
    worker.load(observations)
    return worker.values(actor, critics)
  }

  /// What rewards are shifted and scaled by before they are learnt: mean and deviation over the replay buffer, or 0 and 1.
  public var rewardMoments: (mean: Float, deviation: Float) {
    configuration.standardizesRewards ? replay.rewardMoments(ofTeams: networks.mixer.outputs == 1) : (0, 1)
  }

  // MARK: Learning

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    replay.store(observations, actions, batch)
    noise.follow(batch)
    schedule.step()
  }

  public mutating func follow(_ batch: StepBatch) { noise.follow(batch) }

  public mutating func learn() -> Bool {
    let before = updates
    while schedule.next() { update() }
    return updates > before
  }

  /// One update of the critics, and with every d-th of them one of the actors and all targets.
  public mutating func update() {
    // A copy of a learner gets memory of its own, so that copies may learn at the same time.
    if !isKnownUniquelyReferenced(&worker) { worker = TD3MixWorker(networks, configuration) }
    var generator = RandomStream(seed: seed, purpose: .replay).generator(step: updates)
    replay.sample(into: &batch, from: &generator)
    worker.load(batch, rewardMoments)
    worker.aim(targetActor, targetCritics, RandomStream(seed: seed, purpose: .update), step: updates)
    losses.critic = worker.differentiateCritics(critics)
    let scale = worker.scale(worker.criticGradient)
    updates += 1
    guard updates % configuration.policyDelay == 0 else { return criticOptimizer.update(&critics, along: worker.criticGradient, scale: scale) }
    criticOptimizer.update(&critics, along: worker.criticGradient, scale: scale, moving: &targetCritics, by: configuration.polyak)
    losses.actor = worker.differentiateActor(actor, critics)
    actorOptimizer.update(
      &actor, along: worker.actorGradient, scale: worker.scale(worker.actorGradient), moving: &targetActor, by: configuration.polyak)
  }

  /// Floating-point operations of the matrix products in one update, on average over those with and without a step of the actors.
  ///
  /// Counted after the algebraic reductions: nothing is differentiated with respect to what is seen and to states.
  public var productsPerUpdate: Double {
    let (twins, delay) = (configuration.usesTwinCritics ? 2.0 : 1, Double(configuration.policyDelay))
    let (policy, input) = (Double(networks.actor.products), Double(networks.actor.layers[0].inputs * networks.actor.layers[0].outputs))
    let one = networks.critic.products
    let (forward, hidden, action) = (Double(one.forward), Double(one.hidden), Double(one.action))
    // Targets, values, derivatives of weights and of hidden values; then the actors' step through a constant critic.
    let perRow = policy + twins * (3 * forward + hidden) + (3 * policy - input + forward + action) / delay
    var perState = 0.0
    for generator in networks.mixer.hypernetwork?.generators ?? [] {
      let (all, first) = (Double(generator.products), Double(generator.layers[0].inputs * generator.layers[0].outputs))
      perState += twins * (4 * all - first) + all / delay
    }
    // The values times the generated weights count too, with a gradient for both.
    perState += Double(networks.mixer.hypernetwork?.target.products ?? 0) * (4 * twins + 2 / delay)
    return 2 * Double(configuration.batchSize) * (Double(networks.form.agents * networks.form.items) * perRow + perState)
  }

  public var diagnostics: [Diagnostic] {
    updates == 0 ? [] : [Diagnostic("criticLoss", Double(losses.critic)), Diagnostic("actorLoss", Double(losses.actor))]
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("updates", &updates)
    guard (0..<UpdateSchedule.largestCount).contains(updates) else { throw archive.failure("the number of updates is \(updates)") }
    try archive.value("criticLoss", &losses.critic)
    try archive.value("actorLoss", &losses.actor)
    try archive.tensor("actor", &actor.values)
    try archive.tensor("targetActor", &targetActor.values)
    try archive.tensor("critics", &critics.values)
    try archive.tensor("targetCritics", &targetCritics.values)
    try archive.group("actorOptimizer") { () throws(FileError) in try actorOptimizer.archive(in: archive) }
    try archive.group("criticOptimizer") { () throws(FileError) in try criticOptimizer.archive(in: archive) }
    guard (0..<UpdateSchedule.largestCount).contains(actorOptimizer.step), (0..<UpdateSchedule.largestCount).contains(criticOptimizer.step) else {
      throw archive.failure("an optimiser's number of steps is out of range")
    }
    try archive.group("schedule") { () throws(FileError) in try schedule.archive(in: archive) }
    try archive.group("noise") { () throws(FileError) in try noise.archive(in: archive) }
    try archive.group("replay") { () throws(FileError) in try replay.archive(in: archive) }
  }
}
