import Agents
import Tensor
import TestSupport
import Testing

@Suite struct ObservationWrapperTests {
  @Test func oneHotStates() throws {
    var play = Play(OneHotStates(TwoStepGame(copies: 2, numbered: true)))
    #expect(play.task.specification.states == nil && play.task.specification.observationSize == 3)
    #expect(play.batch.observations == [1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0])
    play.step([0, 0, 1, 0])
    #expect(play.batch.observations == [0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1] && play.batch.finalObservations == play.batch.observations)
    play.step([0, 0, 1, 1])
    #expect(play.batch.rewards == [7, 7, 8, 8] && play.batch.terminated == [true, true])
    #expect(play.batch.observations == [1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0])
    #expect(play.batch.finalObservations == [0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1])
    // The same game in both forms.
    var (plain, other) = (Play(TwoStepGame(copies: 2)), Play(OneHotStates(TwoStepGame(copies: 2, numbered: true))))
    for step in 0..<20 {
      let choices = (0..<4).map { Int32((step + $0 * step / 3) % 2) }
      plain.step(choices)
      other.step(choices)
      #expect(plain.batch.observations == other.batch.observations && plain.batch.finalObservations == other.batch.finalObservations)
    }
    try TaskChecks.keepsTheContract { copies, _ in OneHotStates(TwoStepGame(copies: copies, numbered: true)) }
  }

  /// Observations are [episode, age + 10 · agent]: three levels of the first, two of the second.
  @Test func levelStates() throws {
    let thresholds: [[Float]] = [[1.5, 2.5], [2]]
    var play = Play(LevelStates(CountingTask(), thresholds: thresholds))
    #expect(play.task.specification.observationSize == 1 && play.task.specification.states == 6)
    // Episode 1 is level 0; ages 0 and 10.
    #expect(play.batch.observations == [0, 3, 0, 3])
    for _ in 0..<2 { play.step() }
    // A value at a threshold is above it.
    #expect(play.batch.observations == [3, 3, 3, 3])
    play.step()
    // Copy 0 has ended: its successor has age 3, what comes next is episode 2 at age 0.
    #expect(play.batch.terminated == [true, false])
    #expect(play.batch.finalObservations == [3, 3, 3, 3] && play.batch.observations == [1, 4, 3, 3])
    #expect(play.batch.rewards == [3, 4, 3, 4] && play.batch.metrics == [3, 3])
    // A feature without thresholds is not seen.
    #expect(Play(LevelStates(CountingTask(), thresholds: [[], [2]])).batch.observations == [0, 1, 0, 1])
    try TaskChecks.keepsTheContract { LevelStates(CountingTask(copies: $0, agents: 3, firstCopy: $1), thresholds: thresholds) }
  }

  @Test func agentIndex() throws {
    var play = Play(AgentIndex(CountingTask()))
    #expect(play.batch.observations == [1, 0, 1, 0, 1, 10, 0, 1, 1, 0, 1, 0, 1, 10, 0, 1])
    for _ in 0..<3 { play.step() }
    // Copy 0 has ended: its successor has age 3, what comes next is the second episode.
    #expect(play.batch.terminated == [true, false])
    #expect(play.batch.finalObservations == [1, 3, 1, 0, 1, 13, 0, 1, 1, 3, 1, 0, 1, 13, 0, 1])
    #expect(play.batch.observations == [2, 0, 1, 0, 2, 10, 0, 1, 1, 3, 1, 0, 1, 13, 0, 1])
    #expect(play.batch.rewards == [3, 4, 3, 4] && play.batch.metrics == [3, 3])
    try TaskChecks.keepsTheContract { AgentIndex(CountingTask(copies: $0, agents: 3, firstCopy: $1)) }
  }

  @Test func previousActions() throws {
    let space = ActionSpace(choices: [2, 3], bounds: [-1...1])
    var play = Play(PreviousActions(CountingTask(copies: 1, agents: 2, actions: space), frames: 2))
    #expect(play.task.specification.observationSize == 2 + 2 * 6)
    func row(_ agent: Int) -> [Float] { Array(play.batch.observations[(14 * agent + 2)..<(14 * agent + 14)]) }
    func last(_ agent: Int) -> [Float] { Array(play.batch.finalObservations[(14 * agent + 2)..<(14 * agent + 14)]) }
    let none: [Float] = [0, 0, 0, 0, 0, 0]
    #expect(row(0) == none + none && row(1) == none + none)
    play.step([0, 2, 1, 0], [0.5, -0.25])
    #expect(row(0) == [1, 0, 0, 0, 1, 0.5] + none && row(1) == [0, 1, 1, 0, 0, -0.25] + none)
    play.step([1, 1, 0, 0], [0.75, 1])
    #expect(row(0) == [0, 1, 0, 1, 0, 0.75, 1, 0, 0, 0, 1, 0.5] && row(1) == [1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, -0.25])
    play.step([0, 0, 1, 2], [0, 0])
    #expect(play.batch.terminated == [true])
    #expect(last(0) == [1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0.75] && last(1) == [0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1])
    #expect(row(0) == none + none && row(1) == none + none)
    #expect(play.batch.observations[0..<2] == [2, 0] && play.batch.finalObservations[0..<2] == [1, 3])
    play.step([0, 2, 1, 0], [0.5, -0.25])
    #expect(row(0) == [1, 0, 0, 0, 1, 0.5] + none)
    try TaskChecks.keepsTheContract { PreviousActions(CountingTask(copies: $0, firstCopy: $1, actions: space), frames: 3) }
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = OneHotStates(CountingTask()) }
    await #expect(processExitsWith: .failure) { _ = AgentIndex(TwoStepGame(numbered: true)) }
    await #expect(processExitsWith: .failure) { _ = PreviousActions(TwoStepGame(numbered: true)) }
    await #expect(processExitsWith: .failure) { _ = PreviousActions(TwoStepGame(), frames: 0) }
    await #expect(processExitsWith: .failure) { _ = NormalizedObservations(TwoStepGame(numbered: true)) }
    await #expect(processExitsWith: .failure) { _ = NormalizedObservations(CountingTask(), statistics: RunningStatistics(size: 3)) }
  }
}
