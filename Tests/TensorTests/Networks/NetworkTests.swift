import TestSupport
import Testing

@testable import Tensor

@Suite struct NetworkTests {
  private static let networks = [
    Network([.dense(3, 5, .tanh)]),
    Network([.dense(7, 17, .relu), .dense(17, 33, .sigmoid), .dense(33, 4, .tanh), .dense(4, 2)]),
    Network(widths: [20, 64, 64, 8]),
    Network(widths: [1, 1, 1], activation: .tanh),
  ]

  private func numbers(_ count: Int, _ index: Int = 0) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    RandomStream(seed: 8, purpose: .environment, index: index).fill(&values, with: .normal)
    return values
  }

  private func evaluated(_ network: Network, _ input: [Float], _ parameters: Parameters, _ workspace: inout Workspace) -> [Float] {
    let rows = input.count / network.inputs
    var output = [Float](repeating: 7, count: rows * network.outputs)
    var span = output.mutableSpan
    network.evaluate(input.span, rows: rows, parameters, into: &span, workspace: &workspace)
    return output
  }

  @Test(arguments: networks, [1, 2, 13, 64]) func outputIsThatOfADoubleLoop(network: Network, rows: Int) {
    let parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    let input = numbers(rows * network.inputs)
    var workspace = Workspace()
    let output = evaluated(network, input, parameters, &workspace)

    var layer = Matrix(rows, network.inputs, input.map(Double.init))
    let values = parameters.values.array.map(Double.init)
    var offset = 0
    for case .dense(let inputs, let outputs, let activation) in network.layers {
      let weights = Matrix(inputs, outputs, Array(values[offset..<(offset + inputs * outputs)]))
      offset += inputs * outputs
      layer = layer * weights
      for i in layer.values.indices { layer.values[i] = Reference.apply(activation, layer.values[i] + values[offset + i % outputs]) }
      offset += outputs
    }
    #expect(offset == parameters.count)
    #expect(relativeDistance(output.map(Double.init), layer.values) < 5e-6)
  }

  @Test(arguments: networks, [1, 13, 64]) func withAndWithoutATapeTheBitsAreTheSame(network: Network, rows: Int) {
    let parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    let input = numbers(rows * network.inputs)
    let tape = Tape()
    let recorded = network(tape.constant(input, shape: [rows, network.inputs]), tape.place(parameters))
    var workspace = Workspace()
    #expect(recorded.shape == [rows, network.outputs])
    #expect(evaluated(network, input, parameters, &workspace) == recorded.array)
  }

  /// Each row of a batch is what the row alone gives: the order of summation does not depend on the batch.
  @Test(arguments: networks) func aRowDoesNotDependOnItsBatch(network: Network) {
    let parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    let input = numbers(19 * network.inputs)
    var workspace = Workspace()
    let all = evaluated(network, input, parameters, &workspace)
    for row in 0..<19 {
      let one = evaluated(network, Array(input[(row * network.inputs)..<((row + 1) * network.inputs)]), parameters, &workspace)
      #expect(one == Array(all[(row * network.outputs)..<((row + 1) * network.outputs)]))
    }
  }

  @Test func copiesOfAWorkspaceShareNoMemory() {
    let network = Network(widths: [20, 64, 64, 8])
    let parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    var first = Workspace()
    let input = numbers(5 * 20)
    let expected = evaluated(network, input, parameters, &first)
    var second = first
    #expect(evaluated(network, input, parameters, &second) == expected)
    unsafe #expect(first.start != second.start)
  }

  @Test func theLayoutNamesEverySlice() {
    let layout = Network([.dense(3, 5, .relu), .dense(5, 2)]).layout
    #expect(layout.slices.map(\.name) == ["layer0.weights", "layer0.bias", "layer1.weights", "layer1.bias"])
    #expect(layout.slices.map(\.shape) == [[3, 5], [5], [5, 2], [2]])
    #expect(layout.slices.map(\.offset) == [0, 15, 20, 30])
    #expect(layout.slices.map(\.fanIn) == [3, 3, 5, 5])
    #expect(layout.count == 32)
  }

  @Test func descriptionSummarises() {
    let network = Network(widths: [3, 5, 2])
    #expect(
      network.description == """
           layer              arrays      parameters
        0  dense 3 → 5, relu  [3, 5] [5]          20
        1  dense 5 → 2        [5, 2] [2]          12
                              in all              32
        """)
    #expect(network.inputs == 3 && network.outputs == 2)
    #expect(network == Network([.dense(3, 5, .relu), .dense(5, 2, .linear)]))
  }

  @Test func layersThatDoNotFitAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = Network([.dense(3, 5), .dense(4, 2)]) }
    await #expect(processExitsWith: .failure) { _ = Network([]) }
    await #expect(processExitsWith: .failure) { _ = Network([.heads([Network(widths: [3, 2]), Network(widths: [4, 2])])]) }
    await #expect(processExitsWith: .failure) { _ = Network([.dense(3, 2), .embedding(fields: 2, choices: 3, width: 4)]) }
    await #expect(processExitsWith: .failure) { _ = Network(widths: [3]) }
  }

  @Test func anInputOfAnotherSizeIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let network = Network(widths: [3, 2])
      var workspace = Workspace()
      var output: [Float] = [0, 0]
      let input: [Float] = [1, 2]
      var span = output.mutableSpan
      network.evaluate(input.span, rows: 1, Parameters(network.layout), into: &span, workspace: &workspace)
    }
  }
}
