import Agents
import Channels
import Tensor

/// Spectrum allocation of D2D pairs under a cell's downlink, as a task for N agents.
///
/// In every slot each pair chooses one of K blocks. It observes [Gᵈ, Gᶜ, I, one-hot of its previous block]: the gain of its
/// own link in this slot, the gain from the base station, and the interference (with noise) that its receiver heard in the
/// slot before. Rewards and rates are those of ``D2DLinks``.
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
  public let links: D2DLinks
  /// The seed of each copy's positions. `[E]`
  public let dropSeeds: [UInt64]
  /// The seed of the fading.
  public let fadingSeed: UInt64
  /// The index of the first copy's random streams.
  public let firstCopy: Int
  /// The slot that the next action falls into.
  public private(set) var slot = 0
  /// The positions of each copy. `[E]`
  public private(set) var drops: [D2DDrop]

  /// Episodes begun so far, less one.
  var episode = -1
  var slotsOfEpisode = 0
  /// Received powers of the present slot, in the order of ``D2DLayout``. `[E, links]`
  var powers: [Float]
  /// The block of each pair in the slot before. `[E, N]`
  var blocks: [Int32]
  /// Interference and noise heard in the slot before. `[E, N]` or `[E, N, K]`
  var heard: [Float]
  var gaussMarkov: [GaussMarkovFading] = []
  let scaling: [D2DStateScaling]
  var outcome: D2DOutcome
  var features: [Float]
  var scaled: [Float]
  var perBlock: [Float]

  /// - Parameters:
  ///   - dropSeeds: One seed for each copy; equal seeds give equal positions.
  ///   - fadingSeed: Seed of fading and of first states. Training and evaluation on one drop take different ones.
  ///   - firstCopy: Index of the first copy, so that some copies can be run apart from the others.
  public init(_ parameters: D2DParameters = D2DParameters(), dropSeeds: [UInt64], fadingSeed: UInt64, firstCopy: Int = 0) {
    precondition(!dropSeeds.isEmpty, "D2DEnvironment: needs at least one drop seed")
    precondition(
      parameters.pairs > 0 && parameters.resourceBlocks > 0,
      "D2DEnvironment: needs pairs and blocks, got \(parameters.pairs) and \(parameters.resourceBlocks)")
    precondition(parameters.episodeSlots ?? 1 > 0, "D2DEnvironment: an episode needs at least one slot")
    self.parameters = parameters
    self.dropSeeds = dropSeeds
    self.fadingSeed = fadingSeed
    self.firstCopy = firstCopy
    let copies = dropSeeds.count
    let pairs = parameters.pairs
    specification = EnvironmentSpecification(
      copies: copies, agents: pairs, observationSize: parameters.observationSize,
      actions: .discrete(parameters.resourceBlocks), metrics: D2DEnvironment.metrics)
    let links = D2DLinks(parameters)
    self.links = links
    drops = dropSeeds.map { D2DDrop(parameters, seed: $0) }
    scaling = drops.map { D2DStateScaling(parameters, drop: $0, links: links) }
    powers = Array(repeating: 0, count: copies * links.layout.count)
    blocks = Array(repeating: 0, count: copies * pairs)
    let perPair = parameters.interferenceFeature == .scalar ? 1 : parameters.resourceBlocks
    heard = Array(repeating: 0, count: copies * pairs * perPair)
    outcome = D2DOutcome(pairs: pairs, blocks: parameters.resourceBlocks)
    features = Array(repeating: 0, count: pairs * (2 + perPair))
    scaled = features
    perBlock = perPair == 1 ? [] : Array(repeating: 0, count: pairs * perPair)
    if parameters.fading == .gaussMarkov {
      let correlation = GaussMarkovFading.correlation(
        speedMetersPerSecond: parameters.speedMetersPerSecond, carrier: Hertz(Gigahertz(parameters.carrierGigahertz)),
        slotSeconds: parameters.slotMilliseconds / 1000)
      for copy in 0..<copies {
        var process = GaussMarkovFading(count: links.layout.count, correlation: correlation)
        process.start(stream: stream(.fading, copy: copy), step: 0)
        gaussMarkov.append(process)
      }
    }
    fade()
  }

  public mutating func reset(into batch: inout StepBatch) {
    check(batch)
    beginEpisode()
    for copy in 0..<specification.copies { observe(copy, into: &batch.observations) }
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    check(batch)
    let pairs = parameters.pairs
    precondition(
      actions.choices.count == specification.copies * pairs,
      "D2DEnvironment: needs \(specification.copies) x \(pairs) choices, got \(actions.choices.count)")
    precondition(episode >= 0, "D2DEnvironment: reset comes before the first step")
    for copy in 0..<specification.copies { transmit(copy, actions.choices, into: &batch) }
    slot += 1
    slotsOfEpisode += 1
    // Copy by copy, so that what was just drawn is still in the cache.
    for copy in 0..<specification.copies {
      if !gaussMarkov.isEmpty { gaussMarkov[copy].advance(stream: stream(.fading, copy: copy), step: slot) }
      fade(copy)
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
    try archive.value("slot", &slot)
    try archive.value("episode", &episode)
    try archive.value("slotsOfEpisode", &slotsOfEpisode)
    try archive.array("blocks", &blocks)
    try archive.array("heard", &heard)
    for copy in gaussMarkov.indices {
      try archive.group("fading\(copy)") { () throws(FileError) in try gaussMarkov[copy].archive(in: archive) }
    }
    if archive.isReading {
      if parameters.positionReset == .everyEpisode { place() }
      fade()
    }
  }

  private func stream(_ purpose: RandomPurpose, copy: Int) -> RandomStream {
    RandomStream(seed: fadingSeed, purpose: purpose, index: firstCopy + copy)
  }

  private func check(_ batch: StepBatch) {
    precondition(
      batch.observations.count == specification.copies * specification.agents * specification.observationSize
        && batch.metrics.count == specification.copies * specification.metrics.count,
      "D2DEnvironment: the batch was made for another specification")
  }

  /// The first state has no slot before it: the previous block is random, the interference what the base station causes
  /// without fading.
  private mutating func beginEpisode() {
    episode += 1
    slotsOfEpisode = 0
    if parameters.positionReset == .everyEpisode && episode > 0 {
      place()
      fade()
    }
    let pairs = parameters.pairs
    let width = heard.count / (specification.copies * pairs)
    for copy in 0..<specification.copies {
      var generator = stream(.environment, copy: copy).generator(step: episode)
      for n in 0..<pairs {
        let row = copy * pairs + n
        blocks[row] = Int32(generator.integer(below: parameters.resourceBlocks))
        let base = parameters.baseInterference ? drops[copy].powers[links.layout.base(toReceiver: n)] : 0
        for k in 0..<width { heard[row * width + k] = base + links.noiseWatts }
      }
    }
  }

  private mutating func place() {
    for copy in drops.indices { drops[copy] = D2DDrop(parameters, seed: dropSeeds[copy], episode: max(episode, 0)) }
  }

  /// Received powers of the present slot: large-scale powers times fading.
  private mutating func fade() {
    for copy in drops.indices { fade(copy) }
  }

  private mutating func fade(_ copy: Int) {
    let count = links.layout.count
    let range = copy * count..<(copy + 1) * count
    switch parameters.fading {
    case .rayleigh: FadingDraws.fillExponential(&powers, in: range, stream: stream(.fading, copy: copy), step: slot)
    case .gaussMarkov: gaussMarkov[copy].powers(into: &powers, in: range)
    case .none: for i in range { powers[i] = 1 }
    }
    D2DEnvironment.scale(&powers, from: range.lowerBound, by: drops[copy].powers)
  }

  private static func scale(_ values: inout [Float], from start: Int, by factors: [Float]) {
    var values = values.mutableSpan
    var part = values._mutatingExtracting(start..<start + factors.count)
    VectorMath.multiply(&part, by: factors.span)
  }

  /// Applies the choices of one copy to the present slot.
  private mutating func transmit(_ copy: Int, _ choices: [Int32], into batch: inout StepBatch) {
    let pairs = parameters.pairs
    let users = parameters.resourceBlocks
    links.evaluate(powers, allocation: choices, copy: copy, into: &outcome)
    var totalReward: Float = 0
    var pairSum: Float = 0
    for n in 0..<pairs {
      blocks[copy * pairs + n] = choices[copy * pairs + n]
      batch.rewards[copy * pairs + n] = outcome.rewards[n]
      totalReward += outcome.rewards[n]
      pairSum += outcome.pairRates[n]
    }
    var cellularSum: Float = 0
    for m in 0..<users { cellularSum += outcome.cellularRates[m] }
    if parameters.interferenceFeature == .scalar {
      for n in 0..<pairs { heard[copy * pairs + n] = outcome.interference[n] + links.noiseWatts }
    } else {
      links.interferenceOnBlocks(powers, allocation: choices, copy: copy, into: &perBlock)
      for i in perBlock.indices { heard[copy * pairs * users + i] = perBlock[i] + links.noiseWatts }
    }
    let metrics = copy * D2DEnvironment.metrics.count
    batch.metrics[metrics] = totalReward
    batch.metrics[metrics + 1] =
      Float(LinkQuality.outages(sinr: outcome.cellularSINR, threshold: links.cellularThreshold)) / Float(users)
    batch.metrics[metrics + 2] = Float(LinkQuality.outages(sinr: outcome.pairSINR, threshold: links.pairThreshold)) / Float(pairs)
    batch.metrics[metrics + 3] = pairSum
    batch.metrics[metrics + 4] = cellularSum
    batch.metrics[metrics + 5] = Float(outcome.blocksUsed)
    batch.metrics[metrics + 6] = pairSum / Float(pairs)
  }

  /// Writes the observations of one copy.
  private mutating func observe(_ copy: Int, into observations: inout [Float]) {
    let pairs = parameters.pairs
    let blocksCount = parameters.resourceBlocks
    let layout = links.layout
    let origin = copy * layout.count
    let width = heard.count / (specification.copies * pairs)
    let base = parameters.cellularGainFeature == .toTransmitter ? layout.baseToTransmitters : layout.baseToReceivers
    // Feature by feature, so that the logarithm runs over one array: own gains, cellular gains, interference.
    for n in 0..<pairs {
      features[n] = powers[origin + layout.pairsToReceivers + n * (pairs + 1)]
      features[pairs + n] = powers[origin + base + n]
    }
    for i in 0..<pairs * width { features[2 * pairs + i] = heard[copy * pairs * width + i] }
    scaling[copy].apply(features, into: &scaled, pairs: pairs)

    let size = specification.observationSize
    let source = scaled.span
    var target = observations.mutableSpan
    var row = copy * pairs * size
    for n in 0..<pairs {
      target[row] = source[n]
      target[row + 1] = source[pairs + n]
      for k in 0..<width { target[row + 2 + k] = source[2 * pairs + n * width + k] }
      let oneHot = row + 2 + width
      for k in 0..<blocksCount { target[oneHot + k] = 0 }
      target[oneHot + Int(blocks[copy * pairs + n])] = 1
      row += size
    }
  }
}
