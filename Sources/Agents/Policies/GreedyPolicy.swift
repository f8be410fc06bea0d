import Tensor

/// How the last outputs of a network become continuous actions in their ranges [a, b].
public enum ActionBounding: Hashable, Sendable {
  /// (a + b) / 2 + y (b − a) / 2 with outputs y of [−1, 1], those of a network that ends in tanh.
  case scaled
  /// The same with y = tanh u of unbounded outputs u.
  case squashed
  /// min(max(u, a), b)
  case clipped
}

/// Networks act without exploration: the largest logit of each choice, and the continuous values as they come.
///
/// A row of a network's output holds the logits of each discrete component, one after the other, and behind them one number for each continuous
/// component. What lies behind these (a deviation, say) is not looked at. Where the network serves the items of an ``ItemGrid``, each is a row of its own, whose
/// one output is the action of the item; a ``ShareHead`` makes shares of the outputs before they are brought into their ranges.
public struct GreedyPolicy: Policy {
  public let network: Network
  /// One set of parameters an agent, or a single one that all agents share.
  public private(set) var parameters: [Parameters]
  let agents: Int
  let actions: ActionSpace
  let bounding: ActionBounding
  let items: ItemGrid?
  let shares: ShareHead?
  private var memory: ActingMemory

  /// - Parameters:
  ///   - network: From D inputs to the logits of each discrete component and, behind them, one number for each continuous one.
  ///   - parameters: One set an agent, or a single one for all.
  ///   - specification: The sizes of what it acts in, whose number of copies is E.
  ///   - bounding: How continuous actions come into their ranges.
  ///   - items: The items that the network serves, from features to one output each; nil for a network of whole observations.
  ///   - shares: How outputs become shares; nil where they are not.
  public init(
    network: Network, parameters: [Parameters], for specification: EnvironmentSpecification, bounding: ActionBounding = .scaled,
    items: ItemGrid? = nil, shares: ShareHead? = nil
  ) {
    let actions = specification.actions
    if let objection = GreedyPolicy.objection(network, specification.observationSize, actions, items, shares) {
      preconditionFailure("GreedyPolicy: \(objection)")
    }
    precondition(
      parameters.count == specification.agents || parameters.count == 1,
      "GreedyPolicy: \(parameters.count) sets of parameters for \(specification.agents) agents")
    self.network = network
    self.parameters = parameters
    self.actions = actions
    self.bounding = bounding
    (self.items, self.shares) = (items, shares)
    agents = specification.agents
    let rows = parameters.count == 1 ? specification.copies * agents : specification.copies
    memory = ActingMemory(copies: rows * (items?.count ?? 1), observationSize: network.inputs, choices: network.outputs)
  }

  /// Why a network does not fit what it should act on, in one clause; nil if it does.
  static func objection(_ network: Network, _ observationSize: Int, _ actions: ActionSpace, _ items: ItemGrid?, _ shares: ShareHead?) -> String? {
    let needed = actions.choices.reduce(0, +) + actions.bounds.count
    let widths = "a network of \(network.inputs) → \(network.outputs)"
    if let items {
      let fits = network.inputs == items.features && network.outputs == 1 && items.observationSize == observationSize
      guard fits, actions.choices.isEmpty, needed == items.count else {
        return "\(widths) for \(items.count) items of \(items.features) features, \(observationSize) observations and \(actions)"
      }
    } else if network.outputs < needed || network.inputs != observationSize {
      return "\(widths) for \(observationSize) observations and \(actions)"
    }
    guard let shares else { return nil }
    let fits = actions.choices.isEmpty && needed % shares.parts == 0 && (items != nil || network.outputs == needed)
    return fits ? nil : "shares of \(shares.parts) parts for \(actions) from \(network.outputs) outputs"
  }

  /// The same networks for other agents or parameters.
  func with(_ parameters: [Parameters], for specification: EnvironmentSpecification) -> GreedyPolicy {
    GreedyPolicy(network: network, parameters: parameters, for: specification, bounding: bounding, items: items, shares: shares)
  }

  /// Numbers that an agent observes.
  var observationSize: Int { items?.observationSize ?? network.inputs }

  /// Every agent of E copies chooses one of the network's outputs by parameters of its own.
  public init(network: Network, parameters: [Parameters], copies: Int) {
    self.init(
      network: network, parameters: parameters,
      for: EnvironmentSpecification(
        copies: copies, agents: parameters.count, observationSize: network.inputs, actions: .discrete(network.outputs)))
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    // Agents that share parameters are rows of one batch.
    let sets = parameters.count
    for set in 0..<sets {
      memory.gather(observations, agent: set, agents: sets, items: items?.count ?? 1)
      memory.evaluate(network, parameters[set])
      shares?.share(&memory.logits)
      for row in 0..<memory.copies / (items?.count ?? 1) { decode(row, into: &actions, at: row * sets + set) }
    }
  }

  /// Writes the action that one row of outputs means.
  private func decode(_ row: Int, into batch: inout ActionBatch, at place: Int) {
    var from = row * network.outputs * (items?.count ?? 1)
    for (component, count) in actions.choices.enumerated() {
      batch.choices[place * actions.choices.count + component] = largest(memory.logits, from, count)
      from += count
    }
    for (component, range) in actions.bounds.enumerated() {
      batch.values[place * actions.bounds.count + component] = bounding.value(memory.logits[from + component], in: range)
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    for index in parameters.indices { try archive.tensor("agent\(index)", &parameters[index].values) }
  }
}

extension ActionBounding {
  /// The action in a range that one output means.
  func value(_ output: Float, in range: ClosedRange<Float>) -> Float {
    let (center, halfWidth) = (0.5 * (range.lowerBound + range.upperBound), 0.5 * (range.upperBound - range.lowerBound))
    switch self {
    case .scaled: return min(max(center + output * halfWidth, range.lowerBound), range.upperBound)
    case .squashed:
      // tanh u = 1 − 2 / (e^2u + 1), in double precision so that nothing is lost near 0.
      let tanh = Float(1 - 2 / (Math.exp(2 * Double(output)) + 1))
      return min(max(center + tanh * halfWidth, range.lowerBound), range.upperBound)
    case .clipped: return min(max(output, range.lowerBound), range.upperBound)
    }
  }
}

/// The memory with which a policy acts for all copies of one agent at a time.
struct ActingMemory: Sendable {
  let copies: Int
  let observationSize: Int
  private var input: [Float]
  var logits: [Float]
  var noise: [Float]
  private var workspace = Workspace()

  init(copies: Int, observationSize: Int, choices: Int) {
    self.copies = copies
    self.observationSize = observationSize
    input = Array(repeating: 0, count: copies * observationSize)
    logits = Array(repeating: 0, count: copies * choices)
    noise = logits
  }

  /// Collects the observations of one agent. `[E, A, D]` to `[E, D]`, or `[E, A, features, items]` to `[E, items, features]`
  mutating func gather(_ observations: [Float], agent: Int, agents: Int, items: Int = 1) {
    guard items == 1 else { return gatherItems(observations.span, agent: agent, agents: agents, items: items) }
    copyColumns(
      observations.span, copies, every: agents * observationSize, from: agent * observationSize, into: &input, every: observationSize, at: 0,
      width: observationSize)
  }

  private mutating func gatherItems(_ observations: Span<Float>, agent: Int, agents: Int, items: Int) {
    let (rows, features) = (copies, observationSize)
    var target = input.mutableSpan
    for row in 0..<rows {
      let from = (row / items * agents + agent) * features * items + row % items
      for feature in 0..<features { target[row * features + feature] = observations[from + feature * items] }
    }
  }

  mutating func evaluate(_ network: Network, _ parameters: Parameters) {
    Self.evaluate(network, parameters, rows: copies, input, into: &logits, &workspace)
  }

  // The parts of `self` as arguments of their own: three accesses that overlap by name alone.
  private static func evaluate(
    _ network: Network, _ parameters: Parameters, rows: Int, _ input: [Float], into logits: inout [Float], _ workspace: inout Workspace
  ) {
    var output = logits.mutableSpan
    network.evaluate(input.span, rows: rows, parameters, into: &output, workspace: &workspace)
  }
}
