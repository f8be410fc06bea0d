import Agents
import Tensor
import TestSupport
import Testing

@Suite struct TimeLimitTests {
  private func limited(_ steps: Int, copies: Int = 2) -> TimeLimit<CountingTask> {
    TimeLimit(steps: steps, copies: copies) { CountingTask(copies: 1, firstCopy: $0) }
  }

  @Test func cutsLongEpisodesOff() {
    var play = Play(limited(2))
    #expect(play.batch.observations == [1, 0, 1, 10, 1, 0, 1, 10])
    play.step()
    #expect(play.batch.truncated == [false, false] && play.batch.observations == [1, 1, 1, 11, 1, 1, 1, 11])
    play.step()
    #expect(play.batch.truncated == [true, true] && play.batch.terminated == [false, false])
    #expect(play.batch.finalObservations == [1, 2, 1, 12, 1, 2, 1, 12] && play.batch.observations == [2, 0, 2, 10, 2, 0, 2, 10])
    #expect(play.batch.rewards == [2, 3, 2, 3] && play.batch.metrics == [2, 2])
  }

  @Test func anEndOfTheTaskComesFirst() {
    var play = Play(limited(3))
    var ends: [[Bool]] = []
    for _ in 0..<6 {
      play.step()
      ends.append(play.batch.terminated + play.batch.truncated)
    }
    // Copy 0 terminates in its third step, copy 1 is cut off there, before its own fourth.
    let none = [false, false, false, false]
    #expect(ends == [none, none, [true, false, false, true], none, none, [true, false, false, true]])
  }

  @Test func countsAnewAfterAnEndOfTheTask() {
    var play = Play(limited(5))
    for step in 1...24 {
      play.step()
      #expect(play.batch.terminated == [step % 3 == 0, false] && play.batch.truncated == [false, step % 4 == 0])
    }
  }

  @Test func actionsReachTheirCopy() {
    var play = Play(TimeLimit(steps: 9, copies: 2) { CountingTask(copies: 1, firstCopy: $0, actions: ActionSpace(choices: [3], bounds: [0...9])) })
    play.step([0, 1, 2, 1], [3, 4, 5, 6])
    #expect(play.task.bases[0].last.choices == [0, 1] && play.task.bases[1].last.choices == [2, 1])
    #expect(play.task.bases[0].last.values == [3, 4] && play.task.bases[1].last.values == [5, 6])
  }

  @Test func keepsTheContract() throws {
    try TaskChecks.keepsTheContract { copies, first in TimeLimit(steps: 2, copies: copies) { CountingTask(copies: 1, firstCopy: first + $0) } }
    try TaskChecks.keepsTheContract { copies, first in
      TimeLimit(steps: 7, copies: copies) { SimpleSpread(agents: 2, copies: 1, seed: 3, firstCopy: first + $0) }
    }
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = TimeLimit(CountingTask(copies: 2), steps: 3) }
    await #expect(processExitsWith: .failure) { _ = TimeLimit(CountingTask(copies: 1), steps: 0) }
  }
}
