/// One layer of a ``Network``: a description that owns no numbers.
public enum Layer: Hashable, Sendable {
  /// y = act(x W + b), W of `inputs` × `outputs`.
  case dense(_ inputs: Int, _ outputs: Int, _ activation: Activation = .linear)
  /// y = γ (x − x̄) / √(σ² + 10⁻⁵) + β for each row (Ba, Kiros and Hinton 2016).
  case layerNorm(_ width: Int)
  /// Each of `fields` whole numbers below `choices` becomes a row of a table of its own, side by side. `[B, fields]` to `[B, fields · width]`
  case embedding(fields: Int, choices: Int, width: Int)
  /// y_a = V + A_a − mean A with V = x w + b and A = x W + c: the dueling head (Wang et al. 2016).
  case dueling(_ inputs: Int, actions: Int)
  /// Networks on the same input, their outputs side by side.
  case heads([Network])

  /// The number of inputs of a row.
  public var inputs: Int {
    switch self {
    case .dense(let inputs, _, _), .dueling(let inputs, _): inputs
    case .layerNorm(let width): width
    case .embedding(let fields, _, _): fields
    case .heads(let networks): networks[0].inputs
    }
  }

  /// The number of outputs of a row.
  public var outputs: Int {
    switch self {
    case .dense(_, let outputs, _): outputs
    case .layerNorm(let width): width
    case .embedding(let fields, _, let width): fields * width
    case .dueling(_, let actions): actions
    case .heads(let networks): networks.reduce(0) { $0 + $1.outputs }
    }
  }

  /// The number of the layer's arrays.
  var sliceCount: Int {
    switch self {
    case .dense, .layerNorm: 2
    case .embedding: 1
    case .dueling: 4
    case .heads(let networks): networks.reduce(0) { $0 + $1.layout.slices.count }
    }
  }

  static let normEpsilon: Float = 1e-5

  /// Adds the layer's arrays to a layout.
  func append(to layout: inout Layout, named name: String) {
    switch self {
    case .dense(let inputs, let outputs, _):
      layout.append("\(name).weights", [inputs, outputs], fanIn: inputs)
      layout.append("\(name).bias", [outputs], fanIn: inputs)
    case .layerNorm(let width):
      layout.append("\(name).gain", [width], fanIn: width, role: .gain)
      layout.append("\(name).offset", [width], fanIn: width, role: .offset)
    case .embedding(let fields, let choices, let width):
      layout.append("\(name).table", [fields * choices, width], fanIn: 1, role: .table)
    case .dueling(let inputs, let actions):
      layout.append("\(name).value.weights", [inputs, 1], fanIn: inputs)
      layout.append("\(name).value.bias", [1], fanIn: inputs)
      layout.append("\(name).advantage.weights", [inputs, actions], fanIn: inputs)
      layout.append("\(name).advantage.bias", [actions], fanIn: inputs)
    case .heads(let networks):
      for (index, network) in networks.enumerated() { layout.append("\(name).head\(index)", network.layout) }
    }
  }

  /// The output for a batch. `[…, B, inputs]` to `[…, B, outputs]`
  func callAsFunction(_ x: Variable, _ parameters: PlacedParameters) -> Variable {
    switch self {
    case .dense(_, _, let activation):
      return x.product(parameters[0], plus: parameters[1], activation: activation)
    case .layerNorm:
      return x.standardized(epsilon: Layer.normEpsilon) * Layer.row(parameters[0], parameters) + Layer.row(parameters[1], parameters)
    case .embedding(let fields, let choices, let width):
      let models = parameters.copies ?? 1
      let rows = x.shape.count / max(fields, 1)
      let table = parameters[0].reshaped([models * fields * choices, width])
      return unsafe table.gathering(x.tableRows(fields: fields, choices: choices, models: models), count: rows * fields)
        .reshaped(x.shape.replacing(-1, by: fields * width))
    case .dueling:
      let value = x.product(parameters[0], plus: parameters[1])
      let advantage = x.product(parameters[2], plus: parameters[3])
      return value + (advantage - advantage.mean(along: -1, keepingAxis: true))
    case .heads(let networks):
      var first = 0
      let outputs = networks.map { network in
        defer { first += network.layout.slices.count }
        return network(x, parameters[first..<(first + network.layout.slices.count)])
      }
      return Variable.concatenate(outputs, along: -1)
    }
  }

  /// A choice that came as a number.
  static func choice(_ number: Float, of choices: Int) -> Int {
    precondition(number >= 0 && number < Float(choices), "Layer.embedding: the choice \(number) of \(choices)")
    return Int(number)
  }

  /// A vector of a layer as a row that is repeated, one for each model.
  private static func row(_ vector: Variable, _ parameters: PlacedParameters) -> Variable {
    parameters.copies == nil ? vector : vector.expanded(at: 1)
  }
}

extension Layer: CustomStringConvertible {
  public var description: String {
    switch self {
    case .dense(let inputs, let outputs, let activation):
      "dense \(inputs) → \(outputs)" + (activation == .linear ? "" : ", \(activation)")
    case .layerNorm(let width): "layer norm \(width)"
    case .embedding(let fields, let choices, let width): "embedding \(fields) of \(choices) → \(fields) × \(width)"
    case .dueling(let inputs, let actions): "dueling \(inputs) → \(actions)"
    case .heads(let networks): "heads \(inputs) → \(networks.map { String($0.outputs) }.joined(separator: " + "))"
    }
  }
}
