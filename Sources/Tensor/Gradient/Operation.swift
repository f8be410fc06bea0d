/// Every operation that a tape can record. Operands are numbers of earlier nodes.
///
/// The list is closed: adding an operation means one case here, one branch in ``Tape/evaluate(_:)`` for its value and one in
/// ``Tape/differentiate(_:)`` for its derivative, and neither switch compiles without it.
@safe enum Operation {
  /// Numbers from outside: a constant or a slice of parameters.
  case leaf
  /// act(op(a) op(b) + start), where `start` is a row vector, a whole matrix, or absent.
  case product(a: Int32, b: Int32, transposeA: Bool, transposeB: Bool, start: Int32, activation: Activation)
  /// A function of each element.
  case unary(UnaryFunction, Int32)
  /// A function of two elements at the same place.
  case binary(BinaryFunction, Int32, Int32)
  /// scale · x + shift.
  case affine(Int32, scale: Float, shift: Float)
  /// The sum of all elements.
  case sum(Int32)
  /// Sums over all axes but the last: one number a column.
  case columnSums(Int32)
  /// Sums over the last axis: one number a row.
  case rowSums(Int32)
  /// A single number, repeated.
  case spread(Int32)
  /// A row vector, repeated for every row.
  case spreadRow(Int32)
  /// One number a row, repeated along the row.
  case spreadColumn(Int32)
  /// e^x / Σ e^x along the last axis.
  case softmax(Int32)
  /// Columns `from ..< from + width` (the width is the result's).
  case columns(Int32, from: Int32)
  /// Zero but for columns that begin at `from`.
  case placeColumns(Int32, from: Int32)
  /// The element of each row that `indices` name.
  case select(Int32, indices: UnsafePointer<Int32>)
  /// Zero but for one element a row.
  case place(Int32, indices: UnsafePointer<Int32>)
  /// start + Σ_g table[g · choices + index[row, g]]: the product of concatenated one-hot vectors with a table.
  case tableRows(table: Int32, start: Int32, indices: UnsafePointer<Int32>, groups: Int32)
  /// Adds each row to the rows of a table that `indices` name: the adjoint of `tableRows`.
  case scatterRows(Int32, indices: UnsafePointer<Int32>, groups: Int32)
  /// The value of the second operand with the derivative of the first.
  case substitute(Int32, value: Int32)
  /// The same elements under another shape.
  case reshape(Int32)
  /// The same elements without a derivative.
  case stop(Int32)
}

/// What a layer applies to its output.
public enum Activation: Int32, Sendable, Hashable, CaseIterable {
  case linear = 0
  case relu = 1
  case tanh = 2
  case sigmoid = 3
}

/// Functions of one argument, in the order of the kernels.
enum UnaryFunction: Int32, CaseIterable {
  case negate, exp, log, tanh, sigmoid, relu, sqrt, square, abs, reciprocal
}

/// Functions of two arguments, in the order of the kernels. A slope multiplies its first operand by the derivative of an
/// activation whose value is the second.
enum BinaryFunction: Int32, CaseIterable {
  case add, subtract, multiply, divide, maximum, minimum, reluSlope, tanhSlope, sigmoidSlope
}
