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
    case .product(let a, let b, let transposeA, let transposeB, let start, let activation, let batch):
      let z = slope(g, y, activation)
      // The four cases of op(A), op(B) follow from d(A B) = dA B + A dB by transposing where the operand is transposed.
      if transposeA {
        accumulate(into: a, .product(a: b, b: z, transposeA: transposeB, transposeB: true, start: -1, activation: .linear, batch: batch))
      } else {
        accumulate(into: a, .product(a: z, b: b, transposeA: false, transposeB: !transposeB, start: -1, activation: .linear, batch: batch))
      }
      if transposeB {
        accumulate(into: b, .product(a: z, b: a, transposeA: true, transposeB: transposeA, start: -1, activation: .linear, batch: batch))
      } else {
        accumulate(into: b, .product(a: a, b: z, transposeA: !transposeA, transposeB: false, start: -1, activation: .linear, batch: batch))
      }
      if needsGradient(start) {
        let vectors = nodes[Int(start)].shape.count / max(node.shape.columns, 1)
        if vectors == node.shape.rows {
          accumulate(into: start, node: z)
        } else {
          accumulate(into: start, .sum(z, AxisView(outer: vectors, extent: node.shape.rows / max(vectors, 1), inner: node.shape.columns)))
        }
      }

    case .unary(let function, let x):
      guard needsGradient(x) else { break }
      differentiate(function, x, y, g)

    case .binary(let function, let a, let b):
      differentiate(function, a, b, y, g)

    case .affine(let x, let scale, _):
      accumulate(into: x, .affine(g, scale: scale, shift: 0))
    case .sum(let x, let view):
      accumulate(into: x, .spread(g, view))
    case .spread(let x, let view):
      accumulate(into: x, .sum(g, view))

    // x̄ = y (ȳ − Σ ȳ y) along each row.
    case .softmax(let x):
      guard needsGradient(x) else { break }
      let mean = rowSums(emit(.binary(.multiply, g, y)))
      accumulate(into: x, .binary(.multiply, y, emit(.binary(.subtract, g, mean))))
    // x̄ = ȳ − e^y Σ ȳ along each row.
    case .logSoftmax(let x):
      guard needsGradient(x) else { break }
      accumulate(into: x, .binary(.subtract, g, emit(.binary(.multiply, emit(.unary(.exp, y)), rowSums(g)))))

    // With r = 1/√(σ² + ε):  x̄ = r (ȳ − mean ȳ − y mean(ȳ y)) along each row.
    case .standardize(let x, let epsilon):
      guard needsGradient(x) else { break }
      let part = emit(.binary(.multiply, y, rowMeans(emit(.binary(.multiply, g, y)))))
      let rest = emit(.binary(.subtract, emit(.binary(.subtract, g, rowMeans(g))), part))
      accumulate(into: x, .binary(.multiply, rest, inverseDeviation(x, epsilon)))
    // r̄ reaches x as −r² y r̄ / n, with y the standardised row.
    case .inverseDeviation(let x, let epsilon):
      guard needsGradient(x) else { break }
      let scale = emit(.binary(.multiply, g, emit(.unary(.square, y))))
      let count = Float(nodes[Int(x)].shape.columns)
      accumulate(into: x, .binary(.multiply, emit(.standardize(x, epsilon: epsilon)), emit(.affine(scale, scale: -1 / count, shift: 0))))

    case .slice(let x, let view, let from):
      accumulate(into: x, .pad(g, view, from: from))
    case .pad(let x, let view, let from):
      accumulate(into: x, .slice(g, view, from: from))
    case .select(let x, let view, let indices):
      accumulate(into: x, unsafe .place(g, view, indices: indices))
    case .place(let x, let view, let indices):
      accumulate(into: x, unsafe .select(g, view, indices: indices))
    case .gather(let x, let view, let indices):
      accumulate(into: x, unsafe .scatter(g, view, indices: indices))
    case .scatter(let x, let view, let indices):
      accumulate(into: x, unsafe .gather(g, view, indices: indices))
    case .tableRows(let table, let start, let indices, let groups):
      accumulate(into: table, unsafe .scatterRows(g, indices: indices, groups: groups))
      if start >= 0 { accumulate(into: start, .sum(g, AxisView(outer: 1, extent: node.shape.rows, inner: node.shape.columns))) }
    case .scatterRows(let x, let indices, let groups):
      accumulate(into: x, unsafe .tableRows(table: g, start: -1, indices: indices, groups: groups))
    case .transpose(let x, let order):
      accumulate(into: x, .transpose(g, order.inverse))
    case .concatenate(let parts, let count, let view):
      var from: Int32 = 0
      for i in 0..<Int(count) {
        let part = unsafe parts[i]
        accumulate(into: part, .slice(g, view, from: from))
        from += Int32(nodes[Int(part)].shape.count) / max(view.outer * view.inner, 1)
      }
    case .substitute(let x, _), .reshape(let x):
      accumulate(into: x, node: g)
    }
  }

  /// The derivative of y = f(x).
  private func differentiate(_ function: UnaryFunction, _ x: Int32, _ y: Int32, _ g: Int32) {
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
    case .expm1: accumulate(into: x, .binary(.multiply, g, emit(.unary(.exp, x))))
    case .log1p: accumulate(into: x, .binary(.divide, g, emit(.affine(x, scale: 1, shift: 1))))
    case .sin: accumulate(into: x, .binary(.multiply, g, emit(.unary(.cos, x))))
    case .cos: accumulate(into: x, .unary(.negate, emit(.binary(.multiply, g, emit(.unary(.sin, x))))))
    case .softplus: accumulate(into: x, .binary(.multiply, g, emit(.unary(.sigmoid, x))))
    case .elu: accumulate(into: x, .binary(.eluSlope, g, y))
    case .normalCDF:
      accumulate(into: x, .binary(.multiply, g, normalDensity(x)))
    case .gelu:
      // y = x Φ(x):  Φ(x) + x φ(x)
      let slope = emit(.binary(.add, emit(.unary(.normalCDF, x)), emit(.binary(.multiply, x, normalDensity(x)))))
      accumulate(into: x, .binary(.multiply, g, slope))
    }
  }

  /// The derivatives of y = f(a, b). Where an operand was repeated its derivatives are added up.
  private func differentiate(_ function: BinaryFunction, _ a: Int32, _ b: Int32, _ y: Int32, _ g: Int32) {
    switch function {
    case .add:
      accumulate(into: a, reducing: g)
      accumulate(into: b, reducing: g)
    case .subtract:
      accumulate(into: a, reducing: g)
      accumulate(into: b, reducing: .unary(.negate, g))
    case .multiply:
      accumulate(into: a, reducing: .binary(.multiply, g, b))
      accumulate(into: b, reducing: .binary(.multiply, g, a))
    case .divide:
      accumulate(into: a, reducing: .binary(.divide, g, b))
      if needsGradient(b) { accumulate(into: b, reducing: .unary(.negate, emit(.binary(.divide, emit(.binary(.multiply, g, y)), b)))) }
    case .maximum:
      // The larger operand receives the derivative; at a tie the second does, as relu(0) has slope 0.
      differentiateChoice(a, b, g, emit(.binary(.greater, a, b), like: g))
    case .minimum:
      differentiateChoice(a, b, g, emit(.binary(.greater, b, a), like: g))
    case .reluSlope:
      // y = a [b > 0]
      accumulate(into: a, reducing: .binary(.reluSlope, g, b))
    case .tanhSlope:
      // y = a (1 − b²)
      accumulate(into: a, reducing: .binary(.tanhSlope, g, b))
      if needsGradient(b) {
        accumulate(into: b, reducing: .affine(emit(.binary(.multiply, emit(.binary(.multiply, g, a)), b)), scale: -2, shift: 0))
      }
    case .sigmoidSlope:
      // y = a b (1 − b)
      accumulate(into: a, reducing: .binary(.sigmoidSlope, g, b))
      if needsGradient(b) {
        accumulate(into: b, reducing: .binary(.multiply, emit(.binary(.multiply, g, a)), emit(.affine(b, scale: -2, shift: 1))))
      }
    case .eluSlope:
      // y = a where b > 0, a (b + 1) elsewhere.
      accumulate(into: a, reducing: .binary(.eluSlope, g, b))
      if needsGradient(b) {
        let both = emit(.binary(.multiply, g, a))
        accumulate(into: b, reducing: .binary(.subtract, both, emit(.binary(.reluSlope, both, b))))
      }
    case .greater, .equal:
      break
    case .power:
      // ā = ȳ b a^(b−1), zero where b is;  b̄ = ȳ y ln a, with a finite logarithm where a is zero.
      if needsGradient(a) {
        // A power −1 of zero would be infinite, also in the derivatives of what is dropped here.
        let isZero = emit(.binary(.equal, b, constant(0).node))
        let exponent = emit(.binary(.add, emit(.affine(b, scale: 1, shift: -1)), isZero))
        let lower = emit(.binary(.multiply, emit(.binary(.power, a, exponent), like: g), b))
        accumulate(into: a, reducing: .binary(.reluSlope, emit(.binary(.multiply, g, lower)), emit(.unary(.abs, b))))
      }
      if needsGradient(b) {
        let isZero = emit(.binary(.equal, a, constant(0).node))
        let base = emit(.binary(.add, a, emit(.affine(isZero, scale: .leastNormalMagnitude, shift: 0))))
        let logarithm = emit(.unary(.log, base))
        accumulate(into: b, reducing: .binary(.multiply, emit(.binary(.multiply, g, y)), logarithm))
      }
    }
  }

  /// Passes ȳ to `a` where `isFirst` is one and to `b` elsewhere, also if it is infinite.
  private func differentiateChoice(_ a: Int32, _ b: Int32, _ g: Int32, _ isFirst: Int32) {
    accumulate(into: a, reducing: .binary(.reluSlope, g, isFirst))
    if needsGradient(b) { accumulate(into: b, reducing: .binary(.reluSlope, g, emit(.affine(isFirst, scale: -1, shift: 1)))) }
  }

  /// Records an intermediate value of a derivative, of the shape of its first operand or of that of `like`.
  private func emit(_ operation: Operation, like other: Int32? = nil) -> Int32 {
    let shape = nodes[Int(other ?? operands(operation).0)].shape
    return unsafe record(operation, shape, needsGradient: dependsOnGradient(operation))
  }

  /// φ(x) = e^(−x²/2) / √(2π)
  private func normalDensity(_ x: Int32) -> Int32 {
    let exponential = emit(.unary(.exp, emit(.affine(emit(.unary(.square, x)), scale: -0.5, shift: 0))))
    return emit(.affine(exponential, scale: 0.398942280401432678, shift: 0))
  }

  /// Σ along the last axis, which stays with extent one.
  private func rowSums(_ x: Int32) -> Int32 {
    let shape = nodes[Int(x)].shape
    let operation = Operation.sum(x, AxisView(outer: shape.rows, extent: shape.columns, inner: 1))
    return unsafe record(operation, shape.replacing(shape.rank - 1, by: 1), needsGradient: dependsOnGradient(operation))
  }

  private func rowMeans(_ x: Int32) -> Int32 {
    emit(.affine(rowSums(x), scale: 1 / Float(nodes[Int(x)].shape.columns), shift: 0))
  }

  private func inverseDeviation(_ x: Int32, _ epsilon: Float) -> Int32 {
    let shape = nodes[Int(x)].shape
    return unsafe record(.inverseDeviation(x, epsilon: epsilon), shape.replacing(shape.rank - 1, by: 1), needsGradient: needsGradient(x))
  }

  /// ȳ act'(z), written with the activation's value.
  private func slope(_ g: Int32, _ y: Int32, _ activation: FusedActivation) -> Int32 {
    switch activation {
    case .linear: g
    case .relu: emit(.binary(.reluSlope, g, y))
    case .tanh: emit(.binary(.tanhSlope, g, y))
    case .sigmoid: emit(.binary(.sigmoidSlope, g, y))
    }
  }

  /// Whether the value of an operation must stay as it is after the node that it was computed for has its derivative: another node
  /// shares the memory, or the operation's own derivative is written with it.
  func needsItsValue(_ operation: Operation) -> Bool {
    switch operation {
    case .leaf, .substitute, .reshape, .stop, .softmax, .logSoftmax, .standardize, .inverseDeviation: true
    case .slice(_, let view, _): view.outer == 1
    case .product(_, _, _, _, _, let activation, _): activation != .linear
    case .unary(let function, _):
      switch function {
      case .exp, .tanh, .sigmoid, .relu, .sqrt, .reciprocal, .elu: true
      case .negate, .log, .square, .abs, .expm1, .log1p, .sin, .cos, .softplus, .normalCDF, .gelu: false
      }
    case .binary(let function, _, _):
      switch function {
      case .divide, .power: true
      case .add, .subtract, .multiply, .maximum, .minimum, .reluSlope, .tanhSlope, .sigmoidSlope, .eluSlope, .greater, .equal: false
      }
    case .affine, .sum, .spread, .pad, .select, .place, .gather, .scatter, .tableRows, .scatterRows, .transpose, .concatenate: false
    }
  }

  /// Whether a derivative can flow through an operation.
  func dependsOnGradient(_ operation: Operation) -> Bool {
    switch operation {
    case .stop: return false
    case .binary(let function, _, _) where function.isComparison: return false
    case .concatenate(let parts, let count, _):
      for i in 0..<Int(count) where unsafe needsGradient(parts[i]) { return true }
      return false
    default:
      let (a, b, c) = operands(operation)
      return needsGradient(a) || needsGradient(b) || needsGradient(c)
    }
  }

  /// The operands that have a derivative; −1 where there is none. Of arrays that are joined, the first.
  func operands(_ operation: Operation) -> (Int32, Int32, Int32) {
    switch operation {
    case .leaf: (-1, -1, -1)
    case .product(let a, let b, _, _, let start, _, _): (a, b, start)
    case .binary(_, let a, let b): (a, b, -1)
    case .tableRows(let table, let start, _, _): (table, start, -1)
    case .concatenate(let parts, _, _): unsafe (parts[0], -1, -1)
    case .unary(_, let x), .affine(let x, _, _), .sum(let x, _), .spread(let x, _), .softmax(let x), .logSoftmax(let x), .standardize(let x, _),
      .inverseDeviation(let x, _), .slice(let x, _, _),
      .pad(let x, _, _), .select(let x, _, _), .place(let x, _, _), .gather(let x, _, _), .scatter(let x, _, _), .scatterRows(let x, _, _),
      .transpose(let x, _), .substitute(let x, _), .reshape(let x), .stop(let x):
      (x, -1, -1)
    }
  }
}
