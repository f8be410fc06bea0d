import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct DiagonalGaussianTests {
  private let stream = DistributionChecks.stream

  /// ln N(x; μ, e^{2l}), by the book.
  static func logDensity(_ x: Double, _ mean: Double, _ l: Double) -> Double {
    let z = (x - mean) / Foundation.exp(l)
    return -z * z / 2 - l - Foundation.log(2 * Double.pi) / 2
  }

  static func divergence(_ m: Double, _ l: Double, _ n: Double, _ o: Double) -> Double {
    o - l + (Foundation.exp(2 * l) + (m - n) * (m - n)) / (2 * Foundation.exp(2 * o)) - 0.5
  }

  private func gaussian(_ tape: Tape, _ mean: [Float], _ logDeviation: [Float]) -> DiagonalGaussian {
    DiagonalGaussian(mean: tape.constant(mean, shape: [1, mean.count]), logDeviation: tape.constant(logDeviation, shape: [1, mean.count]))
  }

  @Test func valuesAreThoseOfSciPyAndTorch() {
    for reference in DistributionReference.gaussian {
      let tape = Tape()
      let p = gaussian(tape, reference.mean, reference.logDeviation)
      let q = gaussian(tape, reference.otherMean, reference.other)
      // Each of the D terms is rounded a few times, and x − μ relative to |x|, which z² passes on.
      let scale = 1e-6 * Double(reference.mean.count)
      let value = Double(p.logProbability(of: tape.constant(reference.x, shape: p.mean.shape)).number)
      let condition = zip(reference.x, reference.logDeviation).map { Double(abs($0)) * Foundation.exp(-Double($1)) }.max()!
      #expect(abs(value - reference.logProbability) <= scale * max(1, condition))
      #expect(abs(Double(p.entropy().number) - reference.entropy) <= scale * max(1, abs(reference.entropy)))
      // The last case is a divergence of 10⁻⁵ from δ = −2 · 10⁻³: e^{2δ} − 1 and 2δ are rounded to 2⁻³³ or so, which is 3 · 10⁻⁵ of it.
      let divergence = Double(p.divergence(from: q).number)
      #expect(abs(divergence - reference.divergence) <= (reference.divergence < 1e-3 ? 1e-4 : 2e-6) * reference.divergence)
    }
  }

  @Test func derivativesAreThoseOfTheClosedForms() {
    let values: [Float] = [0.5, -1.25, 0.25, 1, -0.5, 0.75, 0.3, -0.2, 1.5, -2, 0.6, 0.1]
    let inputs = stride(from: 0, to: 12, by: 2).map { (Array(values[$0..<$0 + 2]), Shape([1, 2])) }
    let point = values.map(Double.init)
    let x: [Float] = [0.125, -0.75]
    func check(_ quantity: @escaping (DiagonalGaussian, DiagonalGaussian, Variable) -> Variable, _ reference: @escaping ([Double]) -> Double) {
      let result = DistributionChecks.gradients(Array(inputs[0..<4]) + [(x, Shape([1, 2]))]) { _, v in
        quantity(DiagonalGaussian(mean: v[0], logDeviation: v[1]), DiagonalGaussian(mean: v[2], logDeviation: v[3]), v[4]).sum()
      }
      let at = Array(point[0..<8]) + x.map(Double.init)
      #expect(abs(result.value - reference(at)) < 2e-6 * max(1, abs(result.value)))
      #expect(relativeDistance(Array(result.gradients.joined()), FiniteDifference.gradient(at: at, of: reference)) < 5e-6)
    }
    check(
      { p, _, x in p.logProbability(of: x) }, { v in (0..<2).reduce(0) { $0 + Self.logDensity(v[8 + $1], v[$1], v[2 + $1]) } })
    check({ p, _, _ in p.entropy() }, { v in v[2] + v[3] + 1 + Foundation.log(2 * Double.pi) })
    check(
      { p, q, _ in p.divergence(from: q) },
      { v in (0..<2).reduce(0) { $0 + Self.divergence(v[$1], v[2 + $1], v[4 + $1], v[6 + $1]) } })
  }

  @Test func densityEntropyAndDivergenceAgreeWithIntegrals() {
    let points = (0...1600).map { Float($0 - 800) * 0.015625 }
    let tape = Tape()
    let x = tape.constant(points, shape: [points.count, 1])
    func distribution(_ mean: Float, _ l: Float) -> DiagonalGaussian {
      DiagonalGaussian(
        mean: tape.constant(Array(repeating: mean, count: points.count), shape: x.shape), logDeviation: tape.constant([l], shape: [1]))
    }
    let (first, second) = (distribution(0.5, 0.25), distribution(-1, 0.5))
    let (p, q) = (first.logProbability(of: x).array.map(Double.init), second.logProbability(of: x).array.map(Double.init))
    func integral(_ f: (Int) -> Double) -> Double { points.indices.reduce(0) { $0 + f($1) } * 0.015625 }
    #expect(abs(integral { Foundation.exp(p[$0]) } - 1) < 2e-6)
    #expect(abs(integral { -Foundation.exp(p[$0]) * p[$0] } - Double(first.entropy().array[0])) < 5e-6)
    #expect(abs(integral { Foundation.exp(p[$0]) * (p[$0] - q[$0]) } - Double(first.divergence(from: second).array[0])) < 5e-6)
  }

  @Test func samplesAreNormalAndTheirMeansTheClosedForms() {
    let rows = 30000
    let tape = Tape()
    let (mean, shape) = DistributionChecks.repeated([0.5, -2], rows)
    let p = DiagonalGaussian(mean: tape.constant(mean, shape: shape), logDeviation: tape.constant([-1, 0.75], shape: [2]))
    let q = DiagonalGaussian(mean: tape.constant(mean, shape: shape) + 0.5, logDeviation: tape.constant([0, 0.5], shape: [2]))
    let sample = p.reparameterizedSample(from: stream, step: 3)
    let x = sample.action.array.map(Double.init)
    let first = (0..<rows).map { (x[2 * $0] - 0.5) * Foundation.exp(1) }
    let second = (0..<rows).map { (x[2 * $0 + 1] + 2) * Foundation.exp(-0.75) }
    #expect(KolmogorovSmirnov.agrees(first, with: KolmogorovSmirnov.normal))
    #expect(KolmogorovSmirnov.agrees(second, with: KolmogorovSmirnov.normal))
    #expect(abs(Moments.meanProduct(first, second)) < 5.5 / Double(rows).squareRoot())
    let own = p.logProbability(of: sample.action).array.map(Double.init)
    let other = q.logProbability(of: sample.action).array.map(Double.init)
    #expect(DistributionChecks.agree(own.map { -$0 }, mean: Double(p.entropy().array[0])))
    #expect(DistributionChecks.agree(zip(own, other).map { $0 - $1 }, mean: Double(p.divergence(from: q).array[0])))
    // From the noise and from the action.
    #expect(relativeDistance(sample.logProbability().array.map(Double.init), own) < 3e-6)
  }

  /// E x² = μ² + σ²: the mean of the derivative along samples, and of the score function times x², is 2μ and 2σ².
  @Test func meansOfDerivativesAreDerivativesOfMeans() {
    let rows = 40000
    let (m, l): (Float, Float) = (0.75, -0.5)
    let inputs: [(values: [Float], shape: Shape)] = [
      ([Float](repeating: m, count: rows), [rows, 1]), ([Float](repeating: l, count: rows), [rows, 1]),
    ]
    let along = DistributionChecks.gradients(inputs) { _, v in
      DiagonalGaussian(mean: v[0], logDeviation: v[1]).reparameterizedSample(from: stream, step: 5).action.squared().sum()
    }
    let score = DistributionChecks.gradients(inputs) { _, v in
      let distribution = DiagonalGaussian(mean: v[0], logDeviation: v[1])
      let x = distribution.reparameterizedSample(from: stream, step: 6).action.stopped()
      return (distribution.logProbability(of: x) * x.squared()).sum()
    }
    let expected = [2 * Double(m), 2 * Foundation.exp(2 * Double(l))]
    for i in 0..<2 {
      #expect(DistributionChecks.agree(along.gradients[i], mean: expected[i]))
      #expect(DistributionChecks.agree(score.gradients[i], mean: expected[i]))
    }
  }

  @Test func aSamplesOwnLogProbabilityHasTheDerivativeAlongIt() {
    let result = DistributionChecks.gradients([([1, -2], [1, 2]), ([0.5, -20], [1, 2])]) { _, v in
      DiagonalGaussian(mean: v[0], logDeviation: v[1]).reparameterizedSample(from: stream, step: 1).logProbability().sum()
    }
    #expect(result.gradients[0] == [0, 0] && result.gradients[1] == [-1, -1])
    let noise = DistributionChecks.noise(.normal, 2, step: 1).map(Double.init)
    #expect(abs(result.value - (Self.logDensity(noise[0], 0, 0) + Self.logDensity(noise[1], 0, 0) + 19.5)) < 4e-6)
  }

  @Test(arguments: [(1, 1), (1, 5), (7, 3), (33, 17), (4, 40)]) func actingGivesTheBitsOfTheTape(rows: Int, dimensions: Int) {
    // Some of the deviations lie outside of their range.
    let output = DistributionChecks.noise(.normal, rows * 2 * dimensions, step: 21).map { $0 * 1.5 }
    let tape = Tape()
    let distribution = DiagonalGaussian(output: tape.constant(output, shape: [rows, 2 * dimensions]), logDeviations: 0.25...1)
    let sample = distribution.reparameterizedSample(from: stream, step: 7, part: 1)
    var actions = [Float](repeating: .nan, count: rows * dimensions)
    var logs = [Float](repeating: .nan, count: rows)
    func check() { #expect(actions == sample.action.array && logs == sample.logProbability().array) }
    var span = actions.mutableSpan
    var logSpan = logs.mutableSpan
    DiagonalGaussian.sample(
      output: output.span, logDeviations: 0.25...1, from: stream, step: 7, part: 1, into: &span, logProbabilities: &logSpan)
    check()
    var again = actions.mutableSpan
    var logAgain = logs.mutableSpan
    let (mean, deviation) = (distribution.mean.array, distribution.logDeviation.array)
    DiagonalGaussian.sample(
      mean: mean.span, logDeviation: deviation.span, from: stream, step: 7, part: 1, into: &again, logProbabilities: &logAgain)
    check()
  }

  @Test func oneRowOfDeviationsServesAll() {
    let mean = DistributionChecks.noise(.normal, 15, step: 2)
    let deviation: [Float] = [0.5, -1, 0.25]
    let tape = Tape()
    let row = tape.variable(Tensor(deviation))
    let distribution = DiagonalGaussian(mean: tape.constant(mean, shape: [5, 3]), logDeviation: row)
    #expect(tape.gradients(of: distribution.entropy().sum(), withRespectTo: [row])[0].array == [5, 5, 5])
    let sample = distribution.reparameterizedSample(from: stream, step: 7)
    var actions = [Float](repeating: .nan, count: 15)
    var logs = [Float](repeating: .nan, count: 5)
    var span = actions.mutableSpan
    var logSpan = logs.mutableSpan
    DiagonalGaussian.sample(mean: mean.span, logDeviation: deviation.span, from: stream, step: 7, into: &span, logProbabilities: &logSpan)
    #expect(actions == sample.action.array && logs == sample.logProbability().array)
  }

  @Test func extremeDeviationsStayFinite() {
    for (l, o): (Float, Float) in [(-20, 2), (2, -20), (-20, -20), (2, 2)] {
      let quantities: [(DiagonalGaussian, DiagonalGaussian) -> Variable] = [
        { p, _ in p.entropy() }, { $0.divergence(from: $1) }, { p, q in q.logProbability(of: p.mean) },
        { p, q in q.logProbability(of: p.reparameterizedSample(from: DistributionChecks.stream, step: 0).action) },
      ]
      for quantity in quantities {
        let result = DistributionChecks.gradients([([0.5], [1, 1]), ([l], [1, 1]), ([-0.5], [1, 1]), ([o], [1, 1])]) { _, v in
          quantity(DiagonalGaussian(mean: v[0], logDeviation: v[1]), DiagonalGaussian(mean: v[2], logDeviation: v[3])).sum()
        }
        #expect(result.value.isFinite && result.gradients.joined().allSatisfy { $0.isFinite })
      }
    }
    // A network's output beyond the range is cut, and no derivative reaches it.
    let cut = DistributionChecks.gradients([([0, 0, -1000, 1000], [1, 4])]) { _, v in
      let distribution = DiagonalGaussian(output: v[0])
      #expect(distribution.logDeviation.array == [-20, 2])
      return distribution.entropy().sum()
    }
    #expect(cut.gradients[0] == [0, 0, 0, 0])
  }

  @Test func wrongShapesAreRefused() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = DiagonalGaussian(mean: tape.constant(Tensor(zeros: [2, 3])), logDeviation: tape.constant(Tensor(zeros: [2])))
    }
    await #expect(processExitsWith: .failure) { _ = DiagonalGaussian(output: Tape().constant(Tensor(zeros: [2, 3]))) }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      let distribution = DiagonalGaussian(output: tape.constant(Tensor(zeros: [2, 4])))
      _ = distribution.logProbability(of: tape.constant(Tensor(zeros: [2, 1])))
    }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = DiagonalGaussian(output: tape.constant(Tensor(zeros: [2, 4]))).divergence(
        from: DiagonalGaussian(output: tape.constant(Tensor(zeros: [2, 2]))))
    }
    await #expect(processExitsWith: .failure) {
      let output = [Float](repeating: 0, count: 7)
      var actions = [Float](repeating: 0, count: 4)
      var logs = [Float](repeating: 0, count: 2)
      var span = actions.mutableSpan
      var logSpan = logs.mutableSpan
      DiagonalGaussian.sample(output: output.span, from: DistributionChecks.stream, step: 0, into: &span, logProbabilities: &logSpan)
    }
  }
}
