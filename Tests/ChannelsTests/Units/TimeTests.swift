import Channels
import Testing

@Suite struct TimeTests {
  @Test func millisecondsAreThousandths() {
    #expect(Seconds(Milliseconds(250)).value == 0.25)
    #expect(Milliseconds(Seconds(1.5)).value == 1500)
    #expect(Seconds(1) < Seconds(2))
    #expect(Milliseconds(1) < Milliseconds(2))
  }
}
