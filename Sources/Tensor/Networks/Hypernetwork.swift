/// A network whose weights are the outputs of other networks (Ha, Dai and Le 2017).
///
/// Every array of the `target` is made by a generator from a condition, one set of weights for each row of a batch. With
/// `isMonotone` the magnitudes of the matrices are taken, so that no output falls when an input rises: the mixing network of QMIX
/// (Rashid et al. 2018), whose target has elu between its layers.
public struct Hypernetwork: Hashable, Sendable {
  public let target: Network
  /// One network for each slice of the target's layout: condition to the slice's numbers.
  public let generators: [Network]
  /// Whether matrices are made of magnitudes.
  public let isMonotone: Bool
  public let layout: Layout

  /// - Parameters:
  ///   - target: The network whose arrays are generated.
  ///   - isMonotone: Whether matrices are made of magnitudes.
  ///   - generator: Makes the network that generates an array of so many numbers.
  public init(target: Network, isMonotone: Bool = false, generator: (Layout.Slice) -> Network) {
    let generators = target.layout.slices.map(generator)
    var layout = Layout()
    for (slice, network) in zip(target.layout.slices, generators) {
      precondition(
        network.outputs == slice.shape.count && network.inputs == generators[0].inputs,
        "Hypernetwork: a generator of \(network.inputs) → \(network.outputs) numbers for \(slice.name) \(slice.shape)")
      layout.append(slice.name, network.layout)
    }
    self.target = target
    self.generators = generators
    self.isMonotone = isMonotone
    self.layout = layout
  }

  /// Every array from one dense layer of the condition.
  public init(target: Network, condition: Int, isMonotone: Bool = false) {
    self.init(target: target, isMonotone: isMonotone) { Network([.dense(condition, $0.shape.count)]) }
  }

  /// The mixing network of QMIX: Q_tot = elu(q |W₁(s)| + b₁(s)) |w₂(s)| + b₂(s), with b₂ from two layers (Rashid et al. 2018, section 4.1).
  ///
  /// - Parameters:
  ///   - agents: The number of values that are mixed.
  ///   - state: The size of the state s.
  ///   - width: The hidden width, also that of b₂'s network.
  public static func monotoneMixer(agents: Int, state: Int, width: Int = 32) -> Hypernetwork {
    Hypernetwork(target: Network(widths: [agents, width, 1], activation: .elu), isMonotone: true) { slice in
      slice.name == "layer1.bias" ? Network(widths: [state, width, 1]) : Network([.dense(state, slice.shape.count)])
    }
  }

  /// Fresh parameters of the generators.
  public func initialized(_ initializer: Initializer = .uniformFanIn, from stream: RandomStream) -> Parameters {
    var parameters = Parameters(layout)
    initializer.fill(&parameters, from: stream)
    return parameters
  }

  /// The target's output, with weights of its own for each row.
  ///
  /// - Parameters:
  ///   - input: `[B, target inputs]`
  ///   - condition: `[B, condition]`
  ///   - parameters: Those of the generators, in the order of `layout`.
  /// - Returns: `[B, target outputs]`
  /// - Complexity: O(B · condition · parameters of the target)
  public func callAsFunction(_ input: Variable, condition: Variable, _ parameters: PlacedParameters) -> Variable {
    let rows = input.shape.rows
    precondition(condition.shape.rows == rows, "Hypernetwork: an input of \(input.shape) with a condition of \(condition.shape)")
    var first = 0
    let slices = zip(generators, target.layout.slices).map { network, slice in
      let range = first..<(first + network.layout.slices.count)
      first = range.upperBound
      let numbers = network(condition, parameters[range]).reshaped(slice.shape.inserting(rows, at: 0))
      return isMonotone && slice.role == .weights ? numbers.magnitude() : numbers
    }
    let outputs = target(input.reshaped([rows, 1, target.inputs]), PlacedParameters(slices, copies: rows))
    return outputs.reshaped([rows, target.outputs])
  }
}
