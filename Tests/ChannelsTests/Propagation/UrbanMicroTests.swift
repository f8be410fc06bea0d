import Channels
import Foundation
import Testing

@Suite struct UrbanMicroTests {
  @Test func theTwoSpeedsOfLightDifferBeyondTheBreakpointOnly() {
    let carrier = Hertz(Gigahertz(3.5))
    func loss(_ distance: Double, _ speed: SpeedOfLight) -> Double {
      let link = LinkGeometry(horizontalDistance: Meters(distance), heights: UrbanMicro.defaultHeights)
      return UrbanMicro(speedOfLight: speed).loss(of: link, state: .los, carrier: carrier).value
    }
    // d'_BP = 210 m.
    #expect(loss(200, .exact) == loss(200, .rounded))
    // 19 log₁₀(3 · 10⁸ / 299792458) = 0.00571 dB, a little less because the heights do not scale.
    let difference = loss(2000, .rounded) - loss(2000, .exact)
    #expect(difference > 0.0056 && difference < 0.00572)
  }

  @Test func theOptionalLossStandsAlone() {
    let model = UrbanMicro(blockedLoss: .optional)
    let link = LinkGeometry(horizontalDistance: Meters(120), heights: UrbanMicro.defaultHeights)
    let expected = 32.4 + 20 * log10(28) + 31.9 * log10(hypot(120, 8.5))
    #expect(abs(model.loss(of: link, state: .nlos, carrier: Hertz(Gigahertz(28))).value - expected) < 1e-10)
    #expect(
      model.loss(of: link, state: .los, carrier: Hertz(Gigahertz(28)))
        == UrbanMicro().loss(of: link, state: .los, carrier: Hertz(Gigahertz(28))))
  }

  @Test func antennasMustBeAboveTheEnvironment() async {
    await #expect(processExitsWith: .failure) {
      _ = UrbanMicro().lines(heights: LinkHeights(base: Meters(1), user: Meters(1.5)), carrier: Hertz(2e9))
    }
  }
}
