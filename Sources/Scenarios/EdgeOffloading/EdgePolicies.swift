import Agents
import Channels
import Tensor

/// Everybody computes locally.
public struct LocalComputing: Policy {
  public init() {}

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    for i in actions.values.indices { actions.values[i] = 0 }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {}
}

/// Where the numbers of one agent lie among the actions of ``EdgeParameters/deciding``.
private struct DecidedRow {
  let users: Int
  let channels: Int
  let first: Int

  /// A user offloads everything at full power.
  func send(_ user: Int, on channel: Int, share: Double, _ values: inout [Float]) {
    values[first + user] = 1
    values[first + users + user] = OffloadingActions.number(channel: channel, of: channels)
    values[first + 2 * users + user] = 1
    values[first + 3 * users + user] = Float(share)
  }

  func clear(_ values: inout [Float]) { for i in first..<first + 4 * users { values[i] = 0 } }
}

/// Everybody offloads everything at full power: channels at random without replacement within a cell in every slot, equal shares.
///
/// With more users than channels, who goes without one is random too. For environments with ``EdgeParameters/deciding`` actions.
public struct FullOffloading: Policy {
  private let cells: Int
  private let users: Int
  private let channels: Int
  private let counts: [Int]
  private let copies: Int
  private let firstCopy: Int
  private let seed: UInt64
  private var order: [Int32]
  private var senders: [Int32]

  /// - Parameters:
  ///   - parameters: Those of the environment.
  ///   - copies: E
  ///   - seed: Seed of the channels.
  ///   - firstCopy: Index of the first copy's random streams.
  public init(for parameters: EdgeParameters, copies: Int, seed: UInt64, firstCopy: Int = 0) {
    precondition(parameters.actions == .given, "FullOffloading: its actions are those of EdgeParameters.deciding")
    (cells, users, channels) = (parameters.cells.cells, parameters.cells.users, parameters.cells.channels)
    let numbers = parameters.cells.usersPerCell.values
    counts = (0..<parameters.cells.cells).map { numbers[numbers.count == 1 ? 0 : $0] }
    self.copies = copies
    self.firstCopy = firstCopy
    self.seed = seed
    order = Array(repeating: 0, count: channels)
    senders = Array(repeating: 0, count: users)
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    for copy in 0..<copies {
      for cell in 0..<cells {
        let stream = RandomStream(seed: seed, purpose: .exploration, index: (firstCopy + copy) * cells + cell)
        var generator = stream.generator(step: step)
        FullOffloading.shuffle(&order, channels, &generator)
        FullOffloading.shuffle(&senders, counts[cell], &generator)
        let row = DecidedRow(users: users, channels: channels, first: (copy * cells + cell) * 4 * users)
        row.clear(&actions.values)
        let sending = min(counts[cell], channels)
        for i in 0..<sending { row.send(Int(senders[i]), on: Int(order[i]), share: 1 / Double(sending), &actions.values) }
      }
    }
  }

  /// The numbers below `count` in a random order.
  private static func shuffle(_ values: inout [Int32], _ count: Int, _ generator: inout Philox) {
    for i in 0..<count { values[i] = Int32(i) }
    for i in 0..<max(count - 1, 0) { values.swapAt(i, i + generator.integer(below: count - i)) }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {}
}

/// Reads the gains: everybody offloads everything at full power on the channels with the greatest sum of log₂(1 + SINR) within the cell, taking
/// the interference of the slot before for the present one; shares are proportional to the work of the tasks.
///
/// It uses what an agent observes and nothing else, in single precision. For environments with ``EdgeParameters/deciding`` actions.
public struct GainHeuristic: Policy {
  private let cells: Int
  private let users: Int
  private let channels: Int
  private let copies: Int
  private let scaling: EdgeScaling
  private let exists: [Bool]
  private let logPowers: [Float]
  private var rates: [Float]
  private var assignment: Assignment
  private var chosen: [Int32]
  private var work: [Double]

  /// - Parameters:
  ///   - parameters: Those of the environment.
  ///   - copies: E
  public init(for parameters: EdgeParameters, copies: Int) {
    precondition(parameters.actions == .given, "GainHeuristic: its actions are those of EdgeParameters.deciding")
    (cells, users, channels) = (parameters.cells.cells, parameters.cells.users, parameters.cells.channels)
    self.copies = copies
    scaling = EdgeScaling(parameters.cells)
    exists = parameters.cells.exists
    logPowers = parameters.equations.greatestPowers.map { Float(Math.log($0)) }
    rates = Array(repeating: 0, count: users * channels)
    assignment = Assignment(rows: users, columns: channels)
    chosen = Array(repeating: -1, count: users)
    work = Array(repeating: 0, count: users)
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    let size = users * channels + channels + 3 * users
    for agent in 0..<copies * cells {
      let cell = agent % cells
      let seen = agent * size
      var present = 0
      while present < users && exists[cell * users + present] { present += 1 }
      rate(observations, seen, cell, present)
      assignment.maximize(rates, rows: present, columns: channels, into: &chosen)
      var sum = 0.0
      for n in 0..<present where chosen[n] >= 0 {
        work[n] = max(scaling.cycles.restored(observations[seen + users * channels + channels + users + n]), 0)
        sum += work[n]
      }
      let row = DecidedRow(users: users, channels: channels, first: agent * 4 * users)
      row.clear(&actions.values)
      for n in 0..<present where chosen[n] >= 0 { row.send(n, on: Int(chosen[n]), share: work[n] / sum, &actions.values) }
    }
  }

  /// ln(1 + P h / (N₀ B + I)) of every user and channel.
  private mutating func rate(_ observations: [Float], _ seen: Int, _ cell: Int, _ present: Int) {
    // ln 10 / 10
    let nepers: Float = 0.2302585093
    for n in 0..<present {
      for k in 0..<channels {
        let gain = EdgeScaling.gainUnitDB * observations[seen + n * channels + k] - EdgeScaling.gainOffsetDB
        let heard = EdgeScaling.interferenceUnitDB * observations[seen + users * channels + k] - EdgeScaling.interferenceOffsetDB
        rates[n * channels + k] = nepers * (gain - heard) + logPowers[cell * users + n]
      }
    }
    let used = 0..<present * channels
    var values = rates.mutableSpan
    var part = values._mutatingExtracting(used)
    VectorMath.apply(.exp, to: &part)
    VectorMath.apply(.logOnePlus, to: &part)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {}
}
