import Agents
import Tensor

/// Clients whose networks move in a way that can be computed by hand: in every step, number p of network n of client c grows by
/// (c + 1)(1 + p + 100 n).
///
/// Moments are the parameters' negatives and squares where nobody has set them.
struct DriftingClients: ExchangeableLearner {
  static let actor: Layout = {
    var layout = Layout()
    layout.append("layer0.weights", [2, 2], fanIn: 2)
    layout.append("layer0.bias", [2], fanIn: 2)
    layout.append("layer1.weights", [2, 1], fanIn: 2)
    layout.append("layer1.bias", [1], fanIn: 2)
    return layout
  }()

  static let critic: Layout = {
    var layout = Layout()
    layout.append("hidden.weights", [3], fanIn: 1)
    layout.append("value.weights", [2], fanIn: 1)
    return layout
  }()

  static let sizes = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: .discrete(2))

  /// `[client][network][parameter]`
  var values: [[[Float]]]
  var moments: [[[Float]]]
  var updates = 0
  let clients: Int

  init(clients: Int, start: (Int) -> Float = { Float($0) }) {
    self.clients = clients
    values = (0..<clients).map { client in [Self.actor, Self.critic].map { Array(repeating: start(client), count: $0.count) } }
    moments = values.map { $0.map { $0.map { -$0 } + $0.map { $0 * $0 } } }
  }

  static func objection(to specification: EnvironmentSpecification) -> String? { nil }
  var exchangeableNetworks: [ExchangeableNetwork] { [ExchangeableNetwork("actor", Self.actor), ExchangeableNetwork("critic", Self.critic)] }
  func batchSize(of client: Int) -> Int { 10 * (client + 1) }
  func sampleCount(of client: Int) -> Int { 100 - client }

  func copyParameters(of network: Int, client: Int, into array: inout [Float]) { array = values[client][network] }
  mutating func setParameters(of network: Int, client: Int, to array: [Float]) { values[client][network] = array }
  func copyMoments(of network: Int, client: Int, into array: inout [Float]) { array = moments[client][network] }
  mutating func setMoments(of network: Int, client: Int, to array: [Float]) { moments[client][network] = array }
  mutating func start(_ client: Int, like source: Int, of other: DriftingClients) { values[client] = other.values[source] }

  mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {}
  mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {}

  mutating func learn() -> Bool {
    updates += 1
    for client in 0..<clients {
      for network in 0..<2 {
        for place in values[client][network].indices { values[client][network][place] += Self.drift(client, network, place) }
      }
    }
    return true
  }

  static func drift(_ client: Int, _ network: Int, _ place: Int) -> Float { Float((client + 1) * (1 + place + 100 * network)) }

  func greedy(copies: Int) -> FixedPolicy { FixedPolicy([0]) }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("updates", &updates)
    for client in 0..<clients {
      for network in 0..<2 {
        try archive.array("values\(client).\(network)", &values[client][network])
        try archive.array("moments\(client).\(network)", &moments[client][network])
      }
    }
  }
}

extension Learner {
  /// Steps of a learner that looks at nothing.
  mutating func advance(_ steps: Int) {
    let batch = StepBatch(for: DriftingClients.sizes)
    for _ in 0..<steps {
      observe([], ActionBatch(for: DriftingClients.sizes), batch)
      _ = learn()
    }
  }
}
