import Tensor

/// What MATD3 does beyond MADDPG.
struct TwinRefinements: Sendable {
  /// σ of the noise on continuous target actions, in units of half their range.
  var smoothingDeviation: Float
  /// Where that noise is cut.
  var smoothingBound: Float
  /// Critic updates for each update of actors and targets.
  var policyDelay: Int
}

/// The shape of one learner: its networks, and who sees and shares what. It never changes.
struct MADDPGSetup: Sendable {
  let configuration: MADDPGConfiguration
  let twins: TwinRefinements?
  let agents: Int
  let observationSize: Int
  let head: ActorHead
  let actor: Network
  let critic: JointCritic
  /// The agents whose observations and actions each agent's critic sees, its own first. `[A][G]`
  let groups: [[Int]]
  /// The agents that each set of networks serves.
  let served: [Range<Int>]

  init(
    _ configuration: MADDPGConfiguration, twins: TwinRefinements?, for specification: EnvironmentSpecification, proximity: [[Int]]?,
    named name: String
  ) {
    let agents = specification.agents
    precondition(
      configuration.updatesPerStep > 0 && configuration.updateInterval > 0 && configuration.batchSize > 0 && configuration.minimumTransitions > 0,
      "\(name): updatesPerStep, updateInterval, batchSize and minimumTransitions must be positive")
    precondition(twins == nil || twins!.policyDelay > 0, "\(name): the policyDelay must be positive")
    precondition(configuration.sharing == .shared || !configuration.criticSeesAgent, "\(name): only a shared critic can be told the agent")
    if configuration.neighbours == 0 {
      groups = (0..<agents).map { [$0] }
    } else if let neighbours = configuration.neighbours, neighbours < agents - 1 {
      guard let proximity else { preconditionFailure("\(name): a number of neighbours needs the order of proximity") }
      precondition(
        proximity.count == agents && proximity.indices.allSatisfy { proximity[$0].first == $0 && Set(proximity[$0]) == Set(0..<agents) },
        "\(name): the order of proximity must list all \(agents) agents for each, itself first")
      groups = proximity.map { Array($0.prefix(neighbours + 1)) }
    } else {
      groups = (0..<agents).map { agent in [agent] + (0..<agents).filter { $0 != agent } }
    }
    (self.configuration, self.twins, self.agents) = (configuration, twins, agents)
    observationSize = specification.observationSize
    head = ActorHead(specification.actions)
    precondition(
      configuration.estimator != .expected || head.isSingleChoice,
      "\(name): the expected gradient is that of a single choice, the action is \(specification.actions)")
    precondition(
      !configuration.criticTellsChoices || configuration.estimator == .expected,
      "\(name): a critic that tells all choices needs the expected gradient")
    served = configuration.sharing == .shared ? [0..<agents] : (0..<agents).map { $0..<($0 + 1) }
    actor = Network(widths: [observationSize] + configuration.actorWidths + [head.width])
    critic = JointCritic(
      members: groups[0].count, observationSize: observationSize, head: head, observationWidth: configuration.criticObservationWidth,
      widths: configuration.criticWidths, told: configuration.criticSeesAgent ? agents : 0, count: twins == nil ? 1 : 2,
      tellsChoices: configuration.criticTellsChoices)
  }

  /// The set of networks that serves an agent.
  func networks(of agent: Int) -> Int { served.count == 1 ? 0 : agent }

  /// Rows of an update: those of all agents that a set of networks serves.
  var rows: Int { configuration.batchSize * served[0].count }

  /// Floating-point operations of the matrix products in one update of all agents, the mean over updates where policies are delayed.
  ///
  /// Counted after the algebraic reductions: one-hot actions are no products, the critic's gradient does not go on to its inputs, and the
  /// actor's goes through the critic to the own action only, or not at all where it sees the values of all choices.
  var productsPerUpdate: Double {
    func chain(_ widths: [Int]) -> Double { zip(widths, widths.dropFirst()).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    let width = Double(configuration.criticWidths[0])
    // Products whose input needs no derivative, and the others.
    var input = Double(critic.members * head.numbers) * width
    var inner = chain(configuration.criticWidths + [critic.tellsChoices ? head.logits : 1])
    let deep = inner
    let seen = critic.members * observationSize
    if let observationWidth = configuration.criticObservationWidth {
      input += chain([seen, observationWidth])
      inner += Double(observationWidth) * width
    } else {
      input += Double(seen) * width
    }
    // Target, forward and weights' gradient over all layers; the gradient of hidden values over the inner ones.
    let criticStep = Double(critic.count) * (3 * (input + inner) + inner)
    let throughCritic =
      configuration.estimator == .expected
      ? input + inner + Double(critic.tellsChoices ? 0 : head.logits - 1) * deep
      : input + inner + deep + (Double(2 * head.logits) + Double(head.numbers)) * width
    let layers = [observationSize] + configuration.actorWidths + [head.width]
    let policy = chain(layers)
    let actorStep = throughCritic + 3 * policy - chain(Array(layers.prefix(2))) + (configuration.partnerActions == .current ? policy : 0)
    let perRow = criticStep + policy + actorStep / Double(twins?.policyDelay ?? 1)
    return 2 * Double(configuration.batchSize * agents) * perRow
  }
}
