import Tensor

/// One single-agent learner for each agent, to whom the others are part of the environment.
///
/// M. Tan, "Multi-agent reinforcement learning: independent vs. cooperative agents", ICML 1993. Each learner has a seed of its own and sees its agent's
/// rows of every array, as a task of E copies with one agent.
///
///     IndependentLearners(for: task.specification, seed: 1) { sizes, seed, agent in DQN(DQNConfiguration(), for: sizes, seed: seed) }
///
/// Learners that keep the demand of this package, randomness by name, give the same bits on any number of threads.
public struct IndependentLearners<Base: Learner>: Learner {
  /// One learner and its agent's rows. `[A]`
  private var members: [Member]
  /// Threads that learning may use.
  public let threads: Int
  private let specification: EnvironmentSpecification

  private struct Member: Sendable {
    var learner: Base
    var rows: AgentRows
    var hasLearned = false

    mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
      rows.gather(observations)
      learner.act(rows.observations, step: step, into: &rows.actions)
      rows.scatter(into: &actions)
    }

    mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
      rows.gather(observations)
      rows.gather(actions)
      rows.gather(batch)
      learner.observe(rows.observations, rows.actions, rows.batch)
    }

    mutating func learn() { hasLearned = learner.learn() }
  }

  /// - Parameters:
  ///   - specification: The sizes of the task with A agents.
  ///   - seed: Each agent's learner gets a seed made of this and its number.
  ///   - threads: Threads that learning may use, at most one an agent.
  ///   - make: Makes the learner of an agent for the sizes that it is given: E copies, one agent.
  public init(
    for specification: EnvironmentSpecification, seed: UInt64, threads: Int = 1,
    _ make: (_ specification: EnvironmentSpecification, _ seed: UInt64, _ agent: Int) -> Base
  ) {
    if let objection = Self.objection(to: specification) { preconditionFailure(objection) }
    self.specification = specification
    self.threads = threads
    members = (0..<specification.agents).map { agent in
      let sizes = AgentRows.specification(specification)
      return Member(
        learner: make(sizes, Self.seed(of: agent, from: seed), agent), rows: AgentRows(agent: agent, of: specification))
    }
  }

  /// The seed of one agent's learner.
  static func seed(of agent: Int, from seed: UInt64) -> UInt64 {
    // The last step of the stream: what learners draw from it, step by step, comes from seeds that are made here.
    var generator = RandomStream(seed: seed, purpose: .initialization, index: agent).generator(step: -1)
    return generator.next()
  }

  /// The learners. `[A]`
  public var learners: [Base] { members.map(\.learner) }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    Base.objection(to: AgentRows.specification(specification))
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    for agent in members.indices { members[agent].act(observations, step: step, into: &actions) }
  }

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    for agent in members.indices { members[agent].observe(observations, actions, batch) }
  }

  public mutating func learn() -> Bool {
    if threads <= 1 {
      // Without a closure, whose context could take memory.
      for agent in members.indices { members[agent].learn() }
    } else {
      Parallel.forEach(&members, threads: threads) { member, _, _ in member.learn() }
    }
    var hasLearned = false
    for agent in members.indices where members[agent].hasLearned { hasLearned = true }
    return hasLearned
  }

  public var isWarmingUp: Bool {
    for agent in members.indices where members[agent].learner.isWarmingUp { return true }
    return false
  }

  /// The updates of the learner that made most of them; all make equally many unless they are made differently.
  public var updates: Int {
    var most = 0
    for agent in members.indices { most = max(most, members[agent].learner.updates) }
    return most
  }

  /// Those of every agent: `agent0.loss`.
  public var diagnostics: [Diagnostic] {
    members.indices.flatMap { agent in members[agent].learner.diagnostics.map { Diagnostic("agent\(agent).\($0.name)", $0.value) } }
  }

  public func greedy(copies: Int) -> IndependentPolicies<Base.Greedy> {
    var specification = specification
    specification.copies = copies
    return IndependentPolicies(members.map { $0.learner.greedy(copies: copies) }, for: specification)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    for agent in members.indices {
      try archive.group("agent\(agent)") { () throws(FileError) in try members[agent].learner.archive(in: archive) }
    }
  }
}

/// Each agent's learner is a client.
extension IndependentLearners: ExchangeableLearner where Base: ExchangeableLearner {
  public var clients: Int { members.count }
  public var exchangeableNetworks: [ExchangeableNetwork] { members[0].learner.exchangeableNetworks }
  public func batchSize(of client: Int) -> Int { members[client].learner.batchSize(of: 0) }
  public func sampleCount(of client: Int) -> Int { members[client].learner.sampleCount(of: 0) }

  public func copyParameters(of network: Int, client: Int, into values: inout [Float]) {
    members[client].learner.copyParameters(of: network, client: 0, into: &values)
  }

  public mutating func setParameters(of network: Int, client: Int, to values: [Float]) {
    members[client].learner.setParameters(of: network, client: 0, to: values)
  }

  public func copyMoments(of network: Int, client: Int, into values: inout [Float]) {
    members[client].learner.copyMoments(of: network, client: 0, into: &values)
  }

  public mutating func setMoments(of network: Int, client: Int, to values: [Float]) {
    members[client].learner.setMoments(of: network, client: 0, to: values)
  }

  public mutating func start(_ client: Int, like source: Int, of other: Self) {
    members[client].learner.start(0, like: 0, of: other.members[source].learner)
  }
}

extension IndependentLearners: ForesightedLearner where Base: ForesightedLearner {
  public mutating func foresee(_ observations: [Float]) {
    let (agents, size) = (members.count, specification.observationSize)
    let rows = observations.count / (agents * size)
    precondition(
      observations.count == rows * agents * size && rows % specification.copies == 0,
      "IndependentLearners.foresee: \(observations.count) numbers for \(specification.copies) copies of \(agents) agents")
    Parallel.forEach(&members, threads: threads) { member, agent, _ in
      var own = [Float](repeating: 0, count: rows * size)
      copyColumns(observations.span, rows, every: agents * size, from: agent * size, into: &own, every: size, at: 0, width: size)
      member.learner.foresee(own)
    }
  }
}

/// One single-agent policy for each agent.
public struct IndependentPolicies<Base: Policy>: Policy {
  /// `[A]`
  public private(set) var policies: [Base]
  private var rows: [AgentRows]

  /// - Parameters:
  ///   - policies: One for each agent, made for E copies of one agent.
  ///   - specification: The sizes of the task with A agents.
  public init(_ policies: [Base], for specification: EnvironmentSpecification) {
    precondition(
      policies.count == specification.agents, "IndependentPolicies: \(policies.count) policies for \(specification.agents) agents")
    self.policies = policies
    rows = policies.indices.map { AgentRows(agent: $0, of: specification) }
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    for agent in policies.indices {
      rows[agent].gather(observations)
      policies[agent].act(rows[agent].observations, step: step, into: &rows[agent].actions)
      rows[agent].scatter(into: &actions)
    }
  }

  public mutating func follow(_ batch: StepBatch) {
    for agent in policies.indices {
      rows[agent].gather(batch)
      policies[agent].follow(rows[agent].batch)
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    for agent in policies.indices {
      try archive.group("agent\(agent)") { () throws(FileError) in try policies[agent].archive(in: archive) }
    }
  }
}
