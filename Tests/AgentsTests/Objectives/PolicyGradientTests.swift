import Agents
import Tensor
import Testing

@Suite struct PolicyGradientTests {
  private let tape = Tape()

  private func column(_ x: [Float]) -> Variable { tape.constant(x, shape: [x.count, 1]) }

  // The anchor of rlax, policy_gradients_test.py, which is 3 · 10⁻⁶ from the exact −(0.5 + 0.1 e⁻²) / 3 and −(−0.5 − 0.1 · 0.8) / 3.
  @Test(arguments: [(Float(1), -0.17117467, -0.1711778428), (-1, 0.19333333, 0.1933333333)])
  func theClippedSurrogateOfAnotherPackage(sign: Float, printed: Double, exact: Double) {
    let now = Categorical(logits: tape.constant([1, 1, 1, 2, 0, 0, -1, -2, -3], shape: [3, 3]))
    let old = Categorical(logits: tape.constant([1, 1, 1, 2, 0, 0, -3, -2, -1], shape: [3, 3]))
    let choices: [Int32] = [0, 1, 2]
    let ratios = (now.logProbability(of: choices.span) - old.logProbability(of: choices.span)).exp()
    let loss = clippedSurrogateLoss(ratios: ratios, advantages: column([0.3 * sign, 0.2 * sign, 0.1 * sign]), clip: 0.2)
    #expect(abs(Double(loss.number) - printed) < 1e-5)
    #expect(abs(Double(loss.number) - exact) < 1e-7)
  }

  @Test func theSurrogateIsFlatWhereItIsClipped() {
    // Ratios below, inside and above 1 ± 0.2 with advantages of both signs: flat above for A > 0 and below for A < 0.
    let ratios: [Float] = [0.5, 1, 1.5, 0.5, 1, 1.5]
    let advantages: [Float] = [2, 2, 2, -3, -3, -3]
    let tensor = Tensor(ratios, shape: [6, 1])
    let variable = tape.variable(tensor)
    let loss = clippedSurrogateLoss(ratios: variable, advantages: column(advantages), clip: 0.2)
    var expected = 0.0
    for (r, a) in zip(ratios, advantages) {
      expected -= min(Double(r) * Double(a), min(max(Double(r), 0.8), 1.2) * Double(a)) / 6
    }
    #expect(abs(Double(loss.number) - expected) < 1e-6)
    let slope = tape.gradients(of: loss, withRespectTo: [variable])[0].array
    let wanted: [Float] = [-2 / 6, -2 / 6, 0, 0, 3 / 6, 3 / 6]
    for (a, b) in zip(slope, wanted) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func thePolicyGradientIsTheMeanOfWeightedScores() {
    let variable = tape.variable(Tensor([-0.5, -1, -2], shape: [3, 1]))
    let loss = policyGradientLoss(logProbabilities: variable, advantages: column([3, -1, 0.5]))
    #expect(abs(loss.number - (1.5 - 1 + 1) / 3) < 1e-6)
    let slope = tape.gradients(of: loss, withRespectTo: [variable])[0].array
    for (a, b) in zip(slope, [-1, 1.0 / 3, -0.5 / 3] as [Float]) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func valuesAreClippedToWhatTheyWere() {
    // V = 3, 0.1, −2 from V_old = 0 with ε = 0.5, R = 1: max(4, 0.25), max(0.81, 0.81), max(9, 2.25).
    let variable = tape.variable(Tensor([3, 0.1, -2], shape: [3, 1]))
    let (old, targets) = (column([0, 0, 0]), column([1, 1, 1]))
    #expect(abs(valueLoss(variable, targets: targets).number - 0.5 * (4 + 0.81 + 9) / 3) < 1e-6)
    #expect(abs(valueLoss(variable, targets: targets, clip: (old, 0.5)).number - 0.5 * (4 + 0.81 + 9) / 3) < 1e-6)
    // Where the clipped value is farther from its target, it counts, and is flat: V = 0.9 for R = 1 counts as 0.5.
    let near = tape.variable(Tensor([0.9], shape: [1, 1]))
    let loss = valueLoss(near, targets: column([1]), clip: (column([0]), 0.5))
    #expect(abs(loss.number - 0.125) < 1e-6)
    #expect(tape.gradients(of: loss, withRespectTo: [near])[0].array == [0])
  }

  @Test func divergencesAreEstimated() {
    let logRatios: [Float] = [0.1, -0.2, 0.05]
    let x = column(logRatios)
    let exact = logRatios.map { Double($0) }
    #expect(abs(Double(DivergenceEstimator.k1(x).number) - (-exact.reduce(0, +) / 3)) < 1e-7)
    #expect(abs(Double(DivergenceEstimator.k3(x).number) - exact.map { Math.exp($0) - 1 - $0 }.reduce(0, +) / 3) < 1e-7)
    // Both are KL(p ‖ q) in the mean over p: here exactly, by choosing samples in the proportions of p.
    let (p, q) = ([0.75, 0.25], [0.5, 0.5])
    let samples = column([0, 0, 0, 1].map { Float(Math.log(q[$0] / p[$0])) })
    let divergence = p[0] * Math.log(p[0] / q[0]) + p[1] * Math.log(p[1] / q[1])
    #expect(abs(Double(DivergenceEstimator.k1(samples).number) - divergence) < 1e-6)
    #expect(abs(Double(DivergenceEstimator.k3(samples).number) - divergence) < 1e-6)
  }

  @Test func clippedRatiosAreCounted() {
    #expect(clipFraction(column([0.7, 0.85, 1, 1.15, 1.3]), clip: 0.2).number == 0.4)
  }
}
