import Tensor

/// Five tasks so small that a failure names its cause, for several agents that must not be mixed up.
///
/// After A. Jones, "Debugging reinforcement learning systems" (2021), https://andyljones.com/posts/rl-debugging.html. The signs σ of the
/// agents alternate: + for agents 0, 2, …, − for the others. Agent a is paid σ_a s, where s comes from what agent b sees (o) and does (k): b = a
/// for a task of one's own, b = a + 1 (mod A) for a task of the other's, which only a critic that sees all agents can foretell.
public enum AgentProbeKind: Int, Sendable, CaseIterable {
  /// One choice, o = 0, one step: s = 1. A failure lies in the value's loss or optimiser.
  case constant = 1
  /// One choice, o = ±1, one step: s = o. The gradient through the network.
  case observation = 2
  /// One choice, o = 0 then 1, two steps: s = 0 then 1. The discount.
  case discount = 3
  /// Two choices, o = 0, one step: s = −1 for k = 0, 1 for k = 1. The advantage and the policy's update.
  case advantage = 4
  /// Two choices, o = ±1, one step: s = −o for k = 0, o for k = 1. That policy and value see the same numbers.
  case coupling = 5
}

/// A probe of ``AgentProbeKind``: every agent sees one number. Episodes terminate.
public struct AgentProbe: Environment {
  public let kind: AgentProbeKind
  /// Whether an agent is paid by what the next agent sees and does.
  public let paidByOther: Bool
  public let specification: EnvironmentSpecification
  private let seed: UInt64
  private let firstCopy: Int
  /// What the agents see. `[E, A]`
  private var seen: [Float]
  /// Steps taken so far, which name the random numbers.
  private var draws = 0

  /// - Parameters:
  ///   - kind: Which of the five tasks.
  ///   - paidByOther: Whether an agent is paid by what the next agent sees and does.
  ///   - agents: A
  ///   - copies: E
  ///   - seed: Of the observations ±1, which are equally likely.
  ///   - firstCopy: The number of the first copy: copy c draws from stream firstCopy + c.
  public init(_ kind: AgentProbeKind, paidByOther: Bool = false, agents: Int = 2, copies: Int = 1, seed: UInt64, firstCopy: Int = 0) {
    precondition(agents >= 1 && copies >= 1, "AgentProbe: \(agents) agents, \(copies) copies")
    self.kind = kind
    self.paidByOther = paidByOther
    self.seed = seed
    self.firstCopy = firstCopy
    specification = EnvironmentSpecification(
      copies: copies, agents: agents, observationSize: 1, actions: .discrete(kind.rawValue < 4 ? 1 : 2), metrics: ["reward"])
    seen = Array(repeating: 0, count: copies * agents)
  }

  /// What agent a is paid when the agents of a copy see o and choose k: also the exact value of its last step.
  ///
  /// - Parameters:
  ///   - agent: a
  ///   - observations: `[A]`
  ///   - choices: `[A]`
  public func reward(agent: Int, observations: [Float], choices: [Int32]) -> Float {
    let source = paidByOther ? (agent + 1) % specification.agents : agent
    return pay(agent, sees: observations[source], does: choices[source])
  }

  private func pay(_ agent: Int, sees observation: Float, does choice: Int32) -> Float {
    let amount: Float =
      switch kind {
      case .constant: 1
      case .observation, .discount: observation
      case .advantage: choice == 1 ? 1 : -1
      case .coupling: choice == 1 ? observation : -observation
      }
    return agent % 2 == 0 ? amount : -amount
  }

  /// The best that an agent can do for itself where it is paid by what it does itself.
  ///
  /// - Precondition: The agent has a choice.
  public func bestChoice(agent: Int, observation: Float) -> Int32 {
    precondition(!paidByOther && kind.rawValue >= 4, "AgentProbe.bestChoice: the probe \(kind) leaves nothing to choose")
    return pay(agent, sees: observation, does: 1) > 0 ? 1 : 0
  }

  /// Draws what the agents of one copy see at the start of an episode.
  private mutating func begin(_ copy: Int) {
    let agents = specification.agents
    var generator = RandomStream(seed: seed, purpose: .environment, index: firstCopy + copy).generator(step: draws)
    for row in (copy * agents)..<((copy + 1) * agents) {
      seen[row] = kind == .observation || kind == .coupling ? (generator.integer(below: 2) == 1 ? 1 : -1) : 0
    }
  }

  public mutating func reset(into batch: inout StepBatch) {
    for copy in 0..<specification.copies { begin(copy) }
    draws &+= 1
    for row in seen.indices { batch.observations[row] = seen[row] }
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    let agents = specification.agents
    for copy in 0..<specification.copies {
      let base = copy * agents
      // In the second step of the discount all see a one and are paid; in its first they are paid nothing.
      let ends = kind != .discount || seen[base] == 1
      var sum: Float = 0
      for agent in 0..<agents {
        let source = base + (paidByOther ? (agent + 1) % agents : agent)
        let reward = pay(agent, sees: seen[source], does: actions.choices[source])
        batch.rewards[base + agent] = reward
        sum += reward
      }
      batch.metrics[copy] = sum / Float(agents)
      (batch.terminated[copy], batch.truncated[copy]) = (ends, false)
      for row in base..<(base + agents) { batch.finalObservations[row] = ends ? seen[row] : 1 }
      if ends { begin(copy) } else { for row in base..<(base + agents) { seen[row] = 1 } }
      for row in base..<(base + agents) { batch.observations[row] = seen[row] }
    }
    draws &+= 1
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("draws", &draws)
    try archive.array("seen", &seen)
    guard draws >= 0, seen.allSatisfy({ $0 == 0 || $0 == 1 || $0 == -1 }) else {
      throw archive.failure("the state of a probe is out of range")
    }
  }
}
