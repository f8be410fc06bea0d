import Channels
import Testing

@Suite struct SpeedOfLightTests {
  @Test func bothValuesAndTheirWavelengths() async {
    #expect(SpeedOfLight.exact.value == 299_792_458 && SpeedOfLight.rounded.value == 3e8)
    #expect(SpeedOfLight.rounded.wavelength(of: Hertz(Gigahertz(3))).value == 0.1)
    await #expect(processExitsWith: .failure) { _ = SpeedOfLight(metersPerSecond: 0) }
  }
}
