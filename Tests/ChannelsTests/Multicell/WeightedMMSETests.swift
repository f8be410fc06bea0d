import Channels
import Testing

@Suite struct WeightedMMSETests {
  private typealias Samples = MulticellSamples

  @Test(arguments: WeightedMMSE.Budget.allCases) func theSumOfRatesRisesWithinTheBudget(budget: WeightedMMSE.Budget) {
    let gains = MulticellChannel(Samples.uneven, copies: 3, seed: 5).gains
    var powers = Samples.random(gains, budget: 20, seed: 5)
    var optimizer = WeightedMMSE(gains, budget: budget, tolerance: 1e-9, iterations: 300)
    for index in 0..<3 {
      let course = optimizer.improve(&powers, in: gains, network: index)
      for (a, b) in zip(course, course.dropFirst()) { #expect(b >= a - 1e-9) }
      let found = Samples.get(powers, network: index)
      // Powers are kept in single precision.
      #expect(abs(Samples.rates(gains, found, realization: index).reduce(0, +) - course.last!) < 1e-3)
      for cell in 0..<3 {
        let spent = gains.network.range(of: cell).map { found[$0].reduce(0, +) }
        if budget == .user { #expect(spent.allSatisfy { $0 <= 20.001 }) }
        #expect(spent.reduce(0, +) <= 20.001 * Double(spent.count))
      }
    }
  }

  /// Two users on two channels: all divisions of both budgets on a grid of 200; the best of five starts comes within a step of the grid's best.
  @Test(arguments: [false, true]) func reachesWhatAGridFinds(weak: Bool) {
    let gains = Samples.pair(weak: weak)
    var best = 0.0
    for i in 0...200 {
      for j in 0...200 {
        let (a, b) = (Double(i) / 100, Double(j) / 100)
        best = max(best, Samples.rates(gains, [[a, 2 - a], [b, 2 - b]]).reduce(0, +))
      }
    }
    var optimizer = WeightedMMSE(gains, budget: .user, tolerance: 1e-10, iterations: 5000)
    var found = 0.0
    for (a, b) in [(1.0, 1.0), (1.8, 0.2), (0.2, 1.8), (1.8, 1.8), (0.2, 0.2)] {
      var powers = MulticellPowers(gains, budget: 2)
      Samples.set(&powers, [[a, 2 - a], [b, 2 - b]])
      found = max(found, optimizer.improve(&powers, in: gains, network: 0).last ?? 0)
    }
    #expect(found > best - 0.01 && found < best + 0.02)
  }

  /// Without interference it is water-filling.
  @Test func aLoneUserFillsItsChannels() {
    let network = MulticellNetwork(users: [1], antennas: [1], frequencies: 3, linkGains: [1])
    let levels = [0.1, 0.5, 1.5]
    let gains = MulticellGains(network, lanes: NetworkLanes(realizations: 1), own: { _, f, _ in 1 / levels[f] }, cross: { _, _, _, _ in 0 })
    var powers = MulticellPowers(gains, budget: 1)
    Samples.set(&powers, [[0.3, 0.3, 0.4]])
    var optimizer = WeightedMMSE(gains, tolerance: 0, iterations: 3000)
    optimizer.improve(&powers, in: gains, network: 0)
    #expect(Samples.distance(Samples.get(powers), [[0.7, 0.3, 0]]) < 1e-3)
  }
}
