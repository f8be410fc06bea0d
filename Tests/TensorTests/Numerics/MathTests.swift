import Tensor
import Testing

@Suite struct MathTests {
  /// The largest error of `function` over rows of x, f(x), rest of f(x), in units in the last place of f(x).
  private func worstError(of function: (Double) -> Double, over rows: [Double]) -> Double {
    var worst = 0.0
    for row in stride(from: 0, to: rows.count, by: 3) {
      let error = abs((function(rows[row]) - rows[row + 1]) - rows[row + 2]) / rows[row + 1].ulp
      worst = max(worst, error)
    }
    return worst
  }

  @Test func exponentialAndLogarithmsStayWithinTheirErrors() {
    #expect(worstError(of: Math.exp, over: MathReference.exponential) < 2)
    #expect(worstError(of: Math.log, over: MathReference.logarithm) < 2)
    #expect(worstError(of: Math.log2, over: MathReference.binaryLogarithm) < 2)
    #expect(worstError(of: Math.log10, over: MathReference.decimalLogarithm) < 3)
  }

  @Test func sineAndCosineStayWithinTheirErrors() {
    #expect(worstError(of: Math.sin, over: MathReference.sine) < 2)
    #expect(worstError(of: Math.cos, over: MathReference.cosine) < 2)
  }

  @Test func logGammaKeepsItsRelativeErrorNearItsZeros() {
    let rows = MathReference.logarithmOfGamma
    for row in stride(from: 0, to: rows.count, by: 3) {
      let error = abs((Math.logGamma(rows[row]) - rows[row + 1]) - rows[row + 2]) / abs(rows[row + 1])
      #expect(error < 1e-13, "logGamma(\(rows[row])) is off by \(error)")
    }
    #expect(Math.logGamma(1) == 0)
    #expect(Math.logGamma(2) == 0)
  }

  @Test func powersFollowTheirStatedError() {
    // base, exponent, base^exponent (exact where integers are, else mpmath 1.3.0).
    let rows: [Double] = [
      2, 10, 1024, 10, 15, 1e15, 10, -1, 0.1, 3, 0.5, 1.7320508075688772, 0.5, -3, 8,
      10, -14.344700169, 4.52168007279216e-15, 1.0000001, 1e7, 2.7182816941320818,
    ]
    for row in stride(from: 0, to: rows.count, by: 3) {
      let scale = 1 + abs(rows[row + 1] * Math.log(rows[row]))
      let error = abs(Math.pow(rows[row], rows[row + 1]) / rows[row + 2] - 1)
      #expect(error < 4 * scale * 0x1p-53, "\(rows[row])^\(rows[row + 1])")
    }
    #expect(Math.pow(7, 0) == 1)
  }

  @Test func exactAndLimitingCases() {
    #expect(Math.exp(0) == 1)
    #expect(Math.exp(-.infinity) == 0)
    #expect(Math.exp(710) == .infinity)
    #expect(Math.exp(-745) == .leastNonzeroMagnitude)
    // −1074 ln 2, and e^(−720), which is 41132809365 steps above zero: mpmath 1.3.0.
    #expect(Math.log(.leastNonzeroMagnitude) == -744.4400719213812)
    #expect(abs(Int(Math.exp(-720).bitPattern) - 41_132_809_365) <= 1)
    #expect(Math.exp(.nan).isNaN)
    #expect(Math.log(1) == 0)
    #expect(Math.log(0) == -.infinity)
    #expect(Math.log(-1).isNaN)
    #expect(Math.log(.infinity) == .infinity)
    #expect(Math.log2(0x1p-1000) == -1000)
    #expect(Math.log2(1024) == 10)
    #expect(Math.sin(0) == 0)
    #expect(Math.cos(0) == 1)
    #expect(Math.sin(.infinity).isNaN)
    #expect(Math.sqrt(2) == 1.4142135623730951)
  }

  @Test func sineAndCosineTogetherAreSineAndCosine() {
    for k in 0..<200 {
      let x = Double(k) * 0.37 - 35
      let both = Math.sinCos(x)
      #expect(both.sin == Math.sin(x) && both.cos == Math.cos(x))
      #expect(abs(both.sin * both.sin + both.cos * both.cos - 1) < 1e-15)
    }
  }
}
