import Agents
import Scenarios
import Tensor
import TestSupport
import Testing

@Suite struct AllocationPoolTests {
  private func parameters() -> AllocationParameters {
    var parameters = AllocationParameters()
    (parameters.scenario, parameters.trainingEpisodes, parameters.episodeMilliseconds) = (.urbanMicro, 4, 7)
    return parameters
  }

  @Test func keepsTheContractOfEnvironments() throws {
    let folder = try TemporaryFolder()
    #expect(defects(archivePath: folder.file("pool")) { AllocationPool(parameters(), users: [2, 4, 8], seed: 4) } == [])
  }

  /// Rows of the pool are those of its tasks, each run by itself.
  @Test func rowsAreThoseOfTheTasks() {
    var pool = AllocationPool(parameters(), users: [2, 4], seed: 4)
    #expect(pool.specification.copies == 6 && pool.specification.agents == 1 && pool.specification.observationSize == 12)
    var tasks = pool.tasks
    var batch = StepBatch(for: pool.specification)
    var actions = ActionBatch(for: pool.specification)
    var policy = RandomPolicy(for: pool.specification, seed: 1)
    var own = tasks.map { StepBatch(for: $0.specification) }
    pool.reset(into: &batch)
    for task in 0..<2 { tasks[task].reset(into: &own[task]) }
    #expect(batch.observations == own[0].observations + own[1].observations)
    // I / 10 tells the tasks apart, and their users stand elsewhere.
    #expect(batch.observations[10] == 0.2 && batch.observations[2 * 12 + 10] == 0.4)
    #expect(tasks[0].channel.positions[0] != tasks[1].channel.positions[0])
    for step in 0..<20 {
      policy.act(batch.observations, step: step, into: &actions)
      pool.step(actions, into: &batch)
      for (task, rows) in [(0, 0..<2), (1, 2..<6)] {
        var given = ActionBatch(for: tasks[task].specification)
        (given.choices, given.values) = (Array(actions.choices[rows]), Array(actions.values[rows]))
        tasks[task].step(given, into: &own[task])
        #expect(pool.taskRewards[task] == Double(own[task].rewards[0]))
      }
      #expect(batch.observations == own[0].observations + own[1].observations)
      #expect(batch.finalObservations == own[0].finalObservations + own[1].finalObservations)
      #expect(batch.rewards == own[0].rewards + own[1].rewards && batch.metrics == batch.rewards)
      #expect(batch.truncated == Array(repeating: (step + 1) % 7 == 0, count: 6))
    }
  }

  @Test func upcomingObservationsCome() {
    var pool = AllocationPool(parameters(), users: [2, 4], seed: 4)
    var batch = StepBatch(for: pool.specification)
    let actions = ActionBatch(for: pool.specification)
    pool.reset(into: &batch)
    for _ in 0..<3 {
      #expect(pool.isAtBlock)
      let upcoming = pool.upcomingObservations()
      #expect(upcoming.count == 7 * 72)
      for step in 0..<7 {
        #expect(Array(upcoming[step * 72..<(step + 1) * 72]) == batch.observations)
        pool.step(actions, into: &batch)
      }
    }
  }
}
