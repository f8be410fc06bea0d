import Testing

@testable import Scenarios

@Suite struct LearningCurveTests {
  /// Nothing for some slots, then one.
  static func step(at slots: Int, count: Int = 200) -> [Double] { (0..<count).map { $0 < slots ? 0 : 1 } }

  private func settlingSlot(_ gains: [Double]) -> Int? { LearningCurve(seed: 0, gains: gains).settlingSlot }

  @Test func curvesSettleWhereTheyShould() {
    // Eighteen of twenty slots must be ones.
    #expect(settlingSlot(Self.step(at: 40)) == 58)
    #expect(settlingSlot(Self.step(at: 0)) == 20)
    #expect(settlingSlot(Self.step(at: 2)) == 20)
    #expect(settlingSlot(Self.step(at: 3)) == 21)
    // A ramp of 1 % a slot: the mean of the last twenty is (t − 9.5) / 100.
    #expect(settlingSlot((1...400).map { Double(min($0, 100)) / 100 }) == 100)
    // The end is the mean of the last quarter: a step from 1 to 2 at slot 301 of 400.
    #expect(settlingSlot((0..<400).map { $0 < 300 ? 1 : 2 }) == 316)
    #expect(settlingSlot(Self.step(at: 0, count: 80)) == 20)
  }

  @Test func curvesThatGainNothingOrAreShortNeverSettle() {
    #expect(settlingSlot(Array(repeating: 0, count: 200)) == nil)
    #expect(settlingSlot(Array(repeating: -1, count: 200)) == nil)
    #expect(settlingSlot(Self.step(at: 0).map { 1 - $0 * 2 }) == nil)
    #expect(settlingSlot(Self.step(at: 0, count: 79)) == nil)
    #expect(settlingSlot([]) == nil)
  }

  @Test func theEndIsTheLastQuarter() {
    #expect(LearningCurve(seed: 0, gains: [9, 9, 9, 9, 9, 9, 2, 4]).finalGain == 3)
    #expect(LearningCurve(seed: 0, gains: [9, 9, 9, 9, 9, 9, 4]).finalGain == 4)
    #expect(LearningCurve(seed: 0, gains: [9, 4]).finalGain == 4)
    #expect(LearningCurve(seed: 0, gains: []).finalGain.isNaN)
  }

  private func curve(_ seed: Int, _ values: [Double], from first: Int = 1) -> MetricCurve {
    MetricCurve(seed: seed, steps: Array(first..<(first + values.count)), values: values)
  }

  @Test func gainsArePairedSlotBySlot() {
    let curves = [curve(0, [5, 7, 9]), curve(1, [5, 7]), curve(2, [5, 7])]
    // A yardstick is measured for longer; of seed 2 it was not.
    let references = [curve(0, [1, 2, 3, 100, 100]), curve(1, [2])]
    let gains = LearningCurve.gains(of: curves, over: references)
    #expect(gains == [LearningCurve(seed: 0, gains: [4, 5, 6]), LearningCurve(seed: 1, gains: [3])])
    #expect(LearningCurve.gains(of: curves, over: []).isEmpty)
    // Slots that are not the same are not compared.
    #expect(LearningCurve.gains(of: curves, over: [curve(0, [1, 1, 1], from: 2)]).isEmpty)
  }

  @Test func allSeedsCount() {
    let curves = [LearningCurve(seed: 1, gains: Self.step(at: 40)), LearningCurve(seed: 4, gains: Self.step(at: 300))]
    #expect(curves.settlingSlots == [1: 58, 4: 200])
    #expect(curves.lossNote("X") == "X ended without a gain in 1 of 2 seeds, which count with their whole length.")
    #expect(Array(curves.prefix(1)).lossNote("X").isEmpty && [LearningCurve]().settlingSlots.isEmpty)
    #expect(curves.tooShort(threshold: 60) == nil)
    let short = (curves + [LearningCurve(seed: 5, gains: Self.step(at: 0, count: 79))]).tooShort(threshold: 60)
    #expect(short?.verdict == .inconclusive && short?.seeds == 3 && short?.threshold == 60)
    #expect(short?.note == "At least 80 learning slots are needed to tell where a curve ends.")
  }

  @Test func fluctuationsOverTheSameSlots() {
    // ±1 in four slots: √(4 / 3); what lies before and behind does not count.
    let curves = [LearningCurve(seed: 0, gains: [50, 1, -1, 1, -1, 50]), LearningCurve(seed: 2, gains: [50, 3, -3, 3, -3])]
    let both = curves.fluctuation(over: 1..<5)
    #expect(both.seeds == [0, 2])
    for (value, size) in zip(both.values, [1.0, 3]) { #expect(abs(value - size * (4.0 / 3).squareRoot()) < 1e-14) }
    #expect(curves.fluctuation(over: 1..<6).seeds == [0])
  }
}
