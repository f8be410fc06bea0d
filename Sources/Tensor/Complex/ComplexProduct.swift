import CKernels

/// Which operands of a product are conjugate-transposed first.
public enum AdjointOperands: Sendable, CaseIterable {
  /// A B
  case none
  /// Aᴴ B
  case left
  /// A Bᴴ
  case right
  /// Aᴴ Bᴴ
  case both

  var isLeft: Bool { self == .left || self == .both }
  var isRight: Bool { self == .right || self == .both }
}

/// Of which vectors a Gram matrix holds the inner products.
public enum GramSide: Sendable, CaseIterable {
  /// A Aᴴ, `[E, M, M]`
  case rows
  /// Aᴴ A, `[E, N, N]`
  case columns
}

extension ComplexMatrices {
  /// The products of matrices of the same index: result ← A B, with Aᴴ for A or Bᴴ for B where wanted.
  ///
  /// C_ij = Σ_p A_ip B_pj, summed in order of p.
  ///
  /// - Parameters:
  ///   - other: `[E, K, N]` for `[E, M, K]`, after transposition.
  ///   - adjoint: The operands that are conjugate-transposed.
  ///   - result: Receives `[E, M, N]`.
  ///   - workspace: Memory that is reused from call to call.
  /// - Complexity: O(E M N K)
  public func multiplied(
    by other: ComplexMatrices, adjoint: AdjointOperands = .none, into result: inout ComplexMatrices, workspace: inout ComplexWorkspace
  ) {
    let (m, n) = productShape(other, adjoint)
    precondition(result.hasShape(count, m, n), "ComplexMatrices.multiplied: \(shape) times \(other.shape), adjoint: \(adjoint), into \(result.shape)")
    result.makeUnique()
    let scratch = unsafe workspace.reserve(elements: rows * columns + other.rows * other.columns)
    unsafe ck_complex_product(
      count, stride, planes, adjoint.isLeft ? 1 : 0, other.planes, adjoint.isRight ? 1 : 0, result.planes, scratch)
    withExtendedLifetime((self, other)) {}
  }

  /// The products of matrices of the same index, A B, with Aᴴ for A or Bᴴ for B where wanted.
  public func multiplied(by other: ComplexMatrices, adjoint: AdjointOperands = .none) -> ComplexMatrices {
    let (m, n) = productShape(other, adjoint)
    var result = ComplexMatrices(count: count, rows: m, columns: n)
    var workspace = ComplexWorkspace()
    multiplied(by: other, adjoint: adjoint, into: &result, workspace: &workspace)
    return result
  }

  private func productShape(_ other: ComplexMatrices, _ adjoint: AdjointOperands) -> (rows: Int, columns: Int) {
    let (m, k) = adjoint.isLeft ? (columns, rows) : (rows, columns)
    let (k2, n) = adjoint.isRight ? (other.columns, other.rows) : (other.rows, other.columns)
    precondition(count == other.count && k == k2, "ComplexMatrices.multiplied: \(shape) times \(other.shape), adjoint: \(adjoint)")
    return (m, n)
  }

  /// Gram matrices: result ← A Aᴴ or Aᴴ A.
  ///
  /// Half of the elements are computed, the others are their conjugates; imaginary parts on the diagonal are zero. So a result G equals its
  /// conjugate transpose exactly.
  ///
  /// - Parameters:
  ///   - side: `.rows` for A Aᴴ, `.columns` for Aᴴ A.
  ///   - result: Receives `[E, M, M]` for `.rows`, `[E, N, N]` for `.columns`.
  ///   - workspace: Memory that is reused from call to call.
  /// - Complexity: O(E M² N) or O(E N² M)
  public func formGram(of side: GramSide, into result: inout ComplexMatrices, workspace: inout ComplexWorkspace) {
    let size = side == .rows ? rows : columns
    precondition(result.hasShape(count, size, size), "ComplexMatrices.formGram: \(side) of \(shape) into \(result.shape)")
    result.makeUnique()
    let scratch = unsafe workspace.reserve(elements: rows * columns + size * size)
    unsafe ck_complex_gram(count, stride, planes, side == .columns ? 1 : 0, result.planes, scratch)
    withExtendedLifetime(self) {}
  }

  /// Gram matrices: A Aᴴ or Aᴴ A.
  public func gram(of side: GramSide) -> ComplexMatrices {
    let size = side == .rows ? rows : columns
    var result = ComplexMatrices(count: count, rows: size, columns: size)
    var workspace = ComplexWorkspace()
    formGram(of: side, into: &result, workspace: &workspace)
    return result
  }
}
