import Tensor

/// A policy whose choices come from dense networks, so that it can be saved, read by other programs, and executed without its learner.
public protocol SavablePolicy: Policy {
  /// The same policy as networks of dense layers alone; nil where its networks are others.
  var dense: GreedyPolicy? { get }
}

/// Files of policies: safetensors with the arrays `agentA.layerL.weights` `[inputs, outputs]` and `agentA.layerL.bias` `[outputs]`, and in the metadata
/// everything else. A row x of observations becomes
///
///     with items x [features, items] ← xᵀ, a row an item;
///     x ← act_L(x W_L + b_L) for each layer L;
///     with shares, for each run of `parts` outputs: x ← x − mean x if they are centred, x ← 2 softmax(L tanh(x / L)) − 1;
///     for each choice the place of the largest of its outputs, which lie one after the other; behind them one output y for each number:
///     clipped: min(max(y, a), b); scaled: (a + b) / 2 + y (b − a) / 2, cut to [a, b]; squashed: the same with tanh y.
///
/// Metadata: `format` (marconi-policy-1), `agents`, `sets` (1 if all agents share one network), `activations` (one a layer, between commas), `choices` (between
/// commas), `bounds` (`a:b` between commas), `bounding`; where they are, `items` (`rows:columns:features`) and `shares` (`parts:L`, and `:centred`).
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
    all["items"] = items.map { "\($0.rows):\($0.columns):\($0.features)" }
    all["shares"] = shares.map { "\($0.parts):\($0.logitLimit)" + ($0.isCentred ? ":centred" : "") }
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
    let items = try file.header.metadata["items"].map { text throws(FileError) in
      let numbers = text.split(separator: ":", omittingEmptySubsequences: false).compactMap { Int($0) }
      guard numbers.count == 3, numbers.allSatisfy({ (1...100_000).contains($0) }) else { throw fails("'items' cannot be understood") }
      return ItemGrid(rows: numbers[0], columns: numbers[1], features: numbers[2])
    }
    let shares = try file.header.metadata["shares"].map { text throws(FileError) in
      let words = text.split(separator: ":", omittingEmptySubsequences: false)
      guard words.count == 2 || words.count == 3 && words[2] == "centred", let parts = Int(words[0]), let limit = Float(words[1]),
        parts > 0, limit > 0, limit.isFinite
      else { throw fails("'shares' cannot be understood") }
      return ShareHead(parts: parts, logitLimit: limit, isCentred: words.count == 3)
    }
    let (actions, observationSize) = (ActionSpace(choices: choices, bounds: bounds), items?.observationSize ?? network.inputs)
    if let objection = GreedyPolicy.objection(network, observationSize, actions, items, shares) { throw fails("it has \(objection)") }
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
      for: EnvironmentSpecification(copies: copies, agents: agents, observationSize: observationSize, actions: actions), bounding: bounding,
      items: items, shares: shares)
  }

  /// Why the policy cannot act in an environment with these sizes, in one sentence; nil if it can.
  public func objection(to specification: EnvironmentSpecification) -> String? {
    if specification.agents != agents { return "the policy is for \(agents) agents, the environment has \(specification.agents)" }
    if specification.observationSize != observationSize {
      return "the policy takes \(observationSize) observations, the environment gives \(specification.observationSize)"
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
    base.dense.map { $0.with($0.parameters, for: specification) }
  }
}

extension IndependentPolicies: SavablePolicy where Base: SavablePolicy {
  public var dense: GreedyPolicy? {
    let parts = policies.compactMap(\.dense)
    guard let first = parts.first, parts.count == policies.count else { return nil }
    return first.with(parts.map { $0.parameters[0] }, for: specification)
  }
}

extension TeamActorPolicy: SavablePolicy {
  /// The actors, one set of parameters or one an agent. What a shared actor learnt of an agent's number goes into the first bias of a set of its own.
  public var dense: GreedyPolicy? {
    let form = networks.form
    var network = networks.actor
    var sets = form.byAgent ? (0..<form.agents).map { parameters[copy: $0] } : [parameters]
    if form.seesAgentIndex, case .dense(_, let outputs, let activation) = network.layers[0] {
      network = Network([.dense(form.observationSize, outputs, activation)] + network.layers.dropFirst())
      sets = (0..<form.agents).map { agent in
        var own = Parameters(network.layout)
        for (part, whole) in zip(network.layout.slices, parameters.layout.slices) {
          // The rows of the first weights behind the observation are those of the numbers.
          for i in 0..<part.shape.count { own.values[part.offset + i] = parameters.values[whole.offset + i] }
        }
        let (weights, bias) = (parameters.layout.slices[0], network.layout.slices[1])
        for i in 0..<outputs { own.values[bias.offset + i] += parameters.values[weights.offset + (form.observationSize + agent) * outputs + i] }
        return own
      }
    }
    let policy = GreedyPolicy(
      network: network, parameters: sets,
      for: EnvironmentSpecification(
        copies: copies, agents: form.agents, observationSize: form.observationSize, actions: ActionSpace(choices: [], bounds: networks.ranges.bounds)),
      items: networks.items, shares: networks.shares)
    return policy.dense
  }
}
