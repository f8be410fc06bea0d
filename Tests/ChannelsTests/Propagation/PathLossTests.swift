import Channels
import Testing

@Suite struct PathLossTests {
  @Test func macroModelInMetersAndKilometers() {
    let model = MacroPathLoss()
    #expect(model.loss(at: Meters(1000)).value == 128.1)
    #expect(model.loss(at: Meters(Kilometers(1))).value == 128.1)
    #expect(abs(model.loss(at: Meters(100)).value - 90.5) < 1e-12)
    // 128.1 + 37.6 log₁₀ 0.2
    #expect(abs(model.loss(at: Meters(200)).value - 101.81872783696629) < 1e-11)
    #expect(abs(model.loss(at: Meters(450)).value - 115.0608) < 1e-4)
  }

  @Test func powerLawWithReferenceAtOneMeter() {
    let companion = PowerLawPathLoss(exponent: 4, lossAtOneMeter: Decibels(28))
    // The usual form 148 + 40 log₁₀(d / 1 km).
    #expect(abs(companion.loss(at: Meters(Kilometers(1))).value - 148) < 1e-12)
    #expect(PowerLawPathLoss.deviceToDevice == companion)
    let literal = PowerLawPathLoss(exponent: 4, lossAtOneMeter: Decibels(0))
    #expect(abs(literal.loss(at: Meters(20)).linear / 160_000 - 1) < 1e-13)
    #expect(abs(literal.loss(at: Meters(30)).value - 59.08485018878650) < 1e-12)
  }

  @Test func distancesBelowOneMeterCountAsOne() {
    let models: [any PathLoss] = [MacroPathLoss(), PowerLawPathLoss(exponent: 4, lossAtOneMeter: Decibels(3))]
    for model in models {
      #expect(model.loss(at: Meters(0)) == model.loss(at: Meters(1)))
      #expect(model.loss(at: Meters(0.3)) == model.loss(at: Meters(1)))
      var last = model.loss(at: Meters(1))
      #expect(last.value >= 0)
      for distance in stride(from: 2.0, to: 2000, by: 13) {
        let loss = model.loss(at: Meters(distance))
        #expect(loss > last)
        last = loss
      }
    }
  }
}
