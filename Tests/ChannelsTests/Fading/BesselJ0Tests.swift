import Channels
import Testing

@Suite struct BesselJ0Tests {
  /// x and J₀(x), from mpmath 1.3.0 with 200 bits. The seventh and eighth rows are its first two zeros, rounded.
  static let reference: [Double] = [
    0.0, 1.0,
    1e-09, 1.0,
    0.01, 0.9999750001562495,
    0.5, 0.9384698072408129,
    1.0, 0.7651976865579666,
    2.0, 0.22389077914123567,
    2.404825557695773, -6.10876525973673e-17,
    5.520078110286311, -2.7522649432621832e-17,
    3.7, -0.39923020337119114,
    8.0, 0.1716508071375539,
    12.3, 0.11079795030758544,
    19.9, 0.17287775639261846,
    24.999, 0.09614138240616853,
    25.0, 0.09626678327595811,
    25.0001, 0.09627931779449196,
    31.4, 0.09865374409157311,
    50.0, 0.055812327669251816,
    99.5, -0.019543066407440784,
    1000.0, 0.024786686152420176,
    12345.678, 3.058671332275825e-05,
  ]

  @Test func agreesWithTheReference() {
    for row in stride(from: 0, to: BesselJ0Tests.reference.count, by: 2) {
      let x = BesselJ0Tests.reference[row]
      #expect(abs(Bessel.j0(x) - BesselJ0Tests.reference[row + 1]) < (x > 100 ? 1e-13 : 1e-14), "at \(x)")
      #expect(Bessel.j0(-x) == Bessel.j0(x))
    }
  }

  @Test func solvesItsDifferentialEquation() {
    // x J'' + J' + x J = 0 by central differences, across the change of method at 25.
    let h = 1e-3
    for x in stride(from: 0.5, to: 40, by: 0.25) {
      let (a, b, c) = (Bessel.j0(x - h), Bessel.j0(x), Bessel.j0(x + h))
      let residual = x * (a - 2 * b + c) / (h * h) + (c - a) / (2 * h) + x * b
      #expect(abs(residual) < 1e-5)
    }
  }
}
