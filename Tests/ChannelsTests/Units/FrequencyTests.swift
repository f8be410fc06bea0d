import Channels
import Testing

@Suite struct FrequencyTests {
  @Test func gigahertzAreBillionsOfHertz() {
    #expect(Hertz(Gigahertz(2)).value == 2e9)
    #expect(Gigahertz(Hertz(3.5e9)).value == 3.5)
    #expect(Hertz(180e3) < Hertz(Gigahertz(1)))
    #expect(Gigahertz(1) < Gigahertz(2))
  }
}
