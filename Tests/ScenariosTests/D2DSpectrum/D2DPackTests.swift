import Tensor
import Testing

@testable import Scenarios

@Suite struct D2DPackTests {
  static let pack = D2DPack()

  private func request(
    _ scale: Scale, kind: RunRequest.Kind = .reproduce, seeds: [Int]? = nil, schemes: [String]? = nil, figures: [Int]? = nil,
    _ settings: [String] = []
  ) throws -> RunRequest {
    try RunRequest(kind, of: Self.pack, scale: scale, schemes: schemes, seeds: seeds, figures: figures, settings: settings)
  }

  /// Pairs and seeds of the jobs of one scheme, without those of variants, sequels and the sweep over neighbours.
  private func places(_ request: RunRequest, of scheme: String = "maac") throws -> [Int: [Int]] {
    let jobs = try Self.pack.plan(request).jobs.filter { $0.scheme == scheme && $0.point.coordinates.map(\.name) == ["pairs"] }
    return Dictionary(grouping: jobs) { Int($0.point["pairs"]!) }.mapValues { $0.map(\.seed) }
  }

  @Test func eachScaleHasItsSweepAndSeeds() throws {
    #expect(try places(request(.smoke)) == [4: [0]])
    let three = [0, 1, 2]
    #expect(try places(request(.quick)) == [10: three, 20: [0], 30: three, 50: three])
    let (five, ten, twenty) = (Array(0..<5), Array(0..<10), Array(0..<20))
    #expect(try places(request(.standard)) == [10: twenty, 20: five, 30: five, 40: three, 50: three])
    #expect(try places(request(.standard), of: "dqn") == [10: five, 20: five, 30: five, 40: three, 50: three])
    #expect(try places(request(.paper)) == [10: twenty, 20: ten, 30: ten, 40: ten, 50: ten])
    // Seeds that the user names are run everywhere.
    #expect(try places(request(.standard, seeds: [0, 1, 2, 3])).values.allSatisfy { $0 == [0, 1, 2, 3] })
    let rationed = "with 20 seeds (MAAC and NAAC at 10 pairs; 5 elsewhere up to 30 pairs, 3 above)"
    #expect(try Self.pack.plan(request(.standard)).summary.contains(rationed))
    #expect(try !Self.pack.plan(request(.standard, seeds: [4, 5])).summary.contains("above"))
  }

  @Test func aFigureNeedsItsNumbersOfPairsOnly() throws {
    for scale in [Scale.quick, .standard, .paper] {
      #expect(try Array(places(request(scale, figures: [6])).keys) == [10])
      #expect(try Array(places(request(scale, figures: [5])).keys) == [20])
      #expect(try Array(places(request(scale, figures: [11])).keys) == [10])
      #expect(try places(request(scale, figures: [6, 7])).count > 1)
    }
  }

  @Test func neighboursAreSweptAtTenPairs() throws {
    func sweep(_ settings: [String] = [], _ figures: [Int] = [10]) throws -> [Double] {
      let jobs = try Self.pack.plan(request(.standard, schemes: ["maac", "naac"], figures: figures, settings)).jobs
      return Set(jobs.compactMap { $0.point["neighbours"] }).sorted()
    }
    #expect(try sweep() == [0, 1, 2, 3, 5, 7])
    #expect(try sweep(["neighbours=4"]) == [0, 1, 2, 3, 4, 5, 7])
    // With one less than the pairs it is MAAC.
    #expect(try sweep(["pairs=6"]) == [0, 1, 2, 3])
    #expect(try sweep([], [7]) == [3])
  }

  @Test func sequelsAndVariantsHavePointsOfTheirOwn() throws {
    let jobs = try Self.pack.plan(request(.standard)).jobs
    #expect(Set(jobs.map { "\($0.scheme) \($0.seed) \($0.point)" }).count == jobs.count)
    #expect(jobs.filter { $0.point["transfer"] != nil }.map(\.point) == Array(repeating: ["pairs": 20, "neighbours": 3, "transfer": 1], count: 3))
    #expect(jobs.count { $0.point["phase"] == 3 } == 6)
    for (index, variant) in D2DVariant.all.enumerated() {
      let own = jobs.filter { $0.point["variant"] == Double(index + 1) }
      #expect(own.count == variant.schemes.count * 2)
      // Its settings are parameters of the pack, within their ranges, and can be run.
      #expect(try D2DSettings(request(.standard, variant.settings).parameters).contradiction == nil)
    }
    #expect(try Self.pack.plan(request(.standard, figures: [7])).jobs.allSatisfy { $0.point["variant"] == nil && $0.point["phase"] == nil })
  }

  /// Curves are long: they are recorded where a figure or a claim looks at them.
  @Test func curvesAreRecordedWhereTheyAreCompared() throws {
    let jobs = try Self.pack.plan(request(.standard)).jobs.filter { $0.settings["curve"] != nil }
    let places = Set(jobs.map { "\($0.scheme) \($0.point)" })
    let atTen = ["maac", "naac", "ac", "dqn", "qlearning", "sla", "random", "oracle"].map { scheme in
      "\(scheme) \(D2DPack.point(scheme, pairs: 10, neighbours: 3))"
    }
    #expect(
      places == Set(atTen + ["naac pairs=20 neighbours=3", "naac pairs=20 neighbours=3 transfer=1", "random pairs=20"]))
    #expect(jobs.allSatisfy { $0.seed < 5 })
    // A yardstick goes as far as the longest curve that is compared with it.
    #expect(jobs.filter { $0.scheme == "oracle" }.allSatisfy { $0.settings["slots"] == "4000" })
    #expect(jobs.filter { $0.scheme == "random" && $0.point["pairs"] == 20 }.allSatisfy { $0.settings["slots"] == "400" })
  }

  @Test func aUsersNumberOfPairsIsRunAlone() throws {
    #expect(try Array(places(request(.paper, ["pairs=17"])).keys) == [17])
    #expect(try Array(places(request(.paper, kind: .run)).keys) == [10])
    #expect(try Array(places(request(.quick, kind: .run, ["pairs=50"])).keys) == [50])
  }

  @Test func jobsComeSchemeBySchemeAtEachPoint() throws {
    let plan = try Self.pack.plan(request(.quick, seeds: [3], schemes: ["oracle", "naac"], figures: [7], ["neighbours=5"]))
    #expect(plan.jobs.map(\.scheme) == ["naac", "oracle", "naac", "oracle", "naac", "oracle"])
    #expect(plan.jobs[0].point == ["pairs": 10, "neighbours": 5] && plan.jobs[1].point == ["pairs": 10])
    #expect(plan.jobs.allSatisfy { $0.estimatedSeconds > 0 && $0.estimatedSeconds.isFinite })
    #expect(
      plan.summary == "Runs naac, oracle with 1 seed: 2000 random slots, then learning slots of MAAC and NAAC: 400 at N = 10, 200 at N = 30, "
        + "200 at N = 50; then measures the executed policy over 5000 slots.")
  }

  @Test func moreWorkIsAnnouncedToTakeLonger() throws {
    func seconds(_ settings: [String]) throws -> Double {
      try Self.pack.plan(request(.quick, kind: .run, seeds: [0], schemes: ["maac"], settings)).estimatedSeconds(threads: 1)
    }
    let plain = try seconds(["pairs=9"])
    for setting in ["pairs=10", "resourceBlocks=20", "updates=500", "batch=128", "updatesPerSlot=2", "evaluationSlots=50000"] {
      #expect(try seconds(["pairs=9", setting]) > plain, "\(setting)")
    }
  }

  @Test func everyDeviationThatAParameterNamesExists() {
    let numbers = Self.pack.deviations.map(\.number)
    #expect(numbers == Array(1...numbers.count))
    for parameter in Self.pack.parameters {
      if let deviation = parameter.deviation { #expect(numbers.contains(deviation), "\(parameter.name)") }
    }
    #expect(Self.pack.claims.map(\.id) == (1...23).map { "D2D-" + ($0 < 10 ? "0" : "") + "\($0)" })
  }

  @Test func theSummaryTellsTheShareOfTheGap() throws {
    let request = try request(.quick, ["pairs=10"])
    let log = MetricLog()
    for (scheme, reward) in [("maac", 85.0), ("naac", 88), ("random", 80), ("oracle", 90)] {
      for seed in 0..<2 {
        log.begin(Job(scheme: scheme, seed: seed, point: D2DPack.point(scheme, pairs: 10, neighbours: 3), estimatedSeconds: 1))
        try log.record("totalReward", reward + Double(seed), step: 400)
        try log.record("cellularOutage", 0.0125, step: 400)
      }
    }
    #expect(
      try Self.pack.summary(of: log.table(), request: request)
        == "N = 10, 2 seeds: total reward 80.50 (random), 90.50 (oracle); MAAC 85.50, which closes 50 % of the gap, with a cellular outage of 0.0125; "
        + "NAAC 88.50, which closes 80 % of the gap, with a cellular outage of 0.0125.")
    // No gap, no share of it; no measurements, no words.
    try log.record("totalReward", 80, step: 401)
    log.begin(Job(scheme: "oracle", seed: 0, point: ["pairs": 10], estimatedSeconds: 1))
    try log.record("totalReward", 79.9, step: 401)
    #expect(try !Self.pack.summary(of: log.table(), request: request).contains("closes"))
    #expect(try Self.pack.summary(of: MetricTable(), request: request) == "")
  }

  /// Gains from a file: read for every job, part of what tells jobs apart, and refused where they cannot be used.
  @Test func gainsComeFromAFile() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/gains.npy"
    func write(_ scale: Double) throws {
      var gains: [Double] = []
      for place in 0..<6 * 21 {
        // The own links of both pairs.
        let isOwn = place % 21 == 10 || place % 21 == 18
        gains.append(isOwn ? 1e-7 : scale * Double(1 + place % 5))
      }
      try Npy.write(gains, shape: [6, 3, 7], to: path)
    }
    func request(_ kind: RunRequest.Kind, _ more: [String] = []) throws -> RunRequest {
      try self.request(kind == .run ? .smoke : .quick, kind: kind, schemes: ["random"], ["pairs=2", "resourceBlocks=3", "gains=\(path)"] + more)
    }
    func rates() throws -> Double {
      let request = try request(.run)
      let log = MetricLog()
      let job = try Self.pack.plan(request).jobs[0]
      log.begin(job)
      var run = try Self.pack.start(job, parameters: request.parameters, threads: 1)
      while try !run.advance(log) {}
      return try #require(log.table().values("d2dSumRate", of: "random", at: job.point).values.first)
    }
    try write(1e-12)
    func hash() throws -> ContentHash {
      let request = try request(.run)
      return Runner.planHash(pack: Self.pack, request: request, plan: try Self.pack.plan(request))
    }
    let (first, weak) = (try hash(), try rates())
    try write(1e-9)
    let (second, strong) = (try hash(), try rates())
    // Other gains, another run; a thousand times the interference leaves lower rates.
    #expect(first != second && weak > 1.5 * strong && strong > 0)
    func sentence(_ kind: RunRequest.Kind, _ more: [String]) -> String {
      do {
        _ = try Self.pack.plan(request(kind, more))
        return ""
      } catch { return "\(error)" }
    }
    #expect(sentence(.reproduce, []).contains("bench run d2d"))
    #expect(sentence(.run, ["pairs=3"]).contains("need [slots, 4, 9]"))
    #expect(sentence(.run, ["positions=moving"]).contains("positions=fixed"))
    #expect(sentence(.run, ["gains=\(scratch.path)/nothing.npy"]).contains("nothing.npy"))
    #expect(throws: UsageError.self) { try SweepGrid(["gains=a,b"], of: Self.pack.parameters) }
  }
}
