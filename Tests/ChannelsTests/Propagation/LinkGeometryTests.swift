import Channels
import Testing

@Suite struct LinkGeometryTests {
  @Test func slantDistancesHoldTheDifferenceOfHeights() {
    let link = LinkGeometry(horizontalDistance: Meters(40), baseHeight: Meters(31.5), userHeight: Meters(1.5))
    #expect(link.slantDistance.value == 50)
    #expect(link.heights.environment.value == 1)
  }

  @Test func theBaseStationIsTheOneThatIsCalledSo() {
    // A user above the base station, and a base station that is not at 10 m: the roles decide, not the heights.
    let carrier = Hertz(Gigahertz(2))
    func loss(_ base: Double, _ user: Double) -> Double {
      let link = LinkGeometry(horizontalDistance: Meters(300), baseHeight: Meters(base), userHeight: Meters(user))
      return UrbanMicro().loss(of: link, state: .nlos, carrier: carrier).value
    }
    // NLOS falls by 0.3 dB for each metre of the user, at the same slant distance.
    #expect(abs(loss(10, 20) - (loss(20, 10) - 3)) < 1e-10)
  }
}
