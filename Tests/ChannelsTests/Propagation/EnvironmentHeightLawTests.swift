import Channels
import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct EnvironmentHeightLawTests {
  @Test func theLawOfTheNote() {
    let law = EnvironmentHeightLaw(horizontalDistance: Meters(400), userHeight: Meters(22.5))
    let c = pow(0.95, 1.5) * 1.25 * 64 * exp(-400.0 / 150)
    #expect(abs(law.probability(of: Meters(1)) - 1 / (1 + c)) < 1e-14)
    for height in [12.0, 15, 18, 21] {
      #expect(abs(law.probability(of: Meters(height)) - 0.209) < 5e-4)
      #expect(abs(law.probability(of: Meters(height)) - c / (1 + c) / 4) < 1e-14)
    }
    for height in [9.0, 13, 22.5, 24, 27] { #expect(law.probability(of: Meters(height)) == 0) }
  }

  @Test func lowUsersAndShortLinksHaveOneMeter() {
    for (distance, height) in [(400.0, 1.5), (400, 12.9), (400, 13.4), (18, 22.5), (0, 22.5)] {
      let law = EnvironmentHeightLaw(horizontalDistance: Meters(distance), userHeight: Meters(height))
      #expect(law.probabilityOfOneMeter == 1 && law.height(uniform: 0.999999).value == 1)
    }
    // 13.5 m: only 12 m. 16.4 m: still only 12 m; 16.5 m: 12 m and 15 m.
    for (height, others) in [(13.5, 1), (16.4, 1), (16.5, 2), (19.5, 3), (22.5, 4)] {
      #expect(EnvironmentHeightLaw(horizontalDistance: Meters(400), userHeight: Meters(height)).others == others)
    }
  }

  @Test func frequenciesOfDrawsAreTheLaws() {
    let count = 40000
    let distances = Array(repeating: Float(400), count: count)
    let users = Array(repeating: Float(22.5), count: count)
    var heights = Array(repeating: Float(0), count: count)
    var span = heights.mutableSpan
    let stream = RandomStream(seed: 14, purpose: .environmentHeight)
    EnvironmentHeightLaw.draw(horizontalDistances: distances.span, userHeights: users.span, stream: stream, into: &span)
    let c = pow(0.95, 1.5) * 1.25 * 64 * exp(-400.0 / 150)
    let expected = [1 / (1 + c)] + Array(repeating: c / (1 + c) / 4, count: 4)
    let counts = [1, 12, 15, 18, 21].map { height in heights.count { $0 == Float(height) } }
    #expect(counts.reduce(0, +) == count)
    // The quantile of χ² with four degrees of freedom at 10⁻⁶ is 33.4.
    #expect(ChiSquare.statistic(counts, expected: expected.map { $0 * Double(count) }) < 33.4)
  }

  @Test func heightsBelongToTheDrop() {
    func draw(_ step: Int, _ index: Int) -> [Float] {
      var heights = Array(repeating: Float(0), count: 100)
      var span = heights.mutableSpan
      let distances = Array(repeating: Float(400), count: 100)
      let users = Array(repeating: Float(22.5), count: 100)
      let stream = RandomStream(seed: 3, purpose: .environmentHeight, index: index)
      EnvironmentHeightLaw.draw(
        horizontalDistances: distances.span, userHeights: users.span, stream: stream, step: step, into: &span)
      return heights
    }
    #expect(draw(0, 0) == draw(0, 0) && draw(0, 0) != draw(1, 0) && draw(0, 0) != draw(0, 1))
  }

  @Test func distancesAndPurposeAreChecked() async {
    await #expect(processExitsWith: .failure) {
      _ = EnvironmentHeightLaw(horizontalDistance: Meters(-1), userHeight: Meters(20))
    }
    await #expect(processExitsWith: .failure) {
      var heights = [Float(0)]
      var span = heights.mutableSpan
      EnvironmentHeightLaw.draw(
        horizontalDistances: [Float(400)].span, userHeights: [Float(20)].span, stream: RandomStream(seed: 1, purpose: .fading), into: &span)
    }
  }
}
