import Testing

@testable import Tensor

@Suite struct ComplexPseudoInverseTests {
  /// The relative error for n rows (or columns, the fewer) of length w and condition κ.
  ///
  /// The Gram matrix has the error 2 (2w + 2) u ‖A‖_F² ≤ 2 (2w + 2) n u ‖G‖, its factor and two triangles the bounds of
  /// `ComplexCholeskyTests`; a relative error ε of G becomes κ(G) ε = κ² ε in G⁻¹. A factor of 2 covers the norms.
  static func bound(_ n: Int, _ w: Int, condition: Double) -> Double {
    2 * condition * condition * (2 * Double(2 * w + 2) * Double(n) * ComplexSamples.u + 3 * ComplexCholeskyTests.backward(n))
  }

  static let references = [
    (4, 8, 2.8, ComplexReference.wide, ComplexReference.widePseudoInverse),
    (8, 4, 2.5, ComplexReference.tall, ComplexReference.tallPseudoInverse),
    (3, 6, 1.001e6, ComplexReference.wideHard, ComplexReference.wideHardPseudoInverse),
    (6, 3, 1.001e6, ComplexReference.tallHard, ComplexReference.tallHardPseudoInverse),
  ]

  @Test(arguments: 0..<4) func pseudoInversesAreThoseOfTheReference(index: Int) {
    let (rows, columns, condition, numbers, expected) = Self.references[index]
    let (inverse, isFullRank) = ComplexSamples.matrix(numbers, rows, columns).pseudoInverse()
    let bound = Self.bound(min(rows, columns), max(rows, columns), condition: condition)
    #expect(isFullRank == [true])
    #expect(ComplexSamples.relativeError(inverse, ComplexSamples.matrix(expected, columns, rows)) < bound)
  }

  @Test func loadingGivesTheRegularisedInverse() {
    // The loaded Gram matrix is better conditioned than the bare one.
    let (inverse, isFullRank) = ComplexSamples.matrix(ComplexReference.wide, 4, 8).pseudoInverse(loading: 0.5)
    #expect(isFullRank == [true])
    #expect(ComplexSamples.relativeError(inverse, ComplexSamples.matrix(ComplexReference.wideLoaded, 8, 4)) < Self.bound(4, 8, condition: 2.8))
    // Without full rank there is still a regularised inverse: of zero it is zero.
    let (zero, isFull) = ComplexMatrices(count: 1, rows: 2, columns: 3).pseudoInverse(loading: 1)
    #expect(isFull == [true] && zero == ComplexMatrices(count: 1, rows: 3, columns: 2))
  }

  @Test(arguments: [(1, 1), (1, 5), (5, 1), (2, 2), (4, 8), (8, 4), (3, 7), (7, 3), (16, 32), (16, 64), (64, 16)])
  func penroseConditionsHold(rows: Int, columns: Int) {
    let a = ComplexSamples.normal(12, rows, columns, seed: 9)
    let (inverse, isFullRank) = a.pseudoInverse()
    #expect(isFullRank.allSatisfy { $0 })
    for matrix in 0..<12 {
      let (one, plus) = (ComplexSamples.pick([matrix], of: a), ComplexSamples.pick([matrix], of: inverse))
      let size = { (m: ComplexMatrices) in m.elements.reduce(0) { $0 + $1.squaredMagnitude }.squareRoot() }
      let bound = Self.bound(min(rows, columns), max(rows, columns), condition: size(one) * size(plus))
      let (left, right) = (ComplexSamples.product(one, plus), ComplexSamples.product(plus, one))
      #expect(ComplexSamples.relativeError(ComplexSamples.product(left, one), one) < bound)
      #expect(ComplexSamples.relativeError(ComplexSamples.product(plus, left), plus) < bound)
      #expect(ComplexSamples.relativeError(left, ComplexSamples.adjoint(left)) < bound)
      #expect(ComplexSamples.relativeError(right, ComplexSamples.adjoint(right)) < bound)
    }
  }

  @Test func smallMatricesHaveTheirClosedForms() {
    #expect(ComplexMatrices([Complex(0, 2)], count: 1, rows: 1, columns: 1).pseudoInverse().inverse.elements == [Complex(0, -0.5)])
    // Columns (1, i) and (1, 1): Gram matrix [[2, 1 − i], [1 + i, 2]] with inverse [[1, (−1 + i) / 2], [(−1 − i) / 2, 1]].
    let a = ComplexMatrices([.one, .one, .i, .one], count: 1, rows: 2, columns: 2)
    let expected = [Complex(0.5, 0.5), Complex(-0.5, -0.5), Complex(0.5, -0.5), Complex(0.5, 0.5)]
    for (x, y) in zip(ComplexSamples.product(a, a.pseudoInverse().inverse).elements, [Complex.one, .zero, .zero, .one]) {
      #expect((x - y).magnitude < Self.bound(2, 2, condition: 2.5))
    }
    #expect(ComplexSamples.product(a, ComplexMatrices(expected, count: 1, rows: 2, columns: 2)) == .identity(count: 1, size: 2))
    #expect(
      ComplexSamples.relativeError(a.pseudoInverse().inverse, ComplexMatrices(expected, count: 1, rows: 2, columns: 2))
        < Self.bound(2, 2, condition: 2.5))
  }

  @Test(arguments: [1, 1e-100, 1e100]) func matricesWithoutFullRankAreMarked(scale: Double) {
    // Of the twelve, some without full rank: zero; a zero row; two equal rows; a row that is a multiple of another; a sum of rows; and rows at an angle of 10⁻⁹.
    var a = ComplexSamples.normal(12, 4, 8, seed: 12)
    let failing = [0, 2, 3, 7, 8, 11]
    for column in 0..<8 {
      for row in 0..<4 { a[matrix: 0, row: row, column: column] = .zero }
      a[matrix: 2, row: 3, column: column] = .zero
      a[matrix: 3, row: 3, column: column] = a[matrix: 3, row: 1, column: column]
      a[matrix: 7, row: 2, column: column] = a[matrix: 7, row: 0, column: column] * Complex(0.3, -1.7)
      a[matrix: 8, row: 3, column: column] = a[matrix: 8, row: 0, column: column] + a[matrix: 8, row: 1, column: column]
      a[matrix: 11, row: 1, column: column] = a[matrix: 11, row: 0, column: column] + a[matrix: 11, row: 2, column: column] * 1e-9
    }
    let scaled = ComplexMatrices(count: 12, rows: 4, columns: 8) { a[matrix: $0, row: $1, column: $2] * scale }
    for matrices in [scaled, scaled.conjugateTranspose] {
      let (inverse, isFullRank) = matrices.pseudoInverse()
      #expect(isFullRank == (0..<12).map { !failing.contains($0) })
      for matrix in 0..<12 {
        let elements = ComplexSamples.pick([matrix], of: inverse).elements
        #expect(elements.allSatisfy { failing.contains(matrix) ? $0.real.isNaN && $0.imaginary.isNaN : $0.isFinite })
      }
    }
  }

  @Test func leastSquaresLeavesAnOrthogonalResidual() {
    let (a, b) = (ComplexSamples.normal(9, 7, 3, seed: 13), ComplexSamples.normal(9, 7, 2, seed: 14))
    let (x, isFullRank) = a.leastSquares(b)
    #expect(isFullRank.allSatisfy { $0 } && x.rows == 3 && x.columns == 2)
    let fitted = ComplexSamples.product(a, x)
    let residual = ComplexMatrices(count: 9, rows: 7, columns: 2) {
      b[matrix: $0, row: $1, column: $2] - fitted[matrix: $0, row: $1, column: $2]
    }
    // Aᴴ (A X − B) vanishes up to the error of X; these matrices have κ < 10 and norms below 10.
    for element in ComplexSamples.product(ComplexSamples.adjoint(a), residual).elements {
      #expect(element.magnitude < 100 * Self.bound(3, 7, condition: 10))
    }
    // With more columns than rows the equations hold, and the solution lies in the span of the rows.
    let (wide, right) = (ComplexSamples.adjoint(a), ComplexSamples.normal(9, 3, 2, seed: 15))
    let solution = wide.leastSquares(right).solution
    #expect(ComplexSamples.relativeError(ComplexSamples.product(wide, solution), right) < Self.bound(3, 7, condition: 10))
  }

  @Test func emptyBatchesAndSizes() {
    let none = ComplexMatrices(count: 0, rows: 4, columns: 8).pseudoInverse()
    #expect(none == (ComplexMatrices(count: 0, rows: 8, columns: 4), []))
    let thin = ComplexMatrices(count: 2, rows: 3, columns: 0).pseudoInverse()
    #expect(thin == (ComplexMatrices(count: 2, rows: 0, columns: 3), [true, true]))
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = ComplexMatrices(count: 1, rows: 2, columns: 3).pseudoInverse(loading: -1) }
    await #expect(processExitsWith: .failure) {
      var (result, flags, workspace) = (ComplexMatrices(count: 1, rows: 2, columns: 3), [true], ComplexWorkspace())
      ComplexMatrices(count: 1, rows: 2, columns: 3).formPseudoInverse(into: &result, isFullRank: &flags, workspace: &workspace)
    }
    await #expect(processExitsWith: .failure) {
      var (result, flags, workspace) = (ComplexMatrices(count: 1, rows: 3, columns: 2), [true, true], ComplexWorkspace())
      ComplexMatrices(count: 1, rows: 2, columns: 3).formPseudoInverse(into: &result, isFullRank: &flags, workspace: &workspace)
    }
    await #expect(processExitsWith: .failure) {
      _ = ComplexMatrices(count: 1, rows: 2, columns: 3).leastSquares(ComplexMatrices(count: 1, rows: 3, columns: 1))
    }
  }
}
