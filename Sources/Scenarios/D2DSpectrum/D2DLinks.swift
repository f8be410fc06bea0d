import Channels

/// Where the links of one copy lie in an array: their received powers, or their fading.
///
/// In this order: base station to cellular user m `[K]`, base station to receiver n `[N]`, base station to transmitter n
/// `[N]`, transmitter i to cellular user m `[N, K]`, transmitter i to receiver n `[N, N]`. The diagonal of the last is the
/// pairs' own links.
public struct D2DLayout: Hashable, Sendable {
  public let pairs: Int
  public let blocks: Int

  public init(pairs: Int, blocks: Int) {
    self.pairs = pairs
    self.blocks = blocks
  }

  public var baseToReceivers: Int { blocks }
  public var baseToTransmitters: Int { blocks + pairs }
  public var pairsToCellular: Int { blocks + 2 * pairs }
  public var pairsToReceivers: Int { blocks + 2 * pairs + pairs * blocks }
  public var count: Int { blocks + 2 * pairs + pairs * blocks + pairs * pairs }

  /// Base station to cellular user.
  public func base(toCellular user: Int) -> Int { user }
  /// Base station to the receiver of a pair.
  public func base(toReceiver pair: Int) -> Int { baseToReceivers + pair }
  /// Base station to the transmitter of a pair.
  public func base(toTransmitter pair: Int) -> Int { baseToTransmitters + pair }
  /// The transmitter of a pair to a cellular user.
  public func transmitter(_ pair: Int, toCellular user: Int) -> Int { pairsToCellular + pair * blocks + user }
  /// The transmitter of pair `i` to the receiver of pair `n`.
  public func transmitter(_ i: Int, toReceiver n: Int) -> Int { pairsToReceivers + i * pairs + n }
}

/// What an allocation gives to everybody in one slot.
public struct D2DOutcome: Hashable, Sendable {
  /// SINR of the cellular users (eq. 1), linear. `[K]`
  public var cellularSINR: [Float]
  /// Their rates (eq. 3 without the bandwidth), bit/s/Hz. `[K]`
  public var cellularRates: [Float]
  /// SINR of the pairs (eq. 2), linear. `[N]`
  public var pairSINR: [Float]
  /// Their rates (eq. 4 without the bandwidth), bit/s/Hz. `[N]`
  public var pairRates: [Float]
  /// Power of the base station and of other pairs on a pair's block at its receiver, without noise, in watts. `[N]`
  public var interference: [Float]
  /// The rewards (eqs. 5-7). `[N]`
  public var rewards: [Float]
  /// Blocks that at least one pair uses.
  public var blocksUsed = 0

  var cellularSignal: [Float]
  var cellularInterference: [Float]
  var signal: [Float]
  /// Pairs in order of their block, and where each block's begin.
  var members: [Int32]
  var starts: [Int32]

  public init(pairs: Int, blocks: Int) {
    cellularSINR = Array(repeating: 0, count: blocks)
    cellularRates = cellularSINR
    cellularSignal = cellularSINR
    cellularInterference = cellularSINR
    pairSINR = Array(repeating: 0, count: pairs)
    pairRates = pairSINR
    interference = pairSINR
    rewards = pairSINR
    signal = pairSINR
    members = Array(repeating: 0, count: pairs)
    starts = Array(repeating: 0, count: blocks + 1)
  }
}

/// The link equations of the paper: received powers and an allocation in; SINR, rates and rewards out.
public struct D2DLinks: Hashable, Sendable {
  public let layout: D2DLayout
  /// Noise power at every receiver.
  public var noiseWatts: Float
  /// Linear SINR below which a cellular link is in outage.
  public var cellularThreshold: Float
  /// Linear SINR below which a D2D link is in outage.
  public var pairThreshold: Float
  /// The reward of a pair whose block's cellular user is in outage.
  public var negativeReward: Float
  /// Whether the base station disturbs D2D receivers.
  public var baseInterference: Bool

  public init(
    layout: D2DLayout, noise: Watts, cellularThreshold: Decibels = Decibels(0), pairThreshold: Decibels = Decibels(0),
    negativeReward: Double = -1, baseInterference: Bool = true
  ) {
    self.layout = layout
    noiseWatts = Float(noise.value)
    self.cellularThreshold = Float(cellularThreshold.linear)
    self.pairThreshold = Float(pairThreshold.linear)
    self.negativeReward = Float(negativeReward)
    self.baseInterference = baseInterference
  }

  public init(_ parameters: D2DParameters) {
    self.init(
      layout: D2DLayout(pairs: parameters.pairs, blocks: parameters.resourceBlocks), noise: parameters.noise,
      cellularThreshold: Decibels(parameters.cellularThresholdDB), pairThreshold: Decibels(parameters.pairThresholdDB),
      negativeReward: parameters.negativeReward, baseInterference: parameters.baseInterference)
  }

  /// One slot of one copy.
  ///
  /// ξᶜ_k = P_b g_b,k / (Σ_{n∈D_k} P_d g_n,k + σ²) (eq. 1), ξᵈ_n = P_d g_n / (P_b g_b,n + Σ_{i∈D_k, i≠n} P_d g_i,n + σ²) (eq. 2),
  /// rates log₂(1 + ξ) (eqs. 3-4 without W), reward log₂(1 + ξᵈ_n) where the cellular user of the pair's own block is
  /// not in outage and the negative reward elsewhere (eqs. 5-7). Sums run over pairs in rising order.
  ///
  /// - Parameters:
  ///   - powers: Received powers in watts: transmit power times gain, in the order of ``D2DLayout``. `[E, links]`
  ///   - allocation: The block of each pair. `[E, N]`
  ///   - copy: Which of the E.
  ///   - outcome: Every part of it is written.
  /// - Precondition: Every block lies in 0..<K.
  /// - Complexity: O(N + Σ_k |D_k|²). Allocates nothing.
  public func evaluate(_ powers: [Float], allocation: [Int32], copy: Int = 0, into outcome: inout D2DOutcome) {
    let pairs = layout.pairs
    precondition(
      powers.count >= (copy + 1) * layout.count && allocation.count >= (copy + 1) * pairs,
      "D2DLinks: copy \(copy) needs \(layout.count) powers and \(pairs) blocks, got \(powers.count) and \(allocation.count) for all")
    outcome.blocksUsed = sort(allocation, copy: copy, starts: &outcome.starts, members: &outcome.members)
    collect(
      powers, copy: copy, starts: outcome.starts, members: outcome.members, cellular: &outcome.cellularInterference,
      interference: &outcome.interference)
    for k in 0..<layout.blocks { outcome.cellularSignal[k] = powers[copy * layout.count + k] }
    let own = copy * layout.count + layout.pairsToReceivers
    for n in 0..<pairs { outcome.signal[n] = powers[own + n * (pairs + 1)] }

    LinkQuality.sinr(
      signal: outcome.cellularSignal, interference: outcome.cellularInterference, noise: noiseWatts,
      into: &outcome.cellularSINR)
    LinkQuality.sinr(signal: outcome.signal, interference: outcome.interference, noise: noiseWatts, into: &outcome.pairSINR)
    LinkQuality.spectralEfficiency(sinr: outcome.cellularSINR, into: &outcome.cellularRates)
    LinkQuality.spectralEfficiency(sinr: outcome.pairSINR, into: &outcome.pairRates)
    for n in 0..<pairs {
      let allowed = outcome.cellularSINR[Int(allocation[copy * pairs + n])] >= cellularThreshold
      outcome.rewards[n] = allowed ? outcome.pairRates[n] : negativeReward
    }
  }

  /// Counting sort of the pairs by block, rising within a block. Returns the number of blocks in use.
  private func sort(_ allocation: [Int32], copy: Int, starts: inout [Int32], members: inout [Int32]) -> Int {
    let blocks = layout.blocks
    let first = copy * layout.pairs
    let allocation = allocation.span
    var starts = starts.mutableSpan
    var members = members.mutableSpan
    for k in starts.indices { starts[k] = 0 }
    for n in 0..<layout.pairs {
      let block = Int(allocation[first + n])
      precondition(block >= 0 && block < blocks, "D2DLinks: pair \(n) chose block \(block) of \(blocks)")
      starts[block] += 1
    }
    var used = 0
    var end: Int32 = 0
    for k in 0..<blocks {
      used += starts[k] > 0 ? 1 : 0
      end += starts[k]
      starts[k] = end
    }
    starts[blocks] = end
    // From the last pair to the first, each before the one placed last: starts end up at the beginnings.
    var n = layout.pairs
    while n > 0 {
      n -= 1
      let block = Int(allocation[first + n])
      starts[block] -= 1
      members[Int(starts[block])] = Int32(n)
    }
    return used
  }

  /// The interference at every cellular user and every receiver.
  private func collect(
    _ powers: [Float], copy: Int, starts: [Int32], members: [Int32], cellular: inout [Float], interference: inout [Float]
  ) {
    let pairs = layout.pairs
    let blocks = layout.blocks
    let origin = copy * layout.count
    let toCellular = origin + layout.pairsToCellular
    let toReceivers = origin + layout.pairsToReceivers
    let baseToReceivers = origin + layout.baseToReceivers
    let powers = powers.span
    let members = members.span
    var cellular = cellular.mutableSpan
    var interference = interference.mutableSpan
    for k in 0..<blocks {
      let block = Int(starts[k])..<Int(starts[k + 1])
      var atUser: Float = 0
      for a in block {
        let n = Int(members[a])
        atUser += powers[toCellular + n * blocks + k]
        var atReceiver = baseInterference ? powers[baseToReceivers + n] : 0
        for b in block where b != a { atReceiver += powers[toReceivers + Int(members[b]) * pairs + n] }
        interference[n] = atReceiver
      }
      cellular[k] = atUser
    }
  }

  /// What each receiver hears on every block from everybody else, without noise, in watts.
  ///
  /// - Parameters:
  ///   - powers: `[E, links]`
  ///   - allocation: `[E, N]`
  ///   - copy: Which of the E.
  ///   - interference: `[N, K]`
  /// - Complexity: O(N²)
  public func interferenceOnBlocks(_ powers: [Float], allocation: [Int32], copy: Int = 0, into interference: inout [Float]) {
    let pairs = layout.pairs
    let blocks = layout.blocks
    precondition(
      interference.count == pairs * blocks, "D2DLinks: needs room for \(pairs) x \(blocks) powers, got \(interference.count)")
    let origin = copy * layout.count
    for n in 0..<pairs {
      let base = baseInterference ? powers[origin + layout.base(toReceiver: n)] : 0
      for k in 0..<blocks { interference[n * blocks + k] = base }
      for i in 0..<pairs where i != n {
        interference[n * blocks + Int(allocation[copy * pairs + i])] += powers[origin + layout.transmitter(i, toReceiver: n)]
      }
    }
  }
}
