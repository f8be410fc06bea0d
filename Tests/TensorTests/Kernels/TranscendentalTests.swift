import CKernels
import Testing

@testable import Tensor

/// The kernels' exp, log, tanh and sigmoid against double precision.
@Suite struct TranscendentalTests {
  /// Every `stride`-th single-precision number between two, both signs.
  private func sweep(_ low: Float, _ high: Float, stride: UInt32 = 4099, signs: Bool = true) -> [Float] {
    var values: [Float] = []
    var bits = low.bitPattern
    while bits <= high.bitPattern {
      values.append(Float(bitPattern: bits))
      if signs { values.append(-Float(bitPattern: bits)) }
      bits += stride
    }
    return values
  }

  private func apply(_ function: UnaryFunction, _ x: [Float]) -> [Float] {
    let count = x.count
    return KernelLevelTests.run(x, out: x) { x, _, y in unsafe ck_unary(function.rawValue, count, x, y) }
  }

  private struct Worst: CustomStringConvertible {
    var ulps = 0.0
    var argument: Float = 0
    /// Where the result is subnormal: the largest error in units of 2⁻¹⁴⁹.
    var subnormal = 0.0
    var description: String { "\(ulps) ulp at \(argument), \(subnormal) steps where subnormal" }
  }

  private func worst(_ function: UnaryFunction, over x: [Float]) -> Worst {
    var worst = Worst()
    let y = apply(function, x)
    for i in x.indices {
      let exact = Reference.apply(function, Double(x[i]))
      let error = abs(Double(y[i]) - exact)
      if abs(exact) < 0x1p-126 {
        worst.subnormal = max(worst.subnormal, error / 0x1p-149)
      } else {
        // The unit of the exact result's binade; beyond the largest number that of the last.
        let ulps = error / Double(Float(exact).isFinite ? Float(exact).ulp : Float.greatestFiniteMagnitude.ulp)
        if !(ulps <= worst.ulps) { (worst.ulps, worst.argument) = (ulps, x[i]) }
      }
    }
    return worst
  }

  @Test func exponentialIsWithinTwoUlps() {
    let x = sweep(0x1p-40, 88.72283) + sweep(88.72283, 104, signs: false).map(-)
    let worst = worst(.exp, over: x)
    #expect(worst.ulps <= 2 && worst.subnormal <= 1, "\(worst)")
  }

  @Test func logarithmIsWithinTwoUlps() {
    // The whole range, and every third number around the zero at 1.
    let x = sweep(.leastNonzeroMagnitude, .greatestFiniteMagnitude, signs: false) + sweep(0.99, 1.01, stride: 3, signs: false)
    let worst = worst(.log, over: x)
    #expect(worst.ulps <= 2 && worst.subnormal <= 1, "\(worst)")
  }

  @Test func tangentIsWithinTwoUlps() {
    let x = sweep(0x1p-40, 12) + sweep(0.38, 0.42, stride: 31)
    let worst = worst(.tanh, over: x)
    #expect(worst.ulps <= 2 && worst.subnormal <= 1, "\(worst)")
    let tiny = sweep(.leastNonzeroMagnitude, 0x1p-40, stride: 65537)
    #expect(apply(.tanh, tiny) == tiny)
  }

  @Test func sigmoidIsWithinTwoUlps() {
    let worst = worst(.sigmoid, over: sweep(0x1p-40, 104))
    #expect(worst.ulps <= 2 && worst.subnormal <= 1, "\(worst)")
  }

  @Test func specialValues() {
    #expect(apply(.tanh, [-0.0])[0].sign == .minus)
    func bits(_ function: UnaryFunction, _ x: [Float]) -> [UInt32] { KernelLevelTests.bits(apply(function, x)) }
    func expect(_ function: UnaryFunction, _ x: [Float], _ y: [Float]) {
      #expect(bits(function, x) == KernelLevelTests.bits(y), "\(function)")
    }
    let inf = Float.infinity
    let tiny = Float.leastNonzeroMagnitude
    expect(.exp, [0, -0.0, inf, -inf, .nan, 88.73, 1000, -104, -1000, tiny, -tiny], [1, 1, inf, 0, .nan, inf, inf, 0, 0, 1, 1])
    expect(.log, [1, 0, -0.0, inf, -inf, .nan, -1, -tiny], [0, -inf, -inf, inf, .nan, .nan, .nan, .nan])
    expect(.tanh, [0, inf, -inf, .nan, 30, -30, tiny, -tiny], [0, 1, -1, .nan, 1, -1, tiny, -tiny])
    #expect(apply(.tanh, [-0.0]) == [0])
    expect(.sigmoid, [0, -0.0, inf, -inf, .nan, 40, -200, tiny], [0.5, 0.5, 1, 0, .nan, 1, 0, 0.5])
    expect(.sqrt, [0, -0.0, inf, -1, .nan, 4], [0, -0.0, inf, .nan, .nan, 2])
    expect(.abs, [0, -0.0, -inf, .nan, -tiny], [0, 0, inf, .nan, tiny])
    expect(.relu, [0, 3, -3, inf, -inf, .nan], [0, 3, 0, inf, 0, .nan])
    expect(.reciprocal, [0, -0.0, inf, -inf, 4], [inf, -inf, 0, -0.0, 0.25])
    // e^(−103.5) is 0.80 and e^(−103.16) 1.13 of the first step above zero (mpmath 1.3.0).
    #expect(apply(.exp, [-103.16, -103.5]) == [tiny, tiny])
    // ln 2⁻¹⁴⁹ = −149 ln 2, to the nearest single-precision number.
    #expect(apply(.log, [tiny]) == [-103.27893])
  }

  @Test func softmaxSurvivesLargeNumbers() {
    let tape = Tape()
    let y = tape.constant([1000, 1000, -1000, -3e38, 3e38, 0], shape: [2, 3]).softmax()
    #expect(y.array == [0.5, 0.5, 0, 0, 1, 0])
  }
}
