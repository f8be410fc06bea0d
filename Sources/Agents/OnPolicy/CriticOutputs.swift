import Tensor

/// The memory with which a critic values joint observations, some hundred rows at a time so that what lies between its layers stays in the cache.
struct CriticOutputs: Sendable {
  private static let chunk = 256
  /// What the critic sees of a chunk of rows, where that is not what lies in the observations.
  private var seen: [Float]
  /// The outputs of a trunk.
  private var hidden: [Float]
  private var workspace = Workspace()

  init(_ networks: ActorCriticNetworks) {
    let rows = max(Self.chunk, networks.agents)
    seen = Array(repeating: 0, count: networks.view == .own ? 0 : rows * networks.criticInputs)
    hidden = Array(repeating: 0, count: rows * (networks.trunk?.outputs ?? 0))
  }

  /// One value for each agent. `[J, A, D]` to `[J, A]`
  ///
  /// - Parameters:
  ///   - observations: At least J · A · D numbers, of which the first are taken.
  ///   - jointSteps: J.
  ///   - values: Receives the first J · A.
  mutating func evaluate(_ observations: [Float], jointSteps: Int, _ model: OnPolicyModel, into values: inout [Float]) {
    let share = max(Self.chunk / model.networks.agents, 1)
    var first = 0
    while first < jointSteps {
      let range = first..<min(first + share, jointSteps)
      Self.evaluate(observations, range, model, into: &values, &seen, &hidden, &workspace)
      first = range.upperBound
    }
  }

  // The parts of `self` as arguments of their own: accesses that overlap by name alone.
  private static func evaluate(
    _ observations: [Float], _ range: Range<Int>, _ model: OnPolicyModel, into values: inout [Float], _ seen: inout [Float],
    _ hidden: inout [Float], _ workspace: inout Workspace
  ) {
    let networks = model.networks
    let (agents, size) = (networks.agents, networks.observationSize)
    let rows = range.count * agents
    let source = observations.span.extracting(range.lowerBound * agents * size..<range.upperBound * agents * size)
    var all = values.mutableSpan
    var mine = all._mutatingExtracting(range.lowerBound * agents..<range.upperBound * agents)
    let critic = networks.critic
    if let trunk = networks.trunk {
      var whole = hidden.mutableSpan
      var output = whole._mutatingExtracting(0..<rows * trunk.outputs)
      trunk.evaluate(source, rows: rows, model.actor, into: &output, workspace: &workspace)
      critic.evaluate(
        hidden.span.extracting(0..<rows * trunk.outputs), rows: rows, model.actor, firstSlice: networks.criticSlices.lowerBound, into: &mine,
        workspace: &workspace)
      return
    }
    guard case .joint(let withIndex) = networks.view else {
      critic.evaluate(source, rows: rows, model.critic, into: &mine, workspace: &workspace)
      return
    }
    let whole = agents * size
    var joined = seen.mutableSpan
    for row in 0..<rows {
      let (step, agent, start) = (row / agents, row % agents, row * critic.inputs)
      for i in 0..<whole { joined[start + i] = source[step * whole + i] }
      if withIndex { for other in 0..<agents { joined[start + whole + other] = other == agent ? 1 : 0 } }
    }
    critic.evaluate(seen.span.extracting(0..<rows * critic.inputs), rows: rows, model.critic, into: &mine, workspace: &workspace)
  }
}
