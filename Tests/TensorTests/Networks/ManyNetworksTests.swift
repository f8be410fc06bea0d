import Testing

@testable import Tensor

/// Models side by side against the same models one by one: equal bits everywhere.
@Suite struct ManyNetworksTests {
  private static let networks = [
    Network(widths: [20, 64, 64, 8]),
    Network([.dense(7, 33, .gelu), .layerNorm(33), .dense(33, 12, .elu), .dueling(12, actions: 5)]),
    Network([.embedding(fields: 2, choices: 4, width: 3), .dense(6, 17, .tanh), .heads([Network(widths: [17, 9, 3]), Network([.dense(17, 1)])])]),
  ]

  private func input(_ network: Network, rows: Int) -> [Float] {
    var values = [Float](repeating: 0, count: rows * network.inputs)
    RandomStream(seed: 4, purpose: .environment).fill(&values, with: .uniform)
    if case .embedding(_, let choices, _) = network.layers[0] { return values.map { ($0 * Float(choices)).rounded(.down) } }
    return values
  }

  private func models(_ network: Network, _ count: Int) -> [Parameters] {
    (0..<count).map { network.initialized(from: RandomStream(seed: 5, purpose: .initialization, index: $0)) }
  }

  @Test(arguments: networks, [1, 3]) func stackedStepsGiveTheBitsOfSingleSteps(network: Network, copies: Int) {
    let rows = 6
    var single = models(network, copies)
    var stacked = network.initialized(copies: copies, from: RandomStream(seed: 5, purpose: .initialization))
    let x = input(network, rows: copies * rows)
    var optimizers = single.map { Adam(count: $0.count, learningRate: 1e-3) }
    var together = Adam(count: stacked.count, learningRate: 1e-3)
    let tape = Tape()
    for _ in 0..<3 {
      for model in 0..<copies {
        var gradient = Tensor(zeros: [single[model].count])
        let part = Array(x[(model * rows * network.inputs)..<((model + 1) * rows * network.inputs)])
        tape.gradient(of: single[model], into: &gradient) { network(tape.constant(part, shape: [rows, network.inputs]), $0).squared().sum() }
        optimizers[model].update(&single[model], along: gradient)
      }
      var gradient = Tensor(zeros: [stacked.count])
      tape.gradient(of: stacked, into: &gradient) {
        network(tape.constant(x, shape: [copies, rows, network.inputs]), $0).squared().sum()
      }
      together.update(&stacked, along: gradient)
    }
    for model in 0..<copies { #expect(stacked[copy: model].values == single[model].values) }
  }

  @Test(arguments: networks) func withAndWithoutATapeTheBitsAreTheSame(network: Network) {
    let (copies, rows) = (3, 5)
    let parameters = network.initialized(copies: copies, from: RandomStream(seed: 5, purpose: .initialization))
    let x = input(network, rows: copies * rows)
    let tape = Tape()
    let recorded = network(tape.constant(x, shape: [copies, rows, network.inputs]), tape.place(parameters)).array
    var output = [Float](repeating: 0, count: copies * rows * network.outputs)
    var workspace = Workspace()
    var span = output.mutableSpan
    network.evaluate(x.span, rows: copies * rows, parameters, into: &span, workspace: &workspace)
    #expect(output == recorded)
    let alone = (0..<copies).flatMap { model -> [Float] in
      let part = Array(x[(model * rows * network.inputs)..<((model + 1) * rows * network.inputs)])
      var output = [Float](repeating: 0, count: rows * network.outputs)
      var span = output.mutableSpan
      network.evaluate(part.span, rows: rows, parameters[copy: model], into: &span, workspace: &workspace)
      return output
    }
    #expect(alone == recorded)
  }

  @Test func aModelCanBeTakenOutAndPutBack() {
    let network = Self.networks[1]
    let single = models(network, 3)
    var stacked = Parameters(stacking: single)
    #expect(stacked.layout.copies == 3 && stacked.count == 3 * network.layout.count && stacked.layout.single == network.layout)
    for model in 0..<3 { #expect(stacked[copy: model].values == single[model].values) }
    stacked[copy: 1] = single[2]
    #expect(stacked[copy: 0].values == single[0].values && stacked[copy: 1].values == single[2].values)
  }

  /// The gradient of each example by itself: as many models as examples, all with the same parameters.
  @Test func perExampleGradientsAreThoseOfEachExample() {
    let network = Self.networks[1]
    let parameters = models(network, 1)[0]
    let x = input(network, rows: 4)
    let tape = Tape()
    var gradients = Tensor(zeros: [4, parameters.count])
    tape.perExampleGradients(of: parameters, examples: 4, into: &gradients) { p in
      network(tape.constant(x, shape: [4, 1, network.inputs]), p).squared().sum(along: 2).reshaped([4])
    }
    for example in 0..<4 {
      var gradient = Tensor(zeros: [parameters.count])
      let part = Array(x[(example * network.inputs)..<((example + 1) * network.inputs)])
      tape.gradient(of: parameters, into: &gradient) { network(tape.constant(part, shape: [1, network.inputs]), $0).squared().sum() }
      #expect(Array(gradients.array[(example * parameters.count)..<((example + 1) * parameters.count)]) == gradient.array)
    }
  }

  @Test func otherNumbersOfModelsAreRefused() async {
    await #expect(processExitsWith: .failure) {
      let network = Network(widths: [3, 2])
      let tape = Tape()
      _ = network(
        tape.constant([1, 2, 3], shape: [1, 3]), tape.place(network.initialized(copies: 2, from: RandomStream(seed: 1, purpose: .initialization))))
    }
    await #expect(processExitsWith: .failure) { _ = Network(widths: [3, 2]).layout.stacked(2).stacked(2) }
    await #expect(processExitsWith: .failure) { _ = Parameters(stacking: []) }
  }
}
