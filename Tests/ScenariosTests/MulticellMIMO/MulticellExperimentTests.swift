import Agents
import Tensor
import Testing

@testable import Scenarios

@Suite struct MulticellExperimentTests {
  static let sizes = [
    "users=2", "antennas=4", "frequencies=3", "slots=4", "moves=2", "trainingSlots=14", "randomSlots=6", "batch=4", "itemUnits=8", "flatUnits=8",
    "candidates=2", "trialSlots=9", "blocks=3", "measuredSlots=5", "starts=4", "realizations=2", "iterations=5",
  ]

  private func request(_ scheme: String, _ settings: [String] = []) throws -> RunRequest {
    try RunRequest(.run, of: MulticellPack(), scale: .smoke, schemes: [scheme], seeds: [1], settings: Self.sizes + settings)
  }

  private func log(for request: RunRequest) throws -> MetricLog {
    let log = MetricLog()
    log.begin(try MulticellPack().plan(request).jobs[0])
    return log
  }

  private func start(_ request: RunRequest, threads: Int = 1) throws -> any JobRun {
    try MulticellPack().start(try MulticellPack().plan(request).jobs[0], parameters: request.parameters, threads: threads)
  }

  private func table(_ scheme: String, _ settings: [String] = []) throws -> (table: MetricTable, point: SweepPoint) {
    let request = try request(scheme, settings)
    let log = try log(for: request)
    var run = try start(request)
    while try !run.advance(log) {}
    return (try log.table(), try MulticellPack().plan(request).jobs[0].point)
  }

  private struct Saved: Archivable {
    var run: any JobRun
    mutating func archive(in archive: Archive) throws(FileError) { try run.archive(in: archive) }
  }

  @Test(arguments: ["td3mix+flwf", "td3mix", "flwf"]) func aJobThatWasSavedGoesOnBitForBit(scheme: String) throws {
    let scratch = try ScratchFolder()
    let request = try request(scheme)
    let expected = try log(for: request)
    var whole = try start(request)
    var chunks = 1
    while try !whole.advance(expected) { chunks += 1 }
    let lines = expected.takeLines()
    #expect(lines.count > 100)
    for chunk in 0..<chunks {
      let log = try log(for: request)
      var first = Saved(run: try start(request))
      for _ in 0..<chunk { #expect(try !first.run.advance(log)) }
      try Archive.save(&first, to: scratch.path + "/job")
      var second = Saved(run: try start(request, threads: 2))
      try Archive.restore(&second, from: scratch.path + "/job")
      while try !second.run.advance(log) {}
      #expect(log.takeLines() == lines, "saved after chunk \(chunk)")
    }
  }

  @Test func schemesAreWhatTheyAre() throws {
    func slots(_ scheme: String, _ settings: [String] = []) throws -> [Double] {
      let (table, point) = try table(scheme, settings + ["blocks=20"])
      let curve = table.curves(MulticellMetric.slot, of: scheme, at: point)[0]
      #expect(curve.steps == [1, 2, 3, 4, 5])
      // The capacity is the mean over the first T = 4 slots.
      #expect(abs(table.values(MulticellMetric.capacity, of: scheme, at: point).values[0] - curve.values.prefix(4).reduce(0, +) / 4) < 1e-9)
      return curve.values
    }
    for scheme in ["sswf", "fdma", "wmmse"] { #expect(Set(try slots(scheme)).count == 1) }
    let (restart, carry) = (try slots("flwf"), try slots("flwf-carry"))
    #expect(restart[0] == carry[0] && restart[1] != carry[1])
    // A game of no moves is its start.
    #expect(try slots("flwf", ["moves=0"]) == slots("random"))
    func overlap(_ scheme: String) throws -> Double {
      let (table, point) = try table(scheme)
      return table.values(MulticellMetric.overlap, of: scheme, at: point).values[0]
    }
    #expect(abs(try overlap("fdma") - 1) < 1e-6)
    #expect(try overlap("random") > 2)
    // The optimiser starts at the split among others, and its sum never falls.
    let (optimized, split) = (try slots("wmmse"), try slots("fdma"))
    #expect(optimized[0] > 0.99 * split[0])
  }

  @Test func learnersNeedNothingFromOthers() throws {
    for scheme in MulticellExperiment.learners {
      for encoder in ["items", "flat"] {
        let (table, point) = try table(scheme, ["encoder=\(encoder)", "baselineEncoder=\(encoder)"])
        #expect(table.values(MulticellMetric.foreignInfluence, of: scheme, at: point).values == [0])
        #expect(table.curves(MulticellMetric.training, of: scheme, at: point)[0].steps == [4, 8, 12, 14])
      }
    }
  }

  /// Left in place is a part of the whole: all of it by what does not move, little by what sets all on one channel.
  @Test func whatALearnedStartLeavesInPlaceIsMeasured() throws {
    // Without a game nothing moves what the actor has set.
    for (scheme, range) in [("td3mix+flwf", 0.01...0.999), ("td3mix", 0.9...1)] {
      let (table, point) = try table(scheme)
      let kept = table.values(MulticellMetric.kept, of: scheme, at: point).values
      #expect(kept.count == 1 && range.contains(kept[0]), "\(scheme)")
    }
    let request = try request("td3mix+flwf", ["measuredSlots=4"])
    let evaluation = MulticellEvaluation(settings: MulticellSettings(request.parameters), seed: 3)
    var system = evaluation.settings.system(of: "td3mix+flwf")
    // Without the game an action that is always the same is where the slot before had it.
    system.moves = 0
    let item = system.items * system.cells
    let even = Steady(values: Array(repeating: 1 / Float(system.frequencies), count: item))
    #expect(abs(evaluation.course(of: even, in: system).kept! - 1) < 1e-6)
    // With the game what stays is what the game's powers have in common with it.
    system.moves = 2
    #expect((0.3..<0.999).contains(evaluation.course(of: even, in: system).kept!))
  }

  private struct Steady: Policy {
    let values: [Float]
    mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
      for i in actions.values.indices { actions.values[i] = values[i % values.count] }
    }
    mutating func archive(in archive: Archive) throws(FileError) {}
  }

  /// Figure 9: learned and random starts over the same realisations; what does not iterate stays.
  @Test func convergenceIsRecordedByIterations() throws {
    for (scheme, isConstant, isSpread) in [
      ("td3mix+flwf", false, false), ("flwf", false, true), ("random", true, true), ("sswf", true, false), ("td3mix", true, false),
    ] {
      let (table, point) = try table(scheme)
      let curve = table.curves(MulticellMetric.iteration, of: scheme, at: point)[0]
      #expect(curve.steps == Array(0...5) && (Set(curve.values).count == 1) == isConstant, "\(scheme)")
      #expect(table.curves(MulticellMetric.iterationDeviation, of: scheme, at: point).isEmpty == !isSpread, "\(scheme)")
      #expect(table.curves(MulticellMetric.percentile, of: scheme, at: point).map(\.steps) == (scheme == "td3mix+flwf" ? [[5]] : []))
    }
  }

  /// The settings that concern learning and the game change what is measured.
  @Test(arguments: [
    "trainingSlots=17", "randomSlots=5", "itemUnits=9", "learningRate=0.01", "discount=0.5", "polyak=0.5", "policyDelay=1", "batch=5", "noise=0.5",
    "smoothing=0.5", "mix=monotone", "polyak=0.5 trainingSlots=150 critics=single", "encoder=flat", "moves=3", "lookAhead=constant",
    "start=dirichlet",
    "logitLimit=1",
    "outputGain=1", "logits=plain", "sir=3", "trialSlots=8 candidates=5",
    "snr=10", "budget=fixed",
  ])
  func settingsMatter(setting: String) throws {
    func values(_ settings: [String]) throws -> [Double] {
      let (table, point) = try table("td3mix+flwf", settings)
      return table.curves(MulticellMetric.slot, of: "td3mix+flwf", at: point)[0].values
    }
    // Which of two critics is smaller changes only after some learning, and which of several candidates wins with when they are judged.
    let words = setting.split(separator: " ").map(String.init)
    #expect(try values(words) != values(Array(words.dropLast())))
  }
}
