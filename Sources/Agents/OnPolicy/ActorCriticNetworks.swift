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
/// With a trunk both go on from its outputs and all parameters lie in one vector; without, there are two. Agents share one actor, or each has one of its own: then
/// its parameters lie side by side, `[A, …]` for every slice. There is one critic for all.
struct ActorCriticNetworks: Sendable {
  let head: ActionHead
  /// What actor and critic share, if anything.
  let trunk: Network?
  let actor: Network
  let critic: Network
  /// The slices of the trunk, the actor, with a trunk the critic, and last ln σ where that is a vector of parameters.
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
    var layout = Layout()
    var (seenByActor, seenByCritic) = (observationSize, observationSize)
    if case .joint(let withIndex) = view { seenByCritic = agents * observationSize + (withIndex ? agents : 0) }
    if let last = configuration.trunkWidths.last {
      precondition(view == .own && !isPerAgent, "ActorCriticNetworks: an actor for each agent and a critic for all have no trunk in common")
      let trunk = Network(
        widths: [observationSize] + configuration.trunkWidths, activation: configuration.activation, output: configuration.activation)
      layout.append("trunk", trunk.layout)
      self.trunk = trunk
      (seenByActor, seenByCritic) = (last, last)
    } else {
      trunk = nil
    }
    actor = Network(widths: [seenByActor] + configuration.actorWidths + [head.outputs], activation: configuration.activation)
    critic = Network(widths: [seenByCritic] + configuration.criticWidths + [1], activation: configuration.criticActivation)
    layout.append("actor", actor.layout)
    if trunk != nil { layout.append("critic", critic.layout) }
    if head.freeDeviations > 0 { layout.append("logDeviation", [head.freeDeviations], fanIn: 1) }
    actorLayout = layout
  }

  /// Numbers that the critic sees for one agent, or the trunk in its place.
  var criticInputs: Int { trunk == nil ? critic.inputs : observationSize }

  /// The place of the actor's first slice.
  var actorSlices: Range<Int> {
    let first = trunk?.layout.slices.count ?? 0
    return first..<(first + actor.layout.slices.count)
  }

  /// The place of the critic's first slice among its own, or behind those of the actor.
  var criticSlices: Range<Int> {
    let first = trunk == nil ? 0 : actorSlices.upperBound
    return first..<(first + critic.layout.slices.count)
  }

  /// Fresh parameters of the actor. Agent a draws from stream index 2 a, the critic from index 1.
  func initialActor(seed: UInt64) -> Parameters {
    if !isPerAgent { return initialActor(RandomStream(seed: seed, purpose: .initialization)) }
    return Parameters(stacking: (0..<agents).map { initialActor(RandomStream(seed: seed, purpose: .initialization, index: 2 * $0)) })
  }

  private func initialActor(_ stream: RandomStream) -> Parameters {
    let gains = configuration.gains
    var parameters = Parameters(actorLayout)
    Initializer.orthogonal(gain: 1).fill(&parameters, from: stream)
    // The last layers have weights and a bias each.
    let slices = actorLayout.slices
    let policyLayer = actorSlices.upperBound - 2
    let valueLayer = trunk == nil ? -1 : criticSlices.upperBound - 2
    for (index, slice) in slices.enumerated() where slice.role == .weights {
      let gain = index == policyLayer ? gains.policy : index == valueLayer ? gains.value : gains.hidden
      for i in slice.offset..<(slice.offset + slice.shape.count) { parameters.values[i] *= gain }
    }
    if head.deviations > 0 {
      // ln σ: the vector of its own, or the last biases of the policy's output.
      let slice = head.isStateDependent ? slices[policyLayer + 1] : slices[slices.count - 1]
      let last = slice.offset + slice.shape.count
      for i in (last - head.deviations)..<last { parameters.values[i] = configuration.initialLogDeviation }
    }
    return parameters
  }

  /// Fresh parameters of the critic; none with a trunk.
  func initialCritic(seed: UInt64) -> Parameters {
    if trunk != nil { return Parameters(Layout()) }
    let gains = configuration.gains
    var parameters = Parameters(critic.layout)
    Initializer.orthogonal(gain: 1).fill(&parameters, from: RandomStream(seed: seed, purpose: .initialization, index: 1))
    for (index, slice) in critic.layout.slices.enumerated() where slice.role == .weights {
      let gain = index == critic.layout.slices.count - 2 ? gains.value : gains.hidden
      for i in slice.offset..<(slice.offset + slice.shape.count) { parameters.values[i] *= gain }
    }
    return parameters
  }

  /// The outputs of the actor and the free ln σ of each row, on a tape; with a trunk also the values.
  ///
  /// - Parameter observations: Agent by agent. `[A · B, D]`
  /// - Returns: `[A · B, outputs]`; ln σ as a row or `[A · B, deviations]`, nil if it depends on the state; `[B, 1]`
  func act(_ observations: Variable, _ parameters: PlacedParameters) -> (output: Variable, logDeviation: Variable?, value: Variable?) {
    let last = actorLayout.slices.count - 1
    if isPerAgent {
      let rows = observations.shape[0]
      let share = rows / agents
      let output = actor(observations.reshaped(.matrices(agents, share, observationSize)), parameters[actorSlices])
      guard head.freeDeviations > 0 else { return (output.reshaped(.matrix(rows, actor.outputs)), nil, nil) }
      let spread = parameters[last].reshaped(.matrices(agents, 1, head.freeDeviations)).broadcast(to: .matrices(agents, share, head.freeDeviations))
      return (output.reshaped(.matrix(rows, actor.outputs)), spread.reshaped(.matrix(rows, head.freeDeviations)), nil)
    }
    let logDeviation = head.freeDeviations > 0 ? parameters[last] : nil
    guard let trunk else { return (actor(observations, parameters[actorSlices]), logDeviation, nil) }
    let hidden = trunk(observations, parameters[0..<actorSlices.lowerBound])
    return (actor(hidden, parameters[actorSlices]), logDeviation, critic(hidden, parameters[criticSlices]))
  }

  /// Floating-point operations of the matrix products of one row: when acting, when valuing, and in one step of learning.
  ///
  /// Learning takes a forward pass, the gradient of weights, and that of hidden values, which the layers that see observations do not need.
  var productsPerRow: (acting: Double, valuing: Double, learning: Double) {
    func products(_ network: Network?) -> Double {
      var sum = 0.0
      for slice in network?.layout.slices ?? [] where slice.role == .weights { sum += 2 * Double(slice.shape.count) }
      return sum
    }
    let (shared, policy, value) = (products(trunk), products(actor), products(critic))
    func first(_ network: Network) -> Double { 2 * Double(network.layout.slices[0].shape.count) }
    let free = trunk.map(first) ?? first(actor) + first(critic)
    return (shared + policy, shared + value, 3 * (shared + policy + value) - free)
  }
}
