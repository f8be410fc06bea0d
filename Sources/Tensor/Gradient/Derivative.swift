extension Tape {
  /// Passes the derivative of the loss with respect to a node on to the node's operands.
  ///
  /// This switch is the whole of differentiation. Each branch records operations, so that what it computes can be
  /// differentiated again by the same switch. In the comments ȳ is the derivative with respect to the node y.
  func differentiate(_ index: Int) {
    let node = nodes[index]
    let y = Int32(index)
    let g = adjoints[index].node
    switch node.operation {
    case .leaf, .stop:
      break

    // y = act(A B + s):  z̄ = ȳ act'(z),  Ā = z̄ Bᵀ,  B̄ = Aᵀ z̄,  s̄ = z̄ or its column sums.
    case .product(let a, let b, let transposeA, let transposeB, let start, let activation):
      let z = slope(g, y, activation)
      // The four cases of op(A), op(B) follow from d(A B) = dA B + A dB by transposing where the operand is transposed.
      if transposeA {
        accumulate(into: a, .product(a: b, b: z, transposeA: transposeB, transposeB: true, start: -1, activation: .linear))
      } else {
        accumulate(into: a, .product(a: z, b: b, transposeA: false, transposeB: !transposeB, start: -1, activation: .linear))
      }
      if transposeB {
        accumulate(into: b, .product(a: z, b: a, transposeA: true, transposeB: transposeA, start: -1, activation: .linear))
      } else {
        accumulate(into: b, .product(a: a, b: z, transposeA: !transposeA, transposeB: false, start: -1, activation: .linear))
      }
      if start >= 0 {
        if nodes[Int(start)].shape.count == node.shape.count {
          accumulate(into: start, node: z)
        } else {
          accumulate(into: start, .columnSums(z))
        }
      }

    case .unary(let function, let x):
      guard needsGradient(x) else { break }
      switch function {
      case .negate: accumulate(into: x, .unary(.negate, g))
      case .exp: accumulate(into: x, .binary(.multiply, g, y))
      case .log: accumulate(into: x, .binary(.divide, g, x))
      case .tanh: accumulate(into: x, .binary(.tanhSlope, g, y))
      case .sigmoid: accumulate(into: x, .binary(.sigmoidSlope, g, y))
      case .relu: accumulate(into: x, .binary(.reluSlope, g, y))
      case .sqrt: accumulate(into: x, .binary(.divide, emit(.affine(g, scale: 0.5, shift: 0)), y))
      case .square: accumulate(into: x, .binary(.multiply, emit(.affine(g, scale: 2, shift: 0)), x))
      case .abs:
        // ȳ [x > 0] − ȳ [−x > 0]: zero at zero.
        let above = emit(.binary(.reluSlope, g, x))
        accumulate(into: x, .binary(.subtract, above, emit(.binary(.reluSlope, g, emit(.unary(.negate, x))))))
      case .reciprocal: accumulate(into: x, .unary(.negate, emit(.binary(.multiply, g, emit(.unary(.square, y))))))
      }

    case .binary(let function, let a, let b):
      switch function {
      case .add:
        accumulate(into: a, node: g)
        accumulate(into: b, node: g)
      case .subtract:
        accumulate(into: a, node: g)
        accumulate(into: b, .unary(.negate, g))
      case .multiply:
        accumulate(into: a, .binary(.multiply, g, b))
        accumulate(into: b, .binary(.multiply, g, a))
      case .divide:
        accumulate(into: a, .binary(.divide, g, b))
        if needsGradient(b) { accumulate(into: b, .unary(.negate, emit(.binary(.divide, emit(.binary(.multiply, g, y)), b)))) }
      case .maximum:
        // The larger operand receives the derivative; at a tie the second does, as relu(0) has slope 0.
        if needsGradient(a) { accumulate(into: a, .binary(.reluSlope, g, emit(.binary(.subtract, a, b)))) }
        if needsGradient(b) {
          let first = emit(.binary(.reluSlope, g, emit(.binary(.subtract, a, b))))
          accumulate(into: b, .binary(.subtract, g, first))
        }
      case .minimum:
        if needsGradient(a) { accumulate(into: a, .binary(.reluSlope, g, emit(.binary(.subtract, b, a)))) }
        if needsGradient(b) {
          let first = emit(.binary(.reluSlope, g, emit(.binary(.subtract, b, a))))
          accumulate(into: b, .binary(.subtract, g, first))
        }
      case .reluSlope:
        // y = a [b > 0]
        accumulate(into: a, .binary(.reluSlope, g, b))
      case .tanhSlope:
        // y = a (1 − b²)
        accumulate(into: a, .binary(.tanhSlope, g, b))
        if needsGradient(b) {
          accumulate(into: b, .affine(emit(.binary(.multiply, emit(.binary(.multiply, g, a)), b)), scale: -2, shift: 0))
        }
      case .sigmoidSlope:
        // y = a b (1 − b)
        accumulate(into: a, .binary(.sigmoidSlope, g, b))
        if needsGradient(b) {
          accumulate(into: b, .binary(.multiply, emit(.binary(.multiply, g, a)), emit(.affine(b, scale: -2, shift: 1))))
        }
      }

    case .affine(let x, let scale, _):
      accumulate(into: x, .affine(g, scale: scale, shift: 0))
    case .sum(let x):
      accumulate(into: x, .spread(g))
    case .columnSums(let x):
      accumulate(into: x, .spreadRow(g))
    case .rowSums(let x):
      accumulate(into: x, .spreadColumn(g))
    case .spread(let x):
      accumulate(into: x, .sum(g))
    case .spreadRow(let x):
      accumulate(into: x, .columnSums(g))
    case .spreadColumn(let x):
      accumulate(into: x, .rowSums(g))

    // x̄ = y (ȳ − Σ ȳ y) along each row.
    case .softmax(let x):
      guard needsGradient(x) else { break }
      let weighted = emit(.binary(.multiply, g, y))
      let total = emit(.rowSums(weighted), shape: Shape(node.shape.rows, 1))
      let mean = emit(.spreadColumn(total), shape: node.shape)
      accumulate(into: x, .binary(.multiply, y, emit(.binary(.subtract, g, mean))))

    case .columns(let x, let from):
      accumulate(into: x, .placeColumns(g, from: from))
    case .placeColumns(let x, let from):
      accumulate(into: x, .columns(g, from: from))
    case .select(let x, let indices):
      accumulate(into: x, unsafe .place(g, indices: indices))
    case .place(let x, let indices):
      accumulate(into: x, unsafe .select(g, indices: indices))
    case .tableRows(let table, let start, let indices, let groups):
      accumulate(into: table, unsafe .scatterRows(g, indices: indices, groups: groups))
      if start >= 0 { accumulate(into: start, .columnSums(g)) }
    case .scatterRows(let x, let indices, let groups):
      accumulate(into: x, unsafe .tableRows(table: g, start: -1, indices: indices, groups: groups))
    case .substitute(let x, _), .reshape(let x):
      accumulate(into: x, node: g)
    }
  }

  /// Records an intermediate value of a derivative. Without a shape it has that of its first operand.
  private func emit(_ operation: Operation, shape: Shape? = nil) -> Int32 {
    unsafe record(operation, shape ?? nodes[Int(operands(operation).0)].shape, needsGradient: dependsOnGradient(operation))
  }

  /// ȳ act'(z), written with the activation's value.
  private func slope(_ g: Int32, _ y: Int32, _ activation: Activation) -> Int32 {
    switch activation {
    case .linear: g
    case .relu: emit(.binary(.reluSlope, g, y))
    case .tanh: emit(.binary(.tanhSlope, g, y))
    case .sigmoid: emit(.binary(.sigmoidSlope, g, y))
    }
  }

  /// Whether the derivative of an operation is written with the operation's own value.
  func derivativeReadsValue(_ operation: Operation) -> Bool {
    switch operation {
    case .unary(.exp, _), .unary(.tanh, _), .unary(.sigmoid, _), .unary(.relu, _), .unary(.sqrt, _), .unary(.reciprocal, _): true
    case .binary(.divide, _, _), .softmax: true
    case .product(_, _, _, _, _, let activation): activation != .linear
    default: false
    }
  }

  /// Whether a derivative can flow through an operation.
  func dependsOnGradient(_ operation: Operation) -> Bool {
    if case .stop = operation { return false }
    let (a, b, c) = operands(operation)
    return needsGradient(a) || needsGradient(b) || needsGradient(c)
  }

  /// The operands that have a derivative; −1 where there is none.
  func operands(_ operation: Operation) -> (Int32, Int32, Int32) {
    switch operation {
    case .leaf: (-1, -1, -1)
    case .product(let a, let b, _, _, let start, _): (a, b, start)
    case .binary(_, let a, let b): (a, b, -1)
    case .tableRows(let table, let start, _, _): (table, start, -1)
    case .unary(_, let x), .affine(let x, _, _), .sum(let x), .columnSums(let x), .rowSums(let x), .spread(let x), .spreadRow(let x),
      .spreadColumn(let x), .softmax(let x), .columns(let x, _), .placeColumns(let x, _), .select(let x, _), .place(let x, _),
      .scatterRows(let x, _, _), .substitute(let x, _), .reshape(let x), .stop(let x):
      (x, -1, -1)
    }
  }
}
