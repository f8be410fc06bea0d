/// How many networks of one shape lie in memory: in groups of eight, the network as the fastest index, so that eight are computed at once.
///
/// A network is one realisation of the channels with one allocation of powers. Where a realisation carries several initial allocations, its
/// networks have groups of their own, and all of them read the one group of gains that holds the realisation eight times. A batch of any size
/// gives a network the bits that it has alone. What lies in a group behind the last network has no meaning.
public struct NetworkLanes: Hashable, Sendable {
  /// Networks of a group.
  public static let width = 8

  /// R
  public let realizations: Int
  /// Allocations of each realisation, I.
  public let initializations: Int

  /// - Precondition: Both are positive.
  public init(realizations: Int, initializations: Int = 1) {
    precondition(realizations > 0 && initializations > 0, "NetworkLanes: \(realizations) realisations with \(initializations) initialisations each")
    self.realizations = realizations
    self.initializations = initializations
  }

  /// Networks, R I. Network r I + i is initialisation i of realisation r.
  public var count: Int { realizations * initializations }

  private var groupsOfRealization: Int { (initializations + NetworkLanes.width - 1) / NetworkLanes.width }

  /// Groups of networks.
  public var groups: Int {
    initializations == 1 ? (realizations + NetworkLanes.width - 1) / NetworkLanes.width : realizations * groupsOfRealization
  }

  /// Groups of gains.
  public var gainGroups: Int { initializations == 1 ? groups : realizations }

  /// The group of gains that a group of networks reads.
  public func gainGroup(of group: Int) -> Int { initializations == 1 ? group : group / groupsOfRealization }

  /// Group and lane of a network.
  public func place(of network: Int) -> (group: Int, lane: Int) {
    if initializations == 1 { return (network / NetworkLanes.width, network % NetworkLanes.width) }
    let (realization, start) = (network / initializations, network % initializations)
    return (realization * groupsOfRealization + start / NetworkLanes.width, start % NetworkLanes.width)
  }
}
