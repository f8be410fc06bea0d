import Testing

@testable import Scenarios

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("", "", 0), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("abc", "acb", 1), ("", "abc", 3), ("ca", "abc", 3), ("same", "same", 0),
  ])
  func distances(first: String, second: String, expected: Int) {
    #expect(editDistance(first, second) == expected)
    #expect(editDistance(second, first) == expected)
  }

  @Test(arguments: [("mac", "maac"), ("QLEARN", "qlearning"), ("dnq", "dqn"), ("naac", "naac"), ("zzz", "dqn")])
  func nearest(name: String, expected: String) {
    #expect(nearestName(to: name, in: ["maac", "naac", "dqn", "qlearning"]) == expected)
  }

  @Test func nothingIsNearNothing() {
    #expect(nearestName(to: "a", in: []) == nil)
    #expect(UsageError.unknown("pack", "a", known: [], of: nil).message == "there is no pack 'a', nor any other")
  }
}
