import Testing

@testable import Tensor

@Suite struct ComplexNormsTests {
  @Test func normsAreThoseOfNumPy() {
    let a = ComplexSamples.matrix(ComplexReference.left, 3, 4)
    // 2k roundings of a sum of squares, and a root: (k + 1) u each way.
    for (norm, expected) in zip(a.columnNorms(), stride(from: 0, to: 8, by: 2).map { ComplexReference.columnNorms[$0] }) {
      #expect(abs(norm - expected) <= 8 * ComplexSamples.u * expected)
    }
    for (norm, expected) in zip(a.rowNorms(), stride(from: 0, to: 6, by: 2).map { ComplexReference.rowNorms[$0] }) {
      #expect(abs(norm - expected) <= 10 * ComplexSamples.u * expected)
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 17]) func normsAreOrderedByMatrix(count: Int) {
    // Single elements 3 + 4i, scaled by the matrix, so that every norm is exact.
    let a = ComplexMatrices(count: count, rows: 2, columns: 3) { $1 == 1 ? Complex(3, 4) * Double(($0 + 1) * (1 << $2)) : .zero }
    var expected: [Double] = []
    for matrix in 0..<count { expected += [5, 10, 20].map { $0 * Double(matrix + 1) } }
    #expect(a.columnNorms() == expected)
    #expect(a.conjugateTranspose.rowNorms() == a.columnNorms())
    #expect(a.rowNorms().count == 2 * count && stride(from: 0, to: 2 * count, by: 2).allSatisfy { a.rowNorms()[$0] == 0 })
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var norms = [0.0]
      ComplexMatrices(count: 1, rows: 1, columns: 2).formColumnNorms(into: &norms)
    }
    await #expect(processExitsWith: .failure) {
      var norms = [0.0, 0.0]
      ComplexMatrices(count: 1, rows: 1, columns: 2).formRowNorms(into: &norms)
    }
  }
}
