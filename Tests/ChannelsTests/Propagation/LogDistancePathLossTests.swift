import Channels
import Testing

@Suite struct LogDistancePathLossTests {
  @Test func decadesFromTheReference() {
    let model = LogDistancePathLoss(exponent: 3.5, referenceDistance: Meters(10), lossAtReference: Decibels(60))
    #expect(model.loss(at: Meters(10)).value == 60)
    #expect(abs(model.loss(at: Meters(100)).value - 95) < 1e-12)
    #expect(abs(model.loss(at: Meters(20)).value - 70.53605) < 1e-5)
  }

  @Test func withExponentTwoItIsFreeSpace() {
    let carrier = Hertz(Gigahertz(28))
    let model = LogDistancePathLoss(exponent: 2, carrier: carrier)
    for distance in [1.0, 7, 300] {
      #expect(abs(model.loss(at: Meters(distance)).value - FreeSpacePathLoss(carrier: carrier).loss(at: Meters(distance)).value) < 1e-10)
    }
  }

  @Test func belowTheReferenceItStops() async {
    let model = LogDistancePathLoss(exponent: 2, referenceDistance: Meters(10), lossAtReference: Decibels(60), rangePolicy: .extrapolated)
    #expect(abs(model.loss(at: Meters(1)).value - 40) < 1e-12)
    await #expect(processExitsWith: .failure) {
      _ = LogDistancePathLoss(exponent: 2, referenceDistance: Meters(10), lossAtReference: Decibels(60)).loss(at: Meters(9))
    }
    await #expect(processExitsWith: .failure) {
      _ = LogDistancePathLoss(exponent: 2, referenceDistance: Meters(0), lossAtReference: Decibels(60))
    }
  }
}
