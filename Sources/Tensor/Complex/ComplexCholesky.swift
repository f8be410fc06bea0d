import CKernels

extension ComplexMatrices {
  /// Cholesky factors of Hermitian positive definite matrices: result ← L with A = L Lᴴ, L lower triangular with a positive diagonal.
  ///
  /// L_jj = √(A_jj − Σ_{k<j} |L_jk|²), L_ij = (A_ij − Σ_{k<j} L_ik L_jk*) / L_jj (Golub and Van Loan, Matrix Computations, 4.2). Only the
  /// lower half of A is read, and of its diagonal only the real parts. The backward error |A − L Lᴴ| is at most about (2 M + 4) 2⁻⁵³ max A_ii per element.
  ///
  /// - Parameters:
  ///   - result: Receives `[E, M, M]`. All elements of a matrix that fails are NaN.
  ///   - isPositiveDefinite: Receives for each matrix whether all its pivots (the numbers under the root) were positive and finite. `[E]`
  ///   - workspace: Memory that is reused from call to call.
  /// - Complexity: O(E M³)
  public func formCholeskyFactor(into result: inout ComplexMatrices, isPositiveDefinite: inout [Bool], workspace: inout ComplexWorkspace) {
    precondition(
      rows == columns && result.hasShape(count, rows, rows) && isPositiveDefinite.count == count,
      "ComplexMatrices.formCholeskyFactor: \(shape) into \(result.shape) and \(isPositiveDefinite.count) flags")
    result.makeUnique()
    let scratch = unsafe workspace.reserve(elements: rows * rows, reals: rows)
    unsafe isPositiveDefinite.withUnsafeMutableBytes {
      unsafe ck_complex_cholesky(count, stride, planes, result.planes, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), scratch)
    }
    withExtendedLifetime(self) {}
  }

  /// Cholesky factors L of Hermitian positive definite matrices A = L Lᴴ, and for each whether it has one; those that have none are NaN.
  public func choleskyFactor() -> (factor: ComplexMatrices, isPositiveDefinite: [Bool]) {
    precondition(rows == columns, "ComplexMatrices.choleskyFactor: \(shape) is not square")
    var result = ComplexMatrices(count: count, rows: rows, columns: rows)
    var flags = [Bool](repeating: false, count: count)
    var workspace = ComplexWorkspace()
    formCholeskyFactor(into: &result, isPositiveDefinite: &flags, workspace: &workspace)
    return (result, flags)
  }

  /// Solves L Lᴴ X = B, where these matrices are Cholesky factors L: result ← X.
  ///
  /// Forward and backward substitution. A factor of NaN, or with a zero on its diagonal, gives no finite numbers.
  ///
  /// - Parameters:
  ///   - rightSides: B, `[E, M, N]` for factors `[E, M, M]`.
  ///   - result: Receives `[E, M, N]`.
  ///   - workspace: Memory that is reused from call to call.
  /// - Complexity: O(E M² N)
  public func solveCholesky(_ rightSides: ComplexMatrices, into result: inout ComplexMatrices, workspace: inout ComplexWorkspace) {
    precondition(
      rows == columns && rightSides.count == count && rightSides.rows == rows && result.hasShape(count, rows, rightSides.columns),
      "ComplexMatrices.solveCholesky: factors \(shape) for \(rightSides.shape) into \(result.shape)")
    result.makeUnique()
    let scratch = unsafe workspace.reserve(elements: rows * (rows + rightSides.columns), reals: rows)
    unsafe ck_complex_solve(count, stride, planes, rightSides.planes, result.planes, scratch)
    withExtendedLifetime((self, rightSides)) {}
  }

  /// The solutions X of L Lᴴ X = B, where these matrices are Cholesky factors L.
  public func solveCholesky(_ rightSides: ComplexMatrices) -> ComplexMatrices {
    var result = ComplexMatrices(count: count, rows: rows, columns: rightSides.columns)
    var workspace = ComplexWorkspace()
    solveCholesky(rightSides, into: &result, workspace: &workspace)
    return result
  }

  /// Inverses of Hermitian positive definite matrices: result ← A⁻¹ = L⁻ᴴ L⁻¹.
  ///
  /// Reads the lower half of A. The inverse equals its conjugate transpose exactly; its diagonal is real and positive.
  ///
  /// - Parameters:
  ///   - result: Receives `[E, M, M]`. All elements of a matrix that fails are NaN.
  ///   - isPositiveDefinite: Receives for each matrix whether it has a Cholesky factor. `[E]`
  ///   - workspace: Memory that is reused from call to call.
  /// - Complexity: O(E M³)
  public func formHermitianInverse(into result: inout ComplexMatrices, isPositiveDefinite: inout [Bool], workspace: inout ComplexWorkspace) {
    precondition(
      rows == columns && result.hasShape(count, rows, rows) && isPositiveDefinite.count == count,
      "ComplexMatrices.formHermitianInverse: \(shape) into \(result.shape) and \(isPositiveDefinite.count) flags")
    result.makeUnique()
    let scratch = unsafe workspace.reserve(elements: rows * rows, reals: rows)
    unsafe isPositiveDefinite.withUnsafeMutableBytes {
      unsafe ck_complex_inverse(count, stride, planes, result.planes, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), scratch)
    }
    withExtendedLifetime(self) {}
  }

  /// Inverses of Hermitian positive definite matrices, and for each whether it is positive definite; those that are not become NaN.
  public func hermitianInverse() -> (inverse: ComplexMatrices, isPositiveDefinite: [Bool]) {
    precondition(rows == columns, "ComplexMatrices.hermitianInverse: \(shape) is not square")
    var result = ComplexMatrices(count: count, rows: rows, columns: rows)
    var flags = [Bool](repeating: false, count: count)
    var workspace = ComplexWorkspace()
    formHermitianInverse(into: &result, isPositiveDefinite: &flags, workspace: &workspace)
    return (result, flags)
  }

  /// Natural logarithms of determinants from Cholesky factors: ln det (L Lᴴ) = 2 Σ_i ln L_ii, where these matrices are the factors.
  ///
  /// With A = I + ρ H Hᴴ this is the rate of a link of many antennas in nats (Telatar 1999, theorem 1). NaN where the factor is.
  ///
  /// - Parameter result: Receives one number for each matrix. `[E]`
  /// - Complexity: O(E M)
  public func formCholeskyLogDeterminant(into result: inout [Double]) {
    precondition(rows == columns && result.count == count, "ComplexMatrices.formCholeskyLogDeterminant: \(shape) into \(result.count) numbers")
    for matrix in 0..<count {
      var sum = 0.0
      for i in 0..<rows { sum += Math.log(unsafe storage.pointer[place(i, i) + matrix]) }
      result[matrix] = 2 * sum
    }
  }

  /// Natural logarithms of determinants from Cholesky factors. `[E]`
  public func choleskyLogDeterminant() -> [Double] {
    var result = [Double](repeating: 0, count: count)
    formCholeskyLogDeterminant(into: &result)
    return result
  }
}
