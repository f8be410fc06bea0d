import Tensor

/// The networks of a team with continuous actions: actors, critics of the agents' own actions, and what mixes their values.
///
/// All that learners know of the networks' inside is here: rows in, actions and team values out.
struct TeamNetworks: Sendable {
  let form: TeamRows
  let actor: Network
  /// One critic that all agents share, or one an agent side by side.
  let critic: ActionCritics
  let mixer: Mixer
  let state: GlobalState
  let stateSize: Int
  let ranges: ActionRanges
  /// Numbers of an agent's action.
  let components: Int
  /// Where one network serves all items of an agent.
  let items: ItemGrid?
  /// Where components of an action divide a whole.
  let shares: ShareHead?
  /// The leading numbers of each agent's observation of which the state is made.
  let stateNumbers: Int?
  let actorLayout: Layout
  /// First critic, first mixing network, second critic, second mixing network.
  let criticLayout: Layout
  private let places: [(critic: Range<Int>, mixer: Range<Int>)]

  init(_ configuration: TD3MixConfiguration, for specification: EnvironmentSpecification) {
    let agents = specification.agents
    components = specification.actions.bounds.count
    (items, shares, stateNumbers) = (configuration.items, configuration.shares, configuration.stateNumbers)
    if let shares {
      precondition(
        components % shares.parts == 0 && specification.actions.bounds.allSatisfy { $0 == 0...1 },
        "TD3Mix: shares of \(shares.parts) components in 0...1 for actions \(specification.actions)")
    }
    if let items {
      precondition(
        items.observationSize == specification.observationSize && items.count == components && configuration.sharesNetworks
          && !configuration.seesAgentIndex,
        "TD3Mix: a grid of \(items.count) items with \(items.features) features for \(specification.observationSize) observed numbers and "
          + "\(components) actions; networks are shared: \(configuration.sharesNetworks), with the agent's number: \(configuration.seesAgentIndex)")
    }
    form = TeamRows(
      agents: agents, observationSize: specification.observationSize, seesAgentIndex: configuration.sharesNetworks && configuration.seesAgentIndex,
      byAgent: !configuration.sharesNetworks, items: items?.count ?? 1)
    let (inputs, outputs) = (items?.features ?? form.size, items == nil ? components : 1)
    actor = Network(widths: [inputs] + configuration.actorWidths + [outputs], output: shares == nil ? .tanh : .linear)
    critic = ActionCritics(
      count: configuration.sharesNetworks ? 1 : agents, observationSize: inputs,
      actionSize: items == nil ? components : ItemGrid.actionFeatures, hidden: configuration.criticWidths, entry: 0)
    state = configuration.state
    precondition(stateNumbers ?? 0 <= specification.observationSize, "TD3Mix: \(stateNumbers ?? 0) of \(specification.observationSize) numbers")
    stateSize = stateNumbers.map { $0 * agents } ?? configuration.state.size(for: specification)
    mixer = Mixer(
      configuration.mixing, agents: agents, stateSize: stateSize, width: configuration.mixingWidth, generatorWidth: configuration.generatorWidth)
    ranges = ActionRanges(specification.actions.bounds)
    actorLayout = configuration.sharesNetworks ? actor.layout : actor.layout.stacked(agents)
    var layout = Layout()
    let (critic, mixer) = (critic, mixer)
    places = (0..<2).map { twin in
      (layout.append("critic\(twin)", critic.layout.stacked(critic.count)), layout.append("mixer\(twin)", mixer.layout))
    }
    criticLayout = layout
  }

  /// The shape of rows of so many numbers for B states. `[B · A, width]`, or `[A, B, width]` for a network an agent
  func shape(_ states: Int, _ width: Int) -> Shape {
    form.byAgent ? Shape.matrix(states, width).inserting(form.agents, at: 0) : .matrix(states * form.agents, width)
  }

  /// The shape of rows of what is seen in B states. `[B · A, size]`, `[A, B, size]`, or `[B · A · items, features]`
  func rowShape(_ states: Int) -> Shape {
    guard let items else { return shape(states, form.size) }
    return .matrix(states * form.agents * items.count, items.features)
  }

  /// What the actors do. `[B · A, components]`, or `[A, B, components]`
  func policy(_ rows: Variable, _ parameters: PlacedParameters) -> Variable {
    let outputs = actor(rows, parameters)
    let actions = items == nil ? outputs : outputs.reshaped(.matrix(outputs.shape[0] / components, components))
    return shares?.shares(of: actions) ?? actions
  }

  /// The team's value of joint actions that are constants, by the first or second critic and mixing network.
  ///
  /// - Parameters:
  ///   - rows: What the agents see and, behind it, what they do in [−1, 1], in the shape of rows.
  ///   - states: `[B, S]`
  ///   - twin: 0 or 1.
  /// - Returns: `[B, 1]`; for independent agents `[B, A]`.
  func value(_ rows: Variable, _ states: Variable, twin: Int, _ parameters: PlacedParameters) -> Variable {
    mixed(critic(stacked(rows), parameters[places[twin].critic]), states, twin: twin, parameters)
  }

  /// The same for actions through which a derivative flows, which come by themselves.
  func value(_ rows: Variable, _ actions: Variable, _ states: Variable, twin: Int, _ parameters: PlacedParameters) -> Variable {
    guard let items else {
      return mixed(critic(stacked(rows), stacked(actions), parameters[places[twin].critic]), states, twin: twin, parameters)
    }
    let values = critic(stacked(rows), stacked(items.actionFeatures(of: actions)), parameters[places[twin].critic])
    let own = values.reshaped(.matrix(values.shape[1] / components, components)).mean(along: 1, keepingAxis: true)
    return mixed(own, states, twin: twin, parameters)
  }

  /// Rows with an axis of critics in front.
  private func stacked(_ rows: Variable) -> Variable { form.byAgent ? rows : rows.expanded(at: 0) }

  private func mixed(_ own: Variable, _ states: Variable, twin: Int, _ parameters: PlacedParameters) -> Variable {
    let count = states.shape[0]
    let team = form.byAgent ? own.reshaped(.matrix(form.agents, count)).transposed() : own.reshaped(.matrix(count, form.agents))
    return mixer(team, state: states, parameters[places[twin].mixer])
  }
}

/// The outputs of all agents' actors, without a tape.
struct TeamActing: Sendable {
  private let networks: TeamNetworks
  private let copies: Int
  private var rows: [Float]
  private var values: [Float]
  /// In [−1, 1]. `[E, A, components]`
  var outputs: [Float]
  private var workspace = Workspace()

  init(_ networks: TeamNetworks, copies: Int) {
    self.networks = networks
    self.copies = copies
    let count = copies * networks.form.agents
    rows = Array(repeating: 0, count: count * networks.form.size)
    values = Array(repeating: 0, count: count * networks.components)
    outputs = values
  }

  mutating func evaluate(_ observations: [Float], _ parameters: Parameters) {
    networks.form.write(observations.span, copies: copies, into: &rows)
    Self.evaluate(networks.actor, parameters, rows: copies * networks.form.agents * networks.form.items, rows, into: &values, &workspace)
    let values = values
    networks.form.unarrange(values.span, networks.components, copies: copies, into: &outputs)
    networks.shares?.share(&outputs)
  }

  // The parts of `self` as arguments of their own: accesses that overlap by name alone.
  private static func evaluate(
    _ network: Network, _ parameters: Parameters, rows: Int, _ input: [Float], into values: inout [Float], _ workspace: inout Workspace
  ) {
    var output = values.mutableSpan
    network.evaluate(input.span, rows: rows, parameters, into: &output, workspace: &workspace)
  }
}

/// The actors of a team act without noise.
public struct TeamActorPolicy: Policy {
  /// Those of the actor that all share, or of one actor an agent side by side.
  public private(set) var parameters: Parameters
  let networks: TeamNetworks
  let copies: Int
  private var acting: TeamActing

  init(_ networks: TeamNetworks, _ parameters: Parameters, copies: Int) {
    (self.networks, self.copies) = (networks, copies)
    self.parameters = parameters
    acting = TeamActing(networks, copies: copies)
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    acting.evaluate(observations, parameters)
    networks.ranges.write(acting.outputs.span, into: &actions.values)
  }

  public mutating func archive(in archive: Archive) throws(FileError) { try archive.tensor("parameters", &parameters.values) }
}
