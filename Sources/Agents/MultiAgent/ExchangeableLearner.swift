import Tensor

/// A network that clients of a federation can exchange: its name and where its arrays lie.
public struct ExchangeableNetwork: Hashable, Sendable {
  /// "actor", "critic".
  public let name: String
  public let layout: Layout

  public init(_ name: String, _ layout: Layout) {
    self.name = name
    self.layout = layout
  }
}

/// A learner that holds the networks of several clients, all of one architecture, and lets others read and replace them.
///
/// A client is an agent with networks, optimisers and experience of its own. Target networks do not travel: they follow their networks.
public protocol ExchangeableLearner: Learner {
  /// The number of clients.
  var clients: Int { get }

  /// The networks of each client, always in this order.
  var exchangeableNetworks: [ExchangeableNetwork] { get }

  /// Transitions of one minibatch of a client.
  func batchSize(of client: Int) -> Int

  /// Transitions that a client can learn from at present.
  func sampleCount(of client: Int) -> Int

  /// Writes the parameters of a client's network. `[layout.count]`
  func copyParameters(of network: Int, client: Int, into values: inout [Float])

  /// Replaces the parameters of a client's network; target and optimiser stay. `[layout.count]`
  mutating func setParameters(of network: Int, client: Int, to values: [Float])

  /// Writes both moments of the optimiser of a client's network, the second never negative. `[2, layout.count]`
  func copyMoments(of network: Int, client: Int, into values: inout [Float])

  /// Replaces both moments; the optimiser's number of steps stays. `[2, layout.count]`
  mutating func setMoments(of network: Int, client: Int, to values: [Float])

  /// A client takes networks and targets of another learner's client; its optimisers stay as they are.
  mutating func start(_ client: Int, like source: Int, of other: Self)
}

extension Parameters {
  /// Writes all numbers into an array of as many.
  func copy(into array: inout [Float]) {
    precondition(array.count == count, "Parameters.copy: room for \(array.count) of \(count) numbers")
    let span = values.span
    for i in 0..<count { array[i] = span[i] }
  }

  /// Takes all numbers from an array of as many.
  mutating func set(to array: [Float]) {
    precondition(array.count == count, "Parameters.set: \(array.count) numbers for \(count)")
    let count = count
    var span = values.mutableSpan
    for i in 0..<count { span[i] = array[i] }
  }
}
