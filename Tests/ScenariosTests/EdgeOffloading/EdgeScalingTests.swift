import Channels
import Testing

@testable import Scenarios

@Suite struct EdgeScalingTests {
  @Test func rangesBecomeMinusOneToOne() {
    let scaling = EdgeScaling(OffloadingCells())
    #expect([1.6e6, 2e6, 2.4e6].map(scaling.bits.scaled) == [-1, 0, 1])
    #expect([0.8e9, 1.6e9, 2.4e9].map(scaling.cycles.scaled) == [-1, 0, 1])
    // 0.9 of 0.8 s and of 2.4 s.
    #expect(abs(scaling.deadlines.scaled(0.72) + 1) < 1e-6 && abs(scaling.deadlines.scaled(2.16) - 1) < 1e-6)
    #expect(abs(scaling.cycles.restored(0.5) - 2e9) < 1)
  }

  @Test func deadlinesSpanUsersOfAllSpeedsAndPointsAreZero() {
    var cells = OffloadingCells()
    cells.userGigahertz = PerCell(each: [1, 2, 1, 1, 1, 1])
    (cells.leastTaskKilobytes, cells.greatestTaskKilobytes) = (200, 200)
    let scaling = EdgeScaling(cells)
    #expect(abs(scaling.deadlines.scaled(0.36) + 1) < 1e-6 && abs(scaling.deadlines.scaled(1.44) - 1) < 1e-6)
    #expect(scaling.bits.scaled(1.6e6) == 0)
  }
}
