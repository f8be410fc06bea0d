import Agents
import CAllocations
import Channels
import Foundation
import Scenarios
import Tensor
import TestSupport
import Testing

@Suite struct AllocationEnvironmentTests {
  private func parameters(_ change: (inout AllocationParameters) -> Void = { _ in }) -> AllocationParameters {
    var parameters = AllocationParameters()
    change(&parameters)
    return parameters
  }

  /// All batches of a run with random actions, the first from `reset`.
  private func run(_ environment: inout AllocationEnvironment, steps: Int, seed: UInt64 = 3) -> [StepBatch] {
    var batch = StepBatch(for: environment.specification)
    var actions = ActionBatch(for: environment.specification)
    var policy = RandomPolicy(for: environment.specification, seed: seed)
    environment.reset(into: &batch)
    var batches = [batch]
    for step in 0..<steps {
      policy.act(batch.observations, step: step, into: &actions)
      environment.step(actions, into: &batch)
      batches.append(batch)
    }
    return batches
  }

  @Test func sizes() {
    let environment = AllocationEnvironment(copies: 2, seed: 1)
    #expect(environment.specification.copies == 2 && environment.specification.agents == 6 && environment.specification.observationSize == 12)
    #expect(environment.specification.actions == ActionSpace(choices: [10], bounds: [0...24]))
    #expect(environment.specification.metrics.count == 11 && environment.specification.metrics.last == "served.5")
    let indexed = parameters { ($0.agentIndex, $0.fingerprint, $0.powerMap) = (true, false, .milliwatts) }
    #expect(indexed.observationSize == 21)
    #expect(indexed.actions.bounds[0].lowerBound == 1 && abs(indexed.actions.bounds[0].upperBound - 251.18864) < 1e-4)
  }

  @Test(arguments: 0..<6) func keepsTheContractOfEnvironments(kind: Int) throws {
    let folder = try TemporaryFolder()
    let parameters = parameters {
      ($0.episodeMilliseconds, $0.blockMilliseconds) = (7, 7)
      switch kind {
      case 1: ($0.episodeMilliseconds, $0.redrops) = (17, false)
      case 2: ($0.episodeMilliseconds, $0.agentIndex, $0.gains) = (10, true, .decibels)
      case 3: ($0.scenario, $0.loss, $0.powerMap) = (.rural, .standard, .milliwatts)
      case 4: ($0.powerLevels, $0.fingerprint, $0.users) = (4, false, 10)
      case 5: ($0.episodeMilliseconds, $0.circuitPowerWatts, $0.scenario) = (5, 0.1, .urbanMicro)
      default: break
      }
    }
    #expect(defects(archivePath: folder.file("uplink")) { AllocationEnvironment(parameters, copies: 2, seed: 4) } == [])
  }

  /// Decibels of the channel's gains, I / 10, the count of episodes, the number of the agent: in plain loops.
  @Test func observationsAreWhatThePageSays() {
    for (gains, offset, unit) in [(AllocationParameters.ObservedGains.normalized, 110.0, 20.0), (.decibels, 0, 1)] {
      var environment = AllocationEnvironment(
        parameters { ($0.agentIndex, $0.gains, $0.trainingEpisodes, $0.parallelEpisodes) = (true, gains, 20, 2) }, copies: 2, seed: 8)
      var batch = StepBatch(for: environment.specification)
      let actions = ActionBatch(for: environment.specification)
      environment.reset(into: &batch)
      for step in 0..<250 {
        for copy in 0..<2 {
          for user in 0..<6 {
            let row = (copy * 6 + user) * 22
            let first = ((copy * 6 + user) * 101 + step % 100) * 10
            for n in 0..<10 {
              let expected = (10 * log10(Double(environment.channel.gains[first + n])) + offset) / unit
              #expect(abs(Double(batch.observations[row + n]) - expected) < 1e-4)
              #expect(batch.observations[row + 12 + n] == (n == user ? 1 : 0))
            }
            #expect(batch.observations[row + 10] == 0.6)
            #expect(batch.observations[row + 11] == Float(step / 100 * 2 + copy) / 20)
          }
        }
        environment.step(actions, into: &batch)
        #expect(batch.truncated == [(step + 1) % 100 == 0, (step + 1) % 100 == 0])
      }
    }
  }

  /// The successor of an episode's last millisecond is the next one of its own block; that of a block within an episode is in the next block.
  @Test func successors() {
    var environment = AllocationEnvironment(parameters { ($0.episodeMilliseconds, $0.blockMilliseconds) = (8, 4) }, seed: 8)
    var batch = StepBatch(for: environment.specification)
    let actions = ActionBatch(for: environment.specification)
    environment.reset(into: &batch)
    func level(_ gains: [Float], _ millisecond: Int) -> Double { (10 * log10(Double(gains[millisecond * 10])) + 110) / 20 }
    for step in 1...8 {
      let before = environment.channel
      environment.step(actions, into: &batch)
      #expect(environment.channel.block == step / 4)
      let expected = step == 8 ? level(before.gains, 4) : level(environment.channel.gains, step % 4)
      #expect(abs(Double(batch.finalObservations[0]) - expected) < 1e-4)
      #expect(environment.channel.drop == step / 8)
    }
    #expect(batch.finalObservations != batch.observations && batch.truncated == [true])
  }

  /// Rewards and metrics from the channel's gains and the actions, by the equations in a slow way.
  @Test func rewardsAndMetrics() {
    for scenario in UplinkScenario.allCases {
      let parameters = parameters { ($0.scenario, $0.users, $0.fixedFingerprint) = (scenario, 3, 0.5) }
      var environment = AllocationEnvironment(parameters, copies: 2, seed: 5)
      var batch = StepBatch(for: environment.specification)
      var actions = ActionBatch(for: environment.specification)
      var policy = RandomPolicy(for: environment.specification, seed: 1)
      environment.reset(into: &batch)
      for step in 0..<60 {
        policy.act(batch.observations, step: step, into: &actions)
        let channel = environment.channel
        environment.step(actions, into: &batch)
        for copy in 0..<2 {
          var (sum, free, served, decibels) = (0.0, 0, [Float](repeating: 0, count: 3), 0.0)
          let choices = (0..<3).map { Int(actions.choices[copy * 3 + $0]) }
          for user in 0..<3 {
            let dBm = Double(actions.values[copy * 3 + user])
            decibels += dBm / 3
            guard choices.count(where: { $0 == choices[user] }) == 1 else { continue }
            free += 1
            let bandwidth = [0.18, 0.18, 0.36, 0.36, 0.36, 0.72, 0.72, 0.72, 1.44, 1.44][choices[user]]
            let noise = Foundation.pow(10, (scenario.noiseDensityDBmPerHertz + 10 * log10(bandwidth * 1e6) + 5) / 10)
            let gain = Double(channel.gains[((copy * 3 + user) * 101 + step) * 10 + choices[user]])
            let isMet = gain * Foundation.pow(10, dBm / 10) / noise > 3.1622776601683795
            let power = Foundation.pow(10, (isMet ? dBm : 24) / 10)
            sum += bandwidth / (power / 1000) * log2(1 + gain * power / noise)
            if isMet { served[user] = 1 }
          }
          let reward = free == 3 ? (scenario == .rural ? 5e-3 : 1e-3) * sum : Double(free - 3) / 3
          let metrics = Array(batch.metrics[copy * 8..<copy * 8 + 8])
          #expect(abs(Double(metrics[0]) - sum) <= 1e-5 * abs(sum) + 1e-9)
          #expect(abs(Double(metrics[1]) - reward) <= 1e-5 * abs(reward))
          #expect(batch.rewards[copy * 3..<copy * 3 + 3].allSatisfy { $0 == metrics[1] })
          #expect(metrics[2] == (free == 3 ? 1 : 0) && abs(metrics[3] - served.reduce(0, +) / 3) < 1e-6)
          #expect(abs(Double(metrics[4]) - decibels) < 1e-4)
          #expect(Array(metrics[5...]) == served)
        }
      }
    }
  }

  /// Numbers become powers and back: milliwatts, decibels, and the nearest of some levels.
  @Test func powers() {
    let decibels = AllocationEnvironment(seed: 0)
    #expect(abs(decibels.power(of: 10) - 0.01) < 1e-12)
    #expect(abs(AllocationEnvironment(parameters { $0.powerMap = .milliwatts }, seed: 0).power(of: 10) - 0.01) < 1e-12)
    for watts in [1e-3, 1.0000001e-3, 0.0123, 0.2, 0.25] {
      let again = decibels.power(of: decibels.number(of: watts))
      #expect(again >= watts && again < watts * (1 + 3e-6))
    }
    #expect(decibels.number(of: 5e-4) == 0 && decibels.number(of: 1) == 24)
    let levels = AllocationEnvironment(parameters { $0.powerLevels = 4 }, seed: 0)
    for (number, expected) in [(0, 0), (3.9, 0), (4.1, 8), (15, 16), (21, 24), (24, 24.0)] {
      #expect(abs(10 * log10(levels.power(of: Float(number))) + 30 - expected) < 1e-9)
    }
  }

  /// Schemes meet the same drops whatever they do; copies apart have the bits of each together; another seed is another world.
  @Test func theWorldDoesNotDependOnActions() {
    var first = AllocationEnvironment(copies: 3, seed: 2)
    var second = AllocationEnvironment(copies: 3, seed: 2)
    let (one, two) = (run(&first, steps: 210, seed: 1), run(&second, steps: 210, seed: 2))
    #expect(zip(one, two).allSatisfy { $0.observations == $1.observations && $0.finalObservations == $1.finalObservations })
    #expect(one.map(\.rewards) != two.map(\.rewards))
    var other = AllocationEnvironment(copies: 3, seed: 3)
    #expect(run(&other, steps: 1)[0].observations != one[0].observations)
    for copy in 0..<3 {
      var alone = AllocationEnvironment(copies: 1, seed: 2, firstCopy: copy)
      for (together, apart) in zip(one, run(&alone, steps: 210)) {
        #expect(Array(together.observations[copy * 72..<(copy + 1) * 72]) == apart.observations)
      }
    }
  }

  /// Uniform choices of I users are free with I! C(N, I) / N^I, and a user is alone with 0.9^(I - 1). Bounds of 5 standard deviations.
  @Test func randomChoicesAreFreeAsOftenAsTheCeilingSays() {
    var environment = AllocationEnvironment(copies: 10, seed: 2)
    let batches = run(&environment, steps: 1000)
    var free = 0.0
    for batch in batches.dropFirst() { for copy in 0..<10 { free += Double(batch.metrics[copy * 11 + 2]) / 10_000 } }
    #expect(abs(free - 0.1512) < 5 * (0.1512 * 0.8488 / 10_000).squareRoot())
  }

  /// What agents will observe to the end of the block, whatever they do.
  @Test func upcomingObservationsCome() {
    for (episode, block) in [(100, 100), (7, 4)] {
      var environment = AllocationEnvironment(
        parameters { ($0.episodeMilliseconds, $0.blockMilliseconds, $0.agentIndex) = (episode, block, true) }, copies: 2, seed: 2)
      var batch = StepBatch(for: environment.specification)
      let actions = ActionBatch(for: environment.specification)
      environment.reset(into: &batch)
      for _ in 0..<5 {
        let upcoming = environment.upcomingObservations()
        let size = batch.observations.count
        #expect(upcoming.count == min(block - environment.millisecond, episode - environment.elapsed) * size)
        for step in 0..<upcoming.count / size {
          #expect(Array(upcoming[step * size..<(step + 1) * size]) == batch.observations)
          environment.step(actions, into: &batch)
        }
        #expect(environment.millisecond == 0)
      }
    }
  }

  @Test func damagedStatesAreRefused() throws {
    let folder = try TemporaryFolder()
    var environment = AllocationEnvironment(copies: 2, seed: 2)
    _ = run(&environment, steps: 120)
    try Archive.save(&environment, to: folder.file("uplink"))
    var other = AllocationEnvironment(copies: 2, seed: 3)
    #expect(throws: FileError.self) { try Archive.restore(&other, from: folder.file("uplink")) }
    var shorter = AllocationEnvironment(parameters { $0.episodeMilliseconds = 10 }, copies: 2, seed: 2)
    #expect(throws: FileError.self) { try Archive.restore(&shorter, from: folder.file("uplink")) }
  }

  @Test func stepsTakeNoMemory() {
    var environment = AllocationEnvironment(parameters { $0.episodeMilliseconds = 250 }, copies: 2, seed: 2)
    var batch = StepBatch(for: environment.specification)
    let actions = ActionBatch(for: environment.specification)
    environment.reset(into: &batch)
    environment.step(actions, into: &batch)
    allocations_watch()
    for _ in 0..<600 { environment.step(actions, into: &batch) }
    #expect(allocations_seen().requests == 0)
  }

  @Test func contradictions() {
    #expect(parameters().contradiction == nil)
    #expect(parameters { $0.users = 11 }.contradiction != nil)
    #expect(parameters { $0.episodeMilliseconds = 0 }.contradiction != nil)
    #expect(parameters { $0.leastSpeed = -1 }.contradiction != nil)
  }
}
