/// What every link receives when each sends on one block.
public struct LinkReception: Hashable, Sendable {
  public let copies: Int
  /// Power of a link's own transmitter on its block, in watts; 0 where the link is silent. `[E, L]`
  public var signal: [Float]
  /// Power of all others on its block, without noise, in watts; 0 where the link is silent. `[E, L]`
  public var interference: [Float]
  /// Linear ratios; 0 where the link is silent. `[E, L]`
  public var sinr: [Float]
  /// Power of all others on every block at the link's receiver, without noise, in watts. `[E, K, L]`
  public var heard: [Float]

  public init(for shared: SharedBlocks, copies: Int = 1) {
    self.copies = copies
    signal = Array(repeating: 0, count: copies * shared.links.count)
    interference = signal
    sinr = signal
    heard = Array(repeating: 0, count: copies * shared.blocks * shared.links.count)
  }
}

/// What every link receives on every block, when links may send on several.
public struct BlockReception: Hashable, Sendable {
  public let copies: Int
  /// Power of a link's own transmitter, in watts. `[E, K, L]`
  public var signal: [Float]
  /// Power of all others, without noise, in watts; also on blocks that the link does not use. `[E, K, L]`
  public var interference: [Float]
  /// Linear ratios; 0 on blocks that the link does not use. `[E, K, L]`
  public var sinr: [Float]

  public init(for shared: SharedBlocks, copies: Int = 1) {
    self.copies = copies
    signal = Array(repeating: 0, count: copies * shared.blocks * shared.links.count)
    interference = signal
    sinr = signal
  }
}

/// Links that share resource blocks: L links between T transmitters and R receivers on K blocks, in E copies at once.
///
/// On block k link n receives its signal S_nk = p_nk g(t_n, r_n), the interference I_nk = Σ_{i≠n} p_ik g(t_i, r_n) from every other link and
/// noise: γ_nk = S_nk / (I_nk + N_k). Links of one transmitter, or to one receiver, on the same block disturb each other like any others.
///
/// Sums run over links in rising order and leave the own link out, rather than taking it off a total, in which interference far below the
/// signal would be lost. Copies never meet: E together give the bits of each alone. Nothing is allocated.
public struct SharedBlocks: Hashable, Sendable {
  /// Who sends to whom.
  public struct Link: Hashable, Sendable {
    public var transmitter: Int
    public var receiver: Int

    public init(transmitter: Int, receiver: Int) {
      self.transmitter = transmitter
      self.receiver = receiver
    }
  }

  public let transmitters: Int
  public let receivers: Int
  public let links: [Link]
  /// Noise power of each block at every receiver, in watts. `[K]`
  public let noise: [Float]
  /// Whether gains are given for every block, `[E, K, T, R]`, or one for all blocks, `[E, T, R]`.
  public let isSelective: Bool
  /// Whether link n goes to receiver n, for all of them.
  private let isAligned: Bool

  /// The number of blocks, K.
  public var blocks: Int { noise.count }

  /// The gains of one copy.
  public var gainCount: Int { transmitters * receivers * (isSelective ? blocks : 1) }

  /// - Parameters:
  ///   - transmitters: T
  ///   - receivers: R
  ///   - links: Who sends to whom. `[L]`
  ///   - noise: Noise power of each block in watts. `[K]`
  ///   - isSelective: Whether every block has gains of its own.
  /// - Precondition: Transmitters and receivers of the links exist.
  public init(transmitters: Int, receivers: Int, links: [Link], noise: [Float], isSelective: Bool = false) {
    for link in links {
      precondition(
        link.transmitter >= 0 && link.transmitter < transmitters && link.receiver >= 0 && link.receiver < receivers,
        "SharedBlocks: a link from \(link.transmitter) to \(link.receiver) among \(transmitters) transmitters and \(receivers) receivers")
    }
    self.transmitters = transmitters
    self.receivers = receivers
    self.links = links
    self.noise = noise
    self.isSelective = isSelective
    isAligned = links.count == receivers && links.indices.allSatisfy { links[$0].receiver == $0 }
  }

  /// As many transmitters as receivers, where transmitter n sends to receiver n.
  public init(pairs: Int, noise: [Float], isSelective: Bool = false) {
    self.init(
      transmitters: pairs, receivers: pairs, links: (0..<pairs).map { Link(transmitter: $0, receiver: $0) }, noise: noise,
      isSelective: isSelective)
  }

  /// Reception when every link sends on one block.
  ///
  /// - Parameters:
  ///   - gains: Linear power gains, transmitter by receiver. `[E, T, R]`, or `[E, K, T, R]` if selective.
  ///   - allocation: The block of each link, −1 for none. `[E, L]`
  ///   - powers: Transmit powers in watts, not negative. `[E, L]`
  ///   - reception: Every part of it is written.
  /// - Precondition: Blocks lie in −1..<K, and sizes agree.
  /// - Complexity: O(E L (L + K))
  public func evaluate(gains: Span<Float>, allocation: Span<Int32>, powers: Span<Float>, into reception: inout LinkReception) {
    let (copies, count) = (reception.copies, links.count)
    precondition(
      gains.count == copies * gainCount && allocation.count == copies * count && powers.count == copies * count
        && reception.signal.count == copies * count && reception.heard.count == copies * blocks * count,
      "SharedBlocks.evaluate: \(gains.count) gains, \(allocation.count) blocks, \(powers.count) powers for \(copies) copies of \(shape)")
    send(gains, allocation, powers, copies, heard: &reception.heard)
    receive(
      gains, allocation, powers, copies, heard: reception.heard, signal: &reception.signal, interference: &reception.interference,
      sinr: &reception.sinr)
  }

  private func send(_ gains: Span<Float>, _ allocation: Span<Int32>, _ powers: Span<Float>, _ copies: Int, heard: inout [Float]) {
    let count = links.count
    var heard = heard.mutableSpan
    for place in heard.indices { heard[place] = 0 }
    for copy in 0..<copies {
      for i in 0..<count {
        let block = Int(allocation[copy * count + i])
        precondition(block >= -1 && block < blocks, "SharedBlocks.evaluate: link \(i) on block \(block) of \(blocks)")
        if block >= 0 {
          add(i, powers[copy * count + i], gains, from: copy * gainCount, block: block, to: &heard, at: (copy * blocks + block) * count)
        }
      }
    }
  }

  private func receive(
    _ gains: Span<Float>, _ allocation: Span<Int32>, _ powers: Span<Float>, _ copies: Int, heard: [Float], signal: inout [Float],
    interference: inout [Float], sinr: inout [Float]
  ) {
    let count = links.count
    var signal = signal.mutableSpan
    var interference = interference.mutableSpan
    var sinr = sinr.mutableSpan
    let (links, noise, heard) = (links.span, noise.span, heard.span)
    for copy in 0..<copies {
      for n in 0..<count {
        let place = copy * count + n
        let block = Int(allocation[place])
        let used = block >= 0
        let own = used ? powers[place] * gains[copy * gainCount + gainPlace(links[n].transmitter, block) + links[n].receiver] : 0
        let others = used ? heard[(copy * blocks + block) * count + n] : 0
        signal[place] = own
        interference[place] = others
        sinr[place] = used ? own / (others + noise[block]) : 0
      }
    }
  }

  /// Reception when links may send on several blocks.
  ///
  /// - Parameters:
  ///   - gains: Linear power gains, transmitter by receiver. `[E, T, R]`, or `[E, K, T, R]` if selective.
  ///   - powers: Transmit powers in watts, not negative; 0 where a link does not use a block. `[E, K, L]`
  ///   - reception: Every part of it is written.
  /// - Precondition: Sizes agree.
  /// - Complexity: O(E L) for every link and block in use.
  public func evaluate(gains: Span<Float>, powers: Span<Float>, into reception: inout BlockReception) {
    let (copies, count) = (reception.copies, links.count)
    precondition(
      gains.count == copies * gainCount && powers.count == copies * blocks * count && reception.signal.count == powers.count,
      "SharedBlocks.evaluate: \(gains.count) gains, \(powers.count) powers for \(copies) copies of \(shape)")
    receive(gains, powers, copies, signal: &reception.signal, interference: &reception.interference, sinr: &reception.sinr)
  }

  private func receive(
    _ gains: Span<Float>, _ powers: Span<Float>, _ copies: Int, signal: inout [Float], interference: inout [Float], sinr: inout [Float]
  ) {
    let count = links.count
    var signal = signal.mutableSpan
    var interference = interference.mutableSpan
    var sinr = sinr.mutableSpan
    for place in interference.indices { interference[place] = 0 }
    let links = links.span
    for copy in 0..<copies {
      for block in 0..<blocks {
        let row = (copy * blocks + block) * count
        for i in 0..<count {
          let power = powers[row + i]
          signal[row + i] = power * gains[copy * gainCount + gainPlace(links[i].transmitter, block) + links[i].receiver]
          if power != 0 { add(i, power, gains, from: copy * gainCount, block: block, to: &interference, at: row) }
        }
        let noise = noise[block]
        for n in row..<row + count { sinr[n] = signal[n] / (interference[n] + noise) }
      }
    }
  }

  /// Sums over the blocks in rising order, as of the rates of a link on each.
  ///
  /// - Parameters:
  ///   - values: `[E, K, L]`
  ///   - totals: `[E, L]`
  public func sumOverBlocks(_ values: Span<Float>, into totals: inout MutableSpan<Float>) {
    let count = links.count
    precondition(values.count == totals.count * blocks, "SharedBlocks.sumOverBlocks: \(values.count) numbers into \(totals.count) for \(shape)")
    for copy in 0..<(count > 0 ? totals.count / count : 0) {
      for n in 0..<count { totals[copy * count + n] = 0 }
      for block in 0..<blocks {
        let row = (copy * blocks + block) * count
        for n in 0..<count { totals[copy * count + n] += values[row + n] }
      }
    }
  }

  private var shape: String { "\(transmitters) x \(receivers) gains\(isSelective ? " a block" : ""), \(links.count) links, \(blocks) blocks" }

  /// Where the gains of a transmitter begin.
  private func gainPlace(_ transmitter: Int, _ block: Int) -> Int {
    ((isSelective ? block * transmitters : 0) + transmitter) * receivers
  }

  /// Adds what link i sends to what all others receive.
  @inline(__always)
  private func add(
    _ i: Int, _ power: Float, _ gains: Span<Float>, from origin: Int, block: Int, to sums: inout MutableSpan<Float>, at row: Int
  ) {
    let count = links.count
    let start = origin + gainPlace(links[i].transmitter, block)
    // The callers have checked the sizes, and `init` every receiver. Sums of places cannot overflow; checks for it would keep loops scalar.
    if isAligned {
      // One loop without a condition, after which the own place gets back what it had.
      let own = unsafe sums[unchecked: row + i]
      for n in 0..<count { unsafe sums[unchecked: row &+ n] += power * gains[unchecked: start &+ n] }
      unsafe sums[unchecked: row + i] = own
    } else {
      let links = links.span
      for n in 0..<count where n != i { unsafe sums[unchecked: row &+ n] += power * gains[unchecked: start &+ links[unchecked: n].receiver] }
    }
  }
}
