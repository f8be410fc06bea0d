import Channels
import Testing

@Suite struct PowerTests {
  @Test func levelsAndWattsAgree() {
    // 10^1.6 and 10^(−1.7).
    #expect(abs(Watts(PowerDBm(46)).value / 39.810717055349725 - 1) < 1e-14)
    #expect(abs(Watts(PowerDBm(13)).value / 0.0199526231496888 - 1) < 1e-14)
    #expect(Watts(PowerDBm(30)).value == 1)
    #expect(abs(PowerDBm(Watts(0.001)).value) < 1e-13)
    for level in stride(from: -150.0, through: 60, by: 7.3) {
      #expect(abs(PowerDBm(Watts(PowerDBm(level))).value - level) < 1e-12)
    }
  }

  @Test func decibelsAreLogarithmsOfRatios() {
    #expect(abs(Decibels(linear: 2).value - 3.010299956639812) < 1e-15)
    #expect(Decibels(0).linear == 1)
    #expect(abs(Decibels(-128.1).linear / 1.5488166189124812e-13 - 1) < 1e-14)
  }

  @Test func levelsTakeGainsAndLosses() {
    let received = PowerDBm(46) - Decibels(128.1) + Decibels(2.1)
    #expect(abs(received.value + 80) < 1e-12)
    #expect(abs((PowerDBm(46) - PowerDBm(13)).value - 33) < 1e-12)
    #expect(-Decibels(3) < Decibels(0))
    #expect((Watts(1) + Watts(2)).value / 10 == 0.3)
    #expect((Watts(3) / 10).value == 0.3)
  }

  @Test func aRatioOfZeroHasNoDecibels() async {
    await #expect(processExitsWith: .failure) { _ = Decibels(linear: 0) }
  }
}
