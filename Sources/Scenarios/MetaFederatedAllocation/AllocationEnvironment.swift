import Agents
import Channels
import Tensor

/// E copies of an uplink cell whose agents, the users, each choose a subchannel and a power in every millisecond.
///
/// Observation of an agent: its gains on all subchannels `[N]` in this millisecond, I / 10, the fingerprint t and its own number one-hot `[N]`,
/// the last two where ``AllocationParameters`` ask for them. Action: a subchannel, and a power in dBm or milliwatts. All agents get the reward of
/// eqs. 6 and 7. Metrics are Σ u over users that are alone (Mbit/J), the reward, whether nobody collides, the share of users that are alone and
/// exceed γ_min, the users' mean power in dBm, and for each user whether it is alone and exceeds γ_min.
///
/// Drops, shadowing and fading depend on the seed, the copy's index and the numbers of episode, block and millisecond alone: schemes that share a
/// seed meet the same whatever they choose. An episode is truncated after its last millisecond and never terminates; the successor of that
/// millisecond is the next one of the same block.
public struct AllocationEnvironment: Environment {
  public static func metrics(users: Int) -> [String] {
    ["sumEfficiency", "reward", "isFree", "served", "powerDBm"] + (0..<users).map { "served.\($0)" }
  }

  public let parameters: AllocationParameters
  public let specification: EnvironmentSpecification
  public let equations: UplinkEquations
  /// Gains of the present block.
  public private(set) var channel: UplinkChannel
  /// What came of the last actions of the copy that was stepped last.
  public private(set) var outcome: UplinkOutcome
  /// The millisecond of the block that the next action falls into.
  public private(set) var millisecond = 0
  /// Milliseconds of the present episode so far.
  public private(set) var elapsed = 0
  /// Episodes begun so far in each copy, less one.
  public private(set) var episode = -1
  /// Gains of the present block as they are observed. `[E, I, milliseconds, N]`
  private var observed: [Float]
  private var chosen: [Double]
  private var powers: [Double]
  private let levels: [Double]

  /// - Parameters:
  ///   - parameters: The cell, how episodes begin, and what agents observe, choose and are paid.
  ///   - copies: E
  ///   - seed: Of positions, shadowing and fading.
  ///   - firstCopy: Index of the first copy, so that some copies can be run apart from the others.
  /// - Precondition: The parameters have no ``AllocationParameters/contradiction``.
  public init(_ parameters: AllocationParameters = AllocationParameters(), copies: Int = 1, seed: UInt64, firstCopy: Int = 0) {
    precondition(parameters.contradiction == nil, "AllocationEnvironment: \(parameters.contradiction ?? "")")
    self.parameters = parameters
    let cell = parameters.cell
    equations = parameters.equations
    levels = parameters.levels
    specification = EnvironmentSpecification(
      copies: copies, agents: cell.users, observationSize: parameters.observationSize, actions: parameters.actions,
      metrics: AllocationEnvironment.metrics(users: cell.users))
    channel = UplinkChannel(cell, copies: copies, seed: seed, firstCopy: firstCopy)
    outcome = equations.outcome()
    observed = channel.gains
    chosen = Array(repeating: 0, count: cell.users)
    powers = chosen
  }

  /// The power of an action in watts.
  public func power(of number: Float) -> Double {
    let dBm = parameters.powerMap == .dBm ? Double(number) : PowerDBm(Watts(Double(number) / 1000)).value
    guard !levels.isEmpty else { return parameters.powerMap == .dBm ? Watts(PowerDBm(dBm)).value : Double(number) / 1000 }
    let cell = parameters.cell
    let step = (cell.greatestPowerDBm - cell.leastPowerDBm) / Double(max(1, levels.count - 1))
    let place = step > 0 ? Int(((dBm - cell.leastPowerDBm) / step).rounded()) : 0
    return levels[min(max(place, 0), levels.count - 1)]
  }

  /// The action whose power is this, or the next one above it that a number can name, within the range.
  ///
  /// A power that is just enough for γ_min is not: it is raised by 10⁻⁶ of itself.
  public func number(of watts: Double) -> Float {
    let range = specification.actions.bounds[0]
    let number =
      parameters.powerMap == .dBm ? Float(PowerDBm(Watts(watts)).value + (levels.isEmpty ? 4.4e-6 : 0)) : Float(watts * 1000 * (1 + 1e-6))
    return min(max(number, range.lowerBound), range.upperBound)
  }

  /// The gain of a user on a subchannel in the present millisecond.
  @inline(__always)
  public func gain(_ copy: Int, _ user: Int, _ subchannel: Int) -> Double {
    Double(channel.gains[channel.first(copy, user: user, millisecond: millisecond) + subchannel])
  }

  /// What agents will observe from now to the end of the block or of the episode, whatever they do: the present observations first.
  ///
  /// - Returns: `[T, E, A, D]`
  public func upcomingObservations() -> [Float] {
    let steps = min(parameters.cell.blockMilliseconds - millisecond, parameters.episodeMilliseconds - elapsed)
    let size = specification.copies * specification.agents * specification.observationSize
    var observations = [Float](repeating: 0, count: steps * size)
    for step in 0..<steps {
      for copy in 0..<specification.copies { observe(copy, millisecond + step, into: &observations, at: step * size) }
    }
    return observations
  }

  public mutating func reset(into batch: inout StepBatch) {
    check(batch)
    beginEpisode()
    for copy in 0..<specification.copies { observe(copy, millisecond, into: &batch.observations) }
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    check(batch)
    let rows = specification.copies * specification.agents
    precondition(
      actions.choices.count == rows && actions.values.count == rows,
      "AllocationEnvironment: needs \(rows) choices and powers, got \(actions.choices.count) and \(actions.values.count)")
    precondition(episode >= 0, "AllocationEnvironment: reset comes before the first step")
    for copy in 0..<specification.copies { allocate(copy, actions, into: &batch) }
    elapsed += 1
    millisecond += 1
    let ends = elapsed == parameters.episodeMilliseconds
    if !ends && millisecond == parameters.cell.blockMilliseconds { beginBlock(moving: true) }
    for copy in 0..<specification.copies {
      observe(copy, millisecond, into: &batch.finalObservations)
      batch.terminated[copy] = false
      batch.truncated[copy] = ends
    }
    if ends { beginEpisode() }
    for copy in 0..<specification.copies { observe(copy, millisecond, into: &batch.observations) }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    var seed = [Int32(truncatingIfNeeded: channel.seed), Int32(truncatingIfNeeded: channel.seed >> 32), Int32(channel.firstCopy)]
    let mine = seed
    try archive.array("seed", &seed)
    guard seed == mine else { throw archive.failure("it belongs to an environment with another seed") }
    try archive.group("channel") { () throws(FileError) in try channel.archive(in: archive) }
    try archive.value("episode", &episode)
    try archive.value("elapsed", &elapsed)
    try archive.value("millisecond", &millisecond)
    guard episode >= -1, (0..<parameters.episodeMilliseconds).contains(elapsed), (0..<parameters.cell.blockMilliseconds).contains(millisecond) else {
      throw archive.failure("the episode or its milliseconds are out of range")
    }
    if archive.isReading && episode >= 0 { look() }
  }

  private func check(_ batch: StepBatch) {
    precondition(
      batch.observations.count == specification.copies * specification.agents * specification.observationSize
        && batch.metrics.count == specification.copies * specification.metrics.count,
      "AllocationEnvironment: the batch was made for another specification")
  }

  private mutating func beginEpisode() {
    episode += 1
    elapsed = 0
    if parameters.redrops { channel.beginDrop(episode) }
    beginBlock(moving: !parameters.redrops && episode > 0)
  }

  private mutating func beginBlock(moving: Bool) {
    millisecond = 0
    channel.beginBlock(moving: moving)
    look()
  }

  /// Brings the gains of the block onto the scale of observations.
  private mutating func look() {
    AllocationEnvironment.logarithms(of: channel.gains, into: &observed)
    // 10 log₁₀ e
    let decibels: Float = 4.342944819
    switch parameters.gains {
    case .normalized: AllocationEnvironment.move(&observed, by: decibels / 20, 5.5)
    case .decibels: AllocationEnvironment.move(&observed, by: decibels, 0)
    }
  }

  private static func logarithms(of gains: [Float], into results: inout [Float]) {
    var results = results.mutableSpan
    VectorMath.apply(.log, to: gains.span, into: &results)
  }

  private static func move(_ values: inout [Float], by factor: Float, _ offset: Float) {
    var values = values.mutableSpan
    for i in values.indices { values[i] = values[i] * factor + offset }
  }

  /// How far training is in a copy: t.
  private func fingerprint(_ copy: Int) -> Float {
    if let fixed = parameters.fixedFingerprint { return Float(fixed) }
    let number = episode * parameters.parallelEpisodes + channel.firstCopy + copy
    return Float(min(1, Double(number) / Double(parameters.trainingEpisodes)))
  }

  private func observe(_ copy: Int, _ millisecond: Int, into observations: inout [Float], at start: Int = 0) {
    let (users, subchannels, size) = (specification.agents, parameters.cell.subchannels, specification.observationSize)
    let source = observed.span
    var target = observations.mutableSpan
    let time = fingerprint(copy)
    for user in 0..<users {
      let from = channel.first(copy, user: user, millisecond: millisecond)
      var to = start + (copy * users + user) * size
      for n in 0..<subchannels { target[to + n] = source[from + n] }
      to += subchannels
      target[to] = Float(users) / 10
      to += 1
      if parameters.fingerprint {
        target[to] = time
        to += 1
      }
      if parameters.agentIndex { for n in 0..<subchannels { target[to + n] = n == user ? 1 : 0 } }
    }
  }

  /// Applies the actions of one copy.
  private mutating func allocate(_ copy: Int, _ actions: ActionBatch, into batch: inout StepBatch) {
    let users = specification.agents
    let row = copy * users
    var decibels = 0.0
    for user in 0..<users {
      let choice = Int(actions.choices[row + user])
      precondition(choice >= 0 && choice < parameters.cell.subchannels, "AllocationEnvironment: there is no subchannel \(choice)")
      chosen[user] = gain(copy, user, choice)
      powers[user] = power(of: actions.values[row + user])
      decibels += PowerDBm(Watts(powers[user])).value
    }
    equations.evaluate(actions.choices, from: row, powers: powers, gains: chosen, into: &outcome)
    for user in 0..<users { batch.rewards[row + user] = Float(outcome.reward) }
    let first = copy * specification.metrics.count
    batch.metrics[first] = Float(outcome.sumEfficiency)
    batch.metrics[first + 1] = Float(outcome.reward)
    batch.metrics[first + 2] = outcome.isFree ? 1 : 0
    batch.metrics[first + 3] = Float(Double(outcome.servedUsers) / Double(users))
    batch.metrics[first + 4] = Float(decibels / Double(users))
    for user in 0..<users { batch.metrics[first + 5 + user] = outcome.isAlone[user] && outcome.isMet[user] ? 1 : 0 }
  }
}
