import Channels
import Tensor
import TestSupport
import Testing

@Suite struct FadingDrawsTests {
  let stream = RandomStream(seed: 77, purpose: .fading, index: 2)

  private func draws(_ count: Int, stream: RandomStream, step: Int) -> [Float] {
    var values = Array(repeating: Float(-1), count: count)
    FadingDraws.fillExponential(&values, in: 0..<count, stream: stream, step: step)
    return values
  }

  @Test func numberJIsTheNegativeLogarithmOfWordJ() {
    var generator = stream.generator(step: 5)
    for value in draws(1003, stream: stream, step: 5) {
      let uniform = (Double(generator.next32() >> 9) + 0.5) * 0x1p-23
      let exact = -Math.log(uniform)
      #expect(abs(Double(value) - exact) <= 3e-7 * exact)
    }
  }

  @Test func aPartOfAnArrayGetsTheSameNumbersAndNothingElse() {
    for count in 0...9 {
      var values = Array(repeating: Float(-1), count: 15)
      FadingDraws.fillExponential(&values, in: 3..<3 + count, stream: stream, step: 5)
      #expect(Array(values[3..<3 + count]) == Array(draws(100, stream: stream, step: 5)[..<count]))
      #expect(values[..<3].allSatisfy { $0 == -1 } && values[(3 + count)...].allSatisfy { $0 == -1 })
    }
  }

  @Test func placesOutsideTheArrayAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var values = [Float](repeating: 0, count: 3)
      FadingDraws.fillExponential(&values, in: 1..<4, stream: RandomStream(seed: 1, purpose: .fading), step: 0)
    }
  }

  @Test func powersAreExponentialWithMeanOne() {
    let values = draws(40000, stream: stream, step: 1).map(Double.init)
    #expect(values.allSatisfy { $0 > 0 })
    #expect(KolmogorovSmirnov.agrees(values) { 1 - Math.exp(-$0) })
    // Mean 1 with standard error 1/√n, second moment 2 with √20/√n.
    #expect(abs(Moments.mean(values) - 1) < 5.5 / 200)
    #expect(abs(Moments.mean(values, power: 2) - 2) < 0.123)
  }

  @Test func slotsCopiesAndLinksAreIndependent() {
    let count = 20000
    let base = draws(count + 1, stream: stream, step: 0)
    let others = [
      Array(base[1...]),
      draws(count, stream: stream, step: 1),
      draws(count, stream: RandomStream(seed: 77, purpose: .fading, index: 3), step: 0),
      draws(count, stream: RandomStream(seed: 78, purpose: .fading, index: 2), step: 0),
    ]
    for other in others {
      let covariance = Moments.meanProduct(base.map { Double($0) - 1 }, other.map { Double($0) - 1 })
      #expect(abs(covariance) < 5.5 / 141.42)
    }
  }

  @Test func complexNumbersAreCircularlySymmetric() {
    let count = 40000
    var real = Array(repeating: Float(0), count: count)
    var imaginary = real
    FadingDraws.fillComplexNormal(real: &real, imaginary: &imaginary, stream: stream, step: 3)
    let root = 2.0.squareRoot()
    #expect(KolmogorovSmirnov.agrees(real.map { Double($0) * root }, with: KolmogorovSmirnov.normal))
    #expect(KolmogorovSmirnov.agrees(imaginary.map { Double($0) * root }, with: KolmogorovSmirnov.normal))
    let powers = zip(real, imaginary).map { Double($0 * $0 + $1 * $1) }
    #expect(KolmogorovSmirnov.agrees(powers) { 1 - Math.exp(-$0) })
    #expect(abs(Moments.mean(powers) - 1) < 5.5 / 200)
    let product = Moments.meanProduct(real.map(Double.init), imaginary.map(Double.init))
    // 5.5 · ½ / √40000
    #expect(abs(product) < 0.01375)
  }
}
