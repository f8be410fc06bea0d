import Agents
import Tensor
import TestSupport
import Testing

@Suite struct SimpleSpreadTests {
  @Test func episodesOfThePackage() throws {
    for episode in try ParticleReference.load().episodes where episode.task == "spread" {
      let physics = ParticleReference.physics(episode.order)
      for (unit, rewards) in [
        (SpreadReward.mpe2(localRatio: 0.5), episode.rewards), (.openAIOwn, episode.openAIRewards), (.openAIShared, shared(episode)),
      ] {
        var task = SimpleSpread(
          agents: episode.agents, copies: 1, seed: 1, rewardUnit: unit, actions: episode.continuous ? .fiveNumbers : .discrete, physics: physics)
        var batch = StepBatch(for: task.specification)
        task.place(
          copy: 0, positions: episode.positions, velocities: episode.velocities, landmarks: episode.landmarks, observations: &batch.observations)
        episode.replay(in: &task, first: &batch, rewards: rewards)
      }
    }
  }

  /// openai's `shared_reward`: the sum over agents, for every agent.
  private func shared(_ episode: ParticleReference.Episode) -> [Float] {
    (0..<episode.openAIRewards.count).map { place in
      let step = place / episode.agents
      return episode.openAIRewards[(step * episode.agents)..<((step + 1) * episode.agents)].reduce(0, +)
    }
  }

  @Test func aPushIsTheDifferenceOfItsNumbers() throws {
    for episode in try ParticleReference.load().episodes where episode.task == "spread" && episode.continuous {
      var task = SimpleSpread(
        agents: episode.agents, copies: 1, seed: 1, rewardUnit: .openAIOwn, actions: .push, physics: ParticleReference.physics(episode.order))
      var batch = StepBatch(for: task.specification)
      task.place(
        copy: 0, positions: episode.positions, velocities: episode.velocities, landmarks: episode.landmarks, observations: &batch.observations)
      episode.replay(in: &task, first: &batch, rewards: episode.openAIRewards) { recorded in
        var actions = recorded
        actions.values = (0..<episode.agents).flatMap { agent in
          let row = Array(recorded.values[(5 * agent)..<(5 * agent + 5)])
          return [row[2] - row[1], row[4] - row[3]]
        }
        return actions
      }
    }
  }

  @Test func returnsOfThePackage() throws {
    for reference in try ParticleReference.load().returns where reference.task == "spread" {
      var task = SimpleSpread(copies: 50, seed: 8, physics: ParticleReference.physics(reference.order))
      if reference.policy == "random" {
        var policy = RandomPolicy(for: task.specification, seed: 9)
        #expect(agree(episodeReturns(&policy, in: &task, episodes: 2000), with: reference), "\(reference)")
      } else {
        var policy = ScriptedSpread(for: task.specification)
        #expect(agree(episodeReturns(&policy, in: &task, episodes: 2000), with: reference), "\(reference)")
      }
    }
  }

  @Test func keepsTheContract() throws {
    for actions in ParticleActions.allCases {
      try TaskChecks.keepsTheContract { SimpleSpread(agents: 2, copies: $0, seed: 3, firstCopy: $1, steps: 7, actions: actions) }
    }
    try TaskChecks.keepsTheContract { SimpleSpread(copies: $0, seed: 3, firstCopy: $1) }
    try TaskChecks.keepsTheContract(steps: 30) { SimpleSpread(agents: 1, copies: $0, seed: 3, firstCopy: $1) }
  }

  @Test func episodesAreCutOffAfterTheirSteps() {
    var task = SimpleSpread(copies: 2, seed: 3)
    var batch = StepBatch(for: task.specification)
    task.reset(into: &batch)
    for step in 1...60 {
      task.step(ActionBatch(for: task.specification), into: &batch)
      #expect(batch.truncated == Array(repeating: step % 25 == 0, count: 2) && batch.terminated == [false, false])
    }
  }

  @Test func refusesStatesOfNoRun() throws {
    let task = SimpleSpread(agents: 1, copies: 1, seed: 3)
    func state(position: Double = 0, velocity: Double = 0, landmark: Double = 0, age: Int32 = 0) -> ForgedState {
      ForgedState(parts: [
        ("positions", .doubles([position, 0])), ("velocities", .doubles([velocity, 0])), ("landmarks", .doubles([landmark, 0])),
        ("ages", .integers([age])), ("episodes", .integers([1])),
      ])
    }
    #expect(try !state().isRefused(by: task))
    #expect(try state(position: .nan).isRefused(by: task))
    #expect(try state(velocity: .infinity).isRefused(by: task))
    #expect(try state(landmark: 1e200).isRefused(by: task))
    #expect(try state(age: 25).isRefused(by: task))
    #expect(try state(age: -1).isRefused(by: task))
  }
}
