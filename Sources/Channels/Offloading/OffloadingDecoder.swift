import Tensor

/// Turns the agents' numbers into decisions. Keeps memory of its own, so that decoding allocates nothing.
///
/// A user offloads if its part is above zero and a channel is free: with more users than channels, those that find none compute locally
/// and disturb nobody.
public struct OffloadingDecoder: Sendable {
  public let actions: OffloadingActions
  /// M, N, K
  public let cells: Int
  public let users: Int
  public let channels: Int
  private let exists: [Bool]
  private let greatestPowers: [Double]
  private var isTaken: [Bool]
  /// The users of a cell that want to offload, their scores and their channels.
  private var willing: [Int32]
  private var scores: [Float]
  private var chosen: [Int32]
  private var assignment: Assignment
  private var weights: [Double]

  public init(_ actions: OffloadingActions, _ equations: OffloadingEquations) {
    self.actions = actions
    cells = equations.cells
    users = equations.users
    channels = equations.channels
    exists = equations.exists
    greatestPowers = equations.greatestPowers
    isTaken = Array(repeating: false, count: channels)
    willing = Array(repeating: 0, count: users)
    chosen = willing
    scores = Array(repeating: 0, count: actions.channelMap == .score && actions.resolution == .hungarian ? users * channels : 0)
    assignment = Assignment(rows: users, columns: channels)
    weights = Array(repeating: 0, count: users)
  }

  /// Numbers of an agent.
  public var size: Int { actions.size(users: users, channels: channels) }

  /// Decodes the numbers of one copy. Numbers outside 0...1 are cut to it; what is no number counts as zero.
  ///
  /// - Parameters:
  ///   - values: `[E, M, size]`
  ///   - copy: Which of the E.
  ///   - decision: Every part of it is written.
  /// - Complexity: O(M N K), or O(M N² K) where a Hungarian assignment is made.
  public mutating func decode(_ values: [Float], copy: Int = 0, into decision: inout OffloadingDecision) {
    precondition(
      values.count >= (copy + 1) * cells * size && decision.channels.count == cells * users,
      "OffloadingDecoder: copy \(copy) of \(cells) agents needs \(size) numbers each, got \(values.count); \(decision.channels.count) decisions")
    for cell in 0..<cells {
      let first = (copy * cells + cell) * size
      for user in 0..<users {
        let place = cell * users + user
        let x = OffloadingDecoder.cut(values[first + user])
        decision.offloaded[place] = !exists[place] ? 0 : actions.partMap == .plain ? x : min(max(1.2 * x - 0.1, 0), 1)
      }
      if actions.channelMap == .scalar {
        takeWished(values, first + users, cell, &decision)
      } else if actions.resolution == .sequential {
        takeBest(values, first + users, cell, &decision)
      } else {
        assign(values, first + users, cell, &decision)
      }
      let powers = first + size - 2 * users
      for user in 0..<users {
        let place = cell * users + user
        if decision.channels[place] < 0 {
          decision.keepLocal(place)
        } else {
          decision.powers[place] = OffloadingDecoder.cut(values[powers + user]) * greatestPowers[place]
        }
      }
      share(values, powers + users, cell, &decision)
    }
  }

  /// x cut to 0...1; zero for what is no number.
  @inline(__always)
  private static func cut(_ x: Float) -> Double { x > 0 ? Double(min(x, 1)) : 0 }

  private mutating func takeWished(_ values: [Float], _ first: Int, _ cell: Int, _ decision: inout OffloadingDecision) {
    for channel in 0..<channels { isTaken[channel] = false }
    var free = channels
    for user in 0..<users {
      let place = cell * users + user
      decision.channels[place] = -1
      if !(decision.offloaded[place] > 0) || free == 0 { continue }
      var channel = min(Int(OffloadingDecoder.cut(values[first + user]) * Double(channels)), channels - 1)
      while isTaken[channel] { channel = channel + 1 == channels ? 0 : channel + 1 }
      isTaken[channel] = true
      free -= 1
      decision.channels[place] = Int32(channel)
    }
  }

  private mutating func takeBest(_ values: [Float], _ first: Int, _ cell: Int, _ decision: inout OffloadingDecision) {
    for channel in 0..<channels { isTaken[channel] = false }
    for user in 0..<users {
      let place = cell * users + user
      decision.channels[place] = -1
      if !(decision.offloaded[place] > 0) { continue }
      var best = -1
      var score = -1.0
      for channel in 0..<channels where !isTaken[channel] {
        let candidate = OffloadingDecoder.cut(values[first + user * channels + channel])
        if candidate > score { (best, score) = (channel, candidate) }
      }
      if best < 0 { continue }
      isTaken[best] = true
      decision.channels[place] = Int32(best)
    }
  }

  private mutating func assign(_ values: [Float], _ first: Int, _ cell: Int, _ decision: inout OffloadingDecision) {
    var count = 0
    for user in 0..<users {
      let place = cell * users + user
      decision.channels[place] = -1
      if !(decision.offloaded[place] > 0) { continue }
      willing[count] = Int32(place)
      for channel in 0..<channels {
        scores[count * channels + channel] = Float(OffloadingDecoder.cut(values[first + user * channels + channel]))
      }
      count += 1
    }
    assignment.maximize(scores, rows: count, columns: channels, into: &chosen)
    for row in 0..<count { decision.channels[Int(willing[row])] = chosen[row] }
  }

  /// Shares among the users of a cell that have a channel.
  private mutating func share(_ values: [Float], _ first: Int, _ cell: Int, _ decision: inout OffloadingDecision) {
    var sum = 0.0
    for user in 0..<users where decision.channels[cell * users + user] >= 0 {
      let x = OffloadingDecoder.cut(values[first + user])
      let weight = actions.shareMap == .softmax ? Math.exp(actions.shareScale * (x - 0.5)) : max(x, 1e-6)
      weights[user] = weight
      sum += weight
    }
    if actions.shareMap == .given { sum = max(sum, 1) }
    for user in 0..<users where decision.channels[cell * users + user] >= 0 { decision.shares[cell * users + user] = weights[user] / sum }
  }
}
