import Channels
import Foundation
import Testing

@Suite struct WraparoundTests {
  /// Points of a cluster: uniform ones, and corners of cells, where the nearest image changes.
  private func points(_ grid: HexagonalGrid, _ count: Int) -> [Position] {
    var generator = Philox(seed: 12, counter: (0, 0, 0, 1))
    let inside = (0..<count).map { _ in grid.cell(of: generator.integer(below: grid.sites.count)).uniform(using: &generator) }
    return inside + grid.sites.indices.flatMap { grid.cell(of: $0).corners }
  }

  /// The least distance over many translations: all combinations of two basis vectors of the cluster's lattice.
  private func slow(_ grid: HexagonalGrid, _ a: Position, _ b: Position) -> Double {
    let (t, d) = (Double(grid.tiers), grid.interSiteDistance.value)
    let first = (d * (t + 1 + t / 2), d * t * sqrt(3) / 2)
    let second = (first.0 / 2 - first.1 * sqrt(3) / 2, first.0 * sqrt(3) / 2 + first.1 / 2)
    var least = Double.infinity
    for i in -3...3 {
      for j in -3...3 {
        let x = b.x - a.x + Double(i) * first.0 + Double(j) * second.0
        let y = b.y - a.y + Double(i) * first.1 + Double(j) * second.1
        least = min(least, (x * x + y * y).squareRoot())
      }
    }
    return least
  }

  @Test(arguments: [0, 1, 2, 3]) func theSevenImagesAreEnough(tiers: Int) {
    let grid = HexagonalGrid(tiers: tiers, interSiteDistance: Meters(500), center: Position(x: 9, y: 4))
    let points = points(grid, 60)
    for a in points {
      for b in points {
        let distance = grid.wraparound.distance(from: a, to: b).value
        #expect(abs(distance - slow(grid, a, b)) < 1e-9)
        let vector = grid.wraparound.displacement(from: a, to: b)
        #expect((vector.x * vector.x + vector.y * vector.y).squareRoot() == distance)
      }
    }
  }

  @Test(arguments: [1, 2]) func itIsAMetric(tiers: Int) {
    let grid = HexagonalGrid(tiers: tiers, interSiteDistance: Meters(500))
    let points = Array(points(grid, 40).prefix(60))
    let torus = grid.wraparound
    for a in points {
      #expect(torus.distance(from: a, to: a).value == 0)
      for b in points {
        let direct = torus.distance(from: a, to: b).value
        #expect(abs(direct - torus.distance(from: b, to: a).value) < 1e-9)
        #expect(direct <= a.distance(to: b).value)
        for c in points {
          #expect(direct <= torus.distance(from: a, to: c).value + torus.distance(from: c, to: b).value + 1e-9)
        }
      }
    }
  }

  @Test func everySiteSeesTheSameSurroundings() {
    let grid = HexagonalGrid(tiers: 2, interSiteDistance: Meters(500))
    for site in grid.sites {
      let distances = grid.sites.map { grid.wraparound.distance(from: site, to: $0).value / 500 }.sorted()
      #expect(distances[0] == 0)
      for (k, distance) in distances.dropFirst().enumerated() { #expect(abs(distance - [1, sqrt(3), 2][k / 6]) < 1e-12) }
    }
  }

  @Test func everyUserHasNineteenSitesAtTheDistancesOfTheMiddleCell() {
    let grid = HexagonalGrid(tiers: 2, interSiteDistance: Meters(500))
    var generator = Philox(seed: 13, counter: (0, 0, 0, 1))
    for _ in 0..<200 {
      let offset = grid.cell.uniform(using: &generator)
      let middle = grid.sites.map { grid.wraparound.distance(from: offset, to: $0).value }.sorted()
      // Nobody is farther from a site than the circumradius of the torus, L / √3 with L = d √19.
      #expect(middle.last! <= 500 * sqrt(19.0 / 3) + 1e-9)
      for site in grid.sites {
        let user = Position(x: site.x + offset.x, y: site.y + offset.y)
        let distances = grid.sites.map { grid.wraparound.distance(from: user, to: $0).value }.sorted()
        for (a, b) in zip(distances, middle) { #expect(abs(a - b) < 1e-9) }
      }
    }
  }

  @Test func aCornerOfTheClusterHasThreeNearestSites() {
    for tiers in 1...3 {
      let grid = HexagonalGrid(tiers: tiers, interSiteDistance: Meters(300))
      for site in grid.sites.indices {
        for corner in grid.cell(of: site).corners {
          let distances = grid.sites.map { grid.wraparound.distance(from: corner, to: $0).value }.sorted()
          for k in 0..<3 { #expect(abs(distances[k] - 300 / sqrt(3)) < 1e-9) }
          #expect(distances[3] > 300 * 1.1)
        }
      }
    }
  }

  @Test func translationsHaveTheLengthOfTheCluster() {
    for tiers in 0...4 {
      let torus = HexagonalGrid(tiers: tiers, interSiteDistance: Meters(2)).wraparound
      #expect(torus.translations.count == 7)
      #expect(torus.translations[0] == .origin)
      for vector in torus.translations.dropFirst() {
        #expect(abs(vector.distance(to: .origin).value - 2 * sqrt(Double(1 + 3 * tiers * (tiers + 1)))) < 1e-12)
      }
    }
  }

  @Test func oppositeSidesOfARectangleMeet() {
    let rectangle = Rectangle(center: Position(x: 50, y: 0), width: Meters(100), height: Meters(40))
    let torus = Wraparound(rectangle)
    var generator = Philox(seed: 14, counter: (0, 0, 0, 1))
    for _ in 0..<2000 {
      let (a, b) = (rectangle.uniform(using: &generator), rectangle.uniform(using: &generator))
      let (dx, dy) = (abs(a.x - b.x), abs(a.y - b.y))
      let (x, y) = (min(dx, 100 - dx), min(dy, 40 - dy))
      #expect(abs(torus.distance(from: a, to: b).value - (x * x + y * y).squareRoot()) < 1e-12)
    }
  }
}
