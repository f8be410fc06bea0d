import Agents
import Channels
import Foundation
import Scenarios
import Tensor
import Testing

@Suite struct D2DEnvironmentTests {
  /// Actions of a fixed pattern, a value per slot, copy and pair.
  private func actions(_ environment: D2DEnvironment, slot: Int, salt: Int = 0) -> ActionBatch {
    var actions = ActionBatch(for: environment.specification)
    let pairs = environment.parameters.pairs
    for row in actions.choices.indices {
      let copy = environment.firstCopy + row / pairs
      var generator = RandomStream(seed: 99, purpose: .exploration, index: copy * pairs + row % pairs).generator(step: slot + salt)
      actions.choices[row] = Int32(generator.integer(below: environment.links.actions.count))
    }
    return actions
  }

  /// All batches of a run, the first from `reset`.
  private func run(_ environment: inout D2DEnvironment, slots: Int, salt: Int = 0) -> [StepBatch] {
    var batch = StepBatch(for: environment.specification)
    environment.reset(into: &batch)
    var batches = [batch]
    for _ in 0..<slots {
      let choices = actions(environment, slot: environment.slot, salt: salt)
      environment.step(choices, into: &batch)
      batches.append(batch)
    }
    return batches
  }

  private func parameters(pairs: Int = 6, _ change: (inout D2DParameters) -> Void = { _ in }) -> D2DParameters {
    var parameters = D2DParameters()
    parameters.pairs = pairs
    change(&parameters)
    return parameters
  }

  @Test func sizes() {
    let environment = D2DEnvironment(dropSeeds: [1, 2, 3], fadingSeed: 4)
    #expect(environment.specification.copies == 3)
    #expect(environment.specification.agents == 10)
    #expect(environment.specification.observationSize == 13)
    #expect(environment.specification.actions == .discrete(10))
    #expect(environment.specification.metrics.prefix(3) == ["totalReward", "cellularOutage", "d2dOutage"])
    #expect(environment.specification.metrics.suffix(4) == ["d2dSumRate", "cellularSumRate", "blocksUsed", "meanD2DRate"])
  }

  @Test func firstStateKnowsTheBaseStationOnly() {
    // Without scaling and fading the state can be read off the drop.
    let parameters = parameters {
      $0.stateScaling = .linear
      $0.fading = .none
    }
    var environment = D2DEnvironment(parameters, dropSeeds: [1], fadingSeed: 4)
    let first = run(&environment, slots: 0)[0]
    let layout = environment.links.layout
    let powers = environment.drops[0].powers
    for n in 0..<6 {
      let row = Array(first.observations[n * 13..<n * 13 + 13])
      let own = Double(powers[layout.transmitter(n, toReceiver: n)]) / parameters.pairPower.value
      let cellular = Double(powers[layout.base(toTransmitter: n)]) / parameters.basePowerOnBlock.value
      let heard = Double(powers[layout.base(toReceiver: n)]) + parameters.noise.value
      #expect(abs(Double(row[0]) / own - 1) < 1e-6)
      #expect(abs(Double(row[1]) / cellular - 1) < 1e-6)
      #expect(abs(Double(row[2]) / heard - 1) < 1e-6)
    }
    // The previous blocks are random: ten resets of six pairs do not agree on one.
    var batch = StepBatch(for: environment.specification)
    var states: Set<[Float]> = []
    for _ in 0..<10 {
      environment.reset(into: &batch)
      states.insert(batch.observations)
    }
    #expect(states.count == 10)
  }

  @Test func previousBlocksAreOneHotAndCountTheBlocks() {
    var environment = D2DEnvironment(parameters(pairs: 12), dropSeeds: [1], fadingSeed: 4)
    var batch = StepBatch(for: environment.specification)
    environment.reset(into: &batch)
    for slot in 0..<30 {
      let choices = actions(environment, slot: slot)
      environment.step(choices, into: &batch)
      var onBlock = Array(repeating: Float(0), count: 10)
      for n in 0..<12 {
        let oneHot = batch.observations[n * 13 + 3..<n * 13 + 13]
        #expect(oneHot.reduce(0, +) == 1)
        #expect(oneHot[n * 13 + 3 + Int(choices.choices[n])] == 1)
        for k in 0..<10 { onBlock[k] += oneHot[n * 13 + 3 + k] }
      }
      #expect(onBlock.reduce(0, +) == 12)
      #expect(batch.metrics[5] == Float(onBlock.count { $0 > 0 }))
    }
  }

  @Test func metricsAreSumsOfWhatTheLinkEquationsGive() {
    var environment = D2DEnvironment(parameters(pairs: 20), dropSeeds: [1], fadingSeed: 4)
    let batches = run(&environment, slots: 200)
    for batch in batches.dropFirst() {
      let total = batch.rewards.reduce(0, +)
      #expect(abs(batch.metrics[0] - total) < 1e-3)
      #expect(batch.rewards.allSatisfy { $0 == -1 || $0 > 0 })
      #expect(abs(batch.metrics[6] * 20 - batch.metrics[3]) < 1e-3)
      // Rewards leave out the rates of punished pairs.
      let punished = Float(batch.rewards.count { $0 == -1 })
      #expect(batch.metrics[0] <= batch.metrics[3] - punished + 1e-3)
      #expect((punished > 0) ? batch.metrics[1] > 0 : batch.metrics[0] > batch.metrics[3] - 1e-3)
      #expect(!batch.terminated[0] && !batch.truncated[0])
    }
    #expect(batches.contains { $0.rewards.contains(-1) })
  }

  @Test func theStateShowsTheFadingThatTheActionMeets() {
    // Alone and without the base station a pair's rate follows from its own gain: log₂(1 + P g / σ²).
    let parameters = parameters(pairs: 1) {
      $0.stateScaling = .linear
      $0.baseInterference = false
    }
    var environment = D2DEnvironment(parameters, dropSeeds: [1], fadingSeed: 4)
    let batches = run(&environment, slots: 50)
    for slot in 0..<50 {
      let gain = Double(batches[slot].observations[0])
      let sinr = parameters.pairPower.value * gain / parameters.noise.value
      #expect(abs(Double(batches[slot + 1].metrics[3]) - Math.log2(1 + sinr)) < 1e-4)
      #expect(abs(Double(batches[slot + 1].observations[2]) / parameters.noise.value - 1) < 1e-6)
    }
  }

  @Test func interferencePerBlockAgreesWithTheScalar() {
    let scalar = parameters(pairs: 15) { $0.stateScaling = .linear }
    var perBlock = scalar
    perBlock.interferenceFeature = .perBlock
    var a = D2DEnvironment(scalar, dropSeeds: [1], fadingSeed: 4)
    var b = D2DEnvironment(perBlock, dropSeeds: [1], fadingSeed: 4)
    let (x, y) = (run(&a, slots: 20), run(&b, slots: 20))
    for slot in 0...20 {
      for n in 0..<15 {
        let block = (0..<10).first { x[slot].observations[n * 13 + 3 + $0] == 1 }!
        let one = x[slot].observations[n * 13 + 2]
        #expect(abs(y[slot].observations[n * 22 + 2 + block] / one - 1) < 1e-5)
        #expect(y[slot].observations[n * 22 + 12 + block] == 1)
      }
    }
  }

  @Test func thePreviousActionIsThePartOfThePowerOnEachBlock() {
    let parameters = parameters(pairs: 8) {
      $0.resourceBlocks = 4
      $0.blocksPerSet = 3
      $0.powerLevels = 4
      $0.stateScaling = .linear
    }
    var environment = D2DEnvironment(parameters, dropSeeds: [1, 2], fadingSeed: 4)
    let choice = environment.links.actions
    #expect(environment.specification.actions == .discrete(56))
    var batch = StepBatch(for: environment.specification)
    environment.reset(into: &batch)
    for slot in 0..<40 {
      let choices = actions(environment, slot: slot)
      environment.step(choices, into: &batch)
      for row in 0..<16 {
        let action = Int(choices.choices[row])
        let set = choice.blocks(of: action)
        let expected = (0..<4).map { set.contains($0) ? Float(action % 4 + 1) / 4 / Float(set.count) : 0 }
        #expect(Array(batch.observations[row * 7 + 3..<row * 7 + 7]) == expected)
      }
    }
  }

  /// Without fading: for each block the decibels that its owner's base station lies above the pair, from positions and the two laws.
  @Test(arguments: [D2DParameters.PositionReset.fixed, .moving, .everyEpisode])
  func ownersAreSeenByTheirLargeScaleRatios(positions: D2DParameters.PositionReset) {
    let parameters = parameters(pairs: 3) {
      $0.geometryFeature = .owners
      $0.positionReset = positions
      $0.speedMetersPerSecond = 20
      $0.slotMilliseconds = 1000
      $0.episodeSlots = positions == .everyEpisode ? 4 : nil
    }
    var environment = D2DEnvironment(parameters, dropSeeds: [1, 2], fadingSeed: 4)
    #expect(environment.specification.observationSize == 23)
    var batch = StepBatch(for: environment.specification)
    environment.reset(into: &batch)
    var seen: Set<[Float]> = []
    for slot in 0..<10 {
      for copy in 0..<2 {
        let drop = environment.drops[copy]
        for n in 0..<3 {
          let row = (copy * 3 + n) * 23
          for m in 0..<10 {
            let fromBase = 46 - 128.1 - 37.6 * log10(drop.cellularUsers[m].distance(to: .origin).value / 1000)
            let fromPair = 13 - 40 * log10(max(1, drop.cellularUsers[m].distance(to: drop.transmitters[n]).value))
            #expect(abs(Double(batch.observations[row + 13 + m]) - (fromBase - fromPair - 20) / 20) < 1e-4)
          }
          seen.insert(Array(batch.observations[row + 13..<row + 23]))
        }
      }
      environment.step(actions(environment, slot: slot), into: &batch)
    }
    // Six pairs; they see the same for ever, something new in every slot, or in each of three episodes.
    #expect(seen.count == (positions == .fixed ? 6 : positions == .moving ? 60 : 18))
  }

  @Test(arguments: UnderlayCell.Fading.allCases)
  func aBatchIsItsSinglesBitForBit(fading: UnderlayCell.Fading) {
    let parameters = parameters {
      $0.fading = fading
      $0.positionReset = .everyEpisode
      $0.episodeSlots = 7
      $0.shadowingDeviationDB = 4
    }
    let seeds: [UInt64] = [5, 6, 5]
    var together = D2DEnvironment(parameters, dropSeeds: seeds, fadingSeed: 40)
    let all = run(&together, slots: 20)
    for copy in 0..<3 {
      var alone = D2DEnvironment(parameters, dropSeeds: [seeds[copy]], fadingSeed: 40, firstCopy: copy)
      let single = run(&alone, slots: 20)
      for (a, b) in zip(all, single) {
        #expect(Array(a.observations[copy * 78..<(copy + 1) * 78]) == b.observations)
        #expect(Array(a.finalObservations[copy * 78..<(copy + 1) * 78]) == b.finalObservations)
        #expect(Array(a.rewards[copy * 6..<(copy + 1) * 6]) == b.rewards)
        #expect(Array(a.metrics[copy * 7..<(copy + 1) * 7]) == b.metrics)
        #expect(a.truncated[copy] == b.truncated[0])
      }
    }
    // The first and the third copy share their positions and differ by their fading alone.
    #expect(together.drops[0] == together.drops[2])
    #expect(together.drops[0] != together.drops[1])
    if fading != .none { #expect(all[5].observations[0] != all[5].observations[156]) }
  }

  @Test func theSameSlotHasTheSameFadingWhateverIsDone() {
    var a = D2DEnvironment(parameters(), dropSeeds: [1], fadingSeed: 4)
    var b = a
    let (x, y) = (run(&a, slots: 40), run(&b, slots: 40, salt: 1000))
    for slot in 0...40 {
      for n in 0..<6 { #expect(x[slot].observations[n * 13..<n * 13 + 2] == y[slot].observations[n * 13..<n * 13 + 2]) }
    }
    #expect(x[40].rewards != y[40].rewards)
    var other = D2DEnvironment(parameters(), dropSeeds: [1], fadingSeed: 5)
    #expect(run(&other, slots: 1)[1].observations[0] != x[1].observations[0])
    #expect(other.drops == a.drops)
  }

  static let savedRuns: [@Sendable (inout D2DParameters) -> Void] = [
    { _ in }, { $0.fading = .gaussMarkov }, { $0.fading = .jakes },
    {
      $0.positionReset = .moving
      $0.geometryFeature = .owners
      $0.speedMetersPerSecond = 30
      $0.slotMilliseconds = 500
    },
    {
      $0.blocksPerSet = 2
      $0.powerLevels = 3
      $0.interferenceFeature = .perBlock
      $0.geometryFeature = .owners
    },
  ]

  @Test(arguments: 0..<5)
  func aSavedRunContinuesBitForBit(option: Int) throws {
    let parameters = parameters {
      $0.positionReset = .everyEpisode
      $0.episodeSlots = 8
      Self.savedRuns[option](&$0)
    }
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.appendingPathComponent("environment.safetensors").path
    var original = D2DEnvironment(parameters, dropSeeds: [1, 2], fadingSeed: 4)
    _ = run(&original, slots: 13)
    try Archive.save(&original, to: path)
    var restored = D2DEnvironment(parameters, dropSeeds: [1, 2], fadingSeed: 4)
    try Archive.restore(&restored, from: path)
    var (a, b) = (StepBatch(for: original.specification), StepBatch(for: original.specification))
    for _ in 0..<20 {
      let choices = actions(original, slot: original.slot)
      original.step(choices, into: &a)
      restored.step(choices, into: &b)
      #expect(a.observations == b.observations && a.finalObservations == b.finalObservations)
      #expect(a.rewards == b.rewards && a.metrics == b.metrics && a.truncated == b.truncated)
    }
    #expect(restored.slot == 33)
    var stranger = D2DEnvironment(parameters, dropSeeds: [1, 2], fadingSeed: 5)
    #expect(throws: FileError.self) { try Archive.restore(&stranger, from: path) }
  }

  @Test func episodesAreTruncatedAndPositionsRedrawn() {
    let parameters = parameters {
      $0.positionReset = .everyEpisode
      $0.episodeSlots = 5
      $0.fading = .none
    }
    var environment = D2DEnvironment(parameters, dropSeeds: [1], fadingSeed: 4)
    var batch = StepBatch(for: environment.specification)
    environment.reset(into: &batch)
    #expect(environment.drops[0] == UnderlayDrop(parameters.cell, seed: 1, episode: 0))
    for slot in 1...15 {
      environment.step(actions(environment, slot: slot), into: &batch)
      #expect(batch.truncated[0] == slot.isMultiple(of: 5))
      #expect(!batch.terminated[0])
      #expect((batch.observations == batch.finalObservations) == !slot.isMultiple(of: 5))
      #expect(environment.drops[0] == UnderlayDrop(parameters.cell, seed: 1, episode: slot / 5))
    }
  }

  /// Every option changes what a run reports or observes.
  @Test(arguments: 0..<27)
  func everyOptionMatters(option: Int) {
    let changes: [(inout D2DParameters) -> Void] = [
      { $0.radiusMeters = 400 }, { $0.minimumBaseDistanceMeters = 100 }, { $0.maximumPairDistanceMeters = 20 },
      { $0.minimumPairDistanceMeters = 5 }, { $0.basePowerDBm = 43 }, { $0.basePower = .split }, { $0.baseInterference = false },
      { $0.pairPowerDBm = 20 }, { $0.baseLossAtOneKilometerDB = 120 }, { $0.baseLossPerDecadeDB = 35 },
      { $0.pairLossAtOneMeterDB = 28 }, { $0.pairPathLossExponent = 3.5 }, { $0.shadowingDeviationDB = 8 },
      { $0.fading = .none }, { $0.fading = .gaussMarkov }, { $0.cellularThresholdDB = 5 }, { $0.pairThresholdDB = 10 },
      { $0.negativeReward = -2 }, { $0.resourceBlocks = 9 },
      {
        $0.fading = .none
        $0.baseInterference = false
        $0.noiseDensityDBmPerHertz = -100
      },
      { $0.noiseFigureDB = 80 }, { $0.blockBandwidthHertz = 180e9 },
      {
        $0.positionReset = .everyEpisode
        $0.episodeSlots = 10
      },
      { $0.fading = .jakes }, { $0.positionReset = .moving }, { $0.blocksPerSet = 2 }, { $0.powerLevels = 2 },
    ]
    var plain = D2DEnvironment(parameters(pairs: 20), dropSeeds: [1], fadingSeed: 4)
    var changed = D2DEnvironment(parameters(pairs: 20, changes[option]), dropSeeds: [1], fadingSeed: 4)
    let (a, b) = (run(&plain, slots: 40), run(&changed, slots: 40))
    #expect(a.map(\.metrics) != b.map(\.metrics))
  }

  @Test func speedSlotAndCarrierSetTheMemoryOfFading() {
    func observations(_ change: (inout D2DParameters) -> Void) -> [Float] {
      let parameters = parameters {
        $0.fading = .gaussMarkov
        change(&$0)
      }
      var environment = D2DEnvironment(parameters, dropSeeds: [1], fadingSeed: 4)
      return run(&environment, slots: 10).last!.observations
    }
    let walking = observations { _ in }
    #expect(observations { $0.speedMetersPerSecond = 3 } != walking)
    #expect(observations { $0.slotMilliseconds = 10 } != walking)
    #expect(observations { $0.carrierGigahertz = 3.5 } != walking)
    // Only their product counts.
    #expect(observations { $0.speedMetersPerSecond = 4 } == observations { $0.slotMilliseconds = 4 })
  }

  @Test func stateOptionsChangeStatesAndNothingElse() {
    var plain = D2DEnvironment(parameters(), dropSeeds: [1], fadingSeed: 4)
    let a = run(&plain, slots: 10)
    let changes: [(inout D2DParameters) -> Void] = [
      { $0.stateScaling = .decibels }, { $0.stateScaling = .linear }, { $0.cellularGainFeature = .toReceiver },
      { $0.interferenceFeature = .perBlock }, { $0.geometryFeature = .owners },
    ]
    for change in changes {
      var changed = D2DEnvironment(parameters(pairs: 6, change), dropSeeds: [1], fadingSeed: 4)
      let b = run(&changed, slots: 10)
      #expect(a.map(\.metrics) == b.map(\.metrics))
      #expect(a[5].observations != b[5].observations)
      #expect(b[5].observations.allSatisfy { $0.isFinite })
    }
  }

  @Test func aStepBeforeResetIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var environment = D2DEnvironment(dropSeeds: [1], fadingSeed: 4)
      var batch = StepBatch(for: environment.specification)
      environment.step(ActionBatch(for: environment.specification), into: &batch)
    }
  }

  /// The state shows the own gain of every block in the slot that is acted in, and the rate is that of the block chosen.
  @Test func ownGainsOfEachBlockAreSeenBeforeTheyCount() {
    let parameters = parameters(pairs: 3) {
      $0.ownFading = .perBlock
      $0.stateScaling = .linear
      $0.resourceBlocks = 4
    }
    var environment = D2DEnvironment(parameters, dropSeeds: [1], fadingSeed: 4)
    #expect(environment.specification.observationSize == 4 + 1 + 1 + 4)
    var batch = StepBatch(for: environment.specification)
    environment.reset(into: &batch)
    for slot in 0..<50 {
      let (powers, layout) = (environment.channel.powers, environment.links.layout)
      var actions = ActionBatch(for: environment.specification)
      for n in 0..<3 {
        for k in 0..<4 {
          let seen = Double(batch.observations[n * 10 + k]) * parameters.pairPower.value
          #expect(abs(seen / Double(powers[layout.own(n, on: k)]) - 1) < 1e-6)
        }
        // Each pair on a block of its own hears the base station alone.
        actions.choices[n] = Int32((slot + n) % 4)
      }
      environment.step(actions, into: &batch)
      for n in 0..<3 where batch.rewards[n] != -1 {
        let signal = Double(powers[layout.own(n, on: Int(actions.choices[n]))])
        let disturbance = Double(powers[layout.base(toReceiver: n)]) + parameters.noise.value
        #expect(abs(Double(batch.rewards[n]) - log2(1 + signal / disturbance)) < 1e-4)
      }
    }
  }
}
