import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct UpdateScheduleTests {
  /// The updates that are made after each of so many steps.
  private func updates(_ schedule: inout UpdateSchedule, steps: Int) -> [Int] {
    (0..<steps).map { _ in
      schedule.step()
      var count = 0
      while schedule.next() { count += 1 }
      return count
    }
  }

  @Test func updatesFollowTheRandomPhase() {
    var each = UpdateSchedule(randomSteps: 3, interval: 1, updates: 1)
    #expect(each.isWarmingUp)
    let first = updates(&each, steps: 6)
    #expect(first == [0, 0, 0, 1, 1, 1] && !each.isWarmingUp && each.steps == 6)
    var third = UpdateSchedule(randomSteps: 2, interval: 3, updates: 2)
    let second = updates(&third, steps: 9)
    #expect(second == [0, 0, 0, 0, 2, 0, 0, 2, 0])
    var atOnce = UpdateSchedule(randomSteps: 0, interval: 1, updates: 1)
    #expect(!atOnce.isWarmingUp)
    let last = updates(&atOnce, steps: 2)
    #expect(last == [1, 1])
  }

  @Test func whatIsDueIsSaved() throws {
    var schedule = UpdateSchedule(randomSteps: 1, interval: 2, updates: 5)
    for _ in 0..<3 { schedule.step() }
    let two = schedule.next() && schedule.next()
    #expect(two)
    let saved = try SavedLearner(&schedule)
    var other = UpdateSchedule(randomSteps: 1, interval: 2, updates: 5)
    try saved.restore(&other)
    #expect(other.steps == 3)
    var left = 0
    while other.next() { left += 1 }
    #expect(left == 3)
  }
}
