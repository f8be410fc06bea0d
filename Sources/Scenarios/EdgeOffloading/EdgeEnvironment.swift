import Agents
import Channels
import Tensor

/// E copies of small cells whose agents, the SBSs, decide on offloading, channels, powers and server shares of their users in every slot.
///
/// Observation of an agent: gains of its users on all channels `[N, K]` in this slot, the interference that it measured on each channel in the slot
/// before `[K]` (noise alone at the start of an episode), and bits, cycles and deadlines of its users' tasks `[3, N]`; see ``EdgeScaling``. Where a cell
/// has fewer users than the greatest one the numbers of missing ones are zero. Actions: see `OffloadingActions`. Rewards follow
/// ``EdgeParameters``; metrics are never capped.
///
/// Fading and tasks of a slot depend on the fading seed, the copy's index and the slot alone: schemes that share them meet the same whatever they
/// choose. Slots are counted from the making of the environment and `reset` does not turn them back. The task never terminates.
public struct EdgeEnvironment: Environment {
  /// The quantities of every step: the system reward, which is the sum of the rewards of all users without cap and scale; energies in joules for each
  /// user, in all, of local computing, of the edge, and of that transmission and servers; the part of users within their deadlines; the mean
  /// offloaded part; the reward of each cell without cap and scale.
  public static func metrics(cells: Int) -> [String] {
    [
      "systemReward", "energyPerUser", "localEnergyPerUser", "edgeEnergyPerUser", "transmissionEnergyPerUser", "serverEnergyPerUser",
      "withinDeadline", "offloadedPart",
    ] + (0..<cells).map { "reward.\($0)" }
  }

  public let parameters: EdgeParameters
  public let specification: EnvironmentSpecification
  public let equations: OffloadingEquations
  public let scaling: EdgeScaling
  /// Positions, gains and tasks of the present slot.
  public private(set) var channel: OffloadingChannel
  /// What the last copy that was stepped decided, and what came of it.
  public private(set) var decision: OffloadingDecision
  public private(set) var outcome: OffloadingOutcome

  /// Episodes begun so far, less one.
  var episode = -1
  var slotsOfEpisode = 0
  /// Interference and noise of the slot before in watts. `[E, M, K]`
  var heard: [Float]
  private var decoder: OffloadingDecoder
  /// Logarithms of a copy's gains `[M, N, K]` and of what its SBSs heard `[M, K]`.
  private var gainLogarithms: [Float]
  private var heardLogarithms: [Float]
  private let totalUsers: Double

  /// - Parameters:
  ///   - parameters: The cells, how actions are read, and what rewards are.
  ///   - dropSeeds: One seed for each copy; equal seeds give equal positions.
  ///   - fadingSeed: Seed of fading and tasks. Training and evaluation on one drop take different ones.
  ///   - firstCopy: Index of the first copy, so that some copies can be run apart from the others.
  /// - Throws: `DropError` if the least separation of SBSs cannot be kept.
  /// - Precondition: The parameters have no ``EdgeParameters/contradiction``.
  public init(_ parameters: EdgeParameters = EdgeParameters(), dropSeeds: [UInt64], fadingSeed: UInt64, firstCopy: Int = 0) throws(DropError) {
    precondition(parameters.contradiction == nil, "EdgeEnvironment: \(parameters.contradiction ?? "")")
    precondition(!dropSeeds.isEmpty, "EdgeEnvironment: needs at least one drop seed")
    precondition(parameters.episodeSlots ?? 1 > 0, "EdgeEnvironment: an episode needs at least one slot")
    self.parameters = parameters
    let (cells, users, channels) = (parameters.cells.cells, parameters.cells.users, parameters.cells.channels)
    equations = parameters.equations
    scaling = EdgeScaling(parameters.cells)
    specification = EnvironmentSpecification(
      copies: dropSeeds.count, agents: cells, observationSize: parameters.observationSize,
      actions: ActionSpace(bounds: Array(repeating: 0...1, count: parameters.actionSize)), metrics: EdgeEnvironment.metrics(cells: cells))
    channel = try OffloadingChannel(parameters.cells, dropSeeds: dropSeeds, fadingSeed: fadingSeed, firstCopy: firstCopy)
    decision = equations.decision()
    outcome = equations.outcome()
    decoder = OffloadingDecoder(parameters.actions, equations)
    heard = Array(repeating: Float(equations.noiseWatts), count: dropSeeds.count * cells * channels)
    gainLogarithms = Array(repeating: 0, count: cells * users * channels)
    heardLogarithms = Array(repeating: 0, count: cells * channels)
    totalUsers = Double(parameters.cells.totalUsers)
  }

  /// The seed of each copy's positions. `[E]`
  public var dropSeeds: [UInt64] { channel.dropSeeds }
  /// The seed of fading and tasks.
  public var fadingSeed: UInt64 { channel.fadingSeed }
  /// The index of the first copy's random streams.
  public var firstCopy: Int { channel.firstCopy }
  /// The slot that the next action falls into.
  public var slot: Int { channel.slot }
  /// The present positions of each copy. `[E]`
  public var drops: [OffloadingDrop] { channel.drops }

  public mutating func reset(into batch: inout StepBatch) {
    check(batch)
    beginEpisode()
    for copy in 0..<specification.copies { observe(copy, into: &batch.observations) }
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    check(batch)
    let rows = specification.copies * specification.agents
    precondition(
      actions.values.count == rows * parameters.actionSize,
      "EdgeEnvironment: needs \(rows) x \(parameters.actionSize) numbers, got \(actions.values.count)")
    precondition(episode >= 0, "EdgeEnvironment: reset comes before the first step")
    for copy in 0..<specification.copies { offload(copy, actions.values, into: &batch) }
    channel.beginSlot()
    slotsOfEpisode += 1
    // Copy by copy, so that what was just drawn is still in the cache.
    for copy in 0..<specification.copies {
      channel.receive(copy)
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
      EdgeEnvironment.copy(batch.finalObservations, to: &batch.observations)
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    var seeds = (dropSeeds + [fadingSeed]).flatMap { [Int32(truncatingIfNeeded: $0), Int32(truncatingIfNeeded: $0 >> 32)] }
    let mine = seeds
    try archive.array("seeds", &seeds)
    guard seeds == mine else { throw archive.failure("it belongs to an environment with other drop or fading seeds") }
    try archive.group("channel") { () throws(FileError) in try channel.archive(in: archive) }
    try archive.value("episode", &episode)
    try archive.value("slotsOfEpisode", &slotsOfEpisode)
    try archive.array("heard", &heard)
    guard archive.isReading else { return }
    guard heard.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw archive.failure("an interference is no power") }
    if parameters.positions == .everyEpisode { channel.beginEpisode(max(episode, 0), redrawingPositions: true) }
  }

  private func check(_ batch: StepBatch) {
    precondition(
      batch.observations.count == specification.copies * specification.agents * specification.observationSize
        && batch.metrics.count == specification.copies * specification.metrics.count,
      "EdgeEnvironment: the batch was made for another specification")
  }

  private mutating func beginEpisode() {
    episode += 1
    slotsOfEpisode = 0
    channel.beginEpisode(episode, redrawingPositions: parameters.positions == .everyEpisode && episode > 0)
    for i in heard.indices { heard[i] = Float(equations.noiseWatts) }
  }

  /// Applies the actions of one copy to the present slot.
  private mutating func offload(_ copy: Int, _ values: [Float], into batch: inout StepBatch) {
    decoder.decode(values, copy: copy, into: &decision)
    equations.evaluate(decision, gains: channel.gains, bits: channel.bits, cycles: channel.cycles, copy: copy, into: &outcome)
    let (cells, places) = (equations.cells, equations.cells * equations.channels)
    for i in 0..<places { heard[copy * places + i] = Float(outcome.interference[i] + equations.noiseWatts) }
    var total = 0.0
    for cell in 0..<cells { total += outcome.cappedCellRewards[cell] }
    let divisor = parameters.rewardScale == .perUser ? Double(equations.users) : 1
    for cell in 0..<cells {
      let reward: Double
      switch parameters.rewardSharing {
      case .local: reward = outcome.cappedCellRewards[cell]
      case .system: reward = total
      case .mean: reward = total / Double(cells)
      }
      batch.rewards[copy * cells + cell] = Float(reward / divisor)
    }
    let first = copy * specification.metrics.count
    let edge = outcome.transmissionEnergy + outcome.serverEnergy
    batch.metrics[first] = Float(outcome.systemReward)
    batch.metrics[first + 1] = Float((outcome.localEnergy + edge) / totalUsers)
    batch.metrics[first + 2] = Float(outcome.localEnergy / totalUsers)
    batch.metrics[first + 3] = Float(edge / totalUsers)
    batch.metrics[first + 4] = Float(outcome.transmissionEnergy / totalUsers)
    batch.metrics[first + 5] = Float(outcome.serverEnergy / totalUsers)
    batch.metrics[first + 6] = Float(Double(outcome.inTime) / totalUsers)
    batch.metrics[first + 7] = Float(outcome.offloaded / totalUsers)
    for cell in 0..<cells { batch.metrics[first + 8 + cell] = Float(outcome.cellRewards[cell]) }
  }

  /// Writes the observations of one copy.
  private mutating func observe(_ copy: Int, into observations: inout [Float]) {
    let places = equations.cells * equations.channels
    EdgeEnvironment.logarithms(of: channel.gains, channel.ownRange(copy), into: &gainLogarithms)
    EdgeEnvironment.logarithms(of: heard, copy * places..<(copy + 1) * places, into: &heardLogarithms)
    write(copy, gainLogarithms, heardLogarithms, into: &observations)
  }

  private static func logarithms(of powers: [Float], _ range: Range<Int>, into results: inout [Float]) {
    var results = results.mutableSpan
    VectorMath.apply(.log, to: powers.span.extracting(range), into: &results)
  }

  private func write(_ copy: Int, _ gains: [Float], _ heard: [Float], into observations: inout [Float]) {
    let (cells, users, channels) = (equations.cells, equations.users, equations.channels)
    let (gains, heard) = (gains.span, heard.span)
    var target = observations.mutableSpan
    let size = specification.observationSize
    // 10 log₁₀ e
    let decibels: Float = 4.342944819
    for cell in 0..<cells {
      let row = (copy * cells + cell) * size
      let gainFactor = decibels / EdgeScaling.gainUnitDB
      let gainOffset = EdgeScaling.gainOffsetDB / EdgeScaling.gainUnitDB
      for i in 0..<users * channels { target[row + i] = gains[cell * users * channels + i] * gainFactor + gainOffset }
      let interference = row + users * channels
      let heardFactor = decibels / EdgeScaling.interferenceUnitDB
      let heardOffset = EdgeScaling.interferenceOffsetDB / EdgeScaling.interferenceUnitDB
      for k in 0..<channels { target[interference + k] = heard[cell * channels + k] * heardFactor + heardOffset }
      let tasks = interference + channels
      for n in 0..<users {
        let user = cell * users + n
        let (bits, cycles) = (channel.bits[copy * cells * users + user], channel.cycles[copy * cells * users + user])
        if equations.exists[user] {
          target[tasks + n] = scaling.bits.scaled(bits)
          target[tasks + users + n] = scaling.cycles.scaled(cycles)
          target[tasks + 2 * users + n] = scaling.deadlines.scaled(equations.deadlineFraction * cycles / equations.userHertz[user])
        } else {
          for k in 0..<channels { target[row + n * channels + k] = 0 }
          for kind in 0..<3 { target[tasks + kind * users + n] = 0 }
        }
      }
    }
  }

  private static func copy(_ source: [Float], to target: inout [Float]) {
    let source = source.span
    var target = target.mutableSpan
    for i in target.indices { target[i] = source[i] }
  }
}
