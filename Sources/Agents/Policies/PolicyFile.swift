import Tensor

/// A policy whose choices come from dense networks, so that it can be saved, read by other programs, and executed without its learner.
public protocol SavablePolicy: Policy {
  /// The same policy as networks of dense layers alone; nil where its networks are others.
  var dense: GreedyPolicy? { get }
}

/// Files of policies: safetensors with the arrays `agentA.layerL.weights` `[inputs, outputs]` and `agentA.layerL.bias` `[outputs]`, and in the metadata
/// everything else. A row x of observations becomes
///
///     x ← act_L(x W_L + b_L) for each layer L;
///     for each choice the place of the largest of its outputs, which lie one after the other; behind them one output y for each number:
///     clipped: min(max(y, a), b); scaled: (a + b) / 2 + y (b − a) / 2, cut to [a, b]; squashed: the same with tanh y.
///
/// Metadata: `format` (marconi-policy-1), `agents`, `sets` (1 if all agents share one network), `activations` (one a layer, between commas), `choices` (between
/// commas), `bounds` (`a:b` between commas), `bounding`.
extension GreedyPolicy: SavablePolicy {
  static let format = "marconi-policy-1"

  public var dense: GreedyPolicy? { isDense ? self : nil }

  private var isDense: Bool {
    network.layers.allSatisfy { if case .dense = $0 { true } else { false } }
  }

  /// The arrays of all networks in the order of the file.
  private struct Arrays: Archivable {
    var tensors: [(name: String, values: Tensor)]

    mutating func archive(in archive: Archive) throws(FileError) {
      for index in tensors.indices { try archive.tensor(tensors[index].name, &tensors[index].values) }
    }
  }

  /// Saves the policy.
  ///
  /// - Parameters:
  ///   - path: The file, which is replaced in one atomic step.
  ///   - metadata: What else the file should say.
  /// - Precondition: All layers are dense.
  public func save(to path: String, metadata: [String: String] = [:]) throws(FileError) {
    precondition(isDense, "GreedyPolicy.save: only dense layers can be saved")
    var arrays = Arrays(tensors: [])
    for (set, parameters) in parameters.enumerated() {
      for (place, slice) in parameters.layout.slices.enumerated() {
        let part = place.isMultiple(of: 2) ? "weights" : "bias"
        arrays.tensors.append(("agent\(set).layer\(place / 2).\(part)", parameters[slice.name]))
      }
    }
    let activations = network.layers.map { if case .dense(_, _, let activation) = $0 { "\(activation)" } else { "" } }
    var all = metadata
    all["format"] = GreedyPolicy.format
    all["agents"] = "\(agents)"
    all["sets"] = "\(parameters.count)"
    all["activations"] = activations.joined(separator: ",")
    all["choices"] = actions.choices.map { "\($0)" }.joined(separator: ",")
    all["bounds"] = actions.bounds.map { "\($0.lowerBound):\($0.upperBound)" }.joined(separator: ",")
    all["bounding"] = "\(bounding)"
    try Archive.save(&arrays, to: path, metadata: all)
  }

  /// Reads a policy for some copies.
  ///
  /// - Throws: `FileError` for a file that is damaged or no policy.
  public init(path: String, copies: Int) throws(FileError) {
    let file = try SafetensorsFile(path: path)
    func fails(_ what: String) -> FileError { FileError(path: path, reason: "is no policy that can be read: \(what)") }
    func text(_ name: String) throws(FileError) -> String {
      guard let text = file.header.metadata[name] else { throw fails("'\(name)' is missing") }
      return text
    }
    func parts(_ name: String) throws(FileError) -> [String] { try text(name).split(separator: ",").map(String.init) }
    guard try text("format") == GreedyPolicy.format else { throw fails("its format is '\(try text("format"))'") }
    guard let agents = Int(try text("agents")), let sets = Int(try text("sets")), (1...100_000).contains(agents), sets == 1 || sets == agents else {
      throw fails("it has no proper number of agents")
    }
    let activations = try parts("activations").compactMap { name in Activation.allCases.first { "\($0)" == name } }
    let choices = try parts("choices").compactMap { Int($0) }
    let bounds = try parts("bounds").compactMap { part -> ClosedRange<Float>? in
      let ends = part.split(separator: ":", omittingEmptySubsequences: false).compactMap { Float($0) }
      return ends.count == 2 && ends[0].isFinite && ends[1].isFinite && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
    }
    guard activations.count == (try parts("activations")).count, !activations.isEmpty, choices.count == (try parts("choices")).count,
      choices.allSatisfy({ (1...1_000_000).contains($0) }), bounds.count == (try parts("bounds")).count, choices.count + bounds.count > 0
    else { throw fails("its layers or actions cannot be understood") }
    guard let bounding = [ActionBounding.scaled, .squashed, .clipped].first(where: { "\($0)" == file.header.metadata["bounding"] }) else {
      throw fails("'bounding' is unknown")
    }
    // The shapes of the first network say how wide the layers are.
    var layers: [Layer] = []
    for (index, activation) in activations.enumerated() {
      guard let shape = file.header["agent0.layer\(index).weights"]?.shape, shape.count == 2, shape.allSatisfy({ $0 > 0 }),
        index == 0 || layers[index - 1].outputs == shape[0]
      else { throw fails("the weights of layer \(index) are missing or do not fit") }
      layers.append(.dense(shape[0], shape[1], activation))
    }
    let network = Network(layers)
    guard network.outputs >= choices.reduce(0, +) + bounds.count else {
      throw fails("its network has \(network.outputs) outputs, too few for its actions")
    }
    var all: [Parameters] = []
    for set in 0..<sets {
      var parameters = Parameters(network.layout)
      for (place, slice) in network.layout.slices.enumerated() {
        let name = "agent\(set).layer\(place / 2)." + (place.isMultiple(of: 2) ? "weights" : "bias")
        guard let entry = file.header[name], entry.count == slice.shape.count else { throw fails("'\(name)' is missing or has another size") }
        let numbers = try file.floats(name)
        guard numbers.allSatisfy(\.isFinite) else { throw fails("'\(name)' holds a number that is not finite") }
        parameters[slice.name] = Tensor(numbers, shape: slice.shape)
      }
      all.append(parameters)
    }
    self.init(
      network: network, parameters: all,
      for: EnvironmentSpecification(
        copies: copies, agents: agents, observationSize: network.inputs, actions: ActionSpace(choices: choices, bounds: bounds)), bounding: bounding)
  }

  /// Why the policy cannot act in an environment with these sizes, in one sentence; nil if it can.
  public func objection(to specification: EnvironmentSpecification) -> String? {
    if specification.agents != agents { return "the policy is for \(agents) agents, the environment has \(specification.agents)" }
    if specification.observationSize != network.inputs {
      return "the policy takes \(network.inputs) observations, the environment gives \(specification.observationSize)"
    }
    return specification.actions == actions ? nil : "the policy is for \(actions), the environment takes \(specification.actions)"
  }
}

extension ActorPolicy: SavablePolicy {
  /// The trunk and the actor as one network, its means as they are brought into their ranges; nil where means depend on the choice, where agents have actors side
  /// by side, or where the policy draws.
  public var dense: GreedyPolicy? {
    guard seed == nil, !networks.isPerAgent, !networks.head.layout.isPerChoice else { return nil }
    let network = Network((networks.trunk?.layers ?? []) + networks.actor.layers)
    // The actor's slices come first, behind those of the trunk.
    var whole = Parameters(network.layout)
    for (place, slice) in network.layout.slices.enumerated() {
      whole[slice.name] = parameters[parameters.layout.slices[place].name]
    }
    let policy = GreedyPolicy(
      network: network, parameters: [whole],
      for: EnvironmentSpecification(
        copies: copies, agents: networks.agents, observationSize: networks.observationSize, actions: networks.head.actions),
      bounding: networks.head.bounding)
    return policy.dense
  }
}

extension SharedPolicy: SavablePolicy where Base: SavablePolicy {
  public var dense: GreedyPolicy? {
    base.dense.map { GreedyPolicy(network: $0.network, parameters: $0.parameters, for: specification, bounding: $0.bounding) }
  }
}

extension IndependentPolicies: SavablePolicy where Base: SavablePolicy {
  public var dense: GreedyPolicy? {
    let parts = policies.compactMap(\.dense)
    guard let first = parts.first, parts.count == policies.count else { return nil }
    return GreedyPolicy(network: first.network, parameters: parts.map { $0.parameters[0] }, for: specification, bounding: first.bounding)
  }
}
