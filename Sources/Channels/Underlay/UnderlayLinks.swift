import Tensor

/// The link equations of Li and Guo (2020), numbered as there: received powers and actions in; SINR, rates and rewards out.
public struct UnderlayLinks: Hashable, Sendable {
  public let layout: UnderlayLayout
  /// What pairs choose from.
  public let actions: UnderlayActions
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

  /// - Parameters:
  ///   - layout: Where the links of a copy lie in an array.
  ///   - actions: None: each block alone at full power.
  ///   - noise: σ², the noise power at every receiver.
  ///   - cellularThreshold: SINR below which a cellular link is in outage.
  ///   - pairThreshold: SINR below which a D2D link is in outage.
  ///   - negativeReward: The reward of a pair of whose blocks' cellular users one is in outage.
  ///   - baseInterference: Whether the base station disturbs D2D receivers.
  public init(
    layout: UnderlayLayout, actions: UnderlayActions? = nil, noise: Watts, cellularThreshold: Decibels = Decibels(0),
    pairThreshold: Decibels = Decibels(0),
    negativeReward: Double = -1, baseInterference: Bool = true
  ) {
    self.layout = layout
    self.actions = actions ?? UnderlayActions(blocks: layout.blocks)
    precondition(self.actions.blocks == layout.blocks, "UnderlayLinks: actions on \(self.actions.blocks) blocks for links on \(layout.blocks)")
    noiseWatts = Float(noise.value)
    self.cellularThreshold = Float(cellularThreshold.linear)
    self.pairThreshold = Float(pairThreshold.linear)
    self.negativeReward = Float(negativeReward)
    self.baseInterference = baseInterference
  }

  public init(_ cell: UnderlayCell) {
    self.init(
      layout: UnderlayLayout(cell), actions: cell.actions, noise: cell.noise,
      cellularThreshold: Decibels(cell.cellularThresholdDB), pairThreshold: Decibels(cell.pairThresholdDB),
      negativeReward: cell.negativeReward, baseInterference: cell.baseInterference)
  }

  /// An outcome of the right sizes.
  public func outcome() -> UnderlayOutcome { UnderlayOutcome(pairs: layout.pairs, blocks: layout.blocks, blocksPerSet: actions.blocksPerSet) }

  /// One slot of one copy.
  ///
  /// ξᶜ_k = P_b g_b,k / (Σ_{n∈D_k} p_n g_n,k + σ²) (eq. 1), ξᵈ_n,k = p_n g_n / (P_b g_b,n + Σ_{i∈D_k, i≠n} p_i g_i,n + σ²) (eq. 2) on every
  /// block k of the pair's set, where p_n = P_d · level / size of the set. Rates are log₂(1 + ξ), summed over the blocks of a pair (eqs. 3-4
  /// without W). The reward is that rate where no cellular user of the pair's own blocks is in outage and the negative reward
  /// elsewhere (eqs. 5-7). Sums run over pairs, and over blocks, in rising order.
  ///
  /// - Parameters:
  ///   - powers: Received powers in watts: full transmit power times gain, in the order of ``UnderlayLayout``. `[E, links]`
  ///   - allocation: The action of each pair; the block with blocks alone at one power level. `[E, N]`
  ///   - copy: Which of the E.
  ///   - outcome: Every part of it is written.
  /// - Precondition: Every action lies in 0..<αβ.
  /// - Complexity: O(N s + Σ_k |D_k|²). Allocates nothing.
  public func evaluate(_ powers: [Float], allocation: [Int32], copy: Int = 0, into outcome: inout UnderlayOutcome) {
    let pairs = layout.pairs
    precondition(
      powers.count >= (copy + 1) * layout.count && allocation.count >= (copy + 1) * pairs
        && outcome.pairSINR.count == pairs * actions.blocksPerSet,
      "UnderlayLinks: copy \(copy) needs \(layout.count) powers and \(pairs) actions, got \(powers.count) and \(allocation.count) for all; "
        + "\(pairs) x \(actions.blocksPerSet) results, room for \(outcome.pairSINR.count)")
    // Two calls that are compiled apart: sets, shares and the loops over them vanish where an action is a block.
    if actions.areBlocks {
      evaluateBlocks(powers, allocation, copy, &outcome)
    } else {
      evaluateSets(powers, allocation, copy, &outcome)
    }
  }

  @inline(never)
  private func evaluateBlocks(_ powers: [Float], _ allocation: [Int32], _ copy: Int, _ outcome: inout UnderlayOutcome) {
    evaluate(powers, allocation, copy, areBlocks: true, &outcome)
  }

  @inline(never)
  private func evaluateSets(_ powers: [Float], _ allocation: [Int32], _ copy: Int, _ outcome: inout UnderlayOutcome) {
    UnderlayLinks.clear(&outcome.blockInterference)
    evaluate(powers, allocation, copy, areBlocks: false, &outcome)
  }

  @inline(__always)
  private func evaluate(_ powers: [Float], _ allocation: [Int32], _ copy: Int, areBlocks: Bool, _ outcome: inout UnderlayOutcome) {
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
      precondition(action >= 0 && action < sizes.count, "UnderlayLinks: pair \(n) chose action \(action) of \(sizes.count)")
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
    let (members, sizes, shares) = (actions.members.span, actions.sizes.span, actions.shares.span)
    var signal = signal.mutableSpan
    if layout.separatesBlocks {
      let first = copy * layout.count + layout.ownOnBlocks
      for n in 0..<pairs {
        let action = Int(allocation[copy * pairs + n])
        for j in 0..<perSet {
          let isUsed = j < Int(sizes[action])
          signal[n * perSet + j] = isUsed ? shares[action] * powers[first + n * layout.blocks + Int(members[action * perSet + j])] : 0
        }
      }
      return
    }
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
      if areBlocks {
        rates[n] = blockRates[n]
        interference[n] = blockInterference[n]
        rewards[n] = cellularSINR[action] >= cellularThreshold ? blockRates[n] : negativeReward
        outages += pairSINR[n] < pairThreshold ? 1 : 0
        continue
      }
      let size = Int(sizes[action])
      var (rate, heard, allowed) = (Float(0), Float(0), true)
      for j in 0..<size {
        rate += blockRates[n * perSet + j]
        heard += blockInterference[n * perSet + j]
        let block = Int(blocksOf[action * perSet + j])
        allowed = allowed && cellularSINR[block] >= cellularThreshold
      }
      rates[n] = rate
      interference[n] = heard / Float(size)
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
      interference.count == pairs * blocks, "UnderlayLinks: needs room for \(pairs) x \(blocks) powers, got \(interference.count)")
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
