import Tensor
import Testing

@Suite struct ComplexTests {
  @Test func arithmeticFollowsTheDefinition() {
    let (a, b) = (Complex(3, -2), Complex(-1, 4))
    #expect(a + b == Complex(2, 2) && a - b == Complex(4, -6) && -a == Complex(-3, 2))
    // (3 − 2i)(−1 + 4i) = −3 + 12i + 2i + 8.
    #expect(a * b == Complex(5, 14) && (a * b) / b == a && a * 2 == Complex(6, -4) && 0.5 * a == Complex(1.5, -1))
    #expect(Complex.i * .i == Complex(-1) && Complex.one / .i == Complex(0, -1))
    #expect(a.conjugate == Complex(3, 2) && a.squaredMagnitude == 13 && Complex(3, 4).magnitude == 5)
    var c = a
    c += b
    c -= a
    c *= a
    c /= a
    #expect(c == b)
    #expect("\(a)" == "3.0 - 2.0i" && "\(b)" == "-1.0 + 4.0i")
  }

  @Test func extremesNeitherOverflowNorVanish() {
    // 3-4-5 triangles at both ends of the range; the smallest is exact as well: 3, 4 and 5 times 2⁻¹⁰⁷⁴.
    let tiny = Double.leastNonzeroMagnitude
    #expect(Complex(3e300, -4e300).magnitude == 5e300 && Complex(0x3p1020, 0x4p1020).magnitude == 0x5p1020)
    #expect(Complex(3 * tiny, 4 * tiny).magnitude == 5 * tiny && Complex(0, -tiny).magnitude == tiny)
    #expect(Complex.zero.magnitude == 0 && Complex(-.infinity, .nan).magnitude == .infinity && Complex(.nan, 1).magnitude.isNaN)
    #expect(Complex(1, .nan).magnitude.isNaN && Complex(1e-300, 1).magnitude == 1)
    let huge = Complex(0x1p1023, 0x1p1023)
    #expect(huge / huge == .one && huge / Complex(2) == Complex(0x1p1022, 0x1p1022))
    #expect(Complex(4 * tiny, 8 * tiny) / Complex(4 * tiny) == Complex(1, 2) && Complex(1) / Complex(0, 0x1p1000) == Complex(0, -0x1p-1000))
    let byZero = Complex.one / .zero
    #expect(byZero.real.isNaN && byZero.imaginary.isNaN && Complex.zero / .i == .zero && (Complex(.infinity) / .one).real.isNaN)
  }
}
