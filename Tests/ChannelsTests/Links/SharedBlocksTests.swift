import Channels
import Testing

@Suite struct SharedBlocksTests {
  /// Random gains and powers between 0 and 1 over twelve orders of magnitude, and blocks.
  struct Sample {
    var shared: SharedBlocks
    var copies: Int
    var gains: [Float]
    var allocation: [Int32]
    var powers: [Float]

    init(_ shared: SharedBlocks, copies: Int, seed: UInt64) {
      self.shared = shared
      self.copies = copies
      var generator = RandomStream(seed: seed, purpose: .environment).generator()
      let exponents = -12...0
      gains = (0..<copies * shared.gainCount).map { _ in
        Float.random(in: 0.5..<1, using: &generator) * Float(Math.pow(10, Double(Int.random(in: exponents, using: &generator))))
      }
      allocation = (0..<copies * shared.links.count).map { _ in Int32.random(in: -1..<Int32(shared.blocks), using: &generator) }
      powers = allocation.map { _ in Float.random(in: 0.01..<0.3, using: &generator) }
    }

    func evaluate() -> LinkReception {
      var reception = LinkReception(for: shared, copies: copies)
      shared.evaluate(gains: gains.span, allocation: allocation.span, powers: powers.span, into: &reception)
      return reception
    }

    func evaluateAll(_ blockPowers: [Float]) -> BlockReception {
      var reception = BlockReception(for: shared, copies: copies)
      shared.evaluate(gains: gains.span, powers: blockPowers.span, into: &reception)
      return reception
    }

    /// Powers by block: each link's power on its own block, zero elsewhere. `[E, K, L]`
    var powersByBlock: [Float] {
      let (blocks, count) = (shared.blocks, shared.links.count)
      var result = [Float](repeating: 0, count: copies * blocks * count)
      for copy in 0..<copies {
        for n in 0..<count where allocation[copy * count + n] >= 0 {
          result[(copy * blocks + Int(allocation[copy * count + n])) * count + n] = powers[copy * count + n]
        }
      }
      return result
    }

    /// The equation itself in double precision: signal, interference and ratio of a link on a block, by one loop over all links.
    func brute(_ blockPowers: [Float], copy: Int, link n: Int, block: Int) -> (Double, Double, Double) {
      func power(_ i: Int) -> Double { Double(blockPowers[copy * shared.blocks * shared.links.count + block * shared.links.count + i]) }
      func gain(_ i: Int) -> Double {
        let matrix = shared.isSelective ? copy * shared.blocks + block : copy
        let pair = (shared.links[i].transmitter, shared.links[n].receiver)
        return Double(gains[matrix * shared.transmitters * shared.receivers + pair.0 * shared.receivers + pair.1])
      }
      var others = 0.0
      for i in shared.links.indices.reversed() where i != n { others += power(i) * gain(i) }
      let own = power(n) * gain(n)
      return (own, others, own / (others + Double(shared.noise[block])))
    }
  }

  /// Shared transmitters, shared receivers, a receiver that nobody addresses, and links in no order.
  static func mixed(isSelective: Bool) -> SharedBlocks {
    let ends = [(4, 6), (0, 0), (0, 1), (3, 1), (1, 2), (2, 2), (1, 4), (4, 3), (2, 6)]
    return SharedBlocks(
      transmitters: 5, receivers: 7, links: ends.map { SharedBlocks.Link(transmitter: $0.0, receiver: $0.1) },
      noise: [1e-9, 2e-9, 5e-4, 1e-15], isSelective: isSelective)
  }

  static func layouts() -> [SharedBlocks] {
    let noise: [Float] = [1e-9, 2e-9, 5e-4]
    return [mixed(isSelective: false), mixed(isSelective: true)] + [1, 2, 17].map { SharedBlocks(pairs: $0, noise: noise) } + [
      SharedBlocks(pairs: 6, noise: noise, isSelective: true)
    ]
  }

  private func isClose(_ a: Float, _ b: Double) -> Bool {
    // Two roundings a term and one a sum of at most 17 positive terms.
    abs(Double(a) - b) <= 20 * 0x1p-24 * b
  }

  @Test(arguments: 0..<6) func ratiosAreThoseOfThePlainEquation(index: Int) {
    let shared = SharedBlocksTests.layouts()[index]
    let sample = Sample(shared, copies: 3, seed: UInt64(index))
    let count = shared.links.count
    let reception = sample.evaluate()
    let blockPowers = sample.powersByBlock
    for copy in 0..<3 {
      for n in 0..<count {
        let place = copy * count + n
        let block = Int(sample.allocation[place])
        if block < 0 {
          #expect(reception.signal[place] == 0 && reception.interference[place] == 0 && reception.sinr[place] == 0)
        } else {
          let (signal, interference, sinr) = sample.brute(blockPowers, copy: copy, link: n, block: block)
          #expect(isClose(reception.signal[place], signal) && isClose(reception.interference[place], interference))
          #expect(isClose(reception.sinr[place], sinr))
        }
        for k in 0..<shared.blocks {
          let heard = reception.heard[(copy * shared.blocks + k) * count + n]
          #expect(isClose(heard, sample.brute(blockPowers, copy: copy, link: n, block: k).1))
        }
      }
    }
  }

  @Test(arguments: 0..<6) func severalBlocksALinkAreThoseOfThePlainEquation(index: Int) {
    let shared = SharedBlocksTests.layouts()[index]
    let sample = Sample(shared, copies: 2, seed: UInt64(10 + index))
    let count = shared.links.count
    var generator = RandomStream(seed: UInt64(20 + index), purpose: .environment).generator()
    let blockPowers = (0..<2 * shared.blocks * count).map { _ in
      Bool.random(using: &generator) ? Float.random(in: 0.01..<0.3, using: &generator) : 0
    }
    let reception = sample.evaluateAll(blockPowers)
    for copy in 0..<2 {
      for k in 0..<shared.blocks {
        for n in 0..<count {
          let place = (copy * shared.blocks + k) * count + n
          let (signal, interference, sinr) = sample.brute(blockPowers, copy: copy, link: n, block: k)
          #expect(isClose(reception.signal[place], signal) && isClose(reception.interference[place], interference))
          #expect(isClose(reception.sinr[place], sinr))
        }
      }
    }
  }

  @Test(arguments: 0..<6) func oneBlockALinkIsTheSpecialCase(index: Int) {
    let shared = SharedBlocksTests.layouts()[index]
    let sample = Sample(shared, copies: 4, seed: UInt64(30 + index))
    let (one, all) = (sample.evaluate(), sample.evaluateAll(sample.powersByBlock))
    #expect(one.heard == all.interference)
    let count = shared.links.count
    for place in one.sinr.indices where sample.allocation[place] >= 0 {
      let there = (place / count * shared.blocks + Int(sample.allocation[place])) * count + place % count
      #expect(one.signal[place] == all.signal[there] && one.sinr[place] == all.sinr[there])
    }
  }

  @Test(arguments: 0..<6) func manyCopiesAreSingleCopies(index: Int) {
    let shared = SharedBlocksTests.layouts()[index]
    let together = Sample(shared, copies: 64, seed: UInt64(40 + index))
    let reception = together.evaluate()
    let all = together.evaluateAll(together.powersByBlock)
    let count = shared.links.count
    for copy in 0..<64 {
      var alone = Sample(shared, copies: 1, seed: 0)
      alone.gains = Array(together.gains[copy * shared.gainCount..<(copy + 1) * shared.gainCount])
      alone.allocation = Array(together.allocation[copy * count..<(copy + 1) * count])
      alone.powers = Array(together.powers[copy * count..<(copy + 1) * count])
      let one = alone.evaluate()
      #expect(one.sinr[...] == reception.sinr[copy * count..<(copy + 1) * count])
      #expect(one.heard[...] == reception.heard[copy * shared.blocks * count..<(copy + 1) * shared.blocks * count])
      #expect(alone.evaluateAll(alone.powersByBlock).sinr[...] == all.sinr[copy * shared.blocks * count..<(copy + 1) * shared.blocks * count])
    }
  }

  @Test func usersInAnotherOrderHaveTheSameRatios() {
    let shared = SharedBlocks(pairs: 12, noise: [1e-9, 1e-9])
    let sample = Sample(shared, copies: 1, seed: 51)
    let order = (0..<12).map { $0 * 5 % 12 }
    var other = sample
    for n in 0..<12 {
      other.allocation[n] = sample.allocation[order[n]]
      other.powers[n] = sample.powers[order[n]]
      for i in 0..<12 { other.gains[i * 12 + n] = sample.gains[order[i] * 12 + order[n]] }
    }
    let (a, b) = (sample.evaluate(), other.evaluate())
    // Only the order of the sums differs.
    for n in 0..<12 { #expect(isClose(b.sinr[n], Double(a.sinr[order[n]]))) }
    // Links in another order over the same gains, so that link n no longer goes to receiver n.
    var links = sample
    links.shared = SharedBlocks(
      transmitters: 12, receivers: 12, links: order.map { SharedBlocks.Link(transmitter: $0, receiver: $0) }, noise: shared.noise)
    links.allocation = other.allocation
    links.powers = other.powers
    #expect(links.evaluate() == b)
  }

  @Test func reversedLinksDisturbEachOtherAlike() {
    let shared = SharedBlocks(pairs: 5, noise: [1e-9])
    let forward = Sample(shared, copies: 1, seed: 52)
    var backward = forward
    for i in 0..<5 {
      for n in 0..<5 { backward.gains[n * 5 + i] = forward.gains[i * 5 + n] }
    }
    for i in 0..<5 {
      for n in 0..<5 where n != i {
        // Two links alone with equal powers.
        var (a, b) = (forward, backward)
        a.allocation = (0..<5).map { $0 == i || $0 == n ? 0 : -1 }
        a.powers = Array(repeating: 0.1, count: 5)
        (b.allocation, b.powers) = (a.allocation, a.powers)
        #expect(a.evaluate().interference[n] == b.evaluate().interference[i])
        #expect(a.evaluate().signal == b.evaluate().signal)
      }
    }
  }

  @Test func interferenceFarBelowTheSignalKeepsItsDigits() {
    let sample = SharedBlocks(pairs: 2, noise: [0])
    var reception = LinkReception(for: sample)
    let gains: [Float] = [1, 3e-12, 7e-13, 1]
    let blocks: [Int32] = [0, 0]
    let powers: [Float] = [1, 1]
    sample.evaluate(gains: gains.span, allocation: blocks.span, powers: powers.span, into: &reception)
    #expect(reception.interference == [7e-13, 3e-12])
  }

  @Test func totalsRunOverBlocks() {
    let shared = SharedBlocks(pairs: 2, noise: [1, 1, 1])
    let values: [Float] = [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60]
    var totals: [Float] = [0, 0, 0, 0]
    var span = totals.mutableSpan
    shared.sumOverBlocks(values.span, into: &span)
    #expect(totals == [9, 12, 90, 120])
  }

  @Test func noLinksAndNoCopies() {
    let none = Sample(SharedBlocks(transmitters: 1, receivers: 1, links: [], noise: [1]), copies: 2, seed: 1)
    #expect(none.evaluate().sinr.isEmpty && none.evaluateAll([]).sinr.isEmpty)
    let nobody = Sample(SharedBlocks(pairs: 3, noise: [1]), copies: 0, seed: 1)
    #expect(nobody.evaluate().heard.isEmpty)
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = SharedBlocks(transmitters: 1, receivers: 2, links: [SharedBlocks.Link(transmitter: 0, receiver: 2)], noise: [1])
    }
    await #expect(processExitsWith: .failure) {
      var sample = Sample(SharedBlocks(pairs: 2, noise: [1]), copies: 1, seed: 1)
      sample.allocation = [0, 1]
      _ = sample.evaluate()
    }
    await #expect(processExitsWith: .failure) {
      var sample = Sample(SharedBlocks(pairs: 2, noise: [1]), copies: 1, seed: 1)
      sample.gains.removeLast()
      _ = sample.evaluate()
    }
    await #expect(processExitsWith: .failure) {
      _ = Sample(SharedBlocks(pairs: 2, noise: [1]), copies: 1, seed: 1).evaluateAll([1])
    }
    await #expect(processExitsWith: .failure) {
      let values: [Float] = [1, 2, 3]
      var totals: [Float] = [0, 0]
      var span = totals.mutableSpan
      SharedBlocks(pairs: 2, noise: [1]).sumOverBlocks(values.span, into: &span)
    }
  }
}
