import Channels
import Testing

@Suite struct SlotBudgetTests {
  /// Who spends everything has the same budget in every slot: 2400 over ten slots.
  @Test func spendingAllKeepsItConstant() {
    var budget = SlotBudget(total: [2400, 6400], slots: 10)
    for _ in 0..<10 {
      #expect(budget.present(0) == 240 && budget.present(1) == 640)
      for cell in 0..<2 { budget.spend(budget.present(cell), cell: cell) }
      budget.advance()
    }
    budget.restart()
    #expect(budget.present(0) == 240 && budget.past == 0)
  }

  /// By hand: 12 over three slots; 2 spent of 4, then (12 − 2) / 2 = 5; all 5 spent, then 5.
  @Test func whatIsSavedRollsOver() {
    var budget = SlotBudget(total: [12], slots: 3)
    for (present, spent) in [(4.0, 2.0), (5.0, 5.0), (5.0, 0.0)] {
      #expect(budget.present(0) == present)
      budget.spend(spent, cell: 0)
      budget.advance()
    }
    #expect(budget.spent == [7])
  }
}
