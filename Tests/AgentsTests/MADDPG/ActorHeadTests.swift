import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct ActorHeadTests {
  private let space = ActionSpace(choices: [3, 2], bounds: [-1...3, 0...0.5])

  @Test func outputsAreLogitsAndNumbers() {
    let head = ActorHead(space)
    #expect((head.logits, head.numbers, head.width) == (5, 2, 7))
    #expect((0..<2).map(head.start) == [0, 3])
  }

  /// Two rows of two agents, of which the second one is asked for.
  @Test func numbersAreInUnitsOfHalfTheirRange() {
    let head = ActorHead(space)
    var units = [Float](repeating: 9, count: 4)
    head.normalize(([9, 9, -1, 0.375, 9, 9, 3, 0.25] as [Float]).span, rows: 2, agent: 1, agents: 2, into: &units)
    #expect(units == [-1, 0.5, 1, 0])
  }

  @Test func numbersBehindLogitsAreSquashed() {
    let head = ActorHead(space)
    var units = [Float](repeating: 9, count: 4)
    head.collectNumbers([9, 9, 9, 9, 9, 1, 0, 9, 9, 9, 9, 9, -1, 100], rows: 2, into: &units)
    ActorHead.squash(&units)
    // tanh 1, NIST DLMF 4.28.
    for (unit, expected) in zip(units, [0.7615942, 0, -0.7615942, 1] as [Float]) { #expect(abs(unit - expected) < 1e-6) }
  }

  @Test func spacesWithoutAnActionAreRefused() {
    #expect(ActorHead.objection(to: space, for: "X") == nil)
    for bad in [ActionSpace(), ActionSpace(choices: [0]), .continuous(1...1), .continuous(-Float.infinity...0)] {
      #expect(ActorHead.objection(to: bad, for: "X")?.hasPrefix("X: ") == true)
      #expect(MADDPG.objection(to: EnvironmentSpecification(copies: 1, agents: 2, observationSize: 1, actions: bad)) != nil)
      #expect(MATD3.objection(to: EnvironmentSpecification(copies: 1, agents: 2, observationSize: 1, actions: bad)) != nil)
    }
  }

  /// The golden vector `gumbel_st`: values and the gradient that leaves a straight-through sample.
  @Test func straightThroughGradientsAreThoseOfTheReference() throws {
    let golden = try GoldenVectors.load().gumbelSt
    let (rows, choices) = (golden.logits.count, golden.logits[0].count)
    func flat(_ x: [[Double]]) -> [Float] { x.flatMap { $0.map(Float.init) } }
    let shape: Shape = [rows, choices]
    for estimator in DiscreteActionEstimator.allCases where estimator.isNoisy {
      let tape = Tape()
      let logits = tape.variable(Tensor(flat(golden.logits), shape: shape))
      let action = DifferentiableAction(
        logits, noise: tape.constant(flat(golden.gumbelNoise), shape: shape), ActorHead(.discrete(choices)), estimator,
        temperature: Float(golden.temperature)
      ).choice(0)
      let expected = estimator == .relaxed ? golden.soft : golden.forwardHard
      #expect(relativeDistance(action.array.map(Double.init), expected.flatMap { $0 }) < 1e-6)
      let loss = (action * tape.constant(flat(golden.upstreamGrad), shape: shape)).sum()
      let gradient = tape.gradients(of: loss, withRespectTo: [logits])[0]
      #expect(relativeDistance(gradient.array.map(Double.init), golden.gradLogits.flatMap { $0 }) < 1e-6)
    }
  }

  /// Each choice has its own softmax, and numbers lie behind all logits.
  @Test func partsOfAnActionAreIndependent() {
    let outputs: [Float] = [1, 2, 0, -1, 3, 0.5, -2]
    let tape = Tape()
    let variable = tape.variable(Tensor(outputs, shape: [1, 7]))
    let action = DifferentiableAction(variable, noise: nil, ActorHead(space), .softmax, temperature: 2)
    let expected = [[0.5, 1, 0], [-0.5, 1.5]].map(ReferenceNetworks.softmax)
    for c in 0..<2 { #expect(relativeDistance(action.choice(c).array.map(Double.init), expected[c]) < 1e-6) }
    #expect(relativeDistance(action.numbers.array.map(Double.init), [0.46211716, -0.96402758]) < 1e-6)
    let gradient = tape.gradients(of: action.numbers.sum(), withRespectTo: [variable])[0].array
    #expect(gradient[0..<5].allSatisfy { $0 == 0 } && gradient[5] > 0 && gradient[6] > 0)
  }
}
