import Agents
import Tensor
import TestSupport
import Testing

@Suite struct SimpleSpeakerListenerTests {
  @Test func episodesOfThePackage() throws {
    for episode in try ParticleReference.load().episodes where episode.task == "listener" {
      for (unit, rewards) in [(SpeakerListenerReward.mpe2, episode.rewards), (.openAIShared, episode.openAIRewards)] {
        var task = SimpleSpeakerListener(
          copies: 1, seed: 1, rewardUnit: unit, actions: episode.continuous ? .fiveNumbers : .discrete,
          physics: ParticleReference.physics(episode.order))
        var batch = StepBatch(for: task.specification)
        task.place(
          copy: 0, position: episode.positions, velocity: episode.velocities, landmarks: episode.landmarks, goal: try #require(episode.goal),
          observations: &batch.observations)
        episode.replay(in: &task, first: &batch, rewards: rewards)
      }
    }
  }

  @Test func pushesAndWordsAsThreeNumbers() throws {
    for episode in try ParticleReference.load().episodes where episode.task == "listener" && episode.continuous {
      var task = SimpleSpeakerListener(copies: 1, seed: 1, actions: .push, physics: ParticleReference.physics(episode.order))
      var batch = StepBatch(for: task.specification)
      task.place(
        copy: 0, position: episode.positions, velocity: episode.velocities, landmarks: episode.landmarks, goal: try #require(episode.goal),
        observations: &batch.observations)
      episode.replay(in: &task, first: &batch, rewards: episode.openAIRewards) { recorded in
        var actions = recorded
        let (speaker, listener) = (recorded.values[0..<3], Array(recorded.values[5..<10]))
        actions.values = speaker.map { 2 * $0 - 1 } + [listener[2] - listener[1], listener[4] - listener[3], 0.3]
        return actions
      }
    }
  }

  @Test func surplusWordsMeanTheFirst() {
    for (choice, word) in [(0, 0), (1, 1), (2, 2), (3, 0), (4, 0)] as [(Int32, Int)] {
      var task = SimpleSpeakerListener(copies: 1, seed: 1)
      var batch = StepBatch(for: task.specification)
      task.reset(into: &batch)
      #expect(batch.observations[19..<22] == [0, 0, 0])
      var actions = ActionBatch(for: task.specification)
      actions.choices = [choice, 0]
      task.step(actions, into: &batch)
      #expect(Array(batch.observations[19..<22]) == (0..<3).map { $0 == word ? 1 : 0 })
    }
  }

  @Test func episodesBeginInSilenceWithAnyGoal() {
    var task = SimpleSpeakerListener(copies: 30, seed: 6, steps: 1)
    var batch = StepBatch(for: task.specification)
    var actions = ActionBatch(for: task.specification)
    for row in actions.choices.indices { actions.choices[row] = 1 }
    var goals = [0, 0, 0]
    task.reset(into: &batch)
    for _ in 0..<100 {
      for copy in 0..<30 {
        let seen = batch.observations[(22 * copy)..<(22 * copy + 22)]
        goals[seen.prefix(3).firstIndex(of: 0.65)! - 22 * copy] += 1
        // At rest, and nothing was said.
        #expect(seen.dropFirst(11).prefix(2).allSatisfy { $0 == 0 } && seen.suffix(3).allSatisfy { $0 == 0 })
      }
      task.step(actions, into: &batch)
      #expect(Array(batch.finalObservations[19..<22]) == [0, 1, 0])
    }
    #expect(ChiSquare.isUniform(goals))
  }

  @Test func returnsOfThePackage() throws {
    for reference in try ParticleReference.load().returns where reference.task == "listener" {
      var task = SimpleSpeakerListener(copies: 50, seed: 8, physics: ParticleReference.physics(reference.order))
      if reference.policy == "random" {
        var policy = RandomPolicy(for: task.specification, seed: 9)
        #expect(agree(episodeReturns(&policy, in: &task, episodes: 2000), with: reference), "\(reference)")
      } else {
        var policy = ScriptedListener(for: task.specification, try #require(ScriptedListener.Goal(rawValue: reference.policy)))
        #expect(agree(episodeReturns(&policy, in: &task, episodes: 2000), with: reference), "\(reference)")
      }
    }
  }

  @Test func keepsTheContract() throws {
    for actions in ParticleActions.allCases {
      try TaskChecks.keepsTheContract { SimpleSpeakerListener(copies: $0, seed: 3, firstCopy: $1, actions: actions) }
    }
  }

  @Test func refusesStatesOfNoRun() throws {
    let task = SimpleSpeakerListener(copies: 1, seed: 3)
    func state(position: Double = 0, goal: Int32 = 0, message: Float = 0, age: Int32 = 0) -> ForgedState {
      ForgedState(parts: [
        ("positions", .doubles([position, 0])), ("velocities", .doubles([0, 0])), ("landmarks", .doubles([0, 0, 0, 0, 0, 0])),
        ("goals", .integers([goal])), ("messages", .floats([message, 0, 0])), ("ages", .integers([age])), ("episodes", .integers([1])),
      ])
    }
    #expect(try !state().isRefused(by: task))
    #expect(try state(position: .nan).isRefused(by: task))
    #expect(try state(goal: 3).isRefused(by: task))
    #expect(try state(goal: -1).isRefused(by: task))
    #expect(try state(message: .nan).isRefused(by: task))
    #expect(try state(age: 25).isRefused(by: task))
  }
}
