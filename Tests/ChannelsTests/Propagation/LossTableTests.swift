import Channels
import Testing

@Suite struct LossTableTests {
  /// Links of all scenarios, heights and carriers, one after the other.
  static func mixture(_ count: Int) -> [LossLines] {
    (0..<count).map { i in
      let carrier = Hertz(Gigahertz([0.7, 2, 28][i % 3]))
      switch i % 4 {
      case 0: return UrbanMicro().lines(heights: LinkHeights(base: Meters(10), user: Meters(1.5 + Double(i % 8))), carrier: carrier)
      case 1:
        let heights = LinkHeights(base: Meters(25), user: Meters(22.5), environment: Meters(i % 8 == 1 ? 1 : 21))
        return UrbanMacro(blockedLoss: i % 16 == 1 ? .optional : .standard).lines(heights: heights, carrier: carrier)
      case 2: return RuralMacro().lines(heights: LinkHeights(base: Meters(35), user: Meters(1 + Double(i % 9))), carrier: carrier)
      default: return IndoorOffice(.open).lines(heights: IndoorOffice.defaultHeights, carrier: carrier)
      }
    }
  }

  @Test func everyLinkHasTheBitsOfItsOwnLines() {
    let count = 203
    let lines = LossTableTests.mixture(count)
    var table = LossTable(count: count, lines: lines[0])
    for i in 0..<count { table.set(lines[i], at: i) }
    let (distances, states) = LossLinesTests.links(count, from: 10, to: 149)
    var losses = Array(repeating: Float.nan, count: count)
    var span = losses.mutableSpan
    table.losses(horizontalDistances: distances.span, states: states.span, into: &span)
    for i in 0..<count { #expect(losses[i] == LossLinesTests.losses(lines[i], [distances[i]], [states[i]])[0]) }
  }

  @Test func aLinkOutOfItsOwnRangeStops() async {
    await #expect(processExitsWith: .failure) {
      let lines = LossTableTests.mixture(4)
      var table = LossTable(count: 2, lines: lines[0])
      table.set(lines[3], at: 1)
      var losses = [Float(0), 0]
      var span = losses.mutableSpan
      let states = [LineOfSight.los, .los]
      table.losses(horizontalDistances: [Float(200), 200].span, states: states.span, into: &span)
    }
  }
}
