import Tensor

/// Sarsa with a table: learns the values of what it does, exploration included.
///
/// G. A. Rummery and M. Niranjan, "On-line Q-learning using connectionist systems", 1994; Sutton and Barto, "Reinforcement Learning", 2018, sections 6.4
/// and 6.6. After the choice k in the state s with reward r and successor s', in which k' is what is done next:
///
///     Q(s, k) ← Q(s, k) + α (r + γ Q(s', k') − Q(s, k))
///
/// and, expected, with Σ_k' π(k' | s') Q(s', k') of the ε-greedy policy π in place of Q(s', k').
///
/// Implementation details:
/// 1. k' is the action that is really taken: the update of a step waits for the next one, whose choice was made before it, as in the book.
/// 2. Where no action follows, because the task ended, the target is r; where none follows because the episode was cut off, or because the environment
///    was reset in between, Q(s', k') becomes its expectation under the ε-greedy policy.
/// 3. E copies share one table, which is updated in the order of copies. Rates, schedules and random numbers are those of ``QLearning``.
public struct SARSA: Learner {
  /// What stands for the value of the successor.
  public enum Target: Hashable, Sendable {
    /// The value of the next action.
    case taken
    /// The expectation over next actions, which has no noise of the choice: expected Sarsa (van Seijen et al. 2009).
    case expected
  }

  public let configuration: TabularConfiguration
  public let target: Target
  let specification: EnvironmentSpecification
  let seed: UInt64
  private var table: ActionValueTable
  /// Steps of all copies taken in so far.
  private var steps = 0
  private var hasNews = false
  /// What each copy did last, and what came of it; the state is −1 where nothing waits. `[E]`
  private var waiting: (states: [Int32], choices: [Int32], rewards: [Double], successors: [Int32])

  public init(
    _ configuration: TabularConfiguration = .init(), target: Target = .taken, for specification: EnvironmentSpecification, seed: UInt64
  ) {
    if let objection = SARSA.objection(to: specification) { preconditionFailure(objection) }
    if let objection = configuration.objection { preconditionFailure("SARSA: \(objection)") }
    self.configuration = configuration
    self.target = target
    self.specification = specification
    self.seed = seed
    table = ActionValueTable(configuration, for: specification)
    let none = [Int32](repeating: -1, count: specification.copies)
    let zeros = [Int32](repeating: 0, count: specification.copies)
    waiting = (none, zeros, [Double](repeating: 0, count: specification.copies), zeros)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    ActionValueTable.objection(to: specification, "SARSA")
  }

  /// Q. `[S, K]`
  public var actionValues: [Double] { table.values }

  /// ε of the next step.
  public var explorationRate: Double { configuration.exploration.value(at: transitions) }

  public var updates: Int { table.updates }

  private var transitions: Int { steps * specification.copies }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    let rate = explorationRate
    for copy in 0..<specification.copies {
      var generator = RandomStream(seed: seed, purpose: .exploration, index: copy).generator(step: step)
      actions.choices[copy] = table.choose(table.state(observations[copy]), explorationRate: rate, &generator)
    }
  }

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    let rate = explorationRate
    for copy in 0..<specification.copies {
      let (state, choice) = (table.state(observations[copy]), Int(actions.choices[copy]))
      if waiting.states[copy] >= 0 {
        // The value of the action that followed, unless another episode did.
        let isNext = Int(waiting.successors[copy]) == state
        finish(copy, isNext ? table.values[state * table.choices + choice] : table.expected(Int(waiting.successors[copy]), explorationRate: rate))
      }
      let successor = table.state(batch.finalObservations[copy])
      waiting.states[copy] = Int32(state)
      waiting.choices[copy] = Int32(choice)
      waiting.rewards[copy] = Double(batch.rewards[copy])
      waiting.successors[copy] = Int32(successor)
      if batch.terminated[copy] {
        finish(copy, 0)
      } else if batch.truncated[copy] || target == .expected {
        finish(copy, table.expected(successor, explorationRate: rate))
      }
    }
    steps += 1
  }

  /// Makes the update that waits, now that the value of the successor is known.
  private mutating func finish(_ copy: Int, _ value: Double) {
    table.move(
      Int(waiting.states[copy]), Int(waiting.choices[copy]), to: waiting.rewards[copy] + configuration.discount * value, transitions: transitions)
    waiting.states[copy] = -1
    hasNews = true
  }

  public mutating func learn() -> Bool {
    defer { hasNews = false }
    return hasNews
  }

  /// The best choice in each state, the first of equals.
  public func greedy(copies: Int) -> TablePolicy { TablePolicy(table.bestChoices, of: table.choices) }

  public var diagnostics: [Diagnostic] {
    updates == 0 ? [] : [Diagnostic("temporal-difference error", table.lastError), Diagnostic("exploration rate", explorationRate)]
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("steps", &steps)
    try archive.value("hasNews", &hasNews)
    try archive.group("table") { () throws(FileError) in try table.archive(in: archive) }
    try archive.array("waitingStates", &waiting.states)
    try archive.array("waitingChoices", &waiting.choices)
    try archive.array("waitingRewards", &waiting.rewards)
    try archive.array("waitingSuccessors", &waiting.successors)
    guard (0...(1 << 60) / specification.copies).contains(steps) else { throw archive.failure("the learner's counter is out of range") }
    guard waiting.states.allSatisfy({ $0 >= -1 && $0 < table.states }), waiting.successors.allSatisfy({ $0 >= 0 && $0 < table.states }),
      waiting.choices.allSatisfy({ $0 >= 0 && $0 < table.choices })
    else { throw archive.failure("a transition that waits names a state or choice that there is not") }
  }
}
