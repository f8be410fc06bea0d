import Tensor

/// The network that gives an agent's values of its choices: dense layers, perhaps a gated recurrent unit, and a linear end.
///
/// Of the cell ``GRUCell`` computes the same; here every gate has matrices of its own, so that a step of the unrolled network cuts nothing out of a
/// larger array and the gradients of all steps add up in place. The biases of input and state, which only occur as a sum in both gates, are one:
///
///     r = σ(x W_r + h U_r + b_r),  z = σ(x W_z + h U_z + b_z),  n = tanh(x W_n + b_n + r (h U_n + c_n)),  h' = n + z (h − n)
struct UtilityNetwork: Sendable {
  let encoder: Network
  /// The width of the memory; nil without one.
  let memoryWidth: Int?
  let head: Network
  let layout: Layout
  /// Models side by side, one an agent, or nil for one that all share.
  let copies: Int?
  private let places: (encoder: Range<Int>, cell: Range<Int>, head: Range<Int>)

  /// - Parameters:
  ///   - widths: Hidden widths in front of the memory.
  ///   - copies: How many models lie side by side; nil for one.
  init(inputs: Int, widths: [Int], memoryWidth: Int?, choices: Int, copies: Int?) {
    encoder = Network(widths: [inputs] + widths, output: .relu)
    let encoded = encoder.outputs
    head = Network([.dense(memoryWidth ?? encoded, choices)])
    self.memoryWidth = memoryWidth
    self.copies = copies
    var layout = Layout()
    let encoderPlaces = layout.append("encoder", encoder.layout)
    var cell = Layout()
    if let width = memoryWidth {
      // PyTorch's cell draws every array from ±1/√width.
      for gate in ["reset", "update", "candidate"] {
        cell.append("\(gate).input.weights", [encoded, width], fanIn: width)
        cell.append("\(gate).input.bias", [width], fanIn: width)
        cell.append("\(gate).state.weights", [width, width], fanIn: width)
      }
      cell.append("candidate.state.bias", [width], fanIn: width)
    }
    let cellPlaces = layout.append("cell", cell)
    let headPlaces = layout.append("head", head.layout)
    places = (encoderPlaces, cellPlaces, headPlaces)
    self.layout = copies.map { layout.stacked($0) } ?? layout
  }

  /// The memory behind an input, from the memory before it; without a memory what the dense layers make of the input.
  ///
  /// - Parameters:
  ///   - input: `[rows, inputs]`, or `[A, rows, inputs]` for models side by side.
  ///   - state: `[rows, width]`, or `[A, rows, width]`.
  func features(_ input: Variable, _ state: Variable?, _ parameters: PlacedParameters) -> Variable {
    let x = encoder(input, parameters[places.encoder])
    guard memoryWidth != nil, let h = state else { return x }
    let p = parameters[places.cell]
    let reset = h.product(p[2], plus: x.product(p[0], plus: p[1]), activation: .sigmoid)
    let update = h.product(p[5], plus: x.product(p[3], plus: p[4]), activation: .sigmoid)
    let candidate = (x.product(p[6], plus: p[7]) + reset * h.product(p[8], plus: p[9])).tanh()
    return candidate + update * (h - candidate)
  }

  /// The values of the choices. `[…, rows, width]` to `[…, rows, K]`
  func values(_ features: Variable, _ parameters: PlacedParameters) -> Variable { head(features, parameters[places.head]) }

  /// Unrolls the network over time, from an empty memory.
  ///
  /// - Parameters:
  ///   - inputs: `[T, rows, inputs]`, or `[T, A, rows, inputs]` for models side by side.
  ///   - start: Zeros of the shape of the memory at one step; nil without a memory.
  ///   - steps: Memory for what is joined at the end, emptied here.
  /// - Returns: `[T · rows, K]`, or `[T · A, rows, K]`.
  func values(of inputs: Variable, start: Variable?, steps: inout [Variable], _ parameters: PlacedParameters) -> Variable {
    let row = inputs.shape.removing(0)
    if memoryWidth == nil && copies == nil {
      return values(features(inputs.reshaped(row.replacing(0, by: inputs.shape[0] * row[0])), nil, parameters), parameters)
    }
    steps.removeAll(keepingCapacity: true)
    var state = start
    for step in 0..<inputs.shape[0] {
      let features = features(inputs.slice(step..<(step + 1), along: 0).reshaped(row), state, parameters)
      if memoryWidth != nil { state = features }
      // Models side by side need products of their own at every step.
      steps.append(copies == nil ? features : values(features, parameters))
    }
    let joined = Variable.concatenate(steps, along: 0)
    return copies == nil ? values(joined, parameters) : joined
  }
}
