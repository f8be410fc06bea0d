import Tensor

/// A policy that counts what it chooses: how often each agent took each alternative, over all copies and steps.
public struct ChoiceCounts<Base: Policy>: Policy {
  public private(set) var policy: Base
  /// Times that an agent took an alternative. `[A, K]`
  public private(set) var counts: [Int]
  private let agents: Int
  private let alternatives: Int

  /// - Precondition: The action is one choice.
  public init(_ policy: Base, for specification: EnvironmentSpecification) {
    precondition(specification.actions.isOneChoice, "ChoiceCounts: the action space must be one choice, it is \(specification.actions)")
    self.policy = policy
    agents = specification.agents
    alternatives = specification.actions.choices[0]
    counts = Array(repeating: 0, count: agents * alternatives)
  }

  /// The alternative that each agent took most often, the first of equals. `[A]`
  public var mostFrequent: [Int] {
    (0..<agents).map { agent in
      let own = counts[agent * alternatives..<(agent + 1) * alternatives]
      return own.indices.max { (own[$0], $1) < (own[$1], $0) }! - agent * alternatives
    }
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    policy.act(observations, step: step, into: &actions)
    for row in actions.choices.indices { counts[row % agents * alternatives + Int(actions.choices[row])] += 1 }
  }

  public mutating func follow(_ batch: StepBatch) { policy.follow(batch) }

  public mutating func archive(in archive: Archive) throws(FileError) { try policy.archive(in: archive) }
}
