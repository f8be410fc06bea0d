import Tensor

/// C critics of one architecture side by side: Q_i(s, a) for i = 1…C.
///
/// h₁ = relu(s W₁ + b₁), …, and in the layer where the action enters relu([h, a] W + b), down to one number. Where both sides are
/// constants they come as one input with one product. Where a derivative flows to the action its product is one of its own, with the last rows
/// of W, so that no gradient is taken with respect to the observations.
struct ActionCritics: Sendable {
  let count: Int
  let observationSize: Int
  let actionSize: Int
  /// Hidden widths and the single output.
  private let widths: [Int]
  /// The layer in which the action enters.
  private let entry: Int
  /// The arrays of one critic.
  let layout: Layout

  /// - Parameters:
  ///   - entry: 0 for a critic that sees observation and action in its first layer, 1 for the second.
  init(count: Int, observationSize: Int, actionSize: Int, hidden: [Int], entry: Int) {
    precondition(count > 0 && entry >= 0 && entry <= hidden.count, "ActionCritics: \(count) critics, the action enters layer \(entry) of \(hidden)")
    (self.count, self.observationSize, self.actionSize, self.entry) = (count, observationSize, actionSize, entry)
    widths = hidden + [1]
    var layout = Layout()
    var inputs = observationSize
    for (layer, width) in widths.enumerated() {
      let fanIn = layer == entry ? inputs + actionSize : inputs
      layout.append("layer\(layer).weights", [fanIn, width], fanIn: fanIn)
      layout.append("layer\(layer).bias", [width], fanIn: fanIn)
      inputs = width
    }
    self.layout = layout
  }

  /// Fresh parameters of all critics; each from a stream of its own, the first with `index`.
  ///
  /// - Parameter outputBound: The last layer is uniform in ± this, where it is given.
  func initialized(outputBound: Double?, seed: UInt64, index: Int) -> Parameters {
    Parameters(
      stacking: (0..<count).map { critic in
        var parameters = Parameters(layout)
        let stream = RandomStream(seed: seed, purpose: .initialization, index: index + critic)
        Initializer.uniformFanIn.fill(&parameters, from: stream)
        if let outputBound {
          var last = Parameters(layout)
          Initializer.uniform(bound: outputBound).fill(&last, from: stream)
          for slice in layout.slices where slice.name.hasPrefix("layer\(widths.count - 1).") { parameters[slice.name] = last[slice.name] }
        }
        return parameters
      })
  }

  /// The number of columns of observation and action side by side.
  var inputs: Int { observationSize + actionSize }

  /// The values of a batch.
  ///
  /// - Parameter input: Observations and, behind them, actions in [−1, 1]. `[C, B, inputs]`
  /// - Returns: `[C, B, 1]`
  func callAsFunction(_ input: Variable, _ parameters: PlacedParameters) -> Variable {
    if entry > 0 { return self(input.columns(0..<observationSize), input.columns(observationSize..<inputs), parameters) }
    var h = input
    for layer in widths.indices { h = h.product(parameters[2 * layer], plus: parameters[2 * layer + 1], activation: activation(layer)) }
    return h
  }

  /// The values of a batch by the first K critics, for actions through which a derivative flows.
  ///
  /// - Parameters:
  ///   - observations: `[K, B, D]`
  ///   - actions: In [−1, 1]. `[K, B, components]`
  ///   - parameters: Those of all C critics.
  /// - Returns: `[K, B, 1]`
  func callAsFunction(_ observations: Variable, _ actions: Variable, _ parameters: PlacedParameters) -> Variable {
    let used = observations.shape[0]
    var h = observations
    for layer in widths.indices {
      var (weights, bias) = (parameters[2 * layer], parameters[2 * layer + 1])
      if used < count { (weights, bias) = (weights.slice(0..<used, along: 0), bias.slice(0..<used, along: 0)) }
      if layer == entry {
        let split = weights.shape[1] - actionSize
        let start = h.product(weights.slice(0..<split, along: 1), plus: bias)
        h = actions.product(weights.slice(split..<split + actionSize, along: 1), plus: start, activation: activation(layer))
      } else {
        h = h.product(weights, plus: bias, activation: activation(layer))
      }
    }
    return h
  }

  private func activation(_ layer: Int) -> Activation { layer == widths.count - 1 ? .linear : .relu }

  /// Multiplications for one row of one critic: forwards; of the derivatives of hidden values; of that of the action.
  var products: (forward: Int, hidden: Int, action: Int) {
    var result = (forward: 0, hidden: 0, action: 0)
    var inputs = observationSize
    for (layer, width) in widths.enumerated() {
      result.forward += inputs * width
      if layer > 0 { result.hidden += inputs * width }
      if layer > entry { result.action += inputs * width }
      if layer == entry {
        result.forward += actionSize * width
        result.action += actionSize * width
      }
      inputs = width
    }
    return result
  }
}

extension Network {
  /// Multiplications of dense layers for one row, forwards.
  var products: Int { layers.reduce(0) { $0 + $1.inputs * $1.outputs } }
}
