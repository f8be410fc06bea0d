/// The first operation of a tape whose result holds a number that is not finite.
public struct NonFiniteValue: Sendable, CustomStringConvertible {
  /// The operation, for example `log`.
  public let operation: String
  /// The shape of its result.
  public let shape: Shape
  /// The shapes of its operands.
  public let operands: [Shape]
  /// The place of the first such number in row-major order.
  public let index: Int
  /// The number: an infinity or not a number.
  public let value: Float
  /// The number of the operation on its tape, from 0.
  public let node: Int
  /// Whether the operands were finite: if not, the number came from outside (a constant, a parameter).
  public let operandsAreFinite: Bool

  public var description: String {
    let from = operands.isEmpty ? "" : " of " + operands.map(\.description).joined(separator: ", ")
    let origin = operandsAreFinite ? "" : "; an operand came in with such a number"
    return "operation \(node) of the tape, \(operation)\(from), made \(value) at element \(index) of its result \(shape)\(origin)"
  }
}

extension Tape {
  /// Asks for a report on the first operation, forwards or backwards, whose result holds an infinity or NaN.
  ///
  /// Off unless asked for: every result is read once more, which about doubles the time of element-wise operations.
  /// The handler is called once; `rewind()` does not call for it again, another call of this method does.
  /// - Parameter handler: Receives the report. The default ends the program with it.
  public func reportNonFinite(_ handler: @escaping (NonFiniteValue) -> Void = { preconditionFailure("Tape: \($0)") }) {
    nonFiniteHandler = handler
  }

  /// Calls the handler if a node holds a number that is not finite.
  func inspect(_ node: Int32) {
    let this = nodes[Int(node)]
    guard let index = firstNonFinite(this) else { return }
    let name: String
    var from: [Int32] = []
    switch this.operation {
    case .unary(let function, let x): (name, from) = ("\(function)", [x])
    case .binary(let function, let a, let b): (name, from) = ("\(function)", [a, b])
    case .concatenate(let parts, let count, _):
      (name, from) = ("concatenate", (0..<Int(count)).map { unsafe parts[$0] })
    default:
      let (a, b, c) = operands(this.operation)
      (name, from) = (String("\(this.operation)".prefix { $0 != "(" }), [a, b, c])
    }
    let operands = from.filter { $0 >= 0 }.map { nodes[Int($0)] }
    let report = unsafe NonFiniteValue(
      operation: name, shape: this.shape, operands: operands.map(\.shape), index: index, value: this.value[index], node: Int(node),
      operandsAreFinite: operands.allSatisfy { firstNonFinite($0) == nil })
    let handler = nonFiniteHandler
    nonFiniteHandler = nil
    handler?(report)
  }

  private func firstNonFinite(_ node: Node) -> Int? {
    for i in 0..<node.shape.count where unsafe !node.value[i].isFinite { return i }
    return nil
  }
}
