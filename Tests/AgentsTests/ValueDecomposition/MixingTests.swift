import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct MixingTests {
  private static let (agents, state, rows) = (3, 4, 7)

  private func numbers(_ count: Int, step: Int) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    RandomStream(seed: 8, purpose: .update).fill(&values, with: .normal, step: step)
    return values
  }

  private func output(_ mixer: Mixer, _ parameters: Parameters, _ values: [Float], _ states: [Float]) -> [Float] {
    let tape = Tape()
    return mixer(
      tape.constant(values, shape: [Self.rows, Self.agents]), state: tape.constant(states, shape: [Self.rows, Self.state]), tape.place(parameters)
    ).array
  }

  private func mixer(_ generatorWidth: Int?) -> (Mixer, Parameters) {
    let mixer = Mixer(.monotone, agents: Self.agents, stateSize: Self.state, width: 5, generatorWidth: generatorWidth)
    return (mixer, mixer.hypernetwork!.initialized(from: RandomStream(seed: 3, purpose: .initialization)))
  }

  @Test(arguments: [nil, 6] as [Int?]) func monotoneMixingIsTheHypernetworks(generatorWidth: Int?) {
    let (mixer, parameters) = mixer(generatorWidth)
    let (values, states) = (numbers(Self.rows * Self.agents, step: 0), numbers(Self.rows * Self.state, step: 1))
    let tape = Tape()
    let expected = mixer.hypernetwork!(
      tape.constant(values, shape: [Self.rows, Self.agents]), condition: tape.constant(states, shape: [Self.rows, Self.state]), tape.place(parameters)
    )
    let found = output(mixer, parameters, values, states)
    #expect(relativeDistance(found.map(Double.init), expected.array.map(Double.init)) < 1e-6)

    let reference = ReferenceTeam(
      agents: Self.agents, inputs: 1, width: 1, memory: nil, choices: 1, state: Self.state, mixingWidth: 5, generatorWidth: generatorWidth)
    // One agent's network of four parameters in front.
    let model = reference.model([0, 0, 0, 0] + parameters.values.array.map(Double.init))
    for row in 0..<Self.rows {
      let q = values[(row * Self.agents)...].prefix(Self.agents).map(Double.init)
      let s = states[(row * Self.state)...].prefix(Self.state).map(Double.init)
      #expect(relativeDistance([Double(found[row])], reference.mixed(model, q, s)) < 1e-5)
    }
  }

  /// ∂Q_tot / ∂Q_a ≥ 0, whatever the parameters: for 50 of them with large weights.
  @Test(arguments: [nil, 6] as [Int?]) func noRisingValueLowersTheTeams(generatorWidth: Int?) {
    let (mixer, start) = mixer(generatorWidth)
    for trial in 0..<50 {
      var parameters = start
      let weights = numbers(parameters.count, step: 10 + trial)
      for i in 0..<parameters.count { parameters.values[i] = weights[i] }
      let (values, states) = (numbers(Self.rows * Self.agents, step: 100 + trial), numbers(Self.rows * Self.state, step: 200 + trial))
      let tape = Tape()
      let q = tape.variable(Tensor(values, shape: [Self.rows, Self.agents]))
      let total = mixer(q, state: tape.constant(states, shape: [Self.rows, Self.state]), tape.place(parameters)).sum()
      let slopes = tape.gradients(of: total, withRespectTo: [q])[0].array
      #expect(slopes.allSatisfy { $0 >= 0 } && slopes.contains { $0 > 0 })
    }
  }

  @Test func theOthersAreSumsOrNothing() {
    let values = numbers(Self.rows * Self.agents, step: 0)
    for mixing in [Mixing.sum, .independent] {
      let mixer = Mixer(mixing, agents: Self.agents, stateSize: Self.state, width: 5, generatorWidth: nil)
      #expect(mixer.layout.count == 0 && mixer.outputs == (mixing == .sum ? 1 : Self.agents))
      let found = output(mixer, Parameters(mixer.layout), values, numbers(Self.rows * Self.state, step: 1))
      if mixing == .sum {
        let sums = (0..<Self.rows).map { row in (0..<Self.agents).reduce(0.0) { $0 + Double(values[row * Self.agents + $1]) } }
        #expect(relativeDistance(found.map(Double.init), sums) < 1e-6)
      } else {
        #expect(found == values)
      }
    }
  }
}
