import Agents
import Tensor
import Testing

@Suite struct PPOExchangeTests {
  private func learner(trunk: Bool, seed: UInt64 = 1) -> PPO {
    var configuration = PPOConfiguration()
    (configuration.steps, configuration.minibatchSize, configuration.epochs) = (4, 10, 1)
    (configuration.networks.actorWidths, configuration.networks.criticWidths) = (trunk ? [] : [5], [3])
    configuration.networks.trunkWidths = trunk ? [6] : []
    configuration.networks.deviationsDependOnState = trunk
    return PPO(configuration, for: task.specification, seed: seed)
  }

  private let task = NoiseTask(copies: 3, actions: ActionSpace(choices: [3], bounds: [0...1]))

  private func numbers(_ learner: PPO, _ network: Int) -> [Float] {
    var values = [Float](repeating: 0, count: learner.exchangeableNetworks[network].layout.count)
    learner.copyParameters(of: network, client: 0, into: &values)
    return values
  }

  private func moments(_ learner: PPO, _ network: Int) -> [Float] {
    var values = [Float](repeating: 0, count: 2 * learner.exchangeableNetworks[network].layout.count)
    learner.copyMoments(of: network, client: 0, into: &values)
    return values
  }

  @Test func networksAndTheirSlices() {
    let shared = learner(trunk: true)
    #expect(shared.clients == 1 && shared.exchangeableNetworks.map(\.name) == ["policy"])
    let size = task.specification.observationSize
    // Trunk, head of 3 logits with mean and deviation, critic.
    #expect(shared.exchangeableNetworks[0].layout.count == (size + 1) * 6 + 7 * 5 + 7 * 3 + 4)
    for part in ["trunk.", "actor.", "critic."] {
      #expect(shared.exchangeableNetworks[0].layout.slices.contains { $0.name.hasPrefix(part) })
    }
    let apart = learner(trunk: false)
    #expect(apart.exchangeableNetworks.map(\.name) == ["policy", "value"])
    #expect(apart.batchSize(of: 0) == 10 && apart.sampleCount(of: 0) == 0)
  }

  /// Parameters and moments that are read can be given to another learner, which then acts and learns alike.
  @Test(arguments: [true, false]) func whatTravelsIsTheWholeModel(trunk: Bool) {
    var first = Trainer(learner(trunk: trunk), in: task)
    for _ in 0..<6 { first.advance() }
    #expect(first.learner.sampleCount(of: 0) == 6)
    #expect(moments(first.learner, 0).contains { $0 != 0 })
    var second = learner(trunk: trunk, seed: 2)
    #expect(numbers(second, 0) != numbers(first.learner, 0))
    for network in second.exchangeableNetworks.indices {
      second.setParameters(of: network, client: 0, to: numbers(first.learner, network))
      second.setMoments(of: network, client: 0, to: moments(first.learner, network))
      #expect(numbers(second, network) == numbers(first.learner, network))
      #expect(moments(second, network) == moments(first.learner, network))
    }
    var third = learner(trunk: trunk, seed: 3)
    third.start(0, like: 0, of: second)
    for network in third.exchangeableNetworks.indices {
      #expect(numbers(third, network) == numbers(second, network))
      #expect(moments(third, network).allSatisfy { $0 == 0 })
    }
    let observations = [Float](repeating: 0.3, count: 5 * task.specification.observationSize)
    #expect(third.values(of: observations) == first.learner.values(of: observations))
  }
}
