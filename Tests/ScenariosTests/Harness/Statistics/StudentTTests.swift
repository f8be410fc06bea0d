import Testing

@testable import Scenarios

@Suite struct StudentTTests {
  /// The table of W. S. Gosset as printed in any textbook, three decimals.
  @Test(arguments: [
    (1.0, 0.975, 12.706), (2, 0.975, 4.303), (3, 0.975, 3.182), (4, 0.975, 2.776), (5, 0.95, 2.015), (8, 0.975, 2.306), (9, 0.975, 2.262),
    (10, 0.995, 3.169), (15, 0.9, 1.341), (30, 0.975, 2.042), (60, 0.995, 2.660), (120, 0.975, 1.980), (999, 0.975, 1.962),
  ])
  func quantilesAgreeWithTheTable(degrees: Double, probability: Double, expected: Double) {
    #expect(abs(Statistics.studentQuantile(probability, degreesOfFreedom: degrees) - expected) < 0.00051)
    #expect(abs(Statistics.studentQuantile(1 - probability, degreesOfFreedom: degrees) + expected) < 0.00051)
  }

  @Test func closedFormsOfOneAndTwoDegrees() {
    // One degree: tan(π(p − ½)). Two: (2p − 1) √(2 / (1 − (2p − 1)²)).
    #expect(abs(Statistics.studentQuantile(0.75, degreesOfFreedom: 1) - 1) < 1e-12)
    #expect(abs(Statistics.studentQuantile(0.975, degreesOfFreedom: 1) - 12.706204736174705) < 1e-11)
    #expect(abs(Statistics.studentQuantile(0.975, degreesOfFreedom: 2) - 4.302652729749464) < 1e-11)
    #expect(abs(Statistics.studentCDF(1, degreesOfFreedom: 1) - 0.75) < 1e-14)
    #expect(abs(Statistics.studentCDF(-1, degreesOfFreedom: 1) - 0.25) < 1e-14)
    #expect(Statistics.studentCDF(0, degreesOfFreedom: 7) == 0.5)
  }

  @Test func incompleteBetaOfWholeNumbersIsAPolynomial() {
    for x in [0.0, 0.01, 0.2, 0.5, 0.9, 1] {
      // I_x(1, b) = 1 − (1 − x)^b; I_x(2, 3) = 6x² − 8x³ + 3x⁴
      let rest = 1 - x
      #expect(abs(Statistics.incompleteBeta(x, 1, 4) - (1 - rest * rest * rest * rest)) < 1e-13)
      #expect(abs(Statistics.incompleteBeta(x, 2, 3) - (6 * x * x - 8 * x * x * x + 3 * x * x * x * x)) < 1e-13)
    }
  }
}
