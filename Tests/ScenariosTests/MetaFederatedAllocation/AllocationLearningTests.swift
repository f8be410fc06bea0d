import Agents
import Testing

@testable import Scenarios

@Suite struct AllocationLearningTests {
  /// The page's count for ten subchannels and twelve observations, and that of the network itself.
  @Test func parametersOfAModel() {
    let learning = AllocationLearning()
    #expect(learning.parameters(observation: 12, subchannels: 10) == 174_093)
    let environment = AllocationEnvironment(seed: 0)
    let sizes = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 12, actions: environment.specification.actions)
    let learner = PPO(learning.configuration(rate: 3e-4, steps: 100, passes: 2), for: sizes, seed: 0)
    #expect(learner.exchangeableNetworks.map(\.layout.count) == [174_093])
  }

  @Test func regimes() {
    var learning = AllocationLearning()
    #expect(learning.rates == (3e-4, 1.5e-4))
    learning.regime = .printed
    #expect(learning.rates == (1e-6, 5e-7))
  }

  @Test func ppoIsThatOfThePaper() {
    let learning = AllocationLearning()
    let configuration = learning.configuration(rate: 3e-4, steps: 100, passes: 2)
    #expect(
      configuration.networks.trunkWidths == [512, 256] && configuration.networks.actorWidths.isEmpty && configuration.networks.criticWidths == [128])
    #expect(configuration.minibatchSize == 256 && configuration.discount == 0.9 && configuration.trace == 0.98)
    #expect(configuration.valueCoefficient == 0.5 && configuration.entropyCoefficient == 0.01 && configuration.epsilon == 1e-8)
    #expect(configuration.regression == .returns)
    var other = learning
    other.critic = .equation17
    #expect(other.configuration(rate: 3e-4, steps: 100, passes: 2).regression == .undiscountedStep)
  }

  @Test func contradictions() {
    var learning = AllocationLearning()
    #expect(learning.contradiction == nil)
    learning.roundEpisodes = 7
    #expect(learning.contradiction?.contains("roundEpisodes") == true)
    learning = AllocationLearning()
    learning.episodes = 15
    #expect(learning.contradiction?.contains("episodes") == true)
  }

  /// A model depends on what trains it, and on nothing of the adaptation.
  @Test func whatDecidesAboutAModel() {
    func setting(_ change: (inout AllocationParameters, inout AllocationLearning) -> Void) -> AllocationMetaTraining.Setting {
      var (system, learning) = (AllocationParameters(), AllocationLearning())
      change(&system, &learning)
      return AllocationMetaTraining.Setting(system, learning, seed: 3)
    }
    let plain = setting { _, _ in }
    let same = setting { system, learning in
      (system.scenario, system.users, system.redrops, system.episodeMilliseconds) = (.rural, 2, false, 50)
      (learning.learningRate, learning.episodes, learning.passes, learning.testDrops) = (0.1, 10, 7, 1)
    }
    #expect(same == plain && plain.system.scenario == .urbanMicro)
    let changes: [(inout AllocationParameters, inout AllocationLearning) -> Void] = [
      { $1.metaLearningRate = 0.1 }, { $1.metaEpisodes = 7 }, { $1.metaPasses = 1 }, { $1.regime = .printed }, { $1.discount = 0 },
      { $1.firstHidden = 3 }, { system, _ in system.agentIndex = true }, { system, _ in system.gains = .decibels },
      { system, _ in system.fingerprint = false }, { system, _ in system.loss = .standard }, { system, _ in system.powerMap = .milliwatts },
    ]
    for (index, change) in changes.enumerated() { #expect(setting(change) != plain, "change \(index)") }
    #expect(AllocationMetaTraining.Setting(AllocationParameters(), AllocationLearning(), seed: 4) != plain)
  }

  /// The base station's model learns from the 14 users of an episode: it changes, the same way each time.
  @Test func metaTraining() {
    var learning = AllocationLearning()
    (learning.metaEpisodes, learning.firstHidden, learning.secondHidden, learning.criticHidden) = (2, 8, 6, 4)
    let setting = AllocationMetaTraining.Setting(AllocationParameters(), learning, seed: 3)
    var (first, second) = (AllocationMetaTraining(setting), AllocationMetaTraining(setting))
    let fresh = first.model
    while !first.isFinished {
      first.advance()
      second.advance()
    }
    #expect(first.episodes == 2 && first.model.rewards.count == 6)
    #expect(first.model.parameters == second.model.parameters && first.model.parameters != fresh.parameters)
    #expect(first.model.rewards.allSatisfy { $0 >= -1 })
  }
}
