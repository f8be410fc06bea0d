import TestSupport
import Testing

@testable import Tensor

/// Against torch.nn.GRUCell of PyTorch 2.15.0 in double precision; inputs and parameters are multiples of 1/64 drawn after manual_seed(20).
/// PyTorch's matrices are transposed here. The gradients are those of Σ w h' with w = [1, −2; 0.5, 3].
@Suite struct GRUCellTests {
  private let cell = GRUCell(inputs: 3, width: 2)
  private let input: [Float] = [-0.375, -1.359375, -1.640625, 1.4375, 0.1875, 1.078125]
  private let state: [Float] = [0.25, -0.578125, -0.390625, -0.890625]

  private var parameters: Parameters {
    var parameters = cell.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    parameters["input.weights"] = Tensor([
      0.109375, -0.40625, 1.15625, 0.125, 1.421875, -0.890625, -0.828125, -0.359375, 0.015625, -0.3125, -0.890625, -0.203125, 2.265625,
      0.625, -1.03125, 1.734375, -0.828125, -0.125,
    ])
    parameters["input.bias"] = Tensor([0.1875, -0.65625, -1.34375, 1.484375, -0.765625, 0.09375])
    parameters["state.weights"] = Tensor([
      2.03125, 0.75, 0.3125, 0.671875, -1.546875, 1.3125, 0.046875, 1.359375, -1.265625, -0.234375, -1.921875, -1.390625,
    ])
    parameters["state.bias"] = Tensor([-0.171875, 0.28125, 2.8125, -0.921875, -0.21875, 1.09375])
    return parameters
  }

  @Test func stateAndGradientAreThoseOfPyTorch() {
    let tape = Tape()
    let placed = tape.place(parameters)
    let (x, h) = (tape.variable(Tensor(input, shape: [2, 3])), tape.variable(Tensor(state, shape: [2, 2])))
    let next = cell(x, h, placed)
    #expect(next.shape == [2, 2])
    let expected: [Double] = [
      0.26783519681887413, 0.6332044127660066, -0.3281162640515314, -0.8841497170489907,
    ]
    #expect(relativeDistance(next.array.map(Double.init), expected) < 1e-6)

    let loss = (next * tape.constant([1, -2, 0.5, 3], shape: [2, 2])).sum()
    let gradients = tape.gradients(of: loss, withRespectTo: [x, h] + (0..<4).map { placed[$0] })
    let wanted: [[Double]] = [
      [0.43857808556278843, -0.006212870697714076, 0.6787930762636755, -0.1123770705657304, -0.01917529708765489, -6.235811520336962e-05],
      [1.0313506808032726, -0.4899433346780871, 0.4812494150843516, 2.8196541172984015],
      [
        0.0005880881976353151, 0.07650424476632806, -0.03635662705808859, -0.17821837368088791, -0.0001908042782260127, 0.2587029862798037,
        -0.0003697386768607816, 0.19184317246006055, 0.017955397318512818, -0.5558613227643939, -0.009369875780092959, 0.5358501361318965,
        -2.2043292925012607e-05, 0.24603063573056227, -0.0037227166924750643, -0.6861591204995672, -0.009836893524558063, 0.7148746440545372,
      ],
      [0.0008386556191332035, -0.12176164042302164, -0.047130178684900007, 0.3884814469363342, 0.008858608331333605, -0.30313754400911913],
      [
        -0.00010935287320998288, -0.04134203781192345, 0.007314422627585084, 0.10862080202951688, -0.00037545691406145796,
        -0.023820426549078344, -0.0006404657202959119, 0.06507558119581888, 0.03656272835650542, -0.21898086563424707,
        -0.0017210194615009577, 0.03568557668872887,
      ],
      [0.0008386556191332035, -0.12176164042302164, -0.047130178684900007, 0.3884814469363342, 0.0021967175922590347, -0.0675716381132525],
    ]
    for (gradient, values) in zip(gradients, wanted) { #expect(relativeDistance(gradient.array.map(Double.init), values) < 5e-6) }
  }

  @Test func modelsSideBySideGiveTheBitsOfEach() {
    let models = (0..<3).map { cell.initialized(from: RandomStream(seed: 2, purpose: .initialization, index: $0)) }
    let tape = Tape()
    let x = (0..<3).map { model in input.map { $0 * Float(model + 1) } }
    let together = cell(
      tape.constant(x.flatMap(\.self), shape: [3, 2, 3]), tape.constant(state + state + state, shape: [3, 2, 2]),
      tape.place(Parameters(stacking: models)))
    let alone = (0..<3).flatMap { cell(tape.constant(x[$0], shape: [2, 3]), tape.constant(state, shape: [2, 2]), tape.place(models[$0])).array }
    #expect(together.shape == [3, 2, 2] && together.array == alone)
  }
}
