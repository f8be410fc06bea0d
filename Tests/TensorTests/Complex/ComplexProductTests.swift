import Testing

@testable import Tensor

@Suite struct ComplexProductTests {
  /// A sum of k products of complex numbers differs from the exact one by at most (2k + 2) u Σ |a| |b| (Higham 2002, section 3.6), so two ways of
  /// adding it up by twice that; Σ |a| |b| ≤ ‖A‖_F ‖B‖_F, which is at most 10 ‖A B‖_F for the matrices here.
  static func bound(_ k: Int) -> Double { 2 * Double(2 * k + 2) * 10 * ComplexSamples.u }

  @Test func productsAreThoseOfNumPy() {
    let a = ComplexSamples.matrix(ComplexReference.left, 3, 4)
    let b = ComplexSamples.matrix(ComplexReference.right, 4, 2)
    let expected = ComplexSamples.matrix(ComplexReference.product, 3, 2)
    for adjoint in AdjointOperands.allCases {
      let left = adjoint == .left || adjoint == .both ? ComplexSamples.adjoint(a) : a
      let right = adjoint == .right || adjoint == .both ? ComplexSamples.adjoint(b) : b
      let product = left.multiplied(by: right, adjoint: adjoint)
      #expect(ComplexSamples.relativeError(product, expected) < Self.bound(4), "\(adjoint)")
    }
    #expect(ComplexSamples.relativeError(a.gram(of: .rows), ComplexSamples.matrix(ComplexReference.rowGram, 3, 3)) < Self.bound(4))
    #expect(ComplexSamples.relativeError(a.gram(of: .columns), ComplexSamples.matrix(ComplexReference.columnGram, 4, 4)) < Self.bound(3))
  }

  @Test(arguments: [(1, 1, 1), (1, 5, 2), (2, 1, 3), (3, 4, 5), (5, 2, 4), (4, 8, 4), (7, 16, 9), (16, 64, 16)])
  func productsAreThoseOfPlainLoops(m: Int, k: Int, n: Int) {
    let (a, b) = (ComplexSamples.normal(11, m, k, seed: 3), ComplexSamples.normal(11, k, n, seed: 4))
    let expected = ComplexSamples.product(a, b)
    var result = ComplexMatrices(count: 11, rows: m, columns: n)
    var workspace = ComplexWorkspace()
    for adjoint in AdjointOperands.allCases {
      let left = adjoint.isLeft ? a.conjugateTranspose : a
      let right = adjoint.isRight ? b.conjugateTranspose : b
      left.multiplied(by: right, adjoint: adjoint, into: &result, workspace: &workspace)
      for matrix in 0..<11 {
        for row in 0..<m {
          for column in 0..<n {
            let size = (0..<k).reduce(0.0) {
              $0 + a[matrix: matrix, row: row, column: $1].magnitude * b[matrix: matrix, row: $1, column: column].magnitude
            }
            let difference = result[matrix: matrix, row: row, column: column] - expected[matrix: matrix, row: row, column: column]
            #expect(difference.magnitude <= 2 * Double(2 * k + 2) * ComplexSamples.u * size)
          }
        }
      }
    }
  }

  @Test(arguments: [(1, 1), (1, 6), (6, 1), (2, 3), (5, 7), (8, 4), (16, 33)]) func gramMatricesAreHermitianProducts(m: Int, n: Int) {
    let a = ComplexSamples.normal(10, m, n, seed: 5)
    for side in GramSide.allCases {
      let gram = a.gram(of: side)
      let expected = a.multiplied(by: a, adjoint: side == .rows ? .right : .left)
      // Both sum in order of the inner index; only the two halves of an element's sum may be added the other way round.
      #expect(ComplexSamples.relativeError(gram, expected) < Self.bound(side == .rows ? n : m))
      #expect(ComplexSamples.isHermitian(gram))
      for matrix in 0..<10 {
        for i in 0..<gram.rows { #expect(gram[matrix: matrix, row: i, column: i].imaginary == 0) }
      }
    }
  }

  @Test func emptyShapesGiveEmptyOrZeroProducts() {
    let none = ComplexMatrices(count: 0, rows: 3, columns: 4)
    #expect(none.multiplied(by: none, adjoint: .right) == ComplexMatrices(count: 0, rows: 3, columns: 3))
    #expect(none.gram(of: .columns).count == 0)
    let thin = ComplexMatrices(count: 2, rows: 3, columns: 0)
    #expect(thin.gram(of: .rows) == ComplexMatrices(count: 2, rows: 3, columns: 3) && thin.gram(of: .columns).elements.isEmpty)
    #expect(thin.multiplied(by: thin, adjoint: .right) == ComplexMatrices(count: 2, rows: 3, columns: 3))
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = ComplexMatrices(count: 1, rows: 4, columns: 3).multiplied(by: ComplexMatrices(count: 1, rows: 2, columns: 5))
    }
    await #expect(processExitsWith: .failure) {
      _ = ComplexMatrices(count: 1, rows: 4, columns: 3).multiplied(by: ComplexMatrices(count: 2, rows: 3, columns: 5))
    }
    await #expect(processExitsWith: .failure) {
      _ = ComplexMatrices(count: 1, rows: 4, columns: 3).multiplied(by: ComplexMatrices(count: 1, rows: 3, columns: 4), adjoint: .left)
    }
    await #expect(processExitsWith: .failure) {
      var result = ComplexMatrices(count: 1, rows: 4, columns: 4)
      var workspace = ComplexWorkspace()
      let a = ComplexMatrices(count: 1, rows: 4, columns: 3)
      a.multiplied(by: a, adjoint: .left, into: &result, workspace: &workspace)
    }
    await #expect(processExitsWith: .failure) {
      var result = ComplexMatrices(count: 1, rows: 3, columns: 3)
      var workspace = ComplexWorkspace()
      ComplexMatrices(count: 1, rows: 4, columns: 3).formGram(of: .rows, into: &result, workspace: &workspace)
    }
  }
}
