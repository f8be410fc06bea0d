import Foundation
import Tensor
import TestSupport
import Testing

/// Fills in double precision and of complex numbers.
@Suite struct DoubleFillTests {
  private let stream = RandomStream(seed: 0x9E37_79B9_7F4A_7C15, purpose: .fading, index: 3)
  private static let lengths = [0, 1, 2, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 999]

  private func numbers(_ distribution: Distribution, step: Int = 0, count: Int = 40000) -> [Double] {
    var values = [Double](repeating: 0, count: count)
    stream.fill(&values, with: distribution, step: step)
    return values
  }

  private func complex(step: Int = 0, count: Int = 40000) -> (real: [Float], imaginary: [Float]) {
    var real = [Float](repeating: 0, count: count)
    var imaginary = [Float](repeating: 0, count: count)
    stream.fillComplexNormal(real: &real, imaginary: &imaginary, step: step)
    return (real, imaginary)
  }

  @Test func uniformNumbersAreTheGeneratorsWords() {
    for count in [1, 3, 4, 5, 63, 64, 65, 1000] {
      var generator = stream.generator(step: 9)
      // The centre of one of 2⁵² cells, exact in double precision.
      let centres: [Double] = (0..<count).map { _ -> Double in
        let cell: UInt64 = 2 * (generator.next() >> 12) + 1
        return Double(cell) * 0x1p-53
      }
      #expect(numbers(.uniform, step: 9, count: count) == centres)
    }
  }

  @Test(arguments: Distribution.allCases) func aLongerFillBeginsWithTheShorterOne(distribution: Distribution) {
    let long = numbers(distribution, count: 1000)
    for count in Self.lengths { #expect(numbers(distribution, count: count) == Array(long.prefix(count))) }
  }

  @Test func aLongerComplexFillBeginsWithTheShorterOne() {
    let long = complex(count: 1000)
    for count in Self.lengths {
      let short = complex(count: count)
      #expect(short.real == Array(long.real.prefix(count)) && short.imaginary == Array(long.imaginary.prefix(count)))
    }
  }

  @Test func otherDistributionsAreMadeFromTheUniformWords() {
    let count = 200_000
    let u = numbers(.uniform, count: count)
    let (exponential, gumbel, normal) = (numbers(.exponential, count: count), numbers(.gumbel, count: count), numbers(.normal, count: count))
    var worst = (exponential: 0.0, gumbel: 0.0, normal: 0.0)
    for i in 0..<count {
      let e = -log(u[i])
      worst.exponential = max(worst.exponential, abs(exponential[i] - e) / e)
      worst.gumbel = max(worst.gumbel, abs(gumbel[i] + log(e)) / max(abs(log(e)), 0.1))
      let radius = (-2 * log(u[i & ~1])).squareRoot()
      // What is left after whole quarters of a turn is exact, so that the reference is accurate near the zeros too.
      let quarters = (4 * u[i | 1]).rounded()
      let rest = 2 * Double.pi * (u[i | 1] - quarters / 4)
      let turned = (Int(quarters) + (i % 2 == 0 ? 1 : 0)) % 4
      let value = [sin(rest), cos(rest), -sin(rest), -cos(rest)][turned]
      worst.normal = max(worst.normal, abs(normal[i] - radius * value) / abs(radius * value))
    }
    #expect(worst.exponential < 1e-15 && worst.gumbel < 1e-14 && worst.normal < 2e-15, "\(worst)")
  }

  @Test func complexNumbersAreMadeFromTheUniformWords() {
    var u = [Float](repeating: 0, count: 8000)
    stream.fill(&u, with: .uniform)
    let h = complex(count: 4000)
    var worst = 0.0
    for i in 0..<4000 {
      let radius = (-log(Double(u[2 * i]))).squareRoot()
      let angle = 2 * Double.pi * Double(u[2 * i + 1])
      worst = max(worst, abs(Double(h.real[i]) - radius * cos(angle)), abs(Double(h.imaginary[i]) - radius * sin(angle)))
    }
    #expect(worst < 3e-6)
  }

  @Test func doublesFollowTheirDistributions() {
    let uniform = numbers(.uniform)
    #expect(uniform.allSatisfy { $0 > 0 && $0 < 1 } && KolmogorovSmirnov.agrees(uniform, with: { $0 }))
    let exponential = numbers(.exponential)
    #expect(KolmogorovSmirnov.agrees(exponential, with: { 1 - exp(-$0) }))
    #expect(abs(Moments.mean(exponential) - 1) < 5.5 / 200 && abs(Moments.mean(exponential, power: 2) - 2) < 5.5 * 4.4721 / 200)
    #expect(KolmogorovSmirnov.agrees(numbers(.gumbel), with: { exp(-exp(-$0)) }))
    let normal = numbers(.normal)
    let bound = 5.5 / 200
    #expect(KolmogorovSmirnov.agrees(normal, with: KolmogorovSmirnov.normal))
    #expect(abs(Moments.mean(normal)) < bound && abs(Moments.mean(normal, power: 2) - 1) < 1.4142 * bound)
    #expect(abs(Moments.mean(normal, power: 3)) < 3.873 * bound && abs(Moments.mean(normal, power: 4) - 3) < 9.798 * bound)
    for lag in 1...4 {
      #expect(abs(Moments.meanProduct(Array(normal.dropLast(lag)), Array(normal.dropFirst(lag)))) < 5.5 / 199.9)
      let squares = normal.map { $0 * $0 - 1 }
      #expect(abs(Moments.meanProduct(Array(squares.dropLast(lag)), Array(squares.dropFirst(lag)))) < 2 * 5.5 / 199.9)
    }
  }

  @Test func complexNumbersAreCircular() {
    let h = complex()
    let x = h.real.map(Double.init)
    let y = h.imaginary.map(Double.init)
    let power = zip(x, y).map { $0 * $0 + $1 * $1 }
    // |h|² is exponential with mean 1, each part normal with variance ½, the phase uniform.
    #expect(KolmogorovSmirnov.agrees(power, with: { 1 - exp(-$0) }))
    #expect(KolmogorovSmirnov.agrees(x.map { $0 * 2.0.squareRoot() }, with: KolmogorovSmirnov.normal))
    #expect(KolmogorovSmirnov.agrees(y.map { $0 * 2.0.squareRoot() }, with: KolmogorovSmirnov.normal))
    let phases: [Double] = zip(x, y).map { atan2($1, $0) }
    func turn(_ phase: Double) -> Double { (phase + Double.pi) / (2 * Double.pi) }
    #expect(KolmogorovSmirnov.agrees(phases, with: turn))
    #expect(abs(Moments.mean(power) - 1) < 5.5 / 200)
    // E h² = 0 and E xy = 0; neighbours are independent. The deviation of a product of parts is ½.
    #expect(abs(Moments.meanProduct(x, y)) < 0.5 * 5.5 / 200)
    for (a, b) in [(x, x), (x, y), (y, x), (y, y)] {
      #expect(abs(Moments.meanProduct(Array(a.dropLast()), Array(b.dropFirst()))) < 0.5 * 5.5 / 199.9)
    }
  }

  @Test func fillsThatDifferInOnePartOfTheirNameAreIndependent() {
    func normal(_ seed: UInt64 = 1, _ purpose: RandomPurpose = .fading, _ index: Int = 0, step: Int = 0) -> [Double] {
      var values = [Double](repeating: 0, count: 20000)
      RandomStream(seed: seed, purpose: purpose, index: index).fill(&values, with: .normal, step: step)
      return values
    }
    let base = normal()
    for other in [normal(2), normal(1 << 32 | 1), normal(1, .drop), normal(1, .fading, 1), normal(step: 1)] {
      #expect(abs(Moments.meanProduct(base, other)) < 5.5 / 141.42)
    }
  }

  @Test func planesOfDifferentCountsAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var real: [Float] = [0]
      var imaginary: [Float] = []
      RandomStream(seed: 1, purpose: .fading).fillComplexNormal(real: &real, imaginary: &imaginary)
    }
  }
}
