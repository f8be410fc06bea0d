import Channels
import Testing

@Suite struct UplinkScenarioTests {
  private let carrier = Hertz(Gigahertz(6))

  private func loss(_ scenario: UplinkScenario, _ formula: UplinkScenario.LossFormula, at distance: Double) -> Double {
    var cell = UplinkCell()
    cell.scenario = scenario
    return scenario.loss(at: distance, formula, heights: cell.heights, carrier: carrier).value
  }

  /// Eq. 1 at slant distances: both antennas at one height.
  @Test(arguments: zip([10, 35, 100, 500.0], [77.963025, 94.285066, 107.963025, 128.932125]))
  func equation1(distance: Double, expected: Double) {
    let heights = LinkHeights(base: Meters(1.5), user: Meters(1.5))
    for scenario in UplinkScenario.allCases {
      let loss = scenario.loss(at: distance, .equation1, heights: heights, carrier: carrier).value
      #expect(abs(loss - expected) < 1e-6)
    }
  }

  /// At half the side of the square, from the page.
  @Test func lossesAtTheEdge() {
    let expected: [(UplinkScenario, Double, standard: Double, equation1: Double)] = [
      (.indoor, 25, 90.246955, 89.924635), (.urbanMicro, 100, 109.629804, 108.009922), (.urbanMacro, 250, 122.889175, 119.958534),
      (.rural, 866, 132.695209, 136.098303),
    ]
    for (scenario, distance, standard, equation1) in expected {
      #expect(scenario.sideMeters == 2 * distance)
      #expect(abs(loss(scenario, .standard, at: distance) - standard) < 1e-6)
      #expect(abs(loss(scenario, .equation1, at: distance) - equation1) < 1e-6)
    }
  }

  /// Users may stand nearer than the standard allows: 1 m is a number, not a failure.
  @Test func nearUsersHaveALoss() {
    for scenario in UplinkScenario.allCases {
      for formula in UplinkScenario.LossFormula.allCases {
        let near = loss(scenario, formula, at: 1)
        #expect(near.isFinite && near < loss(scenario, formula, at: 20))
      }
    }
  }

  /// TR 38.901, Table 7.4.1-1.
  @Test func deviations() {
    #expect(UplinkScenario.allCases.map { $0.shadowingDB(.equation1) } == [8.29, 8.2, 7.8, 8])
    #expect(UplinkScenario.allCases.map { $0.shadowingDB(.standard) } == [8.03, 7.82, 6, 8])
    #expect(UplinkScenario.allCases.map(\.abbreviation) == ["InH", "UMi", "UMa", "RMa"])
    #expect(UplinkScenario.allCases.map(\.noiseDensityDBmPerHertz) == [-160, -170, -180, -185])
    #expect(UplinkScenario.allCases.map(\.baseHeightMeters) == [3, 10, 25, 35])
  }
}
