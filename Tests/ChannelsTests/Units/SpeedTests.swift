import Channels
import Testing

@Suite struct SpeedTests {
  @Test func kilometersPerHourAreConverted() {
    #expect(MetersPerSecond(KilometersPerHour(36)).value == 10)
    #expect(KilometersPerHour(MetersPerSecond(10)).value == 36)
    #expect(MetersPerSecond(1) < MetersPerSecond(2))
    #expect(KilometersPerHour(1) < KilometersPerHour(2))
  }

  @Test func speedTimesTimeIsAWay() {
    #expect((MetersPerSecond(3) * Seconds(0.5)).value == 1.5)
  }
}
