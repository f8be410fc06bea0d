import Channels
import Tensor
import Testing

@Suite struct AntennaCorrelationTests {
  @Test func elementsArePowersOfTheCoefficient() {
    let r = AntennaCorrelation.exponential(size: 3, coefficient: Complex(0.5, 0.25))
    // (½ + ¼ i)² = 3/16 + ¼ i
    let expected = [
      Complex.one, Complex(0.5, 0.25), Complex(0.1875, 0.25), Complex(0.5, -0.25), .one, Complex(0.5, 0.25), Complex(0.1875, -0.25),
      Complex(0.5, -0.25), .one,
    ]
    #expect(r.elements == expected)
    #expect(r == r.conjugateTranspose)
  }

  @Test func theInverseIsTridiagonal() {
    // The matrix of a first-order Markov chain: (1 − |ρ|²) R⁻¹ has 1, 1 + |ρ|², ..., 1 on its diagonal and −ρ beside it.
    let rho = Complex(0.6, -0.5)
    let (inverse, isPositiveDefinite) = AntennaCorrelation.exponential(size: 5, coefficient: rho).hermitianInverse()
    #expect(isPositiveDefinite == [true])
    let square = rho.squaredMagnitude
    for i in 0..<5 {
      for j in 0..<5 {
        var expected = Complex.zero
        if i == j { expected = Complex(i == 0 || i == 4 ? 1 : 1 + square) }
        if j == i + 1 { expected = -rho }
        if i == j + 1 { expected = -rho.conjugate }
        #expect((inverse[matrix: 0, row: i, column: j] * (1 - square) - expected).magnitude < 1e-13)
      }
    }
  }

  @Test func fullCorrelationIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = AntennaCorrelation.exponential(size: 2, coefficient: Complex(0.6, 0.8)) }
  }
}
