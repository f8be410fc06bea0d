import Agents
import Tensor

/// Whether the moments of optimisers travel with the parameters that they belong to.
public enum MomentExchange: String, Sendable, CaseIterable {
  /// They stay with each client.
  case local
  /// They are averaged as the parameters are; the optimisers' numbers of steps stay.
  case averaged
}

/// Where the numbers of a message come from and go to.
///
/// A message has the exchanged parameters of all networks, in their order; where moments travel, behind them the means of all gradients and behind
/// these the mean squares: `[N]` or `[3, N]`.
public struct ExchangePlan: Sendable {
  public let networks: [ExchangeableNetwork]
  public let moments: MomentExchange
  /// Places in each network's flat vector.
  public let ranges: [[Range<Int>]]
  /// Exchanged parameters: N.
  public let count: Int
  /// Tells messages of this plan from those of others: equal for equal names, shapes and places.
  public let fingerprint: UInt64

  /// - Precondition: The part fits the networks (`ExchangedPart.objection`).
  public init(_ part: ExchangedPart, of networks: [ExchangeableNetwork], moments: MomentExchange = .local) {
    if let objection = part.objection(to: networks) { preconditionFailure("ExchangePlan: \(objection)") }
    (self.networks, self.moments) = (networks, moments)
    ranges = networks.map { part.ranges(of: $0) }
    count = ranges.joined().reduce(0) { $0 + $1.count }
    // FNV-1a (Fowler, Noll and Vo) over the texts of all exchanged slices.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var texts = [moments.rawValue]
    for network in networks {
      for slice in network.layout.slices where part.includes(slice, of: network) { texts.append("\(network.name).\(slice.name) \(slice.shape)") }
    }
    for text in texts {
      for byte in text.utf8 + [0] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    fingerprint = hash
  }

  /// Numbers of a message: N, or 3 N where moments travel.
  public var messageCount: Int { moments == .averaged ? 3 * count : count }

  /// Bytes of a message: the header, 4 for each parameter, and 8 more for each where moments travel.
  public var messageBytes: Int { Contribution.byteCount(numbers: messageCount) }

  /// The mean squares among the numbers of a message.
  public var meanSquares: Range<Int> { moments == .averaged ? (2 * count)..<(3 * count) : 0..<0 }

  /// What a client sends. `[messageCount]`
  public func message(from client: Int, of learner: some ExchangeableLearner) -> [Float] {
    var message = [Float](repeating: 0, count: messageCount)
    var start = 0
    for (index, network) in networks.enumerated() where !ranges[index].isEmpty {
      let size = network.layout.count
      var flat = [Float](repeating: 0, count: size)
      learner.copyParameters(of: index, client: client, into: &flat)
      gather(flat, from: 0, index, into: &message, at: start)
      if moments == .averaged {
        var both = [Float](repeating: 0, count: 2 * size)
        learner.copyMoments(of: index, client: client, into: &both)
        gather(both, from: 0, index, into: &message, at: count + start)
        gather(both, from: size, index, into: &message, at: 2 * count + start)
      }
      start += length(index)
    }
    return message
  }

  /// Gives a mean to a client; what is not exchanged stays as it is. `[messageCount]`
  public func install(_ message: [Float], in client: Int, of learner: inout some ExchangeableLearner) {
    precondition(message.count == messageCount, "ExchangePlan.install: \(message.count) numbers for \(messageCount)")
    var start = 0
    for (index, network) in networks.enumerated() where !ranges[index].isEmpty {
      let size = network.layout.count
      var flat = [Float](repeating: 0, count: size)
      learner.copyParameters(of: index, client: client, into: &flat)
      scatter(message, at: start, index, into: &flat, from: 0)
      learner.setParameters(of: index, client: client, to: flat)
      if moments == .averaged {
        var both = [Float](repeating: 0, count: 2 * size)
        learner.copyMoments(of: index, client: client, into: &both)
        scatter(message, at: count + start, index, into: &both, from: 0)
        scatter(message, at: 2 * count + start, index, into: &both, from: size)
        learner.setMoments(of: index, client: client, to: both)
      }
      start += length(index)
    }
  }

  private func length(_ network: Int) -> Int { ranges[network].reduce(0) { $0 + $1.count } }

  private func gather(_ flat: [Float], from base: Int, _ network: Int, into message: inout [Float], at start: Int) {
    var place = start
    for range in ranges[network] {
      for i in range {
        message[place] = flat[base + i]
        place += 1
      }
    }
  }

  private func scatter(_ message: [Float], at start: Int, _ network: Int, into flat: inout [Float], from base: Int) {
    var place = start
    for range in ranges[network] {
      for i in range {
        flat[base + i] = message[place]
        place += 1
      }
    }
  }
}
