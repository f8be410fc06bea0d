import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct JointCriticTests {
  private let hybrid = ActorHead(ActionSpace(choices: [3, 2], bounds: [-1...1, 0...1]))

  @Test func arraysLieAsDocumented() {
    let one = JointCritic(members: 3, observationSize: 4, head: ActorHead(.discrete(5)), observationWidth: 8, widths: [7, 6])
    #expect(
      one.layout.slices.map(\.name) == [
        "observations.weights", "observations.bias", "hidden0.weights", "hidden0.own", "hidden0.others", "hidden0.bias", "hidden1.weights",
        "hidden1.bias", "value.weights", "value.bias",
      ])
    #expect(one.layout.count == 12 * 8 + 8 + 8 * 7 + 3 * 5 * 7 + 7 + 7 * 6 + 6 + 6 + 1)
    #expect(one.layout.slices[3].fanIn == 8 + 15)
    let two = JointCritic(members: 2, observationSize: 4, head: hybrid, observationWidth: nil, widths: [7], told: 2, count: 2)
    #expect(two.layout.count == 2 * ((8 + 2 * 7 + 2 + 1) * 7 + 7 + 1))
    #expect(two.layout.slices[0].fanIn == 8 + 2 * 7 + 2)
  }

  /// Every form of input, against a program in double precision.
  @Test(arguments: [nil, 6] as [Int?], [1, 3]) func valuesAreThoseOfTheReference(observationWidth: Int?, members: Int) {
    let (rows, size, agents) = (4, 2, 3)
    let critic = JointCritic(
      members: members, observationSize: size, head: hybrid, observationWidth: observationWidth, widths: [5, 4], told: agents, count: 2)
    var parameters = Parameters(critic.layout)
    Initializer.uniformFanIn.fill(&parameters, from: RandomStream(seed: 4, purpose: .initialization))
    let p = parameters.values.array.map(Double.init)
    let networks = ReferenceNetworks(
      observationSize: size, choices: hybrid.choices, numbers: 2, members: members, actorWidths: [], observationWidth: observationWidth,
      criticWidths: [5, 4], told: agents)
    var generator = RandomStream(seed: 4, purpose: .environment).generator()
    var group = GroupActions(rows: rows, others: members - 1, hybrid)
    // Two agents with two rows each.
    var observations: [Float] = []
    var expected: [[Double]] = [[], []]
    let told: [Int32] = [2, 2, 0, 0]
    for block in 0..<2 {
      let seen = (0..<2).map { _ in (0..<(members * size)).map { _ in Float(generator.uniform(-1, 1)) } }
      observations += seen.flatMap { $0 }
      var actions: [[ReferenceNetworks.Action]] = [[], []]
      for member in 0..<members {
        var mine = AgentActions(rows: 2, hybrid)
        for row in 0..<2 {
          let chosen = hybrid.choices.map { generator.integer(below: $0) }
          let numbers = (0..<2).map { _ in Float(generator.uniform(-1, 1)) }
          for c in 0..<2 { mine.choices[2 * row + c] = Int32(chosen[c]) }
          for v in 0..<2 { mine.numbers[2 * row + v] = numbers[v] }
          actions[row].append(
            .init(choices: zip(chosen, hybrid.choices).map { ReferenceNetworks.oneHot($0, $1) }, numbers: numbers.map(Double.init)))
        }
        group.take(mine, member: member, first: 2 * block, size: 2, hybrid)
      }
      for row in 0..<2 {
        for index in 0..<2 {
          expected[index].append(
            networks.value(p, critic: index, of: 2, seen[row].map(Double.init), actions[row], agent: Int(told[2 * block + row])))
        }
      }
    }
    let tape = Tape()
    let placed = tape.place(parameters)
    for index in 0..<2 {
      let value = critic.value(index, on: tape, tape.constant(observations, shape: [rows, members * size]), group, agents: told, placed)
      #expect(relativeDistance(value.array.map(Double.init), expected[index]) < 1e-6)
    }
  }

  /// The mean over the own choice against one pass for each choice, and its slope in a chance against the value of that choice.
  @Test(arguments: [(nil, 3, false), (6, 3, false), (6, 1, false), (6, 3, true), (nil, 1, true)] as [(Int?, Int, Bool)])
  func theMeanIsThatOfAllChoices(observationWidth: Int?, members: Int, tellsChoices: Bool) {
    let (rows, choices, size) = (5, 4, 2)
    let head = ActorHead(.discrete(choices))
    let critic = JointCritic(
      members: members, observationSize: size, head: head, observationWidth: observationWidth, widths: [5, 4], told: 2, count: 2,
      tellsChoices: tellsChoices)
    var parameters = Parameters(critic.layout)
    Initializer.uniformFanIn.fill(&parameters, from: RandomStream(seed: 8, purpose: .initialization))
    var generator = RandomStream(seed: 8, purpose: .environment).generator()
    var group = GroupActions(rows: rows, others: members - 1, head)
    group.otherChoices = group.otherChoices.map { _ in Int32(generator.integer(below: choices)) }
    let observations = (0..<(rows * members * size)).map { _ in Float(generator.uniform(-1, 1)) }
    let weights = (0..<(rows * choices)).map { _ in Float(generator.uniform(0, 1)) }
    let agents: [Int32] = [0, 1, 0, 1, 1]
    let tape = Tape()
    let input = tape.constant(observations, shape: [rows, members * size])
    let fixed = tape.place(parameters, differentiable: false)
    let chances = tape.variable(Tensor(weights, shape: [rows, choices]))
    let mean = critic.mean(on: tape, input, group, over: chances, agents: agents, fixed)
    let slopes = tape.gradients(of: mean.sum(), withRespectTo: [chances])[0].array
    var expected = [Double](repeating: 0, count: rows)
    for choice in 0..<choices {
      group.ownChoices = Array(repeating: Int32(choice), count: rows)
      let values = critic.value(on: tape, input, group, agents: agents, fixed).array
      for row in 0..<rows {
        #expect(abs(slopes[row * choices + choice] - values[row]) < 1e-6)
        expected[row] += Double(weights[row * choices + choice]) * Double(values[row])
      }
    }
    #expect(relativeDistance(mean.array.map(Double.init), expected) < 1e-6)
  }
}
