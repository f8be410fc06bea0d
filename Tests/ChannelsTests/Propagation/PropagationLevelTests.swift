import Channels
import Tensor
import TestSupport
import Testing

@Suite struct PropagationLevelTests {
  @Test func theSameBitsOnEveryLevel() {
    let levels = EveryLevel.results { () -> [UInt32] in
      var bits: [UInt32] = []
      for (model, heights) in ScenarioModelTests.models {
        let (distances, _) = LossLinesTests.links(1003, from: 10, to: heights.base == Meters(3) ? 149 : 5000)
        let userHeight = model is UrbanMacro ? Meters(22.5) : heights.user
        let (probabilities, states) = LineOfSightLawTests.draw(
          model.lineOfSightLaw(userHeight: userHeight), distances, RandomStream(seed: 5, purpose: .lineOfSight))
        let losses = LossLinesTests.losses(model.lines(heights: heights, carrier: LossLinesTests.carrier), distances, states)
        bits += (probabilities + losses).map(\.bitPattern) + states.map { UInt32($0.rawValue) }
      }
      return bits
    }
    #expect(levels.allSatisfy { $0 == levels[0] })
  }
}
