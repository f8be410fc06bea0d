import Tensor

/// Sites on a triangular lattice: one in the middle and `tiers` rings of hexagonal cells around it.
///
/// Site (q, r) stands at d (q + r / 2, r √3 / 2) from the centre, with d the inter-site distance and hex distance
/// max(|q|, |r|, |q + r|) ≤ tiers: 1, 7, 19, 37, ... sites, 1 + 3 t (t + 1) in general. Their order is fixed: the middle, then ring by
/// ring, each counterclockwise from the site at 0°, so that a grid begins with the sites of the smaller ones.
public struct HexagonalGrid: Hashable, Sendable {
  public let tiers: Int
  public let interSiteDistance: Meters
  public let center: Position
  /// `[C]`
  public let sites: [Position]

  /// - Precondition: 0 ≤ tiers ≤ 100, and the distance is positive.
  public init(tiers: Int, interSiteDistance: Meters, center: Position = .origin) {
    precondition(tiers >= 0 && tiers <= 100, "HexagonalGrid: the number of tiers must lie in 0...100, got \(tiers)")
    precondition(
      interSiteDistance.value > 0 && interSiteDistance.value.isFinite,
      "HexagonalGrid: needs a positive distance of sites, got \(interSiteDistance.value) m")
    self.tiers = tiers
    self.interSiteDistance = interSiteDistance
    self.center = center
    let spacing = interSiteDistance.value
    var sites = [center]
    // From the corner at 0° a ring runs along these six directions, `tier` steps each.
    let directions = [(-1, 1), (-1, 0), (0, -1), (1, -1), (1, 0), (0, 1)]
    for tier in 0..<tiers {
      var (q, r) = (tier + 1, 0)
      for direction in directions {
        for _ in 0...tier {
          sites.append(HexagonalGrid.site(q, r, spacing: spacing, center: center))
          (q, r) = (q + direction.0, r + direction.1)
        }
      }
    }
    self.sites = sites
  }

  /// The place of lattice point (q, r).
  static func site(_ q: Int, _ r: Int, spacing: Double, center: Position) -> Position {
    Position(
      x: center.x + spacing * (Double(q) + 0.5 * Double(r)), y: center.y + spacing * (Hexagon.halfRootOfThree * Double(r)))
  }

  /// The cell of a site at the centre; ``Region/moved(to:)`` brings it to the others.
  public var cell: Hexagon { Hexagon(center: center, inradius: Meters(interSiteDistance.value / 2)) }

  /// The points that are nearer to `site` than to any other lattice point.
  public func cell(of site: Int) -> Hexagon {
    Hexagon(center: sites[site], inradius: Meters(interSiteDistance.value / 2))
  }

  /// Distances as if the cluster were surrounded by copies of itself.
  public var wraparound: Wraparound { Wraparound(self) }
}
