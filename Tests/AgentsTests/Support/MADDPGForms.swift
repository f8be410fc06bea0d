import Agents

/// Small settings in which every form of MADDPG can be tried.
enum MADDPGForms {
  static let hybrid = ActionSpace(choices: [2, 3], bounds: [-1...1, 2...6])

  static func configuration(_ change: (inout MADDPGConfiguration) -> Void = { _ in }) -> MADDPGConfiguration {
    var configuration = MADDPGConfiguration()
    (configuration.actorWidths, configuration.criticObservationWidth, configuration.criticWidths) = ([17], nil, [18, 9])
    (configuration.batchSize, configuration.randomSteps, configuration.replayCapacity) = (16, 10, 25)
    configuration.maximumGradientNorm = 0.5
    change(&configuration)
    return configuration
  }

  static func refined(_ change: (inout MADDPGConfiguration) -> Void = { _ in }) -> MATD3Configuration {
    var configuration = MATD3Configuration()
    configuration.joint = self.configuration {
      $0.targetChoice = .sampled
      change(&$0)
    }
    return configuration
  }

  /// Hybrid actions with everything that keeps a state or draws numbers.
  static let everything: [@Sendable (inout MADDPGConfiguration) -> Void] = [
    { $0.noise = .ornsteinUhlenbeck() },
    { ($0.sharing, $0.criticSeesAgent, $0.targetChoice) = (.shared, true, .sampled) },
    { ($0.partnerActions, $0.estimator, $0.criticObservationWidth, $0.updateInterval) = (.current, .relaxed, 11, 3) },
  ]
}
