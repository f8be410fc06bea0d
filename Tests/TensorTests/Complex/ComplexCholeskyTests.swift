import Foundation
import Testing

@testable import Tensor

/// Bounds on rounding, for matrices of n rows with condition κ, relative to the norm of what is computed:
///
/// - factor, backward: A + ΔA = L Lᴴ, where an element takes 2n products of real numbers, a reciprocal and a product (Higham 2002, theorem 10.3,
///   with √2 for complex numbers, rounded up to 2): ‖ΔA‖ ≤ 2 (2n + 4) u ‖L‖_F² ≤ 2 (2n + 4) n u ‖A‖;
/// - solutions and inverses: κ times three of these, for the factor and two triangles.
@Suite struct ComplexCholeskyTests {
  static func backward(_ n: Int) -> Double { 2 * Double(2 * n + 4) * Double(n) * ComplexSamples.u }

  static let references = [
    (
      5.3, ComplexReference.positive, ComplexReference.positiveFactor, ComplexReference.positiveInverse, ComplexReference.positiveLogDeterminant[0]
    ),
    (
      1.001e6, ComplexReference.positiveHard, ComplexReference.positiveHardFactor, ComplexReference.positiveHardInverse,
      ComplexReference.positiveHardLogDeterminant[0]
    ),
  ]

  @Test(arguments: 0..<2) func factorsAndInversesAreThoseOfTheReference(index: Int) {
    let (condition, numbers, factorNumbers, inverseNumbers, logDeterminant) = Self.references[index]
    let a = ComplexSamples.matrix(numbers, 5, 5)
    let (factor, isPositiveDefinite) = a.choleskyFactor()
    #expect(isPositiveDefinite == [true])
    #expect(ComplexSamples.relativeError(ComplexSamples.product(factor, ComplexSamples.adjoint(factor)), a) < 2 * Self.backward(5))
    // A factor moves by κ ‖ΔA‖ / ‖A‖ at most (Sun 1991), NumPy's as well.
    #expect(ComplexSamples.relativeError(factor, ComplexSamples.matrix(factorNumbers, 5, 5)) < 2 * condition * Self.backward(5))
    let inverse = ComplexSamples.matrix(inverseNumbers, 5, 5)
    let bound = 3 * condition * Self.backward(5)
    let (computed, isInvertible) = a.hermitianInverse()
    #expect(isInvertible == [true] && ComplexSamples.isHermitian(computed) && ComplexSamples.relativeError(computed, inverse) < bound)
    #expect(ComplexSamples.relativeError(factor.solveCholesky(.identity(count: 1, size: 5)), inverse) < bound)
    // |Δ ln det A| ≤ tr |A⁻¹ ΔA| ≤ n κ ‖ΔA‖ / ‖A‖, on both sides.
    #expect(abs(factor.choleskyLogDeterminant()[0] - logDeterminant) < 2 * 5 * condition * Self.backward(5))
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8, 16]) func identitiesHold(n: Int) {
    let half = ComplexSamples.normal(19, n, n + 3, seed: n)
    let a = half.gram(of: .rows)
    let (factor, isPositiveDefinite) = a.choleskyFactor()
    #expect(isPositiveDefinite.allSatisfy { $0 })
    #expect(ComplexSamples.relativeError(ComplexSamples.product(factor, ComplexSamples.adjoint(factor)), a) < 2 * Self.backward(n))
    let (inverse, _) = a.hermitianInverse()
    let right = ComplexSamples.normal(19, n, 7, seed: 50)
    let solution = factor.solveCholesky(right)
    let logDeterminants = factor.choleskyLogDeterminant()
    for matrix in 0..<19 {
      var product = 1.0
      for row in 0..<n {
        let diagonal = factor[matrix: matrix, row: row, column: row]
        #expect(diagonal.real > 0 && diagonal.imaginary == 0)
        #expect((row + 1..<n).allSatisfy { factor[matrix: matrix, row: row, column: $0] == .zero })
        product *= diagonal.real * diagonal.real
      }
      // n logarithms of at most 2 ulp and their sum against one of the product; |ln| stays below 20 n.
      #expect(abs(logDeterminants[matrix] - Foundation.log(product)) <= 100 * Double(n * n) * ComplexSamples.u)
      let one = ComplexSamples.pick([matrix], of: a)
      let inverseOfOne = ComplexSamples.pick([matrix], of: inverse)
      let size = { (m: ComplexMatrices) in m.elements.reduce(0) { $0 + $1.squaredMagnitude }.squareRoot() }
      let condition = size(one) * size(inverseOfOne)
      let bound = 3 * condition * Self.backward(n)
      #expect(ComplexSamples.relativeError(ComplexSamples.product(inverseOfOne, one), .identity(count: 1, size: n)) < bound)
      let residual = ComplexSamples.relativeError(
        ComplexSamples.product(one, ComplexSamples.pick([matrix], of: solution)), ComplexSamples.pick([matrix], of: right))
      #expect(residual < bound)
    }
    #expect(ComplexSamples.isHermitian(inverse))
  }

  @Test func smallMatricesHaveTheirClosedForms() {
    let single = ComplexMatrices([Complex(4), Complex(9)], count: 2, rows: 1, columns: 1)
    #expect(single.choleskyFactor().factor.elements == [Complex(2), Complex(3)])
    #expect(single.choleskyFactor().factor.choleskyLogDeterminant() == [2 * Math.log(2), 2 * Math.log(3)])
    #expect(single.hermitianInverse().inverse[matrix: 0, row: 0, column: 0] == Complex(0.25))
    // [[4, 2 − 2i], [2 + 2i, 3]] = L Lᴴ with L = [[2, 0], [1 + i, 1]]; its determinant is 4.
    let a = ComplexMatrices([Complex(4), Complex(2, -2), Complex(2, 2), Complex(3)], count: 1, rows: 2, columns: 2)
    #expect(a.choleskyFactor().factor.elements == [Complex(2), .zero, Complex(1, 1), .one])
    #expect(a.hermitianInverse().inverse.elements == [Complex(0.75), Complex(-0.5, 0.5), Complex(-0.5, -0.5), .one])
    // Only the lower half counts, and of the diagonal only real parts.
    let lower = ComplexMatrices([Complex(4, 7), Complex(.nan), Complex(2, 2), Complex(3, -1)], count: 1, rows: 2, columns: 2)
    #expect(lower.choleskyFactor() == a.choleskyFactor() && lower.hermitianInverse() == a.hermitianInverse())
  }

  @Test func failedPivotsMarkTheirMatrixAlone() {
    let size = 3
    let good = ComplexSamples.normal(20, size, 6, seed: 7).gram(of: .rows)
    var a = good
    // A negative and a zero first pivot, a negative later one ([[1, 2], [2, 1]] has the eigenvalue −1), a zero last one, NaN, infinity.
    let failing = [0, 3, 8, 9, 17, 19]
    a[matrix: 0, row: 0, column: 0] = Complex(-1)
    for row in 0..<size { for column in 0..<size { a[matrix: 3, row: row, column: column] = .zero } }
    for row in 0..<size { for column in 0..<size { a[matrix: 8, row: row, column: column] = row == column ? .one : Complex(2) } }
    for row in 0..<size { for column in 0..<size { a[matrix: 9, row: row, column: column] = row == column && row < 2 ? .one : .zero } }
    a[matrix: 17, row: 2, column: 1] = Complex(0, .nan)
    a[matrix: 19, row: 1, column: 1] = Complex(.infinity)
    let (factor, isPositiveDefinite) = a.choleskyFactor()
    let (inverse, isInvertible) = a.hermitianInverse()
    #expect(isPositiveDefinite == (0..<20).map { !failing.contains($0) } && isInvertible == isPositiveDefinite)
    let solution = factor.solveCholesky(a)
    let logDeterminants = factor.choleskyLogDeterminant()
    for matrix in failing {
      for result in [factor, inverse] {
        #expect(ComplexSamples.pick([matrix], of: result).elements.allSatisfy { $0.real.isNaN && $0.imaginary.isNaN })
      }
      #expect(ComplexSamples.pick([matrix], of: solution).elements.allSatisfy { $0.real.isNaN } && logDeterminants[matrix].isNaN)
    }
    let others = (0..<20).filter { !failing.contains($0) }
    #expect(ComplexSamples.pick(others, of: factor) == ComplexSamples.pick(others, of: good.choleskyFactor().factor))
    #expect(ComplexSamples.pick(others, of: inverse) == ComplexSamples.pick(others, of: good.hermitianInverse().inverse))
  }

  @Test func emptyBatchesAndSizes() {
    let none = ComplexMatrices(count: 0, rows: 3, columns: 3)
    #expect(none.choleskyFactor() == (none, []) && none.hermitianInverse() == (none, []) && none.solveCholesky(none) == none)
    #expect(none.choleskyLogDeterminant() == [])
    let zero = ComplexMatrices(count: 2, rows: 0, columns: 0)
    #expect(zero.choleskyFactor() == (zero, [true, true]) && zero.choleskyLogDeterminant() == [0, 0])
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = ComplexMatrices(count: 1, rows: 2, columns: 3).choleskyFactor() }
    await #expect(processExitsWith: .failure) { _ = ComplexMatrices(count: 1, rows: 2, columns: 3).hermitianInverse() }
    await #expect(processExitsWith: .failure) { _ = ComplexMatrices(count: 1, rows: 2, columns: 3).choleskyLogDeterminant() }
    await #expect(processExitsWith: .failure) {
      _ = ComplexMatrices(count: 1, rows: 2, columns: 2).solveCholesky(ComplexMatrices(count: 1, rows: 3, columns: 2))
    }
    await #expect(processExitsWith: .failure) {
      let a = ComplexMatrices.identity(count: 2, size: 2)
      var (result, flags, workspace) = (a, [true], ComplexWorkspace())
      a.formCholeskyFactor(into: &result, isPositiveDefinite: &flags, workspace: &workspace)
    }
    await #expect(processExitsWith: .failure) {
      let a = ComplexMatrices.identity(count: 2, size: 2)
      var (result, flags, workspace) = (ComplexMatrices.identity(count: 2, size: 3), [true, true], ComplexWorkspace())
      a.formHermitianInverse(into: &result, isPositiveDefinite: &flags, workspace: &workspace)
    }
  }
}
