/// Matrix products, one or many at once.
extension Variable {
  /// act(x W + b): the product with a matrix, a start value and an activation in one pass.
  ///
  /// With weights of rank three or four there is one product for each place of their leading axes, which are also those of x: layers of
  /// many networks at once, with the same bits as one by one.
  /// - Parameters:
  ///   - weights: `[D, F]`, or `[F, D]` when `transposed`; `[A, D, F]` for A products, with x `[A, rows, D]`.
  ///   - transposed: Whether the weights lie as `[F, D]`.
  ///   - start: A row `[F]` that is added to every row, one for each product (`[A, F]`), a whole result, or nothing.
  ///   - activation: act, applied to every element.
  /// - Returns: `[rows, F]`, with the leading axes of x where it has more than two.
  /// - Complexity: O(rows · D · F) for each product.
  public func product(_ weights: Variable, transposed: Bool = false, plus start: Variable? = nil, activation: Activation = .linear) -> Variable {
    let (fused, function) = activation.parts
    let product = matmul(self, weights, transposingFirst: false, transposingSecond: transposed, start, fused)
    return function.map { product.map($0) } ?? product
  }
}

/// The matrix product A B of the last two axes, for each place of the leading axes.
///
/// - Parameters:
///   - a: `[…, M, K]`, or `[…, K, M]` when transposed.
///   - b: `[…, K, N]`, or `[…, N, K]` when transposed. With rank two it is the same matrix for all leading places of `a`.
///   - transposingFirst: Whether `a` lies as `[…, K, M]`.
///   - transposingSecond: Whether `b` lies as `[…, N, K]`.
/// - Returns: `[…, M, N]`
/// - Complexity: O(M K N) for each place.
public func matmul(_ a: Variable, _ b: Variable, transposingFirst: Bool = false, transposingSecond: Bool = false) -> Variable {
  matmul(a, b, transposingFirst: transposingFirst, transposingSecond: transposingSecond, nil, .linear)
}

private func matmul(
  _ a: Variable, _ b: Variable, transposingFirst: Bool, transposingSecond: Bool, _ start: Variable?, _ activation: FusedActivation
) -> Variable {
  let (first, second) = (a.shape, b.shape)
  func mismatch(_ reason: String) -> Never {
    let transpositions = (transposingFirst ? "ᵀ" : "", transposingSecond ? "ᵀ" : "")
    preconditionFailure("Variable.product: \(first)\(transpositions.0) times \(second)\(transpositions.1)\(reason)")
  }
  var batch = 1
  if second.rank > 2 {
    if first.rank != second.rank { mismatch(": the ranks differ") }
    for axis in 0..<(first.rank - 2) {
      if first[axis] != second[axis] { mismatch(": axis \(axis) differs") }
      batch *= first[axis]
    }
  } else if transposingFirst && first.rank > 2 {
    // Each matrix is transposed by itself, while the other operand stays the same for all.
    return matmul(a.transposed(), b, transposingFirst: false, transposingSecond: transposingSecond, start, activation)
  }
  // Without leading axes in b all rows of a are rows of one matrix.
  let rows = batch == 1 && second.rank <= 2 ? first.rows : first.extent(fromLast: 2)
  let inner = transposingFirst ? rows : first.columns
  let height = transposingFirst ? first.columns : rows
  let width = transposingSecond ? (second.rank <= 2 ? second.rows : second.extent(fromLast: 2)) : second.columns
  let depth = transposingSecond ? second.columns : (second.rank <= 2 ? second.rows : second.extent(fromLast: 2))
  if inner != depth { mismatch("") }
  var result = Shape(height, width)
  if first.rank > 2 { result = first.replacing(-1, by: width).replacing(-2, by: second.rank > 2 ? height : first[first.rank - 2]) }
  if let start {
    let count = start.shape.count
    if count != width && count != batch * width && count != result.count { mismatch(" plus a start of \(start.shape) for a result of \(result)") }
  }
  let operation = Operation.product(
    a: a.node, b: b.node, transposeA: transposingFirst, transposeB: transposingSecond, start: start?.node ?? -1, activation: activation,
    batch: Int32(batch))
  return a.record(operation, result)
}
