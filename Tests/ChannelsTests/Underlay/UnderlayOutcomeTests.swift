import Channels
import Testing

@Suite struct UnderlayOutcomeTests {
  @Test func sizes() {
    var cell = UnderlayCell()
    cell.pairs = 4
    cell.resourceBlocks = 5
    cell.blocksPerSet = 3
    let outcome = UnderlayLinks(cell).outcome()
    #expect(outcome == UnderlayOutcome(pairs: 4, blocks: 5, blocksPerSet: 3))
    #expect(outcome.cellularSINR.count == 5 && outcome.cellularRates.count == 5)
    #expect(outcome.pairSINR.count == 12 && outcome.blockRates.count == 12 && outcome.blockInterference.count == 12)
    #expect(outcome.pairRates.count == 4 && outcome.interference.count == 4 && outcome.rewards.count == 4)
  }

  @Test func anOutcomeOfOtherSizesIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let links = UnderlayLinks(UnderlayCell())
      var outcome = UnderlayOutcome(pairs: 10, blocks: 10, blocksPerSet: 2)
      links.evaluate(Array(repeating: 1, count: links.layout.count), allocation: Array(repeating: 0, count: 10), into: &outcome)
    }
  }
}
