/// A gated recurrent unit (Cho et al. 2014), in the form that resets behind the product.
///
/// r = σ(x W_r + b_r + h U_r + c_r),  z = σ(x W_z + b_z + h U_z + c_z),
/// n = tanh(x W_n + b_n + r (h U_n + c_n)),  h' = (1 − z) n + z h
///
/// The three matrices of inputs lie side by side in the order r, z, n, and so do those of the state.
public struct GRUCell: Hashable, Sendable {
  public let inputs: Int
  /// The width of the state.
  public let width: Int
  public let layout: Layout

  public init(inputs: Int, width: Int) {
    precondition(inputs > 0 && width > 0, "GRUCell: \(inputs) inputs and a state of \(width)")
    self.inputs = inputs
    self.width = width
    var layout = Layout()
    // PyTorch's default draws every array from ±1/√width.
    layout.append("input.weights", [inputs, 3 * width], fanIn: width)
    layout.append("input.bias", [3 * width], fanIn: width)
    layout.append("state.weights", [width, 3 * width], fanIn: width)
    layout.append("state.bias", [3 * width], fanIn: width)
    self.layout = layout
  }

  /// Fresh parameters.
  public func initialized(_ initializer: Initializer = .uniformFanIn, from stream: RandomStream) -> Parameters {
    var parameters = Parameters(layout)
    initializer.fill(&parameters, from: stream)
    return parameters
  }

  /// The next state.
  ///
  /// - Parameters:
  ///   - input: `[B, inputs]`, or `[A, B, inputs]` for A models.
  ///   - state: `[B, width]`, or `[A, B, width]`.
  ///   - parameters: The four arrays of `layout`, in its order.
  /// - Returns: The shape of `state`.
  public func callAsFunction(_ input: Variable, _ state: Variable, _ parameters: PlacedParameters) -> Variable {
    let fromInput = input.product(parameters[0], plus: parameters[1])
    let fromState = state.product(parameters[2], plus: parameters[3])
    func part(_ x: Variable, _ index: Int) -> Variable { x.columns((index * width)..<((index + 1) * width)) }
    let gates = (fromInput.columns(0..<(2 * width)) + fromState.columns(0..<(2 * width))).sigmoid()
    let candidate = (part(fromInput, 2) + part(gates, 0) * part(fromState, 2)).tanh()
    // (1 − z) n + z h = n + z (h − n)
    return candidate + part(gates, 1) * (state - candidate)
  }
}
