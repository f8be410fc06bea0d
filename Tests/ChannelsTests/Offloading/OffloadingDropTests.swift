import Channels
import Foundation
import TestSupport
import Testing

@Suite struct OffloadingDropTests {
  /// Each coordinate of an SBS is uniform, and so is the part of the ring's area that is nearer than a user: Massart's bound, 10⁻⁷ each.
  @Test func placesAreUniform() throws {
    let cells = OffloadingCells()
    var (x, y, areas) = ([Double](), [Double](), [Double]())
    var outside = 0
    for seed in 0..<400 {
      let drop = try OffloadingDrop(cells, seed: UInt64(seed))
      x += drop.sites.map { $0.x / 1500 }
      y += drop.sites.map { $0.y / 1000 }
      for (user, place) in drop.users.enumerated() {
        let d = place.distance(to: drop.sites[user / 10]).value
        #expect(d >= 10 - 1e-9 && d <= 250 + 1e-9)
        areas.append((d * d - 100) / (62_500 - 100))
        outside += cells.area.contains(place) ? 0 : 1
      }
    }
    for values in [x, y, areas] { #expect(KolmogorovSmirnov.agrees(values) { min(max($0, 0), 1) }) }
    #expect(outside > 1000)
  }

  @Test func gainsFollowTheLawWithAShortestDistance() {
    var cells = OffloadingCells()
    cells.cells = 2
    cells.usersPerCell = PerCell(2)
    let users = [Position(x: 100, y: 0), Position(x: 0, y: 30), Position(x: 500, y: 40), Position(x: 3, y: 4)]
    let drop = OffloadingDrop(cells, sites: [.origin, Position(x: 500, y: 0)], users: users)
    // User 3 belongs to the second SBS and is 5 m from the first: counted as 10 m.
    let lengths: [Double] = [100, 400, 30, (250_000.0 + 900).squareRoot(), (250_000.0 + 1600).squareRoot(), 40, 10, (497.0 * 497 + 16).squareRoot()]
    for (gain, d) in zip(drop.gains, lengths) {
      #expect(abs(gain / pow(10, -(137.74 + 35.22 * log10(d / 1000)) / 10) - 1) < 1e-9)
    }
  }

  @Test func theLeastSeparationIsKept() throws {
    var cells = OffloadingCells()
    cells.minimumSeparationMeters = 450
    for seed in 0..<50 {
      let drop = try OffloadingDrop(cells, seed: UInt64(seed))
      for a in 0..<6 {
        for b in 0..<a { #expect(drop.sites[a].distance(to: drop.sites[b]).value >= 450) }
      }
    }
    // Places of users about their SBS do not depend on where it stands.
    let apart = try OffloadingDrop(cells, seed: 3)
    let free = try OffloadingDrop(OffloadingCells(), seed: 3)
    for user in 0..<60 {
      let offset = apart.users[user].x - apart.sites[user / 10].x
      #expect(abs(offset - (free.users[user].x - free.sites[user / 10].x)) < 1e-9)
    }
  }

  @Test func anImpossibleSeparationIsRefusedInWords() {
    var cells = OffloadingCells()
    cells.minimumSeparationMeters = 1200
    #expect {
      try OffloadingDrop(cells, seed: 1, layouts: 20)
    } throws: { error in
      "\(error)" == "6 SBSs found no places 1200.0 m apart in 1500.0 m x 1000.0 m in 20 layouts: lower the least separation, "
        + "place fewer SBSs or enlarge the rectangle"
    }
  }

  @Test func seedsAndEpisodesNameDrops() throws {
    let cells = OffloadingCells()
    let drop = try OffloadingDrop(cells, seed: 1)
    #expect(try OffloadingDrop(cells, seed: 1) == drop)
    #expect(try OffloadingDrop(cells, seed: 2).sites != drop.sites)
    #expect(try OffloadingDrop(cells, seed: 1, episode: 1).users != drop.users)
  }
}
