import Tensor

/// The best fixed allocation that coordinate ascent finds on the mean sum of rewards: it knows the drop but never the state.
///
/// A local optimum, and no upper bound: a policy that uses the state may exceed it.
public struct UnderlayOracle: Hashable, Sendable {
  /// The action of each pair; its block, where one block at one power level is all there is. `[N]`
  public let allocation: [Int32]
  /// Its mean sum of rewards over the fading draws that it was found with.
  public let meanReward: Double

  /// The stream of the oracle's own fading draws: of no channel, and behind those that the framework names.
  static let purpose = RandomPurpose(rawValue: 1001)

  /// Searches: every sweep moves each pair in turn to the action that gives most; ties keep the present one.
  ///
  /// It begins with pair n alone on block n mod K at full power. A move changes the blocks of two sets only, so that a candidate costs
  /// one look at the pairs on the blocks of its own set, over all draws.
  ///
  /// - Parameters:
  ///   - cell: The cell that the drop is of.
  ///   - drop: The positions.
  ///   - seed: Of the fading draws, apart from those of every environment. Correlated fading counts as Rayleigh, which is its law in one slot.
  ///   - draws: Fading draws.
  ///   - sweeps: Passes over all pairs.
  /// - Complexity: O(sweeps · draws · (αβ s N² / K + N³ s² / K²)) link evaluations at most.
  public init(_ cell: UnderlayCell, drop: UnderlayDrop, seed: UInt64, draws: Int = 64, sweeps: Int = 3) {
    precondition(draws > 0 && sweeps >= 0, "UnderlayOracle: needs draws and sweeps, got \(draws) and \(sweeps)")
    var search = OracleSearch(cell, drop: drop, seed: seed, draws: cell.fading == .none ? 1 : draws)
    for _ in 0..<sweeps {
      for pair in 0..<cell.pairs { search.improve(pair) }
    }
    allocation = search.allocation.map { Int32($0) }
    meanReward = search.meanReward
  }
}

/// An allocation under way: what everybody gets on every block in every draw.
private struct OracleSearch {
  private let links: UnderlayLinks
  private let actions: UnderlayActions
  private let draws: Int
  /// Received powers at full power, draw after draw for each link, so that loops over draws are contiguous. `[links, draws]`
  private let powers: [Float]
  /// The action of each pair. `[N]`
  private(set) var allocation: [Int]
  /// Who sends on each block. `[K]`
  private var members: [[Int]]
  /// The sum over draws of the reward of each pair. `[N]`
  private var rewards: [Double]
  /// What a cellular user hears from pairs, and whether that leaves him out of outage. `[K, draws]`
  private var atUser: [Float]
  private var allowed: [Bool]
  /// What a receiver hears on a block of its pair, and its rate there. `[N, s, draws]`
  private var atReceiver: [Float]
  private var rates: [Float]
  /// The same with a candidate on the blocks of its set. `[s, draws]`, and the rates of one pair. `[s, draws]`
  private var allowedThen: [Bool]
  private var ratesThen: [Float]
  private var signal: [Float]
  private var interference: [Float]
  private var sinr: [Float]

  init(_ cell: UnderlayCell, drop: UnderlayDrop, seed: UInt64, draws: Int) {
    links = UnderlayLinks(cell)
    actions = links.actions
    self.draws = draws
    let count = links.layout.count
    var fading = Array(repeating: Float(1), count: count)
    var powers = Array(repeating: Float(0), count: count * draws)
    for draw in 0..<draws {
      if cell.fading != .none {
        FadingDraws.fillExponential(
          &fading, in: 0..<count, stream: RandomStream(seed: seed, purpose: UnderlayOracle.purpose), step: draw)
      }
      for link in 0..<count { powers[link * draws + draw] = drop.powers[link] * fading[link] }
    }
    self.powers = powers
    let (pairs, blocks, perSet) = (cell.pairs, cell.resourceBlocks, actions.blocksPerSet)
    let levels = actions
    allocation = (0..<pairs).map { levels.alone(on: $0 % blocks) }
    members = (0..<blocks).map { block in (0..<pairs).filter { $0 % blocks == block } }
    rewards = Array(repeating: 0, count: pairs)
    atUser = Array(repeating: 0, count: blocks * draws)
    allowed = Array(repeating: false, count: blocks * draws)
    atReceiver = Array(repeating: 0, count: pairs * perSet * draws)
    rates = atReceiver
    allowedThen = Array(repeating: false, count: perSet * draws)
    ratesThen = Array(repeating: 0, count: perSet * draws)
    signal = Array(repeating: 0, count: draws)
    interference = signal
    sinr = signal
    refresh(Array(0..<blocks))
  }

  var meanReward: Double { rewards.reduce(0, +) / Double(draws) }

  /// Moves one pair to the action that gives most, if any gives more than its present one.
  mutating func improve(_ pair: Int) {
    let present = allocation[pair]
    let home = actions.blocks(of: present)
    let before = members
    let withPair = sum(users(of: home))
    for block in home { members[block].removeAll { $0 == pair } }
    refresh(home)
    var best = present
    var bestGain = withPair - sum(users(of: home))
    for action in 0..<actions.count where action != present {
      let gain = gain(of: action, for: pair)
      if gain > bestGain {
        bestGain = gain
        best = action
      }
    }
    if best == present {
      members = before
    } else {
      allocation[pair] = best
      for block in actions.blocks(of: best) { members[block].append(pair) }
    }
    refresh(actions.blocks(of: best))
  }

  /// All pairs on some blocks, each once.
  private func users(of blocks: [Int]) -> [Int] {
    var all = members[blocks[0]]
    for block in blocks.dropFirst() { all += members[block].filter { !all.contains($0) } }
    return all
  }

  private func sum(_ pairs: [Int]) -> Double { pairs.reduce(0) { $0 + rewards[$1] } }

  /// The place of a block among those of a pair's set.
  private func place(of block: Int, in action: Int) -> Int? { actions.blocks(of: action).firstIndex(of: block) }

  /// Computes anew what everybody gets on some blocks, and the rewards of whoever is on them.
  private mutating func refresh(_ blocks: [Int]) {
    let layout = links.layout
    for block in blocks {
      clear()
      for n in members[block] { add(layout.transmitter(n, toCellular: block), actions.share(of: allocation[n])) }
      for draw in 0..<draws { atUser[block * draws + draw] = interference[draw] }
      judge(block)
      for draw in 0..<draws { allowed[block * draws + draw] = sinr[draw] >= links.cellularThreshold }
      for n in members[block] {
        clear()
        if links.baseInterference { add(layout.base(toReceiver: n), 1) }
        for i in members[block] where i != n { add(layout.transmitter(i, toReceiver: n), actions.share(of: allocation[i])) }
        guard let place = place(of: block, in: allocation[n]) else { continue }
        let row = (n * actions.blocksPerSet + place) * draws
        for draw in 0..<draws { atReceiver[row + draw] = interference[draw] }
        send(n, actions.share(of: allocation[n]))
        OracleSearch.rate(signal, &interference, links.noiseWatts, &sinr, &rates, row)
      }
    }
    for n in users(of: blocks) {
      let (set, row) = (actions.blocks(of: allocation[n]), n * actions.blocksPerSet)
      rewards[n] = reward(set.count) { place, draw in
        (rates[(row + place) * draws + draw], allowed[set[place] * draws + draw])
      }
    }
  }

  /// How much more all rewards sum to if a pair that is nowhere takes an action.
  private mutating func gain(of action: Int, for pair: Int) -> Double {
    let layout = links.layout
    let set = actions.blocks(of: action)
    let share = actions.share(of: action)
    for (touched, block) in set.enumerated() {
      for draw in 0..<draws { interference[draw] = atUser[block * draws + draw] }
      add(layout.transmitter(pair, toCellular: block), share)
      judge(block)
      for draw in 0..<draws { allowedThen[touched * draws + draw] = sinr[draw] >= links.cellularThreshold }
    }
    var gain = 0.0
    let others = users(of: set)
    for n in others {
      let own = actions.blocks(of: allocation[n])
      let row = n * actions.blocksPerSet * draws
      for place in own.indices {
        if set.contains(own[place]) {
          for draw in 0..<draws { interference[draw] = atReceiver[row + place * draws + draw] }
          add(layout.transmitter(pair, toReceiver: n), share)
          send(n, actions.share(of: allocation[n]))
          OracleSearch.rate(signal, &interference, links.noiseWatts, &sinr, &ratesThen, place * draws)
        } else {
          for draw in 0..<draws { ratesThen[place * draws + draw] = rates[row + place * draws + draw] }
        }
      }
      gain += reward(own.count) { place, draw in
        let touched = set.firstIndex(of: own[place])
        return (ratesThen[place * draws + draw], touched.map { allowedThen[$0 * draws + draw] } ?? allowed[own[place] * draws + draw])
      }
    }
    for (place, block) in set.enumerated() {
      clear()
      if links.baseInterference { add(layout.base(toReceiver: pair), 1) }
      for i in members[block] { add(layout.transmitter(i, toReceiver: pair), actions.share(of: allocation[i])) }
      send(pair, share)
      OracleSearch.rate(signal, &interference, links.noiseWatts, &sinr, &ratesThen, place * draws)
    }
    gain += reward(set.count) { place, draw in (ratesThen[place * draws + draw], allowedThen[place * draws + draw]) }
    return gain - sum(others)
  }

  /// The sum over draws of a pair's reward, from its rate on each of its blocks and whether that block's owner is not in outage.
  private func reward(_ size: Int, _ block: (_ place: Int, _ draw: Int) -> (rate: Float, allowed: Bool)) -> Double {
    var sum = 0.0
    for draw in 0..<draws {
      var rate: Float = 0
      var allowed = true
      for place in 0..<size {
        let part = block(place, draw)
        rate += part.rate
        allowed = allowed && part.allowed
      }
      sum += Double(allowed ? rate : links.negativeReward)
    }
    return sum
  }

  private mutating func clear() { for draw in 0..<draws { interference[draw] = 0 } }

  private mutating func add(_ link: Int, _ share: Float) { OracleSearch.add(powers, link, share, to: &interference) }

  /// The signal of a pair at its own receiver.
  private mutating func send(_ pair: Int, _ share: Float) {
    for draw in 0..<draws { signal[draw] = 0 }
    OracleSearch.add(powers, links.layout.transmitter(pair, toReceiver: pair), share, to: &signal)
  }

  /// The SINR of a cellular user under the present interference.
  private mutating func judge(_ block: Int) {
    for draw in 0..<draws { signal[draw] = powers[links.layout.base(toCellular: block) * draws + draw] }
    LinkQuality.sinr(signal: signal, interference: interference, noise: links.noiseWatts, into: &sinr)
  }

  private static func add(_ powers: [Float], _ link: Int, _ share: Float, to sums: inout [Float]) {
    let powers = powers.span
    var sums = sums.mutableSpan
    let begin = link * sums.count
    for draw in sums.indices { sums[draw] += share * powers[begin + draw] }
  }

  private static func rate(
    _ signal: [Float], _ interference: inout [Float], _ noise: Float, _ sinr: inout [Float], _ rates: inout [Float], _ row: Int
  ) {
    LinkQuality.sinr(signal: signal, interference: interference, noise: noise, into: &sinr)
    LinkQuality.spectralEfficiency(sinr: sinr, into: &interference)
    for draw in sinr.indices { rates[row + draw] = interference[draw] }
  }
}
