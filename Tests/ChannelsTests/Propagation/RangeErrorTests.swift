import Channels
import Testing

@Suite struct RangeErrorTests {
  @Test func theMessageNamesModelQuantityValueAndRange() throws {
    let link = LinkGeometry(horizontalDistance: Meters(7), heights: UrbanMicro.defaultHeights)
    let error = try #require(UrbanMicro().rangeError(of: link, state: .los, carrier: Hertz(2e9)))
    #expect(
      error.description
        == "UMi: the horizontal distance with line of sight 7.0 m is outside 10.0...5000.0 m (the range policy .extrapolated computes it all the same)"
    )
    #expect(error.value == 7 && error.lower == 10 && error.upper == 5000 && error.unit == "m" && error.model == "UMi")
  }
}
