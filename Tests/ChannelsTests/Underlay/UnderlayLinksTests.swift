import Channels
import Foundation
import Testing

@Suite struct UnderlayLinksTests {
  /// Received powers from the gains of a cell with two pairs and two blocks.
  private func powers(
    base: Double, pair: Double, toCellular: [Double], toReceivers: [Double], crossCellular: [[Double]], crossReceivers: [[Double]]
  ) -> [Float] {
    let layout = UnderlayLayout(pairs: 2, blocks: 2)
    var powers = Array(repeating: Float.nan, count: layout.count)
    for k in 0..<2 {
      powers[layout.base(toCellular: k)] = Float(base * toCellular[k])
      powers[layout.base(toReceiver: k)] = Float(base * toReceivers[k])
      // Only a feature of the state: no link equation may read it.
      powers[layout.base(toTransmitter: k)] = .nan
      for m in 0..<2 {
        powers[layout.transmitter(k, toCellular: m)] = Float(pair * crossCellular[k][m])
        powers[layout.transmitter(k, toReceiver: m)] = Float(pair * crossReceivers[k][m])
      }
    }
    return powers
  }

  private func close(_ values: [Float], _ expected: [Double]) -> Bool {
    values.count == expected.count && zip(values, expected).allSatisfy { abs(Double($0) - $1) <= 1.2e-6 * abs($1) }
  }

  struct Row: Sendable {
    var allocation: [Int32]
    var cellularSINR: [Double]
    var cellularRates: [Double] = []
    var pairSINR: [Double]
    var pairRates: [Double] = []
    var rewards: [Double]
    var interference: [Double] = []
    var cellularOutages = 0
  }

  /// Round numbers, worked by hand: base power 2, pair power 1, noise ½. The last two rows of pair SINR would be
  /// 4 and 1.6 if the matrix of cross gains were read transposed.
  @Test(arguments: [
    Row(
      allocation: [0, 1], cellularSINR: [8, 2.6666667], cellularRates: [3.169925, 1.8744691],
      pairSINR: [5.3333333, 2], pairRates: [2.6629650, 1.5849625], rewards: [2.6629650, 1.5849625], interference: [1, 0.5]),
    Row(
      allocation: [1, 0], cellularSINR: [5.3333333, 0.57142857], cellularRates: [2.6629650, 0.6520767],
      pairSINR: [5.3333333, 2], pairRates: [2.6629650, 1.5849625], rewards: [-1, 1.5849625], interference: [1, 0.5],
      cellularOutages: 1),
    Row(
      allocation: [0, 0], cellularSINR: [4, 4], cellularRates: [2.3219281, 2.3219281],
      pairSINR: [4.5714286, 1.3333333], pairRates: [2.4780473, 1.2223924], rewards: [2.4780473, 1.2223924],
      interference: [1.25, 1]),
    Row(
      allocation: [1, 1], cellularSINR: [16, 0.53333333], cellularRates: [4.0874628, 0.6166714],
      pairSINR: [4.5714286, 1.3333333], pairRates: [2.4780473, 1.2223924], rewards: [-1, -1], interference: [1.25, 1],
      cellularOutages: 1),
  ])
  func roundNumbers(row: Row) {
    let links = UnderlayLinks(layout: UnderlayLayout(pairs: 2, blocks: 2), noise: Watts(0.5))
    let powers = powers(
      base: 2, pair: 1, toCellular: [4, 1], toReceivers: [0.5, 0.25], crossCellular: [[0.5, 3], [1, 0.25]],
      crossReceivers: [[8, 0.5], [0.25, 2]])
    var outcome = UnderlayOutcome(pairs: 2, blocks: 2)
    links.evaluate(powers, allocation: row.allocation, into: &outcome)
    #expect(close(outcome.cellularSINR, row.cellularSINR))
    #expect(close(outcome.cellularRates, row.cellularRates))
    #expect(close(outcome.pairSINR, row.pairSINR))
    #expect(close(outcome.pairRates, row.pairRates))
    #expect(close(outcome.rewards, row.rewards))
    #expect(outcome.interference.map(Double.init) == row.interference)
    #expect(outcome.blocksUsed == Set(row.allocation).count)
    #expect(LinkQuality.outages(sinr: outcome.cellularSINR, threshold: links.cellularThreshold) == row.cellularOutages)
  }

  /// Physical units: powers and losses in decibels, distances in metres, through the path-loss models.
  @Test(arguments: [
    (
      0.0,
      [
        Row(allocation: [0, 1], cellularSINR: [13.12555, 50.30481], pairSINR: [110.1876, 10321.32], rewards: [6.796852, 13.33348]),
        Row(allocation: [1, 0], cellularSINR: [1.701104, 0.01592798], pairSINR: [110.1876, 10321.32], rewards: [-1, 13.33348]),
        Row(allocation: [0, 0], cellularSINR: [1.505936, 27456.71], pairSINR: [101.5534, 8573.397], rewards: [6.680231, 13.06582]),
        Row(allocation: [1, 1], cellularSINR: [579234.9, 0.01592295], pairSINR: [101.5534, 8573.397], rewards: [-1, -1]),
      ]
    ),
    (
      28.0,
      [
        Row(
          allocation: [0, 1], cellularSINR: [8165.103, 14734.26], pairSINR: [0.1746356, 16.35820], rewards: [0.2322132, 4.117545]),
        Row(
          allocation: [1, 0], cellularSINR: [1071.342, 10.04620], pairSINR: [0.1746356, 16.35820], rewards: [0.2322132, 4.117545]),
        Row(
          allocation: [0, 0], cellularSINR: [948.6275, 27456.71], pairSINR: [0.1746120, 16.35291], rewards: [0.2321843, 4.117106]),
        Row(
          allocation: [1, 1], cellularSINR: [579234.9, 10.04303], pairSINR: [0.1746120, 16.35291], rewards: [0.2321843, 4.117106]),
      ]
    ),
  ])
  func physicalUnits(referenceDB: Double, rows: [Row]) {
    var cell = UnderlayCell()
    cell.pairs = 2
    cell.resourceBlocks = 2
    cell.pairLossAtOneMeterDB = referenceDB
    func base(_ distance: Double) -> Double { (-cell.basePathLoss.loss(at: Meters(distance))).linear }
    func pair(_ distance: Double) -> Double { (-cell.pairPathLoss.loss(at: Meters(distance))).linear }
    #expect(abs(cell.basePowerOnBlock.value - 39.810717) < 1e-6)
    #expect(abs(cell.pairPower.value - 0.019952623) < 1e-9)
    #expect(abs(cell.noise.value / 4.521395577e-15 - 1) < 1e-9)
    let powers = powers(
      base: cell.basePowerOnBlock.value, pair: cell.pairPower.value, toCellular: [base(200), base(450)],
      toReceivers: [base(250), base(400)], crossCellular: [[pair(100), pair(40)], [pair(60), pair(300)]],
      crossReceivers: [[pair(20), pair(150)], [pair(120), pair(10)]])
    let links = UnderlayLinks(cell)
    var outcome = UnderlayOutcome(pairs: 2, blocks: 2)
    for row in rows {
      links.evaluate(powers, allocation: row.allocation, into: &outcome)
      #expect(close(outcome.cellularSINR, row.cellularSINR))
      #expect(close(outcome.pairSINR, row.pairSINR))
      #expect(close(outcome.rewards, row.rewards))
    }
  }

  /// A cell of random powers, and eqs. 1 and 2 by brute force in double precision.
  @Test func agreesWithLoopsOverAllLinks() {
    let layout = UnderlayLayout(pairs: 13, blocks: 4)
    // Two copies; the second is evaluated.
    var powers: [Float] = []
    for link in 0..<2 * layout.count { powers.append(Float((link &* 2_654_435_761) % 1009 + 1) / 100) }
    var allocation: [Int32] = []
    for row in 0..<26 { allocation.append(Int32((row * 7 + row / 5) % 3)) }
    var links = UnderlayLinks(
      layout: layout, noise: Watts(0.3), cellularThreshold: Decibels(-7), pairThreshold: Decibels(-3), negativeReward: -2.5)
    for baseInterference in [true, false] {
      links.baseInterference = baseInterference
      var outcome = UnderlayOutcome(pairs: 13, blocks: 4)
      links.evaluate(powers, allocation: allocation, copy: 1, into: &outcome)
      var onBlocks = Array(repeating: Float(0), count: 13 * 4)
      links.interferenceOnBlocks(powers, allocation: allocation, copy: 1, into: &onBlocks)
      func power(_ link: Int) -> Double { Double(powers[layout.count + link]) }
      func block(_ pair: Int) -> Int { Int(allocation[13 + pair]) }
      var cellular: [Double] = []
      for k in 0..<4 {
        var interference = 0.0
        for n in 0..<13 where block(n) == k { interference += power(layout.transmitter(n, toCellular: k)) }
        cellular.append(power(layout.base(toCellular: k)) / (interference + 0.3))
      }
      #expect(close(outcome.cellularSINR, cellular))
      for n in 0..<13 {
        for k in 0..<4 {
          var interference = baseInterference ? power(layout.base(toReceiver: n)) : 0
          for i in 0..<13 where i != n && block(i) == k { interference += power(layout.transmitter(i, toReceiver: n)) }
          #expect(abs(Double(onBlocks[n * 4 + k]) - interference) <= 1e-5 * interference)
          guard k == block(n) else { continue }
          let sinr = power(layout.transmitter(n, toReceiver: n)) / (interference + 0.3)
          #expect(abs(Double(outcome.pairSINR[n]) - sinr) < 1e-5 * sinr)
          let allowed = cellular[k] >= Decibels(-7).linear
          #expect(outcome.rewards[n] == (allowed ? outcome.pairRates[n] : -2.5))
        }
      }
      #expect(outcome.rewards.contains(-2.5) && outcome.rewards.contains { $0 > 0 })
      #expect(outcome.blocksUsed == 3)
    }
  }

  /// The round numbers above with two power levels and sets of up to both blocks, worked by hand. Actions are {0} at ½ and 1, {1} at ½ and 1,
  /// {0, 1} at ¼ and ½ on each block.
  @Test func roundNumbersWithSetsAndLevels() {
    let layout = UnderlayLayout(pairs: 2, blocks: 2)
    let links = UnderlayLinks(layout: layout, actions: UnderlayActions(blocks: 2, blocksPerSet: 2, powerLevels: 2), noise: Watts(0.5))
    let powers = powers(
      base: 2, pair: 1, toCellular: [4, 1], toReceivers: [0.5, 0.25], crossCellular: [[0.5, 3], [1, 0.25]],
      crossReceivers: [[8, 0.5], [0.25, 2]])
    var outcome = links.outcome()
    var onBlocks = Array(repeating: Float(0), count: 4)

    // Pair 0 on both at ½, pair 1 on block 1 at ½. User 1 hears 3/2 + 1/8, which puts him, and with him both pairs, below 0 dB.
    links.evaluate(powers, allocation: [5, 2], into: &outcome)
    #expect(close(outcome.cellularSINR, [8 / 0.75, 2 / 2.125]))
    #expect(close(outcome.cellularRates, [3.5443205, 0.9569313]))
    #expect(close(outcome.pairSINR, [4 / 1.5, 4 / 1.625, 0.8, 0]))
    #expect(close(outcome.blockRates, [1.8744691, 1.7914134, 0.8479969, 0]))
    #expect(close(outcome.pairRates, [3.6658825, 0.8479969]))
    #expect(outcome.blockInterference == [1, 1.125, 0.75, 0])
    #expect(outcome.interference == [1.0625, 0.75])
    #expect(outcome.rewards == [-1, -1])
    #expect(outcome.cellularOutages == 1 && outcome.pairOutages == 1 && outcome.blocksUsed == 2)
    links.interferenceOnBlocks(powers, allocation: [5, 2], into: &onBlocks)
    #expect(onBlocks == [1, 1.125, 0.75, 0.75])

    // Pair 0 on both at ¼, pair 1 on block 0 alone at full power: nobody is in outage, and (1 + 8/7) (1 + 4/3) = 5.
    links.evaluate(powers, allocation: [4, 1], into: &outcome)
    #expect(close(outcome.cellularSINR, [8 / 1.625, 1.6]))
    #expect(close(outcome.cellularRates, [2.5663468, 1.3785116]))
    #expect(close(outcome.pairSINR, [8.0 / 7, 4.0 / 3, 16.0 / 9, 0]))
    #expect(close(outcome.pairRates, [2.3219281, 1.4739312]))
    #expect(outcome.interference == [1.125, 0.625])
    #expect(outcome.rewards == outcome.pairRates)
    #expect(outcome.cellularOutages == 0 && outcome.pairOutages == 0 && outcome.blocksUsed == 2)
  }

  /// The mean rate over a set decides on outage, not that on any of its blocks: with 2 dB pair 0 has log₂ 5 / 2 = 1.161 < log₂(1 + 10^0.2) = 1.370,
  /// pair 1 has 16/9 > 10^0.2 = 1.585.
  @Test func thePairThresholdIsHeldAgainstTheMeanRate() {
    let layout = UnderlayLayout(pairs: 2, blocks: 2)
    var links = UnderlayLinks(
      layout: layout, actions: UnderlayActions(blocks: 2, blocksPerSet: 2, powerLevels: 2), noise: Watts(0.5), pairThreshold: Decibels(2))
    let powers = powers(
      base: 2, pair: 1, toCellular: [4, 1], toReceivers: [0.5, 0.25], crossCellular: [[0.5, 3], [1, 0.25]],
      crossReceivers: [[8, 0.5], [0.25, 2]])
    var outcome = links.outcome()
    links.evaluate(powers, allocation: [4, 1], into: &outcome)
    #expect(outcome.pairOutages == 1)
    // Block 0 alone has 8/7 < 1.2 < 4/3: the mean rate lies above.
    links.pairThreshold = 1.2
    links.evaluate(powers, allocation: [4, 1], into: &outcome)
    #expect(outcome.pairOutages == 0)
    links.pairThreshold = 1.8
    links.evaluate(powers, allocation: [4, 1], into: &outcome)
    #expect(outcome.pairOutages == 2)
  }

  /// Sets and levels at random against eqs. 1-7 by loops over all links in double precision.
  @Test(arguments: [(1, 5), (2, 1), (3, 4)]) func setsAndLevelsAgreeWithLoopsOverAllLinks(blocksPerSet: Int, powerLevels: Int) {
    let (pairs, blocks) = (9, 5)
    let layout = UnderlayLayout(pairs: pairs, blocks: blocks)
    let actions = UnderlayActions(blocks: blocks, blocksPerSet: blocksPerSet, powerLevels: powerLevels)
    let threshold = Decibels(-9).linear
    let pairThreshold = Decibels(-6).linear
    let links = UnderlayLinks(
      layout: layout, actions: actions, noise: Watts(0.3), cellularThreshold: Decibels(-9), pairThreshold: Decibels(-6), negativeReward: -2.5)
    var punished = 0
    for trial in 0..<40 {
      var generator = RandomStream(seed: 5, purpose: .exploration, index: blocksPerSet).generator(step: trial)
      let powers = (0..<2 * layout.count).map { _ in Float(0.01 + generator.uniform() * 10) }
      let allocation = (0..<2 * pairs).map { _ in Int32(generator.integer(below: actions.count)) }
      var outcome = links.outcome()
      links.evaluate(powers, allocation: allocation, copy: 1, into: &outcome)
      var onBlocks = Array(repeating: Float(0), count: pairs * blocks)
      links.interferenceOnBlocks(powers, allocation: allocation, copy: 1, into: &onBlocks)

      func power(_ link: Int) -> Double { Double(powers[layout.count + link]) }
      // p_n,k / P_d from the definition: the set's number by size and order, the level by the remainder.
      var part = Array(repeating: Array(repeating: 0.0, count: blocks), count: pairs)
      for n in 0..<pairs {
        let action = Int(allocation[pairs + n])
        let set = actions.blocks(of: action / powerLevels * powerLevels)
        for k in set { part[n][k] = Double(action % powerLevels + 1) / Double(powerLevels) / Double(set.count) }
      }
      let cellular = (0..<blocks).map { k in
        power(layout.base(toCellular: k)) / ((0..<pairs).reduce(0.3) { $0 + part[$1][k] * power(layout.transmitter($1, toCellular: k)) })
      }
      #expect(close(outcome.cellularSINR, cellular))
      var outages = 0
      for n in 0..<pairs {
        var (rate, heard, size, allowed) = (0.0, 0.0, 0.0, true)
        for k in 0..<blocks {
          var interference = power(layout.base(toReceiver: n))
          for i in 0..<pairs where i != n { interference += part[i][k] * power(layout.transmitter(i, toReceiver: n)) }
          #expect(abs(Double(onBlocks[n * blocks + k]) - interference) <= 1e-5 * interference)
          guard part[n][k] > 0 else { continue }
          rate += log2(1 + part[n][k] * power(layout.transmitter(n, toReceiver: n)) / (interference + 0.3))
          heard += interference
          size += 1
          allowed = allowed && cellular[k] >= threshold
        }
        // 1 + ξ is rounded to 6 · 10⁻⁸, for each of up to three blocks.
        #expect(abs(Double(outcome.pairRates[n]) - rate) < 1e-5 * rate + 3e-7)
        #expect(abs(Double(outcome.interference[n]) - heard / size) < 1e-5 * heard)
        #expect(outcome.rewards[n] == (allowed ? outcome.pairRates[n] : -2.5))
        outages += rate / size < log2(1 + pairThreshold) ? 1 : 0
        punished += allowed ? 0 : 1
      }
      #expect(outcome.pairOutages == outages)
      #expect(outcome.cellularOutages == cellular.count { $0 < threshold })
      #expect(outcome.blocksUsed == (0..<blocks).count { k in part.contains { $0[k] > 0 } })
    }
    #expect(punished > 0 && punished < 40 * pairs)
  }

  @Test func aBlockThatDoesNotExistIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let links = UnderlayLinks(layout: UnderlayLayout(pairs: 1, blocks: 2), noise: Watts(1))
      var outcome = UnderlayOutcome(pairs: 1, blocks: 2)
      links.evaluate(Array(repeating: 1, count: links.layout.count), allocation: [2], into: &outcome)
    }
  }

  /// Where own links fade on each block by themselves, the signal is that of the block used; all else is as with one gain for all blocks. Round numbers:
  /// base station 1 at both receivers, pair 1 on block 1 hears nobody else, noise ½.
  @Test func ownLinksOfEachBlock() {
    let layout = UnderlayLayout(pairs: 2, blocks: 2, separatesBlocks: true)
    var powers = Array(repeating: Float(0), count: layout.count)
    for k in 0..<2 {
      powers[layout.base(toCellular: k)] = 100
      powers[layout.base(toReceiver: k)] = 1
      // Nobody reads the gain for all blocks now.
      powers[layout.transmitter(k, toReceiver: k)] = .nan
    }
    for (place, power) in [3, 6, 9, 12].enumerated() { powers[layout.own(place / 2, on: place % 2)] = Float(power) }
    let links = UnderlayLinks(layout: layout, noise: Watts(0.5))
    var outcome = links.outcome()
    links.evaluate(powers, allocation: [0, 1], into: &outcome)
    #expect(close(outcome.pairSINR, [2, 8]))
    links.evaluate(powers, allocation: [1, 0], into: &outcome)
    #expect(close(outcome.pairSINR, [4, 6]))
    // Both blocks at half the power each, and one block alone at half.
    let sets = UnderlayLinks(layout: layout, actions: UnderlayActions(blocks: 2, blocksPerSet: 2, powerLevels: 2), noise: Watts(0.5))
    var wide = sets.outcome()
    sets.evaluate(powers, allocation: [5, 2], into: &wide)
    #expect(close(wide.pairSINR, [1, 2, 4, 0]))
  }
}
