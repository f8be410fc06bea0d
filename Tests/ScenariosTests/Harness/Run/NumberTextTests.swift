import Testing

@testable import Scenarios

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0 s"), (3.14, "3.1 s"), (45, "45 s"), (200, "3 min 20 s"), (180, "3 min"), (7500, "2 h 5 min"), (100_000, "1 d 3 h"),
    (.infinity, "long"),
  ])
  func durationsAreReadable(seconds: Double, text: String) {
    #expect(durationText(seconds) == text)
  }

  @Test(arguments: [(0.0, "0"), (1.23456, "1.235"), (1234.56, "1235"), (-0.0012345, "-0.001235"), (12.5, "12.5"), (1e20, "1e+20")])
  func numbersAreShort(value: Double, text: String) {
    #expect(shortText(value) == text)
  }

  @Test(arguments: [(2.0, 2, "2.00"), (-1.005, 1, "-1.0"), (0.05, 1, "0.1"), (999.96, 1, "1000.0"), (-0.4, 0, "0")])
  func decimalsAreFixed(value: Double, digits: Int, text: String) {
    #expect(fixedText(value, digits: digits) == text)
  }
}
