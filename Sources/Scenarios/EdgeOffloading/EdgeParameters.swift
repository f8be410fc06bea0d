import Agents
import Channels

/// The system of Huang, Leng, Maharjan and Zhang, "Multi-agent deep reinforcement learning for computation offloading and interference
/// coordination in small cell networks" (IEEE Transactions on Vehicular Technology, 2021): its section V-A, and a choice for everything that the
/// paper leaves open.
///
/// The physics is an `OffloadingCells`, whose properties can be read and set by their names here.
@dynamicMemberLookup
public struct EdgeParameters: Hashable, Sendable {
  /// When positions are drawn.
  public enum PositionReset: String, CaseIterable, Sendable {
    /// Once.
    case fixed
    /// At the start of every episode.
    case everyEpisode
  }

  /// Whose reward an agent gets.
  public enum RewardSharing: String, CaseIterable, Sendable {
    /// The sum over its own cell: R^FL.
    case local
    /// The sum over all cells, the same for all agents: R^Co of eq. 12.
    case system
    /// That sum divided by the number of cells.
    case mean
  }

  /// What rewards are divided by.
  public enum RewardScale: String, CaseIterable, Sendable {
    /// N
    case perUser
    /// Nothing.
    case none
  }

  /// The physics.
  public var cells = OffloadingCells()
  /// How actions become decisions.
  public var actions = OffloadingActions()
  /// When positions are drawn.
  public var positions = PositionReset.fixed
  /// Slots after which an episode is truncated; none: it goes on for ever.
  public var episodeSlots: Int? = 50
  /// Whose reward an agent gets.
  public var rewardSharing = RewardSharing.local
  /// What rewards are divided by.
  public var rewardScale = RewardScale.perUser
  /// Greatest penalty of a late task in the reward that is learned from; none: the whole delay counts.
  public var penaltyCap: Double? = 1

  public init() {}

  public subscript<Value>(dynamicMember property: WritableKeyPath<OffloadingCells, Value>) -> Value {
    get { cells[keyPath: property] }
    set { cells[keyPath: property] = newValue }
  }

  public subscript<Value>(dynamicMember property: KeyPath<OffloadingCells, Value>) -> Value { cells[keyPath: property] }

  /// The same system with actions for policies that know the decisions that they want: see ``FullOffloading``, ``LocalComputing`` and
  /// ``GainHeuristic``.
  public var deciding: EdgeParameters {
    var parameters = self
    parameters.actions = .given
    return parameters
  }

  /// Numbers that an agent observes: gains `[N, K]`, interference `[K]`, tasks `[3 N]`.
  public var observationSize: Int { cells.users * cells.channels + cells.channels + 3 * cells.users }

  /// Numbers that an agent puts out.
  public var actionSize: Int { actions.size(users: cells.users, channels: cells.channels) }

  /// The equations, with the cap on penalties.
  ///
  /// Where transmissions are never cut off, a user that sends without power is late by 10⁹ s, so that every number is finite.
  public var equations: OffloadingEquations {
    var equations = OffloadingEquations(cells, penaltyCap: penaltyCap ?? .infinity)
    equations.transmissionLimitSeconds = min(equations.transmissionLimitSeconds, 1e9)
    return equations
  }

  /// A combination of values that cannot be run, in one sentence; nil if there is none.
  public var contradiction: String? {
    if let contradiction = cells.contradiction { return contradiction }
    if actions.channelMap == .scalar && actions.resolution == .hungarian { return "resolution=hungarian needs scores: set channelMap=score" }
    if episodeSlots == nil && (positions == .everyEpisode || cells.tasks == .everyEpisode) {
      return "positions or tasks of an episode need an end of the episode: set 'episodeSlots' to at least 1"
    }
    return nil
  }
}
