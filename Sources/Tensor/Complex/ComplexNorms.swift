import CKernels

extension ComplexMatrices {
  /// Euclidean norms of columns: ‖a_c‖ = √(Σ_r |A_rc|²), summed in order of r, without protection from overflow.
  ///
  /// - Parameter result: Receives `[E, N]`.
  public func formColumnNorms(into result: inout [Double]) {
    precondition(result.count == count * columns, "ComplexMatrices.formColumnNorms: \(shape) into \(result.count) numbers")
    unsafe result.withUnsafeMutableBufferPointer { unsafe ck_complex_norms(count, stride, planes, 0, $0.baseAddress) }
    withExtendedLifetime(self) {}
  }

  /// Euclidean norms of columns. `[E, N]`
  public func columnNorms() -> [Double] {
    var result = [Double](repeating: 0, count: count * columns)
    formColumnNorms(into: &result)
    return result
  }

  /// Euclidean norms of rows: ‖a_r‖ = √(Σ_c |A_rc|²), summed in order of c, without protection from overflow.
  ///
  /// - Parameter result: Receives `[E, M]`.
  public func formRowNorms(into result: inout [Double]) {
    precondition(result.count == count * rows, "ComplexMatrices.formRowNorms: \(shape) into \(result.count) numbers")
    unsafe result.withUnsafeMutableBufferPointer { unsafe ck_complex_norms(count, stride, planes, 1, $0.baseAddress) }
    withExtendedLifetime(self) {}
  }

  /// Euclidean norms of rows. `[E, M]`
  public func rowNorms() -> [Double] {
    var result = [Double](repeating: 0, count: count * rows)
    formRowNorms(into: &result)
    return result
  }
}
