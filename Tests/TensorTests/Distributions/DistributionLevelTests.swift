import CKernels
import TestSupport
import Testing

@testable import Tensor

/// Distributions give the same bits on every CPU level, on the tape and without it.
extension KernelLevelTests {
  @Test(arguments: [HybridLayout(choices: [5, 33], dimensions: 3), HybridLayout(choices: [17], dimensions: 18, isPerChoice: true)])
  func distributions(layout: HybridLayout) {
    let rows = 7
    let output = DistributionChecks.noise(.normal, rows * layout.width, step: 2).map { $0 * 3 }
    let others = DistributionChecks.noise(.normal, rows * layout.width, step: 3)
    let results = EveryLevel.results { () -> [Float] in
      let tape = Tape()
      let variable = tape.variable(Tensor(output, shape: [rows, layout.width]))
      let distribution = layout.distribution(of: variable)
      let other = layout.distribution(of: tape.constant(others, shape: variable.shape))
      let sample = distribution.sample(from: DistributionChecks.stream, step: 1)
      let squashed = SquashedGaussian(distribution.gaussian(given: sample.choices.span)!)
      let bounded = squashed.reparameterizedSample(from: DistributionChecks.stream, step: 2)
      let relaxed = RelaxedCategorical(distribution.discrete[0], temperature: 0.5).sample(from: DistributionChecks.stream, step: 3)
      let parts = [
        sample.logProbability(), distribution.entropy(), distribution.divergence(from: other), other.divergence(from: distribution),
        bounded.action, bounded.logProbability(), squashed.logProbability(of: bounded.action), relaxed,
      ]
      let loss = parts.dropFirst().reduce(parts[0].squared().sum()) { $0 + $1.squared().sum() }
      var choices = sample.choices
      var values = [Float](repeating: 0, count: rows * layout.dimensions)
      var logs = [Float](repeating: 0, count: rows)
      var first = choices.mutableSpan
      var second = values.mutableSpan
      var third = logs.mutableSpan
      layout.sample(
        output: output.span, from: DistributionChecks.stream, step: 4, choices: &first, values: &second, logProbabilities: &third)
      return parts.flatMap(\.array) + tape.gradients(of: loss, withRespectTo: [variable])[0].array + sample.choices.map { Float($0) }
        + choices.map { Float($0) } + values + logs
    }
    #expect(KernelLevelTests.difference(results) == nil)
  }

  /// The kernels that act, with rows apart and sums that go on.
  @Test(arguments: sizes, [false, true]) func rowsOfDistributions(n: Int, special: Bool) {
    let rows = 3
    let x = KernelLevelTests.mixed(rows * (n + 2), seed: 9, special: special)
    let deviations = KernelLevelTests.mixed(rows * (n + 2), seed: 10, special: special)
    let noise = KernelLevelTests.mixed(rows * n, seed: 11, special: false)
    let index = [Int32(n - 1), Int32(n / 2), 0, 0, Int32(n / 3), 0]
    let results = EveryLevel.results { () -> [Float] in
      var all: [Float] = []
      for accumulate: Int32 in [0, 1] {
        all += KernelLevelTests.run(x, out: [1, 2, 3, 5]) { x, _, y in
          unsafe index.withUnsafeBufferPointer { unsafe ck_log_softmax_at(rows, n, x, n + 2, $0.baseAddress!, 2, y, accumulate) }
        }
        all += KernelLevelTests.run(x, deviations, out: noise + [1, 2, 3, 5]) { x, l, y in
          unsafe ck_gaussian_rows(rows, n, x, n + 2, l, n + 1, 0.5, 2, -1, y, y + rows * n, accumulate)
        }
      }
      return all
    }
    #expect(KernelLevelTests.difference(results) == nil)
    #expect(results[0][3] == 5 && results[0][4 + rows * n + 3] == 5, "wrote behind its end")
  }
}
