import Testing

@testable import Agents

@Suite struct MADDPGSetupTests {
  /// Products counted by hand: three agents, 18 observations, 5 choices, 64 × 64.
  @Test func productsAreCounted() {
    var configuration = MADDPGConfiguration.lowe
    configuration.batchSize = 1
    let specification = EnvironmentSpecification(copies: 1, agents: 3, observationSize: 18, actions: .discrete(5))
    let joint = 54 * 64
    let deep = 64 * 64 + 64
    let policy = 18 * 64 + 64 * 64 + 64 * 5
    let critic = 3 * (joint + deep) + deep
    let through = joint + deep + 5 * 64 + deep + 5 * 64
    func counted(_ configuration: MADDPGConfiguration, _ twins: TwinRefinements? = nil, _ space: ActionSpace = .discrete(5)) -> Double {
      var specification = specification
      specification.actions = space
      return MADDPGSetup(configuration, twins: twins, for: specification, proximity: nil, named: "test").productsPerUpdate
    }
    #expect(counted(configuration) == Double(6 * (critic + through + 4 * policy - 18 * 64)))
    let delayed = TwinRefinements(smoothingDeviation: 0, smoothingBound: 0, policyDelay: 2)
    #expect(counted(configuration, delayed) == Double(6 * (2 * critic + policy + (through + 3 * policy - 18 * 64) / 2)))
    // Two numbers instead of the choice.
    let (numbers, head) = (6 * 64, 18 * 64 + 64 * 64 + 64 * 2)
    let expected = 3 * (joint + numbers + deep) + deep + (joint + numbers + deep + deep + 2 * 64) + 4 * head - 18 * 64
    #expect(counted(configuration, nil, .continuous(-1...1, -1...1)) == Double(6 * expected))
    // The values of all five choices, and no way back through the critic.
    var expecting = configuration
    expecting.estimator = .expected
    #expect(counted(expecting) == Double(6 * (critic + joint + 5 * deep + 4 * policy - 18 * 64)))
    expecting.criticTellsChoices = true
    let wide = deep + 4 * 64
    #expect(counted(expecting) == Double(6 * (3 * (joint + wide) + wide + joint + wide + 4 * policy - 18 * 64)))
    configuration.partnerActions = .current
    #expect(counted(configuration) == Double(6 * (critic + through + 5 * policy - 18 * 64)))
  }

  @Test func sharedNetworksServeAll() {
    var configuration = MADDPGConfiguration.lowe
    let specification = EnvironmentSpecification(copies: 1, agents: 3, observationSize: 18, actions: .discrete(5))
    func setup() -> MADDPGSetup { MADDPGSetup(configuration, twins: nil, for: specification, proximity: nil, named: "test") }
    #expect(setup().served == [0..<1, 1..<2, 2..<3] && setup().rows == 1024 && (0..<3).map(setup().networks) == [0, 1, 2])
    configuration.sharing = .shared
    #expect(setup().served == [0..<3] && setup().rows == 3072 && (0..<3).map(setup().networks) == [0, 0, 0])
  }
}
