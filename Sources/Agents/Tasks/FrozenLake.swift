/// A walk over slippery ice to a goal past holes: FrozenLake-v1 of Gymnasium.
///
/// A map of fields: S is the start, F ice, H a hole, G the goal. On slippery ice a move goes where it was meant to with probability 1/3 and to either
/// side of that with 1/3 each; the border holds the walker back.
///
/// - Observation: the number of the field, row by row. `states` = rows · columns.
/// - Choices: 0 left, 1 down, 2 right, 3 up.
/// - Reward: 1 for reaching the goal, else 0. It terminates at the goal and in holes, and is cut off after 100 steps (4 × 4) or 200 (8 × 8).
/// - Return: the probability of success. At best 0.74419 within 100 steps (4 × 4; 14/17 without a limit) and 0.91322 within 200 (8 × 8); solved from 0.70
///   and 0.85. At γ = 0.99 and without a limit V*(start) is 0.542026 and 0.41464. Random choices reach 0.0139 and 0.0019.
public struct FrozenLake: CopiedTask {
  /// The fields, and the steps after which an episode on them is cut off.
  public struct Map: Hashable, Sendable {
    public var rows: [String]
    public var limit: Int?

    public init(rows: [String], limit: Int?) {
      self.rows = rows
      self.limit = limit
    }

    /// "4x4"
    public static let small = Map(rows: ["SFFF", "FHFH", "FFFH", "HFFG"], limit: 100)
    /// "8x8"
    public static let large = Map(
      rows: ["SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"], limit: 200)
  }

  var copies: TaskCopies<TableTask.Rule>

  /// The whole task, which can be solved exactly.
  public var table: TransitionTable { copies.frame.rule.table }

  /// - Parameters:
  ///   - map: The fields.
  ///   - isSlippery: Whether moves go astray.
  ///   - copies: E
  ///   - seed: Of the moves.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  public init(_ map: Map = .small, isSlippery: Bool = true, copies: Int = 1, seed: UInt64, firstCopy: Int = 0) {
    let rule = TableTask.Rule(table: Self.table(map, isSlippery: isSlippery))
    self.copies = TaskCopies(rule, copies: copies, seed: seed, firstCopy: firstCopy, limit: map.limit)
  }

  private static func table(_ map: Map, isSlippery: Bool) -> TransitionTable {
    let fields = map.rows.map { Array($0.utf8) }
    let (rows, columns) = (fields.count, fields.first?.count ?? 0)
    let letters = Array(fields.joined())
    let starts = letters.count { $0 == UInt8(ascii: "S") }
    precondition(
      letters.count == rows * columns && fields.allSatisfy { $0.count == columns } && starts > 0,
      "FrozenLake: a map needs rows of one length and a start: \(map.rows)")

    func isEnd(_ field: Int) -> Bool { letters[field] == UInt8(ascii: "H") || letters[field] == UInt8(ascii: "G") }
    func move(_ field: Int, _ direction: Int) -> Int {
      let (row, column) = (field / columns, field % columns)
      switch direction {
      case 0: return row * columns + max(column - 1, 0)
      case 1: return min(row + 1, rows - 1) * columns + column
      case 2: return row * columns + min(column + 1, columns - 1)
      default: return max(row - 1, 0) * columns + column
      }
    }
    return TransitionTable(
      states: letters.count, choices: 4, starts: letters.map { $0 == UInt8(ascii: "S") ? 1 / Double(starts) : 0 }
    ) { field, choice in
      if isEnd(field) { return [TransitionTable.Outcome(successor: field, reward: 0, terminates: true)] }
      let directions = isSlippery ? [(choice + 3) % 4, choice, (choice + 1) % 4] : [choice]
      return directions.map { direction in
        let next = move(field, direction)
        return TransitionTable.Outcome(
          probability: 1 / Double(directions.count), successor: next, reward: letters[next] == UInt8(ascii: "G") ? 1 : 0, terminates: isEnd(next))
      }
    }
  }
}
