import Testing

@testable import Channels

@Suite struct LabelSpacingTests {
  private let spacing = LabelSpacing(
    [Position(x: 0, y: 30), Position(x: 0, y: 40), Position(x: 100, y: 30), Position(x: 100, y: 40)],
    owners: [Position(x: 0, y: 35), Position(x: 100, y: 35)])

  @Test func nodesOfOneLabelAgainstAll() {
    let far = 10_100.0.squareRoot()
    let mean = (10 + 10 + 100 + 100 + 2 * far) / 6
    #expect(abs(spacing.nodeRatio([0, 0, 1, 1]) - 10 / mean) < 1e-12)
    #expect(abs(spacing.nodeRatio([0, 1, 0, 1]) - 100 / mean) < 1e-12)
    #expect(abs(spacing.nodeRatio([0, 1, 1, 0]) - far / mean) < 1e-12)
    #expect(abs(spacing.nodeRatio([0, 0, 0, 1]) - (10 + 100 + far) / 3 / mean) < 1e-12)
    #expect(abs(spacing.nodeRatio([1, 1, 1, 1]) - 1) < 1e-12)
    #expect(spacing.nodeRatio([0, 1, 2, 3]).isNaN)
  }

  @Test func theOwnerAgainstAll() {
    let far = (10_000.0 + 25).squareRoot()
    #expect(abs(spacing.ownerRatio([0, 0, 1, 1]) - 5 / ((5 + far) / 2)) < 1e-12)
    #expect(abs(spacing.ownerRatio([1, 1, 0, 0]) - far / ((5 + far) / 2)) < 1e-12)
    #expect(abs(spacing.ownerRatio([0, 1, 0, 1]) - 1) < 1e-12)
  }
}
