import Channels
import Testing

@testable import Scenarios

@Suite struct D2DSpacingTests {
  private let spacing: D2DSpacing

  init() {
    var parameters = UnderlayCell()
    parameters.pairs = 4
    parameters.resourceBlocks = 2
    let places = [Position(x: 0, y: 30), Position(x: 0, y: 40), Position(x: 100, y: 30), Position(x: 100, y: 40)]
    // Receivers far away: only transmitters count.
    let drop = UnderlayDrop(
      parameters, cellularUsers: [Position(x: 0, y: 35), Position(x: 100, y: 35)], transmitters: places,
      receivers: places.map { Position(x: $0.x, y: $0.y + 400) }, shadowing: RandomStream(seed: 0, purpose: .shadowing), episode: 0)
    spacing = D2DSpacing(drop)
  }

  @Test func pairsOnTheSameBlockAgainstAll() {
    let far = 10_100.0.squareRoot()
    let mean = (10 + 10 + 100 + 100 + 2 * far) / 6
    #expect(abs(spacing.pairRatio([0, 0, 1, 1]) - 10 / mean) < 1e-12)
    #expect(abs(spacing.pairRatio([0, 1, 0, 1]) - 100 / mean) < 1e-12)
    #expect(abs(spacing.pairRatio([0, 1, 1, 0]) - far / mean) < 1e-12)
    #expect(abs(spacing.pairRatio([0, 0, 0, 1]) - (10 + 100 + far) / 3 / mean) < 1e-12)
    #expect(abs(spacing.pairRatio([1, 1, 1, 1]) - 1) < 1e-12)
    #expect(spacing.pairRatio([0, 1, 2, 3]).isNaN)
  }

  @Test func theOwnCellularUserAgainstAll() {
    let far = (10_000.0 + 25).squareRoot()
    #expect(abs(spacing.cellularRatio([0, 0, 1, 1]) - 5 / ((5 + far) / 2)) < 1e-12)
    #expect(abs(spacing.cellularRatio([1, 1, 0, 0]) - far / ((5 + far) / 2)) < 1e-12)
    #expect(abs(spacing.cellularRatio([0, 1, 0, 1]) - 1) < 1e-12)
  }
}
