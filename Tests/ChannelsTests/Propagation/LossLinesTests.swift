import CAllocations
import CKernels
import Channels
import Tensor
import Testing

@Suite struct LossLinesTests {
  static let carrier = Hertz(Gigahertz(3.5))

  /// Distances between two bounds, evenly on the logarithmic scale, and states in turn.
  static func links(_ count: Int, from first: Double, to last: Double) -> (distances: [Float], states: [LineOfSight]) {
    let distances = (0..<count).map { Float(first * Math.pow(last / first, (Double($0) + 0.5) / Double(count))) }
    return (distances, (0..<count).map { $0 % 3 == 1 ? .nlos : .los })
  }

  static func losses(_ lines: LossLines, _ distances: [Float], _ states: [LineOfSight]) -> [Float] {
    var losses = Array(repeating: Float.nan, count: distances.count)
    var span = losses.mutableSpan
    lines.losses(horizontalDistances: distances.span, states: states.span, into: &span)
    return losses
  }

  @Test func theVectorsInSinglePrecision() throws {
    for row in try ScenarioModelTests.Row.all() {
      let lines = ScenarioModelTests.named(row.scenario).lines(heights: row.link.heights, carrier: row.carrier)
      let loss = LossLinesTests.losses(lines, [Float(row.link.horizontalDistance.value)], [row.state])[0]
      #expect(abs(Double(loss) - row.loss) < 1e-3, "\(row)")
    }
  }

  @Test(arguments: [0.7, 3.5, 28])
  func singlePrecisionFollowsDouble(gigahertz: Double) {
    for (model, heights) in ScenarioModelTests.models {
      let lines = model.lines(heights: heights, carrier: Hertz(Gigahertz(gigahertz)))
      let (distances, states) = LossLinesTests.links(4001, from: 10, to: heights.base == Meters(3) ? 149 : 5000)
      let losses = LossLinesTests.losses(lines, distances, states)
      for i in distances.indices {
        let exact = lines.loss(at: Meters(Double(distances[i])), states[i]).value
        #expect(abs(Double(losses[i]) - exact) < 1e-4, "\(model.name) at \(distances[i]) m")
      }
    }
  }

  @Test func optionalLossesMayBeBelowThoseWithLineOfSight() {
    // 30 dB a decade against 40 beyond the breakpoint: they cross at about 30 km, where no range reaches.
    let carrier = Hertz(Gigahertz(0.7))
    let lines = UrbanMacro(blockedLoss: .optional, rangePolicy: .extrapolated).lines(heights: UrbanMacro.defaultHeights, carrier: carrier)
    let losses = LossLinesTests.losses(lines, [1e5, 1e5], [.los, .nlos])
    #expect(losses[1] < losses[0] - 3)
    // 32.4 + 20 log₁₀ 0.7 + 30 · 5
    #expect(abs(losses[1] - 179.30196) < 1e-4)
    let standard = UrbanMacro(rangePolicy: .extrapolated).lines(heights: UrbanMacro.defaultHeights, carrier: carrier)
    #expect(LossLinesTests.losses(standard, [1e5], [.nlos])[0] >= losses[0])
  }

  @Test func copiesHaveTheBitsOfSingleRuns() {
    let lines = RuralMacro().lines(heights: RuralMacro.defaultHeights, carrier: LossLinesTests.carrier)
    for count in [1, 7, 16, 33, 150] {
      let (distances, states) = LossLinesTests.links(count, from: 10, to: 5000)
      let alone = LossLinesTests.losses(lines, distances, states)
      let copies = 64
      let together = LossLinesTests.losses(
        lines, (0..<copies).flatMap { _ in distances }, (0..<copies).flatMap { _ in states })
      #expect(together == (0..<copies).flatMap { _ in alone })
      #expect((0..<count).allSatisfy { LossLinesTests.losses(lines, [distances[$0]], [states[$0]])[0] == alone[$0] })
    }
  }

  @Test func deviationsFollowStateAndBreakpoint() {
    let model = RuralMacro()
    let lines = model.lines(heights: RuralMacro.defaultHeights, carrier: LossLinesTests.carrier)
    let (distances, states) = LossLinesTests.links(500, from: 10, to: 5000)
    var deviations = Array(repeating: Float(0), count: 500)
    var span = deviations.mutableSpan
    lines.deviations(horizontalDistances: distances.span, states: states.span, into: &span)
    for i in distances.indices {
      #expect(deviations[i] == Float(lines.deviation(at: Meters(Double(distances[i])), states[i]).value))
    }
    #expect(Set(deviations) == [4, 6, 8])
  }

  @Test func nothingIsAllocated() {
    let lines = UrbanMicro().lines(heights: UrbanMicro.defaultHeights, carrier: LossLinesTests.carrier)
    let law = UrbanMacro().lineOfSightLaw(userHeight: Meters(22.5))
    let table = LossTable(count: 150, lines: lines)
    let stream = RandomStream(seed: 1, purpose: .lineOfSight)
    let heights = RandomStream(seed: 1, purpose: .environmentHeight)
    let (distances, all) = LossLinesTests.links(150, from: 10, to: 5000)
    let users = Array(repeating: Float(22.5), count: 150)
    var states = all
    var losses = Array(repeating: Float(0), count: 150)
    var scratch = losses
    var lossSpan = losses.mutableSpan
    var scratchSpan = scratch.mutableSpan
    var stateSpan = states.mutableSpan
    for isWatched in [false, true] {
      if isWatched { allocations_watch() }
      law.probabilities(horizontalDistances: distances.span, into: &lossSpan)
      LineOfSight.draw(probabilities: lossSpan.span, stream: stream, scratch: &scratchSpan, into: &stateSpan)
      lines.losses(horizontalDistances: distances.span, states: stateSpan.span, into: &lossSpan)
      table.losses(horizontalDistances: distances.span, states: stateSpan.span, into: &lossSpan)
      EnvironmentHeightLaw.draw(horizontalDistances: distances.span, userHeights: users.span, stream: heights, into: &scratchSpan)
    }
    let seen = allocations_seen()
    #expect(allocations_supported() == 0 || seen.requests == 0, "\(seen)")
  }

  @Test func aLinkOutOfRangeStops() async {
    await #expect(processExitsWith: .failure) {
      let lines = UrbanMicro().lines(heights: UrbanMicro.defaultHeights, carrier: Hertz(2e9))
      _ = LossLinesTests.losses(lines, [20, 9.99, 20], [.los, .los, .los])
    }
    await #expect(processExitsWith: .failure) {
      let lines = UrbanMicro().lines(heights: UrbanMicro.defaultHeights, carrier: Hertz(2e9))
      _ = LossLinesTests.losses(lines, [20, .nan], [.los, .los])
    }
    await #expect(processExitsWith: .failure) {
      let lines = RuralMacro().lines(heights: RuralMacro.defaultHeights, carrier: Hertz(2e9))
      _ = LossLinesTests.losses(lines, [6000, 6000], [.los, .nlos])
    }
    await #expect(processExitsWith: .failure) {
      let lines = UrbanMicro().lines(heights: UrbanMicro.defaultHeights, carrier: Hertz(2e9))
      _ = LossLinesTests.losses(lines, [20, 30], [.los])
    }
  }
}
