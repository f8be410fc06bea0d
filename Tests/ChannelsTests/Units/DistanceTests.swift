import Channels
import Testing

@Suite struct DistanceTests {
  @Test func kilometersAreThousandsOfMeters() {
    #expect(Meters(Kilometers(0.5)).value == 500)
    #expect(Kilometers(Meters(250)).value == 0.25)
    #expect(Meters(1) < Meters(2))
    #expect(Kilometers(0.1) < Kilometers(0.2))
  }
}
