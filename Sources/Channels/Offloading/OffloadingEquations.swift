import Tensor

/// The equations of Huang et al., numbered as there: gains, tasks and decisions in; SINR, rates, times, energies and rewards out.
public struct OffloadingEquations: Hashable, Sendable {
  /// M, N, K
  public let cells: Int
  public let users: Int
  public let channels: Int
  /// Which places are taken by a user. `[M, N]`
  public let exists: [Bool]
  /// P^max in watts. `[M, N]`
  public var greatestPowers: [Double]
  /// C in hertz. `[M, N]`
  public var userHertz: [Double]
  /// C̄ of the server of each user's cell. `[M, N]`
  public var serverHertz: [Double]
  /// ε. `[M, N]`
  public var userJoulesPerCycle: [Double]
  /// ε̄ of the server of each user's cell. `[M, N]`
  public var serverJoulesPerCycle: [Double]
  /// B
  public var bandwidthHertz: Double
  /// N₀ B
  public var noiseWatts: Double
  /// T̃ in parts of ω / C.
  public var deadlineFraction: Double
  /// β
  public var deadlineReward: Double
  /// Being late by no more than this is in time.
  public var deadlineToleranceSeconds: Double
  /// Transmissions are cut off there; infinite if they never are.
  public var transmissionLimitSeconds: Double
  /// The least V that ``OffloadingOutcome/cappedCellRewards`` count is the negative of this; infinite if none is.
  public var penaltyCap: Double

  /// - Parameters:
  ///   - system: The network that the equations are of.
  ///   - penaltyCap: Greatest penalty of a late task in the capped rewards.
  /// - Precondition: The cells have no ``OffloadingCells/contradiction``.
  public init(_ system: OffloadingCells, penaltyCap: Double = .infinity) {
    precondition(system.contradiction == nil, "OffloadingEquations: \(system.contradiction ?? "")")
    let (cells, users) = (system.cells, system.users)
    func expanded(_ values: PerCell<Double>) -> [Double] { values.expanded(cells: cells, users: users) }
    self.cells = cells
    self.users = users
    channels = system.channels
    exists = system.exists
    greatestPowers = expanded(system.userPowerDBm).map { Watts(PowerDBm($0)).value }
    userHertz = expanded(system.userGigahertz).map { $0 * 1e9 }
    serverHertz = expanded(system.serverGigahertz).map { $0 * 1e9 }
    userJoulesPerCycle = expanded(system.userJoulesPerGigacycle).map { $0 / 1e9 }
    serverJoulesPerCycle = expanded(system.serverJoulesPerGigacycle).map { $0 / 1e9 }
    bandwidthHertz = system.channelBandwidthHertz
    noiseWatts = system.noise.value
    deadlineFraction = system.deadlineFraction
    deadlineReward = system.deadlineReward
    deadlineToleranceSeconds = system.deadlineToleranceSeconds
    transmissionLimitSeconds = system.transmissionLimitSeconds > 0 ? system.transmissionLimitSeconds : .infinity
    self.penaltyCap = penaltyCap
  }

  /// An outcome of the right sizes.
  public func outcome() -> OffloadingOutcome { OffloadingOutcome(cells: cells, users: users, channels: channels) }

  /// A decision of the right size: everybody computes locally.
  public func decision() -> OffloadingDecision { OffloadingDecision(users: cells * users) }

  /// One slot of one copy.
  ///
  /// I_m,k = Σ p g over the users of other cells that send on channel k; U = B log₂(1 + p h / (N₀ B + I)) (eqs. 1-2). With the part α offloaded:
  /// LocT = (1 − α) ω / C and LocE = (1 − α) ω ε (eqs. 3-4); transmission takes α d / U, at most the limit, and that time times p (eqs. 5-6); the
  /// server takes α ω / (f C̄) and α ω ε̄ (eqs. 7-8). V = β if T̃ − max(LocT, OffT) ≥ 0 up to the tolerance, else that difference (eq. 13); the
  /// reward is −LocE − OffE + V (eq. 12). A user without power never ends its transmission and spends nothing on it. Sums run in the
  /// order of the users.
  ///
  /// - Parameters:
  ///   - decision: Keeps C2-C7 of eq. 11, as decoded actions do (see ``OffloadingDecision/violation(_:)``).
  ///   - gains: Of each copy `[M, N, K]` at the own SBS, then `[M N, M]` at the others, linear. `[E, links]`
  ///   - bits: d. `[E, M, N]`
  ///   - cycles: ω. `[E, M, N]`
  ///   - copy: Which of the E.
  ///   - outcome: Every part of it is written.
  /// - Complexity: O(M² N + M K). Allocates nothing.
  public func evaluate(
    _ decision: OffloadingDecision, gains: [Float], bits: [Double], cycles: [Double], copy: Int = 0, into outcome: inout OffloadingOutcome
  ) {
    evaluateAll(decision, gains.span, bits, cycles, copy, &outcome) { Double($0) }
  }

  /// The same with gains in double precision.
  public func evaluate(
    _ decision: OffloadingDecision, gains: [Double], bits: [Double], cycles: [Double], copy: Int = 0, into outcome: inout OffloadingOutcome
  ) {
    evaluateAll(decision, gains.span, bits, cycles, copy, &outcome) { $0 }
  }

  @inline(__always)
  private func evaluateAll<Gain: BitwiseCopyable>(
    _ decision: OffloadingDecision, _ gains: Span<Gain>, _ bits: [Double], _ cycles: [Double], _ copy: Int, _ outcome: inout OffloadingOutcome,
    _ double: (Gain) -> Double
  ) {
    let count = cells * users
    let links = count * (channels + cells)
    precondition(
      decision.channels.count == count && gains.count >= (copy + 1) * links && bits.count >= (copy + 1) * count
        && cycles.count >= (copy + 1) * count && outcome.users.count == count && outcome.interference.count == cells * channels,
      "OffloadingEquations: copy \(copy) of \(cells) x \(users) users on \(channels) channels needs \(count) decisions, \(links) gains and "
        + "\(count) tasks, got \(decision.channels.count), \(gains.count) and \(bits.count) for all; room for \(outcome.users.count)")
    collect(decision, gains, copy * links + count * channels, &outcome.interference, double)
    (outcome.systemReward, outcome.localEnergy, outcome.transmissionEnergy, outcome.serverEnergy) = (0, 0, 0, 0)
    (outcome.offloaded, outcome.inTime) = (0, 0)
    for cell in 0..<cells {
      var (reward, capped) = (0.0, 0.0)
      for user in cell * users..<(cell + 1) * users where exists[user] {
        let channel = Int(decision.channels[user])
        let signal = channel < 0 ? 0 : decision.powers[user] * double(gains[copy * links + user * channels + channel])
        let disturbance = channel < 0 ? noiseWatts : noiseWatts + outcome.interference[cell * channels + channel]
        let mine = settle(user, decision, sinr: signal / disturbance, bits[copy * count + user], cycles[copy * count + user])
        outcome.users[user] = mine
        reward += mine.reward
        capped += max(mine.value, -penaltyCap) - mine.energy
        outcome.localEnergy += mine.localEnergy
        outcome.transmissionEnergy += mine.transmissionEnergy
        outcome.serverEnergy += mine.serverEnergy
        outcome.offloaded += decision.offloaded[user]
        outcome.inTime += mine.isInTime ? 1 : 0
      }
      outcome.cellRewards[cell] = reward
      outcome.cappedCellRewards[cell] = capped
      outcome.systemReward += reward
    }
  }

  @inline(__always)
  private func collect<Gain: BitwiseCopyable>(
    _ decision: OffloadingDecision, _ gains: Span<Gain>, _ cross: Int, _ interference: inout [Double], _ double: (Gain) -> Double
  ) {
    var interference = interference.mutableSpan
    let (chosen, powers) = (decision.channels.span, decision.powers.span)
    for i in interference.indices { interference[i] = 0 }
    for user in 0..<cells * users where chosen[user] >= 0 {
      precondition(Int(chosen[user]) < channels, "OffloadingEquations: user \(user) is on channel \(chosen[user]) of \(channels)")
      let (channel, cell, power) = (Int(chosen[user]), user / users, powers[user])
      for other in 0..<cells where other != cell {
        interference[other * channels + channel] += power * double(gains[cross + user * cells + other])
      }
    }
  }

  /// The equations of one user.
  @inline(__always)
  private func settle(
    _ user: Int, _ decision: OffloadingDecision, sinr: Double, _ bits: Double, _ cycles: Double
  ) -> OffloadingUserOutcome {
    let part = decision.offloaded[user]
    var mine = OffloadingUserOutcome()
    mine.sinr = sinr
    mine.localTime = (1 - part) * cycles / userHertz[user]
    mine.localEnergy = (1 - part) * cycles * userJoulesPerCycle[user]
    if part > 0 {
      mine.rate = bandwidthHertz * OffloadingEquations.log2OnePlus(sinr)
      mine.transmissionTime = min(part * bits / mine.rate, transmissionLimitSeconds)
      mine.transmissionEnergy = decision.powers[user] > 0 ? decision.powers[user] * mine.transmissionTime : 0
      mine.serverTime = part * cycles / (decision.shares[user] * serverHertz[user])
      mine.serverEnergy = part * cycles * serverJoulesPerCycle[user]
    }
    mine.slack = deadlineFraction * cycles / userHertz[user] - mine.delay
    mine.isInTime = mine.slack >= -deadlineToleranceSeconds
    mine.value = mine.isInTime ? deadlineReward : mine.slack
    return mine
  }

  /// log₂(1 + x) that keeps its relative precision where 1 + x loses digits of x: ln(u) x / (u − 1) with u = 1 + x rounded (Kahan).
  static func log2OnePlus(_ x: Double) -> Double {
    let u = 1 + x
    let log2E = 1.4426950408889634
    return u == 1 ? x * log2E : Math.log(u) * log2E * (x / (u - 1))
  }
}
