import Channels
import Tensor

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

/// What the actions of all pairs give to everybody in one slot.
///
/// Arrays of `[N, s]` have a place for each block of the largest sets; places that a smaller set leaves unused are zero.
public struct D2DOutcome: Hashable, Sendable {
  /// SINR of the cellular users (eq. 1), linear. `[K]`
  public var cellularSINR: [Float]
  /// Their rates (eq. 3 without the bandwidth), bit/s/Hz. `[K]`
  public var cellularRates: [Float]
  /// SINR of the pairs on each of their blocks (eq. 2), linear. `[N, s]`
  public var pairSINR: [Float]
  /// Their rates there, log₂(1 + SINR). `[N, s]`
  public var blockRates: [Float]
  /// Their rates over all their blocks (eq. 4 without the bandwidth), bit/s/Hz. `[N]`
  public var pairRates: [Float]
  /// Power of the base station and of other pairs on each block of a pair at its receiver, without noise, in watts. `[N, s]`
  public var blockInterference: [Float]
  /// Its mean over the blocks of the pair. `[N]`
  public var interference: [Float]
  /// The rewards (eqs. 5-7). `[N]`
  public var rewards: [Float]
  /// Cellular users in outage.
  public var cellularOutages = 0
  /// Pairs in outage: their mean rate over their blocks is below log₂(1 + threshold); with one block, their SINR is below the threshold.
  public var pairOutages = 0
  /// Blocks that at least one pair uses.
  public var blocksUsed = 0

  var cellularSignal: [Float]
  var cellularInterference: [Float]
  var signal: [Float]
  /// Who sends on each block: pairs in order of block and then of number, the place of that block in `[N, s]`, the part of P_d there,
  /// and where each block's begin.
  var members: [Int32]
  var places: [Int32]
  var shares: [Float]
  var starts: [Int32]

  public init(pairs: Int, blocks: Int, blocksPerSet: Int = 1) {
    cellularSINR = Array(repeating: 0, count: blocks)
    cellularRates = cellularSINR
    cellularSignal = cellularSINR
    cellularInterference = cellularSINR
    pairSINR = Array(repeating: 0, count: pairs * blocksPerSet)
    blockRates = pairSINR
    blockInterference = pairSINR
    signal = pairSINR
    shares = pairSINR
    pairRates = Array(repeating: 0, count: pairs)
    interference = pairRates
    rewards = pairRates
    members = Array(repeating: 0, count: pairs * blocksPerSet)
    places = members
    starts = Array(repeating: 0, count: blocks + 1)
  }
}

/// The link equations of the paper: received powers and actions in; SINR, rates and rewards out.
public struct D2DLinks: Hashable, Sendable {
  public let layout: D2DLayout
  /// What pairs choose from.
  public let actions: D2DActions
  /// Noise power at every receiver.
  public var noiseWatts: Float
  /// Linear SINR below which a cellular link is in outage.
  public var cellularThreshold: Float
  /// Linear SINR below which a D2D link is in outage.
  public var pairThreshold: Float
  /// The reward of a pair of whose blocks' cellular users one is in outage.
  public var negativeReward: Float
  /// Whether the base station disturbs D2D receivers.
  public var baseInterference: Bool

  /// - Parameter actions: None: each block alone at full power.
  public init(
    layout: D2DLayout, actions: D2DActions? = nil, noise: Watts, cellularThreshold: Decibels = Decibels(0), pairThreshold: Decibels = Decibels(0),
    negativeReward: Double = -1, baseInterference: Bool = true
  ) {
    self.layout = layout
    self.actions = actions ?? D2DActions(blocks: layout.blocks)
    precondition(self.actions.blocks == layout.blocks, "D2DLinks: actions on \(self.actions.blocks) blocks for links on \(layout.blocks)")
    noiseWatts = Float(noise.value)
    self.cellularThreshold = Float(cellularThreshold.linear)
    self.pairThreshold = Float(pairThreshold.linear)
    self.negativeReward = Float(negativeReward)
    self.baseInterference = baseInterference
  }

  public init(_ parameters: D2DParameters) {
    self.init(
      layout: D2DLayout(pairs: parameters.pairs, blocks: parameters.resourceBlocks), actions: parameters.actions, noise: parameters.noise,
      cellularThreshold: Decibels(parameters.cellularThresholdDB), pairThreshold: Decibels(parameters.pairThresholdDB),
      negativeReward: parameters.negativeReward, baseInterference: parameters.baseInterference)
  }

  /// An outcome of the right sizes.
  public func outcome() -> D2DOutcome { D2DOutcome(pairs: layout.pairs, blocks: layout.blocks, blocksPerSet: actions.blocksPerSet) }

  /// One slot of one copy.
  ///
  /// ξᶜ_k = P_b g_b,k / (Σ_{n∈D_k} p_n g_n,k + σ²) (eq. 1), ξᵈ_n,k = p_n g_n / (P_b g_b,n + Σ_{i∈D_k, i≠n} p_i g_i,n + σ²) (eq. 2) on every
  /// block k of the pair's set, where p_n = P_d · level / size of the set. Rates are log₂(1 + ξ), summed over the blocks of a pair (eqs. 3-4
  /// without W). The reward is that rate where no cellular user of the pair's own blocks is in outage and the negative reward
  /// elsewhere (eqs. 5-7). Sums run over pairs, and over blocks, in rising order.
  ///
  /// - Parameters:
  ///   - powers: Received powers in watts: full transmit power times gain, in the order of ``D2DLayout``. `[E, links]`
  ///   - allocation: The action of each pair; the block with blocks alone at one power level. `[E, N]`
  ///   - copy: Which of the E.
  ///   - outcome: Every part of it is written.
  /// - Precondition: Every action lies in 0..<αβ.
  /// - Complexity: O(N s + Σ_k |D_k|²). Allocates nothing.
  public func evaluate(_ powers: [Float], allocation: [Int32], copy: Int = 0, into outcome: inout D2DOutcome) {
    let pairs = layout.pairs
    precondition(
      powers.count >= (copy + 1) * layout.count && allocation.count >= (copy + 1) * pairs
        && outcome.pairSINR.count == pairs * actions.blocksPerSet,
      "D2DLinks: copy \(copy) needs \(layout.count) powers and \(pairs) actions, got \(powers.count) and \(allocation.count) for all; "
        + "\(pairs) x \(actions.blocksPerSet) results, room for \(outcome.pairSINR.count)")
    // Two calls that are compiled apart: sets, shares and the loops over them vanish where an action is a block.
    if actions.areBlocks {
      evaluate(powers, allocation, copy, areBlocks: true, &outcome)
    } else {
      D2DLinks.clear(&outcome.blockInterference)
      evaluate(powers, allocation, copy, areBlocks: false, &outcome)
    }
  }

  @inline(__always)
  private func evaluate(_ powers: [Float], _ allocation: [Int32], _ copy: Int, areBlocks: Bool, _ outcome: inout D2DOutcome) {
    outcome.blocksUsed = sort(allocation, copy, areBlocks, &outcome.starts, &outcome.members, &outcome.places, &outcome.shares)
    collect(
      powers, copy, areBlocks, outcome.starts, outcome.members, outcome.places, outcome.shares, &outcome.cellularInterference,
      &outcome.blockInterference)
    for k in 0..<layout.blocks { outcome.cellularSignal[k] = powers[copy * layout.count + k] }
    send(powers, allocation, copy, areBlocks, &outcome.signal)

    LinkQuality.sinr(
      signal: outcome.cellularSignal, interference: outcome.cellularInterference, noise: noiseWatts, into: &outcome.cellularSINR)
    LinkQuality.sinr(signal: outcome.signal, interference: outcome.blockInterference, noise: noiseWatts, into: &outcome.pairSINR)
    LinkQuality.spectralEfficiency(sinr: outcome.cellularSINR, into: &outcome.cellularRates)
    LinkQuality.spectralEfficiency(sinr: outcome.pairSINR, into: &outcome.blockRates)
    outcome.cellularOutages = LinkQuality.outages(sinr: outcome.cellularSINR, threshold: cellularThreshold)
    outcome.pairOutages = settle(
      allocation, copy, areBlocks, outcome.cellularSINR, outcome.pairSINR, outcome.blockRates, outcome.blockInterference, &outcome.pairRates,
      &outcome.interference, &outcome.rewards)
  }

  private static func clear(_ values: inout [Float]) {
    var values = values.mutableSpan
    for i in values.indices { values[i] = 0 }
  }

  /// Counting sort of the pairs by block, rising within a block. Returns the number of blocks in use.
  @inline(__always)
  private func sort(
    _ allocation: [Int32], _ copy: Int, _ areBlocks: Bool, _ starts: inout [Int32], _ members: inout [Int32], _ places: inout [Int32],
    _ shares: inout [Float]
  ) -> Int {
    let blocks = layout.blocks
    let perSet = areBlocks ? 1 : actions.blocksPerSet
    let first = copy * layout.pairs
    let allocation = allocation.span
    let (blocksOf, sizes, sharesOf) = (actions.members.span, actions.sizes.span, actions.shares.span)
    var starts = starts.mutableSpan
    var members = members.mutableSpan
    var places = places.mutableSpan
    var shares = shares.mutableSpan
    for k in starts.indices { starts[k] = 0 }
    for n in 0..<layout.pairs {
      let action = Int(allocation[first + n])
      precondition(action >= 0 && action < sizes.count, "D2DLinks: pair \(n) chose action \(action) of \(sizes.count)")
      for j in 0..<(areBlocks ? 1 : Int(sizes[action])) { starts[areBlocks ? action : Int(blocksOf[action * perSet + j])] += 1 }
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
      let action = Int(allocation[first + n])
      for j in 0..<(areBlocks ? 1 : Int(sizes[action])) {
        let block = areBlocks ? action : Int(blocksOf[action * perSet + j])
        starts[block] -= 1
        let entry = Int(starts[block])
        members[entry] = Int32(n)
        if !areBlocks {
          places[entry] = Int32(n * perSet + j)
          shares[entry] = sharesOf[action]
        }
      }
    }
    return used
  }

  /// The interference at every cellular user, and at every receiver on each block of its pair.
  @inline(__always)
  private func collect(
    _ powers: [Float], _ copy: Int, _ areBlocks: Bool, _ starts: [Int32], _ members: [Int32], _ places: [Int32], _ shares: [Float],
    _ cellular: inout [Float], _ interference: inout [Float]
  ) {
    let pairs = layout.pairs
    let blocks = layout.blocks
    let origin = copy * layout.count
    let toCellular = origin + layout.pairsToCellular
    let toReceivers = origin + layout.pairsToReceivers
    let baseToReceivers = origin + layout.baseToReceivers
    let (powers, starts, members, places, shares) = (powers.span, starts.span, members.span, places.span, shares.span)
    var cellular = cellular.mutableSpan
    var interference = interference.mutableSpan
    for k in 0..<blocks {
      let block = Int(starts[k])..<Int(starts[k + 1])
      var atUser: Float = 0
      for a in block {
        let n = Int(members[a])
        atUser += (areBlocks ? 1 : shares[a]) * powers[toCellular + n * blocks + k]
        var atReceiver = baseInterference ? powers[baseToReceivers + n] : 0
        for b in block where b != a { atReceiver += (areBlocks ? 1 : shares[b]) * powers[toReceivers + Int(members[b]) * pairs + n] }
        interference[areBlocks ? n : Int(places[a])] = atReceiver
      }
      cellular[k] = atUser
    }
  }

  /// The power of every pair at its own receiver on each of its blocks.
  @inline(__always)
  private func send(_ powers: [Float], _ allocation: [Int32], _ copy: Int, _ areBlocks: Bool, _ signal: inout [Float]) {
    let pairs = layout.pairs
    let perSet = areBlocks ? 1 : actions.blocksPerSet
    let own = copy * layout.count + layout.pairsToReceivers
    let (powers, allocation) = (powers.span, allocation.span)
    let (sizes, shares) = (actions.sizes.span, actions.shares.span)
    var signal = signal.mutableSpan
    for n in 0..<pairs {
      let power = powers[own + n * (pairs + 1)]
      if areBlocks {
        signal[n] = power
      } else {
        let action = Int(allocation[copy * pairs + n])
        for j in 0..<perSet { signal[n * perSet + j] = j < Int(sizes[action]) ? shares[action] * power : 0 }
      }
    }
  }

  /// What each pair gets out of its blocks. Returns the number of pairs in outage.
  @inline(__always)
  private func settle(
    _ allocation: [Int32], _ copy: Int, _ areBlocks: Bool, _ cellularSINR: [Float], _ pairSINR: [Float], _ blockRates: [Float],
    _ blockInterference: [Float], _ rates: inout [Float], _ interference: inout [Float], _ rewards: inout [Float]
  ) -> Int {
    let perSet = areBlocks ? 1 : actions.blocksPerSet
    let allocation = allocation.span
    let (blocksOf, sizes) = (actions.members.span, actions.sizes.span)
    let (cellularSINR, pairSINR, blockRates, blockInterference) = (cellularSINR.span, pairSINR.span, blockRates.span, blockInterference.span)
    var rates = rates.mutableSpan
    var interference = interference.mutableSpan
    var rewards = rewards.mutableSpan
    let least = areBlocks ? 0 : Float(Math.log2(1 + Double(pairThreshold)))
    var outages = 0
    for n in 0..<layout.pairs {
      let action = Int(allocation[copy * layout.pairs + n])
      let size = areBlocks ? 1 : Int(sizes[action])
      var (rate, heard, allowed) = (Float(0), Float(0), true)
      for j in 0..<size {
        rate += blockRates[n * perSet + j]
        heard += blockInterference[n * perSet + j]
        let block = areBlocks ? action : Int(blocksOf[action * perSet + j])
        allowed = allowed && cellularSINR[block] >= cellularThreshold
      }
      rates[n] = rate
      interference[n] = areBlocks ? heard : heard / Float(size)
      rewards[n] = allowed ? rate : negativeReward
      let isOut = size == 1 ? pairSINR[n * perSet] < pairThreshold : rate / Float(size) < least
      outages += isOut ? 1 : 0
    }
    return outages
  }

  /// What each receiver hears on every block from everybody else, without noise, in watts.
  ///
  /// - Parameters:
  ///   - powers: `[E, links]`
  ///   - allocation: `[E, N]`
  ///   - copy: Which of the E.
  ///   - interference: `[N, K]`
  /// - Complexity: O(N² s)
  public func interferenceOnBlocks(_ powers: [Float], allocation: [Int32], copy: Int = 0, into interference: inout [Float]) {
    let pairs = layout.pairs
    let blocks = layout.blocks
    precondition(
      interference.count == pairs * blocks, "D2DLinks: needs room for \(pairs) x \(blocks) powers, got \(interference.count)")
    let perSet = actions.blocksPerSet
    let origin = copy * layout.count
    let powers = powers.span
    let allocation = allocation.span
    let (blocksOf, sizes, shares) = (actions.members.span, actions.sizes.span, actions.shares.span)
    var interference = interference.mutableSpan
    for n in 0..<pairs {
      let base = baseInterference ? powers[origin + layout.base(toReceiver: n)] : 0
      for k in 0..<blocks { interference[n * blocks + k] = base }
    }
    for i in 0..<pairs {
      let action = Int(allocation[copy * pairs + i])
      let row = origin + layout.transmitter(i, toReceiver: 0)
      for j in 0..<Int(sizes[action]) {
        let block = Int(blocksOf[action * perSet + j])
        for n in 0..<i { interference[n * blocks + block] += shares[action] * powers[row + n] }
        for n in i + 1..<max(pairs, i + 1) { interference[n * blocks + block] += shares[action] * powers[row + n] }
      }
    }
  }
}
