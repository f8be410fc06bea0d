/// A taxi fetches a passenger at one of four stands and takes him to another: Taxi-v3 of Gymnasium (Dietterich, "Hierarchical reinforcement learning
/// with the MAXQ value function decomposition", 2000). Taxi-v4 is the same task unless rain or changes of mind are switched on.
///
/// A grid of 5 × 5 fields with three walls; the stands R, G, Y, B are at (0, 0), (0, 4), (4, 0), (4, 3).
///
/// - Observation: ((row · 5 + column) · 5 + passenger) · 4 + destination, where the passenger is at stand 0 to 3 or, 4, in the taxi. `states` = 500.
///   An episode begins in one of the 300 states with the passenger at a stand that is not the destination.
/// - Choices: 0 south, 1 north, 2 east, 3 west, 4 pick up, 5 put down.
/// - Reward: −1 a step; 20 for putting the passenger down at the destination, which terminates; −10 for picking up or putting down where that is not
///   possible. Cut off after 200 steps.
/// - Return: at best 7.93 in the mean, from 3 to 15 by the start; random choices reach about −770.
public struct Taxi: CopiedTask {
  var copies: TaskCopies<TableTask.Rule>

  /// The whole task, which can be solved exactly.
  public var table: TransitionTable { copies.frame.rule.table }

  /// - Parameters:
  ///   - copies: E
  ///   - seed: Of the starts.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  ///   - limit: Steps after which an episode is cut off.
  public init(copies: Int = 1, seed: UInt64, firstCopy: Int = 0, limit: Int? = 200) {
    self.copies = TaskCopies(TableTask.Rule(table: Self.table), copies: copies, seed: seed, firstCopy: firstCopy, limit: limit)
  }

  private static let stands = [(0, 0), (0, 4), (4, 0), (4, 3)]

  /// Whether there is a wall between a field and the next one to the east.
  private static func hasWall(_ row: Int, _ column: Int) -> Bool {
    switch column {
    case 0, 2: row >= 3
    case 1: row <= 1
    default: false
    }
  }

  private static let table = TransitionTable(
    states: 500, choices: 6, starts: (0..<500).map { $0 / 4 % 5 < 4 && $0 / 4 % 5 != $0 % 4 ? 1.0 / 300 : 0 }
  ) { state, choice in
    var (row, column, passenger) = (state / 100, state / 20 % 5, state / 4 % 5)
    let destination = state % 4
    var (reward, isOver) = (-1.0, false)
    let stand = stands.firstIndex { $0 == (row, column) }
    switch choice {
    case 0: row = min(row + 1, 4)
    case 1: row = max(row - 1, 0)
    case 2: if column < 4, !hasWall(row, column) { column += 1 }
    case 3: if column > 0, !hasWall(row, column - 1) { column -= 1 }
    case 4: if passenger < 4, stand == passenger { passenger = 4 } else { reward = -10 }
    default:
      if passenger == 4, let stand {
        (passenger, isOver) = (stand, stand == destination)
        if isOver { reward = 20 }
      } else {
        reward = -10
      }
    }
    return [
      TransitionTable.Outcome(successor: ((row * 5 + column) * 5 + passenger) * 4 + destination, reward: reward, terminates: isOver)
    ]
  }
}
