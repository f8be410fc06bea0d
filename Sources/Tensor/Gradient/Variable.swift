/// A value on a tape: what a network and a loss compute with.
///
/// Operations take variables of one tape and record their result on it. Two operands of different shapes are matched from the last axis,
/// and an extent of one is repeated, as in NumPy. An axis may be counted from the end: −1 is the last.
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

  /// The value as a tensor of its own.
  public var tensor: Tensor {
    var result = Tensor(zeros: shape)
    copy(into: &result)
    return result
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

  /// Records an operation on this variable's tape.
  func record(_ operation: Operation, _ shape: Shape) -> Variable {
    unsafe Variable(tape: tape, node: tape.record(operation, shape, needsGradient: tape.dependsOnGradient(operation)))
  }

  /// The same value, through which no derivative flows.
  public func stopped() -> Variable { record(.stop(node), shape) }

  /// The value of `value` with the derivative of this variable (a straight-through estimate, Bengio et al. 2013).
  public func replacingValue(by value: Variable) -> Variable {
    precondition(shape == value.shape, "Variable.replacingValue: \(shape) by \(value.shape)")
    return record(.substitute(node, value: value.node), shape)
  }
}

/// A loss and its gradient at some parameters. For a loop use a ``Tape`` of your own, which keeps its memory.
public func valueAndGradient(at parameters: Parameters, _ body: (Tape, PlacedParameters) -> Variable) -> (value: Float, gradient: Tensor) {
  let tape = Tape()
  var gradient = Tensor(zeros: [parameters.count])
  let value = tape.gradient(of: parameters, into: &gradient) { body(tape, $0) }
  return (value, gradient)
}
