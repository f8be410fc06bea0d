import Tensor

/// Every agent takes the largest output of a network of its own: the execution of a trained discrete policy.
public struct GreedyPolicy: Policy {
  public let network: Network
  /// One set of parameters an agent.
  public private(set) var parameters: [Parameters]
  private var memory: ActingMemory

  /// - Parameter copies: E, the copies that act together.
  public init(network: Network, parameters: [Parameters], copies: Int) {
    self.network = network
    self.parameters = parameters
    memory = ActingMemory(copies: copies, observationSize: network.inputs, choices: network.outputs)
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    let agents = parameters.count
    for agent in 0..<agents {
      memory.gather(observations, agent: agent, agents: agents)
      memory.evaluate(network, parameters[agent])
      for copy in 0..<memory.copies {
        actions.choices[copy * agents + agent] = largest(memory.logits, copy * network.outputs, network.outputs)
      }
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    for index in parameters.indices { try archive.tensor("agent\(index)", &parameters[index].values) }
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

  /// Collects the observations of one agent. `[E, A, D]` to `[E, D]`
  mutating func gather(_ observations: [Float], agent: Int, agents: Int) {
    for copy in 0..<copies {
      for i in 0..<observationSize { input[copy * observationSize + i] = observations[(copy * agents + agent) * observationSize + i] }
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
