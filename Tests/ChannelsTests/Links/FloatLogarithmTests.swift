import Channels
import Tensor
import Testing

@Suite struct FloatLogarithmTests {
  @Test func relativeErrorOverAllExponents() {
    // Decibels are the logarithm times a constant; 4 · 10⁻⁷ is six and a half units of 2⁻²⁴.
    var values: [Float] = []
    for exponent in -126...127 {
      for significand in stride(from: Float(1), to: 2, by: 0.0371) {
        values.append(Float(sign: .plus, exponent: exponent, significand: significand))
      }
    }
    var decibels = Array(repeating: Float(0), count: values.count)
    LinkQuality.decibels(of: values, into: &decibels)
    for (value, level) in zip(values, decibels) {
      let exact = 10 * Math.log10(Double(value))
      #expect(abs(Double(level) - exact) <= 4e-7 * abs(exact), "at \(value)")
    }
  }

  @Test func relativeErrorNearOne() {
    var values: [Float] = []
    for k in 1...2000 {
      values.append(1 + Float(k) * 0x1p-23)
      values.append(1 - Float(k) * 0x1p-24)
    }
    var decibels = Array(repeating: Float(0), count: values.count)
    LinkQuality.decibels(of: values, into: &decibels)
    for (value, level) in zip(values, decibels) {
      let exact = 10 * Math.log10(Double(value))
      #expect(abs(Double(level) - exact) <= 4e-7 * abs(exact), "at \(value)")
    }
  }
}
