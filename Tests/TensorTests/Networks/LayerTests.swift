import TestSupport
import Testing

@testable import Tensor

@Suite struct LayerTests {
  private func numbers(_ count: Int, _ index: Int = 0) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    RandomStream(seed: 8, purpose: .environment, index: index).fill(&values, with: .normal)
    return values
  }

  /// Against torch.nn.LayerNorm of PyTorch 2.15.0 in double precision; numbers are multiples of 1/64 drawn after manual_seed(20).
  @Test func layerNormIsThatOfPyTorch() {
    let network = Network([.layerNorm(5)])
    var parameters = Parameters(network.layout)
    parameters["layer0.gain"] = Tensor([-0.625, -0.59375, 1.640625, 0.59375, -0.359375])
    parameters["layer0.offset"] = Tensor([-1.71875, 0.578125, -0.375, -1.0625, 0.9375])
    let input: [Float] = [
      -0.796875, -0.984375, -0.5625, 1.453125, -0.125, -0.421875, 0.421875, -1.265625, 1.953125, -0.03125, -1.03125, 0.21875, -0.75,
      -1.203125, -1.28125,
    ]
    let weights: [Float] = [
      0.015625, -0.328125, -0.8125, 0.890625, 0.171875, -0.25, 0.109375, -0.765625, -1.0, 0.75, 0.109375, -0.765625, -1.828125, 0.34375,
      0.21875,
    ]
    let tape = Tape()
    let placed = tape.place(parameters)
    let x = tape.variable(Tensor(input, shape: [3, 5]))
    let y = network(x, placed)
    let expected: [Double] = [
      -1.2953740182172755, 1.1073449772284056, -1.0476664447403155, 0.059446351724219915, 0.9054682645361755, -1.3946096096530445,
      0.416329500072579, -2.5238035622788635, -0.04823358647649009, 0.9922559190473106, -1.4645136740583535, -0.5410519531417122,
      -0.19640793300930137, -1.491120960777677, 1.2484023802800486,
    ]
    #expect(relativeDistance(y.array.map(Double.init), expected) < 1e-6)
    let gradients = tape.gradients(of: (y * tape.constant(weights, shape: [3, 5])).sum(), withRespectTo: [x, placed[0], placed[1]])
    let wanted: [[Double]] = [
      [
        0.3564840738470959, 0.6569266858702083, -1.2369714808824277, 0.16659134050380503, 0.05696938066131878, 0.582570947312351,
        0.29013176005666924, -0.6566447749033504, -0.36003277195201816, 0.14397483948634837, 0.858213974569578, 1.4145817437557446,
        -4.605751675632972, 1.4130632190685235, 0.9198927382391267,
      ],
      [0.07458039955442596, -1.1208811232277744, 1.136902455621419, -0.27346761985086854, -0.28819862382997896],
      [-0.125, -0.984375, -3.40625, 0.234375, 1.140625],
    ]
    for (gradient, values) in zip(gradients, wanted) { #expect(relativeDistance(gradient.array.map(Double.init), values) < 5e-6) }
  }

  @Test func duelingAddsTheValueToAdvantagesOfMeanZero() {
    let network = Network([.dueling(3, actions: 4)])
    let parameters = network.initialized(from: RandomStream(seed: 3, purpose: .initialization))
    let input = numbers(6)
    let y = valuesOnATape(network, parameters, input)
    let p = parameters.values.array.map(Double.init)
    for row in 0..<2 {
      var value = p[3]
      var advantages = Array(p[16..<20])
      for (i, number) in input[(row * 3)..<(row * 3 + 3)].enumerated() {
        value += Double(number) * p[i]
        for action in 0..<4 { advantages[action] += Double(number) * p[4 + i * 4 + action] }
      }
      let mean = advantages.reduce(0, +) / 4
      for action in 0..<4 { #expect(abs(Double(y[row * 4 + action]) - (value + advantages[action] - mean)) < 2e-6) }
    }
  }

  @Test func anEmbeddingPicksRowsOfItsTables() {
    let network = Network([.embedding(fields: 2, choices: 3, width: 4)])
    let parameters = network.initialized(from: RandomStream(seed: 3, purpose: .initialization))
    let table = parameters.values.array
    let y = valuesOnATape(network, parameters, [2, 0, 1, 2])
    // Row 0: choice 2 of the first table, 0 of the second; row 1: 1 and 2.
    let rows = [2, 3, 1, 5]
    let expected: [Float] = rows.flatMap { (row: Int) -> ArraySlice<Float> in table[(row * 4)..<(row * 4 + 4)] }
    #expect(y == expected)
  }

  @Test func headsShareTheirInput() {
    let heads = [Network(widths: [3, 5, 2]), Network([.dense(3, 4, .tanh)])]
    let network = Network([.heads(heads)])
    let parameters = network.initialized(from: RandomStream(seed: 3, purpose: .initialization))
    let input = numbers(9)
    let y = valuesOnATape(network, parameters, input)
    var first = 0
    for (index, head) in heads.enumerated() {
      var own = Parameters(head.layout)
      for slice in head.layout.slices { own[slice.name] = parameters["layer0.head\(index).\(slice.name)"] }
      let alone = valuesOnATape(head, own, input)
      for row in 0..<3 { for i in 0..<head.outputs { #expect(y[row * 6 + first + i] == alone[row * head.outputs + i]) } }
      first += head.outputs
    }
  }

  @Test(arguments: Activation.allCases) func activationsAreThoseOfTheReference(activation: Activation) {
    let network = Network([.dense(1, 1, activation)])
    var parameters = Parameters(network.layout)
    parameters["layer0.weights"] = Tensor([1])
    let input = numbers(40)
    let y = valuesOnATape(network, parameters, input)
    #expect(relativeDistance(y.map(Double.init), input.map { Reference.apply(activation, Double($0)) }) < 1e-6)
  }

  @Test func normalisationsBeginAsOneAndZero() {
    let network = Network([.dense(3, 4), .layerNorm(4)])
    let parameters = network.initialized(.heNormal, from: RandomStream(seed: 3, purpose: .initialization))
    #expect(parameters["layer1.gain"].array == [1, 1, 1, 1] && parameters["layer1.offset"].array == [0, 0, 0, 0])
  }

  private func valuesOnATape(_ network: Network, _ parameters: Parameters, _ input: [Float]) -> [Float] {
    let tape = Tape()
    return network(tape.constant(input, shape: [input.count / network.inputs, network.inputs]), tape.place(parameters)).array
  }
}
