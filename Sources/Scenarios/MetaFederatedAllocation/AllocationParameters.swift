import Agents
import Channels
import Tensor

/// The system of Ji, Qin and Tao, "Meta federated reinforcement learning for distributed resource allocation" (arXiv 2307.02900): its sections II
/// and III-A, and a choice for everything that the paper leaves open.
///
/// The physics is an `UplinkCell`, whose properties can be read and set by their names here.
@dynamicMemberLookup
public struct AllocationParameters: Hashable, Sendable {
  /// How gains are observed.
  public enum ObservedGains: String, CaseIterable, Sendable {
    /// (10 log₁₀ h + 110) / 20, of order one.
    case normalized
    /// 10 log₁₀ h, of order −100.
    case decibels
  }

  /// What an agent's number is.
  public enum PowerMap: String, CaseIterable, Sendable {
    /// The power in dBm.
    case dBm
    /// The power in milliwatts.
    case milliwatts
  }

  /// The physics.
  public var cell = UplinkCell()
  /// Milliseconds after which an episode is truncated.
  public var episodeMilliseconds = 100
  /// Whether every episode has users at new places; else those of one drop walk on.
  public var redrops = true
  /// How gains are observed.
  public var gains = ObservedGains.normalized
  /// Whether agents observe how far training is.
  public var fingerprint = true
  /// Whether agents observe their own number, one-hot among N.
  public var agentIndex = false
  /// What an agent's number is.
  public var powerMap = PowerMap.dBm
  /// Powers to choose from, uniform in dBm, to the nearest of which numbers are rounded; 0: all powers.
  public var powerLevels = 0
  /// ξ of eq. 7 for each Mbit/J; none: 10⁻³, and 5 · 10⁻³ in the country.
  public var rewardScale: Double?
  /// Episodes of the whole training, of all copies together: those by which the fingerprint counts.
  public var trainingEpisodes = 1000
  /// Copies that count the fingerprint together.
  public var parallelEpisodes = 1
  /// A fingerprint that stands still, for tests; none: it follows the episodes.
  public var fixedFingerprint: Double?

  public init() {}

  public subscript<Value>(dynamicMember property: WritableKeyPath<UplinkCell, Value>) -> Value {
    get { cell[keyPath: property] }
    set { cell[keyPath: property] = newValue }
  }

  public subscript<Value>(dynamicMember property: KeyPath<UplinkCell, Value>) -> Value { cell[keyPath: property] }

  /// Numbers that an agent observes: gains `[N]`, the number of users, the fingerprint, its number one-hot `[N]`.
  public var observationSize: Int { cell.subchannels + 1 + (fingerprint ? 1 : 0) + (agentIndex ? cell.subchannels : 0) }

  /// A choice of a subchannel and a power.
  public var actions: ActionSpace {
    func bound(_ dBm: Double) -> Float { Float(powerMap == .dBm ? dBm : 1000 * Watts(PowerDBm(dBm)).value) }
    return ActionSpace(choices: [cell.subchannels], bounds: [bound(cell.leastPowerDBm)...bound(cell.greatestPowerDBm)])
  }

  /// The equations, with the scale of rewards that rewards of the best allocation are 30 to 70 with.
  public var equations: UplinkEquations { UplinkEquations(cell, rewardScale: rewardScale ?? (cell.scenario == .rural ? 5e-3 : 1e-3)) }

  /// Powers to choose from in watts; empty: all. `[powerLevels]`
  public var levels: [Double] { UplinkAllocator.levels(powerLevels, of: cell) }

  /// A combination of values that cannot be run, in one sentence; nil if there is none.
  public var contradiction: String? {
    if let contradiction = cell.contradiction { return contradiction }
    if cell.users > cell.subchannels { return "\(cell.users) users cannot be alone on \(cell.subchannels) subchannels each: lower users" }
    if episodeMilliseconds < 1 || trainingEpisodes < 1 || parallelEpisodes < 1 || powerLevels < 0 {
      return "lengths of episodes and of training must be positive"
    }
    return nil
  }
}
