import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct UtilityNetworkTests {
  private static let (steps, rows, inputs) = (5, 4, 3)

  private func seen(_ agents: Int?) -> Tensor {
    let shape: Shape = agents.map { [Self.steps, $0, Self.rows, Self.inputs] } ?? [Self.steps, Self.rows, Self.inputs]
    var values = [Float](repeating: 0, count: shape.count)
    RandomStream(seed: 4, purpose: .update).fill(&values, with: .normal)
    return Tensor(values, shape: shape)
  }

  private func unrolled(_ network: UtilityNetwork, _ parameters: Parameters, _ input: Tensor) -> [Float] {
    let tape = Tape()
    let row = input.shape.removing(0)
    let start = network.memoryWidth.map { tape.constant(Tensor(zeros: row.replacing(-1, by: $0))) }
    var parts: [Variable] = []
    return network.values(of: tape.constant(input), start: start, steps: &parts, tape.place(parameters)).array
  }

  private func initialized(_ layout: Layout, seed: UInt64) -> Parameters {
    var parameters = Parameters(layout)
    Initializer.uniform(bound: 0.8).fill(&parameters, from: RandomStream(seed: seed, purpose: .initialization))
    return parameters
  }

  @Test(arguments: [nil, 6] as [Int?]) func valuesAreThoseOfTheReference(memory: Int?) {
    let network = UtilityNetwork(inputs: Self.inputs, widths: [7], memoryWidth: memory, choices: 2, copies: nil)
    let parameters = initialized(network.layout, seed: 1)
    let input = seen(nil)
    let found = unrolled(network, parameters, input)
    let reference = ReferenceTeam(
      agents: 1, inputs: Self.inputs, width: 7, memory: memory, choices: 2, mix: .sum, state: 1, mixingWidth: 1, generatorWidth: nil)
    let model = reference.model(parameters.values.array.map(Double.init))
    for row in 0..<Self.rows {
      let sequence = (0..<Self.steps).map { step in
        (0..<Self.inputs).map { Double(input[(step * Self.rows + row) * Self.inputs + $0]) }
      }
      let expected = reference.values(model, agent: 0, sequence)
      for step in 0..<Self.steps {
        let start = (step * Self.rows + row) * 2
        #expect(relativeDistance(found[start..<(start + 2)].map(Double.init), expected[step]) < 2e-6)
      }
    }
  }

  /// With both biases of a gate in one, the cell is that of the tensor library.
  @Test func theMemoryIsAGatedRecurrentUnit() {
    let network = UtilityNetwork(inputs: Self.inputs, widths: [7], memoryWidth: 6, choices: 2, copies: nil)
    let parameters = initialized(network.layout, seed: 2)
    let cell = GRUCell(inputs: 7, width: 6)
    var merged = Parameters(cell.layout)
    for (gate, name) in ["reset", "update", "candidate"].enumerated() {
      for (array, rows) in [("input.weights", 7), ("input.bias", 1), ("state.weights", 6)] {
        let part = parameters["cell.\(name).\(array)"]
        let slice = cell.layout.slices.first { $0.name == array }!
        for row in 0..<rows { for i in 0..<6 { merged.values[slice.offset + row * 18 + 6 * gate + i] = part[row * 6 + i] } }
      }
    }
    let bias = cell.layout.slices.first { $0.name == "state.bias" }!
    for i in 0..<6 { merged.values[bias.offset + 12 + i] = parameters["cell.candidate.state.bias"][i] }
    let tape = Tape()
    let placed = tape.place(parameters)
    let input = tape.constant(seen(nil)).slice(0..<1, along: 0).reshaped([Self.rows, Self.inputs])
    let state = tape.constant((0..<24).map { Float($0 % 7) / 7 - 0.4 }, shape: [Self.rows, 6])
    let encoded = network.encoder(input, placed[0..<2])
    let expected = cell(encoded, state, tape.place(merged)).array
    let found = network.features(input, state, placed).array
    #expect(relativeDistance(found.map(Double.init), expected.map(Double.init)) < 1e-6)
  }

  /// Networks side by side give the bits of each by itself.
  @Test(arguments: [nil, 6] as [Int?]) func eachAgentsNetworkIsItsOwn(memory: Int?) {
    let together = UtilityNetwork(inputs: Self.inputs, widths: [7], memoryWidth: memory, choices: 2, copies: 3)
    let one = UtilityNetwork(inputs: Self.inputs, widths: [7], memoryWidth: memory, choices: 2, copies: nil)
    let parameters = initialized(together.layout, seed: 3)
    let input = seen(3)
    let found = unrolled(together, parameters, input)
    let size = Self.rows * Self.inputs
    for agent in 0..<3 {
      let own = (0..<Self.steps).flatMap { step in (0..<size).map { input[(step * 3 + agent) * size + $0] } }
      let alone = unrolled(one, parameters[copy: agent], Tensor(own, shape: [Self.steps, Self.rows, Self.inputs]))
      let mine = (0..<Self.steps).flatMap { step in (0..<(2 * Self.rows)).map { found[(step * 3 + agent) * 2 * Self.rows + $0] } }
      #expect(mine == alone)
    }
  }
}
