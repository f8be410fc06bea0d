import Agents
import Foundation
import Tensor
import Testing

@Suite struct PPOEntropiesTests {
  /// At a fresh network's zero outputs: ln K for each choice, ln σ + ½ ln 2πe for each number.
  @Test func closedForms() {
    var configuration = PPOConfiguration()
    configuration.networks.gains = (1, 0, 1)
    configuration.networks.initialLogDeviation = -0.7
    for isStateDependent in [true, false] {
      configuration.networks.deviationsDependOnState = isStateDependent
      for (choices, numbers, isPerChoice) in [([3, 5], 0, false), ([], 2, false), ([10], 1, false), ([4], 2, true)] {
        configuration.networks.valuesDependOnChoice = isPerChoice
        let task = NoiseTask(actions: ActionSpace(choices: choices, bounds: Array(repeating: 0...1, count: numbers)))
        let learner = PPO(configuration, for: task.specification, seed: 1)
        let entropies = learner.entropies(of: [Float](repeating: 0.5, count: 4 * task.specification.observationSize))
        let uniform = choices.reduce(0) { $0 + Foundation.log(Double($1)) }
        let normal = Double(numbers) * (-0.7 + 0.5 * Foundation.log(2 * Double.pi * M_E))
        #expect(abs(entropies.choices - uniform) < 1e-6)
        #expect(abs(entropies.numbers - normal) < 1e-6)
      }
    }
  }

  /// Against the share of drawn choices: a policy that is not uniform, by counting.
  @Test func entropyOfWhatIsDrawn() {
    var configuration = PPOConfiguration()
    configuration.networks.gains = (1.4, 3, 1)
    let task = NoiseTask(copies: 1000, actions: .discrete(4))
    let learner = PPO(configuration, for: task.specification, seed: 5)
    let one = (0..<task.specification.observationSize).map { Float($0) * 0.7 - 0.3 }
    var policy = learner.sampled(copies: 1000, seed: 9)
    var actions = ActionBatch(for: task.specification)
    var counts = [0.0, 0, 0, 0]
    for step in 0..<50 {
      policy.act((0..<1000).flatMap { _ in one }, step: step, into: &actions)
      for choice in actions.choices { counts[Int(choice)] += 1 }
    }
    let drawn = counts.reduce(0) { $1 > 0 ? $0 - $1 / 50_000 * Foundation.log($1 / 50_000) : $0 }
    // The estimate's deviation is below ln 4 / √50000 = 0.0062 and its bias below 0.0001.
    #expect(abs(learner.entropies(of: one).choices - drawn) < 0.04)
    #expect(drawn < 1.38)
  }
}
