import Federation
import Testing

@Suite struct TaskChoiceTests {
  @Test func freshTasksNeverComeAgain() {
    let choice = TaskChoice.fresh(3)
    #expect((0..<4).flatMap { choice.tasks(iteration: $0, seed: 1) } == Array(0..<12))
    #expect(TaskChoice.all(3).tasks(iteration: 7, seed: 1) == [0, 1, 2])
  }

  /// Without replacement, and every task as often as another: 6 standard deviations of a binomial number of 4000 × 0.3.
  @Test func sampledTasksAreDistinctAndEquallyLikely() {
    let choice = TaskChoice.sampled(3, of: 10)
    var counts = [Int](repeating: 0, count: 10)
    for iteration in 0..<4000 {
      let tasks = choice.tasks(iteration: iteration, seed: 5)
      #expect(Set(tasks).count == 3)
      for task in tasks { counts[task] += 1 }
    }
    #expect(counts.allSatisfy { abs($0 - 1200) < 174 })
    #expect(choice.tasks(iteration: 9, seed: 5) == choice.tasks(iteration: 9, seed: 5))
    #expect((0..<20).contains { choice.tasks(iteration: $0, seed: 5) != choice.tasks(iteration: $0, seed: 6) })
  }

  @Test func impossibleChoicesAreNamed() {
    #expect(TaskChoice.all(0).objection == "an iteration needs at least one task, got 0")
    #expect(TaskChoice.sampled(4, of: 3).objection == "4 tasks cannot be chosen of 3")
    #expect(TaskChoice.sampled(3, of: 3).objection == nil)
  }
}
