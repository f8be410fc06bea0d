import Tensor
import Testing

@testable import Agents

/// Each step of Gymnasium's episodes, taken from the state before it.
///
/// Both compute in double precision in nearly the same order, so a step differs by some units in the last place of the numbers that are added up in it:
/// 1e-13 is far above that and far below any mistake. MountainCarContinuous keeps its state in single precision, where a rounding may fall to the other
/// side: 1e-7.
@Suite struct GymnasiumStepsTests {
  private func expectSteps<Task: CopiedTask>(
    _ name: String, _ task: Task, tolerance: Double = 1e-13, state: ([Double]) -> TaskRule.State
  ) throws {
    var task = task
    let episodes = try #require(try GymnasiumReference.loaded.get().steps[name])
    var batch = StepBatch(for: task.specification)
    var actions = ActionBatch(for: task.specification)
    for (number, episode) in episodes.enumerated() {
      for step in episode.actions.indices {
        task.copies.begin(state(episode.states[step]), copy: 0)
        if task.specification.actions.isOneChoice {
          actions.choices = [Int32(episode.actions[step])]
        } else {
          actions.values = [episode.actions[step]]
        }
        // Without an end the copy stays in the successor.
        task.step(actions, into: &batch)
        let place = "\(name), episode \(number), step \(step)"
        #expect(batch.terminated == [episode.terminated[step] == 1], "\(place)")
        #expect(batch.truncated == [false], "\(place)")
        #expect(abs(Double(batch.rewards[0]) - episode.rewards[step]) <= 1e-7 * abs(episode.rewards[step]), "\(place)")
        for (a, b) in zip(batch.finalObservations, episode.observations[step]) {
          #expect(abs(a - b) <= 1.2e-7 * max(abs(b), 1), "\(place)")
        }
        guard !batch.terminated[0] else { continue }
        let (found, expected) = (task.copies.state(of: 0), state(episode.states[step + 1]))
        for i in 0..<4 { #expect(abs(found[i] - expected[i]) <= tolerance * max(abs(expected[i]), 1), "\(place): \(found), not \(expected)") }
      }
    }
  }

  @Test func cartPole() throws {
    try expectSteps("CartPole", CartPole(seed: 1)) { TaskRule.State($0[0], $0[1], $0[2], $0[3]) }
  }

  @Test func pendulum() throws {
    try expectSteps("Pendulum", Pendulum(seed: 1)) { Pendulum.Rule().state(angle: $0[0], speed: $0[1]) }
  }

  @Test func acrobot() throws {
    try expectSteps("Acrobot", Acrobot(seed: 1)) { TaskRule.State($0[0], $0[1], $0[2], $0[3]) }
  }

  @Test func mountainCar() throws {
    try expectSteps("MountainCar", MountainCar(seed: 1)) { TaskRule.State($0[0], $0[1], 0, 0) }
  }

  @Test func mountainCarContinuous() throws {
    // Gymnasium's first state alone is not yet rounded.
    try expectSteps("MountainCarContinuous", MountainCarContinuous(seed: 1), tolerance: 1e-7) {
      TaskRule.State(Double(Float($0[0])), Double(Float($0[1])), 0, 0)
    }
  }

  /// Sine and cosine of the small angles in which the pole stays, against `Math`, whose error is below 1 unit in the last place there.
  @Test func smallAnglesHaveTheirSineAndCosine() {
    for i in -2100...2100 {
      let x = Double(i) * 1e-4 + 1e-9 * Double(i % 7)
      let (sine, cosine) = CartPole.smallSinCos(x)
      #expect(abs(sine - Math.sin(x)) <= 2 * x.ulp)
      #expect(abs(cosine - Math.cos(x)) <= 0x1p-52)
    }
  }
}
