/// A quantity of a network of cells: one value for all, one for each cell, or one for each user of each cell.
public struct PerCell<Value: Hashable & Sendable>: Hashable, Sendable {
  /// One value, M, or M N in the order of the cells.
  public private(set) var values: [Value]

  /// The same for everybody.
  public init(_ value: Value) { values = [value] }

  /// One value for each cell, or for each user of each cell, with N places for every cell.
  public init(each values: [Value]) {
    precondition(!values.isEmpty, "PerCell: needs at least one value")
    self.values = values
  }

  /// The value that everybody has; the first one where they differ. Setting it makes all alike.
  public var uniform: Value {
    get { values[0] }
    set { values = [newValue] }
  }

  /// Whether there is a value for everybody.
  public func fits(cells: Int, users: Int) -> Bool { [1, cells, cells * users].contains(values.count) }

  /// The value of each user. `[M, N]`
  ///
  /// - Precondition: ``fits(cells:users:)``.
  public func expanded(cells: Int, users: Int) -> [Value] {
    precondition(fits(cells: cells, users: users), "PerCell: \(values.count) values for \(cells) cells of \(users) users")
    if values.count == cells * users { return values }
    return (0..<cells * users).map { values[values.count == 1 ? 0 : $0 / users] }
  }
}
