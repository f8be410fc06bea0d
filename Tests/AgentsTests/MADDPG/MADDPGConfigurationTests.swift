import Testing

@testable import Agents

@Suite struct MADDPGConfigurationTests {
  /// Table II and Section V of Li and Guo (2020).
  @Test func defaultsAreThoseOfLiAndGuo() {
    let configuration = MADDPGConfiguration.liGuo
    #expect((configuration.actorWidths, configuration.criticWidths) == ([512, 128], [512, 256]))
    #expect(configuration.criticObservationWidth == 1024)
    #expect((configuration.discount, configuration.polyak, configuration.batchSize) == (0.95, 0.01, 64))
  }

  /// The arguments and constants of openai/maddpg.
  @Test func loweIsOpenAIsProgram() {
    let configuration = MADDPGConfiguration.lowe
    #expect((configuration.actorWidths, configuration.criticWidths) == ([64, 64], [64, 64]))
    #expect(configuration.criticObservationWidth == nil)
    #expect((configuration.actorLearningRate, configuration.criticLearningRate) == (0.01, 0.01))
    #expect((configuration.discount, configuration.polyak, configuration.batchSize) == (0.95, 0.01, 1024))
    #expect((configuration.updateInterval, configuration.minimumTransitions, configuration.randomSteps) == (100, 25_600, 0))
    #expect((configuration.logitPenalty, configuration.maximumGradientNorm) == (1e-3, 0.5))
    #expect((configuration.estimator, configuration.targetChoice, configuration.partnerActions) == (.relaxed, .sampled, .replay))
  }
}
