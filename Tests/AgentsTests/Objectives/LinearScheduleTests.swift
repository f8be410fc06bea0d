import Agents
import Testing

@Suite struct LinearScheduleTests {
  @Test func itMovesOnALineAndStays() {
    let schedule = LinearSchedule(from: 1, to: 0.5, over: 4)
    #expect((0...6).map { schedule.value(at: $0) } == [1, 0.875, 0.75, 0.625, 0.5, 0.5, 0.5])
    #expect(LinearSchedule(from: 0.4, to: 1, over: 10).value(at: 10) == 1)
    #expect(LinearSchedule(from: 1, to: 0.2, over: 0).value(at: 0) == 0.2)
    #expect(LinearSchedule.constant(0.3).value(at: 7) == 0.3)
  }
}
