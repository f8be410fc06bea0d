import Channels
import Testing

@Suite struct ThermalNoiseTests {
  @Test func oneResourceBlockWithAFigureOfEight() {
    // −174 + 10 log₁₀ 180000 + 8
    let noise = ThermalNoise(figure: Decibels(8)).power(in: Hertz(180e3))
    #expect(abs(noise.value + 113.44727494896694) < 1e-11)
    #expect(abs(Watts(noise).value / 4.521395577e-15 - 1) < 1e-9)
  }

  @Test func bandwidthAndFigureAdd() {
    let narrow = ThermalNoise(densityPerHertz: PowerDBm(-170), figure: Decibels(0)).power(in: Hertz(1))
    #expect(narrow.value == -170)
    let wide = ThermalNoise(densityPerHertz: PowerDBm(-170), figure: Decibels(5)).power(in: Hertz(Gigahertz(0.001)))
    #expect(abs(wide.value + 105) < 1e-12)
  }
}
