/// A chain of layers: a pure function of an input and one flat vector of parameters.
///
/// ```swift
/// let network = Network([.dense(20, 64, .relu), .dense(64, 8)])
/// var parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
/// ```
///
/// With parameters of several models side by side (``Parameters/init(stacking:)``) one call evaluates them all, each on its own rows:
/// `[A, B, inputs]` to `[A, B, outputs]`, with the same bits as one by one.
public struct Network: Hashable, Sendable, CustomStringConvertible {
  public let layers: [Layer]
  public let layout: Layout

  /// - Precondition: Each layer takes what the one before gives; an embedding comes first; heads share their input.
  public init(_ layers: [Layer]) {
    precondition(!layers.isEmpty, "Network: there is no layer")
    var layout = Layout()
    for (index, layer) in layers.enumerated() {
      if case .heads(let networks) = layer {
        precondition(!networks.isEmpty, "Network: layer \(index) has no heads")
        precondition(networks.allSatisfy { $0.inputs == layer.inputs }, "Network: the heads of layer \(index) take inputs of different widths")
      }
      if index > 0 {
        let given = layers[index - 1].outputs
        precondition(given == layer.inputs, "Network: layer \(index) takes \(layer.inputs) numbers, the layer before gives \(given)")
        if case .embedding = layer { preconditionFailure("Network: layer \(index) is an embedding, which can only be the first layer") }
      }
      layer.append(to: &layout, named: "layer\(index)")
    }
    self.layers = layers
    self.layout = layout
  }

  /// Dense layers of the given widths with one activation between them and a linear end.
  public init(widths: [Int], activation: Activation = .relu, output: Activation = .linear) {
    precondition(widths.count >= 2, "Network: at least an input and an output width")
    self.init((1..<widths.count).map { .dense(widths[$0 - 1], widths[$0], $0 == widths.count - 1 ? output : activation) })
  }

  /// The number of inputs of a row.
  public var inputs: Int { layers[0].inputs }

  /// The number of outputs of a row.
  public var outputs: Int { layers[layers.count - 1].outputs }

  /// Fresh parameters.
  ///
  /// - Parameters:
  ///   - initializer: How the weights begin.
  ///   - last: How those of the last layer begin, where that differs (a small gain for a policy's output).
  ///   - stream: Names the random numbers that are drawn.
  public func initialized(_ initializer: Initializer = .uniformFanIn, last: Initializer? = nil, from stream: RandomStream) -> Parameters {
    var parameters = Parameters(layout)
    initializer.fill(&parameters, from: stream)
    if let last {
      var other = Parameters(layout)
      last.fill(&other, from: stream)
      var tail = Layout()
      layers[layers.count - 1].append(to: &tail, named: "")
      for slice in layout.slices.suffix(tail.slices.count) { parameters[slice.name] = other[slice.name] }
    }
    return parameters
  }

  /// Fresh parameters of several models side by side: model i begins as one alone with the stream of index `stream.index + i`.
  public func initialized(_ initializer: Initializer = .uniformFanIn, last: Initializer? = nil, copies: Int, from stream: RandomStream) -> Parameters
  {
    Parameters(
      stacking: (0..<copies).map {
        initialized(initializer, last: last, from: RandomStream(seed: stream.seed, purpose: stream.purpose, index: Int(stream.index) + $0))
      })
  }

  /// The output for a batch, on a tape. `[B, inputs]` to `[B, outputs]`, or `[A, B, inputs]` to `[A, B, outputs]` for A models.
  public func callAsFunction(_ input: Variable, _ parameters: PlacedParameters) -> Variable {
    precondition(
      parameters.count == layout.slices.count, "Network: \(parameters.count) slices of parameters for a layout of \(layout.slices.count)")
    if let copies = parameters.copies {
      precondition(
        input.shape.rank == 3 && input.shape[0] == copies,
        "Network: an input of \(input.shape) for \(copies) models, which take [\(copies), B, \(inputs)]")
    }
    var x = input
    var first = 0
    for layer in layers {
      let count = layer.sliceCount
      x = layer(x, parameters[first..<(first + count)])
      first += count
    }
    return x
  }

  /// A table of the layers: what they do, the shapes of their arrays, and how many parameters they have.
  public var description: String {
    var rows = [["", "layer", "arrays", "parameters"]]
    append(to: &rows, indent: "")
    rows.append(["", "", "in all", "\(layout.count)"])
    let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for column in 0..<4 {
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        line += column == 3 ? padding + row[column] : row[column] + padding + "  "
      }
      return line
    }.joined(separator: "\n")
  }

  private func append(to rows: inout [[String]], indent: String) {
    for (index, layer) in layers.enumerated() {
      var arrays = Layout()
      layer.append(to: &arrays, named: "")
      if case .heads(let networks) = layer {
        rows.append(["\(indent)\(index)", layer.description, "", ""])
        for (head, network) in networks.enumerated() { network.append(to: &rows, indent: "\(indent)\(index).\(head).") }
      } else {
        rows.append(["\(indent)\(index)", layer.description, arrays.slices.map(\.shape.description).joined(separator: " "), "\(arrays.count)"])
      }
    }
  }
}
