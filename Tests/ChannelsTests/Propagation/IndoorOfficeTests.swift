import Channels
import Foundation
import Testing

@Suite struct IndoorOfficeTests {
  @Test func bothLayoutsHaveTheSameLoss() {
    for state in LineOfSight.allCases {
      for distance in [1.0, 20, 149] {
        let link = LinkGeometry(horizontalDistance: Meters(distance), heights: IndoorOffice.defaultHeights)
        let carrier = Hertz(Gigahertz(60))
        #expect(
          IndoorOffice(.mixed).loss(of: link, state: state, carrier: carrier)
            == IndoorOffice(.open).loss(of: link, state: state, carrier: carrier))
      }
    }
  }

  @Test func theOptionalLossStandsAlone() {
    let link = LinkGeometry(horizontalDistance: Meters(30), heights: IndoorOffice.defaultHeights)
    let expected = 32.4 + 20 * log10(6) + 31.9 * log10(hypot(30, 2))
    let loss = IndoorOffice(.open, blockedLoss: .optional).loss(of: link, state: .nlos, carrier: Hertz(Gigahertz(6)))
    #expect(abs(loss.value - expected) < 1e-10)
  }
}
