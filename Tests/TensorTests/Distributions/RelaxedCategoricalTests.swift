import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct RelaxedCategoricalTests {
  private let stream = DistributionChecks.stream

  @Test func densitiesAreThoseOfTorchDistributions() {
    for reference in DistributionReference.relaxed {
      let tape = Tape()
      let shape: Shape = [1, reference.logits.count]
      let distribution = RelaxedCategorical(logits: tape.constant(reference.logits, shape: shape), temperature: reference.temperature)
      let value = Double(distribution.logDensity(ofLogarithms: tape.constant(reference.point, shape: shape)).number)
      #expect(abs(value - reference.logDensity) < 1e-6 * max(10, abs(reference.logDensity)))
    }
  }

  /// Over y = (σ(s), σ(−s)) the density, which is that of s, has the integral one.
  @Test(arguments: [Float(0.3), 1, 2.5]) func theDensityOfTwoChoicesIntegratesToOne(temperature: Float) {
    let tape = Tape()
    let points = (0...2000).map { Double($0 - 1000) * 0.04 / Double(temperature) }
    let z = points.flatMap { [Float(-Foundation.log1p(Foundation.exp(-$0))), Float(-Foundation.log1p(Foundation.exp($0)))] }
    let (logits, shape) = DistributionChecks.repeated([0.75, -0.5], points.count)
    let density = RelaxedCategorical(logits: tape.constant(logits, shape: shape), temperature: temperature)
      .logDensity(ofLogarithms: tape.constant(z, shape: shape)).array
    let sum = density.reduce(0) { $0 + Foundation.exp(Double($1)) } * (points[1] - points[0])
    #expect(abs(sum - 1) < 1e-4)
  }

  @Test(arguments: [Float(0.5), 1, 3]) func samplesAndTheirDerivativesAreSoftmaxOfLogitsAndNoise(temperature: Float) {
    let x: [Float] = [0.5, -1.25, 2, 0.75, 1, -0.5]
    let weights: [Double] = [1, -2, 3, 0.5, 2, -1]
    let gumbel = DistributionChecks.noise(.gumbel, 6, step: 8).map(Double.init)
    func reference(_ v: [Double]) -> [Double] {
      (0..<2).flatMap { row in
        CategoricalTests.logSoftmax((0..<3).map { (v[3 * row + $0] + gumbel[3 * row + $0]) / Double(temperature) })
      }
    }
    func loss(_ logarithm: Bool, _ form: RelaxedCategorical.Form) -> (value: Double, gradients: [[Double]]) {
      DistributionChecks.gradients([(x, [2, 3])]) { tape, v in
        let distribution = RelaxedCategorical(logits: v[0], temperature: temperature)
        let y = logarithm ? distribution.logSample(from: stream, step: 8) : distribution.sample(form, from: stream, step: 8)
        return (y * tape.constant(weights.map { Float($0) }, shape: [2, 3])).sum()
      }
    }
    func soft(_ v: [Double]) -> Double { zip(reference(v), weights).reduce(0) { $0 + Foundation.exp($1.0) * $1.1 } }
    func logarithmic(_ v: [Double]) -> Double { zip(reference(v), weights).reduce(0) { $0 + $1.0 * $1.1 } }
    let point = x.map(Double.init)
    let relaxed = loss(false, .relaxed)
    #expect(abs(relaxed.value - soft(point)) < 3e-6)
    #expect(relativeDistance(relaxed.gradients[0], FiniteDifference.gradient(at: point, of: soft)) < 5e-6)
    let logs = loss(true, .relaxed)
    #expect(abs(logs.value - logarithmic(point)) < 1e-5 * max(1, abs(logs.value)))
    #expect(relativeDistance(logs.gradients[0], FiniteDifference.gradient(at: point, of: logarithmic)) < 5e-6)
    // Straight through: another value, the same derivative.
    #expect(loss(false, .straightThrough).gradients == relaxed.gradients)
  }

  @Test func aStraightThroughSampleIsTheChoiceOfTheCategorical() {
    let logits = DistributionChecks.noise(.normal, 600, step: 1)
    let distribution = RelaxedCategorical(logits: Tape().constant(logits, shape: [100, 6]), temperature: 0.3)
    let sample = distribution.sample(.straightThrough, from: stream, step: 2, part: 5)
    #expect(sample.argmax() == distribution.categorical.sample(from: stream, step: 2, part: 5))
    #expect(sample.array.allSatisfy { $0 == 0 || $0 == 1 } && sample.sum(along: -1).array.allSatisfy { $0 == 1 })
    // The largest component of the relaxed sample is the same one.
    #expect(distribution.sample(from: stream, step: 2, part: 5).argmax() == sample.argmax())
  }

  /// For two choices τ logit(y) = x₁ − x₂ + a standard logistic number (Maddison et al. 2017, appendix B).
  @Test(arguments: [Float(0.2), 1, 4]) func samplesOfTwoChoicesAreLogistic(temperature: Float) {
    let (logits, shape) = DistributionChecks.repeated([0.75, -0.5], 40000)
    let distribution = RelaxedCategorical(logits: Tape().constant(logits, shape: shape), temperature: temperature)
    let z = distribution.logSample(from: stream, step: 11).array
    let logistic = stride(from: 0, to: z.count, by: 2).map { Double(z[$0] - z[$0 + 1]) * Double(temperature) }
    #expect(KolmogorovSmirnov.agrees(logistic) { 1 / (1 + Foundation.exp(1.25 - $0)) })
  }

  /// The mean over samples of the derivative of y₁² is the derivative of its mean, by integration over the logistic density.
  @Test func theMeanOfTheDerivativeIsTheDerivativeOfTheMean() {
    let (temperature, rows) = (0.8, 40000)
    let (logits, shape) = DistributionChecks.repeated([0.75, -0.5], rows)
    let result = DistributionChecks.gradients([(logits, shape)]) { _, v in
      RelaxedCategorical(logits: v[0], temperature: Float(temperature)).sample(from: stream, step: 12).columns(0..<1).squared().sum()
    }
    func mean(_ difference: Double) -> Double {
      DistributionChecks.integral(-60, 60) { s in
        let density = Foundation.exp(-abs(s)) / Foundation.pow(1 + Foundation.exp(-abs(s)), 2)
        return density / Foundation.pow(1 + Foundation.exp(-(difference + s) / temperature), 2)
      }
    }
    let expected = FiniteDifference.gradient(at: [1.25]) { mean($0[0]) }[0]
    #expect(DistributionChecks.agree(stride(from: 0, to: 2 * rows, by: 2).map { result.gradients[0][$0] }, mean: expected))
  }

  @Test func extremeLogitsAndForbiddenChoicesStayFinite() {
    for logits: [Float] in [[80, -80, 0], [-80, -80, -80], [0, -.infinity, 1]] {
      for form in RelaxedCategorical.Form.allCases {
        let result = DistributionChecks.gradients([(logits, [1, 3])]) { tape, v in
          let y = RelaxedCategorical(logits: v[0], temperature: 0.05).sample(form, from: stream, step: 3)
          if logits[1] == -.infinity { #expect(y.array[1] == 0) }
          return (y * tape.constant([1, 2, 3], shape: [1, 3])).sum()
        }
        #expect(result.value.isFinite && result.gradients[0].allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func wrongArgumentsAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = RelaxedCategorical(logits: Tape().constant(Tensor(zeros: [1, 2])), temperature: 0) }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = RelaxedCategorical(logits: tape.constant(Tensor(zeros: [1, 2])), temperature: 1).logDensity(
        ofLogarithms: tape.constant(Tensor(zeros: [1, 3])))
    }
  }
}
