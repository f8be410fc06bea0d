import Tensor

/// Chooses actions from observations.
public protocol Policy: Archivable, Sendable {
  /// Writes the actions of all agents of all copies.
  ///
  /// - Parameters:
  ///   - observations: `[E, A, D]`
  ///   - step: The number of the step, which names the random numbers that may be used.
  ///   - actions: Receives every element.
  mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch)

  /// Takes note of what followed: a policy with a memory forgets where an episode ended. Others do nothing.
  mutating func follow(_ batch: StepBatch)
}

extension Policy {
  public mutating func follow(_ batch: StepBatch) {}
}

/// A number that tells how learning goes: a loss, an entropy.
public struct Diagnostic: Hashable, Sendable {
  public var name: String
  public var value: Double

  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// A policy that improves itself from what it experiences.
///
/// One step of training is `act`, the environment's step, `observe`, `learn`; ``Trainer`` does it. `observe` also does what `follow` would.
public protocol Learner: Policy {
  /// What the learner would do without exploration, as a policy of its own.
  associatedtype Greedy: Policy

  /// Why the algorithm cannot learn in an environment with these sizes and spaces, in one sentence that says what would fit; nil if it can.
  static func objection(to specification: EnvironmentSpecification) -> String?

  /// Takes in one step of all copies.
  ///
  /// - Parameters:
  ///   - observations: What was acted on. `[E, A, D]`
  ///   - actions: What was done.
  ///   - batch: What followed.
  mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch)

  /// Learns from what was taken in so far, if it is time to.
  ///
  /// - Returns: Whether parameters changed.
  mutating func learn() -> Bool

  /// Whether the experience so far still comes from the random phase.
  var isWarmingUp: Bool { get }

  /// Updates of parameters made so far.
  var updates: Int { get }

  /// A snapshot of what was learned, which acts without exploration.
  ///
  /// - Parameter copies: E, the copies that act together.
  func greedy(copies: Int) -> Greedy

  /// How the last update went; empty before the first.
  var diagnostics: [Diagnostic] { get }
}

extension Learner {
  public var isWarmingUp: Bool { false }
  public var diagnostics: [Diagnostic] { [] }
}

/// Chooses every action with equal probability, and every continuous value uniformly in its range.
public struct RandomPolicy: Policy {
  let space: ActionSpace
  let copies: Int
  let agents: Int
  let seed: UInt64

  public init(for specification: EnvironmentSpecification, seed: UInt64) {
    space = specification.actions
    copies = specification.copies
    agents = specification.agents
    self.seed = seed
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    if space.bounds.isEmpty, space.choices.count == 1 {
      var choices = actions.choices.mutableSpan
      for copy in 0..<copies {
        var mine = choices._mutatingExtracting(copy * agents..<(copy + 1) * agents)
        RandomStream(seed: seed, purpose: .exploration, index: copy).fillIntegers(&mine, below: space.choices[0], step: step)
      }
      return
    }
    for copy in 0..<copies {
      var generator = RandomStream(seed: seed, purpose: .exploration, index: copy).generator(step: step)
      for agent in 0..<agents {
        let row = copy * agents + agent
        for (component, count) in space.choices.enumerated() {
          actions.choices[row * space.choices.count + component] = Int32(generator.integer(below: count))
        }
        for (component, range) in space.bounds.enumerated() {
          let value = generator.uniform(Double(range.lowerBound), Double(range.upperBound))
          actions.values[row * space.bounds.count + component] = Float(value)
        }
      }
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {}
}

/// Repeats one choice for each agent whatever it observes: a fixed allocation.
public struct FixedPolicy: Policy {
  /// One discrete choice an agent. `[A]`
  public private(set) var choices: [Int32]
  private let alternatives: Int

  /// - Parameters:
  ///   - choices: One discrete choice an agent. `[A]`
  ///   - alternatives: The number of alternatives that a saved policy may choose among.
  public init(_ choices: [Int32], of alternatives: Int = Int(Int32.max)) {
    self.choices = choices
    self.alternatives = alternatives
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    for row in 0..<actions.choices.count { actions.choices[row] = choices[row % choices.count] }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("choices", &choices)
    guard choices.allSatisfy({ $0 >= 0 && $0 < alternatives }) else { throw archive.failure("a choice of the policy is none of \(alternatives)") }
  }
}
