import Testing

@testable import Tensor

@Suite struct ComplexMatricesTests {
  @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 1024]) func matricesAreTheFastestIndex(count: Int) {
    let a = ComplexMatrices(count: count, rows: 2, columns: 3) { Complex(Double(100 * $0 + 10 * $1 + $2), -Double($0)) }
    #expect(a.stride >= count && a.stride % 8 == 0 && a.stride < count + 16 && (a.stride % 64 != 0 || count == 0))
    #expect(unsafe Int(bitPattern: a.storage.pointer) % 64 == 0)
    #expect(a.real.count == 6 * a.stride && a.imaginary.count == 6 * a.stride)
    for matrix in 0..<count {
      for place in 0..<6 {
        #expect(a.real[place * a.stride + matrix] == Double(100 * matrix + 10 * (place / 3) + place % 3))
        #expect(a.imaginary[place * a.stride + matrix] == -Double(matrix))
      }
    }
    #expect(a.elements.count == 6 * count && a == ComplexMatrices(a.elements, count: count, rows: 2, columns: 3))
  }

  @Test func copiesAreValues() {
    var a = ComplexMatrices(count: 3, rows: 1, columns: 2)
    let b = a
    a[matrix: 2, row: 0, column: 1] = Complex(1, 2)
    #expect(a[matrix: 2, row: 0, column: 1] == Complex(1, 2) && b[matrix: 2, row: 0, column: 1] == .zero && a != b)
    var c = a
    c.withMutablePlanes { real, imaginary in
      real[a.stride + 2] = 5
      imaginary[0] = -1
    }
    #expect(c[matrix: 2, row: 0, column: 1] == Complex(5, 2) && c[matrix: 0, row: 0, column: 0] == Complex(0, -1))
    #expect(a[matrix: 2, row: 0, column: 1] == Complex(1, 2))
    var d = c
    d.addToDiagonal(3)
    #expect(d[matrix: 1, row: 0, column: 0] == Complex(3) && d[matrix: 1, row: 0, column: 1] == .zero && c[matrix: 1, row: 0, column: 0] == .zero)
  }

  @Test func equalityIsOfShapesAndElementsAndNotOfPadding() {
    let a = ComplexSamples.normal(5, 2, 2, seed: 1)
    var b = a
    b.withMutablePlanes { real, imaginary in
      real[5] = 1
      imaginary[7] = .nan
    }
    #expect(a == b)
    b[matrix: 4, row: 1, column: 1].imaginary += 1
    #expect(a != b)
    #expect(ComplexMatrices(count: 1, rows: 2, columns: 1) != ComplexMatrices(count: 1, rows: 1, columns: 2))
    #expect(ComplexMatrices(count: 0, rows: 2, columns: 1) != ComplexMatrices(count: 1, rows: 2, columns: 1))
    b = ComplexMatrices(count: 1, rows: 1, columns: 1) { _, _, _ in Complex(.nan) }
    #expect(b != b)
  }

  @Test func transposesAndIdentity() {
    let a = ComplexSamples.normal(9, 3, 2, seed: 2)
    let transpose = a.conjugateTranspose
    #expect(transpose == ComplexSamples.adjoint(a) && transpose.conjugateTranspose == a)
    let identity = ComplexMatrices.identity(count: 2, size: 3)
    #expect(identity == ComplexMatrices(count: 2, rows: 3, columns: 3) { $1 == $2 ? .one : .zero })
    #expect(ComplexMatrices(count: 0, rows: 2, columns: 5).conjugateTranspose == ComplexMatrices(count: 0, rows: 5, columns: 2))
  }

  @Test func descriptionShowsTheFirstElements() {
    #expect(ComplexMatrices.identity(count: 1, size: 1).description == "ComplexMatrices[1, 1, 1](1.0 + 0.0i)")
    #expect(ComplexMatrices(count: 2, rows: 1, columns: 1).description == "ComplexMatrices[2, 1, 1](0.0 + 0.0i, …)")
    #expect(ComplexMatrices(count: 0, rows: 1, columns: 1).description == "ComplexMatrices[0, 1, 1]()")
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = ComplexMatrices(count: 1, rows: -1, columns: 2) }
    await #expect(processExitsWith: .failure) { _ = ComplexMatrices([.one], count: 1, rows: 1, columns: 2) }
    await #expect(processExitsWith: .failure) { _ = ComplexMatrices(count: 3, rows: 1, columns: 2)[matrix: 3, row: 0, column: 0] }
    await #expect(processExitsWith: .failure) {
      var a = ComplexMatrices(count: 3, rows: 1, columns: 2)
      a[matrix: 0, row: 0, column: -1] = .one
    }
    await #expect(processExitsWith: .failure) {
      var result = ComplexMatrices(count: 1, rows: 2, columns: 3)
      ComplexMatrices(count: 1, rows: 2, columns: 3).formConjugateTranspose(into: &result)
    }
  }
}
