import Agents
import Tensor
import TestSupport
import Testing

@Suite struct RememberedMarkTests {
  @Test func keepsTheContract() throws {
    let folder = try TemporaryFolder()
    #expect(defects(steps: 100, archivePath: folder.file("state")) { RememberedMark(copies: 3, marks: 3, seed: 5) } == [])
    // Copies are what single environments with their stream are.
    var all = RememberedMark(copies: 3, marks: 3, seed: 5)
    var batch = StepBatch(for: all.specification)
    all.reset(into: &batch)
    for copy in 0..<3 {
      var one = RememberedMark(marks: 3, seed: 5, firstCopy: copy)
      var single = StepBatch(for: one.specification)
      one.reset(into: &single)
      #expect(single.observations == Array(batch.observations[(copy * 8)..<(copy * 8 + 8)]))
    }
  }

  @Test func theMarksAreSeenOnceAndPaidForAtTheEnd() {
    for mistakes in 0..<3 {
      var task = RememberedMark(length: 3, marks: 2, seed: 5)
      var batch = StepBatch(for: task.specification)
      var actions = ActionBatch(for: task.specification)
      task.reset(into: &batch)
      let marks = (0..<2).map { Int32(batch.observations[3 * $0] == 1 ? 0 : 1) }
      #expect((0..<2).allSatisfy { batch.observations[3 * $0] + batch.observations[3 * $0 + 1] == 1 && batch.observations[3 * $0 + 2] == 0 })
      actions.choices = marks
      task.step(actions, into: &batch)
      #expect(batch.observations == [0, 0, 0, 0, 0, 0] && batch.rewards == [0, 0] && batch.terminated == [false])
      task.step(actions, into: &batch)
      #expect(batch.observations == [0, 0, 1, 0, 0, 1] && batch.rewards == [0, 0])
      for agent in 0..<mistakes { actions.choices[agent] = 1 - marks[agent] }
      task.step(actions, into: &batch)
      #expect(batch.rewards == (mistakes == 0 ? [1, 1] : [0, 0]) && batch.terminated == [true] && batch.truncated == [false])
      #expect(batch.observations[2] == 0 && batch.observations[0] + batch.observations[1] == 1)
    }
  }
}
