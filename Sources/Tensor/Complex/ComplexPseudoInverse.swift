import CKernels

extension ComplexMatrices {
  /// Pseudo-inverses of matrices of full rank: result ← A⁺.
  ///
  /// A⁺ = Aᴴ (A Aᴴ + λ I)⁻¹ if M ≤ N, (Aᴴ A + λ I)⁻¹ Aᴴ if M > N, by Cholesky factors of the Gram matrix and substitution. With λ = 0 it
  /// is the Moore-Penrose inverse; λ > 0 gives the regularised one of MMSE filters and precoders. The relative error grows with the square of
  /// the condition number κ, about κ² 2⁻⁵³.
  ///
  /// A matrix counts as short of full rank where a pivot d_j of the Gram matrix G is not above 4 (M + N) 2⁻⁵³ G_jj, the size of its rounding error.
  /// d_j / G_jj is the squared sine of the angle between a row (column) and the span of those before it, so scaling A or its rows (columns)
  /// changes nothing; a κ of 10⁶ passes, one above about 10⁷ need not.
  ///
  /// - Parameters:
  ///   - loading: λ, added to the diagonal of the Gram matrix; not negative.
  ///   - result: Receives `[E, N, M]`. All elements of a matrix without full rank are NaN.
  ///   - isFullRank: Receives for each matrix whether its rank is min(M, N). `[E]`
  ///   - workspace: Memory that is reused from call to call.
  /// - Complexity: O(E min(M, N)² max(M, N))
  public func formPseudoInverse(
    loading: Double = 0, into result: inout ComplexMatrices, isFullRank: inout [Bool], workspace: inout ComplexWorkspace
  ) {
    precondition(loading >= 0, "ComplexMatrices.formPseudoInverse: loading \(loading) of \(shape)")
    precondition(
      result.hasShape(count, columns, rows) && isFullRank.count == count,
      "ComplexMatrices.formPseudoInverse: \(shape) into \(result.shape) and \(isFullRank.count) flags")
    result.makeUnique()
    let size = min(rows, columns)
    let tolerance = 4 * Double(rows + columns) * 0x1p-53
    let scratch = unsafe workspace.reserve(elements: rows * columns + size * size, reals: size)
    unsafe isFullRank.withUnsafeMutableBytes {
      unsafe ck_complex_pseudo_inverse(
        count, stride, planes, loading, tolerance, result.planes, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), scratch)
    }
    withExtendedLifetime(self) {}
  }

  /// Pseudo-inverses of matrices of full rank, and for each whether it has full rank; those that have not become NaN.
  public func pseudoInverse(loading: Double = 0) -> (inverse: ComplexMatrices, isFullRank: [Bool]) {
    var result = ComplexMatrices(count: count, rows: columns, columns: rows)
    var flags = [Bool](repeating: false, count: count)
    var workspace = ComplexWorkspace()
    formPseudoInverse(loading: loading, into: &result, isFullRank: &flags, workspace: &workspace)
    return (result, flags)
  }

  /// The solutions X = A⁺ B of A X ≈ B: of least squares if M > N, of least norm if M < N.
  ///
  /// - Parameter rightSides: B, `[E, M, K]`.
  /// - Returns: X, `[E, N, K]`, NaN where A is short of full rank; and for each matrix whether A has full rank.
  public func leastSquares(_ rightSides: ComplexMatrices) -> (solution: ComplexMatrices, isFullRank: [Bool]) {
    precondition(rightSides.count == count && rightSides.rows == rows, "ComplexMatrices.leastSquares: \(shape) for \(rightSides.shape)")
    let (inverse, isFullRank) = pseudoInverse()
    return (inverse.multiplied(by: rightSides), isFullRank)
  }
}
