import Agents
import CAllocations
import Tensor
import TestSupport
import Testing

@testable import Federation

/// Federations of learners of the package: independent agents of MADDPG whose critics see nobody else, and learners one an agent.
@Suite struct FederatedMADDPGTests {
  private static var setting: MADDPGConfiguration {
    var configuration = MADDPGConfiguration()
    (configuration.actorWidths, configuration.criticObservationWidth, configuration.criticWidths) = ([12], nil, [13, 7])
    (configuration.batchSize, configuration.randomSteps, configuration.replayCapacity, configuration.neighbours) = (16, 5, 40, 0)
    return configuration
  }

  private static let order = [[0, 1, 2], [1, 0, 2], [2, 0, 1]]

  private func trainer(
    threads: Int = 1, _ change: (inout FederationConfiguration) -> Void = { _ in }
  ) -> Trainer<AgentProbe, FederatedLearner<MADDPG>> {
    var configuration = FederationConfiguration()
    configuration.roundSteps = 10
    change(&configuration)
    let task = AgentProbe(.coupling, agents: 3, copies: 2, seed: 1)
    let base = MADDPG(Self.setting, for: task.specification, proximity: Self.order, seed: 2, threads: threads)
    return Trainer(FederatedLearner(base, configuration, seed: 3, threads: threads), in: task)
  }

  private func numbers(_ learner: some ExchangeableLearner, _ network: Int, _ client: Int) -> [Float] {
    var values = [Float](repeating: 0, count: learner.exchangeableNetworks[network].layout.count)
    learner.copyParameters(of: network, client: client, into: &values)
    return values
  }

  private func moments(_ learner: some ExchangeableLearner, _ network: Int, _ client: Int) -> [Float] {
    var values = [Float](repeating: 0, count: 2 * learner.exchangeableNetworks[network].layout.count)
    learner.copyMoments(of: network, client: client, into: &values)
    return values
  }

  /// Behind a round the bodies of all actors are the mean of what they were, heads and moments are each client's own, and critics are equal.
  @Test func headsAndMomentsStayLocal() {
    var federated = trainer { $0.part = .everything(but: [.lastLayer(of: "actor")]) }
    // The same until the first round, which never comes.
    var alone = trainer { $0.roundSteps = 1000 }
    for _ in 0..<10 {
      federated.advance()
      alone.advance()
    }
    let layout = alone.learner.base.actor.layout
    let body = layout.slices.first { $0.name == "layer1.weights" }!.offset
    let (together, apart) = (federated.learner.base, alone.learner.base)
    #expect(federated.learner.rounds == 1 && together.updates == apart.updates && together.updates > 0)
    let actors = (0..<3).map { numbers(apart, 0, $0) }
    #expect(actors[0] != actors[1])
    for client in 0..<3 {
      let actor = numbers(together, 0, client)
      for place in 0..<body {
        let mean = (Double(actors[0][place]) + Double(actors[1][place]) + Double(actors[2][place])) / 3
        #expect(abs(Double(actor[place]) - mean) <= 0x1p-24 * abs(mean) + 1e-12)
      }
      #expect(Array(actor[..<body]) == Array(numbers(together, 0, 0)[..<body]))
      #expect(Array(actor[body...]) == Array(actors[client][body...]))
      #expect(numbers(together, 1, client) == numbers(together, 1, 0))
      for network in 0..<2 { #expect(moments(together, network, client) == moments(apart, network, client)) }
      // Targets are not averaged.
      #expect(together.executed(copies: 1).parameters[client].values == apart.executed(copies: 1).parameters[client].values)
    }
    let bodies = Set((0..<3).map { Array(numbers(together, 0, $0)[body...]) })
    #expect(bodies.count == 3)
    #expect(moments(together, 0, 0) != moments(together, 0, 1))
  }

  @Test func momentsTravelIfTheyAreTold() {
    var trainer = trainer { $0.moments = .averaged }
    for _ in 0..<10 { trainer.advance() }
    let base = trainer.learner.base
    for network in 0..<2 {
      #expect(moments(base, network, 0) == moments(base, network, 1) && moments(base, network, 0) == moments(base, network, 2))
      #expect(moments(base, network, 0).contains { $0 != 0 })
    }
    for _ in 0..<3 { trainer.advance() }
    #expect(numbers(trainer.learner.base, 0, 0) != numbers(trainer.learner.base, 0, 1))
  }

  @Test func clientsBeginWithEqualNetworksAndTargets() {
    for commonStart in [true, false] {
      let base = trainer { $0.commonStart = commonStart }.learner.base
      #expect((numbers(base, 0, 0) == numbers(base, 0, 2)) == commonStart && (numbers(base, 1, 0) == numbers(base, 1, 1)) == commonStart)
      let targets = base.executed(copies: 1).parameters
      #expect((targets[0].values == targets[1].values) == commonStart)
    }
  }

  @Test func aRestoredRunGoesOnAndThreadsChangeNoBit() throws {
    func make(_ threads: Int) -> Trainer<AgentProbe, FederatedLearner<MADDPG>> {
      trainer(threads: threads) {
        $0.part = .everything(but: [.lastLayer(of: "actor")])
        ($0.participation.dropout, $0.participation.lateness, $0.participation.late) = (0.2, 0.3, .refused)
      }
    }
    var whole = make(1)
    for _ in 0..<45 { whole.advance() }
    let expected = try savedBytes(whole)
    for steps in [10, 20, 30, 33] {
      var (first, second) = (make(3), make(2))
      for _ in 0..<steps { first.advance() }
      try restore(&second, from: savedBytes(first))
      for _ in steps..<45 { second.advance() }
      #expect(try savedBytes(second) == expected, "saved after \(steps) steps")
    }
  }

  /// A copy of a federation goes its own way.
  @Test func copiesAreValues() throws {
    var original = trainer()
    for _ in 0..<15 { original.advance() }
    var copy = original
    for _ in 0..<10 { copy.advance() }
    for _ in 0..<10 { original.advance() }
    #expect(try savedBytes(copy) == savedBytes(original))
  }

  @Test func betweenRoundsAStepTakesNoMemory() {
    var trainer = trainer { $0.roundSteps = 50 }
    for _ in 0..<60 { trainer.advance() }
    allocations_watch()
    for _ in 0..<30 { trainer.advance() }
    #expect(Int(allocations_seen().requests) == 0)
  }

  /// One learner an agent: the same federation from learners that know nothing of each other.
  @Test func independentLearnersAreClients() throws {
    let task = AgentProbe(.coupling, agents: 3, copies: 2, seed: 1)
    var configuration = FederationConfiguration()
    configuration.roundSteps = 10
    let base = IndependentLearners(for: task.specification, seed: 2) { sizes, seed, _ in MADDPG(Self.setting, for: sizes, seed: seed) }
    #expect(base.clients == 3 && base.batchSize(of: 1) == 16)
    var trainer = Trainer(FederatedLearner(base, configuration, seed: 3), in: task)
    for _ in 0..<10 { trainer.advance() }
    let learners = trainer.learner.base.learners
    #expect(learners.allSatisfy { $0.updates > 0 && $0.sampleCount(of: 0) == 20 })
    for network in 0..<2 {
      #expect(numbers(learners[0], network, 0) == numbers(learners[1], network, 0))
      #expect(numbers(trainer.learner.base, network, 2) == numbers(learners[0], network, 0))
      #expect(moments(learners[0], network, 0) != moments(learners[1], network, 0))
    }
    trainer.advance()
    #expect(numbers(trainer.learner.base, 0, 0) != numbers(trainer.learner.base, 0, 1))
  }
}
