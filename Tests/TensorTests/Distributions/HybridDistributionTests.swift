import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct HybridDistributionTests {
  private let stream = DistributionChecks.stream
  private let logits: [Float] = [0.5, -1, 0.25]
  private let means: [Float] = [1, -1, 0, 2, 0.5, -0.5]
  private let deviations: [Float] = [-0.5, 0.25, 0, -1, 0.5, -0.25]

  /// Three choices, two numbers for each.
  private func perChoice(_ v: [Variable], rows: Int = 1) -> HybridDistribution {
    HybridDistribution(
      discrete: [Categorical(logits: v[0])],
      continuous: .perChoice(DiagonalGaussian(mean: v[1].reshaped([rows, 3, 2]), logDeviation: v[2].reshaped([rows, 3, 2]))))
  }

  private func inputs(rows: Int = 1) -> [(values: [Float], shape: Shape)] {
    [logits, means, deviations].map { DistributionChecks.repeated($0, rows) }
  }

  private func logDensity(_ v: [Double], _ choice: Int, _ x: [Double]) -> Double {
    CategoricalTests.logSoftmax(Array(v[0..<3]))[choice]
      + (0..<2).reduce(0) { $0 + DiagonalGaussianTests.logDensity(x[$1], v[3 + 2 * choice + $1], v[9 + 2 * choice + $1]) }
  }

  @Test func independentPartsAddUp() {
    let tape = Tape()
    let first = DistributionChecks.noise(.normal, 12, step: 1)
    let second = DistributionChecks.noise(.normal, 20, step: 2)
    let output = DistributionChecks.noise(.normal, 24, step: 3)
    let parts = [Categorical(logits: tape.constant(first, shape: [4, 3])), Categorical(logits: tape.constant(second, shape: [4, 5]))]
    let gaussian = DiagonalGaussian(output: tape.constant(output, shape: [4, 6]))
    let hybrid = HybridDistribution(discrete: parts, continuous: .shared(gaussian))
    let choices: [Int32] = [0, 4, 1, 3, 2, 2, 0, 1]
    let (left, right): ([Int32], [Int32]) = ([0, 1, 2, 0], [4, 3, 2, 1])
    let x = tape.constant(DistributionChecks.noise(.normal, 12, step: 4), shape: [4, 3])
    let sum = parts[0].logProbability(of: left.span) + parts[1].logProbability(of: right.span) + gaussian.logProbability(of: x)
    #expect(hybrid.logProbability(of: choices.span, values: x).array == sum.array)
    #expect(hybrid.entropy().array == (parts[0].entropy() + parts[1].entropy() + gaussian.entropy()).array)
    let other = HybridDistribution(discrete: [parts[0], parts[1]], continuous: .shared(DiagonalGaussian(mean: x, logDeviation: x)))
    #expect(
      relativeDistance(
        hybrid.divergence(from: other).array.map(Double.init),
        gaussian.divergence(from: DiagonalGaussian(mean: x, logDeviation: x)).array.map(Double.init)) < 1e-6)
    let multi = HybridDistribution(discrete: parts)
    #expect(multi.logProbability(of: choices.span).array == (parts[0].logProbability(of: left.span) + parts[1].logProbability(of: right.span)).array)
    #expect(multi.gaussian(given: choices.span) == nil && multi.sample(from: stream, step: 0).values == nil)
  }

  @Test func theChoiceSelectsItsNumbers() {
    let x: [Float] = [0.25, -0.75]
    for choice in 0..<3 {
      let choices = [Int32(choice)]
      let result = DistributionChecks.gradients(inputs()) { tape, v in
        perChoice(v).logProbability(of: choices.span, values: tape.constant(x, shape: [1, 2])).sum()
      }
      let point = (logits + means + deviations).map(Double.init)
      func reference(_ v: [Double]) -> Double { logDensity(v, choice, x.map(Double.init)) }
      #expect(abs(result.value - reference(point)) < 3e-6)
      #expect(relativeDistance(Array(result.gradients.joined()), FiniteDifference.gradient(at: point, of: reference)) < 5e-6)
    }
  }

  @Test func entropyAndDivergenceFollowTheChainRule() {
    let (q, n, o): ([Float], [Float], [Float]) = ([1, 0, -0.5], [0, 0.5, -1, 1, 0.25, 0], [0, 0, 0.5, -0.5, 0.25, 0.75])
    let point = (logits + means + deviations).map(Double.init)
    func entropy(_ v: [Double]) -> Double {
      let p = CategoricalTests.logSoftmax(Array(v[0..<3])).map { Foundation.exp($0) }
      let inner = (0..<3).map { (i: Int) -> Double in
        let deviations = v[9 + 2 * i] + v[10 + 2 * i]
        return deviations + 1 + Foundation.log(2 * Double.pi)
      }
      return CategoricalTests.entropy(Array(v[0..<3])) + zip(p, inner).reduce(0) { $0 + $1.0 * $1.1 }
    }
    func divergence(_ v: [Double]) -> Double {
      let p = CategoricalTests.logSoftmax(Array(v[0..<3])).map { Foundation.exp($0) }
      var sum = CategoricalTests.divergence(Array(v[0..<3]), q.map(Double.init))
      for i in 0..<6 { sum += p[i / 2] * DiagonalGaussianTests.divergence(v[3 + i], v[9 + i], Double(n[i]), Double(o[i])) }
      return sum
    }
    let ownEntropy = DistributionChecks.gradients(inputs()) { _, v in perChoice(v).entropy().sum() }
    #expect(abs(ownEntropy.value - entropy(point)) < 2e-6)
    #expect(relativeDistance(Array(ownEntropy.gradients.joined()), FiniteDifference.gradient(at: point, of: entropy)) < 5e-6)
    let own = DistributionChecks.gradients(inputs()) { tape, v in
      perChoice(v).divergence(from: perChoice([q, n, o].map { tape.constant($0, shape: [1, $0.count]) })).sum()
    }
    #expect(abs(own.value - divergence(point)) < 5e-6)
    #expect(relativeDistance(Array(own.gradients.joined()), FiniteDifference.gradient(at: point, of: divergence)) < 5e-6)
    // As means over samples.
    let rows = 30000
    let tape = Tape()
    func many(_ lists: [[Float]]) -> HybridDistribution {
      perChoice(
        lists.map {
          let (values, shape) = DistributionChecks.repeated($0, rows)
          return tape.constant(values, shape: shape)
        }, rows: rows)
    }
    let (first, second) = (many([logits, means, deviations]), many([q, n, o]))
    let sample = first.sample(from: stream, step: 4)
    let ownLogs = first.logProbability(of: sample.choices.span, values: sample.values).array.map(Double.init)
    let otherLogs = second.logProbability(of: sample.choices.span, values: sample.values).array.map(Double.init)
    #expect(DistributionChecks.agree(ownLogs.map { -$0 }, mean: entropy(point)))
    #expect(DistributionChecks.agree(zip(ownLogs, otherLogs).map { $0 - $1 }, mean: divergence(point)))
    #expect(relativeDistance(sample.logProbability().array.map(Double.init), ownLogs) < 3e-6)
    // The numbers of each choice are normal.
    let x = sample.values!.array
    for choice in 0..<3 {
      let standard = (0..<rows).filter { sample.choices[$0] == Int32(choice) }.map {
        (Double(x[2 * $0]) - Double(means[2 * choice])) / Foundation.exp(Double(deviations[2 * choice]))
      }
      #expect(standard.count > 2000 && KolmogorovSmirnov.agrees(standard, with: KolmogorovSmirnov.normal))
    }
  }

  /// Parts draw different numbers: two equal categorical parts are independent, and so are choices and numbers.
  @Test func partsAreIndependent() {
    let rows = 40000
    let tape = Tape()
    let (values, shape) = DistributionChecks.repeated(logits, rows)
    let part = Categorical(logits: tape.constant(values, shape: shape))
    let gaussian = DiagonalGaussian(mean: tape.constant(Tensor(zeros: [rows, 1])), logDeviation: tape.constant(Tensor(zeros: [1])))
    let sample = HybridDistribution(discrete: [part, part], continuous: .shared(gaussian)).sample(from: stream, step: 8)
    let p = CategoricalTests.logSoftmax(logits.map(Double.init)).map { Foundation.exp($0) }
    let x = sample.values!.array
    // Cells: first choice, second choice, sign of the number.
    var counts = [Int](repeating: 0, count: 18)
    for row in 0..<rows {
      let pair = Int(sample.choices[2 * row]) * 3 + Int(sample.choices[2 * row + 1])
      counts[2 * pair + (x[row] > 0 ? 1 : 0)] += 1
    }
    let expected = (0..<18).map { (cell: Int) -> Double in p[cell / 6] * p[cell / 2 % 3] * 0.5 }
    #expect(DistributionChecks.agree(counts: counts, expected))
  }

  /// Two categorical parts with forbidden choices and numbers that depend on the first: nothing infinite in value or derivative.
  @Test func extremeParametersStayFinite() {
    let result = DistributionChecks.gradients([
      ([80, -.infinity, -80], [1, 3]), ([0, 5, -20, 1, 2, 3], [1, 6]), ([-20, 2, -20, 2, -20, 2], [1, 6]),
    ]) { _, v in
      let hybrid = perChoice(v)
      let sample = hybrid.sample(from: stream, step: 1)
      return (hybrid.entropy() + sample.logProbability() + hybrid.logProbability(of: sample.choices.span, values: sample.values)).sum()
        + hybrid.divergence(from: perChoice(v.map { $0.stopped() })).sum()
    }
    #expect(result.value.isFinite && result.gradients.joined().allSatisfy { $0.isFinite })
  }

  @Test func partsThatDoNotFitAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = HybridDistribution(discrete: []) }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = HybridDistribution(
        discrete: [Categorical(logits: tape.constant(Tensor(zeros: [2, 3]))), Categorical(logits: tape.constant(Tensor(zeros: [3, 3])))])
    }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      let zeros = tape.constant(Tensor(zeros: [2, 4, 1]))
      _ = HybridDistribution(
        discrete: [Categorical(logits: tape.constant(Tensor(zeros: [2, 3])))],
        continuous: .perChoice(DiagonalGaussian(mean: zeros, logDeviation: zeros)))
    }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      let choices: [Int32] = [0]
      _ = HybridDistribution(discrete: [Categorical(logits: tape.constant(Tensor(zeros: [2, 3])))]).logProbability(of: choices.span)
    }
  }
}
