import Tensor

/// What A agents with K choices each are paid together, for every joint choice.
public struct JointPayoff: Hashable, Sendable {
  /// A
  public let agents: Int
  /// K
  public let choices: Int
  /// The payoffs, the choice of agent 0 slowest. `[K, …, K]` with A axes
  public let values: [Float]

  /// - Precondition: There are Kᴬ values, A ≥ 2.
  public init(agents: Int, choices: Int, values: [Float]) {
    precondition(agents >= 2 && choices >= 1, "JointPayoff: \(agents) agents with \(choices) choices")
    var count = 1
    for _ in 0..<agents { count *= choices }
    precondition(values.count == count, "JointPayoff: \(values.count) values for \(agents) agents with \(choices) choices each")
    self.agents = agents
    self.choices = choices
    self.values = values
  }

  /// The payoff of two agents: agent 0 chooses the row, agent 1 the column.
  public init(_ rows: [[Float]]) {
    precondition(rows.allSatisfy { $0.count == rows.count }, "JointPayoff: a square matrix, got rows of \(rows.map(\.count))")
    self.init(agents: 2, choices: rows.count, values: rows.flatMap { $0 })
  }

  /// The climbing game: the optimum 11 at (0, 0) lies beside the heaviest penalties.
  ///
  /// C. Claus and C. Boutilier, "The dynamics of reinforcement learning in cooperative multiagent systems", AAAI 1998.
  public static let climbing = JointPayoff([[11, -30, 0], [-30, 7, 6], [0, 0, 5]])

  /// The penalty game: two optima 10 that punish a mixture of both by k ≤ 0, and a safe 2 at (1, 1).
  ///
  /// C. Claus and C. Boutilier, "The dynamics of reinforcement learning in cooperative multiagent systems", AAAI 1998.
  public static func penalty(k: Float) -> JointPayoff { JointPayoff([[k, 0, 10], [0, 2, 0], [10, 0, k]]) }

  /// The payoff of a joint choice.
  ///
  /// - Parameters:
  ///   - choices: One an agent, from `start` on.
  func value(_ choices: Span<Int32>, at start: Int) -> Float {
    var place = 0
    for agent in 0..<agents {
      let choice = Int(choices[start + agent])
      precondition(choice >= 0 && choice < self.choices, "MatrixGame: choice \(choice) of \(self.choices)")
      place = place * self.choices + choice
    }
    return values[place]
  }
}

/// Agents choose once, at the same time, and share the payoff of their joint choice. Every step is an episode, which terminates.
///
/// There is one state. Networks see it as the number 1; tables see it as state 0 of 1.
public struct MatrixGame: Environment {
  public let payoff: JointPayoff
  public let specification: EnvironmentSpecification
  private let observation: Float

  /// - Parameters:
  ///   - payoff: What each joint choice pays, and with it A and K.
  ///   - copies: E
  ///   - numbered: Whether the observation is the number of the state, as tables need it, rather than a one.
  public init(_ payoff: JointPayoff, copies: Int = 1, numbered: Bool = false) {
    self.payoff = payoff
    observation = numbered ? 0 : 1
    specification = EnvironmentSpecification(
      copies: copies, agents: payoff.agents, observationSize: 1, states: numbered ? 1 : nil, actions: .discrete(payoff.choices),
      metrics: ["payoff"])
  }

  public mutating func reset(into batch: inout StepBatch) {
    for row in batch.observations.indices { batch.observations[row] = observation }
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for copy in 0..<specification.copies {
      let value = payoff.value(actions.choices.span, at: copy * payoff.agents)
      for row in (copy * payoff.agents)..<((copy + 1) * payoff.agents) {
        batch.rewards[row] = value
        batch.observations[row] = observation
        batch.finalObservations[row] = observation
      }
      batch.metrics[copy] = value
      (batch.terminated[copy], batch.truncated[copy]) = (true, false)
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {}
}
