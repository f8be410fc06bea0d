import Tensor
import Testing

@testable import Agents

/// What federated clients read and write: networks and moments, of one client and no other.
@Suite struct MADDPGExchangeTests {
  private func trained(_ change: (inout MADDPGConfiguration) -> Void = { _ in }, seed: UInt64 = 3) -> MADDPG {
    let task = MixedTask(.discrete(4), agents: 3, copies: 2)
    let order = [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    var trainer = Trainer(MADDPG(MADDPGForms.configuration(change), for: task.specification, proximity: order, seed: seed), in: task)
    for _ in 0..<15 { trainer.advance() }
    return trainer.learner
  }

  private func array(_ tensor: Tensor) -> [Float] { (0..<tensor.count).map { tensor[$0] } }

  @Test func aClientIsItsActorAndCritic() {
    let learner = trained { $0.neighbours = 0 }
    #expect(learner.clients == 3 && learner.exchangeableNetworks.map(\.name) == ["actor", "critic"])
    #expect(learner.batchSize(of: 2) == 16 && learner.sampleCount(of: 0) == 25)
    for client in 0..<3 {
      let networks = learner.networks[client]
      for (index, parameters) in [networks.actor, networks.critic].enumerated() {
        var values = [Float](repeating: 0, count: parameters.count)
        learner.copyParameters(of: index, client: client, into: &values)
        #expect(values == array(parameters.values) && learner.exchangeableNetworks[index].layout == parameters.layout)
      }
    }
  }

  @Test func whatIsSetIsReadAndNothingElseMoves() {
    let before = trained()
    for (client, network) in [(0, 1), (2, 0)] {
      var learner = before
      let count = learner.exchangeableNetworks[network].layout.count
      let (values, moments) = ((0..<count).map { Float($0) }, (0..<(2 * count)).map { Float($0) / 7 })
      learner.setParameters(of: network, client: client, to: values)
      learner.setMoments(of: network, client: client, to: moments)
      for other in 0..<3 {
        for index in 0..<2 {
          let size = learner.exchangeableNetworks[index].layout.count
          var (read, first) = ([Float](repeating: 0, count: size), [Float](repeating: 0, count: size))
          learner.copyParameters(of: index, client: other, into: &read)
          before.copyParameters(of: index, client: other, into: &first)
          var (readMoments, firstMoments) = ([Float](repeating: 0, count: 2 * size), [Float](repeating: 0, count: 2 * size))
          learner.copyMoments(of: index, client: other, into: &readMoments)
          before.copyMoments(of: index, client: other, into: &firstMoments)
          let isChanged = other == client && index == network
          #expect(read == (isChanged ? values : first) && readMoments == (isChanged ? moments : firstMoments))
        }
        #expect(learner.networks[other].targetActor.values == before.networks[other].targetActor.values)
        #expect(learner.networks[other].targetCritic.values == before.networks[other].targetCritic.values)
        #expect(learner.networks[other].actorOptimizer.step == before.networks[other].actorOptimizer.step)
      }
    }
  }

  @Test func aClientStartsLikeAnother() {
    let (source, before) = (trained(seed: 4), trained(seed: 5))
    var learner = before
    learner.start(1, like: 2, of: source)
    let (given, taken) = (source.networks[2], learner.networks[1])
    #expect(taken.actor.values == given.actor.values && taken.critic.values == given.critic.values)
    #expect(taken.targetActor.values == given.targetActor.values && taken.targetCritic.values == given.targetCritic.values)
    #expect(
      learner.networks[0].actor.values == before.networks[0].actor.values && learner.networks[2].critic.values == before.networks[2].critic.values)
  }

  @Test func sharedNetworksAreOneClient() {
    let learner = trained { $0.sharing = .shared }
    #expect(learner.clients == 1 && learner.batchSize(of: 0) == 48 && learner.sampleCount(of: 0) == 75)
  }
}
