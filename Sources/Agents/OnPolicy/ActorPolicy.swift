import Tensor

/// An actor that no longer learns: it takes the most probable choices and the means of their numbers, or draws from its distribution.
public struct ActorPolicy: Policy {
  let networks: ActorCriticNetworks
  /// Names the random numbers of a policy that draws; nil for one without noise.
  let seed: UInt64?
  let copies: Int
  public private(set) var parameters: Parameters
  private var outputs: ActorOutputs
  private var unbounded: [Float]
  private var logProbabilities: [Float]

  init(_ networks: ActorCriticNetworks, _ parameters: Parameters, copies: Int, seed: UInt64? = nil) {
    self.networks = networks
    self.parameters = parameters
    self.seed = seed
    self.copies = copies
    outputs = ActorOutputs(networks, copies: copies)
    unbounded = Array(repeating: 0, count: copies * networks.agents * networks.head.dimensions)
    logProbabilities = Array(repeating: 0, count: copies * networks.agents)
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    outputs.evaluate(observations, networks, parameters)
    let head = networks.head
    let stream = seed.map { RandomStream(seed: $0, purpose: .exploration) }
    Self.decide(outputs.rows, head, stream, step: step, &actions.choices, &unbounded, &logProbabilities)
    head.bound(unbounded, into: &actions.values)
  }

  // The parts of `self` as arguments of their own: accesses that overlap by name alone.
  private static func decide(
    _ rows: [Float], _ head: ActionHead, _ stream: RandomStream?, step: Int, _ choices: inout [Int32], _ values: inout [Float],
    _ logProbabilities: inout [Float]
  ) {
    var choices = choices.mutableSpan
    var values = values.mutableSpan
    var logProbabilities = logProbabilities.mutableSpan
    if let stream {
      head.layout.sample(
        output: rows.span, from: stream, step: step, choices: &choices, values: &values, logProbabilities: &logProbabilities)
    } else {
      head.layout.mode(output: rows.span, choices: &choices, values: &values)
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) { try archive.tensor("actor", &parameters.values) }
}

/// The memory with which an actor evaluates the observations of all copies.
struct ActorOutputs: Sendable {
  /// What the distributions of the actions are made of, in the order of the observations. `[E, A, width]`
  private(set) var rows: [Float]
  private let copies: Int
  private var input: [Float]
  private var hidden: [Float]
  private var output: [Float]
  private var workspace = Workspace()

  init(_ networks: ActorCriticNetworks, copies: Int) {
    self.copies = copies
    let count = copies * networks.agents
    rows = Array(repeating: 0, count: count * networks.head.layout.width)
    input = Array(repeating: 0, count: networks.isPerAgent ? count * networks.observationSize : 0)
    hidden = Array(repeating: 0, count: count * (networks.trunk?.outputs ?? 0))
    // Outputs that already are what is needed go straight to their place.
    output = Array(repeating: 0, count: Self.isWhole(networks) ? 0 : count * networks.actor.outputs)
  }

  private static func isWhole(_ networks: ActorCriticNetworks) -> Bool { !networks.isPerAgent && networks.head.freeDeviations == 0 }

  /// - Parameter observations: `[E, A, D]`
  mutating func evaluate(_ observations: [Float], _ networks: ActorCriticNetworks, _ parameters: Parameters) {
    let count = copies * networks.agents
    precondition(
      observations.count == count * networks.observationSize,
      "ActorOutputs: \(observations.count) observations for \(count) rows of \(networks.observationSize)")
    let isWhole = Self.isWhole(networks)
    if networks.isPerAgent {
      Self.gather(observations, agents: networks.agents, size: networks.observationSize, into: &input)
      Self.evaluate(networks.actor, parameters, 0, rows: count, input, into: &output, &workspace)
    } else if let trunk = networks.trunk {
      Self.evaluate(trunk, parameters, 0, rows: count, observations, into: &hidden, &workspace)
      if isWhole {
        Self.evaluate(networks.actor, parameters, networks.actorSlices.lowerBound, rows: count, hidden, into: &rows, &workspace)
      } else {
        Self.evaluate(networks.actor, parameters, networks.actorSlices.lowerBound, rows: count, hidden, into: &output, &workspace)
      }
    } else if isWhole {
      Self.evaluate(networks.actor, parameters, 0, rows: count, observations, into: &rows, &workspace)
    } else {
      Self.evaluate(networks.actor, parameters, 0, rows: count, observations, into: &output, &workspace)
    }
    if !isWhole { Self.assemble(output, networks, parameters, into: &rows) }
  }

  // The parts of `self` as arguments of their own: accesses that overlap by name alone.
  private static func evaluate(
    _ network: Network, _ parameters: Parameters, _ firstSlice: Int, rows: Int, _ input: [Float], into target: inout [Float],
    _ workspace: inout Workspace
  ) {
    var output = target.mutableSpan
    network.evaluate(input.span, rows: rows, parameters, firstSlice: firstSlice, into: &output, workspace: &workspace)
  }

  /// `[E, A, D]` to `[A, E, D]`
  private static func gather(_ observations: [Float], agents: Int, size: Int, into input: inout [Float]) {
    let source = observations.span
    let copies = source.count / (agents * size)
    var target = input.mutableSpan
    for copy in 0..<copies {
      for agent in 0..<agents {
        for i in 0..<size { target[(agent * copies + copy) * size + i] = source[(copy * agents + agent) * size + i] }
      }
    }
  }

  /// The policy's part of the network's outputs with ln σ behind it, in the order of the observations.
  private static func assemble(_ output: [Float], _ networks: ActorCriticNetworks, _ parameters: Parameters, into rows: inout [Float]) {
    let (agents, free) = (networks.agents, networks.head.freeDeviations)
    let (from, width, used) = (networks.actor.outputs, networks.head.layout.width, networks.head.outputs)
    let isPerAgent = networks.isPerAgent
    let deviations = parameters.count - free * (isPerAgent ? agents : 1)
    let numbers = parameters.values.span
    let source = output.span
    var target = rows.mutableSpan
    let count = target.count / width
    for row in 0..<count {
      let (copy, agent) = isPerAgent ? (row / agents, row % agents) : (row, 0)
      let place = isPerAgent ? agent * (count / agents) + copy : row
      for i in 0..<used { target[row * width + i] = source[place * from + i] }
      for i in 0..<free { target[row * width + used + i] = numbers[deviations + agent * free + i] }
    }
  }
}
