import Tensor

/// Shifts and scales observations by the mean and variance of those seen so far, and clips them.
///
///     o ← clip((o − mean) / √(variance + 10⁻⁸), ±10)
///
/// as implementations of PPO do (S. Huang et al., "The 37 implementation details of proximal policy optimization", ICLR blog track 2022, details 19
/// and 20). What agents act on is counted, the last successors of episodes are not; both are normalised with the same statistics. Agents have statistics of
/// their own unless they share them. Copies share them, so that here alone they are not independent of each other.
///
/// A policy that learned on normalised observations needs the same statistics where it is evaluated, and they must not move there: make that
/// environment with ``init(_:statistics:limit:)`` from ``statistics``.
public struct NormalizedObservations<Base: Environment>: Environment {
  public var base: Base
  /// Of one agent's observations (`[D]`), or of those of all agents (`[A D]`).
  public private(set) var statistics: RunningStatistics
  /// Whether statistics stay as they are.
  public var isFrozen: Bool
  /// The largest magnitude of a normalised number.
  public let limit: Float
  /// What a number is divided by, and shifted by before, one each for a number of a row of all agents. `[A D]`
  private var shifts: [Float]
  private var scales: [Float]

  public var specification: EnvironmentSpecification { base.specification }

  private init(_ base: Base, _ statistics: RunningStatistics, isFrozen: Bool, limit: Float) {
    let below = base.specification
    precondition(below.states == nil, "NormalizedObservations: observations are \(below.states ?? 0) numbered states; apply OneHotStates first")
    precondition(limit > 0, "NormalizedObservations: the limit \(limit)")
    let size = below.agents * below.observationSize
    precondition(
      statistics.means.count == size || statistics.means.count == below.observationSize,
      "NormalizedObservations: statistics of \(statistics.means.count) numbers for \(below.agents) agents with \(below.observationSize) each")
    (self.base, self.statistics, self.isFrozen, self.limit) = (base, statistics, isFrozen, limit)
    shifts = Array(repeating: 0, count: size)
    scales = shifts
    prepare()
  }

  /// - Parameters:
  ///   - base: The environment whose observations are normalised.
  ///   - isSharedByAgents: Whether all agents have the same statistics.
  ///   - limit: The largest magnitude of a normalised number.
  public init(_ base: Base, isSharedByAgents: Bool = false, limit: Float = 10) {
    let below = base.specification
    let size = isSharedByAgents ? below.observationSize : below.agents * below.observationSize
    self.init(base, RunningStatistics(size: size), isFrozen: false, limit: limit)
  }

  /// Normalises with statistics that came from elsewhere and do not move.
  public init(_ base: Base, statistics: RunningStatistics, limit: Float = 10) {
    self.init(base, statistics, isFrozen: true, limit: limit)
  }

  private mutating func prepare() {
    let size = statistics.means.count
    for i in shifts.indices {
      shifts[i] = Float(statistics.means[i % size])
      scales[i] = Float(1 / (statistics.variance(i % size) + 1e-8).squareRoot())
    }
  }

  private func normalize(_ observations: inout [Float]) {
    let width = shifts.count
    let (shifts, scales) = (shifts.span, scales.span)
    var rows = observations.mutableSpan
    var begin = 0
    while begin < rows.count {
      for i in 0..<width { rows[begin + i] = max(-limit, min(limit, (rows[begin + i] - shifts[i]) * scales[i])) }
      begin += width
    }
  }

  private mutating func count(_ observations: [Float]) {
    guard !isFrozen else { return }
    statistics.add(observations)
    prepare()
  }

  public mutating func reset(into batch: inout StepBatch) {
    base.reset(into: &batch)
    count(batch.observations)
    normalize(&batch.observations)
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    base.step(actions, into: &batch)
    count(batch.observations)
    normalize(&batch.observations)
    normalize(&batch.finalObservations)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("base") { () throws(FileError) in try base.archive(in: archive) }
    try archive.group("statistics") { () throws(FileError) in try statistics.archive(in: archive) }
    if archive.isReading { prepare() }
  }
}
