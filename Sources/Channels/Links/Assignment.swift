/// The best one-to-one assignment of rows to columns: users to channels, each with a weight for every pair.
///
/// max Σ_i w_{i, c(i)} over all c that give different columns to different rows; with more rows than columns the best choice of rows gets one.
/// Shortest augmenting paths with dual prices of the columns (Kuhn 1955; Jonker and Volgenant 1987). Of columns at the same distance the first is
/// taken, so that ties always end alike. The memory is made once; an assignment allocates nothing.
public struct Assignment: Sendable {
  /// The longer side that there is room for.
  private let room: Int
  /// The dual price of each column.
  private var prices: [Double]
  /// The length of the shortest path to each column, and the line it comes from.
  private var distances: [Double]
  private var origins: [Int32]
  private var isFinal: [Bool]
  /// Who has whom; −1 for nobody.
  private var lineOfColumn: [Int32]
  private var columnOfLine: [Int32]

  /// - Parameters:
  ///   - rows: The most rows of an assignment.
  ///   - columns: The most columns.
  public init(rows: Int, columns: Int) {
    precondition(rows > 0 && columns > 0, "Assignment: needs rows and columns, got \(rows) x \(columns)")
    room = max(rows, columns)
    prices = Array(repeating: 0, count: room)
    distances = prices
    origins = Array(repeating: -1, count: room)
    isFinal = Array(repeating: false, count: room)
    lineOfColumn = origins
    columnOfLine = origins
  }

  /// Assigns columns to rows so that the sum of weights is greatest.
  ///
  /// - Parameters:
  ///   - weights: Finite numbers, row by row. `[rows, columns]`
  ///   - rows: The number of rows, at most the longer side that room was made for.
  ///   - columns: The number of columns, from one up to the same.
  ///   - chosen: Receives the column of each row, −1 for a row that gets none; places behind are left alone. `[rows]`
  /// - Complexity: O(s² l) with s the shorter and l the longer side.
  public mutating func maximize(_ weights: [Float], rows: Int, columns: Int, into chosen: inout [Int32]) {
    precondition(
      rows >= 0 && columns > 0 && max(rows, columns) <= room && weights.count >= rows * columns && chosen.count >= rows,
      "Assignment.maximize: \(rows) x \(columns) of \(weights.count) weights into \(chosen.count), room for sides of \(room)")
    let weights = weights.span
    let isWide = rows <= columns
    let (lines, width) = isWide ? (rows, columns) : (columns, rows)
    let (lineStride, columnStride) = isWide ? (columns, 1) : (1, columns)
    for column in 0..<width { (prices[column], lineOfColumn[column]) = (0, -1) }
    for line in 0..<lines {
      let end = search(weights, from: line, width, lineStride, columnStride)
      augment(from: line, to: end)
    }
    for row in 0..<rows { chosen[row] = isWide ? columnOfLine[row] : lineOfColumn[row] }
  }

  /// The free column that is nearest to a line over alternating paths; prices are brought up to date.
  private mutating func search(_ weights: Span<Float>, from line: Int, _ width: Int, _ lineStride: Int, _ columnStride: Int) -> Int {
    for column in 0..<width {
      distances[column] = -Double(weights[line * lineStride + column * columnStride]) - prices[column]
      origins[column] = Int32(line)
      isFinal[column] = false
    }
    while true {
      var nearest = -1
      var length = Double.infinity
      for column in 0..<width where !isFinal[column] && distances[column] < length { (nearest, length) = (column, distances[column]) }
      precondition(nearest >= 0, "Assignment.maximize: a weight is not finite")
      isFinal[nearest] = true
      let owner = Int(lineOfColumn[nearest])
      if owner < 0 {
        for column in 0..<width where isFinal[column] { prices[column] += distances[column] - length }
        return nearest
      }
      // The way goes on from the line that has the column, at no cost by the prices.
      let offset = length + Double(weights[owner * lineStride + nearest * columnStride]) + prices[nearest]
      for column in 0..<width where !isFinal[column] {
        let detour = offset - Double(weights[owner * lineStride + column * columnStride]) - prices[column]
        if detour < distances[column] { (distances[column], origins[column]) = (detour, Int32(owner)) }
      }
    }
  }

  /// Every line on the way passes its column on to the line before it.
  private mutating func augment(from line: Int, to end: Int) {
    var column = end
    while true {
      let owner = Int(origins[column])
      let former = Int(columnOfLine[owner])
      lineOfColumn[column] = Int32(owner)
      columnOfLine[owner] = Int32(column)
      if owner == line { return }
      column = former
    }
  }
}
