import Channels

/// The system of Li and Guo, "Multi-agent deep reinforcement learning based spectrum allocation for D2D underlay communications"
/// (IEEE Transactions on Vehicular Technology, 2020): its Table II and section V, and a choice for everything that the paper
/// leaves open. The defaults are the paper's values, or the choices that `Docs/Papers/d2d/README.md` numbers and gives reasons for.
///
/// The physics is a ``Channels/UnderlayCell``, whose properties can be read and set by their names here.
@dynamicMemberLookup
public struct D2DParameters: Hashable, Sendable {
  /// What is done to the channel gains and the interference before an agent sees them.
  public enum StateScaling: String, CaseIterable, Sendable {
    /// Decibels, minus the mean and divided by the deviation of the large-scale values over the pairs of the drop.
    case standardized
    /// Decibels (the interference in decibels above one watt).
    case decibels = "db"
    /// Linear gains (the interference in watts).
    case linear
  }

  /// What an agent learns about the interference of the slot before.
  public enum InterferenceFeature: String, CaseIterable, Sendable {
    /// Its total on the block that the pair used.
    case scalar
    /// Its total on each block.
    case perBlock
  }

  /// Which gain stands for the cellular link in the state.
  public enum CellularGainFeature: String, CaseIterable, Sendable {
    /// Base station to the pair's transmitter.
    case toTransmitter
    /// Base station to the pair's receiver, where its interference arrives.
    case toReceiver
  }

  /// What an agent sees of where the owners of blocks are.
  public enum GeometryFeature: String, CaseIterable, Sendable {
    /// Nothing.
    case none
    /// For each block how much more its owner receives from the base station than from the pair, on the large scale.
    case owners
  }

  /// When positions are drawn.
  public enum PositionReset: String, CaseIterable, Sendable {
    /// Once.
    case fixed
    /// At the start of every episode.
    case everyEpisode
    /// Once, and cellular users and pairs walk from then on.
    case moving
  }

  /// The largest number of actions αβ: an actor has an output for each.
  public static let mostActions = 10_000

  /// The physics.
  public var cell = UnderlayCell()
  /// Whether positions are drawn anew at the start of every episode.
  public var redrawsPositions = false
  /// Slots after which an episode is truncated; none: it goes on for ever.
  public var episodeSlots: Int?

  /// What is done to gains and interference in the state.
  public var stateScaling = StateScaling.standardized
  /// What an agent learns about interference.
  public var interferenceFeature = InterferenceFeature.scalar
  /// Which gain stands for the cellular link.
  public var cellularGainFeature = CellularGainFeature.toTransmitter
  /// What an agent sees of where the owners of blocks are.
  public var geometryFeature = GeometryFeature.none

  public init() {}

  public subscript<Value>(dynamicMember property: WritableKeyPath<UnderlayCell, Value>) -> Value {
    get { cell[keyPath: property] }
    set { cell[keyPath: property] = newValue }
  }

  public subscript<Value>(dynamicMember property: KeyPath<UnderlayCell, Value>) -> Value { cell[keyPath: property] }

  /// When positions are drawn.
  public var positionReset: PositionReset {
    get { cell.movement == .randomWalk ? .moving : redrawsPositions ? .everyEpisode : .fixed }
    set {
      cell.movement = newValue == .moving ? .randomWalk : .still
      redrawsPositions = newValue == .everyEpisode
    }
  }

  /// Numbers that an agent observes of its own link: its gain, or the gain on each of K blocks where it fades by itself on each.
  var ownWidth: Int { cell.ownFading == .perBlock ? cell.resourceBlocks : 1 }

  /// Numbers that an agent observes: own gain, cellular gain, interference, the part of its power on each of K blocks in the slot before and,
  /// if chosen, the K numbers of the geometry.
  public var observationSize: Int {
    let blocks = cell.resourceBlocks
    return ownWidth + 1 + (interferenceFeature == .scalar ? 1 : blocks) + blocks + (geometryFeature == .owners ? blocks : 0)
  }
}
