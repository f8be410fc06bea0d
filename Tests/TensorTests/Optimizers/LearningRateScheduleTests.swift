import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct LearningRateScheduleTests {
  /// PyTorch's schedulers multiply their way along, so that they drift from the closed forms by some 10⁻¹⁶; a rate is rounded to
  /// single precision, 6 · 10⁻⁸ of it.
  @Test(arguments: [
    (LearningRateSchedule.linear(from: 0.5, to: 0.1, over: 10), OptimizerReference.linearRates),
    (.cosine(from: 0.5, to: 0.1, over: 10), OptimizerReference.cosineRates),
    (.exponential(from: 0.5, factor: 0.9), OptimizerReference.exponentialRates),
    (.steps(from: 0.5, factor: 0.3, every: 4), OptimizerReference.stepsRates),
    (.warmUp(4, from: 0.125, then: .cosine(from: 0.5, to: 0.1, over: 10)), OptimizerReference.warmUpRates),
  ]) func ratesAreThoseOfPyTorch(schedule: LearningRateSchedule, expected: [Double]) {
    for (step, rate) in expected.enumerated() {
      let error = abs(Double(schedule.rate(at: step)) - rate)
      #expect(error < 6.1e-8 * rate, "step \(step)")
    }
  }

  /// Far along, against the C library, which serves as the independent reference here.
  @Test func ratesAreThoseOfTheClosedForms() {
    for step in stride(from: 0, through: 1_000_000, by: 12_345) {
      let t = Double(step)
      let closed: [(LearningRateSchedule, Double)] = [
        (.constant(3e-4), 3e-4),
        (.linear(from: 1e-3, to: 1e-5, over: 1_000_000), 1e-3 - 0.99e-3 * t / 1e6),
        (.cosine(from: 1e-3, to: 1e-5, over: 1_000_000), 1e-5 + 0.99e-3 * (1 + Foundation.cos(Double.pi * t / 1e6)) / 2),
        (.exponential(from: 1e-3, factor: 0.999995), 1e-3 * Foundation.pow(0.999995, t)),
        (.steps(from: 1e-3, factor: 0.5, every: 100_000), 1e-3 * Foundation.pow(0.5, (t / 1e5).rounded(.down))),
      ]
      for (schedule, rate) in closed {
        let error = abs(Double(schedule.rate(at: step)) - rate)
        #expect(error < 6.1e-8 * rate, "\(schedule) at \(step)")
      }
    }
  }

  @Test func theEndIsExactAndStays() {
    for schedule in [LearningRateSchedule.linear(from: 1, to: 0.1, over: 7), .cosine(from: 1, to: 0.1, over: 7)] {
      #expect(schedule.rate(at: 0) == 1 && schedule.rate(at: 6) > 0.1)
      for step in [7, 8, 1 << 40] { #expect(schedule.rate(at: step) == 0.1) }
    }
  }

  @Test func aWarmUpLeadsToTheScheduleBehindIt() {
    let then = LearningRateSchedule.cosine(from: 1, to: 0, over: 8)
    let schedule = LearningRateSchedule.warmUp(4, then: then)
    #expect((0..<4).map(schedule.rate(at:)) == [0, 0.25, 0.5, 0.75])
    for step in 0..<12 { #expect(schedule.rate(at: 4 + step) == then.rate(at: step)) }
    #expect(LearningRateSchedule.warmUp(0, then: then) != then)
    for step in 0..<12 { #expect(LearningRateSchedule.warmUp(0, then: then).rate(at: step) == then.rate(at: step)) }
    // One behind another: the first leads to where the second begins.
    let twice = LearningRateSchedule.warmUp(2, from: 0, then: .warmUp(2, from: 0.5, then: .constant(1)))
    #expect((0..<5).map(twice.rate(at:)) == [0, 0.25, 0.5, 0.75, 1])
  }

  @Test func factorsAtTheEdges() {
    #expect((0..<3).map(LearningRateSchedule.exponential(from: 2, factor: 0).rate(at:)) == [2, 0, 0])
    #expect(LearningRateSchedule.exponential(from: 2, factor: 1).rate(at: 1 << 60) == 2)
    #expect(LearningRateSchedule.exponential(from: 2, factor: 0.5).rate(at: 1 << 60) == 0)
  }

  @Test func settingsWithoutMeaningAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = LearningRateSchedule.constant(1).rate(at: -1) }
    await #expect(processExitsWith: .failure) { _ = LearningRateSchedule.linear(from: 1, to: 0, over: 0).rate(at: 0) }
    await #expect(processExitsWith: .failure) { _ = LearningRateSchedule.steps(from: 1, factor: 0.5, every: 0).rate(at: 0) }
    await #expect(processExitsWith: .failure) { _ = LearningRateSchedule.exponential(from: 1, factor: -0.5).rate(at: 1) }
    await #expect(processExitsWith: .failure) { _ = LearningRateSchedule.warmUp(-1, then: .constant(1)).rate(at: 1) }
  }
}
