import Testing

@testable import Channels

@Suite struct IncompleteGammaTests {
  /// a, x, P(a, x) and Q(a, x), from mpmath 1.3.0 with 60 digits (Tests/Scripts/gamma-reference.py).
  static let reference: [Double] = [
    0.5, 0.005, 0.079655674554057963, 0.92034432544594204,
    0.5, 0.25, 0.52049987781304654, 0.47950012218695346,
    0.5, 0.485, 0.67531982110157555, 0.32468017889842445,
    0.5, 0.55, 0.70573389569503711, 0.29426610430496289,
    0.5, 1.5, 0.9167354833364496, 0.083264516663550402,
    1, 0.01, 0.0099501662508319464, 0.99004983374916805,
    1, 0.5, 0.39346934028736658, 0.60653065971263342,
    1, 0.97, 0.62091696189660118, 0.37908303810339882,
    1, 1.1, 0.66712891630192045, 0.33287108369807955,
    1, 3.0, 0.95021293163213606, 0.049787068367863943,
    2.5, 0.025, 2.9209539998950103e-5, 0.99997079046000105,
    2.5, 1.25, 0.22350492887667729, 0.77649507112332271,
    2.5, 2.425, 0.56554050098838951, 0.43445949901161049,
    2.5, 2.75, 0.64205411914904154, 0.35794588085095846,
    2.5, 7.5, 0.98963766208421356, 0.010362337915786437,
    20, 0.2, 3.5626284992395299e-33, 1.0,
    20, 10.0, 0.0034543419758568077, 0.99654565802414319,
    20, 19.4, 0.47579130160892805, 0.52420869839107195,
    20, 22.0, 0.69397297943782527, 0.30602702056217473,
    20, 60.0, 0.99999999936480817, 6.3519183403789761e-10,
    300, 150.0, 3.1304151256965149e-27, 1.0,
    300, 291.0, 0.30656552223904629, 0.69343447776095371,
    300, 330.0, 0.95510977612998703, 0.044890223870012967,
    300, 900.0, 1.0, 4.1668251244249272e-120,
    10000, 9700.0, 0.001234175584468492, 0.99876582441553151,
    10000, 11000.0, 1.0, 1.6928531496469328e-22,
  ]

  @Test func agreesWithTheReference() {
    for row in stride(from: 0, to: IncompleteGammaTests.reference.count, by: 4) {
      let (a, x) = (IncompleteGammaTests.reference[row], IncompleteGammaTests.reference[row + 1])
      let (lower, upper) = (IncompleteGammaTests.reference[row + 2], IncompleteGammaTests.reference[row + 3])
      let gamma = IncompleteGamma(a, x)
      // ln Γ and a ln x, of size a ln a, have relative errors of 10⁻¹³ and 10⁻¹⁶; the smaller probability has its own relative error.
      let tolerance = 1e-12 + 2e-13 * a
      #expect(abs(gamma.lower - lower) <= tolerance * lower, "P(\(a), \(x))")
      #expect(abs(gamma.upper - upper) <= tolerance * upper, "Q(\(a), \(x))")
    }
  }

  @Test func theDensityIsTheDerivative() {
    for a in [0.5, 1, 7.3, 200] {
      for factor in [0.3, 0.99, 1.2] {
        let x = a * factor
        let h = 1e-5 * x
        let slope = (IncompleteGamma(a, x + h).lower - IncompleteGamma(a, x - h).lower) / (2 * h)
        let density = IncompleteGamma(a, x).logarithmicDensity / x
        // Rounding gives 10⁻¹⁶ / (2 h), the third derivative at most a (h / x)² times the value.
        #expect(abs(slope - density) < 1e-7 * density + 1e-13 / h)
      }
    }
  }
}
