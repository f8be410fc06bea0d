import Tensor

/// What the critic of an agent sees.
enum CriticView: Hashable, Sendable {
  /// The agent's own observation. `[D]`
  case own
  /// The observations of all agents, and the agent's number as a one-hot vector if `withIndex`. `[A · D]` or `[A · D + A]`
  case joint(withIndex: Bool)
}

/// An actor and a critic for A agents of one copy: descriptions that own no numbers.
///
/// With a trunk both are one network whose last column is the value; without, they are two. Agents share one actor, or each has one of its own: then
/// its parameters lie side by side, `[A, …]` for every slice. There is one critic for all.
struct ActorCriticNetworks: Sendable {
  let head: ActionHead
  /// Outputs of the policy; behind a trunk also the value.
  let actor: Network
  /// nil with a trunk.
  let critic: Network?
  /// The actor's slices, and behind them ln σ where that is a vector of parameters.
  let actorLayout: Layout
  let agents: Int
  let observationSize: Int
  let view: CriticView
  /// Whether each agent has an actor of its own.
  let isPerAgent: Bool
  private let configuration: ActorCriticNetworksConfiguration

  init(
    _ configuration: ActorCriticNetworksConfiguration, for specification: EnvironmentSpecification, view: CriticView = .own, perAgent: Bool = false
  ) {
    self.configuration = configuration
    self.view = view
    agents = specification.agents
    isPerAgent = perAgent && agents > 1
    observationSize = specification.observationSize
    head = ActionHead(
      specification.actions, bounding: configuration.bounding, isStateDependent: configuration.deviationsDependOnState,
      isPerChoice: configuration.valuesDependOnChoice, logDeviations: configuration.logDeviations)
    let trunk = configuration.trunkWidths
    if trunk.isEmpty {
      actor = Network(widths: [observationSize] + configuration.actorWidths + [head.outputs], activation: configuration.activation)
      let seen: Int
      switch view {
      case .own: seen = observationSize
      case .joint(let withIndex): seen = agents * observationSize + (withIndex ? agents : 0)
      }
      critic = Network(widths: [seen] + configuration.criticWidths + [1], activation: configuration.criticActivation)
    } else {
      precondition(view == .own, "ActorCriticNetworks: a critic that sees all agents has no trunk with an actor that sees one")
      precondition(!isPerAgent, "ActorCriticNetworks: a critic for all agents has no trunk with actors for each")
      var layers: [Layer] = []
      for (index, width) in trunk.enumerated() {
        layers.append(.dense(index == 0 ? observationSize : trunk[index - 1], width, configuration.activation))
      }
      let policy = Network(widths: [trunk[trunk.count - 1]] + configuration.actorWidths + [head.outputs], activation: configuration.activation)
      let value = Network(widths: [trunk[trunk.count - 1]] + configuration.criticWidths + [1], activation: configuration.criticActivation)
      layers.append(.heads([policy, value]))
      actor = Network(layers)
      critic = nil
    }
    var layout = actor.layout
    if head.freeDeviations > 0 { layout.append("logDeviation", [head.freeDeviations], fanIn: 1) }
    actorLayout = layout
  }

  /// Numbers that the critic sees for one agent.
  var criticInputs: Int { critic?.inputs ?? observationSize }

  /// Fresh parameters of the actor. Agent a draws from stream index 2 a, the critic from index 1.
  func initialActor(seed: UInt64) -> Parameters {
    if !isPerAgent { return initialActor(RandomStream(seed: seed, purpose: .initialization)) }
    return Parameters(stacking: (0..<agents).map { initialActor(RandomStream(seed: seed, purpose: .initialization, index: 2 * $0)) })
  }

  private func initialActor(_ stream: RandomStream) -> Parameters {
    let gains = configuration.gains
    var parameters = Parameters(actorLayout)
    Initializer.orthogonal(gain: 1).fill(&parameters, from: stream)
    // The outputs' layers lie at the ends of their networks; each has weights and a bias.
    let slices = actorLayout.slices
    let end = actor.layout.slices.count
    let valueLayer = critic == nil ? end - 2 : -1
    let policyLayer = critic == nil ? end - 2 * (configuration.criticWidths.count + 1) - 2 : end - 2
    for (index, slice) in slices.enumerated() where slice.role == .weights {
      let gain = index == policyLayer ? gains.policy : index == valueLayer ? gains.value : gains.hidden
      for i in slice.offset..<(slice.offset + slice.shape.count) { parameters.values[i] *= gain }
    }
    if head.deviations > 0 {
      // ln σ: the vector of its own, or the last biases of the policy's output.
      let slice = head.isStateDependent ? slices[policyLayer + 1] : slices[end]
      let last = slice.offset + slice.shape.count
      for i in (last - head.deviations)..<last { parameters.values[i] = configuration.initialLogDeviation }
    }
    return parameters
  }

  /// Fresh parameters of the critic; none with a trunk.
  func initialCritic(seed: UInt64) -> Parameters {
    guard let critic else { return Parameters(Layout()) }
    let gains = configuration.gains
    var parameters = Parameters(critic.layout)
    Initializer.orthogonal(gain: 1).fill(&parameters, from: RandomStream(seed: seed, purpose: .initialization, index: 1))
    for (index, slice) in critic.layout.slices.enumerated() where slice.role == .weights {
      let gain = index == critic.layout.slices.count - 2 ? gains.value : gains.hidden
      for i in slice.offset..<(slice.offset + slice.shape.count) { parameters.values[i] *= gain }
    }
    return parameters
  }

  /// The outputs of the actor and the free ln σ of each row, on a tape.
  ///
  /// - Parameters:
  ///   - observations: Agent by agent. `[A · B, D]`
  ///   - rows: A · B.
  /// - Returns: `[A · B, outputs]`; ln σ as a row or `[A · B, deviations]`, nil if it depends on the state; the value with a trunk. `[B, 1]`
  func act(_ observations: Variable, _ parameters: PlacedParameters) -> (output: Variable, logDeviation: Variable?, value: Variable?) {
    let slices = actor.layout.slices.count
    let rows = observations.shape[0]
    if isPerAgent {
      let share = rows / agents
      let output = actor(observations.reshaped([agents, share, observationSize]), parameters[0..<slices]).reshaped([rows, actor.outputs])
      guard head.freeDeviations > 0 else { return (output, nil, nil) }
      let spread = parameters[slices].reshaped([agents, 1, head.freeDeviations]).broadcast(to: [agents, share, head.freeDeviations])
      return (output, spread.reshaped([rows, head.freeDeviations]), nil)
    }
    let output = actor(observations, parameters[0..<slices])
    let deviation = head.freeDeviations > 0 ? parameters[slices] : nil
    guard critic == nil else { return (output, deviation, nil) }
    return (output.columns(0..<head.outputs), deviation, output.columns(head.outputs..<(head.outputs + 1)))
  }

  /// Floating-point operations of the products of one row: forward through the actor, and through the critic.
  var productsPerRow: (actor: Double, critic: Double) {
    func products(_ layout: Layout) -> Double {
      var sum = 0.0
      for slice in layout.slices where slice.role == .weights { sum += 2 * Double(slice.shape.count) }
      return sum
    }
    return (products(actor.layout), critic.map { products($0.layout) } ?? 0)
  }

  /// Those of the first layers, whose inputs need no derivative.
  var firstProductsPerRow: (actor: Double, critic: Double) {
    func first(_ layout: Layout) -> Double { 2 * Double(layout.slices[0].shape.count) }
    return (first(actor.layout), critic.map { first($0.layout) } ?? 0)
  }
}
