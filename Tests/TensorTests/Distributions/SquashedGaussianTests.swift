import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct SquashedGaussianTests {
  private let stream = DistributionChecks.stream

  /// ln p(a) at a = c + h tanh u in one dimension; ln(1 − tanh² u) as −2 ln cosh u.
  static func logDensity(_ u: Double, _ mean: Double, _ l: Double, halfWidth: Double) -> Double {
    let logCosh = abs(u) + Foundation.log1p(Foundation.exp(-2 * abs(u))) - Foundation.log(2)
    return DiagonalGaussianTests.logDensity(u, mean, l) - Foundation.log(halfWidth) + 2 * logCosh
  }

  private func column(_ tape: Tape, _ value: Float, _ rows: Int = 1) -> Variable {
    tape.constant([Float](repeating: value, count: rows), shape: [rows, 1])
  }

  private func distribution(_ tape: Tape, _ mean: Float, _ l: Float, _ low: Float = -1, _ high: Float = 1, rows: Int = 1) -> SquashedGaussian {
    SquashedGaussian(
      DiagonalGaussian(mean: column(tape, mean, rows), logDeviation: column(tape, l, rows)), squash: TanhSquash(to: low...high))
  }

  @Test func valuesAreThoseOfHighPrecision() {
    for reference in DistributionReference.squashed {
      let tape = Tape()
      let p = distribution(tape, reference.mean, reference.logDeviation, reference.low, reference.high)
      let u = column(tape, reference.u)
      let value = Double(p.logProbability(ofUnsquashed: u).number)
      #expect(abs(value - reference.logProbability) <= 1e-6 * max(1, abs(reference.logProbability)))
      if abs(reference.u) > 3 { continue }
      // u from the action is off by 2⁻²⁵ / (1 − y²) and the rounding of a, which is about 2⁻²³ |a| / h / (1 − y²).
      let again = Double(p.logProbability(of: p.squash(u)).number)
      let slope = 2 + abs(Double(reference.u - reference.mean)) * Foundation.exp(-2 * Double(reference.logDeviation))
      let error = 4 * 0x1p-23 * Foundation.pow(Foundation.cosh(Double(reference.u)), 2)
      #expect(abs(again - reference.logProbability) <= slope * error + 2e-6 * max(1, abs(value)), "u = \(reference.u)")
    }
  }

  @Test func theDensityOfActionsIntegratesToOneAndToTheDistribution() {
    let tape = Tape()
    // Midpoints of cells of (0, 2); the density vanishes at both ends.
    let cells = 4000
    let actions = (0..<cells).map { (Float($0) + 0.5) * 2 / Float(cells) }
    let p = distribution(tape, 0.3, -0.75, 0, 2, rows: cells)
    let density = p.logProbability(of: tape.constant(actions, shape: [cells, 1])).array.map { Foundation.exp(Double($0)) }
    #expect(abs(density.reduce(0, +) * 2 / Double(cells) - 1) < 1e-5)
    func cumulative(_ a: Double) -> Double {
      KolmogorovSmirnov.normal((Foundation.atanh(a - 1) - 0.3) * Foundation.exp(0.75))
    }
    #expect(abs(density[0..<2500].reduce(0, +) * 2 / Double(cells) - cumulative(1.25)) < 1e-5)
    let samples = distribution(tape, 0.3, -0.75, 0, 2, rows: 30000).reparameterizedSample(from: stream, step: 2).action.array.map(Double.init)
    #expect(samples.allSatisfy { $0 >= 0 && $0 <= 2 })
    #expect(KolmogorovSmirnov.agrees(samples, with: cumulative))
  }

  @Test func derivativesAreThoseOfTheClosedForms() {
    let (mean, l, u): ([Float], [Float], [Float]) = ([0.5, -1], [0.25, -0.5], [0.125, -1.5])
    let squash = TanhSquash(low: [-1, 0], high: [3, 1])
    let inputs: [(values: [Float], shape: Shape)] = [(mean, [1, 2]), (l, [1, 2]), (u, [1, 2])]
    let result = DistributionChecks.gradients(inputs) { _, v in
      SquashedGaussian(DiagonalGaussian(mean: v[0], logDeviation: v[1]), squash: squash).logProbability(ofUnsquashed: v[2]).sum()
    }
    let at = (mean + l + u).map(Double.init)
    func reference(_ v: [Double]) -> Double {
      Self.logDensity(v[4], v[0], v[2], halfWidth: 2) + Self.logDensity(v[5], v[1], v[3], halfWidth: 0.5)
    }
    #expect(abs(result.value - reference(at)) < 2e-6)
    #expect(relativeDistance(Array(result.gradients.joined()), FiniteDifference.gradient(at: at, of: reference)) < 5e-6)
    // Along a sample: action and log-probability, with the noise as a constant.
    let noise = DistributionChecks.noise(.normal, 2, step: 4).map(Double.init)
    let along = DistributionChecks.gradients(Array(inputs[0..<2])) { tape, v in
      let sample = SquashedGaussian(DiagonalGaussian(mean: v[0], logDeviation: v[1]), squash: squash).reparameterizedSample(from: stream, step: 4)
      return (sample.action * tape.constant([2, -3], shape: [2])).sum() + sample.logProbability().sum()
    }
    func path(_ v: [Double]) -> Double {
      let u = (0..<2).map { (i: Int) -> Double in v[i] + Foundation.exp(v[2 + i]) * noise[i] }
      let first: Double = 1 + 2 * Foundation.tanh(u[0])
      let second: Double = 0.5 + 0.5 * Foundation.tanh(u[1])
      let actions = 2 * first - 3 * second
      return actions + Self.logDensity(u[0], v[0], v[2], halfWidth: 2) + Self.logDensity(u[1], v[1], v[3], halfWidth: 0.5)
    }
    let start = Array(at[0..<4])
    #expect(abs(along.value - path(start)) < 5e-6)
    #expect(relativeDistance(Array(along.gradients.joined()), FiniteDifference.gradient(at: start, of: path)) < 5e-6)
  }

  /// Entropy, mean action and their derivatives as means over samples, against integrals over u in double precision.
  @Test func meansOverSamplesAreIntegrals() {
    let (m, l, rows): (Float, Float, Int) = (0.4, -0.25, 40000)
    func entropy(_ v: [Double]) -> Double {
      DistributionChecks.integral(-12, 12) { u in
        -Foundation.exp(DiagonalGaussianTests.logDensity(u, v[0], v[1])) * Self.logDensity(u, v[0], v[1], halfWidth: 1)
      }
    }
    func mean(_ v: [Double]) -> Double {
      DistributionChecks.integral(-12, 12) { u in Foundation.exp(DiagonalGaussianTests.logDensity(u, v[0], v[1])) * Foundation.tanh(u) }
    }
    let inputs: [(values: [Float], shape: Shape)] = [
      ([Float](repeating: m, count: rows), [rows, 1]), ([Float](repeating: l, count: rows), [rows, 1]),
    ]
    let point = [Double(m), Double(l)]
    var estimates: [Double] = []
    let first = DistributionChecks.gradients(inputs) { _, v in
      let estimate = SquashedGaussian(DiagonalGaussian(mean: v[0], logDeviation: v[1])).entropyEstimate(from: stream, step: 1)
      estimates = estimate.array.map(Double.init)
      return estimate.sum()
    }
    #expect(DistributionChecks.agree(estimates, mean: entropy(point)))
    let second = DistributionChecks.gradients(inputs) { _, v in
      SquashedGaussian(DiagonalGaussian(mean: v[0], logDeviation: v[1])).reparameterizedSample(from: stream, step: 2).action.sum()
    }
    let (entropySlope, meanSlope) = (FiniteDifference.gradient(at: point, of: entropy), FiniteDifference.gradient(at: point, of: mean))
    for i in 0..<2 {
      #expect(DistributionChecks.agree(first.gradients[i], mean: entropySlope[i]))
      #expect(DistributionChecks.agree(second.gradients[i], mean: meanSlope[i]))
    }
  }

  @Test func divergenceIsThatOfTheNormalDistributions() {
    let tape = Tape()
    let (p, q) = (distribution(tape, 0.5, -0.25), distribution(tape, -0.5, 0.25))
    #expect(abs(Double(p.divergence(from: q).number) - DiagonalGaussianTests.divergence(0.5, -0.25, -0.5, 0.25)) < 1e-6)
    // Over the actions, by integration.
    let integral = DistributionChecks.integral(-12, 12) { u in
      let own = Self.logDensity(u, 0.5, -0.25, halfWidth: 1)
      let slope = Foundation.exp(-2 * Foundation.log(Foundation.cosh(u)))
      return Foundation.exp(own) * slope * (own - Self.logDensity(u, -0.5, 0.25, halfWidth: 1))
    }
    #expect(abs(Double(p.divergence(from: q).number) - integral) < 1e-6)
    #expect(abs(Double(p.median.number) - Foundation.tanh(0.5)) < 1e-7)
  }

  @Test(arguments: [(1, 1), (1, 5), (7, 3), (33, 17)], [false, true]) func actingGivesTheBitsOfTheTape(size: (Int, Int), each: Bool) {
    let (rows, dimensions) = size
    let output = DistributionChecks.noise(.normal, rows * 2 * dimensions, step: 31)
    let low = (0..<dimensions).map { -Float($0) - 0.3 }
    let squash = each ? TanhSquash(low: low, high: low.map { 1.7 - $0 }) : TanhSquash(to: -0.3...1.9)
    let sample = SquashedGaussian(DiagonalGaussian(output: Tape().constant(output, shape: [rows, 2 * dimensions])), squash: squash)
      .reparameterizedSample(from: stream, step: 9, part: 3)
    var unsquashed = [Float](repeating: .nan, count: rows * dimensions)
    var actions = unsquashed
    var logs = [Float](repeating: .nan, count: rows)
    var first = unsquashed.mutableSpan
    var second = actions.mutableSpan
    var third = logs.mutableSpan
    SquashedGaussian.sample(
      output: output.span, squash: squash, from: stream, step: 9, part: 3, unsquashed: &first, into: &second, logProbabilities: &third)
    #expect(unsquashed == sample.unsquashed.array && actions == sample.action.array && logs == sample.logProbability().array)
  }

  @Test func extremeActionsStayFinite() {
    for u: Float in [-20, -9, 0, 9, 20] {
      for l: Float in [-20, 0, 2] {
        let result = DistributionChecks.gradients([([u], [1, 1]), ([l], [1, 1])]) { tape, v in
          let p = SquashedGaussian(DiagonalGaussian(mean: v[0], logDeviation: v[1]))
          let sample = p.reparameterizedSample(from: stream, step: 0)
          return
            (sample.logProbability() + sample.action + p.logProbability(ofUnsquashed: sample.unsquashed) + p.logProbability(of: sample.action)
            + p.logProbability(of: tape.constant([1], shape: [1, 1]))).sum()
        }
        #expect(result.value.isFinite && result.gradients.joined().allSatisfy { $0.isFinite }, "u = \(u), l = \(l)")
      }
    }
  }

  @Test func wrongArgumentsAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = TanhSquash(low: [0], high: [0]) }
    await #expect(processExitsWith: .failure) { _ = TanhSquash(low: [0, 1], high: [2]) }
    await #expect(processExitsWith: .failure) { _ = TanhSquash(low: [0, 1], high: [2, 3])(Tape().constant(Tensor(zeros: [2, 3]))) }
    await #expect(processExitsWith: .failure) {
      let gaussian = DiagonalGaussian(output: Tape().constant(Tensor(zeros: [1, 2])))
      _ = SquashedGaussian(gaussian).divergence(from: SquashedGaussian(gaussian, squash: TanhSquash(to: 0...1)))
    }
  }
}
