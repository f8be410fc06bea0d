import Tensor

/// One agent's rows of the arrays of a task, as a task of E copies with one agent has them.
struct AgentRows: Sendable {
  private let agent: Int
  private let agents: Int
  /// `[E, 1, D]`
  private(set) var observations: [Float]
  var actions: ActionBatch
  private(set) var batch: StepBatch

  init(agent: Int, of whole: EnvironmentSpecification) {
    self.agent = agent
    agents = whole.agents
    batch = StepBatch(for: Self.specification(whole))
    actions = ActionBatch(for: Self.specification(whole))
    observations = batch.observations
  }

  /// The sizes that a learner of one agent is made for. Metrics belong to whole copies and are left out.
  static func specification(_ whole: EnvironmentSpecification) -> EnvironmentSpecification {
    EnvironmentSpecification(
      copies: whole.copies, agents: 1, observationSize: whole.observationSize, states: whole.states, actions: whole.actions)
  }

  /// Copies the agent's rows. `[E, A, W]` to `[E, W]`
  private static func gather<Value>(_ whole: [Value], _ agent: Int, _ agents: Int, _ copies: Int, into part: inout [Value]) {
    let width = part.count / copies
    precondition(whole.count == part.count * agents, "AgentRows: \(whole.count) numbers of \(agents) agents, \(part.count) of one")
    for copy in 0..<copies {
      let from = (copy * agents + agent) * width
      for i in 0..<width { part[copy * width + i] = whole[from + i] }
    }
  }

  private static func scatter<Value>(_ part: [Value], _ agent: Int, _ agents: Int, _ copies: Int, into whole: inout [Value]) {
    let width = part.count / copies
    for copy in 0..<copies {
      let to = (copy * agents + agent) * width
      for i in 0..<width { whole[to + i] = part[copy * width + i] }
    }
  }

  private var copies: Int { batch.terminated.count }

  mutating func gather(_ whole: [Float]) { Self.gather(whole, agent, agents, copies, into: &observations) }

  mutating func gather(_ whole: ActionBatch) {
    let copies = copies
    Self.gather(whole.choices, agent, agents, copies, into: &actions.choices)
    Self.gather(whole.values, agent, agents, copies, into: &actions.values)
  }

  mutating func gather(_ whole: StepBatch) {
    let copies = copies
    Self.gather(whole.observations, agent, agents, copies, into: &batch.observations)
    Self.gather(whole.finalObservations, agent, agents, copies, into: &batch.finalObservations)
    Self.gather(whole.rewards, agent, agents, copies, into: &batch.rewards)
    for copy in 0..<copies {
      batch.terminated[copy] = whole.terminated[copy]
      batch.truncated[copy] = whole.truncated[copy]
    }
  }

  func scatter(into whole: inout ActionBatch) {
    let copies = copies
    Self.scatter(actions.choices, agent, agents, copies, into: &whole.choices)
    Self.scatter(actions.values, agent, agents, copies, into: &whole.values)
  }
}
