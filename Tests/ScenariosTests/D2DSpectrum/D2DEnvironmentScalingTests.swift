import Agents
import Scenarios
import Tensor
import TestSupport
import Testing

@Suite struct D2DEnvironmentScalingTests {
  /// Observations of the first slots, every pair on the first block.
  private func observations(slots: Int, _ change: (inout D2DParameters) -> Void) -> [[Float]] {
    var parameters = D2DParameters()
    change(&parameters)
    var environment = D2DEnvironment(parameters, dropSeeds: [1], fadingSeed: 4)
    var batch = StepBatch(for: environment.specification)
    let actions = ActionBatch(for: environment.specification)
    environment.reset(into: &batch)
    var observations = [batch.observations]
    for _ in 1..<slots {
      environment.step(actions, into: &batch)
      observations.append(batch.observations)
    }
    return observations
  }

  @Test(arguments: D2DParameters.CellularGainFeature.allCases)
  func standardizedStatesHaveMeanZeroAndDeviationOne(gain: D2DParameters.CellularGainFeature) {
    let first = observations(slots: 1) {
      $0.pairs = 200
      $0.fading = .none
      $0.cellularGainFeature = gain
    }[0]
    for feature in 0..<3 {
      let values = (0..<200).map { Double(first[$0 * 13 + feature]) }
      #expect(abs(Moments.mean(values)) < 1e-4)
      #expect(abs(Moments.mean(values, power: 2) - 1) < 1e-4)
    }
  }

  @Test func aSpreadBelowThreeDecibelsCountsAsThree() {
    // One pair has no spread: one decibel of fading is a third.
    let scaled = observations(slots: 20) { $0.pairs = 1 }
    let decibels = observations(slots: 20) {
      $0.pairs = 1
      $0.stateScaling = .decibels
    }
    for slot in 1..<20 {
      let slope = (scaled[slot][0] - scaled[0][0]) / (decibels[slot][0] - decibels[0][0])
      #expect(abs(slope - 1 / 3) < 1e-3)
    }
  }

  @Test func decibelsAreThoseOfLinearStates() {
    let decibels = observations(slots: 5) { $0.stateScaling = .decibels }
    let linear = observations(slots: 5) { $0.stateScaling = .linear }
    for slot in 0..<5 {
      for n in 0..<10 {
        for feature in 0..<3 {
          let exact = 10 * Math.log10(Double(linear[slot][n * 13 + feature]))
          #expect(abs(Double(decibels[slot][n * 13 + feature]) - exact) < 1e-3)
        }
      }
    }
  }
}
