import Channels
import Tensor

/// The best fixed allocation that coordinate ascent finds on the mean sum of rewards: it knows the drop but never the state.
///
/// A local optimum, and no upper bound: a policy that uses the state may exceed it.
public struct D2DOracle: Hashable, Sendable {
  /// The block of each pair. `[N]`
  public let allocation: [Int32]
  /// Its mean sum of rewards over the fading draws that it was found with.
  public let meanReward: Double

  /// The stream of the oracle's own fading draws.
  static let purpose = RandomPurpose(rawValue: 1001)

  /// Searches: every sweep moves each pair in turn to the block that gives most; ties keep the present block.
  ///
  /// A move changes two blocks only, so a candidate costs one evaluation of a block's pairs over all draws.
  ///
  /// - Parameters:
  ///   - drop: The positions.
  ///   - seed: Of the fading draws, apart from those of every environment. Correlated fading counts as Rayleigh, which is its law in one slot.
  ///   - draws: Fading draws.
  ///   - sweeps: Passes over all pairs.
  /// - Complexity: O(sweeps · draws · (N K + N²/K)) link evaluations.
  public init(_ parameters: D2DParameters, drop: D2DDrop, seed: UInt64, draws: Int = 64, sweeps: Int = 3) {
    precondition(draws > 0 && sweeps >= 0, "D2DOracle: needs draws and sweeps, got \(draws) and \(sweeps)")
    let blocks = parameters.resourceBlocks
    var search = BlockRewards(parameters, drop: drop, seed: seed, draws: parameters.fading == .none ? 1 : draws)
    var members = (0..<blocks).map { block in (0..<parameters.pairs).filter { $0 % blocks == block } }
    var allocation = (0..<parameters.pairs).map { Int32($0 % blocks) }
    var rewards = members.indices.map { search.reward(of: members[$0], on: $0) }
    for _ in 0..<sweeps {
      for pair in 0..<parameters.pairs {
        let present = Int(allocation[pair])
        let without = members[present].filter { $0 != pair }
        let left = search.reward(of: without, on: present)
        var best = present
        var bestGain = rewards[present] - left
        var bestReward = rewards[present]
        for block in 0..<blocks where block != present {
          let reward = search.reward(of: members[block] + [pair], on: block)
          if reward - rewards[block] > bestGain {
            bestGain = reward - rewards[block]
            best = block
            bestReward = reward
          }
        }
        guard best != present else { continue }
        members[present] = without
        rewards[present] = left
        members[best].append(pair)
        rewards[best] = bestReward
        allocation[pair] = Int32(best)
      }
    }
    self.allocation = allocation
    meanReward = rewards.reduce(0, +)
  }
}

/// The mean reward of the pairs on one block over a set of fading draws.
private struct BlockRewards {
  let links: D2DLinks
  let draws: Int
  /// Received powers, draw after draw for each link, so that loops over draws are contiguous. `[links, draws]`
  let powers: [Float]
  var atUser: [Float]
  var atReceiver: [Float]
  var signal: [Float]
  var sinr: [Float]
  var rates: [Float]
  var allowed: [Bool]

  init(_ parameters: D2DParameters, drop: D2DDrop, seed: UInt64, draws: Int) {
    links = D2DLinks(parameters)
    self.draws = draws
    let count = links.layout.count
    var fading = Array(repeating: Float(1), count: count)
    var powers = Array(repeating: Float(0), count: count * draws)
    for draw in 0..<draws {
      if parameters.fading != .none {
        FadingDraws.fillExponential(
          &fading, in: 0..<count, stream: RandomStream(seed: seed, purpose: D2DOracle.purpose), step: draw)
      }
      for link in 0..<count { powers[link * draws + draw] = drop.powers[link] * fading[link] }
    }
    self.powers = powers
    atUser = Array(repeating: 0, count: draws)
    atReceiver = atUser
    signal = atUser
    sinr = atUser
    rates = atUser
    allowed = Array(repeating: false, count: draws)
  }

  /// The sum of the mean rewards of `members` if they and nobody else use `block`.
  mutating func reward(of members: [Int], on block: Int) -> Double {
    let layout = links.layout
    for draw in 0..<draws { atUser[draw] = 0 }
    for n in members { BlockRewards.add(powers, row: layout.transmitter(n, toCellular: block), to: &atUser) }
    BlockRewards.copy(powers, row: layout.base(toCellular: block), to: &signal)
    LinkQuality.sinr(signal: signal, interference: atUser, noise: links.noiseWatts, into: &sinr)
    for draw in 0..<draws { allowed[draw] = sinr[draw] >= links.cellularThreshold }

    var sum = 0.0
    for n in members {
      for draw in 0..<draws { atReceiver[draw] = 0 }
      if links.baseInterference { BlockRewards.add(powers, row: layout.base(toReceiver: n), to: &atReceiver) }
      for i in members where i != n { BlockRewards.add(powers, row: layout.transmitter(i, toReceiver: n), to: &atReceiver) }
      BlockRewards.copy(powers, row: layout.transmitter(n, toReceiver: n), to: &signal)
      LinkQuality.sinr(signal: signal, interference: atReceiver, noise: links.noiseWatts, into: &sinr)
      LinkQuality.spectralEfficiency(sinr: sinr, into: &rates)
      for draw in 0..<draws { sum += Double(allowed[draw] ? rates[draw] : links.negativeReward) }
    }
    return sum / Double(draws)
  }

  private static func add(_ powers: [Float], row: Int, to sums: inout [Float]) {
    let powers = powers.span
    var sums = sums.mutableSpan
    let begin = row * sums.count
    for draw in sums.indices { sums[draw] += powers[begin + draw] }
  }

  private static func copy(_ powers: [Float], row: Int, to values: inout [Float]) {
    let powers = powers.span
    var values = values.mutableSpan
    let begin = row * values.count
    for draw in values.indices { values[draw] = powers[begin + draw] }
  }
}
