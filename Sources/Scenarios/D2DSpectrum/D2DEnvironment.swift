import Agents
import Channels
import Tensor

/// Spectrum allocation of D2D pairs under a cell's downlink, as a task for N agents.
///
/// In every slot each pair chooses one of the αβ `UnderlayActions`, by default one of K blocks. It observes [Gᵈ, Gᶜ, I, the part of its
/// full power that it sent on each block in the slot before]: the gain of its own link in this slot, the gain from the base station, and the
/// interference (with noise, mean over its blocks) that its receiver heard in the slot before; by default the last part is the one-hot of its
/// previous block. On request K numbers follow that say where the owners of blocks are. Rewards and rates are those of `UnderlayLinks`.
///
/// The fading of a slot depends on the fading seed, the copy's index and the slot alone: algorithms that share them meet
/// the same fading whatever they choose. Slots are counted from the making of the environment and `reset` does not turn
/// them back. The task never terminates; it is truncated only if the parameters set the length of an episode.
public struct D2DEnvironment: Environment {
  /// The quantities of every step, in this order: sum of rewards; fraction of the M cellular users and of the N pairs in
  /// outage; sums of log₂(1 + SINR) over pairs and over cellular users in bit/s/Hz; blocks in use; mean rate of a pair.
  public static let metrics = [
    "totalReward", "cellularOutage", "d2dOutage", "d2dSumRate", "cellularSumRate", "blocksUsed", "meanD2DRate",
  ]

  public let parameters: D2DParameters
  public let specification: EnvironmentSpecification
  /// The link equations.
  public let links: UnderlayLinks
  /// Positions and received powers of the present slot.
  public private(set) var channel: UnderlayChannel

  /// Episodes begun so far, less one.
  var episode = -1
  var slotsOfEpisode = 0
  /// The action of each pair in the slot before. `[E, N]`
  var previous: [Int32]
  /// Interference and noise heard in the slot before. `[E, N]` or `[E, N, K]`
  var heard: [Float]
  /// What each pair sees of the owners of blocks, if it does. `[E, N, K]`
  var owners: [Float]
  let scaling: [PowerScaling]
  var outcome: UnderlayOutcome
  var features: [Float]
  /// Where own gains, cellular gains and interference end among the features.
  let ends: [Int]
  var scaled: [Float]
  var perBlock: [Float]
  /// Large-scale powers up to those of pairs at cellular users, and their decibels. `[K + 2N + N K]`
  var levels: [Float]
  var levelsDB: [Float]

  /// - Parameters:
  ///   - parameters: The cell, how positions and episodes begin, and what agents observe.
  ///   - dropSeeds: One seed for each copy; equal seeds give equal positions.
  ///   - fadingSeed: Seed of fading, of movement and of first states. Training and evaluation on one drop take different ones.
  ///   - firstCopy: Index of the first copy, so that some copies can be run apart from the others.
  public init(_ parameters: D2DParameters = D2DParameters(), dropSeeds: [UInt64], fadingSeed: UInt64, firstCopy: Int = 0) {
    precondition(!dropSeeds.isEmpty, "D2DEnvironment: needs at least one drop seed")
    precondition(
      parameters.cell.pairs > 0 && parameters.cell.resourceBlocks > 0,
      "D2DEnvironment: needs pairs and blocks, got \(parameters.cell.pairs) and \(parameters.cell.resourceBlocks)")
    precondition(parameters.episodeSlots ?? 1 > 0, "D2DEnvironment: an episode needs at least one slot")
    self.parameters = parameters
    let copies = dropSeeds.count
    let pairs = parameters.cell.pairs
    let links = UnderlayLinks(parameters.cell)
    precondition(
      links.actions.count <= D2DParameters.mostActions,
      "D2DEnvironment: \(links.actions.sets) sets at \(parameters.cell.powerLevels) power levels are more than \(D2DParameters.mostActions) actions")
    self.links = links
    specification = EnvironmentSpecification(
      copies: copies, agents: pairs, observationSize: parameters.observationSize,
      actions: .discrete(links.actions.count), metrics: D2DEnvironment.metrics)
    channel = UnderlayChannel(parameters.cell, dropSeeds: dropSeeds, fadingSeed: fadingSeed, firstCopy: firstCopy)
    scaling = channel.drops.map { parameters.scaling(of: $0, links) }
    previous = Array(repeating: 0, count: copies * pairs)
    let perPair = parameters.interferenceFeature == .scalar ? 1 : parameters.cell.resourceBlocks
    heard = Array(repeating: 0, count: copies * pairs * perPair)
    outcome = links.outcome()
    features = Array(repeating: 0, count: pairs * (parameters.ownWidth + 1 + perPair))
    ends = [pairs * parameters.ownWidth, pairs * (parameters.ownWidth + 1), features.count]
    scaled = features
    perBlock = perPair == 1 ? [] : Array(repeating: 0, count: pairs * perPair)
    let seesOwners = parameters.geometryFeature == .owners
    owners = Array(repeating: 0, count: seesOwners ? copies * pairs * parameters.cell.resourceBlocks : 0)
    levels = Array(repeating: 0, count: seesOwners ? links.layout.pairsToReceivers : 0)
    levelsDB = levels
    for copy in 0..<copies { look(copy) }
  }

  /// The seed of each copy's positions. `[E]`
  public var dropSeeds: [UInt64] { channel.dropSeeds }
  /// The seed of the fading.
  public var fadingSeed: UInt64 { channel.fadingSeed }
  /// The index of the first copy's random streams.
  public var firstCopy: Int { channel.firstCopy }
  /// The slot that the next action falls into.
  public var slot: Int { channel.slot }
  /// The present positions of each copy. `[E]`
  public var drops: [UnderlayDrop] { channel.drops }

  public mutating func reset(into batch: inout StepBatch) {
    check(batch)
    beginEpisode()
    for copy in 0..<specification.copies { observe(copy, into: &batch.observations) }
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    check(batch)
    let pairs = parameters.cell.pairs
    precondition(
      actions.choices.count == specification.copies * pairs,
      "D2DEnvironment: needs \(specification.copies) x \(pairs) choices, got \(actions.choices.count)")
    precondition(episode >= 0, "D2DEnvironment: reset comes before the first step")
    for copy in 0..<specification.copies { transmit(copy, actions.choices, into: &batch) }
    channel.beginSlot()
    slotsOfEpisode += 1
    // Copy by copy, so that what was just drawn is still in the cache.
    for copy in 0..<specification.copies {
      channel.receive(copy)
      if parameters.cell.movement == .randomWalk { look(copy) }
      observe(copy, into: &batch.finalObservations)
    }
    let ends = slotsOfEpisode == parameters.episodeSlots
    for copy in 0..<specification.copies {
      batch.terminated[copy] = false
      batch.truncated[copy] = ends
    }
    if ends {
      beginEpisode()
      for copy in 0..<specification.copies { observe(copy, into: &batch.observations) }
    } else {
      for i in batch.observations.indices { batch.observations[i] = batch.finalObservations[i] }
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    var seeds = (dropSeeds + [fadingSeed]).flatMap { [Int32(truncatingIfNeeded: $0), Int32(truncatingIfNeeded: $0 >> 32)] }
    let mine = seeds
    try archive.array("seeds", &seeds)
    guard seeds == mine else { throw archive.failure("it belongs to an environment with other drop or fading seeds") }
    try channel.archive(in: archive)
    try archive.value("episode", &episode)
    try archive.value("slotsOfEpisode", &slotsOfEpisode)
    try archive.array("blocks", &previous)
    try archive.array("heard", &heard)
    guard archive.isReading else { return }
    guard previous.allSatisfy({ $0 >= 0 && $0 < links.actions.count }) else { throw archive.failure("a pair made a choice that there is not") }
    if parameters.redrawsPositions { channel.redraw(episode: max(episode, 0)) }
    for copy in 0..<specification.copies { look(copy) }
  }

  private func check(_ batch: StepBatch) {
    precondition(
      batch.observations.count == specification.copies * specification.agents * specification.observationSize
        && batch.metrics.count == specification.copies * specification.metrics.count,
      "D2DEnvironment: the batch was made for another specification")
  }

  /// The first state has no slot before it: the previous action is random, the interference what the base station causes
  /// without fading.
  private mutating func beginEpisode() {
    episode += 1
    slotsOfEpisode = 0
    if parameters.redrawsPositions && episode > 0 {
      channel.redraw(episode: episode)
      for copy in 0..<specification.copies { look(copy) }
    }
    let pairs = parameters.cell.pairs
    let width = heard.count / (specification.copies * pairs)
    for copy in 0..<specification.copies {
      var generator = RandomStream(seed: fadingSeed, purpose: .environment, index: firstCopy + copy).generator(step: episode)
      for n in 0..<pairs {
        let row = copy * pairs + n
        previous[row] = Int32(generator.integer(below: links.actions.count))
        let base = parameters.cell.baseInterference ? channel.drops[copy].powers[links.layout.base(toReceiver: n)] : 0
        for k in 0..<width { heard[row * width + k] = base + links.noiseWatts }
      }
    }
  }

  /// What each pair sees of the owners of blocks: 10 log₁₀ of what owner m receives from the base station over what he would receive from the pair
  /// at full power on the block alone, without fading; minus 20 and divided by 20.
  ///
  /// In the cell of the paper's table that ratio lies about −20 to 60 dB. The constants are no statistics of a drop: the same number means the same
  /// risk anywhere, so that a policy can be carried to other drops.
  private mutating func look(_ copy: Int) {
    guard !owners.isEmpty else { return }
    let (pairs, users) = (parameters.cell.pairs, parameters.cell.resourceBlocks)
    for i in levels.indices { levels[i] = channel.drops[copy].powers[i] }
    LinkQuality.decibels(of: levels, into: &levelsDB)
    let first = copy * pairs * users
    for n in 0..<pairs {
      for m in 0..<users {
        owners[first + n * users + m] = (levelsDB[m] - levelsDB[links.layout.transmitter(n, toCellular: m)] - 20) / 20
      }
    }
  }

  /// Applies the choices of one copy to the present slot.
  private mutating func transmit(_ copy: Int, _ choices: [Int32], into batch: inout StepBatch) {
    let pairs = parameters.cell.pairs
    let users = parameters.cell.resourceBlocks
    links.evaluate(channel.powers, allocation: choices, copy: copy, into: &outcome)
    var totalReward: Float = 0
    var pairSum: Float = 0
    for n in 0..<pairs {
      previous[copy * pairs + n] = choices[copy * pairs + n]
      batch.rewards[copy * pairs + n] = outcome.rewards[n]
      totalReward += outcome.rewards[n]
      pairSum += outcome.pairRates[n]
    }
    var cellularSum: Float = 0
    for m in 0..<users { cellularSum += outcome.cellularRates[m] }
    if parameters.interferenceFeature == .scalar {
      for n in 0..<pairs { heard[copy * pairs + n] = outcome.interference[n] + links.noiseWatts }
    } else {
      links.interferenceOnBlocks(channel.powers, allocation: choices, copy: copy, into: &perBlock)
      for i in perBlock.indices { heard[copy * pairs * users + i] = perBlock[i] + links.noiseWatts }
    }
    let metrics = copy * D2DEnvironment.metrics.count
    batch.metrics[metrics] = totalReward
    batch.metrics[metrics + 1] = Float(outcome.cellularOutages) / Float(users)
    batch.metrics[metrics + 2] = Float(outcome.pairOutages) / Float(pairs)
    batch.metrics[metrics + 3] = pairSum
    batch.metrics[metrics + 4] = cellularSum
    batch.metrics[metrics + 5] = Float(outcome.blocksUsed)
    batch.metrics[metrics + 6] = pairSum / Float(pairs)
  }

  /// Writes the observations of one copy.
  private mutating func observe(_ copy: Int, into observations: inout [Float]) {
    let pairs = parameters.cell.pairs
    let layout = links.layout
    let origin = copy * layout.count
    let base = parameters.cellularGainFeature == .toTransmitter ? layout.baseToTransmitters : layout.baseToReceivers
    let ownWidth = parameters.ownWidth
    let width = features.count / pairs - 1 - ownWidth
    // Feature by feature, so that the logarithm runs over one array.
    D2DEnvironment.gather(
      channel.powers, own: origin + layout.own(0, on: 0), stride: ownWidth == 1 ? pairs + 1 : 1, ownWidth, base: origin + base, heard,
      from: copy * pairs * width, pairs, into: &features)
    scaling[copy].apply(features, ends: ends, into: &scaled)
    let (size, rows) = (specification.observationSize, copy * pairs..<(copy + 1) * pairs)
    D2DEnvironment.write(scaled, ownWidth, width, rows, size, into: &observations)
    D2DEnvironment.write(previous, links.actions, rows, size, from: ownWidth + 1 + width, into: &observations)
    if !owners.isEmpty { D2DEnvironment.write(owners, rows, size, into: &observations) }
  }

  /// Own gains, cellular gains, interference. `[(ownWidth + 1 + width) N]`
  private static func gather(
    _ powers: [Float], own: Int, stride: Int, _ ownWidth: Int, base: Int, _ heard: [Float], from first: Int, _ pairs: Int,
    into features: inout [Float]
  ) {
    let (powers, heard) = (powers.span, heard.span)
    var features = features.mutableSpan
    let cellular = pairs * ownWidth
    for i in 0..<cellular { features[i] = powers[own + i * stride] }
    for n in 0..<pairs { features[cellular + n] = powers[base + n] }
    let interference = cellular + pairs
    for i in interference..<features.count { features[i] = heard[first + i - interference] }
  }

  /// The scaled features of each pair; zeros behind them.
  private static func write(
    _ scaled: [Float], _ ownWidth: Int, _ width: Int, _ rows: Range<Int>, _ size: Int, into observations: inout [Float]
  ) {
    let scaled = scaled.span
    let pairs = rows.count
    var target = observations.mutableSpan
    for i in rows.lowerBound * size..<rows.upperBound * size { target[i] = 0 }
    for n in 0..<pairs {
      let row = (rows.lowerBound + n) * size
      for k in 0..<ownWidth { target[row + k] = scaled[n * ownWidth + k] }
      target[row + ownWidth] = scaled[pairs * ownWidth + n]
      for k in 0..<width { target[row + ownWidth + 1 + k] = scaled[pairs * (ownWidth + 1) + n * width + k] }
    }
  }

  /// The part of its power that each pair put on each block.
  private static func write(
    _ choices: [Int32], _ actions: UnderlayActions, _ rows: Range<Int>, _ size: Int, from first: Int, into observations: inout [Float]
  ) {
    let (choices, members, sizes, shares) = (choices.span, actions.members.span, actions.sizes.span, actions.shares.span)
    var target = observations.mutableSpan
    for n in rows {
      let action = Int(choices[n])
      let place = action * actions.blocksPerSet
      for j in 0..<Int(sizes[action]) { target[n * size + first + Int(members[place + j])] = shares[action] }
    }
  }

  /// What each pair sees of the owners of blocks, at the end of its row.
  private static func write(_ owners: [Float], _ rows: Range<Int>, _ size: Int, into observations: inout [Float]) {
    let owners = owners.span
    var target = observations.mutableSpan
    let blocks = owners.count / (target.count / size)
    for n in rows {
      for k in 0..<blocks { target[(n + 1) * size - blocks + k] = owners[n * blocks + k] }
    }
  }
}
