import Testing

@testable import Scenarios

@Suite struct AllocationPackTests {
  private static let pack = AllocationPack()

  private func request(_ scale: Scale, schemes: [String]? = nil, figures: [Int]? = nil, _ settings: [String] = []) throws -> RunRequest {
    try RunRequest(.reproduce, of: Self.pack, scale: scale, schemes: schemes, figures: figures, settings: settings)
  }

  @Test func figuresBringTheirJobs() throws {
    let jobs = try Self.pack.plan(request(.standard)).jobs
    #expect(Set(jobs.map { "\($0.scheme) \($0.seed) \($0.point)" }).count == jobs.count)
    let plain = jobs.filter { $0.point.coordinates.count == 1 }
    #expect(plain.count == 3 * 5 * 8 + 5 * 4)
    #expect(Set(plain.map { $0.point["scenario"]! }) == [1, 3, 4])
    #expect(jobs.count { $0.point["regime"] == 1 } == 3 * 5 * 5 && jobs.count { $0.point["regime"] == 2 } == 5 * 3)
    #expect(jobs.count { $0.point["users"] != nil && $0.scheme == "mfrl" } == 4 * 3)
    #expect(jobs.count { $0.point["users"] != nil && $0.scheme == "mrl" } == 3 * 3)
    #expect(jobs.count { $0.point["equal"] != nil } == 5 * 5 && jobs.count { $0.point["variant"] != nil } == 3 * 3)
    #expect(jobs.count { $0.point["delay"] != nil } == 4 * 3 * 5 && jobs.count { $0.point["levels"] != nil } == 4 * 3 * 5)
    #expect(try Self.pack.plan(request(.standard, figures: [6])).jobs.allSatisfy { $0.point == ["scenario": 1] })
    let run = try RunRequest(.run, of: Self.pack, scale: .standard, schemes: ["mrl"], settings: ["scenario=umi"])
    #expect(try Self.pack.plan(run).jobs.map(\.point) == Array(repeating: ["scenario": 2], count: 5))
  }

  /// What a job's settings say is what it runs with, above what the user has set.
  @Test func jobsHaveTheirSettings() throws {
    let request = try request(.standard, ["trace=0.5"])
    for job in try Self.pack.plan(request).jobs {
      let settings = try AllocationPlan.settings(of: job, request.parameters)
      #expect(AllocationPlan.scenarios[Int(job.point["scenario"]!) - 1] == settings.system.cell.scenario.rawValue)
      #expect(settings.work.trace == 0.5 && settings.contradiction == nil)
      if let users = job.point["users"] ?? job.point["equal"] { #expect(settings.system.cell.users == Int(users)) }
      #expect((settings.work.regime == .printed) == (job.point["regime"] != nil))
      #expect((Set(settings.system.cell.bandwidthsHertz).count == 1) == (job.point["equal"] != nil))
      #expect(settings.isDelayStudy == (job.point["delay"] != nil) && settings.work.csiDelay == Int(job.point["delay"] ?? 0))
      #expect(settings.system.powerLevels == Int(job.point["levels"] ?? 0))
    }
  }

  @Test func everySettingReachesItsProperty() throws {
    let plain = try AllocationSettings(request(.standard).parameters)
    for parameter in Self.pack.parameters {
      let text: String
      switch parameter.standard {
      case .flag(let flag): text = "\(!flag)"
      case .choice(let choice): text = parameter.choices.first { $0 != choice }!
      case .integer(let value): text = parameter.problem(with: .integer(value + 2)) == nil ? "\(value + 2)" : "\(value - 2)"
      case .number(let value):
        text = ["0.5", "0.25", "1"].first { Double($0)! != value && parameter.problem(with: .number(Double($0)!)) == nil }!
      }
      let changed = try AllocationSettings(request(.standard, ["\(parameter.name)=\(text)"]).parameters)
      #expect("\(changed)" != "\(plain)", "\(parameter.name)")
    }
  }

  @Test(arguments: [
    (["episodes=15"], "episodes"), (["roundEpisodes=7"], "roundEpisodes"), (["leastPower=30"], "least power"), (["csiDelay=500"], "csiDelay"),
  ])
  func contradictionsAreUsageErrors(settings: [String], words: String) throws {
    let request = try request(.standard, settings)
    let error = #expect(throws: UsageError.self) { try Self.pack.plan(request) }
    #expect(error.map { "\($0)" }?.contains(words) == true)
  }

  @Test func descriptionsAreComplete() {
    #expect(Self.pack.claims.count == 25 && Self.pack.claims.map(\.id) == (1...25).map { "MFRL-" + ($0 < 10 ? "0" : "") + "\($0)" })
    #expect(Self.pack.deviations.map(\.number) == Array(1...52))
    let numbers = Set(Self.pack.deviations.map(\.number))
    for parameter in Self.pack.parameters { if let deviation = parameter.deviation { #expect(numbers.contains(deviation), "\(parameter.name)") } }
    let learners = AllocationScheme.all.map(\.name)
    #expect(Self.pack.schemes.map(\.name) == learners + AllocationPlan.yardsticks)
    for scale in Scale.allCases { #expect(throws: Never.self) { try Self.pack.plan(request(scale)) } }
  }

  /// 696372 bytes every 10 s against 40 bytes a millisecond: the page's numbers.
  @Test func overhead() throws {
    let overhead = AllocationOverhead(settings: try AllocationSettings(request(.standard).parameters))
    #expect(overhead.modelBytes == 696_372 && overhead.roundSeconds == 10)
    #expect(abs(overhead.federation - 69_637.2) < 1e-6 && overhead.reports(every: 1) == 40_000 && overhead.reports(every: 100) == 400)
  }

  @Test func aRunFillsFiguresTablesAndClaims() throws {
    let sizes = AllocationCourseTests.sizes.filter { $0 != "users=3" }
    let request = try RunRequest(.reproduce, of: Self.pack, scale: .smoke, settings: sizes)
    let log = MetricLog()
    for job in try Self.pack.plan(request).jobs {
      log.begin(job)
      var run = try Self.pack.start(job, parameters: request.parameters, threads: 1)
      while try !run.advance(log) {}
    }
    let table = try log.table()
    let figures = try Self.pack.figures(from: table, request: request)
    #expect(figures.map(\.number) == [3, 4, 5, 6, 7, 8, 9])
    #expect(figures.map(\.panels.count) == [2, 3, 3, 2, 5, 1, 3])
    for figure in figures { #expect(!figure.svg.isEmpty && figure.csv.split(separator: "\n").count > 3) }
    let tables = try Self.pack.tables(from: table, request: request)
    #expect(tables.map(\.name) == ["results", "studies", "ceiling", "overhead", "delay", "levels"])
    let claims = try Self.pack.judge(table, request: request)
    #expect(claims.count == 25)
    let verdicts = Dictionary(uniqueKeysWithValues: claims.map { ($0.claim.id, $0.judgement.verdict) })
    #expect(verdicts["MFRL-20"] == .fails && verdicts["MFRL-22"] == .holds && verdicts["MFRL-23"] == .holds && verdicts["MFRL-25"] == .holds)
    #expect(try Self.pack.summary(of: table, request: request).contains("MFRL: "))
  }
}
