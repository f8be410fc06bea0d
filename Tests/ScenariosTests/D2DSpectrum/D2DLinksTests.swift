import Channels
import Scenarios
import Testing

@Suite struct D2DLinksTests {
  /// Received powers from the gains of a cell with two pairs and two blocks.
  private func powers(
    base: Double, pair: Double, toCellular: [Double], toReceivers: [Double], crossCellular: [[Double]], crossReceivers: [[Double]]
  ) -> [Float] {
    let layout = D2DLayout(pairs: 2, blocks: 2)
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
    let links = D2DLinks(layout: D2DLayout(pairs: 2, blocks: 2), noise: Watts(0.5))
    let powers = powers(
      base: 2, pair: 1, toCellular: [4, 1], toReceivers: [0.5, 0.25], crossCellular: [[0.5, 3], [1, 0.25]],
      crossReceivers: [[8, 0.5], [0.25, 2]])
    var outcome = D2DOutcome(pairs: 2, blocks: 2)
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
    var parameters = D2DParameters()
    parameters.pairs = 2
    parameters.resourceBlocks = 2
    parameters.pairLossAtOneMeterDB = referenceDB
    func base(_ distance: Double) -> Double { (-parameters.basePathLoss.loss(at: Meters(distance))).linear }
    func pair(_ distance: Double) -> Double { (-parameters.pairPathLoss.loss(at: Meters(distance))).linear }
    #expect(abs(parameters.basePowerOnBlock.value - 39.810717) < 1e-6)
    #expect(abs(parameters.pairPower.value - 0.019952623) < 1e-9)
    #expect(abs(parameters.noise.value / 4.521395577e-15 - 1) < 1e-9)
    let powers = powers(
      base: parameters.basePowerOnBlock.value, pair: parameters.pairPower.value, toCellular: [base(200), base(450)],
      toReceivers: [base(250), base(400)], crossCellular: [[pair(100), pair(40)], [pair(60), pair(300)]],
      crossReceivers: [[pair(20), pair(150)], [pair(120), pair(10)]])
    let links = D2DLinks(parameters)
    var outcome = D2DOutcome(pairs: 2, blocks: 2)
    for row in rows {
      links.evaluate(powers, allocation: row.allocation, into: &outcome)
      #expect(close(outcome.cellularSINR, row.cellularSINR))
      #expect(close(outcome.pairSINR, row.pairSINR))
      #expect(close(outcome.rewards, row.rewards))
    }
  }

  /// A cell of random powers, and eqs. 1 and 2 by brute force in double precision.
  @Test func agreesWithLoopsOverAllLinks() {
    let layout = D2DLayout(pairs: 13, blocks: 4)
    // Two copies; the second is evaluated.
    var powers: [Float] = []
    for link in 0..<2 * layout.count { powers.append(Float((link &* 2_654_435_761) % 1009 + 1) / 100) }
    var allocation: [Int32] = []
    for row in 0..<26 { allocation.append(Int32((row * 7 + row / 5) % 3)) }
    var links = D2DLinks(
      layout: layout, noise: Watts(0.3), cellularThreshold: Decibels(-7), pairThreshold: Decibels(-3), negativeReward: -2.5)
    for baseInterference in [true, false] {
      links.baseInterference = baseInterference
      var outcome = D2DOutcome(pairs: 13, blocks: 4)
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

  @Test func aBlockThatDoesNotExistIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let links = D2DLinks(layout: D2DLayout(pairs: 1, blocks: 2), noise: Watts(1))
      var outcome = D2DOutcome(pairs: 1, blocks: 2)
      links.evaluate(Array(repeating: 1, count: links.layout.count), allocation: [2], into: &outcome)
    }
  }
}
