import Channels
import Foundation
import Testing

@Suite struct WaterFillingTests {
  private func fill(_ levels: [Double], _ budget: Double) -> (powers: [Double], water: Double) {
    var filling = WaterFilling()
    var powers = [Double](repeating: -1, count: levels.count)
    var span = powers.mutableSpan
    let water = filling.fill(levels: levels.span, budget: budget, into: &span)
    return (powers, water)
  }

  private func fill(_ levels: [Double], weights: [Double]?, caps: [Double]?, _ budget: Double) -> (powers: [Double], water: Double) {
    var filling = WaterFilling()
    var powers = [Double](repeating: -1, count: levels.count)
    var span = powers.mutableSpan
    let water =
      switch (weights, caps) {
      case (let weights?, let caps?): filling.fill(levels: levels.span, weights: weights.span, caps: caps.span, budget: budget, into: &span)
      case (let weights?, nil): filling.fill(levels: levels.span, weights: weights.span, caps: nil, budget: budget, into: &span)
      case (nil, let caps?): filling.fill(levels: levels.span, weights: nil, caps: caps.span, budget: budget, into: &span)
      case (nil, nil): filling.fill(levels: levels.span, weights: nil, caps: nil, budget: budget, into: &span)
      }
    return (powers, water)
  }

  private func fill(gains: [Double], _ budget: Double) -> (powers: [Double], water: Double) {
    var filling = WaterFilling()
    var powers = [Double](repeating: -1, count: gains.count)
    var span = powers.mutableSpan
    let water = filling.fill(gains: gains.span, budget: budget, into: &span)
    return (powers, water)
  }

  private func minimize(_ levels: [Double], rate: Double) -> (powers: [Double], water: Double) {
    var filling = WaterFilling()
    var powers = [Double](repeating: -1, count: levels.count)
    var span = powers.mutableSpan
    let water = filling.minimizePower(levels: levels.span, rate: rate, into: &span)
    return (powers, water)
  }

  private func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
  }

  /// Solved by hand; the third and fourth have negative levels, the fourth a negative water level.
  @Test func problemsSolvedByHand() {
    let cases: [([Double], Double, Double, [Double])] = [
      ([0.1, 0.5, 1.5], 1, 0.8, [0.7, 0.3, 0]), ([0.1, 0.5, 1.5], 0.4, 0.5, [0.4, 0, 0]), ([-0.3, 0.2, 0.5], 0.4, 0.1, [0.4, 0, 0]),
      ([-2, -1, 3], 1.5, -0.75, [1.25, 0.25, 0]), ([0.2, 0.2, 0.2], 0.6, 0.4, [0.2, 0.2, 0.2]), ([5], 2, 7, [2]),
      ([1, -1.050510, 3.285714], 3, 1.474745, [0.474745, 2.525255, 0]),
    ]
    for (levels, budget, water, powers) in cases {
      for result in [fill(levels, budget), fill(levels, weights: nil, caps: nil, budget)] {
        #expect(abs(result.water - water) < 1e-12 && isClose(result.powers, powers, 1e-12))
      }
    }
  }

  /// Two channels: both are used if P > |n₁ − n₂|, and then p₁ = (P + n₂ − n₁) / 2.
  @Test func twoChannelsHaveAClosedForm() {
    var generator = RandomStream(seed: 1, purpose: .environment).generator()
    for _ in 0..<200 {
      let (a, b) = (Double.random(in: 0.01..<3, using: &generator), Double.random(in: 0.01..<3, using: &generator))
      let budget = Double.random(in: 0.01..<3, using: &generator)
      let first = min(budget, max(0, (budget + b - a) / 2))
      let (powers, water) = fill(gains: [1 / a, 1 / b], budget)
      #expect(isClose(powers, [first, budget - first], 1e-14))
      #expect(abs(water - max(first > 0 ? first + a : 0, first < budget ? budget - first + b : 0)) < 1e-14)
    }
  }

  @Test(arguments: 0..<5) func agreesWithSciPy(index: Int) {
    let plain = WaterFillingReference.plain[index]
    let result = fill(plain.levels, plain.total)
    #expect(isClose(result.powers, plain.powers, 1e-13 * max(1, plain.total)) && abs(result.water - plain.water) < 1e-13 * max(1, plain.water))
    let weighted = WaterFillingReference.weighted[index]
    let other = fill(weighted.levels, weights: weighted.weights, caps: weighted.caps, weighted.total)
    #expect(
      isClose(other.powers, weighted.powers, 1e-13 * max(1, weighted.total)) && abs(other.water - weighted.water) < 1e-13 * max(1, weighted.water))
  }

  @Test(arguments: 0..<3) func theLeastPowerAgreesWithSciPy(index: Int) {
    let reference = WaterFillingReference.leastPower[index]
    let result = minimize(reference.levels, rate: reference.total)
    #expect(isClose(result.powers, reference.powers, 1e-13 * reference.water) && abs(result.water - reference.water) < 1e-13 * reference.water)
  }

  /// Stationarity, feasibility and complementary slackness, which together are sufficient: the problem is concave.
  @Test(arguments: 0..<300) func theConditionsOfKarushKuhnAndTuckerHold(seed: Int) {
    var generator = RandomStream(seed: UInt64(seed), purpose: .environment).generator()
    let count = Int.random(in: 1...60, using: &generator)
    let budget = Math.exp(Double.random(in: -6..<6, using: &generator))
    // A fifth of the levels is equal to another one.
    var levels = (0..<count).map { _ in Math.exp(Double.random(in: -4..<4, using: &generator)) }
    for i in 0..<count / 5 { levels[i] = levels[count - 1 - i] }
    let (powers, water) = fill(levels, budget)
    #expect(abs(powers.reduce(0, +) - budget) <= 1e-12 * budget)
    for (power, level) in zip(powers, levels) {
      #expect(power >= 0)
      if power > 0 { #expect(abs(level + power - water) <= 1e-12 * water) } else { #expect(level >= water * (1 - 1e-12)) }
    }

    let weights = levels.map { _ in Double.random(in: 0.1..<4, using: &generator) }
    let caps = levels.map { _ in
      Bool.random(using: &generator) ? Double.infinity : Double.random(in: 0.01..<2, using: &generator) * budget / Double(count)
    }
    let general = fill(levels, weights: weights, caps: caps, budget)
    let total = general.powers.reduce(0, +)
    if general.water == .infinity {
      #expect(general.powers == caps && total <= budget * (1 + 1e-12))
      return
    }
    #expect(abs(total - budget) <= 1e-12 * budget)
    for i in 0..<count {
      let power = general.powers[i]
      let marginal = weights[i] / (levels[i] + power) * general.water
      #expect(power >= 0 && power <= caps[i])
      if power == 0 {
        #expect(marginal <= 1 + 1e-12)
      } else if power == caps[i] {
        #expect(marginal >= 1 - 1e-12)
      } else {
        #expect(abs(marginal - 1) <= 1e-12)
      }
    }
  }

  @Test func noPointOfAFineGridIsBetter() {
    let (gains, weights, caps, budget) = ([2.0, 0.7, 0.3], [1.0, 2, 0.5], [0.4, 2, 2], 1.5)
    func objective(_ p: [Double], _ weights: [Double]) -> Double {
      var sum = 0.0
      for i in 0..<3 { sum += weights[i] * Foundation.log2(1 + gains[i] * p[i]) }
      return sum
    }
    let best = objective(fill(gains: gains, budget).powers, [1, 1, 1])
    let bestWeighted = objective(fill(gains.map { 1 / $0 }, weights: weights, caps: caps, budget).powers, weights)
    let steps = 600
    var (greatest, greatestWeighted) = (0.0, 0.0)
    for i in 0...steps {
      for j in 0...steps - i {
        let p = [i, j, steps - i - j].map { Double($0) / Double(steps) * budget }
        greatest = max(greatest, objective(p, [1, 1, 1]))
        if zip(p, caps).allSatisfy({ $0 <= $1 }) { greatestWeighted = max(greatestWeighted, objective(p, weights)) }
      }
    }
    // The grid comes within a second-order error of its spacing.
    #expect(greatest <= best + 1e-12 && greatest > best - 1e-4)
    #expect(greatestWeighted <= bestWeighted + 1e-12 && greatestWeighted > bestWeighted - 1e-4)
  }

  @Test func theLeastPowerIsTheDualProblem() {
    var generator = RandomStream(seed: 2, purpose: .environment).generator()
    for count in [1, 2, 7, 40] {
      let levels = (0..<count).map { _ in Math.exp(Double.random(in: -3..<3, using: &generator)) }
      for rate in [0.5, 3, 20] {
        let (powers, water) = minimize(levels, rate: rate)
        let reached = zip(powers, levels).reduce(0) { $0 + Foundation.log2(1 + $1.0 / $1.1) }
        #expect(abs(reached - rate) <= 1e-12 * rate)
        // With that power no more can be reached.
        let other = fill(levels, powers.reduce(0, +))
        #expect(isClose(other.powers, powers, 1e-12 * water) && abs(other.water - water) <= 1e-12 * water)
      }
    }
    #expect(minimize([2, 1, .infinity], rate: 0) == ([0, 0, 0], 1))
    #expect(minimize([.infinity], rate: 1) == ([Double.infinity], Double.infinity))
  }

  @Test func channelsWithoutGainReceiveNothing() {
    #expect(fill(gains: [0, 1, 0], 2) == ([0, 2, 0], 3))
    #expect(fill(gains: [0, 0], 2) == ([0, 0], Double.infinity))
    #expect(fill([], 2) == ([], Double.infinity))
    #expect(fill([.infinity, 1], weights: nil, caps: nil, 2) == ([0, 2], 3))
    #expect(fill([1, 1, 1], weights: [0, 1, 1], caps: [9, 9, 0], 2) == ([0, 2, 0], 3))
    #expect(fill([.infinity], weights: [1], caps: nil, 2) == ([0], Double.infinity))
    #expect(fill([3, 1], 0) == ([0, 0], 1))
    #expect(fill([3, 1], weights: [1, 2], caps: [1, 1], 0) == ([0, 0], 0.5))
  }

  @Test func capsThatDoNotSpendTheBudgetAreReached() {
    #expect(fill([1, 2], weights: nil, caps: [0.5, 1], 2) == ([0.5, 1], Double.infinity))
    #expect(fill([1, 2, .infinity], weights: [1, 3, 1], caps: [0.5, 1, 1], 9) == ([0.5, 1, 0], Double.infinity))
  }

  @Test func levelsFarAboveTheBudgetKeepThePowersDigits() {
    // Neighbouring numbers at 10¹⁵ are 0.125 apart.
    for levels in [[1e15, 1e15 + 0.125, 3e15], [-1e15, -1e15 + 0.125, 1e15]] {
      #expect(fill(levels, 1).powers == [0.5625, 0.4375, 0])
      #expect(fill(levels, weights: nil, caps: nil, 1).powers == [0.5625, 0.4375, 0])
    }
    // Two channels reach their caps long before the third; 0.1 + 0.2 − 0.2 − 0.1 is not zero in floating point.
    #expect(fill([0.1, 0.2, 1e18], weights: [0.1, 0.2, 1], caps: [1, 1, 9], 3).powers == [1, 1, 1])
  }

  @Test func numbersThatAreNoneSpread() {
    for levels in [[1, .nan, 2], [1, -Double.infinity]] {
      #expect(fill(levels, 1).powers.allSatisfy { $0.isNaN } && fill(levels, 1).water.isNaN)
      let result = fill(levels, weights: nil, caps: nil, 1)
      #expect(result.powers.allSatisfy { $0.isNaN } && result.water.isNaN)
    }
  }

  @Test(arguments: [1, 3, 16, 50]) func manySetsAreSingleSets(count: Int) {
    var levels = [Double](repeating: 0, count: 64 * count)
    RandomStream(seed: UInt64(count), purpose: .fading).fill(&levels, with: .normal)
    levels[5 * count] = .nan
    levels[6 * count] = .infinity
    let budgets = (0..<64).map { Double($0) * 0.3 }
    var (powers, waterLevels) = ([Double](repeating: 0, count: 64 * count), [Double](repeating: 0, count: 64))
    var filling = WaterFilling()
    var powersOut = powers.mutableSpan
    var waterOut = waterLevels.mutableSpan
    filling.fill(levels: levels.span, budgets: budgets.span, into: &powersOut, waterLevels: &waterOut)
    for set in 0..<64 {
      let (one, water) = fill(Array(levels[set * count..<(set + 1) * count]), budgets[set])
      #expect(one.map(\.bitPattern) == powers[set * count..<(set + 1) * count].map(\.bitPattern))
      #expect(water.bitPattern == waterLevels[set].bitPattern)
    }
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var (filling, powers) = (WaterFilling(), [0.0])
      var span = powers.mutableSpan
      filling.fill(levels: [1.0, 2].span, budget: 1, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      var (filling, powers) = (WaterFilling(), [0.0])
      var span = powers.mutableSpan
      filling.fill(levels: [1.0].span, budget: -1, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      var (filling, powers) = (WaterFilling(), [0.0])
      var span = powers.mutableSpan
      filling.fill(gains: [-1.0].span, budget: 1, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      var (filling, powers) = (WaterFilling(), [0.0])
      var span = powers.mutableSpan
      filling.fill(levels: [1.0].span, weights: [1.0, 2].span, caps: nil, budget: 1, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      var (filling, powers) = (WaterFilling(), [0.0])
      var span = powers.mutableSpan
      filling.fill(levels: [1.0].span, weights: [-1.0].span, caps: nil, budget: 1, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      var (filling, powers) = (WaterFilling(), [0.0])
      var span = powers.mutableSpan
      filling.minimizePower(levels: [0.0].span, rate: 1, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      var (filling, powers, water) = (WaterFilling(), [0.0, 0, 0], [0.0, 0])
      var span = powers.mutableSpan
      var waterSpan = water.mutableSpan
      filling.fill(levels: [1.0, 1, 1].span, budgets: [1.0, 1].span, into: &span, waterLevels: &waterSpan)
    }
  }
}
