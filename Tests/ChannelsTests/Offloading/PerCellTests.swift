import Channels
import Testing

@Suite struct PerCellTests {
  @Test func valuesAreForAllForCellsOrForUsers() {
    #expect(PerCell(3).expanded(cells: 2, users: 2) == [3, 3, 3, 3])
    #expect(PerCell(each: [3, 4]).expanded(cells: 2, users: 3) == [3, 3, 3, 4, 4, 4])
    #expect(PerCell(each: [1, 2, 3, 4]).expanded(cells: 2, users: 2) == [1, 2, 3, 4])
    #expect(!PerCell(each: [1, 2, 3]).fits(cells: 2, users: 2))
  }

  @Test func settingTheUniformValueMakesAllAlike() {
    var values = PerCell(each: [1, 2])
    #expect(values.uniform == 1)
    values.uniform = 7
    #expect(values == PerCell(7))
  }
}
