import Testing

@testable import Scenarios

@Suite struct EdgePackTests {
  private static let pack = EdgePack()

  private func request(_ scale: Scale, schemes: [String]? = nil, figures: [Int]? = nil, _ settings: [String] = []) throws -> RunRequest {
    try RunRequest(.reproduce, of: Self.pack, scale: scale, schemes: schemes, figures: figures, settings: settings)
  }

  @Test func figuresBringTheirVariants() throws {
    let jobs = try Self.pack.plan(request(.standard)).jobs
    #expect(Set(jobs.map { "\($0.scheme) \($0.seed) \($0.point)" }).count == jobs.count)
    #expect(jobs.count { $0.point.coordinates.isEmpty } == 7 * 10)
    for (coordinate, variants, seeds) in [
      ("restricted", EdgePlan.restrictions, 5), ("aggregation", EdgePlan.aggregations, 5), ("regime", EdgePlan.regimes, 3),
    ] {
      for (index, variant) in variants.enumerated() {
        #expect(jobs.count { $0.point[coordinate] == Double(index + 1) } == seeds * variant.schemes.count)
        #expect(try EdgeSettings(request(.standard, variant.settings).parameters).contradiction == nil, "\(variant.name)")
      }
    }
    #expect(try Self.pack.plan(request(.standard, figures: [4])).jobs.allSatisfy { $0.point.coordinates.isEmpty })
    #expect(EdgePlan.regimes.count == 13)
  }

  @Test func everyVariantChangesASetting() throws {
    let plain = try EdgeSettings(request(.standard).parameters)
    for variant in EdgePlan.restrictions + EdgePlan.aggregations + EdgePlan.regimes {
      let changed = try EdgeSettings(request(.standard, variant.settings).parameters)
      #expect("\(changed)" != "\(plain)", "\(variant.name)")
    }
  }

  @Test(arguments: [
    (["aggregation=clustered", "clusterSize=7"], "lower clusterSize"), (["resolution=hungarian"], "set channelMap=score"),
    (["positions=everyEpisode", "episodeSlots=0"], "set 'episodeSlots'"),
  ])
  func contradictionsAreUsageErrors(settings: [String], words: String) throws {
    let request = try request(.smoke, settings)
    let error = #expect(throws: UsageError.self) { try Self.pack.plan(request) }
    #expect(error.map { "\($0)" }?.contains(words) == true)
  }

  @Test func descriptionsAreComplete() {
    #expect(Self.pack.claims.count == 19 && Self.pack.claims.map(\.id) == (1...19).map { "MEC-" + ($0 < 10 ? "0" : "") + "\($0)" })
    #expect(Self.pack.deviations.map(\.number) == Array(1...46))
    let numbers = Set(Self.pack.deviations.map(\.number))
    for parameter in Self.pack.parameters { if let deviation = parameter.deviation { #expect(numbers.contains(deviation), "\(parameter.name)") } }
  }

  /// Sizes by hand: 206 numbers of state, 40 of action; 6 (S + A) = 1476 inputs of a joint critic.
  @Test func costsAreThoseOfThePaper() throws {
    let settings = try EdgeSettings(request(.standard).parameters)
    let (joint, own) = (settings.cost(of: "madrl"), settings.cost(of: "fdrl"))
    #expect(joint.criticInputs == 1476 && own.criticInputs == 246 && joint.actorInputs == 206)
    #expect(joint.actorParameters == 207 * 64 + 65 * 40 && own.criticParameters == 247 * 64 + 65)
    #expect(settings.bytes(of: "madrl", slots: 250) == 246_000 && settings.bytes(of: "fdrl", slots: 250) == 2 * 4 * (15_848 + 15_873))
    #expect(abs(settings.meanLocalJoules - 1.5) < 1e-12)
  }

  @Test func aRunFillsFiguresTablesAndClaims() throws {
    let sizes = EdgeExperimentTests.sizes
    let request = try RunRequest(.reproduce, of: Self.pack, scale: .smoke, settings: sizes + ["channelMap=scalar"])
    let log = MetricLog()
    for job in try Self.pack.plan(request).jobs where (job.point["regime"] ?? 0) < 2 {
      log.begin(job)
      var run = try Self.pack.start(job, parameters: request.parameters, threads: 1)
      while try !run.advance(log) {}
    }
    let table = try log.table()
    let figures = try Self.pack.figures(from: table, request: request)
    #expect(figures.map(\.number) == [4, 5, 6, 7, 8, 9])
    #expect(figures[1].panels.count == 3 && figures[1].panels[0].series.count == 3)
    for figure in figures { #expect(!figure.svg.isEmpty && figure.csv.split(separator: "\n").count > 3) }
    let tables = ["results", "complexity", "signalling", "restricted", "aggregation", "regime"]
    #expect(try Self.pack.tables(from: table, request: request).map(\.name) == tables)
    #expect(try Self.pack.judge(table, request: request).count == 19)
    #expect(try Self.pack.summary(of: table, request: request).contains("MA-DRL: system reward"))
  }
}
