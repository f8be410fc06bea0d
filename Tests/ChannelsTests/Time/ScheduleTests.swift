import CAllocations
import Channels
import Testing

@Suite struct ScheduleTests {
  /// Fading in every slot, the slow components every 100.
  let schedule = Schedule(
    slot: Milliseconds(1),
    [.fading: .everySlot, .pathLoss: .every(100), .lineOfSight: .once, .shadowing: .every(100), .mobility: .every(20)])

  private func names(_ slot: Int) -> [[Int]] { schedule.updates(in: slot).map { [$0.component.rawValue, $0.step] } }

  @Test func slotsUpdateWhatIsDueInTheOrderOfTheComponents() {
    #expect(names(0) == [[1, 0], [2, 0], [3, 0], [4, 0], [5, 0]])
    #expect(names(1) == [[5, 1]])
    #expect(names(19) == [[5, 19]])
    #expect(names(20) == [[1, 1], [5, 20]])
    #expect(names(100) == [[1, 5], [3, 1], [4, 1], [5, 100]])
    #expect(names(1_000_000) == [[1, 50000], [3, 10000], [4, 10000], [5, 1_000_000]])
  }

  @Test func stepsOfAComponentAreCountedWithoutGaps() {
    let all: [ScheduledComponent] = [.mobility, .lineOfSight, .pathLoss, .shadowing, .fading]
    var next = [0, 0, 0, 0, 0]
    for slot in 0..<1000 {
      let updates = Array(schedule.updates(in: slot))
      for (place, component) in all.enumerated() {
        let update = updates.first { $0.component == component }
        #expect(update?.step == schedule.step(of: component, in: slot))
        if let update {
          #expect(update.step == next[place])
          next[place] += 1
        }
        #expect(schedule.currentStep(of: component, in: slot) == next[place] - 1)
      }
    }
    #expect(next == [50, 1, 10, 10, 1000])
  }

  @Test func intervalsAreWholeSlots() {
    #expect(schedule.interval(of: .pathLoss)?.value == 0.1)
    #expect(schedule.interval(of: .mobility)?.value == 0.02)
    #expect(schedule.interval(of: .lineOfSight) == nil)
    #expect(schedule.interval(of: .traffic) == nil)
    #expect(schedule.period(of: .lineOfSight) == .once)
  }

  @Test func whatIsMissingIsNeverUpdated() {
    #expect(schedule.step(of: .traffic, in: 0) == nil)
    #expect(schedule.currentStep(of: .traffic, in: 7) == nil)
    #expect(Array(Schedule(slot: Milliseconds(1), [:]).updates(in: 0)).isEmpty)
  }

  @Test func packsAddComponentsOfTheirOwn() {
    let tasks = ScheduledComponent(rawValue: 1001)
    let schedule = Schedule(slot: Milliseconds(0.5), [tasks: .every(2), .fading: .everySlot])
    #expect(schedule.updates(in: 2).map(\.component) == [.fading, tasks])
    #expect(schedule == Schedule(slot: Milliseconds(0.5), [.fading: .every(1), tasks: .every(2)]))
  }

  @Test func askingTakesNoMemory() {
    let schedule = schedule
    var sum = 0
    for update in schedule.updates(in: 0) { sum += update.step }
    allocations_watch()
    for slot in 0..<1000 {
      for update in schedule.updates(in: slot) { sum += update.step }
    }
    #expect(allocations_seen().requests == 0)
    #expect(sum > 0)
  }

  @Test func refusesWhatHasNoMeaning() async {
    await #expect(processExitsWith: .failure) { _ = Schedule(slot: Milliseconds(0), [:]) }
    await #expect(processExitsWith: .failure) { _ = Schedule(slot: Milliseconds(1), [.fading: .every(0)]) }
    await #expect(processExitsWith: .failure) { _ = Schedule(slot: Milliseconds(1), [.fading: .once, .fading: .everySlot]) }
    await #expect(processExitsWith: .failure) { _ = Schedule(slot: Milliseconds(1), [:]).updates(in: -1) }
  }
}
