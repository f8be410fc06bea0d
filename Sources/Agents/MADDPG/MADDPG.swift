import Tensor

/// Multi-agent deep deterministic policy gradient: centralised critics, decentralised actors; choices, continuous actions, or both.
///
/// R. Lowe et al., "Multi-agent actor-critic for mixed cooperative-competitive environments", NIPS 2017; with critics that see
/// only the λ nearest agents: Z. Li and C. Guo, "Multi-agent deep reinforcement learning based spectrum allocation for D2D
/// underlay communications", IEEE TVT 2020 (MAAC, and NAAC when `neighbours` is set).
///
/// One update, on one minibatch that all agents share:
///
///     a'_j = μ'_j(s'_j)                                          for all j
///     y_i  = r_i + γ (1 − terminated) Q'_i(s', a')               (15), (21)
///     θQ_i ← Adam on mean (Q_i(s, a) − y_i)²                      (14)
///     θμ_i ← Adam on −mean Q_i(s, a)|a_i = g(μ_i(s_i))           (17)
///     θ'   ← τ θ + (1 − τ) θ'                                    (19)
///
/// Implementation details:
/// 1. An actor puts out the logits of each choice and, for each continuous component, a number u whose action is tanh u in units of half
///    its range. For choices μ is the largest logit, or a sample (`targetChoice`), and g the straight-through Gumbel-softmax by default
///    (`estimator`); behaviour samples the same distribution. For continuous components g is tanh u; behaviour adds `noise`. With the
///    `expected` estimator (17) has in the place of Q_i its mean over the own choice.
/// 2. Critics see choices as one-hot vectors and continuous actions in units of half their range.
/// 3. The other agents' actions in the actor's loss come from the replay, as (17) says, or from the others' present policies (`partnerActions`).
/// 4. Every agent has networks of its own, or all share one actor and one critic (`sharing`), whose losses are means over the rows of all
///    agents. Agents with networks of their own are updated in parallel; the number of threads changes no bit.
/// 5. The executed policy (Algorithm 2) is that of the target actors without noise.
/// 6. The optimiser's step and the soft update of the target are one pass over memory.
/// 7. A truncated episode's last successor keeps its value; only a termination cuts it.
public struct MADDPG: Learner {
  let setup: MADDPGSetup
  let specification: EnvironmentSpecification
  let seed: UInt64
  /// Threads that an update may use.
  public let threads: Int
  var networks: [AgentNetworks]
  var replay: ReplayBuffer
  private var workers: [MADDPGWorker]
  private var batch: JointMinibatch
  private var plans: [AgentPlan]
  private var acting: ActingMemory
  private var noise: BehaviourNoise
  private let ranges: ActionRanges
  /// What actors say of continuous components, in units of half their range. `[E, A, V]`
  private var units: [Float]
  /// Updates made so far.
  public private(set) var updates = 0
  /// Steps taken in so far.
  public private(set) var steps = 0
  private var pending = 0

  /// - Parameters:
  ///   - configuration: Networks, sizes, rates and estimators.
  ///   - specification: The sizes of the task with A agents.
  ///   - proximity: For each agent all agents from the nearest to the farthest, itself first. Needed when `neighbours` is set above zero.
  ///   - seed: Names the random numbers of initial weights, behaviour, replay and updates.
  ///   - threads: Threads that an update may use; no bit depends on them.
  public init(
    _ configuration: MADDPGConfiguration, for specification: EnvironmentSpecification, proximity: [[Int]]? = nil, seed: UInt64, threads: Int = 1
  ) {
    if let objection = MADDPG.objection(to: specification) { preconditionFailure(objection) }
    let setup = MADDPGSetup(configuration, twins: nil, for: specification, proximity: proximity, named: "MADDPG")
    self.init(setup, for: specification, seed: seed, threads: threads)
  }

  init(_ setup: MADDPGSetup, for specification: EnvironmentSpecification, seed: UInt64, threads: Int) {
    let configuration = setup.configuration
    (self.setup, self.specification, self.seed, self.threads) = (setup, specification, seed, threads)
    networks = setup.served.indices.map { index in
      AgentNetworks(
        setup, actorStream: RandomStream(seed: seed, purpose: .initialization, index: 2 * index),
        criticStream: RandomStream(seed: seed, purpose: .initialization, index: 2 * index + 1))
    }
    replay = ReplayBuffer(capacity: configuration.replayCapacity, for: specification)
    workers = (0..<max(threads, 1)).map { _ in MADDPG.worker(setup, threads) }
    batch = JointMinibatch(size: configuration.batchSize, for: specification)
    plans = Array(repeating: AgentPlan(rows: configuration.batchSize, setup.head), count: setup.agents)
    ranges = ActionRanges(specification.actions.bounds)
    acting = ActingMemory(copies: specification.copies, observationSize: specification.observationSize, choices: setup.head.width)
    units = Array(repeating: 0, count: specification.copies * setup.agents * setup.head.numbers)
    // Choices draw from the streams behind those of the random phase, continuous components from those behind both.
    noise = BehaviourNoise(
      configuration.noise, copies: specification.copies, size: setup.agents * setup.head.numbers, seed: seed, firstStream: 2 * setup.agents)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    ActorHead.objection(to: specification.actions, for: "MADDPG")
  }

  private static func worker(_ setup: MADDPGSetup, _ threads: Int) -> MADDPGWorker {
    MADDPGWorker(setup, threads: setup.served.count == 1 ? max(threads, 1) : 1)
  }

  public var configuration: MADDPGConfiguration { setup.configuration }

  /// The shape of every actor.
  public var actor: Network { setup.actor }

  /// The agents whose observations and actions each critic sees, its own first. `[A][G]`
  public var groups: [[Int]] { setup.groups }

  /// Floating-point operations of the matrix products in one update of all agents.
  ///
  /// Counted after the algebraic reductions: one-hot actions are no products, the critic's gradient does not go on to its inputs, and the
  /// actor's goes through the critic to the own action only, or not at all where it sees the values of all choices.
  public var productsPerUpdate: Double { setup.productsPerUpdate }

  /// The number of parameters of one actor and of one critic, for agents with one choice.
  ///
  /// - Parameters:
  ///   - configuration: Widths of the networks and what critics see; `neighbours` is not looked at.
  ///   - members: G, the agents that a critic sees, its own among them.
  ///   - observationSize: D
  ///   - choices: K
  public static func parameterCounts(
    _ configuration: MADDPGConfiguration, members: Int, observationSize: Int, choices: Int
  ) -> (actor: Int, critic: Int) {
    let specification = EnvironmentSpecification(copies: 1, agents: members, observationSize: observationSize, actions: .discrete(choices))
    var configuration = configuration
    configuration.neighbours = nil
    let setup = MADDPGSetup(configuration, twins: nil, for: specification, proximity: nil, named: "MADDPG.parameterCounts")
    return (setup.actor.layout.count, setup.critic.layout.count)
  }

  /// The floating-point operations of ``productsPerUpdate`` for a learner that need not be made.
  public static func productsPerUpdate(_ configuration: MADDPGConfiguration, for specification: EnvironmentSpecification) -> Double {
    let agents = specification.agents
    let anyOrder = (0..<agents).map { agent in [agent] + (0..<agents).filter { $0 != agent } }
    return MADDPGSetup(configuration, twins: nil, for: specification, proximity: anyOrder, named: "MADDPG.productsPerUpdate").productsPerUpdate
  }

  // MARK: Acting

  public var isWarmingUp: Bool { steps < configuration.randomSteps }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    if isWarmingUp {
      var random = RandomPolicy(for: specification, seed: seed)
      random.act(observations, step: step, into: &actions)
      return
    }
    let (head, agents) = (setup.head, setup.agents)
    let isSampled = configuration.estimator != .softmax && head.logits > 0
    for agent in 0..<agents {
      acting.gather(observations, agent: agent, agents: agents)
      acting.evaluate(actor, networks[setup.networks(of: agent)].actor)
      // The largest of logits plus Gumbel noise is a sample of their softmax.
      if isSampled { RandomStream(seed: seed, purpose: .exploration, index: agents + agent).fill(&acting.noise, with: .gumbel, step: step) }
      for copy in 0..<specification.copies {
        let row = copy * agents + agent
        var from = copy * head.width
        for (component, count) in head.choices.enumerated() {
          actions.choices[row * head.choices.count + component] =
            isSampled
            ? largest(acting.logits, from, count, plus: acting.noise, from: from, times: configuration.temperature)
            : largest(acting.logits, from, count)
          from += count
        }
      }
      head.collectNumbers(acting.logits, rows: specification.copies, agent: agent, agents: agents, into: &units)
    }
    guard head.numbers > 0 else { return }
    ActorHead.squash(&units)
    noise.add(to: &units, step: step)
    ranges.write(units.span, into: &actions.values)
  }

  /// The policy that is executed after training (Algorithm 2): that of each target actor, without noise.
  public func executed(copies: Int) -> GreedyPolicy { policy(copies, networks.map(\.targetActor)) }

  public func greedy(copies: Int) -> GreedyPolicy { executed(copies: copies) }

  /// The policy of each on-line actor without noise, which the target actor follows with a lag.
  public func online(copies: Int) -> GreedyPolicy { policy(copies, networks.map(\.actor)) }

  private func policy(_ copies: Int, _ parameters: [Parameters]) -> GreedyPolicy {
    var specification = specification
    specification.copies = copies
    return GreedyPolicy(network: actor, parameters: parameters, for: specification, bounding: .squashed)
  }

  /// Goes on from the networks of another learner, perhaps of a task with other agents: agent n takes actor, critic and both targets from agent `sources[n]`.
  ///
  /// Optimisers begin anew, and experience is not taken over. With `neighbours` set a critic does not depend on the number of agents, so that what
  /// was learnt among few serves among many.
  ///
  /// - Precondition: One source for each of this learner's networks, with networks of the same layout.
  public mutating func adopt(_ other: MADDPG, from sources: [Int]) {
    precondition(
      sources.count == networks.count && sources.allSatisfy { other.networks.indices.contains($0) },
      "MADDPG.adopt: \(networks.count) networks from \(sources) of \(other.networks.count)")
    precondition(
      other.setup.actor.layout == setup.actor.layout && other.setup.critic.layout == setup.critic.layout,
      "MADDPG.adopt: the networks of the two learners have other layouts")
    for (index, source) in sources.enumerated() {
      networks[index].actor = other.networks[source].actor
      networks[index].targetActor = other.networks[source].targetActor
      networks[index].critic = other.networks[source].critic
      networks[index].targetCritic = other.networks[source].targetCritic
    }
  }

  // MARK: Learning

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    replay.store(observations, actions, batch)
    noise.follow(batch)
    steps += 1
    let isTime = steps > configuration.randomSteps && replay.count >= configuration.minimumTransitions
    if isTime, steps % configuration.updateInterval == 0 { pending += configuration.updatesPerStep }
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
    // A copy of a learner gets memory of its own, so that copies may learn at the same time.
    for index in workers.indices where !isKnownUniquelyReferenced(&workers[index]) { workers[index] = MADDPG.worker(setup, threads) }
    let moves = (updates + 1) % (setup.twins?.policyDelay ?? 1) == 0
    plan(lookingAtPolicies: moves && configuration.partnerActions == .current)
    let (setup, workers, batch, plans, seed, update) = (setup, workers, batch, plans, seed, updates)
    Parallel.forEach(&networks, threads: threads) { networks, index, thread in
      let worker = workers[thread]
      worker.load(batch, plans, serving: setup.served[index])
      worker.updateCritic(&networks, moves: moves)
      if moves { worker.updateActor(&networks, serving: setup.served[index], seed: seed, step: update) }
    }
    updates += 1
  }

  /// What all agents did and would do, before any of their networks moves.
  private mutating func plan(lookingAtPolicies isLooking: Bool) {
    let (setup, workers, networks, batch, seed, update) = (setup, workers, networks, batch, seed, updates)
    Parallel.forEach(&plans, threads: threads) { plan, agent, thread in
      let worker = workers[thread]
      worker.plan(networks[setup.networks(of: agent)], agent: agent, batch, lookingAtPolicies: isLooking, into: &plan, seed: seed, step: update)
    }
  }

  /// The losses of the last update, each the mean over agents.
  public var diagnostics: [Diagnostic] {
    guard updates > 0 else { return [] }
    let (critic, actor) = networks.reduce((0.0, 0.0)) { ($0.0 + Double($1.criticLoss), $0.1 + Double($1.actorLoss)) }
    return [
      Diagnostic("criticLoss", critic / Double(networks.count)), Diagnostic("actorLoss", actor / Double(networks.count)),
    ]
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("updates", &updates)
    try archive.value("steps", &steps)
    try archive.value("pending", &pending)
    try archive.group("replay") { () throws(FileError) in try replay.archive(in: archive) }
    let counts = 0..<(1 << 60)
    guard
      counts.contains(updates) && counts.contains(steps) && counts.contains(pending) && pending / configuration.updatesPerStep <= steps
        && (pending == 0 || replay.count > 0) && replay.choicesLie(below: specification.actions.choices)
    else {
      throw archive.failure("the learner's counters or stored choices are out of range")
    }
    try archive.group("noise") { () throws(FileError) in try noise.archive(in: archive) }
    for index in networks.indices {
      let name = configuration.sharing == .shared ? "shared" : "agent\(index)"
      try archive.group(name) { () throws(FileError) in try networks[index].archive(in: archive) }
    }
  }
}
