import Channels
import Foundation
import Testing

@Suite struct UrbanMacroTests {
  @Test func theEnvironmentHeightMovesTheBreakpoint() {
    let carrier = Hertz(Gigahertz(2))
    for environment in [1.0, 12, 21] {
      let heights = LinkHeights(base: Meters(25), user: Meters(22.5), environment: Meters(environment))
      let breakpoint = UrbanMacro().lines(heights: heights, carrier: carrier).breakpoint.value
      #expect(abs(breakpoint / (4 * (25 - environment) * (22.5 - environment) * 2e9 / 299_792_458) - 1) < 1e-14)
    }
    // 21 m: 160 m; beyond, the loss is greater than with 1 m.
    func loss(_ environment: Double) -> Double {
      let link = LinkGeometry(
        horizontalDistance: Meters(400), baseHeight: Meters(25), userHeight: Meters(22.5), environmentHeight: Meters(environment))
      return UrbanMacro().loss(of: link, state: .los, carrier: carrier).value
    }
    let breakpoint = 4 * 4 * 1.5 * 2e9 / 299_792_458
    let expected =
      28 + 40 * log10(hypot(400, 2.5)) + 20 * log10(2) - 9 * log10(breakpoint * breakpoint + 2.5 * 2.5)
    #expect(abs(loss(21) - expected) < 1e-10)
    #expect(abs(loss(1) - (28 + 22 * log10(hypot(400, 2.5)) + 20 * log10(2))) < 1e-10)
  }

  @Test func theOptionalLossStandsAlone() {
    let link = LinkGeometry(horizontalDistance: Meters(700), heights: UrbanMacro.defaultHeights)
    let expected = 32.4 + 20 * log10(3.5) + 30 * log10(hypot(700, 23.5))
    let loss = UrbanMacro(blockedLoss: .optional).loss(of: link, state: .nlos, carrier: Hertz(Gigahertz(3.5)))
    #expect(abs(loss.value - expected) < 1e-10)
  }

  @Test func environmentAboveAnAntennaStops() async {
    await #expect(processExitsWith: .failure) {
      let heights = LinkHeights(base: Meters(25), user: Meters(12), environment: Meters(12))
      _ = UrbanMacro().lines(heights: heights, carrier: Hertz(2e9))
    }
  }
}
