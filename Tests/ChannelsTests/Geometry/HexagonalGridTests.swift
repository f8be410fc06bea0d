import Channels
import Foundation
import Testing

@Suite struct HexagonalGridTests {
  @Test(arguments: [(0, 1), (1, 7), (2, 19), (3, 37), (10, 331)])
  func tiersGiveTheKnownNumbersOfSites(tiers: Int, count: Int) {
    #expect(HexagonalGrid(tiers: tiers, interSiteDistance: Meters(500)).sites.count == count)
  }

  @Test func siteDistancesAreThoseOfTheTriangularLattice() {
    let grid = HexagonalGrid(tiers: 2, interSiteDistance: Meters(500), center: Position(x: 40, y: -7))
    // Shells of the triangular lattice around the middle: six sites each at 1, √3 and 2 spacings.
    let distances = grid.sites.dropFirst().map { $0.distance(to: grid.center).value / 500 }.sorted()
    for (k, distance) in distances.enumerated() { #expect(abs(distance - [1, sqrt(3), 2][k / 6]) < 1e-12) }
    // The number of pairs of neighbours in a hexagonal patch of t tiers is 9t² + 3t.
    var neighbours = 0
    for a in grid.sites.indices {
      for b in grid.sites.indices where b > a {
        let distance = grid.sites[a].distance(to: grid.sites[b]).value
        #expect(distance > 500 - 1e-9)
        if distance < 500 + 1e-9 { neighbours += 1 }
      }
    }
    #expect(neighbours == 42)
  }

  @Test func sitesComeRingByRingCounterclockwiseFromZeroDegrees() {
    let grid = HexagonalGrid(tiers: 3, interSiteDistance: Meters(1))
    #expect(grid.sites[0] == .origin)
    for tier in 1...3 {
      let first = 1 + 3 * tier * (tier - 1)
      let angles = grid.sites[first..<first + 6 * tier].map { site in
        let angle = atan2(site.y, site.x)
        return angle < -1e-9 ? angle + 2 * .pi : angle
      }
      #expect(abs(angles[0]) < 1e-12)
      #expect(angles == angles.sorted())
    }
    #expect(Array(grid.sites[..<7]) == HexagonalGrid(tiers: 1, interSiteDistance: Meters(1)).sites)
  }

  @Test func aCellHoldsThePointsNearestToItsSite() {
    let grid = HexagonalGrid(tiers: 2, interSiteDistance: Meters(200))
    var generator = Philox(seed: 11, counter: (0, 0, 0, 1))
    for site in grid.sites.indices {
      for _ in 0..<300 {
        let point = grid.cell(of: site).uniform(using: &generator)
        let nearest = grid.sites.indices.min { grid.sites[$0].distance(to: point) < grid.sites[$1].distance(to: point) }
        #expect(nearest == site)
      }
    }
    #expect(grid.cell == grid.cell(of: 0))
  }

  @Test func needsAPositiveDistance() async {
    await #expect(processExitsWith: .failure) { _ = HexagonalGrid(tiers: 1, interSiteDistance: Meters(0)) }
    await #expect(processExitsWith: .failure) { _ = HexagonalGrid(tiers: -1, interSiteDistance: Meters(1)) }
  }
}
