/// Every operation that a tape can record. Operands are numbers of earlier nodes.
///
/// The list is closed: adding an operation means one case here, one branch in ``Tape/evaluate(_:)`` for its value and one in
/// ``Tape/differentiate(_:)`` for its derivative, and neither switch compiles without it.
@safe enum Operation {
  /// Numbers from outside: a constant or a slice of parameters.
  case leaf
  /// act(op(a) op(b) + start), `batch` times side by side. `start` is a row vector, one for each product, a whole result, or absent.
  case product(a: Int32, b: Int32, transposeA: Bool, transposeB: Bool, start: Int32, activation: FusedActivation, batch: Int32)
  /// A function of each element.
  case unary(UnaryFunction, Int32)
  /// A function of two elements at the same place. An operand is repeated along axes where its extent is one.
  case binary(BinaryFunction, Int32, Int32)
  /// scale · x + shift.
  case affine(Int32, scale: Float, shift: Float)
  /// The sum along an axis of the operand.
  case sum(Int32, AxisView)
  /// The operand repeated along an axis of the result.
  case spread(Int32, AxisView)
  /// e^x / Σ e^x along the last axis.
  case softmax(Int32)
  /// x − ln Σ e^x along the last axis.
  case logSoftmax(Int32)
  /// (x − x̄) / √(σ² + ε) along the last axis.
  case standardize(Int32, epsilon: Float)
  /// 1 / √(σ² + ε) along the last axis, which stays with extent one.
  case inverseDeviation(Int32, epsilon: Float)
  /// A range of an axis of the operand, of as many places as the result has.
  case slice(Int32, AxisView, from: Int32)
  /// Zero but for a range of an axis of the result.
  case pad(Int32, AxisView, from: Int32)
  /// One element of an axis of the operand for each place of the other axes.
  case select(Int32, AxisView, indices: UnsafePointer<Int32>)
  /// Zero but for one element of an axis of the result for each place of the others.
  case place(Int32, AxisView, indices: UnsafePointer<Int32>)
  /// Places of an axis of the operand in the order of `indices`, which may repeat.
  case gather(Int32, AxisView, indices: UnsafePointer<Int32>)
  /// Adds each place of the operand's axis to the place of the result's axis that `indices` name: the adjoint of `gather`.
  case scatter(Int32, AxisView, indices: UnsafePointer<Int32>)
  /// start + Σ_g table[g · choices + index[row, g]]: the product of concatenated one-hot vectors with a table.
  case tableRows(table: Int32, start: Int32, indices: UnsafePointer<Int32>, groups: Int32)
  /// Adds each row to the rows of a table that `indices` name: the adjoint of `tableRows`.
  case scatterRows(Int32, indices: UnsafePointer<Int32>, groups: Int32)
  /// The axes in another order.
  case transpose(Int32, Permutation)
  /// Arrays one behind the other along an axis of the result.
  case concatenate(UnsafePointer<Int32>, count: Int32, AxisView)
  /// The value of the second operand with the derivative of the first.
  case substitute(Int32, value: Int32)
  /// The same elements under another shape.
  case reshape(Int32)
  /// The same elements without a derivative.
  case stop(Int32)
}

/// An array seen as `[outer, extent, inner]`: one axis, or several neighbours, and what lies before and behind.
struct AxisView: Equatable {
  var outer: Int32
  var extent: Int32
  var inner: Int32

  init(outer: Int, extent: Int, inner: Int) {
    self.outer = Int32(outer)
    self.extent = Int32(extent)
    self.inner = Int32(inner)
  }

  /// One axis of a shape.
  init(_ shape: Shape, _ axis: Int) {
    var (before, behind) = (1, 1)
    for other in 0..<shape.rank {
      if other < axis { before *= shape[other] }
      if other > axis { behind *= shape[other] }
    }
    self.init(outer: before, extent: shape[axis], inner: behind)
  }
}

/// An order of axes: axis i of the result is axis `self[i]` of the operand.
struct Permutation: Equatable {
  private var places: (Int8, Int8, Int8, Int8) = (0, 1, 2, 3)

  init(_ order: [Int]) {
    for (axis, source) in order.enumerated() { self[axis] = source }
  }

  subscript(axis: Int) -> Int {
    get {
      switch axis {
      case 0: Int(places.0)
      case 1: Int(places.1)
      case 2: Int(places.2)
      default: Int(places.3)
      }
    }
    set {
      switch axis {
      case 0: places.0 = Int8(newValue)
      case 1: places.1 = Int8(newValue)
      case 2: places.2 = Int8(newValue)
      default: places.3 = Int8(newValue)
      }
    }
  }

  var inverse: Permutation {
    var result = self
    for axis in 0..<4 { result[self[axis]] = axis }
    return result
  }

  static func == (a: Permutation, b: Permutation) -> Bool { a.places == b.places }
}

/// Activations that a matrix product applies to its result itself.
enum FusedActivation: Int32, CaseIterable {
  case linear, relu, tanh, sigmoid
}

/// Functions of one argument, in the order of the kernels.
enum UnaryFunction: Int32, CaseIterable {
  case negate, exp, log, tanh, sigmoid, relu, sqrt, square, abs, reciprocal
  case expm1, log1p, sin, cos, softplus, elu, normalCDF, gelu
}

/// Functions of two arguments, in the order of the kernels. A slope multiplies its first operand by the derivative of an
/// activation whose value is the second; that of relu passes the first operand where the second is above zero.
enum BinaryFunction: Int32, CaseIterable {
  case add, subtract, multiply, divide, maximum, minimum, reluSlope, tanhSlope, sigmoidSlope
  case eluSlope, greater, equal, power

  /// Whether the function is flat wherever it has a derivative.
  var isComparison: Bool { self == .greater || self == .equal }
}
