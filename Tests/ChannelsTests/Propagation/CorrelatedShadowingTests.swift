import Channels
import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct CorrelatedShadowingTests {
  static let urban = [
    CorrelatedShadowing.Condition(deviation: Decibels(4), correlationDistance: Meters(37)),
    CorrelatedShadowing.Condition(deviation: Decibels(6), correlationDistance: Meters(50)),
  ]
  let stream = RandomStream(seed: 17, purpose: .shadowing, index: 3)

  /// Links that all move alike in one condition.
  private struct Track {
    var shadowing: CorrelatedShadowing
    let stream: RandomStream
    var states: [Int32]
    var step = 0

    init(_ links: Int, state: Int32 = 0, copies: Int = 1, stream: RandomStream) {
      shadowing = CorrelatedShadowing(conditions: CorrelatedShadowingTests.urban, copies: copies, links: links)
      self.stream = stream
      states = Array(repeating: state, count: copies * links)
      shadowing.start(states: states, stream: stream)
    }

    mutating func advance(_ meters: Float) {
      step += 1
      let ways = [Float](repeating: meters, count: states.count)
      shadowing.advance(meters: ways, states: states, stream: stream, step: step)
    }

    var values: [Double] { shadowing.values.map(Double.init) }
  }

  @Test(arguments: [0, 1]) func theAutocorrelationFallsWithTheWay(state: Int) {
    let condition = CorrelatedShadowingTests.urban[state]
    let square = condition.deviation.value * condition.deviation.value
    var track = Track(40000, state: Int32(state), stream: stream)
    let start = track.values
    for step in 1...20 {
      track.advance(Float(condition.correlationDistance.value / 10))
      guard [5, 10, 20].contains(step) else { continue }
      // Standard errors of at most √(2/n) = 0.007 at correlation one, 0.005 at zero.
      #expect(abs(Moments.meanProduct(start, track.values) / square - exp(-Double(step) / 10)) < 0.03, "after \(step) tenths")
    }
    #expect(KolmogorovSmirnov.agrees(track.values.map { $0 / condition.deviation.value }, with: KolmogorovSmirnov.normal))
  }

  @Test func theLawDoesNotDependOnTheSteps() {
    for (steps, meters) in [(100, Float(0.1)), (1, 10), (10000, 0.001)] {
      var track = Track(steps > 1000 ? 4000 : 40000, stream: stream)
      let start = track.values
      for _ in 0..<steps { track.advance(meters) }
      let end = track.values
      #expect(KolmogorovSmirnov.agrees(end.map { $0 / 4 }, with: KolmogorovSmirnov.normal))
      // The increment has the variance 2 σ² (1 − R).
      let expected = 2 * 16 * (1 - exp(-10.0 / 37))
      let variance = Moments.mean(zip(start, end).map { $1 - $0 }, power: 2)
      #expect(abs(variance / expected - 1) < 5.5 * (2 / Double(start.count)).squareRoot(), "\(steps) steps")
    }
  }

  @Test func theDeviationStaysOverManySteps() {
    // 64 links, 10⁵ steps of 0.74 m. A sample every hundred steps, two correlation distances, in the second half: 32000 numbers of which
    // neighbours have the correlation 0.135, so a variance with a standard error of 0.8 %.
    var track = Track(64, stream: stream)
    var samples: [Double] = []
    for step in 1...100_000 {
      track.advance(0.74)
      if step > 50_000 && step.isMultiple(of: 100) { samples += track.values }
    }
    #expect(abs(Moments.mean(samples, power: 2) / 16 - 1) < 0.045)
    #expect(abs(Moments.mean(samples) / 4) < 5.5 * 0.0066)
  }

  @Test func aStaticNodeKeepsItsValue() {
    var track = Track(1000, stream: stream)
    let start = track.shadowing.values
    track.advance(0)
    #expect(track.shadowing.values == start)
    track.advance(1)
    let before = track.shadowing.values
    for _ in 0..<50 { track.advance(0) }
    #expect(track.shadowing.values == before)
    track.advance(1e-4)
    #expect(zip(track.shadowing.values, before).allSatisfy { abs($0 - $1) < 0.1 } && track.shadowing.values != before)
  }

  @Test func aNewConditionDrawsANewValue() {
    var track = Track(20000, stream: stream)
    let before = track.values
    for link in stride(from: 0, to: 20000, by: 2) { track.states[link] = 1 }
    track.advance(0)
    let after = track.values
    let changed = stride(from: 0, to: 20000, by: 2).map { after[$0] }
    #expect(KolmogorovSmirnov.agrees(changed.map { $0 / 6 }, with: KolmogorovSmirnov.normal))
    let old = stride(from: 0, to: 20000, by: 2).map { before[$0] }
    #expect(abs(Moments.meanProduct(old, changed)) / 24 < 5.5 / 100)
    #expect(stride(from: 1, to: 20000, by: 2).allSatisfy { after[$0] == before[$0] })
    // From then on by the other distance.
    track.advance(25)
    let end = track.values
    let later = stride(from: 0, to: 20000, by: 2).map { end[$0] }
    #expect(abs(Moments.meanProduct(changed, later) / 36 - exp(-0.5)) < 5.5 * 1.2 / 100)
  }

  @Test func linksOfOneUserAreIndependent() {
    // Links 2u and 2u + 1 belong to user u. A value shared by the user would give a difference without variance.
    var track = Track(40000, stream: stream)
    for round in 0..<2 {
      if round == 1 { for _ in 0..<10 { track.advance(5) } }
      let values = track.values
      let differences = stride(from: 0, to: 40000, by: 2).map { values[$0] - values[$0 + 1] }
      // 2σ² = 32 with 5.5 standard errors of √(2 / n).
      #expect(abs(Moments.mean(differences, power: 2) / 32 - 1) < 5.5 * 0.01)
    }
  }

  @Test func copiesAreSingleRunsAndMoreLinksBeginWithTheFewer() {
    func run(_ copies: Int, _ links: Int, _ index: Int) -> [Float] {
      var track = Track(links, copies: copies, stream: RandomStream(seed: 17, purpose: .shadowing, index: index))
      for step in 1...5 {
        for i in track.states.indices { track.states[i] = Int32((i % links + step) / 3 % 2) }
        track.advance(3)
      }
      return track.shadowing.values
    }
    let batch = run(3, 21, 3)
    for copy in 0..<3 { #expect(Array(batch[copy * 21..<(copy + 1) * 21]) == run(1, 21, 3 + copy)) }
    #expect(Array(run(1, 50, 3).prefix(21)) == run(1, 21, 3))
    #expect(run(1, 21, 3) == run(1, 21, 3))
    #expect(run(1, 21, 3) != run(1, 21, 4))
  }

  @Test func savedStateContinuesBitForBit() throws {
    let folder = try TemporaryFolder()
    var track = Track(30, copies: 2, stream: stream)
    for i in stride(from: 0, to: 60, by: 3) { track.states[i] = 1 }
    track.advance(7)
    try Archive.save(&track.shadowing, to: folder.file("shadowing"))
    var restored = track
    restored.shadowing = CorrelatedShadowing(conditions: CorrelatedShadowingTests.urban, copies: 2, links: 30)
    try Archive.restore(&restored.shadowing, from: folder.file("shadowing"))
    #expect(restored.shadowing.values == track.shadowing.values)
    for step in 0..<3 {
      track.states[step] = 1 - track.states[step]
      restored.states[step] = 1 - restored.states[step]
      track.advance(2)
      restored.advance(2)
    }
    #expect(restored.shadowing.values == track.shadowing.values)
    var fewer = CorrelatedShadowing(conditions: [CorrelatedShadowingTests.urban[0]], copies: 2, links: 30)
    #expect(throws: FileError.self) { try Archive.restore(&fewer, from: folder.file("shadowing")) }
    var smaller = CorrelatedShadowing(conditions: CorrelatedShadowingTests.urban, links: 30)
    #expect(throws: FileError.self) { try Archive.restore(&smaller, from: folder.file("shadowing")) }
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = CorrelatedShadowing.Condition(deviation: Decibels(4), correlationDistance: Meters(0))
    }
    await #expect(processExitsWith: .failure) {
      var shadowing = CorrelatedShadowing(conditions: CorrelatedShadowingTests.urban, links: 1)
      shadowing.start(states: [2], stream: RandomStream(seed: 1, purpose: .shadowing))
    }
    await #expect(processExitsWith: .failure) {
      var shadowing = CorrelatedShadowing(conditions: CorrelatedShadowingTests.urban, links: 1)
      shadowing.advance(meters: [-1], states: [0], stream: RandomStream(seed: 1, purpose: .shadowing), step: 1)
    }
    await #expect(processExitsWith: .failure) {
      var shadowing = CorrelatedShadowing(conditions: CorrelatedShadowingTests.urban, links: 2)
      shadowing.start(states: [0], stream: RandomStream(seed: 1, purpose: .shadowing))
    }
  }
}
