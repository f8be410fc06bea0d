import Agents
import Foundation
import Tensor
import TestSupport
import Testing

/// The tasks whose answers are exact by construction: rewards and ends by hand, means within 5.5 standard deviations.
@Suite struct SmallTaskTests {
  /// Plays random actions and hands out each step.
  private func play<Task: Environment>(
    _ task: Task, steps: Int, _ check: (_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) -> Void
  ) {
    var task = task
    var batch = StepBatch(for: task.specification)
    var actions = ActionBatch(for: task.specification)
    var random = RandomPolicy(for: task.specification, seed: 11)
    task.reset(into: &batch)
    var observations = batch.observations
    for step in 0..<steps {
      swap(&observations, &batch.observations)
      random.act(observations, step: step, into: &actions)
      task.step(actions, into: &batch)
      check(observations, actions, batch)
    }
  }

  @Test func identityPaysForTheMark() {
    var marks = [0, 0, 0, 0]
    var step = 0
    play(IdentityEnvironment.discrete(seed: 3), steps: 2000) { seen, actions, batch in
      let mark = seen.firstIndex(of: 1)!
      #expect(seen.reduce(0, +) == 1 && batch.rewards == [Int(actions.choices[0]) == mark ? 1 : 0])
      marks[mark] += 1
      step += 1
      #expect(batch.terminated == [false] && batch.truncated == [step % 100 == 0])
    }
    for count in marks { #expect(abs(Double(count) - 500) < 5.5 * (2000 * 0.25 * 0.75).squareRoot()) }
    play(IdentityEnvironment.discrete(choices: 7, oneHot: false, seed: 3), steps: 100) { seen, actions, batch in
      #expect(seen.count == 1 && batch.rewards == [Float(actions.choices[0]) == seen[0] ? 1 : 0])
    }
  }

  @Test func identityPaysForNumbersThatAreNear() {
    var paid = 0.0
    play(IdentityEnvironment.continuous(seed: 3), steps: 4000) { seen, actions, batch in
      #expect(batch.rewards == [abs(actions.values[0] - seen[0]) < 0.5 ? 1 : 0])
      paid += Double(batch.rewards[0])
    }
    // Two uniform numbers of a range of 2 are less than ½ apart with probability 1 − (3/4)² = 0.4375.
    #expect(abs(paid - 4000 * 0.4375) < 5.5 * (4000 * 0.4375 * 0.5625).squareRoot())
    play(IdentityEnvironment.continuous(numbers: 3, tolerance: 1, seed: 3), steps: 100) { seen, actions, batch in
      #expect(batch.rewards == [zip(actions.values, seen).allSatisfy { abs($0 - $1) < 1 } ? 1 : 0])
    }
  }

  @Test func hybridIdentityPaysHalfForEachPart() {
    play(IdentityEnvironment.hybrid(choices: 3, numbers: 2, seed: 3), steps: 300) { seen, actions, batch in
      let right: Float = seen[Int(actions.choices[0])] == 1 ? 0.5 : 0
      let near: Float = zip(actions.values, seen[3...]).allSatisfy { abs($0 - $1) < 0.5 } ? 0.5 : 0
      #expect(batch.rewards == [right + near])
    }
  }

  @Test func probesPayAsTheySay() {
    for kind in ProbeEnvironment.Kind.allCases {
      let task = ProbeEnvironment(kind, copies: 2, seed: 5)
      let known = task.optimalValues(discount: 0.5).map(\.observation)
      var seenAll = Set<Float>()
      play(task, steps: 100) { seen, actions, batch in
        for copy in 0..<2 {
          let x = seen[copy]
          seenAll.insert(x)
          let expected: Float =
            switch kind {
            case .constantReward: 1
            case .observedReward, .delayedReward: x
            case .chosenReward: actions.choices[copy] == 0 ? -1 : 1
            case .matchedReward: actions.choices[copy] == 0 ? -x : x
            case .chosenNumber: 1 - (actions.values[copy] - 0.5) * (actions.values[copy] - 0.5)
            case .matchedNumber: 1 - (actions.values[copy] - x / 2) * (actions.values[copy] - x / 2)
            }
          #expect(batch.rewards[copy] == expected, "\(kind)")
          #expect(batch.terminated[copy] == (kind != .delayedReward || x == 1) && !batch.truncated[copy])
          if !batch.terminated[copy] { #expect(batch.observations[copy] == 1) }
        }
      }
      #expect(seenAll == Set(known), "\(kind)")
    }
    #expect(ProbeEnvironment(.delayedReward, seed: 1).optimalValues(discount: 0.5).map(\.value) == [0.5, 1])
  }

  @Test func theEndlessTaskIsOnlyCutOff() {
    var step = 0
    play(EndlessTask(), steps: 40) { seen, actions, batch in
      #expect(seen.firstIndex(of: 1) == step % 8 % 4 && batch.rewards == [1])
      step += 1
      #expect(batch.finalObservations.firstIndex(of: 1) == step % 4)
      #expect(batch.terminated == [false] && batch.truncated == [step % 8 == 0])
    }
  }

  @Test func theHybridTaskPaysByItsEquation() {
    var sum = 0.0
    play(HybridTask(copies: 4, seed: 9), steps: 2000) { seen, actions, batch in
      for copy in 0..<4 {
        let error = actions.values[copy] - seen[copy]
        let isRight = (actions.choices[copy] == 1) == (seen[copy] > 0)
        let expected: Float = (isRight ? 1 : 0) - error * error
        #expect(batch.rewards[copy] == expected)
        #expect(batch.terminated[copy])
        sum += Double(batch.rewards[copy])
      }
    }
    // Variances: 1/4 of the choice; E(u − x)⁴ − (2/3)² = 16/15 − 4/9 of the number.
    let variance: Double = 0.25 + 16.0 / 15 - 4.0 / 9
    #expect(abs(sum / 8000 + 1.0 / 6) < 5.5 * (variance / 8000).squareRoot())
  }

  @Test func banditsPayWithTheirProbabilities() {
    let probabilities = [0.0, 0.3, 0.8, 1.0]
    var (pulls, paid) = ([0.0, 0, 0, 0], [0.0, 0, 0, 0])
    play(Bandit(probabilities, copies: 3, seed: 9), steps: 4000) { seen, actions, batch in
      for copy in 0..<3 {
        pulls[Int(actions.choices[copy])] += 1
        paid[Int(actions.choices[copy])] += Double(batch.rewards[copy])
        #expect(batch.terminated[copy] && seen[copy] == 0)
      }
    }
    for i in 0..<4 {
      let p = probabilities[i]
      #expect(abs(paid[i] - pulls[i] * p) <= 5.5 * (pulls[i] * p * (1 - p)).squareRoot())
    }
  }

  /// Limits cut off and do not end; a limit of the task's own choice is kept, or none.
  @Test func limitsCutOff() {
    for (limit, expected) in [(3, 3), (nil, 0)] as [(Int?, Int)] {
      var step = 0
      play(CliffWalking(seed: 1, limit: limit), steps: 30) { _, _, batch in
        step += 1
        #expect(batch.truncated == [expected > 0 && step % expected == 0] && batch.terminated == [false])
      }
    }
    var step = 0
    play(Pendulum(copies: 2, seed: 1), steps: 400) { _, _, batch in
      step += 1
      #expect(batch.truncated == [step % 200 == 0, step % 200 == 0] && batch.terminated == [false, false])
    }
    play(MountainCar(seed: 1, limit: 7), steps: 7) { _, _, _ in }
  }

  /// First observations of many copies and episodes against their distributions; the check fails less than once in a million runs.
  @Test func startsAreUniform() {
    func starts<Task: Environment>(_ task: Task) -> [[Double]] {
      var task = task
      var batch = StepBatch(for: task.specification)
      var starts = [[Double]](repeating: [], count: task.specification.observationSize)
      for _ in 0..<20 {
        task.reset(into: &batch)
        for (i, x) in batch.observations.enumerated() { starts[i % starts.count].append(Double(x)) }
      }
      return starts
    }
    func uniform(_ low: Double, _ high: Double) -> (Double) -> Double { { min(max(($0 - low) / (high - low), 0), 1) } }
    for part in starts(CartPole(copies: 100, seed: 2)) { #expect(KolmogorovSmirnov.agrees(part, with: uniform(-0.05, 0.05))) }
    let pendulum = starts(Pendulum(copies: 100, seed: 2))
    let angles = pendulum[0].indices.map { atan2(pendulum[1][$0], pendulum[0][$0]) }
    #expect(KolmogorovSmirnov.agrees(angles, with: uniform(-Double.pi, Double.pi)))
    #expect(KolmogorovSmirnov.agrees(pendulum[2], with: uniform(-1, 1)))
    let acrobot = starts(Acrobot(copies: 100, seed: 2))
    for part in [acrobot[1].map(asin), acrobot[3].map(asin), acrobot[4], acrobot[5]] {
      #expect(KolmogorovSmirnov.agrees(part, with: uniform(-0.1, 0.1)))
    }
    for cars in [starts(MountainCar(copies: 100, seed: 2)), starts(MountainCarContinuous(copies: 100, seed: 2))] {
      #expect(KolmogorovSmirnov.agrees(cars[0], with: uniform(-0.6, -0.4)))
      #expect(cars[1].allSatisfy { $0 == 0 })
    }
  }
}
