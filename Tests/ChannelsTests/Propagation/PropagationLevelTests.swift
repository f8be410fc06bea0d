import CKernels
import Channels
import Tensor
import Testing

@Suite(.serialized) struct PropagationLevelTests {
  @Test func theSameBitsOnEveryLevel() {
    let level = ck_level()
    defer { ck_use_level(level) }
    var first: [UInt32] = []
    for wanted in ProcessorLevel.allCases where wanted <= ProcessorLevel.highest {
      ck_use_level(wanted.rawValue)
      #expect(ProcessorLevel.current == wanted)
      var bits: [UInt32] = []
      for (model, heights) in ScenarioModelTests.models {
        let (distances, _) = LossLinesTests.links(1003, from: 10, to: heights.base == Meters(3) ? 149 : 5000)
        let userHeight = model is UrbanMacro ? Meters(22.5) : heights.user
        let (probabilities, states) = LineOfSightLawTests.draw(
          model.lineOfSightLaw(userHeight: userHeight), distances, RandomStream(seed: 5, purpose: .lineOfSight))
        let losses = LossLinesTests.losses(model.lines(heights: heights, carrier: LossLinesTests.carrier), distances, states)
        bits += (probabilities + losses).map(\.bitPattern) + states.map { UInt32($0.rawValue) }
      }
      if first.isEmpty { first = bits }
      #expect(bits == first, "\(wanted.name)")
    }
  }
}
