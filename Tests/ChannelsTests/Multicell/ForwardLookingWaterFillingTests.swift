import CAllocations
import Channels
import Tensor
import Testing

@Suite struct ForwardLookingWaterFillingTests {
  private typealias Samples = MulticellSamples
  /// Six printed decimals, and single precision of numbers up to three.
  private let close = 1.5e-6

  /// Vector A: c, φ, N, w and p of two moves by hand, then the fixed point; rates in between.
  @Test func strongCouplingByHand() {
    let gains = Samples.pair(weak: false)
    var powers = MulticellPowers(gains, budget: 2)
    var rates = MulticellRates(gains)
    Samples.set(&powers, [[1.2, 0.8], [0.6, 1.4]])
    var game = ForwardLookingWaterFilling(gains)
    func expectRates(_ first: Double, _ second: Double) {
      rates.evaluate(powers, in: gains)
      #expect(abs(rates.userRates[0] - first) < 2e-6 && abs(rates.cellRates[1] - second) < 2e-6)
      #expect(abs(rates.cellCapacity(network: 0) - (first + second) / 2) < 2e-6)
    }
    expectRates(2.913599, 3.652833)
    let moves: [(c: [Float], phi: [Float], n: [Float], w: [Float], p: [[Double]])] = [
      (
        [0.28, 1.88, 0.875, 0.216667], [-0.398862, -0.642091, -0.610197, -0.343776], [-0.653755, 1.304883, 0.439889, -0.898135],
        [1.325564, 0.770877], [[1.979319, 0.020681], [0.330988, 1.669012]]
      ),
      (
        [0.199296, 2.202815, 1.362074, 0.08678], [-0.289502, -0.705453, -0.667706, -0.217019], [-1.417125, 2.188185, 1.125718, -1.329653],
        [0.582875, 0.670347], [[2, 0], [0, 2]]
      ),
      (
        [0.1, 2.6, 1.375, 0.083333], [-0.213201, -0.707107, -0.707107, -0.196116], [-1.601065, 2.6, 1.375, -1.634938], [0.398935, 0.365062],
        [[2, 0], [0, 2]]
      ),
    ]
    let after = [(3.463906, 4.652442), (4.392317, 4.643856), (4.392317, 4.643856)]
    for (move, rate) in zip(moves, after) {
      let found = game.move(&powers, in: gains)
      for (a, b) in [(found.interference, move.c), (found.derivatives, move.phi), (found.levels, move.n), (found.water, move.w)] {
        for (x, y) in zip(a, b) { #expect(abs(Double(x - y)) < close) }
      }
      #expect(Samples.distance(Samples.get(powers), move.p) < close)
      expectRates(rate.0, rate.1)
    }
  }

  @Test func noLookAheadIsIterativeWaterFilling() {
    let gains = Samples.pair(weak: false)
    var powers = MulticellPowers(gains, budget: 2)
    Samples.set(&powers, [[1.2, 0.8], [0.6, 1.4]])
    var game = ForwardLookingWaterFilling(gains, derivative: .constant(0))
    let found = game.move(&powers, in: gains)
    #expect(abs(found.water[0] - 2.08) < 1e-6 && abs(found.water[1] - 1.545833) < 1e-6)
    #expect(Samples.distance(Samples.get(powers), [[1.8, 0.2], [0.670833, 1.329167]]) < close)
  }

  /// Vector B: three moves, and the interior fixed point with all that belongs to it.
  @Test func weakCouplingByHand() {
    let gains = Samples.pair(weak: true)
    var powers = MulticellPowers(gains, budget: 2)
    Samples.set(&powers, [[1.2, 0.8], [0.6, 1.4]])
    var game = ForwardLookingWaterFilling(gains)
    let waters: [[Float]] = [[0.451256, 0.334667], [0.446557, 0.33671], [0.442337, 0.338111]]
    let moves = [
      [[1.314616, 0.685384], [0.593026, 1.406974]], [[1.409787, 0.590213], [0.581548, 1.418452]], [[1.489162, 0.510838], [0.567241, 1.432759]],
    ]
    var rates = MulticellRates(gains)
    for (index, (water, p)) in zip(waters, moves).enumerated() {
      let found = game.move(&powers, in: gains)
      for (a, b) in zip(found.water, water) { #expect(abs(Double(a - b)) < close) }
      #expect(Samples.distance(Samples.get(powers), p) < close)
      rates.evaluate(powers, in: gains)
      if index == 0 { #expect(abs(rates.userRates[0] - 5.119265) < 2e-6 && abs(rates.userRates[1] - 5.935831) < 2e-6) }
    }
    game.iterate(&powers, in: gains, iterations: 3000)
    #expect(Samples.distance(Samples.get(powers), [[1.954813, 0.045187], [0.332457, 1.667543]]) < 1e-5)
    rates.evaluate(powers, in: gains)
    #expect(abs(rates.userRates[0] - 4.385136) < 2e-5 && abs(rates.userRates[1] - 5.610282) < 2e-5)
    let found = game.move(&powers, in: gains)
    let c: [Float] = [0.109974, 0.400105, 0.247176, 0.084086]
    let phi: [Float] = [-0.224874, -0.68795, -0.546765, -0.214023]
    let n: [Float] = [-1.541624, 0.368002, 0.001547, -1.33354]
    for (a, b) in zip(found.interference + found.derivatives + found.levels + found.water, c + phi + n + [0.413189, 0.334003]) {
      #expect(abs(Double(a - b)) < 1e-5)
    }
  }

  /// Vector C: one user whose interference is fixed, which is noise over gain; a channel without power has a level of c.
  @Test func oneUserByHand() {
    let network = MulticellNetwork(users: [1], antennas: [1], frequencies: 3, linkGains: [1])
    let c = [1.0, 0.5, 4]
    let gains = MulticellGains(network, lanes: NetworkLanes(realizations: 1), own: { _, f, _ in 1 / c[f] }, cross: { _, _, _, _ in 0 })
    var powers = MulticellPowers(gains, budget: 3)
    Samples.set(&powers, [[0, 2, 1]])
    var game = ForwardLookingWaterFilling(gains)
    let found = game.move(&powers, in: gains)
    let expected: [Float] = [-0.707107, -0.408248, -0.666667, 1, -1.05051, 3.285714, 1.474745]
    for (a, b) in zip(found.derivatives + found.levels + found.water, expected) { #expect(abs(Double(a - b)) < close) }
    #expect(Samples.distance(Samples.get(powers), [[0.474745, 2.525255, 0]]) < close)
  }

  /// N(p) at c = 1.
  @Test(arguments: [(0.0, 1.0), (0.5, 0.63962), (1, 0.267949), (2, -0.5), (10, -7.169873), (100, -90.735199)])
  func levelsFallWithTheOwnPower(power: Double, level: Double) {
    let network = MulticellNetwork(users: [1], antennas: [1], frequencies: 1, linkGains: [1])
    let gains = MulticellGains(network, lanes: NetworkLanes(realizations: 1), own: { _, _, _ in 1 }, cross: { _, _, _, _ in 0 })
    var powers = MulticellPowers(gains, budget: power)
    Samples.set(&powers, [[power]])
    var game = ForwardLookingWaterFilling(gains)
    #expect(abs(Double(game.move(&powers, in: gains).levels[0]) - level) < 1e-5)
  }

  /// Against the slow program over ten moves. Single precision of powers up to P has steps of P 2⁻²⁴, which moves multiply by a little: P 10⁻⁵.
  @Test func manyNetworksAgreeWithTheSlowProgram() {
    for (network, budget) in [(Samples.uneven, 50.0), (Samples.usual, 600)] {
      let gains = MulticellChannel(network, copies: 11, seed: 3).gains
      var powers = Samples.random(gains, budget: budget, seed: 4)
      var slow = (0..<11).map { Samples.get(powers, network: $0) }
      var game = ForwardLookingWaterFilling(gains)
      game.iterate(&powers, in: gains, iterations: 10)
      for index in 0..<11 {
        for _ in 0..<10 { slow[index] = Samples.move(gains, slow[index], budget: budget, realization: index) }
        #expect(Samples.distance(Samples.get(powers, network: index), slow[index]) < 1e-4 * budget)
      }
      var rates = MulticellRates(gains)
      rates.evaluate(powers, in: gains)
      for index in 0..<11 {
        for (user, rate) in Samples.rates(gains, Samples.get(powers, network: index), realization: index).enumerated() {
          #expect(abs(rates.userRates[index * network.totalUsers + user] - rate) < 1e-4)
        }
      }
    }
  }

  /// Stationarity of eq. (13) at a fixed point: over a user's channels in use the derivative c₀ / ((c₀ + (1 + φ) p) (c₀ + φ p)), c₀ = c − φ p, is
  /// 1 / w, and no other channel has more. Budgets are spent.
  @Test func fixedPointsAreStationary() {
    let gains = MulticellChannel(Samples.usual, copies: 8, seed: 9).gains
    var powers = Samples.random(gains, budget: 600, seed: 1)
    var game = ForwardLookingWaterFilling(gains)
    game.iterate(&powers, in: gains, iterations: 4000)
    let before = powers
    let found = game.move(&powers, in: gains)
    var settled = 0
    for index in 0..<8 where Samples.distance(Samples.get(before, network: index), Samples.get(powers, network: index)) < 0.01 {
      settled += 1
      for user in 0..<12 {
        let row = (index * 12 + user) * 6
        var sum = 0.0
        for f in 0..<6 {
          let (c, phi) = (Double(found.interference[row + f]), Double(found.derivatives[row + f]))
          let (p, w) = (Double(before[network: index, frequency: f, user: user]), Double(found.water[index * 12 + user]))
          let c0 = c - phi * p
          let gradient = c0 / ((c0 + (1 + phi) * p) * (c0 + phi * p))
          sum += p
          if p > 1 { #expect(abs(gradient * w - 1) < 0.02) } else { #expect(gradient * w < 1.02) }
        }
        #expect(abs(sum - 600) < 0.01)
      }
    }
    #expect(settled >= 6)
  }

  /// A network has the same bits alone and among others, with one start and with many.
  @Test func batchesOfAnySizeHaveTheSameBits() {
    let network = Samples.uneven
    let all = MulticellChannel(network, copies: 19, seed: 2).gains
    var together = Samples.random(all, budget: 100, seed: 6)
    var game = ForwardLookingWaterFilling(all)
    game.iterate(&together, in: all, iterations: 7)
    for index in [0, 7, 8, 18] {
      let alone = MulticellChannel(network, copies: 1, seed: 2, firstCopy: index).gains
      var powers = Samples.random(alone, budget: 100, seed: 6, first: index)
      var game = ForwardLookingWaterFilling(alone)
      game.iterate(&powers, in: alone, iterations: 7)
      #expect(Samples.get(powers) == Samples.get(together, network: index))
    }
    let repeated = MulticellChannel(network, copies: 3, seed: 2).gains.repeated(initializations: 9)
    var many = MulticellPowers(repeated, budget: 100)
    for start in 0..<27 { Samples.set(&many, Samples.get(Samples.random(all, budget: 100, seed: 6), network: start / 9), network: start) }
    var starts = ForwardLookingWaterFilling(repeated)
    starts.iterate(&many, in: repeated, iterations: 7)
    for index in 0..<27 { #expect(Samples.get(many, network: index) == Samples.get(together, network: index / 9)) }
  }

  /// Settling ends each network where a loop of single moves finds its steps small, and leaves it there.
  @Test func settlingStopsEachNetworkByItself() {
    let gains = MulticellChannel(Samples.usual, copies: 10, seed: 12).gains
    let convergence = GameConvergence(tolerance: 0.05, iterations: 60)
    var powers = Samples.random(gains, budget: 600, seed: 2)
    var game = ForwardLookingWaterFilling(gains)
    var slow = powers
    var ends = [Int](repeating: 60, count: 10)
    var kept = (0..<10).map { _ in [[Double]]() }
    for move in 1...60 {
      let before = slow
      game.iterate(&slow, in: gains, iterations: 1)
      for index in 0..<10 where kept[index].isEmpty {
        let step = Samples.distance(Samples.get(before, network: index), Samples.get(slow, network: index))
        if step <= 0.05 * 600 || move == 60 { (ends[index], kept[index]) = (move, Samples.get(slow, network: index)) }
      }
    }
    var counts = [Int](repeating: 0, count: 10)
    game.settle(&powers, in: gains, until: convergence, iterations: &counts)
    #expect(counts == ends && Set(ends).count > 1)
    for index in 0..<10 { #expect(Samples.get(powers, network: index) == kept[index]) }
  }

  @Test func movesAllocateNothing() {
    let gains = MulticellChannel(Samples.usual, copies: 9, seed: 1).gains
    var powers = Samples.random(gains, budget: 600, seed: 1)
    var game = ForwardLookingWaterFilling(gains)
    var rates = MulticellRates(gains)
    game.iterate(&powers, in: gains, iterations: 1)
    rates.evaluate(powers, in: gains)
    allocations_watch()
    game.iterate(&powers, in: gains, iterations: 5)
    rates.evaluate(powers, in: gains)
    #expect(allocations_seen().requests == 0)
  }
}
