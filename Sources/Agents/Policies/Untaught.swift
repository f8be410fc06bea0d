import Tensor

/// A policy in a learner's place: it acts as it always does and learns nothing. For yardsticks, which then go through the same course as learners.
public struct Untaught<Base: Policy>: Learner {
  public private(set) var policy: Base

  public init(_ policy: Base) { self.policy = policy }

  public static func objection(to specification: EnvironmentSpecification) -> String? { nil }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    policy.act(observations, step: step, into: &actions)
  }

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) { policy.follow(batch) }

  public mutating func learn() -> Bool { false }

  public var updates: Int { 0 }

  /// The policy itself, which must be one for any number of copies (as ``FixedPolicy`` is) or for just as many.
  public func greedy(copies: Int) -> Base { policy }

  public mutating func archive(in archive: Archive) throws(FileError) { try policy.archive(in: archive) }
}
