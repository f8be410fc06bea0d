import Tensor

/// A policy in a learner's place: it acts as it always does and learns nothing. For yardsticks, which then go through the same course as learners.
public struct Untaught<Base: Policy>: Learner {
  public private(set) var policy: Base
  private let forCopies: @Sendable (_ copies: Int) -> Base

  /// - Parameters:
  ///   - policy: What acts in the place of a learner.
  ///   - forCopies: The same policy for any number of copies.
  public init(_ policy: Base, forCopies: @escaping @Sendable (_ copies: Int) -> Base) {
    self.policy = policy
    self.forCopies = forCopies
  }

  /// A policy that serves any number of copies as it is, such as ``FixedPolicy``.
  public init(_ policy: Base) { self.init(policy) { _ in policy } }

  public static func objection(to specification: EnvironmentSpecification) -> String? { nil }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    policy.act(observations, step: step, into: &actions)
  }

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) { policy.follow(batch) }

  public mutating func learn() -> Bool { false }

  public var updates: Int { 0 }

  public func greedy(copies: Int) -> Base { forCopies(copies) }

  public mutating func archive(in archive: Archive) throws(FileError) { try policy.archive(in: archive) }
}
