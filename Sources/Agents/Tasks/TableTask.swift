import Tensor

/// Any ``TransitionTable`` as an environment for one agent.
///
/// - Observation: the number of the state, D = 1, with `states` = S. Networks need it one-hot.
/// - Choices: the table's.
public struct TableTask: CopiedTask {
  var copies: TaskCopies<Rule>

  /// The whole task, which can be solved exactly.
  public var table: TransitionTable { copies.frame.rule.table }

  /// - Parameters:
  ///   - table: The task.
  ///   - copies: E
  ///   - seed: Of starts and outcomes.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  ///   - limit: Steps after which an episode is cut off; nil for never.
  public init(_ table: TransitionTable, copies: Int = 1, seed: UInt64, firstCopy: Int = 0, limit: Int? = nil) {
    self.copies = TaskCopies(Rule(table: table), copies: copies, seed: seed, firstCopy: firstCopy, limit: limit)
  }

  /// The state is its number.
  struct Rule: TaskRule {
    let table: TransitionTable

    var observationSize: Int { 1 }
    var states: Int? { table.states }
    var actions: ActionSpace { .discrete(table.choices) }

    func start(_ generator: inout Philox) -> State { State(Double(table.start(at: generator.uniform())), 0, 0, 0) }

    func advance(
      _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
    ) -> (reward: Float, terminated: Bool) {
      let choice = Int(choices[0])
      precondition(choice >= 0 && choice < table.choices, "TableTask.step: the choice \(choice) of \(table.choices)")
      let outcome = table.outcome(Int(state.x), choice, from: &generator)
      state.x = Double(outcome.successor)
      return (Float(outcome.reward), outcome.terminates)
    }

    func observe(_ state: State, into observation: inout MutableSpan<Float>) { observation[0] = Float(state.x) }

    func isPossible(_ state: State) -> Bool { state.x.isAmong(table.states) }
  }
}
