import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct GreedyPolicyTests {
  private let network = Network(widths: [3, 8, 4])

  private func policy(_ seed: UInt64, agents: Int = 2, copies: Int = 5) -> GreedyPolicy {
    let parameters = (0..<agents).map { network.initialized(from: RandomStream(seed: seed, purpose: .initialization, index: $0)) }
    return GreedyPolicy(network: network, parameters: parameters, copies: copies)
  }

  private func observations(_ count: Int) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    RandomStream(seed: 1, purpose: .environment).fill(&values, with: .normal)
    return values
  }

  @Test func everyAgentTakesTheLargestOutputOfItsNetwork() {
    var policy = policy(1)
    let specification = EnvironmentSpecification(copies: 5, agents: 2, observationSize: 3, actions: .discrete(4))
    var actions = ActionBatch(for: specification)
    let observations = observations(30)
    policy.act(observations, step: 0, into: &actions)
    let tape = Tape()
    for row in 0..<10 {
      let placed = tape.place(policy.parameters[row % 2])
      let logits = network(tape.constant(Array(observations[(row * 3)..<(row * 3 + 3)]), shape: [1, 3]), placed).array
      #expect(Int(actions.choices[row]) == logits.indices.max { logits[$0] < logits[$1] })
    }
    #expect(Set(actions.choices).count > 1)
  }

  @Test func ofEqualOutputsTheFirstIsTaken() {
    let policies = GreedyPolicy(network: network, parameters: [Parameters(network.layout)], copies: 1)
    var policy = policies
    var actions = ActionBatch(for: EnvironmentSpecification(copies: 1, agents: 1, observationSize: 3, actions: .discrete(4)))
    actions.choices = [3]
    policy.act([1, 2, 3], step: 0, into: &actions)
    #expect(actions.choices == [0])
    #expect(largest([0, 5, 2, 7, 7, 1], 1, 4) == 2)
  }

  @Test func itsParametersAreSavedAndRestored() throws {
    let folder = try TemporaryFolder()
    var (first, second) = (policy(1), policy(2))
    try Archive.save(&first, to: folder.file("policy"))
    #expect(second.parameters.map(\.values) != first.parameters.map(\.values))
    try Archive.restore(&second, from: folder.file("policy"))
    #expect(second.parameters.map(\.values) == first.parameters.map(\.values))
    var three = policy(1, agents: 3)
    #expect(throws: FileError.self) { try Archive.restore(&three, from: folder.file("policy")) }
  }
}
