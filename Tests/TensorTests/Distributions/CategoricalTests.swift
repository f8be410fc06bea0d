import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct CategoricalTests {
  private let stream = DistributionChecks.stream

  /// ln softmax, by the book.
  static func logSoftmax(_ x: [Double]) -> [Double] {
    let largest = x.max()!
    let sum = x.reduce(0) { $0 + Foundation.exp($1 - largest) }
    return x.map { $0 - largest - Foundation.log(sum) }
  }

  static func entropy(_ x: [Double]) -> Double { logSoftmax(x).reduce(0) { $0 - Foundation.exp($1) * $1 } }

  static func divergence(_ x: [Double], _ y: [Double]) -> Double {
    zip(logSoftmax(x), logSoftmax(y)).reduce(0) { $0 + Foundation.exp($1.0) * ($1.0 - $1.1) }
  }

  @Test func valuesAreThoseOfTorchDistributions() {
    for reference in DistributionReference.categorical {
      let tape = Tape()
      let count = reference.p.count
      let p = Categorical(logits: tape.constant(reference.p, shape: [1, count]))
      let q = Categorical(logits: tape.constant(reference.q, shape: [1, count]))
      // A logarithm is rounded relative to the largest logit: 2⁻²⁴ of it, twice, and the sum's few units.
      for k in 0..<count {
        let choice = [Int32(k)]
        let value = Double(p.logProbability(of: choice.span).number)
        let expected = reference.logProbabilities[k]
        #expect(value == expected || abs(value - expected) <= 5e-7 * max(1, abs(expected)), "\(value) \(expected)")
        #expect(abs(Double(p.probabilities.array[k]) - Foundation.exp(expected)) <= 3e-7)
      }
      #expect(abs(Double(p.entropy().number) - reference.entropy) <= 1e-6 * max(1, reference.entropy))
      let divergence = Double(p.divergence(from: q).number)
      #expect(divergence == reference.divergence || abs(divergence - reference.divergence) <= 1e-6 * max(1, reference.divergence))
    }
  }

  @Test func resultsAreOneNumberForEachRow() {
    let tape = Tape()
    let distribution = Categorical(logits: tape.constant(Tensor(zeros: [2, 3, 5])))
    let choices = [Int32](repeating: 1, count: 6)
    #expect(distribution.choices == 5)
    #expect(distribution.logProbability(of: choices.span).shape == [2, 3, 1])
    #expect(distribution.entropy().shape == [2, 3, 1] && distribution.divergence(from: distribution).shape == [2, 3, 1])
    #expect(distribution.sample(from: stream, step: 0).count == 6 && distribution.mode() == [0, 0, 0, 0, 0, 0])
  }

  @Test func derivativesAreThoseOfTheClosedForms() {
    let x: [Float] = [0.5, -1.25, 2, 0.75, -0.5, 1, 0.25, -3]
    let y: [Float] = [1, 0.5, -0.25, -2, 0.5, -1.5, 2, 1.25]
    let inputs: [(values: [Float], shape: Shape)] = [(x, [2, 4]), (y, [2, 4])]
    let choices: [Int32] = [2, 3]
    func rows(_ v: [Double], _ body: ([Double], Int) -> Double) -> Double {
      body(Array(v[0..<4]), 0) + 3 * body(Array(v[4..<8]), 1)
    }
    func weighted(_ v: Variable) -> Variable { (v * v.tape.constant([1, 3], shape: [2, 1])).sum() }
    let point = x.map(Double.init) + y.map(Double.init)

    let score = DistributionChecks.gradients(inputs) { weighted(Categorical(logits: $1[0]).logProbability(of: choices.span)) }
    let scoreReference = FiniteDifference.gradient(at: point) { v in rows(v) { Self.logSoftmax($0)[Int(choices[$1])] } }
    #expect(relativeDistance(score.gradients[0], Array(scoreReference[0..<8])) < 2e-6)

    let entropy = DistributionChecks.gradients(inputs) { weighted(Categorical(logits: $1[0]).entropy()) }
    let entropyReference = FiniteDifference.gradient(at: point) { v in rows(v) { r, _ in Self.entropy(r) } }
    #expect(relativeDistance(entropy.gradients[0], Array(entropyReference[0..<8])) < 2e-6)

    let divergence = DistributionChecks.gradients(inputs) {
      weighted(Categorical(logits: $1[0]).divergence(from: Categorical(logits: $1[1])))
    }
    let divergenceReference = FiniteDifference.gradient(at: point) { v in
      rows(v) { r, i in Self.divergence(r, Array(v[(8 + 4 * i)..<(12 + 4 * i)])) }
    }
    #expect(relativeDistance(divergence.gradients[0] + divergence.gradients[1], divergenceReference) < 2e-6)
  }

  /// Forbidden choices count for nothing in any value and any derivative, and the rest is the distribution of the allowed ones.
  @Test func forbiddenChoicesHaveNoProbabilityAndNoDerivative() {
    let logits: [Float] = [0.5, 2, -1, 0.25]
    let others: [Float] = [1, -1, 0.5, 0.75]
    let mask: [Float] = [1, 0, 1, 1]
    let allowed = [0, 2, 3]
    let (p, q) = (allowed.map { Double(logits[$0]) }, allowed.map { Double(others[$0]) })
    let choice: [Int32] = [2]
    typealias Quantity = (Categorical, Categorical) -> Variable
    let cases: [(Quantity, ([Double]) -> Double)] = [
      ({ a, _ in a.entropy() }, { Self.entropy($0) }),
      ({ $0.divergence(from: $1) }, { Self.divergence($0, q) }),
      ({ $1.divergence(from: $0) }, { Self.divergence(q, $0) }),
      ({ a, _ in a.logProbability(of: choice.span) }, { Self.logSoftmax($0)[1] }),
      (
        { a, _ in a.expectation(of: a.logits.tape.constant([1, .infinity, 2, 3], shape: [1, 4])) },
        { x in
          zip(Self.logSoftmax(x), [1, 2, 3]).reduce(0) { $0 + Foundation.exp($1.0) * $1.1 }
        }
      ),
    ]
    for (quantity, reference) in cases {
      let tape = Tape()
      let x = tape.variable(Tensor(logits, shape: [1, 4]))
      let permitted = tape.constant(mask, shape: [1, 4])
      let first = Categorical(logits: x, allowed: permitted)
      let second = Categorical(logits: tape.constant(others, shape: [1, 4]), allowed: permitted)
      #expect(first.probabilities.array[1] == 0)
      let value = quantity(first, second)
      #expect(abs(Double(value.number) - reference(p)) < 1e-6)
      let gradient = tape.gradients(of: value.sum(), withRespectTo: [x])[0]
      #expect(gradient.array[1] == 0)
      #expect(relativeDistance(allowed.map { Double(gradient.array[$0]) }, FiniteDifference.gradient(at: p, of: reference)) < 2e-6)
      // The derivative of the derivative is finite too.
      let second2 = tape.gradients(of: gradient.squared().sum(), withRespectTo: [x])[0]
      #expect(second2.array.allSatisfy { $0.isFinite } && second2.array[1] == 0)
    }
    // Asked all the same, a forbidden choice is infinitely improbable, and its derivative is still a number.
    let asked = DistributionChecks.gradients([([0, -.infinity, 1], [1, 3])]) { _, v in
      let choice: [Int32] = [1]
      return Categorical(logits: v[0]).logProbability(of: choice.span).sum()
    }
    #expect(asked.value == -.infinity && asked.gradients[0].allSatisfy { $0.isFinite })
  }

  @Test func frequenciesAreTheProbabilities() {
    let logits: [Float] = [0.5, -1.25, -.infinity, 2, 0.75, -3]
    let (values, shape) = DistributionChecks.repeated(logits, 50000)
    let drawn = Categorical(logits: Tape().constant(values, shape: shape)).sample(from: stream, step: 4)
    var counts = [Int](repeating: 0, count: 6)
    for choice in drawn { counts[Int(choice)] += 1 }
    #expect(counts[2] == 0)
    let allowed = [0, 1, 3, 4, 5]
    let probabilities = Self.logSoftmax(allowed.map { Double(logits[$0]) }).map { Foundation.exp($0) }
    #expect(DistributionChecks.agree(counts: allowed.map { counts[$0] }, probabilities))
    // Neighbouring rows are independent.
    var pairs = [Int](repeating: 0, count: 25)
    for i in stride(from: 0, to: drawn.count, by: 2) {
      pairs[allowed.firstIndex(of: Int(drawn[i]))! * 5 + allowed.firstIndex(of: Int(drawn[i + 1]))!] += 1
    }
    #expect(DistributionChecks.agree(counts: pairs, probabilities.flatMap { p in probabilities.map { p * $0 } }))
  }

  @Test func entropyAndDivergenceAreMeansOverSamples() {
    let (p, q): ([Float], [Float]) = ([0.5, -1.25, 2, 0.75], [1, 0.5, -0.25, -2])
    let tape = Tape()
    let (values, shape) = DistributionChecks.repeated(p, 40000)
    let (others, _) = DistributionChecks.repeated(q, 40000)
    let (first, second) = (Categorical(logits: tape.constant(values, shape: shape)), Categorical(logits: tape.constant(others, shape: shape)))
    let drawn = first.sample(from: stream, step: 9)
    let own = first.logProbability(of: drawn.span).array.map(Double.init)
    let other = second.logProbability(of: drawn.span).array.map(Double.init)
    #expect(DistributionChecks.agree(own.map { -$0 }, mean: Double(first.entropy().array[0])))
    #expect(DistributionChecks.agree(zip(own, other).map { $0 - $1 }, mean: Double(first.divergence(from: second).array[0])))
  }

  /// The choice is argmax (x + g), the number of a logit that of its place, and acting gives the bits of the tape.
  @Test(arguments: [(1, 1), (1, 7), (5, 3), (33, 17), (40, 64), (3, 300)]) func actingGivesTheBitsOfTheTape(rows: Int, count: Int) {
    let logits = DistributionChecks.noise(.normal, rows * count, step: 77).map { $0 * 3 }
    let gumbel = DistributionChecks.noise(.gumbel, rows * count, step: 6, part: 2)
    let expected = (0..<rows).map { row in
      Int32((0..<count).max { logits[row * count + $0] + gumbel[row * count + $0] < logits[row * count + $1] + gumbel[row * count + $1] }!)
    }
    let distribution = Categorical(logits: Tape().constant(logits, shape: [rows, count]))
    #expect(distribution.sample(from: stream, step: 6, part: 2) == expected)
    var choices = [Int32](repeating: -1, count: rows)
    var logProbabilities = [Float](repeating: .nan, count: rows)
    var choiceSpan = choices.mutableSpan
    var logSpan = logProbabilities.mutableSpan
    Categorical.sample(
      logits: logits.span, choices: count, from: stream, step: 6, part: 2, into: &choiceSpan, logProbabilities: &logSpan)
    #expect(choices == expected)
    #expect(logProbabilities == distribution.logProbability(of: choices.span).array)
    var best = choices.mutableSpan
    Categorical.mode(logits: logits.span, choices: count, into: &best)
    #expect(choices == distribution.mode())
  }

  @Test func extremeLogitsStayFinite() {
    for logits: [Float] in [[80, -80, 0], [-80, -80, -80], [1e30, 0, -1e30], [80, 80, -80]] {
      let choice: [Int32] = [1]
      let inputs: [(values: [Float], shape: Shape)] = [(logits, [1, 3]), ([0, 1, 2], [1, 3])]
      let losses: [(Tape, [Variable]) -> Variable] = [
        { Categorical(logits: $1[0]).entropy().sum() }, { Categorical(logits: $1[0]).logProbability(of: choice.span).sum() },
        { Categorical(logits: $1[0]).divergence(from: Categorical(logits: $1[1])).sum() },
        { Categorical(logits: $1[1]).divergence(from: Categorical(logits: $1[0])).sum() },
      ]
      for loss in losses {
        let result = DistributionChecks.gradients(inputs, loss)
        #expect(result.value.isFinite && result.gradients.joined().allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func wrongShapesAndRowsWithoutAChoiceAreRefused() async {
    await #expect(processExitsWith: .failure) {
      let logits = [Float](repeating: -.infinity, count: 3)
      _ = Categorical(logits: Tape().constant(logits, shape: [1, 3])).sample(from: DistributionChecks.stream, step: 0)
    }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = Categorical(logits: tape.constant(Tensor(zeros: [2, 3]))).divergence(from: Categorical(logits: tape.constant(Tensor(zeros: [3, 2]))))
    }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = Categorical(logits: tape.constant(Tensor(zeros: [2, 3]))).expectation(of: tape.constant(Tensor(zeros: [2, 1])))
    }
    await #expect(processExitsWith: .failure) { _ = Categorical(logits: Tape().constant(1)) }
    await #expect(processExitsWith: .failure) {
      let logits = [Float](repeating: 0, count: 7)
      var choices = [Int32](repeating: 0, count: 2)
      var span = choices.mutableSpan
      Categorical.mode(logits: logits.span, choices: 3, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      let logits = [Float](repeating: 0, count: 6)
      var choices = [Int32](repeating: 0, count: 2)
      var values = [Float](repeating: 0, count: 3)
      var span = choices.mutableSpan
      var logs = values.mutableSpan
      Categorical.sample(logits: logits.span, choices: 3, from: DistributionChecks.stream, step: 0, into: &span, logProbabilities: &logs)
    }
  }
}
