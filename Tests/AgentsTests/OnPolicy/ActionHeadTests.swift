import Tensor
import Testing

@testable import Agents

@Suite struct ActionHeadTests {
  private let space = ActionSpace(choices: [3, 2], bounds: [-1...1, 0...5])
  private let rows = 6

  private func numbers(_ count: Int, _ index: Int) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    RandomStream(seed: 8, purpose: .environment, index: index).fill(&values, with: .normal)
    return values
  }

  /// A head, rows of outputs, choices and numbers.
  private func head(isPerChoice: Bool, isStateDependent: Bool = true) -> ActionHead {
    ActionHead(space, bounding: .scaled, isStateDependent: isStateDependent, isPerChoice: isPerChoice, logDeviations: -20...2)
  }

  private let chosen: [Int32] = [0, 1, 2, 0, 1, 1, 2, 0, 0, 1, 1, 0]

  @Test func widthsAreThoseOfTheLayout() {
    let shared = head(isPerChoice: false)
    #expect((shared.parts, shared.dimensions, shared.deviations, shared.outputs, shared.freeDeviations) == (2, 2, 2, 9, 0))
    let perChoice = head(isPerChoice: true, isStateDependent: false)
    #expect((perChoice.deviations, perChoice.outputs, perChoice.freeDeviations, perChoice.layout.width) == (6, 11, 6, 17))
    let discrete = ActionHead(.discrete(4), bounding: .scaled, isStateDependent: false, isPerChoice: true, logDeviations: -20...2)
    #expect((discrete.outputs, discrete.freeDeviations, discrete.layout.width) == (4, 0, 4))
  }

  @Test(arguments: [true, false], [true, false]) func theTermsAreThoseOfTheHybridDistribution(isPerChoice: Bool, isStateDependent: Bool) {
    let head = head(isPerChoice: isPerChoice, isStateDependent: isStateDependent)
    let width = head.layout.width
    var whole = numbers(rows * width, 0)
    let free = numbers(head.freeDeviations, 3)
    for row in 0..<rows { for i in 0..<head.freeDeviations { whole[row * width + head.outputs + i] = free[i] } }
    let output = (0..<rows).flatMap { whole[($0 * width)..<($0 * width + head.outputs)] }
    let values = numbers(rows * 2, 1)
    let tape = Tape()
    let (u, all) = (tape.constant(values, shape: [rows, 2]), tape.constant(whole, shape: [rows, width]))
    let distribution = head.layout.distribution(of: all)
    let expected = distribution.logProbability(of: chosen.span, values: u).array
    let entropy = distribution.entropy().array
    let parts = (0..<2).flatMap { part in (0..<rows).map { chosen[$0 * 2 + part] } }
    let blocks = (0..<(isPerChoice ? rows : 0)).map { Int32($0 * 3) + chosen[$0 * 2] }
    let terms = head.terms(
      tape.constant(output, shape: [rows, head.outputs]), logDeviation: isStateDependent ? nil : tape.constant(free, shape: [free.count]),
      choices: parts.span, blocks: blocks.span, values: u)
    for (a, b) in zip(terms.logProbability.array, expected) { #expect(abs(a - b) < 1e-4) }
    for (a, b) in zip(terms.entropy.array, entropy) { #expect(abs(a - b) < 1e-5) }
    // The part of the numbers, as it is found without a tape.
    var separate = [Float](repeating: 0, count: rows)
    var span = separate.mutableSpan
    head.continuousLogProbability(whole.span, chosen.span, values.span, into: &span)
    for (a, b) in zip(separate, terms.continuous!.array) { #expect(abs(a - b) < 1e-4 * max(1, abs(b))) }
  }

  @Test(arguments: [
    (ActionBounding.scaled, [-1, 0, 1] as [Float], [0, 2.5, 5] as [Float]), (.clipped, [-1, 0.5, 1], [0, 0.5, 3]),
    (.squashed, [-0.9999092, 0.46211717, 0.9950548], [0.000227, 3.6552929, 4.987637]),
  ])
  func numbersAreBroughtIntoTheirRanges(bounding: ActionBounding, first: [Float], second: [Float]) {
    let head = ActionHead(space, bounding: bounding, isStateDependent: true, isPerChoice: false, logDeviations: -20...2)
    // tanh −5, ½ and 3, and once more; what is clipped lies at −5, ½ (or 0) and 3.
    let middle: Float = bounding == .scaled ? 0 : 0.5
    var target = [Float](repeating: 9, count: 6)
    head.bound([7, 7, -5, -5, middle, middle, 3, 3], from: 2, into: &target)
    for row in 0..<3 {
      #expect(abs(target[2 * row] - first[row]) < 1e-6)
      #expect(abs(target[2 * row + 1] - second[row]) < 1e-5)
    }
  }
}
