import Testing

@testable import Tensor

@Suite struct HybridLayoutTests {
  private let stream = DistributionChecks.stream

  static let layouts = [
    HybridLayout(choices: [3]), HybridLayout(choices: [2, 5, 3]), HybridLayout(choices: [], dimensions: 3), HybridLayout(choices: [4], dimensions: 2),
    HybridLayout(choices: [4, 2], dimensions: 3, isPerChoice: true, logDeviations: -0.5...0.5),
    HybridLayout(choices: [17], dimensions: 20, isPerChoice: true),
  ]

  @Test(arguments: layouts, [1, 9]) func actingGivesTheBitsOfTheTape(layout: HybridLayout, rows: Int) {
    let output = DistributionChecks.noise(.normal, rows * layout.width, step: 14)
    let distribution = layout.distribution(of: Tape().constant(output, shape: [rows, layout.width]))
    let sample = distribution.sample(from: stream, step: 5)
    var choices = [Int32](repeating: -1, count: rows * layout.choices.count)
    var values = [Float](repeating: .nan, count: rows * layout.dimensions)
    var logs = [Float](repeating: .nan, count: rows)
    var first = choices.mutableSpan
    var second = values.mutableSpan
    var third = logs.mutableSpan
    layout.sample(output: output.span, from: stream, step: 5, choices: &first, values: &second, logProbabilities: &third)
    #expect(choices == sample.choices)
    #expect(values == sample.values?.array ?? [])
    #expect(logs == sample.logProbability().array)
  }

  @Test(arguments: layouts, [1, 9]) func theModeIsTheMostProbableChoiceAndItsMean(layout: HybridLayout, rows: Int) {
    let output = DistributionChecks.noise(.normal, rows * layout.width, step: 15)
    let distribution = layout.distribution(of: Tape().constant(output, shape: [rows, layout.width]))
    var choices = [Int32](repeating: -1, count: rows * layout.choices.count)
    var values = [Float](repeating: .nan, count: rows * layout.dimensions)
    var first = choices.mutableSpan
    var second = values.mutableSpan
    layout.mode(output: output.span, choices: &first, values: &second)
    for (part, categorical) in distribution.discrete.enumerated() {
      #expect((0..<rows).map { choices[$0 * layout.choices.count + part] } == categorical.mode())
    }
    #expect(values == distribution.gaussian(given: choices.span)?.mean.array ?? [])
  }

  @Test func theOrderOfARowIsLogitsMeansDeviations() {
    let layout = HybridLayout(choices: [2, 1], dimensions: 2, isPerChoice: true, logDeviations: -20...20)
    #expect(layout.width == 11)
    let distribution = layout.distribution(of: Tape().constant((0..<11).map { Float($0) }, shape: [1, 11]))
    #expect(distribution.discrete[0].logits.array == [0, 1] && distribution.discrete[1].logits.array == [2])
    let choices: [Int32] = [1, 0]
    let gaussian = distribution.gaussian(given: choices.span)!
    #expect(gaussian.mean.array == [5, 6] && gaussian.logDeviation.array == [9, 10])
  }

  @Test func rowsThatDoNotFitAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = HybridLayout(choices: []) }
    await #expect(processExitsWith: .failure) { _ = HybridLayout(choices: [], dimensions: 2, isPerChoice: true) }
    await #expect(processExitsWith: .failure) { _ = HybridLayout(choices: [3]).distribution(of: Tape().constant(Tensor(zeros: [2, 4]))) }
    await #expect(processExitsWith: .failure) {
      let output = [Float](repeating: 0, count: 5)
      var choices = [Int32](repeating: 0, count: 2)
      var values: [Float] = []
      var logs = [Float](repeating: 0, count: 2)
      var first = choices.mutableSpan
      var second = values.mutableSpan
      var third = logs.mutableSpan
      HybridLayout(choices: [3]).sample(
        output: output.span, from: DistributionChecks.stream, step: 0, choices: &first, values: &second, logProbabilities: &third)
    }
  }
}
