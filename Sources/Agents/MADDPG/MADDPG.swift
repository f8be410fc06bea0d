import Tensor

/// Multi-agent deep deterministic policy gradient with discrete actions: centralised critics, decentralised actors.
///
/// R. Lowe et al., "Multi-agent actor-critic for mixed cooperative-competitive environments", NIPS 2017; with critics that see
/// only the λ nearest agents: Z. Li and C. Guo, "Multi-agent deep reinforcement learning based spectrum allocation for D2D
/// underlay communications", IEEE TVT 2020 (MAAC, and NAAC when `neighbours` is set).
///
/// One update, on one minibatch that all agents share:
///
///     a'_j = argmax μ'_j(s'_j)                                   for all j
///     y_i  = r_i + γ (1 − terminated) Q'_i(s', a')               (15), (21)
///     θQ_i ← Adam on mean (Q_i(s, a) − y_i)²                      (14)
///     θμ_i ← Adam on −mean Q_i(s, a)|a_i = g(μ_i(s_i))           (17)
///     θ'   ← τ θ + (1 − τ) θ'                                    (19)
///
/// Implementation details:
/// 1. g is the straight-through Gumbel-softmax by default (`estimator`); behaviour samples the same distribution.
/// 2. The other agents' actions in the actor's loss come from the replay, as (17) says.
/// 3. Every agent has networks of its own. Agents are updated in parallel; the number of threads changes no bit.
/// 4. The executed policy (Algorithm 2) is the largest logit of the target actor.
/// 5. The optimiser's step and the soft update of the target are one pass over memory.
public struct MADDPG: Learner {
  public let configuration: MADDPGConfiguration
  public let actor: Network
  let critic: JointCritic
  let specification: EnvironmentSpecification
  /// The agents whose observations and actions each critic sees, its own first. `[A][G]`
  public let groups: [[Int]]
  let seed: UInt64
  /// Threads that an update may use.
  public let threads: Int
  var learners: [AgentNetworks]
  var replay: ReplayBuffer
  private var workers: [MADDPGWorker]
  private var batch: JointMinibatch
  private var nextChoices: [Int32]
  private var acting: ActingMemory
  /// Updates made so far.
  public private(set) var updates = 0
  /// Steps taken in so far.
  public private(set) var steps = 0
  private var pending = 0

  /// - Parameters:
  ///   - proximity: For each agent all agents from the nearest to the farthest, itself first. Needed when `neighbours` is set.
  ///   - seed: Names the random numbers of initial weights, behaviour, replay and updates.
  public init(
    _ configuration: MADDPGConfiguration, for specification: EnvironmentSpecification, proximity: [[Int]]? = nil, seed: UInt64, threads: Int = 1
  ) {
    if let objection = MADDPG.objection(to: specification) { preconditionFailure(objection) }
    let agents = specification.agents
    if let neighbours = configuration.neighbours, neighbours < agents - 1 {
      guard let proximity else { preconditionFailure("MADDPG: a number of neighbours needs the order of proximity") }
      precondition(
        proximity.count == agents && proximity.indices.allSatisfy { proximity[$0].first == $0 && Set(proximity[$0]) == Set(0..<agents) },
        "MADDPG: the order of proximity must list all \(agents) agents for each, itself first")
      groups = proximity.map { Array($0.prefix(neighbours + 1)) }
    } else {
      groups = (0..<agents).map { agent in [agent] + (0..<agents).filter { $0 != agent } }
    }
    self.configuration = configuration
    self.specification = specification
    self.seed = seed
    self.threads = threads
    let choices = specification.actions.choices[0]
    actor = Network(widths: [specification.observationSize] + configuration.actorWidths + [choices])
    critic = JointCritic(
      members: groups[0].count, observationSize: specification.observationSize, choices: choices,
      observationWidth: configuration.criticObservationWidth, widths: configuration.criticWidths)
    let (actor, critic) = (actor, critic)
    learners = (0..<agents).map { agent in
      AgentNetworks(
        actor: actor.initialized(from: RandomStream(seed: seed, purpose: .initialization, index: 2 * agent)),
        criticLayout: critic.layout, criticStream: RandomStream(seed: seed, purpose: .initialization, index: 2 * agent + 1), configuration)
    }
    replay = ReplayBuffer(capacity: configuration.replayCapacity, for: specification)
    workers = (0..<max(threads, 1)).map { _ in MADDPGWorker(actor: actor, critic: critic, batchSize: configuration.batchSize) }
    batch = JointMinibatch(size: configuration.batchSize, for: specification)
    nextChoices = Array(repeating: 0, count: configuration.batchSize * agents)
    acting = ActingMemory(copies: specification.copies, observationSize: specification.observationSize, choices: choices)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    specification.actions.isOneChoice ? nil : "MADDPG: the action space must be one choice, it is \(specification.actions)"
  }

  // MARK: Acting

  public var isWarmingUp: Bool { steps < configuration.randomSteps }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    let agents = specification.agents
    let choices = specification.actions.choices[0]
    if isWarmingUp {
      var random = RandomPolicy(for: specification, seed: seed)
      random.act(observations, step: step, into: &actions)
      return
    }
    for agent in 0..<agents {
      acting.gather(observations, agent: agent, agents: agents)
      acting.evaluate(actor, learners[agent].actor)
      if configuration.estimator != .softmax {
        // The largest of logits plus Gumbel noise is a sample of their softmax.
        RandomStream(seed: seed, purpose: .exploration, index: agents + agent).fill(&acting.noise, with: .gumbel, step: step)
        for i in 0..<acting.logits.count { acting.logits[i] += configuration.temperature * acting.noise[i] }
      }
      for copy in 0..<specification.copies {
        actions.choices[copy * agents + agent] = largest(acting.logits, copy * choices, choices)
      }
    }
  }

  /// The policy that is executed after training (Algorithm 2): the largest logit of each target actor.
  public func executed(copies: Int) -> GreedyPolicy {
    GreedyPolicy(network: actor, parameters: learners.map(\.targetActor), copies: copies)
  }

  public func greedy(copies: Int) -> GreedyPolicy { executed(copies: copies) }

  /// The largest logit of each on-line actor, which the target actor follows with a lag.
  public func online(copies: Int) -> GreedyPolicy {
    GreedyPolicy(network: actor, parameters: learners.map(\.actor), copies: copies)
  }

  /// The number of parameters of one actor and of one critic.
  ///
  /// - Parameter members: G, the agents that a critic sees, its own among them.
  public static func parameterCounts(
    _ configuration: MADDPGConfiguration, members: Int, observationSize: Int, choices: Int
  ) -> (actor: Int, critic: Int) {
    let actor = Network(widths: [observationSize] + configuration.actorWidths + [choices])
    let critic = JointCritic(
      members: members, observationSize: observationSize, choices: choices, observationWidth: configuration.criticObservationWidth,
      widths: configuration.criticWidths)
    return (actor.layout.count, critic.layout.count)
  }

  /// Floating-point operations of the matrix products in one update of all agents.
  ///
  /// Counted after the algebraic reductions: one-hot actions are no products, the critic's gradient does not go on to its inputs, and the
  /// actor's goes through the critic to the own action only.
  public var productsPerUpdate: Double {
    func product(_ rows: Int, _ columns: Int) -> Double { Double(rows) * Double(columns) }
    let widths = configuration.criticWidths + [1]
    let input = product(critic.members * critic.observationSize, configuration.criticObservationWidth)
    var behind = product(configuration.criticObservationWidth, widths[0])
    var deep = 0.0
    for index in 1..<widths.count { deep += product(widths[index - 1], widths[index]) }
    behind += deep
    // Target, forward and weights' gradient over all layers; the gradient of hidden values over all but the first.
    let criticStep = 3 * (input + behind) + behind
    let own = product(critic.choices, widths[0])
    let throughCritic = input + behind + own + deep + own
    let layers = [actor.inputs] + configuration.actorWidths + [actor.outputs]
    var policy = 0.0
    for index in 1..<layers.count { policy += product(layers[index - 1], layers[index]) }
    let actorStep = 4 * policy - product(layers[0], layers[1])
    return 2 * Double(configuration.batchSize * specification.agents) * (criticStep + throughCritic + actorStep)
  }

  // MARK: Learning

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    replay.store(observations, actions, batch)
    steps += 1
    if steps > configuration.randomSteps { pending += configuration.updatesPerStep }
  }

  public mutating func learn() -> Bool {
    guard pending > 0 else { return false }
    while pending > 0 {
      pending -= 1
      update()
    }
    return true
  }

  /// One update of every agent from one shared minibatch.
  public mutating func update() {
    var generator = RandomStream(seed: seed, purpose: .replay).generator(step: updates)
    replay.sample(into: &batch, from: &generator)
    let agents = specification.agents
    // A copy of a learner gets memory of its own, so that copies may learn at the same time.
    for index in workers.indices where !isKnownUniquelyReferenced(&workers[index]) {
      workers[index] = MADDPGWorker(actor: actor, critic: critic, batchSize: configuration.batchSize)
    }
    let (configuration, groups, workers, seed) = (configuration, groups, workers, seed)

    // Choices of all target actors, before any of them moves.
    let transitions = batch
    Parallel.forEach(&learners, threads: threads) { learner, agent, thread in
      workers[thread].chooseNext(&learner, agent: agent, agents: agents, transitions)
    }
    for agent in 0..<agents {
      for row in 0..<batch.size { nextChoices[row * agents + agent] = learners[agent].nextChoices[row] }
    }
    let next = nextChoices
    let update = updates
    Parallel.forEach(&learners, threads: threads) { learner, agent, thread in
      let worker = workers[thread]
      worker.load(transitions, next, group: groups[agent], agents: agents)
      worker.updateCritic(&learner, agent: agent, agents: agents, transitions, configuration)
      worker.updateActor(&learner, configuration, RandomStream(seed: seed, purpose: .update, index: agent), step: update)
    }
    updates += 1
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("updates", &updates)
    try archive.value("steps", &steps)
    try archive.value("pending", &pending)
    try archive.group("replay") { () throws(FileError) in try replay.archive(in: archive) }
    guard
      updates >= 0, steps >= 0, pending >= 0, pending / configuration.updatesPerStep <= steps,
      replay.choicesLie(below: specification.actions.choices)
    else {
      throw archive.failure("the learner's counters or stored choices are out of range")
    }
    for index in learners.indices {
      try archive.group("agent\(index)") { () throws(FileError) in try learners[index].archive(in: archive) }
    }
  }
}
