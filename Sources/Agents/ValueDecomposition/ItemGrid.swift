import Tensor

/// A form of observation and action for networks that treat parts of an agent alike: a grid of items, each with features of its own and one action.
///
/// One small network computes the action of every item from its features; another gives each item a value, of which an agent's is the mean. A
/// permutation of rows or columns permutes the actions and leaves the value, if the features follow it too (as means over rows and columns do).
public struct ItemGrid: Hashable, Sendable {
  public var rows: Int
  public var columns: Int
  /// Numbers of each item.
  public var features: Int

  public init(rows: Int, columns: Int, features: Int) {
    precondition(rows > 0 && columns > 0 && features > 0, "ItemGrid: [\(features), \(rows), \(columns)]")
    self.rows = rows
    self.columns = columns
    self.features = features
  }

  /// Items, which is the number of components of an action. `[rows, columns]`
  public var count: Int { rows * columns }
  /// Numbers of an observation, feature after feature. `[features, rows, columns]`
  public var observationSize: Int { features * count }

  /// What the critic sees of the actions at each item: its own, and the means over its row, its column, and all.
  static let actionFeatures = 4

  /// - Parameter actions: `[N, rows · columns]`
  /// - Returns: `[N · rows · columns, 4]`
  func actionFeatures(of actions: Variable) -> Variable {
    let batch = actions.shape[0]
    let full = Shape.matrix(rows, columns).inserting(batch, at: 0)
    let column = Shape.matrix(batch * count, 1)
    let grid = actions.reshaped(full)
    let overColumns = grid.mean(along: 2, keepingAxis: true)
    let overRows = grid.mean(along: 1, keepingAxis: true)
    let overAll = overColumns.mean(along: 1, keepingAxis: true)
    func placed(_ values: Variable, _ index: Int) -> Variable {
      values.reshaped(column).padded(before: index, behind: ItemGrid.actionFeatures - 1 - index, along: 1)
    }
    return placed(grid, 0) + placed(overColumns.broadcast(to: full), 1) + placed(overRows.broadcast(to: full), 2)
      + placed(overAll.broadcast(to: full), 3)
  }
}
