import Tensor

/// One single-agent learner that serves all agents of a task: they share its parameters and learn from each other's experience.
///
/// J. K. Gupta, M. Egorov and M. Kochenderfer, "Cooperative multi-agent control using deep reinforcement learning", AAMAS workshops 2017. E copies of a
/// task for A agents are, to the learner, E A copies of a task for one: the memory is the same, `[E, A, D]` and `[E A, 1, D]`; the end of an episode is
/// repeated for each of its agents. Agents that have to act differently on equal observations need ``AgentIndex`` in the environment.
///
///     SharedParameters(for: task.specification) { PPO(PPOConfiguration(), for: $0, seed: 1) }
public struct SharedParameters<Base: Learner>: Learner {
  public private(set) var base: Base
  private var rows: AgentsAsCopies

  /// - Parameters:
  ///   - specification: The sizes of the task with A agents.
  ///   - make: Makes the learner for the sizes that it is given: E A copies, one agent.
  public init(for specification: EnvironmentSpecification, _ make: (EnvironmentSpecification) -> Base) {
    if let objection = Self.objection(to: specification) { preconditionFailure(objection) }
    base = make(AgentsAsCopies.specification(specification))
    rows = AgentsAsCopies(specification)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    Base.objection(to: AgentsAsCopies.specification(specification))
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    base.act(observations, step: step, into: &actions)
  }

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    rows.borrow(batch)
    base.observe(observations, actions, rows.batch)
    rows.giveBack()
  }

  public mutating func learn() -> Bool { base.learn() }
  public var isWarmingUp: Bool { base.isWarmingUp }
  public var updates: Int { base.updates }
  public var diagnostics: [Diagnostic] { base.diagnostics }

  public func greedy(copies: Int) -> SharedPolicy<Base.Greedy> {
    var specification = rows.specification
    specification.copies = copies
    return SharedPolicy(base.greedy(copies: copies * specification.agents), for: specification)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("shared") { () throws(FileError) in try base.archive(in: archive) }
  }
}

/// One single-agent policy that acts for all agents of a task.
public struct SharedPolicy<Base: Policy>: Policy {
  public private(set) var base: Base
  private var rows: AgentsAsCopies
  /// The sizes of the task with A agents.
  var specification: EnvironmentSpecification { rows.specification }

  /// - Parameters:
  ///   - base: Made for E A copies of one agent.
  ///   - specification: The sizes of the task with A agents.
  public init(_ base: Base, for specification: EnvironmentSpecification) {
    self.base = base
    rows = AgentsAsCopies(specification)
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    base.act(observations, step: step, into: &actions)
  }

  public mutating func follow(_ batch: StepBatch) {
    rows.borrow(batch)
    base.follow(rows.batch)
    rows.giveBack()
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("shared") { () throws(FileError) in try base.archive(in: archive) }
  }
}

/// A step of E copies with A agents, seen as one of E A copies with one agent.
struct AgentsAsCopies: Sendable {
  let specification: EnvironmentSpecification
  private(set) var batch: StepBatch

  init(_ specification: EnvironmentSpecification) {
    self.specification = specification
    batch = StepBatch(for: Self.specification(specification))
    giveBack()
  }

  /// The sizes that a learner of one agent is made for. Metrics belong to whole copies and are left out.
  static func specification(_ whole: EnvironmentSpecification) -> EnvironmentSpecification {
    EnvironmentSpecification(
      copies: whole.copies * whole.agents, agents: 1, observationSize: whole.observationSize, states: whole.states, actions: whole.actions)
  }

  /// Takes the arrays of a step, which have the same memory, and repeats the ends of episodes.
  mutating func borrow(_ whole: StepBatch) {
    (batch.observations, batch.finalObservations, batch.rewards) = (whole.observations, whole.finalObservations, whole.rewards)
    for row in batch.terminated.indices {
      batch.terminated[row] = whole.terminated[row / specification.agents]
      batch.truncated[row] = whole.truncated[row / specification.agents]
    }
  }

  /// Lets go of the arrays: their owner writes into them next, which would copy an array that is held twice.
  mutating func giveBack() { (batch.observations, batch.finalObservations, batch.rewards) = ([], [], []) }
}
