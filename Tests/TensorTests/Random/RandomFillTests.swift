import Tensor
import TestSupport
import Testing

@Suite struct RandomFillTests {
  private func numbers(_ stream: RandomStream, _ distribution: Distribution, step: Int = 0, count: Int = 40000) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    stream.fill(&values, with: distribution, step: step)
    return values
  }

  private let stream = RandomStream(seed: 0x9E37_79B9_7F4A_7C15, purpose: .fading, index: 3)

  @Test func uniformNumbersAreTheGeneratorsWords() {
    for count in [1, 3, 4, 5, 63, 64, 65, 1000] {
      var generator = stream.generator(step: 9)
      // The centre of one of 2²³ cells: (⌊w / 2⁹⌋ + ½) / 2²³, exact in single precision.
      let expected = (0..<count).map { _ in Float((Double(generator.next32() >> 9) + 0.5) / 8_388_608) }
      #expect(numbers(stream, .uniform, step: 9, count: count) == expected)
    }
  }

  @Test(arguments: Distribution.allCases) func aLongerFillBeginsWithTheShorterOne(distribution: Distribution) {
    let long = numbers(stream, distribution, count: 1000)
    for count in [0, 1, 3, 15, 16, 17, 63, 64, 65, 127, 128, 129, 999] {
      #expect(numbers(stream, distribution, count: count) == Array(long.prefix(count)))
    }
  }

  @Test func otherDistributionsAreMadeFromTheUniformWords() {
    let u = numbers(stream, .uniform, count: 4096).map(Double.init)
    let exponential = numbers(stream, .exponential, count: 4096).map(Double.init)
    let gumbel = numbers(stream, .gumbel, count: 4096).map(Double.init)
    let normal = numbers(stream, .normal, count: 4096).map(Double.init)
    for i in u.indices {
      let e = -Math.log(u[i])
      #expect(abs(exponential[i] - e) <= 3e-7 * max(e, 1e-3))
      #expect(abs(gumbel[i] + Math.log(e)) <= 3e-6)
      let pair = i & ~1
      let radius = Math.sqrt(-2 * Math.log(u[pair]))
      let angle = 2 * Double.pi * u[pair + 1]
      #expect(abs(normal[i] - radius * (i % 2 == 0 ? Math.cos(angle) : Math.sin(angle))) <= 3e-6)
    }
  }

  @Test func uniformNumbersAreUniform() {
    let values = numbers(stream, .uniform).map(Double.init)
    #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(KolmogorovSmirnov.agrees(values, with: { $0 }))
    let mean = Moments.mean(values)
    // 5.5 · 0.28868 / √40000
    #expect(abs(mean - 0.5) < 0.0079387)
  }

  @Test func exponentialNumbersAreExponential() {
    let values = numbers(stream, .exponential).map(Double.init)
    #expect(values.allSatisfy { $0 > 0 && $0.isFinite })
    #expect(KolmogorovSmirnov.agrees(values, with: { 1 - Math.exp(-$0) }))
    // Mean 1 and mean square 2; their standard errors are 1 and √20 over √n.
    #expect(abs(Moments.mean(values) - 1) < 5.5 / 200)
    let square = Moments.mean(values, power: 2)
    // 5.5 · √20 / √40000
    #expect(abs(square - 2) < 0.12298)
  }

  @Test func gumbelNumbersAreGumbel() {
    let values = numbers(stream, .gumbel).map(Double.init)
    #expect(values.allSatisfy { $0.isFinite })
    #expect(KolmogorovSmirnov.agrees(values, with: { Math.exp(-Math.exp(-$0)) }))
    // The mean is Euler's constant, the variance π²/6.
    let mean = Moments.mean(values)
    // 5.5 · 1.28255 / √40000
    #expect(abs(mean - 0.5772156649) < 0.03527)
    // The standard error of the variance: √((κ − 1) / n) π²/6 with the kurtosis κ = 5.4.
    let variance = Moments.mean(values.map { $0 - 0.5772156649 }, power: 2)
    // 5.5 · 3.4505 / √40000
    #expect(abs(variance - 1.644934) < 0.094888)
  }

  @Test func normalNumbersAreNormal() {
    let values = numbers(stream, .normal).map(Double.init)
    let bound = 5.5 / 200
    #expect(abs(Moments.mean(values)) < bound)
    #expect(abs(Moments.mean(values, power: 2) - 1) < 1.4142 * bound)
    #expect(abs(Moments.mean(values, power: 3)) < 3.873 * bound)
    #expect(abs(Moments.mean(values, power: 4) - 3) < 9.798 * bound)
    #expect(KolmogorovSmirnov.agrees(values, with: KolmogorovSmirnov.normal))
    // The two numbers of a pair are independent, and so are their squares.
    let pairs = stride(from: 0, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) }
    #expect(abs(Moments.meanProduct(pairs.map(\.0), pairs.map(\.1))) < 5.5 / 141.42)
    let squares = (pairs.map { $0.0 * $0.0 - 1 }, pairs.map { $0.1 * $0.1 - 1 })
    let product = Moments.meanProduct(squares.0, squares.1)
    // 5.5 · 2 / √20000
    #expect(abs(product) < 0.077782)
  }

  @Test(arguments: Distribution.allCases) func fillsThatDifferInOnePartOfTheirNameAreIndependent(distribution: Distribution) {
    func centred(_ seed: UInt64 = 1, _ purpose: RandomPurpose = .fading, _ index: Int = 0, step: Int = 0) -> [Double] {
      let values = numbers(RandomStream(seed: seed, purpose: purpose, index: index), distribution, step: step, count: 20000).map(Double.init)
      let mean = Moments.mean(values)
      let deviation = (Moments.mean(values, power: 2) - mean * mean).squareRoot()
      return values.map { ($0 - mean) / deviation }
    }
    let base = centred()
    let others = [
      centred(2), centred(1 << 32 | 1), centred(1, .drop), centred(1, RandomPurpose(rawValue: 1001)), centred(1, .fading, 1), centred(step: 1),
    ]
    for other in others { #expect(abs(Moments.meanProduct(base, other)) < 5.5 / 141.42) }
    // Neighbours within one fill.
    #expect(abs(Moments.meanProduct(Array(base.dropLast()), Array(base.dropFirst()))) < 5.5 / 141.42)
  }
}
