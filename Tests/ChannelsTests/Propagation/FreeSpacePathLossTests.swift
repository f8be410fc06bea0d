import Channels
import Testing

@Suite struct FreeSpacePathLossTests {
  @Test func friis() {
    // 92.45 + 20 log₁₀ f/GHz + 20 log₁₀ d/km (ITU-R P.525); with more digits 92.44778.
    let model = FreeSpacePathLoss(carrier: Hertz(Gigahertz(1)))
    #expect(abs(model.loss(at: Meters(Kilometers(1))).value - 92.44778) < 1e-5)
    #expect(abs(model.loss(at: Meters(Kilometers(10))).value - 112.44778) < 1e-5)
    let rounded = FreeSpacePathLoss(carrier: Hertz(Gigahertz(1)), speedOfLight: .rounded)
    #expect(abs(model.loss(at: Meters(50)).value - rounded.loss(at: Meters(50)).value - 0.0060111) < 1e-6)
  }

  @Test func theNearFieldStops() async {
    let near = FreeSpacePathLoss(carrier: Hertz(Gigahertz(1)), rangePolicy: .extrapolated)
    #expect(near.loss(at: Meters(0.1)).value < 14)
    await #expect(processExitsWith: .failure) { _ = FreeSpacePathLoss(carrier: Hertz(1e9)).loss(at: Meters(0.29)) }
    await #expect(processExitsWith: .failure) { _ = FreeSpacePathLoss(carrier: Hertz(0)) }
  }
}
