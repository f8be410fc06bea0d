/// A walk along a cliff: CliffWalking-v1 of Gymnasium (Sutton and Barto, "Reinforcement Learning", 2018, example 6.6).
///
/// A grid of 4 × 12 fields. The start is the lower left corner, the goal the lower right one, and the fields between them are the cliff: who steps there
/// is back at the start. The border holds the walker back.
///
/// - Observation: the number of the field, row by row. `states` = 48.
/// - Choices: 0 up, 1 right, 2 down, 3 left.
/// - Reward: −1 a step, −100 for one into the cliff, which does not end the episode. It terminates at the goal; Gymnasium sets no limit.
/// - Return: at best −13, right along the cliff; −17 on the safest way; random choices get −65,375 in the mean.
public struct CliffWalking: CopiedTask {
  var copies: TaskCopies<TableTask.Rule>

  /// The whole task, which can be solved exactly.
  public var table: TransitionTable { copies.frame.rule.table }

  /// - Parameters:
  ///   - isSlippery: Whether a move goes to either side of where it was meant to with probability 1/3 each.
  ///   - copies: E
  ///   - seed: Of the moves, where they are random.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  ///   - limit: Steps after which an episode is cut off; nil for never.
  public init(isSlippery: Bool = false, copies: Int = 1, seed: UInt64, firstCopy: Int = 0, limit: Int? = nil) {
    let rule = TableTask.Rule(table: Self.table(isSlippery: isSlippery))
    self.copies = TaskCopies(rule, copies: copies, seed: seed, firstCopy: firstCopy, limit: limit)
  }

  private static func table(isSlippery: Bool) -> TransitionTable {
    let (rows, columns) = (4, 12)
    let (start, goal) = ((rows - 1) * columns, rows * columns - 1)
    let moves = [(-1, 0), (0, 1), (1, 0), (0, -1)]
    return TransitionTable(
      states: rows * columns, choices: 4, starts: (0..<rows * columns).map { $0 == start ? 1 : 0 }
    ) { field, choice in
      let directions = isSlippery ? [(choice + 3) % 4, choice, (choice + 1) % 4] : [choice]
      return directions.map { direction in
        let row = min(max(field / columns + moves[direction].0, 0), rows - 1)
        let column = min(max(field % columns + moves[direction].1, 0), columns - 1)
        let next = row * columns + column
        let falls = next > start && next < goal
        return TransitionTable.Outcome(
          probability: 1 / Double(directions.count), successor: falls ? start : next, reward: falls ? -100 : -1, terminates: next == goal)
      }
    }
  }
}
