import Tensor

/// The positions of the SBSs and users of one network and the gains that follow from them.
///
/// SBSs are uniform in the rectangle and cells may overlap; with a least separation each is uniform over what those before it leave free, and a layout
/// in which one finds no place is begun anew. Users are uniform over the area of the ring round their SBS, which they keep even if another is nearer.
public struct OffloadingDrop: Hashable, Sendable {
  /// Attempts that an SBS gets in one layout.
  static let attempts = 200

  /// `[M]`
  public let sites: [Position]
  /// `[M, N]`
  public let users: [Position]
  /// Gains without fading from each user to each SBS. `[M N, M]`
  public let gains: [Double]

  /// - Parameters:
  ///   - cells: The network whose SBSs and users are placed.
  ///   - seed: Names the drop; the stream of purpose `drop` belongs to it.
  ///   - episode: Which of the drops of that seed.
  ///   - layouts: How many layouts are begun before giving up.
  /// - Throws: ``DropError`` if no layout keeps the least separation of SBSs.
  public init(_ cells: OffloadingCells, seed: UInt64, episode: Int = 0, layouts: Int = 1000) throws(DropError) {
    var sites = NodePositions(nodes: cells.cells)
    let rule = UniformDrop(
      .rectangle(cells.area), separation: Meters(cells.minimumSeparationMeters), attempts: OffloadingDrop.attempts)
    var layout = 0
    while true {
      do throws(DropError) {
        try rule.draw(into: &sites, stream: RandomStream(seed: seed, purpose: .drop, index: layout), step: episode)
        break
      } catch {
        layout += 1
        guard layout < layouts else { throw OffloadingDrop.failure(cells, layouts) }
      }
    }
    var users = NodePositions(nodes: cells.cells * cells.users)
    let ring = Ring(center: .origin, inner: Meters(cells.minimumDistanceMeters), outer: Meters(cells.radiusMeters))
    try UniformDrop(.ring(ring)).draw(
      into: &users, around: sites, stream: RandomStream(seed: seed, purpose: .drop), step: episode, part: 1)
    self.init(cells, sites: sites.positions(), users: users.positions())
  }

  /// A drop with given positions.
  public init(_ cells: OffloadingCells, sites: [Position], users: [Position]) {
    precondition(
      sites.count == cells.cells && users.count == cells.cells * cells.users,
      "OffloadingDrop: \(cells.cells) cells of \(cells.users) users need a position each, got \(sites.count) and \(users.count)")
    self.sites = sites
    self.users = users
    let loss = cells.pathLoss
    let shortest = Meters(cells.minimumDistanceMeters)
    gains = users.flatMap { user in sites.map { (-loss.loss(at: max(shortest, user.distance(to: $0)))).linear } }
  }

  /// The gain of each link: `[M, N, K]` of users at their own SBS, then `[M N, M]` of users at the others, where their own is zero.
  func links(channels: Int) -> [Float] {
    let (count, places) = (sites.count, users.count / max(sites.count, 1))
    var links: [Float] = []
    links.reserveCapacity(users.count * (channels + count))
    for user in users.indices { links += Array(repeating: Float(gains[user * count + user / places]), count: channels) }
    for user in users.indices {
      for site in 0..<count { links.append(site == user / places ? 0 : Float(gains[user * count + site])) }
    }
    return links
  }

  private static func failure(_ cells: OffloadingCells, _ layouts: Int) -> DropError {
    DropError(
      description: "\(cells.cells) SBSs found no places \(cells.minimumSeparationMeters) m apart in \(cells.areaWidthMeters) m x "
        + "\(cells.areaHeightMeters) m in \(layouts) layouts: lower the least separation, place fewer SBSs or enlarge the rectangle")
  }
}
