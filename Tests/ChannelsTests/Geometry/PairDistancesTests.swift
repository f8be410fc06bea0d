import CAllocations
import Channels
import Testing

@Suite struct PairDistancesTests {
  private func drop(copies: Int, nodes: Int, height: Double, part: Int, in region: Region) throws -> NodePositions {
    var positions = NodePositions(copies: copies, nodes: nodes, height: Meters(height))
    try UniformDrop(region).draw(into: &positions, stream: RandomStream(seed: 3, purpose: .drop), part: part)
    return positions
  }

  private let cell = Region.disc(radius: Meters(500))

  @Test func everyPairHasItsDistance() throws {
    let users = try drop(copies: 3, nodes: 5, height: 1.5, part: 0, in: cell)
    let sites = try drop(copies: 3, nodes: 4, height: 25, part: 1, in: cell)
    var flat = Array(repeating: 0.0, count: 60)
    var straight = flat
    do {
      var span = flat.mutableSpan
      users.writeDistances(to: sites, .horizontal, into: &span)
      span = straight.mutableSpan
      users.writeDistances(to: sites, .straight, into: &span)
    }
    for copy in 0..<3 {
      for user in 0..<5 {
        for site in 0..<4 {
          let distance = users[copy, user].distance(to: sites[copy, site]).value
          let place = (copy * 5 + user) * 4 + site
          #expect(flat[place] == distance)
          #expect(abs(straight[place] - (distance * distance + 23.5 * 23.5).squareRoot()) < 1e-12)
        }
      }
    }
  }

  @Test func anExactTriangle() {
    let base = NodePositions([.origin], height: Meters(13))
    let user = NodePositions([Position(x: 3, y: 4)], height: Meters(1))
    var distance = [0.0]
    var span = distance.mutableSpan
    user.writeDistances(to: base, .straight, into: &span)
    #expect(distance == [13])
  }

  @Test func copiesMayShareTheSitesAndSinglePrecisionIsRounded() throws {
    let users = try drop(copies: 3, nodes: 5, height: 1.5, part: 0, in: cell)
    let sites = try drop(copies: 1, nodes: 4, height: 10, part: 1, in: cell)
    var (shared, repeated) = (Array(repeating: 0.0, count: 60), Array(repeating: 0.0, count: 60))
    var rounded = Array(repeating: Float(0), count: 60)
    do {
      var span = shared.mutableSpan
      users.writeDistances(to: sites, .straight, into: &span)
      span = repeated.mutableSpan
      users.writeDistances(to: sites.repeated(3), .straight, into: &span)
      var floats = rounded.mutableSpan
      users.writeDistances(to: sites, .straight, into: &floats)
    }
    #expect(shared == repeated)
    #expect(rounded == shared.map { Float($0) })
  }

  @Test func onATorusTheNearestImageCounts() throws {
    let grid = HexagonalGrid(tiers: 1, interSiteDistance: Meters(500))
    var users = NodePositions(nodes: 70, height: Meters(1.5))
    let sites = NodePositions(grid.sites, height: Meters(25))
    try UniformDrop(.hexagon(grid.cell)).draw(into: &users, around: sites, stream: RandomStream(seed: 4, purpose: .drop))
    var distances = Array(repeating: 0.0, count: 490)
    var span = distances.mutableSpan
    users.writeDistances(to: sites, .straight, wraparound: grid.wraparound, into: &span)
    for user in 0..<70 {
      for site in 0..<7 {
        let flat = grid.wraparound.distance(from: users[0, user], to: grid.sites[site]).value
        #expect(abs(distances[user * 7 + site] - (flat * flat + 23.5 * 23.5).squareRoot()) < 1e-9)
      }
    }
  }

  @Test func writingTakesNoMemory() throws {
    let users = try drop(copies: 3, nodes: 5, height: 1.5, part: 0, in: cell)
    let torus = HexagonalGrid(tiers: 1, interSiteDistance: Meters(500)).wraparound
    var distances = Array(repeating: Float(0), count: 75)
    var exact = Array(repeating: 0.0, count: 75)
    var span = distances.mutableSpan
    var exactSpan = exact.mutableSpan
    users.writeDistances(to: users, .straight, into: &span)
    allocations_watch()
    users.writeDistances(to: users, .straight, wraparound: torus, into: &span)
    users.writeDistances(to: users, .horizontal, into: &exactSpan)
    #expect(allocations_seen().requests == 0)
  }

  @Test func refusesWrongRoomAndWrongCopies() async {
    await #expect(processExitsWith: .failure) {
      var distances = Array(repeating: 0.0, count: 5)
      var span = distances.mutableSpan
      NodePositions(nodes: 2).writeDistances(to: NodePositions(nodes: 3), .horizontal, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      var distances = Array(repeating: 0.0, count: 6)
      var span = distances.mutableSpan
      NodePositions(copies: 1, nodes: 1).writeDistances(to: NodePositions(copies: 2, nodes: 3), .horizontal, into: &span)
    }
  }
}
