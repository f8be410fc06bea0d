import Testing

@testable import Scenarios

@Suite struct MulticellPackTests {
  private static let pack = MulticellPack()

  private func request(_ scale: Scale, figures: [Int]? = nil, _ settings: [String] = []) throws -> RunRequest {
    try RunRequest(.reproduce, of: Self.pack, scale: scale, figures: figures, settings: settings)
  }

  /// The networks of figures 5 to 9 once each: 3 sizes, 10 of figure 6 less 2, 5 more of figure 7 less 1, 4 of figure 9 less 2.
  @Test func figuresShareTheirNetworks() throws {
    let jobs = try Self.pack.plan(request(.standard)).jobs
    #expect(Set(jobs.map { "\($0.scheme) \($0.seed) \($0.point)" }).count == jobs.count)
    let places = Set(jobs.map(\.point)).filter { $0["antennas"] != nil }
    #expect(places.count == 17)
    #expect(jobs.count { $0.settings["convergence"] != nil } == 4 * 8 * 5)
    #expect(jobs.count { $0.point["variant"] != nil } == 5 * MulticellPlan.variants.reduce(0) { $0 + $1.schemes.count })
    #expect(try Self.pack.plan(request(.standard, figures: [5])).jobs.count == 3 * 8 * 5)
  }

  @Test func placesSetTheSizes() throws {
    let parameters = try request(.standard).parameters
    let settings = try MulticellPlan.settings(parameters, at: ["antennas": 32, "frequencies": 12, "sir": 3], variant: nil)
    #expect(settings.system.users == 16 && settings.system.antennas == 32 && settings.system.frequencies == 12 && settings.system.sirDB == 3)
    let own = try MulticellPlan.settings(request(.standard, ["users=3"]).parameters, at: ["antennas": 8], variant: nil)
    #expect(own.system.users == 3)
  }

  @Test func everyVariantChangesASetting() throws {
    let plain = try MulticellSettings(request(.standard).parameters)
    for variant in MulticellPlan.variants {
      let changed = try MulticellSettings(request(.standard, variant.settings).parameters)
      #expect("\(changed)" != "\(plain)" && changed.contradiction == nil, "\(variant.name)")
    }
  }

  @Test(arguments: [
    (["users=9"], "rotateUsers"), (["frequencies=2"], "raise frequencies"), (["measuredSlots=5"], "measuredSlots=5 is below"),
    (["trainingSlots=100", "randomSlots=100"], "leaves nothing"),
  ])
  func contradictionsAreUsageErrors(settings: [String], words: String) throws {
    let request = try RunRequest(.run, of: Self.pack, scale: .standard, settings: settings)
    let error = #expect(throws: UsageError.self) { try Self.pack.plan(request) }
    #expect(error.map { "\($0)" }?.contains(words) == true)
  }

  @Test func descriptionsAreComplete() {
    #expect(Self.pack.claims.map(\.id) == (1...25).map { "MIMO-" + ($0 < 10 ? "0" : "") + "\($0)" })
    #expect(Self.pack.deviations.map(\.number) == Array(1...34))
    for parameter in Self.pack.parameters { if let deviation = parameter.deviation { #expect((1...34).contains(deviation), "\(parameter.name)") } }
  }

  @Test func learnersAreThoseOfThePaper() throws {
    let settings = try MulticellSettings(request(.standard).parameters)
    #expect(settings.system(of: "td3mix").moves == 0 && settings.system(of: "td3mix+flwf").moves == 10)
    #expect(settings.learner(of: "td3mix").discount == 0 && settings.learner(of: "td3mix+flwf").discount == 0.99)
    let literal = try MulticellSettings(request(.standard, ["encoder=flat", "flatInput=channels", "mix=monotone"]).parameters)
    #expect(literal.learner(of: "td3mix+flwf").actorWidths == [128, 128] && literal.learner(of: "td3mix+flwf").items == nil)
    #expect(literal.system(of: "td3mix+flwf").observationSize == 792)
  }

  @Test func aRunFillsFiguresTablesAndClaims() throws {
    let sizes = ["trainingSlots=14", "randomSlots=6", "batch=4", "itemUnits=8", "flatUnits=8", "blocks=2", "starts=4", "realizations=2", "moves=2"]
    let request = try request(.smoke, sizes)
    let log = MetricLog()
    for job in try Self.pack.plan(request).jobs where (job.point["variant"] ?? 0) < 3 {
      log.begin(job)
      var run = try Self.pack.start(job, parameters: request.parameters, threads: 1)
      while try !run.advance(log) {}
    }
    let table = try log.table()
    let figures = try Self.pack.figures(from: table, request: request)
    #expect(figures.map(\.number) == [5, 6, 7, 8, 9, 10])
    #expect(figures[4].panels.count == 4 && figures[4].panels[0].series.count == 5)
    // The band of many starts.
    #expect(figures[4].panels[0].series.contains { series in series.name == "FLWF" && series.points.contains { $0.high > $0.low } })
    for figure in figures { #expect(!figure.svg.isEmpty && figure.csv.split(separator: "\n").count > 1, "figure \(figure.number)") }
    #expect(try Self.pack.tables(from: table, request: request).map(\.name) == ["results", "ranks", "variants"])
    #expect(try Self.pack.judge(table, request: request).count == 25)
    #expect(try Self.pack.summary(of: table, request: request).contains("TD3-MIX+FLWF"))
  }
}
