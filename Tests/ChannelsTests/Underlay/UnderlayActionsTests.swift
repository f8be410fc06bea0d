import Channels
import Testing

@Suite struct UnderlayActionsTests {
  @Test func setsComeBySizeAndThenInLexicographicOrder() {
    let actions = UnderlayActions(blocks: 4, blocksPerSet: 3)
    let sets = (0..<actions.count).map { actions.blocks(of: $0) }
    #expect(
      sets == [
        [0], [1], [2], [3], [0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3], [0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3],
      ])
    #expect(UnderlayActions(blocks: 2, blocksPerSet: 2).sets == 3)
    #expect(UnderlayActions(blocks: 1).sets == 1)
  }

  @Test func withOneBlockAndOneLevelAnActionIsItsBlock() {
    let actions = UnderlayActions(blocks: 7)
    #expect(actions.count == 7 && actions.sets == 7)
    for block in 0..<7 {
      #expect(actions.blocks(of: block) == [block])
      #expect(actions.share(of: block) == 1)
      #expect(actions.alone(on: block) == block)
    }
  }

  @Test func levelsAreWithinASetAndSplitOverIt() {
    let actions = UnderlayActions(blocks: 3, blocksPerSet: 2, powerLevels: 4)
    #expect(actions.sets == 6 && actions.count == 24)
    #expect((0..<4).map { actions.share(of: $0) } == [0.25, 0.5, 0.75, 1])
    // Set 4 is {0, 2}.
    #expect(actions.blocks(of: 17) == [0, 2])
    #expect((16..<20).map { actions.share(of: $0) } == [0.125, 0.25, 0.375, 0.5])
    #expect(actions.alone(on: 2) == 11)
    #expect(actions.share(of: 11) == 1)
  }

  /// Σ_j (K over j) by Pascal's triangle.
  @Test func setsAreCountedWithoutMakingThem() {
    func choose(_ n: Int, _ k: Int) -> Int { k == 0 ? 1 : n == 0 ? 0 : choose(n - 1, k - 1) + choose(n - 1, k) }
    for blocks in 1...12 {
      for most in 1...3 {
        #expect(UnderlayActions.setCount(blocks: blocks, blocksPerSet: most) == (1...most).reduce(0) { $0 + choose(blocks, $1) })
        if most <= blocks {
          #expect(UnderlayActions(blocks: blocks, blocksPerSet: most).sets == UnderlayActions.setCount(blocks: blocks, blocksPerSet: most))
        }
      }
    }
    #expect(UnderlayActions.setCount(blocks: 100, blocksPerSet: 3) == 166_750)
  }

  @Test func setsThatThereAreNotAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = UnderlayActions(blocks: 2, blocksPerSet: 3) }
    await #expect(processExitsWith: .failure) { _ = UnderlayActions(blocks: 5, blocksPerSet: 4) }
    await #expect(processExitsWith: .failure) { _ = UnderlayActions(blocks: 5, powerLevels: 0) }
  }
}
