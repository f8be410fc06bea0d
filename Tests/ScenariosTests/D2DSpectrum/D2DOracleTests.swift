import Agents
import Channels
import Scenarios
import Tensor
import Testing

@Suite struct D2DOracleTests {
  private func parameters(pairs: Int, _ change: (inout D2DParameters) -> Void = { _ in }) -> D2DParameters {
    var parameters = D2DParameters()
    parameters.pairs = pairs
    change(&parameters)
    return parameters
  }

  /// Mean metrics over slots; no allocation: a new random one in every slot.
  private func play(_ parameters: D2DParameters, seed: UInt64, allocation: [Int32]?, slots: Int) -> [Double] {
    var environment = D2DEnvironment(parameters, dropSeeds: [seed], fadingSeed: seed + 1000)
    var batch = StepBatch(for: environment.specification)
    var actions = ActionBatch(for: environment.specification)
    var means = Array(repeating: 0.0, count: D2DEnvironment.metrics.count)
    let stream = RandomStream(seed: seed, purpose: .exploration)
    environment.reset(into: &batch)
    for slot in 0..<slots {
      var generator = stream.generator(step: slot)
      for n in 0..<parameters.pairs {
        actions.choices[n] = allocation?[n] ?? Int32(generator.integer(below: parameters.resourceBlocks))
      }
      environment.step(actions, into: &batch)
      for k in means.indices { means[k] += Double(batch.metrics[k]) / Double(slots) }
    }
    return means
  }

  /// Means over drops of the random policy and of the oracle.
  private func headroom(_ parameters: D2DParameters, drops: Int, slots: Int) -> (random: [Double], oracle: [Double]) {
    var random = Array(repeating: 0.0, count: D2DEnvironment.metrics.count)
    var best = random
    for seed in 0..<UInt64(drops) {
      let oracle = D2DOracle(parameters, drop: D2DDrop(parameters, seed: seed), seed: seed + 5000)
      let a = play(parameters, seed: seed, allocation: nil, slots: slots)
      let b = play(parameters, seed: seed, allocation: oracle.allocation, slots: slots)
      for k in random.indices {
        random[k] += a[k] / Double(drops)
        best[k] += b[k] / Double(drops)
      }
    }
    return (random, best)
  }

  @Test func withoutFadingItFindsWhatTryingEverythingFinds() {
    let parameters = parameters(pairs: 4) {
      $0.resourceBlocks = 3
      $0.fading = .none
    }
    var found = 0
    for seed in 0..<10 {
      let drop = D2DDrop(parameters, seed: UInt64(seed))
      let oracle = D2DOracle(parameters, drop: drop, seed: 1)
      let links = D2DLinks(parameters)
      var outcome = D2DOutcome(pairs: 4, blocks: 3)
      func reward(_ allocation: [Int32]) -> Double {
        links.evaluate(drop.powers, allocation: allocation, into: &outcome)
        return outcome.rewards.reduce(0.0) { $0 + Double($1) }
      }
      #expect(abs(reward(oracle.allocation) - oracle.meanReward) < 1e-4)
      // No single move is better than a local optimum of three sweeps.
      for n in 0..<4 {
        for block in 0..<3 {
          var moved = oracle.allocation
          moved[n] = Int32(block)
          #expect(reward(moved) <= oracle.meanReward + 1e-4)
        }
      }
      var best = -Double.infinity
      for code in 0..<81 { best = max(best, reward([Int32(code % 3), Int32(code / 3 % 3), Int32(code / 9 % 3), Int32(code / 27)])) }
      #expect(oracle.meanReward <= best + 1e-4)
      if oracle.meanReward > best - 1e-4 { found += 1 }
    }
    #expect(found >= 6)
  }

  @Test func itsRewardIsTheMeanOverItsDraws() {
    // On 20000 slots of another stream the mean agrees within what 2048 draws leave open.
    let parameters = parameters(pairs: 10)
    let oracle = D2DOracle(parameters, drop: D2DDrop(parameters, seed: 2), seed: 7, draws: 2048)
    let played = play(parameters, seed: 2, allocation: oracle.allocation, slots: 20000)
    #expect(abs(played[0] / oracle.meanReward - 1) < 0.02)
    #expect(D2DOracle(parameters, drop: D2DDrop(parameters, seed: 2), seed: 7, draws: 2048) == oracle)
  }

  /// Three pairs, sets of up to two of three blocks, two levels: what it claims is the mean over its own draws, no single move is better,
  /// and often no allocation of all 12³ is.
  @Test(arguments: [D2DParameters.Fading.none, .rayleigh]) func withSetsAndLevelsNoSingleMoveIsBetter(fading: D2DParameters.Fading) {
    let parameters = parameters(pairs: 3) {
      $0.resourceBlocks = 3
      $0.blocksPerSet = 2
      $0.powerLevels = 2
      $0.fading = fading
    }
    let draws = fading == .none ? 1 : 16
    let links = D2DLinks(parameters)
    let actions = links.actions.count
    #expect(actions == 12)
    var found = 0
    for seed in 0..<6 {
      let drop = D2DDrop(parameters, seed: UInt64(seed))
      let oracle = D2DOracle(parameters, drop: drop, seed: 8, draws: draws, sweeps: 6)
      var powers: [[Float]] = []
      for draw in 0..<draws {
        var gains = Array(repeating: Float(1), count: drop.powers.count)
        if fading != .none {
          let stream = RandomStream(seed: 8, purpose: RandomPurpose(rawValue: 1001))
          FadingDraws.fillExponential(&gains, in: 0..<gains.count, stream: stream, step: draw)
        }
        powers.append(zip(drop.powers, gains).map { $0 * $1 })
      }
      var outcome = links.outcome()
      func reward(_ allocation: [Int32]) -> Double {
        var sum = 0.0
        for draw in 0..<draws {
          links.evaluate(powers[draw], allocation: allocation, into: &outcome)
          for reward in outcome.rewards { sum += Double(reward) }
        }
        return sum / Double(draws)
      }
      #expect(abs(reward(oracle.allocation) - oracle.meanReward) < 1e-4)
      for n in 0..<3 {
        for action in 0..<Int32(actions) {
          var moved = oracle.allocation
          moved[n] = action
          #expect(reward(moved) <= oracle.meanReward + 1e-4)
        }
      }
      var best = -Double.infinity
      for code in 0..<Int32(actions * actions * actions) { best = max(best, reward([code % 12, code / 12 % 12, code / 144])) }
      #expect(oracle.meanReward <= best + 1e-4)
      if oracle.meanReward > best - 1e-4 { found += 1 }
    }
    #expect(found >= 3)
  }

  @Test func moreChoiceIsNeverWorse() {
    let plain = parameters(pairs: 10)
    let drop = D2DDrop(plain, seed: 3)
    let one = D2DOracle(plain, drop: drop, seed: 7)
    let choice = parameters(pairs: 10) {
      $0.blocksPerSet = 2
      $0.powerLevels = 2
    }
    // Both begin alike, and the first move with more to choose from gains at least as much. A whole search need not, but does here.
    #expect(D2DOracle(choice, drop: drop, seed: 7, sweeps: 0).meanReward == D2DOracle(plain, drop: drop, seed: 7, sweeps: 0).meanReward)
    #expect(D2DOracle(choice, drop: drop, seed: 7).meanReward > one.meanReward)
  }

  /// An independent program gave, over three drops: random 78.4, oracle 86.0, cellular outage 0.038 and 0.0011, D2D
  /// outage 0.015 for both. Drops differ by about 9 in reward.
  @Test func headroomOfTenPairs() {
    let (random, oracle) = headroom(parameters(pairs: 10), drops: 10, slots: 500)
    #expect(random[0] > 70 && random[0] < 90)
    #expect(oracle[0] > 78 && oracle[0] < 98)
    #expect(oracle[0] / random[0] > 1.06 && oracle[0] / random[0] < 1.15)
    #expect(random[1] > 0.02 && random[1] < 0.06)
    #expect(oracle[1] < 0.005)
    #expect(abs(oracle[2] - random[2]) < 0.01 && random[2] < 0.08)
  }

  /// Over three drops: random 299.7, oracle 408.2, cellular outage 0.164 and 0.0167.
  @Test func headroomOfFiftyPairs() {
    let (random, oracle) = headroom(parameters(pairs: 50), drops: 4, slots: 300)
    #expect(random[0] > 250 && random[0] < 380)
    #expect(oracle[0] / random[0] > 1.25 && oracle[0] / random[0] < 1.5)
    #expect(random[1] > 0.12 && random[1] < 0.22)
    #expect(oracle[1] < 0.03)
  }

  /// With the usual 28 dB at one metre the choice of a block hardly matters: the negative control.
  @Test func withTheUsualReferenceLossThereIsNoHeadroom() {
    let (random, oracle) = headroom(parameters(pairs: 10) { $0.pairLossAtOneMeterDB = 28 }, drops: 10, slots: 500)
    #expect(random[0] > 10 && random[0] < 26)
    #expect(abs(oracle[0] / random[0] - 1) < 0.01)
    #expect(abs(random[2] - 0.556) < 0.15)
  }

  /// Splitting the base station's power multiplies both outage and headroom: one drop gave 257 to 512, 0.374 to 0.051.
  @Test func headroomWithASplitBasePower() {
    let (random, oracle) = headroom(parameters(pairs: 50) { $0.basePower = .split }, drops: 4, slots: 300)
    #expect(oracle[0] / random[0] > 1.7 && oracle[0] / random[0] < 2.4)
    #expect(abs(random[1] - 0.39) < 0.08 && oracle[1] < 0.09)
  }
}
