/// A value on a tape: what a network and a loss compute with.
public struct Variable {
  let tape: Tape
  let node: Int32

  /// The extents of the value.
  public var shape: Shape { tape.nodes[Int(node)].shape }

  /// The elements in row-major order, copied.
  public var array: [Float] {
    let source = unsafe tape.value(node)
    return (0..<shape.count).map { unsafe source[$0] }
  }

  /// Copies the elements out.
  public func copy(into target: inout Tensor) {
    precondition(target.count == shape.count, "Variable.copy: \(shape) into \(target.shape)")
    target.makeUnique()
    unsafe target.storage.pointer.update(from: tape.value(node), count: shape.count)
  }

  /// The only element.
  public var number: Float {
    precondition(shape.count == 1, "Variable.number: the shape is \(shape)")
    return unsafe tape.value(node).pointee
  }

  private func record(_ operation: Operation, _ shape: Shape) -> Variable {
    unsafe Variable(tape: tape, node: tape.record(operation, shape, needsGradient: tape.dependsOnGradient(operation)))
  }

  // MARK: Element by element

  private static func pair(_ function: BinaryFunction, _ a: Variable, _ b: Variable) -> Variable {
    precondition(a.shape == b.shape, "\(function): the shapes \(a.shape) and \(b.shape) differ")
    return a.record(.binary(function, a.node, b.node), a.shape)
  }

  private func map(_ function: UnaryFunction) -> Variable { record(.unary(function, node), shape) }

  public static func + (a: Variable, b: Variable) -> Variable { pair(.add, a, b) }
  public static func - (a: Variable, b: Variable) -> Variable { pair(.subtract, a, b) }
  public static func * (a: Variable, b: Variable) -> Variable { pair(.multiply, a, b) }
  public static func / (a: Variable, b: Variable) -> Variable { pair(.divide, a, b) }
  public static prefix func - (a: Variable) -> Variable { a.map(.negate) }
  public static func + (a: Variable, b: Float) -> Variable { a.record(.affine(a.node, scale: 1, shift: b), a.shape) }
  public static func - (a: Variable, b: Float) -> Variable { a + -b }
  public static func * (a: Variable, b: Float) -> Variable { a.record(.affine(a.node, scale: b, shift: 0), a.shape) }
  public static func * (a: Float, b: Variable) -> Variable { b * a }
  public static func / (a: Variable, b: Float) -> Variable { a * (1 / b) }

  public func exp() -> Variable { map(.exp) }
  public func log() -> Variable { map(.log) }
  public func tanh() -> Variable { map(.tanh) }
  /// 1 / (1 + e⁻ˣ)
  public func sigmoid() -> Variable { map(.sigmoid) }
  /// max(x, 0), with slope 0 at 0.
  public func relu() -> Variable { map(.relu) }
  public func squareRoot() -> Variable { map(.sqrt) }
  public func squared() -> Variable { map(.square) }
  public func magnitude() -> Variable { map(.abs) }
  public func reciprocal() -> Variable { map(.reciprocal) }

  /// The larger of two elements at the same place.
  public func maximum(_ other: Variable) -> Variable { Variable.pair(.maximum, self, other) }
  /// The smaller of two elements at the same place.
  public func minimum(_ other: Variable) -> Variable { Variable.pair(.minimum, self, other) }

  // MARK: Reductions and repetitions

  /// Σ x over all elements, as a scalar.
  public func sum() -> Variable { record(.sum(node), .scalar) }

  /// The mean of all elements, as a scalar.
  public func mean() -> Variable { sum() * (1 / Float(shape.count)) }

  /// Sums over all axes but the last. `[…, D]` to `[D]`
  public func columnSums() -> Variable { record(.columnSums(node), [shape.columns]) }

  /// Sums over the last axis. `[rows, D]` to `[rows, 1]`
  public func rowSums() -> Variable { record(.rowSums(node), Shape(shape.rows, 1)) }

  /// A single number repeated to fill a shape.
  public func spread(to shape: Shape) -> Variable {
    precondition(self.shape.count == 1, "Variable.spread: \(self.shape) is not a single number")
    return record(.spread(node), shape)
  }

  /// A vector `[D]` repeated as every row of `[rows, D]`.
  public func repeatedRows(_ rows: Int) -> Variable { record(.spreadRow(node), Shape(rows, shape.count)) }

  /// A column `[rows, 1]` repeated to `[rows, columns]`.
  public func repeatedColumns(_ columns: Int) -> Variable { record(.spreadColumn(node), Shape(shape.count, columns)) }

  /// e^x / Σ e^x along the last axis.
  public func softmax() -> Variable { record(.softmax(node), shape) }

  // MARK: Matrices

  /// act(x W + b): the product with a matrix, a start value and an activation in one pass.
  ///
  /// - Parameters:
  ///   - weights: `[D, F]`, or `[F, D]` when `transposed`.
  ///   - start: A row `[F]` that is added to every row, a whole matrix `[rows, F]`, or nothing.
  /// - Returns: `[rows, F]`
  /// - Complexity: O(rows · D · F)
  public func product(_ weights: Variable, transposed: Bool = false, plus start: Variable? = nil, activation: Activation = .linear) -> Variable {
    let inner = transposed ? weights.shape.columns : weights.shape.rows
    let width = transposed ? weights.shape.rows : weights.shape.columns
    precondition(shape.columns == inner, "Variable.product: \(shape) times \(weights.shape)\(transposed ? " transposed" : "")")
    let result = Shape(shape.rows, width)
    if let start {
      precondition(
        start.shape.count == width || start.shape.count == result.count, "Variable.product: a start of \(start.shape) for a result of \(result)")
    }
    let operation = Operation.product(
      a: node, b: weights.node, transposeA: false, transposeB: transposed, start: start?.node ?? -1, activation: activation)
    return record(operation, result)
  }

  /// Columns of a matrix.
  public func columns(_ range: Range<Int>) -> Variable {
    precondition(range.lowerBound >= 0 && range.upperBound <= shape.columns, "Variable.columns: \(range) of \(shape)")
    return record(.columns(node, from: Int32(range.lowerBound)), Shape(shape.rows, range.count))
  }

  /// Two matrices of equally many rows side by side.
  public func beside(_ other: Variable) -> Variable {
    precondition(shape.rows == other.shape.rows, "Variable.beside: \(shape) and \(other.shape) differ in rows")
    let whole = Shape(shape.rows, shape.columns + other.shape.columns)
    return record(.placeColumns(node, from: 0), whole) + record(.placeColumns(other.node, from: Int32(shape.columns)), whole)
  }

  /// The element of each row that `indices` names. `[rows, D]` to `[rows, 1]`
  public func selecting(_ indices: Span<Int32>) -> Variable {
    precondition(indices.count == shape.rows, "Variable.selecting: \(indices.count) indices for \(shape)")
    for row in 0..<indices.count {
      precondition(indices[row] >= 0 && indices[row] < shape.columns, "Variable.selecting: index \(indices[row]) of \(shape.columns)")
    }
    return record(unsafe .select(node, indices: tape.keep(indices)), Shape(shape.rows, 1))
  }

  /// start + Σ_g self[g · choices + index[row, g]]: what concatenated one-hot vectors times this table give, by adding rows.
  ///
  /// - Parameters:
  ///   - indices: One choice for each row and group; −1 for a vector of zeros. `[rows, groups]`
  ///   - groups: The number of one-hot vectors side by side; the table has `groups · choices` rows.
  ///   - start: A row that is added to every row, or nothing.
  /// - Complexity: O(rows · groups · columns), without the factor `choices` of the product.
  public func sumOfRows(_ indices: Span<Int32>, groups: Int, plus start: Variable? = nil) -> Variable {
    precondition(groups > 0 && shape.rows % groups == 0, "Variable.sumOfRows: a table of \(shape.rows) rows for \(groups) groups")
    precondition(indices.count % groups == 0, "Variable.sumOfRows: \(indices.count) indices for \(groups) groups")
    precondition(start == nil || start!.shape.count == shape.columns, "Variable.sumOfRows: a start of \(start!.shape) for rows of \(shape.columns)")
    let choices = shape.rows / groups
    for i in 0..<indices.count { precondition(indices[i] >= -1 && indices[i] < choices, "Variable.sumOfRows: index \(indices[i]) of \(choices)") }
    let operation = unsafe Operation.tableRows(table: node, start: start?.node ?? -1, indices: tape.keep(indices), groups: Int32(groups))
    return record(operation, Shape(indices.count / groups, shape.columns))
  }

  /// The same elements under another shape.
  public func reshaped(_ shape: Shape) -> Variable {
    precondition(shape.count == self.shape.count, "Variable.reshaped: \(self.shape) has no view \(shape)")
    return record(.reshape(node), shape)
  }

  // MARK: Derivatives

  /// The same value, through which no derivative flows.
  public func stopped() -> Variable { record(.stop(node), shape) }

  /// The value of `value` with the derivative of this variable (a straight-through estimate, Bengio et al. 2013).
  public func replacingValue(by value: Variable) -> Variable {
    precondition(shape == value.shape, "Variable.replacingValue: \(shape) by \(value.shape)")
    return record(.substitute(node, value: value.node), shape)
  }
}

/// The mean of squared differences: (1/n) Σ (a − b)².
public func meanSquaredError(_ a: Variable, _ b: Variable) -> Variable { (a - b).squared().mean() }

/// A loss and its gradient at some parameters. For a loop use a ``Tape`` of your own, which keeps its memory.
public func valueAndGradient(at parameters: Parameters, _ body: (Tape, PlacedParameters) -> Variable) -> (value: Float, gradient: Tensor) {
  let tape = Tape()
  var gradient = Tensor(zeros: [parameters.count])
  let value = tape.gradient(of: parameters, into: &gradient) { body(tape, $0) }
  return (value, gradient)
}

extension Variable {
  /// A one at the place of the largest element of each row and zeros elsewhere; the first of equals. No derivative flows through it.
  public func oneHotOfLargest() -> Variable {
    let width = shape.columns
    let source = unsafe tape.value(node)
    let result = tape.constantZeros(shape)
    let target = unsafe tape.value(result.node)
    for row in 0..<shape.rows {
      var best = 0
      for i in 1..<max(width, 1) where unsafe source[row * width + i] > source[row * width + best] { best = i }
      unsafe target[row * width + best] = 1
    }
    return result
  }
}
