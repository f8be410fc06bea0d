import Channels
import Foundation
import Testing

@Suite struct RuralMacroTests {
  @Test func theWorkedExampleOfMathWorks() {
    // nrPathLoss of the 5G Toolbox: h 7 m, W 25 m, 3.5 GHz, from (0, 0, 30) to (1000, 1000, 1.5).
    let model = RuralMacro(buildingHeight: Meters(7), streetWidth: Meters(25))
    let link = LinkGeometry(horizontalDistance: Meters(2.0.squareRoot() * 1000), baseHeight: Meters(30), userHeight: Meters(1.5))
    #expect(abs(model.loss(of: link, state: .los, carrier: Hertz(Gigahertz(3.5))).value - 110.1615) < 5e-5)
  }

  @Test func theBreakpointHasNoEffectiveHeights() {
    let lines = RuralMacro().lines(heights: RuralMacro.defaultHeights, carrier: Hertz(Gigahertz(1)))
    #expect(abs(lines.breakpoint.value - 2 * Double.pi * 35 * 1.5 * 1e9 / 299_792_458) < 1e-9)
    // 108.16 dB at 2 GHz and 2 km; with the breakpoint of other scenarios it would be 118.56.
    let link = LinkGeometry(horizontalDistance: Meters(2000), heights: RuralMacro.defaultHeights)
    #expect(abs(RuralMacro().loss(of: link, state: .los, carrier: Hertz(Gigahertz(2))).value - 108.16) < 0.005)
  }

  @Test(arguments: [0.7, 3.5], [10.0, 35, 80])
  func theJumpAtTheBreakpointIsTheFormulas(gigahertz: Double, base: Double) {
    let carrier = Hertz(Gigahertz(gigahertz))
    let heights = LinkHeights(base: Meters(base), user: Meters(1.5))
    let lines = RuralMacro().lines(heights: heights, carrier: carrier)
    let d = lines.breakpoint.value
    let jump = lines.loss(at: Meters(d.nextUp), .los).value - lines.loss(at: Meters(d), .los).value
    // PL₁(d_BP) + 40 log₁₀(d₃D / d_BP) − PL₁(d₃D), with h = 5 m.
    let slant = (d * d + (base - 1.5) * (base - 1.5)).squareRoot()
    let power = pow(5, 1.72)
    let expected = (40 - 20 - min(0.03 * power, 10)) * log10(slant / d) - 0.002 * log10(5) * (slant - d)
    #expect(abs(jump - expected) < 1e-9)
    #expect(abs(jump) > 1e-5)
  }

  @Test func shadowingWidensBeyondTheBreakpoint() {
    let model = RuralMacro()
    let carrier = Hertz(Gigahertz(0.7))
    let d = model.lines(heights: RuralMacro.defaultHeights, carrier: carrier).breakpoint.value
    func deviation(_ distance: Double, _ state: LineOfSight) -> Double {
      let link = LinkGeometry(horizontalDistance: Meters(distance), heights: RuralMacro.defaultHeights)
      return model.shadowing(of: link, state: state, carrier: carrier).deviation.value
    }
    #expect(deviation(d, .los) == 4 && deviation(d.nextUp, .los) == 6)
    #expect(deviation(d, .nlos) == 8 && deviation(d.nextUp, .nlos) == 8)
  }

  @Test func buildingsAndStreetsHaveRanges() async {
    #expect(RuralMacro(buildingHeight: Meters(60), rangePolicy: .extrapolated).buildingHeight.value == 60)
    #expect(RuralMacro(buildingHeight: Meters(50), streetWidth: Meters(5)).streetWidth.value == 5)
    await #expect(processExitsWith: .failure) { _ = RuralMacro(buildingHeight: Meters(4.9)) }
    await #expect(processExitsWith: .failure) { _ = RuralMacro(streetWidth: Meters(51)) }
  }
}
