import Channels
import Tensor
import Testing

@Suite struct MulticellAllocationsTests {
  private typealias Samples = MulticellSamples

  /// Vector A's selfish water-filling.
  @Test func selfishByHand() {
    let gains = Samples.pair(weak: false)
    var powers = MulticellPowers(gains, budget: 2)
    var allocations = MulticellAllocations(gains)
    allocations.fillSelfishly(&powers, in: gains)
    #expect(Samples.distance(Samples.get(powers), [[1.05, 0.95], [0.979167, 1.020833]]) < 1e-6)
    var rates = MulticellRates(gains)
    rates.evaluate(powers, in: gains)
    #expect(abs(rates.userRates[0] - 2.611435) < 2e-6 && abs(rates.userRates[1] - 3.557254) < 2e-6)
  }

  /// A split leaves no interference, spends every budget, and is what water-filling over a cell's own frequencies gives.
  @Test func aSplitIsOrthogonal() {
    let gains = MulticellChannel(Samples.uneven, copies: 9, seed: 8).gains
    var powers = MulticellPowers(gains, budget: 2)
    var allocations = MulticellAllocations(gains)
    allocations.fillOrthogonally(&powers, in: gains)
    let cells = gains.network.cellsOfUsers
    for index in 0..<9 {
      for user in 0..<9 {
        let own = (0..<5).filter { $0 % 3 == cells[user] }
        let levels = own.map { 1 / gains.own(realization: index, frequency: $0, user: user) }
        let expected = Samples.fill(levels, 2).powers
        for f in 0..<5 {
          let power = Double(powers[network: index, frequency: f, user: user])
          #expect(abs(power - (own.firstIndex(of: f).map { expected[$0] } ?? 0)) < 1e-5)
        }
      }
    }
  }

  @Test(arguments: RandomAllocation.allCases) func randomAllocationsSpendWhatTheySay(allocation: RandomAllocation) {
    let gains = MulticellGains(Samples.usual, lanes: NetworkLanes(realizations: 200))
    var powers = MulticellPowers(gains, budget: 600)
    var allocations = MulticellAllocations(gains)
    allocations.draw(allocation, into: &powers) { RandomStream(seed: 1, purpose: .environment, index: $0) }
    var (shares, whole) = ([Double](), 0)
    for index in 0..<200 {
      for row in Samples.get(powers, network: index) {
        #expect(row.allSatisfy { $0 >= 0 })
        let sum = row.reduce(0, +)
        if allocation == .unscaled { #expect(sum > 0 && sum < 600) } else { #expect(abs(sum - 600) < 1e-3) }
        shares.append(row[2] / 600)
        if row.filter({ $0 > 0 }).count == 1 { whole += 1 }
      }
    }
    #expect((whole == 2400) == (allocation == .oneFrequency) && (whole == 0) == (allocation != .oneFrequency))
    // The mean of 2400 shares in [0, 1]: five standard deviations of a share of at most ½.
    let mean = shares.reduce(0, +) / 2400
    #expect(abs(mean - (allocation == .unscaled ? 1.0 / 12 : 1.0 / 6)) < 5 * 0.5 / 2400.0.squareRoot())
  }

  /// Networks draw by their own streams.
  @Test func drawsDependOnTheStreamAlone() {
    let many = Samples.random(MulticellGains(Samples.usual, lanes: NetworkLanes(realizations: 12)), budget: 6, seed: 3)
    let one = Samples.random(MulticellGains(Samples.usual, lanes: NetworkLanes(realizations: 1)), budget: 6, seed: 3, first: 10)
    #expect(Samples.get(one) == Samples.get(many, network: 10))
  }
}
