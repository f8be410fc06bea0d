import Tensor

/// What each agent may do in one step: any number of discrete choices and any number of bounded continuous values.
///
/// Only `choices`: a discrete space. Only `bounds`: a continuous one. Both: a hybrid one.
public struct ActionSpace: Hashable, Sendable {
  /// The number of alternatives of each discrete component.
  public var choices: [Int]
  /// The range of each continuous component.
  public var bounds: [ClosedRange<Float>]

  public init(choices: [Int] = [], bounds: [ClosedRange<Float>] = []) {
    self.choices = choices
    self.bounds = bounds
  }

  /// One choice among `count` alternatives.
  public static func discrete(_ count: Int) -> ActionSpace { ActionSpace(choices: [count]) }

  /// Continuous components with one range each.
  public static func continuous(_ bounds: ClosedRange<Float>...) -> ActionSpace { ActionSpace(bounds: bounds) }

  /// Whether it is one choice and nothing else.
  public var isOneChoice: Bool { choices.count == 1 && bounds.isEmpty }

  /// Whether it has continuous components and nothing else.
  public var isContinuous: Bool { choices.isEmpty && !bounds.isEmpty }
}

extension ActionSpace: CustomStringConvertible {
  /// In words, for messages: "one choice of 5, 2 numbers in -1.0...1.0".
  public var description: String {
    var parts = choices.isEmpty ? [] : [choices.count == 1 ? "one choice of \(choices[0])" : "choices of \(choices)"]
    if let first = bounds.first {
      let ranges = bounds.allSatisfy { $0 == first } ? "\(first)" : "\(bounds)"
      parts.append("\(bounds.count) \(bounds.count == 1 ? "number" : "numbers") in \(ranges)")
    }
    return parts.isEmpty ? "nothing to do" : parts.joined(separator: ", ")
  }
}

/// The sizes that an environment and its users agree on.
public struct EnvironmentSpecification: Hashable, Sendable {
  /// Parallel copies that step together: E.
  public var copies: Int
  /// Agents in each copy: A.
  public var agents: Int
  /// Numbers in the observation of one agent: D.
  public var observationSize: Int
  /// The number of states when an observation is one whole number below it (then D = 1), as tables need; nil otherwise.
  public var states: Int?
  /// The action space of every agent.
  public var actions: ActionSpace
  /// Names of the quantities that every step reports for each copy.
  public var metrics: [String]

  public init(copies: Int, agents: Int, observationSize: Int, states: Int? = nil, actions: ActionSpace, metrics: [String] = []) {
    self.copies = copies
    self.agents = agents
    self.observationSize = observationSize
    self.states = states
    self.actions = actions
    self.metrics = metrics
  }
}

/// The actions of all agents of all copies, owned by the caller.
public struct ActionBatch: Sendable {
  /// Chosen alternatives. `[E, A, discrete components]`
  public var choices: [Int32]
  /// Continuous values. `[E, A, continuous components]`
  public var values: [Float]

  public init(for specification: EnvironmentSpecification) {
    let rows = specification.copies * specification.agents
    choices = Array(repeating: 0, count: rows * specification.actions.choices.count)
    values = Array(repeating: 0, count: rows * specification.actions.bounds.count)
  }
}

/// What a step of all copies returns, in memory that the caller owns and reuses.
public struct StepBatch: Sendable {
  /// What to act on next; after the end of an episode already the first observation of the new one. `[E, A, D]`
  public var observations: [Float]
  /// The true successor of the last state, also at the end of an episode. `[E, A, D]`
  public var finalObservations: [Float]
  /// `[E, A]`
  public var rewards: [Float]
  /// The task itself ended: nothing follows. `[E]`
  public var terminated: [Bool]
  /// The episode was cut off: the successor state has a value. `[E]`
  public var truncated: [Bool]
  /// In the order of `EnvironmentSpecification.metrics`. `[E, metrics]`
  public var metrics: [Float]

  public init(for specification: EnvironmentSpecification) {
    let rows = specification.copies * specification.agents
    observations = Array(repeating: 0, count: rows * specification.observationSize)
    finalObservations = observations
    rewards = Array(repeating: 0, count: rows)
    terminated = Array(repeating: false, count: specification.copies)
    truncated = terminated
    metrics = Array(repeating: 0, count: specification.copies * specification.metrics.count)
  }
}

/// E copies of a task for A agents that step together and write into the caller's memory.
///
/// An environment is a value: its whole state is saved by `archive(in:)`, its randomness comes from counter-based streams,
/// and E copies give bit for bit what E single environments with the same stream indices give.
public protocol Environment: Archivable, Sendable {
  var specification: EnvironmentSpecification { get }

  /// Starts a new episode in every copy and writes the first `observations`.
  mutating func reset(into batch: inout StepBatch)

  /// Advances every copy by one step and fills the whole of `batch`.
  ///
  /// A copy whose episode ends starts the next one by itself: `observations` then holds the new first observation and
  /// `finalObservations` the successor that belongs to the action.
  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch)
}
