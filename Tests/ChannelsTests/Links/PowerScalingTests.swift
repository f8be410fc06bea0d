import Channels
import Tensor
import TestSupport
import Testing

@Suite struct PowerScalingTests {
  private static let kinds: [PowerScaling.Kind] = [
    .init(levels: [1e-9, 4e-8, 2e-10, 3e-7], reference: 0.2), .init(levels: [1e-3, 1.1e-3], reference: 40), .init(levels: [2e-12], reference: 1),
  ]

  private func scaled(_ rule: PowerScaling.Rule) -> [Float] {
    let powers = PowerScalingTests.kinds.flatMap(\.levels)
    var scaled = [Float](repeating: .nan, count: powers.count)
    PowerScaling(rule, kinds: PowerScalingTests.kinds).apply(powers, ends: [4, 6, 7], into: &scaled)
    return scaled
  }

  @Test func rulesHaveTheirNames() {
    #expect(PowerScaling.Rule.allCases.map(\.rawValue) == ["standardized", "db", "linear"])
  }

  @Test func linearNumbersAreMultiplesOfTheReference() {
    for (value, exact) in zip(scaled(.linear), [5e-9, 2e-7, 1e-9, 1.5e-6, 2.5e-5, 2.75e-5, 2e-12]) {
      #expect(abs(Double(value) / exact - 1) < 1e-6)
    }
  }

  @Test func decibelsAreAboveTheReference() {
    // 10 log10 of the ratios above, by hand: 10 log10(5e-9) = -83.0103 and so on.
    for (value, exact) in zip(scaled(.decibels), [-83.0103, -66.9897, -90, -58.23909, -46.0206, -45.60667, -116.9897]) {
      #expect(abs(Double(value) - exact) < 2e-4)
    }
  }

  @Test func standardizedNumbersHaveMeanZeroAndDeviationOne() {
    let first = scaled(.standardized)[0..<4].map { Double($0) }
    #expect(abs(Moments.mean(first)) < 1e-5)
    #expect(abs(Moments.mean(first, power: 2) - 1) < 1e-5)
  }

  @Test func aSpreadBelowThreeDecibelsCountsAsThree() {
    // 0.41393 dB apart: each half of it from the mean, over 3 dB.
    let second = scaled(.standardized)[4..<6].map { Double($0) }
    #expect(abs(second[0] + 0.0689879) < 1e-4 && abs(second[1] - 0.0689879) < 1e-4)
    #expect(abs(scaled(.standardized)[6]) < 1e-4)
  }
}
