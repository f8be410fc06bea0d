import Agents
import Channels
import Tensor

/// E copies of a multicell network whose agents, the base stations, divide their users' powers over the channels in every slot.
///
/// The decision process of section IV-A: channels stay for a block of T slots. An agent observes c of its users as the slot before left it (of a random allocation
/// at the beginning of a block) and what it knows of its channels, see ``MulticellParameters/Features``. Its action `[U, N_f]`, in 0...1, divides
/// every user's budget among the channels: parts are scaled to a sum of one. From these powers the game of eq. (15) makes k moves. All agents get the
/// same reward, the mean of the cells' capacities with the true interference, eqs. (18), (19). At the end of a block episodes are truncated.
///
/// Channels and random starts depend on the seed, the copy's index and the block alone. A step allocates nothing.
public struct MulticellEnvironment: Environment {
  /// Sum of a cell's rates over users and channels in bit/s/Hz, mean over cells.
  public static let metrics = ["cellCapacity"]

  public let parameters: MulticellParameters
  public let specification: EnvironmentSpecification
  public private(set) var channel: MulticellChannel
  /// The powers after the last slot.
  public private(set) var powers: MulticellPowers
  public private(set) var rates: MulticellRates
  /// Slots of the present block that are over.
  public private(set) var slot = 0
  private var block = -1
  private var game: ForwardLookingWaterFilling
  private var allocations: MulticellAllocations
  private var budgets: [SlotBudget]
  private let head: ShareHead
  /// Shares of the budgets. `[E, U, N_f]`
  private var parts: [Float]
  // As interference and gains lie in memory.
  private var interferenceLogarithms: [Float]
  private var gainLogarithms: [Float]

  /// - Parameters:
  ///   - parameters: The network, its game, and what agents observe.
  ///   - copies: E
  ///   - seed: Of channels and random starts. Training and evaluation take different ones.
  ///   - firstCopy: Index of the first copy's streams, so that some copies can be run apart from the others.
  /// - Precondition: The parameters have no ``MulticellParameters/contradiction``.
  public init(_ parameters: MulticellParameters = MulticellParameters(), copies: Int = 1, seed: UInt64, firstCopy: Int = 0) {
    precondition(parameters.contradiction == nil, "MulticellEnvironment: \(parameters.contradiction ?? "")")
    self.parameters = parameters
    specification = EnvironmentSpecification(
      copies: copies, agents: parameters.cells, observationSize: parameters.observationSize,
      actions: ActionSpace(bounds: Array(repeating: 0...1, count: parameters.items)), metrics: MulticellEnvironment.metrics)
    channel = MulticellChannel(
      parameters.network, copies: copies, draws: parameters.features == .channels ? .antennas : .beams, seed: seed, firstCopy: firstCopy)
    powers = MulticellPowers(channel.gains, budget: parameters.userBudget)
    rates = MulticellRates(channel.gains)
    game = ForwardLookingWaterFilling(channel.gains, derivative: parameters.derivative)
    allocations = MulticellAllocations(channel.gains)
    let cell = Double(parameters.slots * parameters.served) * parameters.userBudget
    budgets = Array(repeating: SlotBudget(total: Array(repeating: cell, count: parameters.cells), slots: parameters.slots), count: copies)
    head = ShareHead(parts: parameters.frequencies)
    parts = Array(repeating: 0, count: copies * parameters.cells * parameters.items)
    interferenceLogarithms = rates.interference
    gainLogarithms = channel.gains.inverseOwn
  }

  public mutating func reset(into batch: inout StepBatch) {
    check(batch)
    beginBlock()
    observe(into: &batch.observations)
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    check(batch)
    precondition(actions.values.count == parts.count, "MulticellEnvironment: needs \(parts.count) numbers, got \(actions.values.count)")
    precondition(block >= 0, "MulticellEnvironment: reset comes before the first step")
    share(actions)
    if parameters.moves > 0 { game.iterate(&powers, in: channel.gains, iterations: parameters.moves) }
    rates.evaluate(powers, in: channel.gains)
    spend()
    slot += 1
    observe(into: &batch.finalObservations)
    let ends = slot == parameters.slots
    for copy in 0..<specification.copies {
      let capacity = Float(rates.cellCapacity(network: copy))
      batch.metrics[copy] = capacity
      for cell in 0..<parameters.cells { batch.rewards[copy * parameters.cells + cell] = capacity }
      batch.terminated[copy] = false
      batch.truncated[copy] = ends
    }
    if ends {
      beginBlock()
      observe(into: &batch.observations)
    } else {
      MulticellEnvironment.copy(batch.finalObservations, to: &batch.observations)
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("channel") { () throws(FileError) in try channel.archive(in: archive) }
    try archive.value("block", &block)
    try archive.value("slot", &slot)
    try archive.array("powers", &powers.powers)
    guard archive.isReading else { return }
    guard block >= -1, (0..<parameters.slots).contains(slot), powers.powers.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw archive.failure("a block, a slot or a power is out of range")
    }
    // What the slots before spent, which is all that they might.
    for copy in budgets.indices {
      budgets[copy].restart()
      for _ in 0..<slot {
        for cell in 0..<parameters.cells { budgets[copy].spend(budgets[copy].present(cell), cell: cell) }
        budgets[copy].advance()
      }
    }
    rates.evaluate(powers, in: channel.gains)
    MulticellEnvironment.logarithms(of: channel.gains.inverseOwn, into: &gainLogarithms)
  }

  private func check(_ batch: StepBatch) {
    precondition(
      batch.observations.count == specification.copies * specification.agents * specification.observationSize
        && batch.metrics.count == specification.copies,
      "MulticellEnvironment: the batch was made for another specification")
  }

  private mutating func beginBlock() {
    block += 1
    slot = 0
    if block != channel.block { channel.move(to: block) }
    for copy in budgets.indices { budgets[copy].restart() }
    setBudgets()
    let (seed, first) = (channel.seed, channel.firstCopy)
    allocations.draw(parameters.start, into: &powers, step: block) { RandomStream(seed: seed, purpose: .environment, index: first + $0) }
    rates.evaluate(powers, in: channel.gains)
  }

  /// P_b(t) / U_b for every user, eqs. (5), (14).
  private mutating func setBudgets() {
    let users = parameters.served
    for copy in budgets.indices {
      for cell in 0..<parameters.cells {
        let budget = Float(budgets[copy].present(cell) / Double(users))
        for user in cell * users..<(cell + 1) * users { powers.setBudget(budget, network: copy, user: user) }
      }
    }
  }

  /// Powers from actions.
  private mutating func share(_ actions: ActionBatch) {
    setBudgets()
    MulticellEnvironment.copy(actions.values, to: &parts)
    head.projectShares(&parts)
    MulticellEnvironment.set(&powers, parts)
  }

  // The parts of `self` as arguments of their own: accesses that overlap by name alone.
  private static func set(_ powers: inout MulticellPowers, _ parts: [Float]) { powers.set(parts: parts.span) }

  private mutating func spend() {
    let users = parameters.served
    for copy in budgets.indices {
      for cell in 0..<parameters.cells {
        // Water-filling and shares spend all that a user may.
        var sum = 0.0
        for user in cell * users..<(cell + 1) * users { sum += Double(powers.budget(network: copy, user: user)) }
        budgets[copy].spend(sum, cell: cell)
      }
      budgets[copy].advance()
    }
  }

  // MARK: Observing

  private mutating func observe(into observations: inout [Float]) {
    MulticellEnvironment.logarithms(of: rates.interference, into: &interferenceLogarithms)
    if slot == 0 { MulticellEnvironment.logarithms(of: channel.gains.inverseOwn, into: &gainLogarithms) }
    let (channels, users, width) = (parameters.frequencies, parameters.served, NetworkLanes.width)
    let total = users * parameters.cells
    let (size, items) = (specification.observationSize, parameters.items)
    var target = observations.mutableSpan
    for copy in 0..<specification.copies {
      let (group, lane) = (copy / width, copy % width)
      for cell in 0..<parameters.cells {
        let row = (copy * parameters.cells + cell) * size
        for u in 0..<users {
          for f in 0..<channels {
            let place = ((group * channels + f) * total + cell * users + u) * width + lane
            target[row + u * channels + f] = 0.5 * interferenceLogarithms[place]
            if parameters.features != .channels { target[row + items + u * channels + f] = -gainLogarithms[place] }
          }
        }
        if parameters.features == .pooled { MulticellEnvironment.pool(&target, row, users: users, channels: channels) }
      }
    }
    if parameters.features == .channels { writeChannels(into: &observations) }
  }

  /// Means of the first two planes over channels, users and both, in the six behind them.
  private static func pool(_ target: inout MutableSpan<Float>, _ row: Int, users: Int, channels: Int) {
    let items = users * channels
    for plane in 0..<2 {
      let source = row + plane * items
      var all: Float = 0
      for u in 0..<users {
        var sum: Float = 0
        for f in 0..<channels { sum += target[source + u * channels + f] }
        for f in 0..<channels { target[row + (2 + plane) * items + u * channels + f] = sum / Float(channels) }
        all += sum
      }
      for f in 0..<channels {
        var sum: Float = 0
        for u in 0..<users { sum += target[source + u * channels + f] }
        for u in 0..<users { target[row + (4 + plane) * items + u * channels + f] = sum / Float(users) }
      }
      for i in 0..<items { target[row + (6 + plane) * items + i] = all / Float(items) }
    }
  }

  private func writeChannels(into observations: inout [Float]) {
    let (size, items) = (specification.observationSize, parameters.items)
    let plane = items * parameters.antennas
    let root = Float(Double(parameters.antennas).squareRoot())
    let raw = channel.raw.span
    var target = observations.mutableSpan
    for row in 0..<specification.copies * parameters.cells {
      for i in 0..<2 * plane { target[row * size + items + i] = raw[row * 4 * plane + i] }
      for i in 2 * plane..<4 * plane { target[row * size + items + i] = root * raw[row * 4 * plane + i] }
    }
  }

  private static func logarithms(of values: [Float], into results: inout [Float]) {
    var results = results.mutableSpan
    VectorMath.apply(.log, to: values.span, into: &results)
  }

  private static func copy(_ source: [Float], to target: inout [Float]) {
    let source = source.span
    var target = target.mutableSpan
    for i in target.indices { target[i] = source[i] }
  }
}
