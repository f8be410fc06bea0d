import Testing

@testable import Scenarios

@Suite struct D2DReadingsTests {
  /// Nothing for some slots, then one.
  static func step(at slots: Int, count: Int = 200) -> [Double] { (0..<count).map { $0 < slots ? 0 : 1 } }

  @Test func curvesSettleWhereTheyShould() {
    // Eighteen of twenty slots must be ones.
    #expect(D2DReadings.settlingSlot(Self.step(at: 40)) == 58)
    #expect(D2DReadings.settlingSlot(Self.step(at: 0)) == 20)
    #expect(D2DReadings.settlingSlot(Self.step(at: 2)) == 20)
    #expect(D2DReadings.settlingSlot(Self.step(at: 3)) == 21)
    // A ramp of 1 % a slot: the mean of the last twenty is (t − 9.5) / 100.
    #expect(D2DReadings.settlingSlot((1...400).map { Double(min($0, 100)) / 100 }) == 100)
    // The end is the mean of the last quarter: a step from 1 to 2 at slot 301 of 400.
    #expect(D2DReadings.settlingSlot((0..<400).map { $0 < 300 ? 1 : 2 }) == 316)
    #expect(D2DReadings.settlingSlot(Self.step(at: 0, count: 80)) == 20)
  }

  @Test func curvesThatGainNothingOrAreShortNeverSettle() {
    #expect(D2DReadings.settlingSlot(Array(repeating: 0, count: 200)) == nil)
    #expect(D2DReadings.settlingSlot(Array(repeating: -1, count: 200)) == nil)
    #expect(D2DReadings.settlingSlot(Self.step(at: 0).map { 1 - $0 * 2 }) == nil)
    #expect(D2DReadings.settlingSlot(Self.step(at: 0, count: 79)) == nil)
    #expect(D2DReadings.settlingSlot([]) == nil)
  }

  private func readings(_ run: D2DMadeRun, _ settings: [String] = []) throws -> D2DReadings {
    let request = try RunRequest(.reproduce, of: D2DPack(), settings: settings)
    return D2DReadings(table: try run.table(), settings: D2DSettings(request.parameters))
  }

  @Test func gainsArePairedSlotBySlot() throws {
    let run = D2DMadeRun()
    let point = D2DMadeRun.point("maac", 10)
    run.addCurve("maac", at: point, seed: 0, [5, 7, 9])
    run.addCurve("maac", at: point, seed: 1, [5, 7])
    run.addCurve("maac", at: point, seed: 2, [5, 7])
    // A yardstick is measured for longer; of seed 2 it was not.
    run.addCurve("random", at: point, seed: 0, [1, 2, 3, 100, 100])
    run.addCurve("random", at: point, seed: 1, [2])
    let gains = try readings(run).gains("maac", over: "random", 10)
    #expect(gains.map(\.seed) == [0, 1] && gains.map(\.gain) == [[4, 5, 6], [3]])
    #expect(try readings(run).gains("maac", over: "oracle", 10).isEmpty)
    // Slots that are not the same are not compared.
    let late = D2DMadeRun()
    late.addCurve("maac", at: point, seed: 0, [5, 7, 9])
    late.add("trainingReward", "random", at: point, [1], step: 2)
    #expect(try readings(late).gains("maac", over: "random", 10).isEmpty)
  }

  @Test func specialJobsAreNoPartOfTheSweep() throws {
    let run = D2DMadeRun()
    for pairs in [50, 10, 20] { run.add("x", "naac", pairs, [1, 2]) }
    run.add("x", "naac", at: D2DMadeRun.point("naac", 30, ("variant", 1)), [1])
    run.add("x", "naac", at: D2DMadeRun.point("naac", 40, neighbours: 5), [1])
    run.add("y", "naac", 60, [1])
    run.add("x", "maac", 10, [1])
    run.add("x", "maac", 50, [1])
    let read = try readings(run)
    #expect(read.numbers("x", ["naac"]) == [10, 20, 50])
    #expect(read.numbers("x", ["naac", "maac"]) == [10, 50] && read.numbers("x", ["maac", "ac"]).isEmpty)
    #expect(read.present("x", D2DReadings.learners) == ["maac", "naac"] && read.present("x", D2DReadings.learners, atLeast: 3) == ["naac"])
    #expect(try readings(run, ["neighbours=5"]).numbers("x", ["naac"]) == [40])
    #expect(read.overSweep("x", "naac", [10, 20]) { $0[0] + $0[1] }.values == [0: 2, 1: 4])
    #expect(read.reading("x", "naac", 30, (name: "variant", value: 1)).values == [0: 1])
  }

  @Test func blocksNeedEveryPair() throws {
    let run = D2DMadeRun()
    for pair in 0..<3 { run.add("block.\(pair)", "maac", 3, pair == 1 ? [7, 8] : [7, 8, 9]) }
    let blocks = try readings(run).blocks("maac", 3)
    #expect(blocks.map(\.seed) == [0, 1] && blocks.map(\.blocks) == [[7, 7, 7], [8, 8, 8]])
    #expect(try readings(run, ["resourceBlocks=8"]).blocks("maac", 3).map(\.seed) == [0])
  }

  @Test func flatCurvesHaveNoTrend() {
    #expect(D2DReadings.trend([10, 20, 30], [1, 1, 1]) == 0)
    #expect(abs(D2DReadings.trend([10, 20, 30, 40, 50], [1, 2, 3, 5, 4]) - 0.9) < 1e-12)
  }
}
