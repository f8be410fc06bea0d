import Channels
import Foundation
import Testing

@Suite struct OffloadingCellsTests {
  /// Section V-A of the paper.
  @Test func defaultsAreThePapers() {
    let cells = OffloadingCells()
    #expect(cells.cells == 6 && cells.users == 10 && cells.channels == 16 && cells.totalUsers == 60)
    #expect(cells.contradiction == nil)
    #expect(abs(cells.noise.value / 3.981071705534986e-14 - 1) < 1e-12)
    #expect(cells.taskBits == 1.6e6...2.4e6 && cells.taskCycles == 0.8e9...2.4e9)
    for distance in [10.0, 35, 250, 1700] {
      let expected = 137.74 + 35.22 * log10(distance / 1000)
      #expect(abs(cells.pathLoss.loss(at: Meters(distance)).value - expected) < 1e-9)
    }
    #expect(cells.area.contains(Position(x: 0, y: 0)) && cells.area.contains(Position(x: 1500, y: 1000)))
  }

  @Test func cellsMayHaveDifferentNumbersOfUsers() {
    var cells = OffloadingCells()
    cells.cells = 3
    cells.usersPerCell = PerCell(each: [2, 0, 3])
    #expect(cells.users == 3 && cells.totalUsers == 5)
    #expect(cells.exists == [true, true, false, false, false, false, true, true, true])
  }

  @Test func contradictionsAreNamed() {
    func contradiction(_ change: (inout OffloadingCells) -> Void) -> String {
      var cells = OffloadingCells()
      change(&cells)
      return cells.contradiction ?? ""
    }
    #expect(contradiction { $0.channels = 0 }.contains("cells, channels and users"))
    #expect(contradiction { $0.usersPerCell = PerCell(each: [1, 2]) }.contains("for 6 cells"))
    #expect(contradiction { $0.serverGigahertz = PerCell(each: [1, 2]) }.contains("serverGigahertz"))
    #expect(contradiction { $0.minimumDistanceMeters = 250 }.contains("radius"))
    #expect(contradiction { $0.leastTaskKilobytes = 301 }.contains("task"))
    #expect(contradiction { $0.usersPerCell = PerCell(20_000) }.contains("65536"))
  }
}
