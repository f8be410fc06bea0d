import CAllocations
import Channels
import TestSupport
import Testing

@Suite struct UniformDropTests {
  let stream = RandomStream(seed: 31, purpose: .drop)
  let cell = Region.disc(radius: Meters(500))

  @Test func aBatchIsItsSingleDrops() throws {
    let rule = UniformDrop(cell, siteDistance: Meters(35), separation: Meters(20))
    let sites = NodePositions([.origin, Position(x: 200, y: 0)])
    var batch = NodePositions(copies: 4, nodes: 30)
    try rule.draw(into: &batch, awayFrom: sites, stream: stream, step: 6)
    for copy in 0..<4 {
      var single = NodePositions(nodes: 30)
      try rule.draw(into: &single, awayFrom: sites, stream: RandomStream(seed: 31, purpose: .drop, index: copy), step: 6)
      #expect(single == batch.copy(copy))
    }
    #expect(batch.copy(0) != batch.copy(1))
  }

  @Test func largerDropsBeginWithSmallerOnesAndNamesDiffer() throws {
    let rule = UniformDrop(cell)
    var (small, large, other, next) = (NodePositions(nodes: 5), NodePositions(nodes: 9), NodePositions(nodes: 5), NodePositions(nodes: 5))
    try rule.draw(into: &small, stream: stream)
    try rule.draw(into: &large, stream: stream)
    try rule.draw(into: &other, stream: stream, part: 1)
    try rule.draw(into: &next, stream: stream, step: 1)
    #expect(Array(large.x[..<5]) == small.x)
    #expect(Set(small.x).isDisjoint(with: other.x) && Set(small.x).isDisjoint(with: next.x))
  }

  @Test func usersOfACellAreUniformInTheirHexagon() throws {
    let grid = HexagonalGrid(tiers: 1, interSiteDistance: Meters(500))
    var users = NodePositions(nodes: 7 * 3000)
    try UniformDrop(.hexagon(grid.cell)).draw(into: &users, around: NodePositions(grid.sites), stream: stream)
    for site in 0..<7 {
      let center = grid.sites[site]
      let places = (site * 3000..<(site + 1) * 3000).map { users[0, $0] }
      #expect(places.allSatisfy(grid.cell(of: site).contains))
      // P(|x| ≤ s a) of a hexagon of inradius a: ∫ (4 − 2s') ds' / 3 = (4 s − s²) / 3.
      #expect(KolmogorovSmirnov.agrees(places.map { abs($0.x - center.x) / 250 }) { (4 * $0 - $0 * $0) / 3 })
    }
  }

  @Test func nodesFollowTheCentersOfTheirCopy() throws {
    var centers = NodePositions(copies: 2, nodes: 3)
    try UniformDrop(.rectangle(Rectangle(width: Meters(1500), height: Meters(1000)))).draw(into: &centers, stream: stream)
    var users = NodePositions(copies: 2, nodes: 12)
    let rule = UniformDrop(.ring(Ring(center: .origin, inner: Meters(10), outer: Meters(250))))
    try rule.draw(into: &users, around: centers, stream: stream, part: 1)
    for copy in 0..<2 {
      for user in 0..<12 {
        let distance = users[copy, user].distance(to: centers[copy, user / 4]).value
        #expect(distance >= 10 - 1e-9 && distance <= 250 + 1e-9)
      }
    }
  }

  @Test func minimumDistancesAreKept() throws {
    let rule = UniformDrop(cell, siteDistance: Meters(80), separation: Meters(60))
    let sites = NodePositions([.origin, Position(x: 300, y: 100)])
    var users = NodePositions(copies: 50, nodes: 25)
    try rule.draw(into: &users, awayFrom: sites, stream: stream)
    for copy in 0..<50 {
      let places = users.positions(copy: copy)
      for (k, place) in places.enumerated() {
        for site in sites.positions() { #expect(place.distance(to: site).value >= 80) }
        for other in places[..<k] { #expect(place.distance(to: other).value >= 60) }
      }
    }
  }

  @Test func onATorusTheyAreKeptAcrossTheBorder() throws {
    let square = Rectangle.square(side: Meters(100))
    let torus = Wraparound(square)
    var users = NodePositions(copies: 20, nodes: 20)
    try UniformDrop(.rectangle(square), separation: Meters(12), wraparound: torus).draw(into: &users, stream: stream)
    for copy in 0..<20 {
      for a in 0..<20 {
        for b in 0..<a { #expect(torus.distance(from: users[copy, a], to: users[copy, b]).value >= 12) }
      }
    }
  }

  @Test func rejectionLeavesTheRestUniform() throws {
    // Away from one site in the middle, a disc is a ring.
    var users = NodePositions(nodes: 20000)
    try UniformDrop(cell, siteDistance: Meters(300)).draw(into: &users, awayFrom: NodePositions([.origin]), stream: stream)
    let radii = users.positions().map { $0.distance(to: .origin).value }
    #expect(KolmogorovSmirnov.agrees(radii) { ($0 * $0 - 90000) / 160000 })
    // The second of two nodes on a torus is uniform over what a disc of the separation leaves.
    var pairs = NodePositions(copies: 20000, nodes: 2)
    let square = Rectangle.square(side: Meters(100))
    let torus = Wraparound(square)
    try UniformDrop(.rectangle(square), separation: Meters(40), wraparound: torus).draw(into: &pairs, stream: stream)
    let near = (0..<20000).map { torus.distance(from: pairs[$0, 0], to: pairs[$0, 1]).value }.filter { $0 <= 50 }
    #expect(KolmogorovSmirnov.agrees(near) { ($0 * $0 - 1600) / 900 })
    // Of the area that is left, π (50² − 40²) lies within 50 m.
    let share = Double.pi * 900 / (10000 - Double.pi * 1600)
    #expect(abs(Double(near.count) / 20000 - share) < 5.5 * (share * (1 - share) / 20000).squareRoot())
  }

  @Test func whatCannotBeKeptIsRefusedInOneSentence() {
    var users = NodePositions(nodes: 50)
    let rule = UniformDrop(.disc(radius: Meters(10)), separation: Meters(9), attempts: 200)
    let error = #expect(throws: DropError.self) { try rule.draw(into: &users, stream: stream) }
    #expect(error?.description.contains("found no place 9.0 m from each of") == true)
    #expect(error?.description.contains("in 200 attempts: lower the minimum distances") == true)
    let sites = NodePositions([.origin])
    #expect(throws: DropError.self) {
      try UniformDrop(.disc(radius: Meters(10)), siteDistance: Meters(11)).draw(into: &users, awayFrom: sites, stream: stream)
    }
  }

  @Test func drawingTakesNoMemory() throws {
    var users = NodePositions(copies: 4, nodes: 30)
    let sites = NodePositions([.origin])
    let rule = UniformDrop(cell, siteDistance: Meters(35), separation: Meters(20))
    try rule.draw(into: &users, awayFrom: sites, stream: stream)
    allocations_watch()
    try rule.draw(into: &users, awayFrom: sites, stream: stream, step: 1)
    #expect(allocations_seen().requests == 0)
  }

  @Test func refusesWrongNumbers() async {
    await #expect(processExitsWith: .failure) {
      var users = NodePositions(nodes: 5)
      try UniformDrop(.disc(radius: Meters(1))).draw(
        into: &users, around: NodePositions(nodes: 2), stream: RandomStream(seed: 0, purpose: .drop))
    }
    await #expect(processExitsWith: .failure) {
      var users = NodePositions(nodes: 5)
      try UniformDrop(.disc(radius: Meters(1)), attempts: 0).draw(into: &users, stream: RandomStream(seed: 0, purpose: .drop))
    }
  }
}
