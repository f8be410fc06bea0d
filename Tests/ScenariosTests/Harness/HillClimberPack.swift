import Foundation
import Scenarios
import Tensor

/// A small pack for tests: noisy hill climbers on −|x|², whose whole state is a few numbers from counter-based streams.
struct HillClimberPack: Pack {
  var name = "hill"
  /// The step at which a climber records a number that is not finite, to see what a run does then.
  var failingStep: Int?
  /// The scheme that does so, where it is not every one.
  var failingScheme: String?
  /// Microseconds that a chunk rests, so that others see jobs on their way.
  var rest: UInt32 = 0
  /// What each job says that it needs.
  var bytesPerJob = 0.0
  let paper = PaperReference(title: "Climbing <noisy> hills & dales", authors: "A. Climber and B. Walker", year: 1999)
  let schemes = [
    SchemeDescription("careful", legend: "Careful", description: "small steps"),
    SchemeDescription("bold", legend: "Bold", description: "large steps"),
    SchemeDescription("still", legend: "Still", description: "stays where it is", isReference: true),
  ]
  let figures = [
    FigureDescription(3, title: "Height over the steps"), FigureDescription(4, title: "Final height over the dimension"),
    FigureDescription(5, title: "Where the climbs end"),
  ]
  let claims = [
    ClaimDescription("HILL-01", figure: 4, text: "Careful climbers end higher than those that stay"),
    ClaimDescription("HILL-02", figure: 4, text: "Careful and bold climbers end equally high"),
    ClaimDescription("HILL-03", text: "A climber remembers fewer than 100 bytes"),
    ClaimDescription("HILL-04", figure: 3, text: "Nobody judges this"),
  ]
  let parameters = [
    ParameterDescription.number("noise", unit: "m", default: 0.1, in: 0...10, description: "what the eye gets wrong", deviation: 1),
    ParameterDescription.integer("steps", unit: "step", default: 60, in: 10...100_000, description: "steps of a climb"),
    ParameterDescription.choice("weather", default: "sun", of: ["sun", "rain"], description: "rain doubles the noise"),
    ParameterDescription.flag("rope", default: false, description: "changes nothing"),
  ]
  let deviations = [Deviation(1, "The paper gives no noise; 0.1 m is ours."), Deviation(2, "Hills are round.")]

  func defaults(at scale: Scale) -> [String: ParameterValue] { scale == .smoke ? ["steps": 30] : [:] }

  func plan(_ request: RunRequest) throws -> Plan {
    let jobs = request.schemes.flatMap { scheme in
      request.seeds.flatMap { seed in
        [2, 8].map {
          Job(scheme: scheme, seed: seed, point: ["dimension": Double($0)], estimatedSeconds: 0.01, estimatedBytes: bytesPerJob)
        }
      }
    }
    return Plan(summary: "\(request.schemes.count) climbers on 2 hills, \(request.parameters.integer("steps")) steps each.", jobs: jobs)
  }

  func start(_ job: Job, parameters: ParameterSet, threads: Int) throws -> any JobRun {
    let noise = parameters.number("noise") * (parameters.choice("weather") == "rain" ? 2 : 1)
    return HillClimb(
      stride: job.scheme == "careful" ? 0.3 : job.scheme == "bold" ? 0.8 : 0, noise: noise, total: parameters.integer("steps"),
      seed: UInt64(job.seed),
      dimension: Int(job.point["dimension"]!), failingStep: [nil, job.scheme].contains(failingScheme) ? failingStep : nil, rest: rest)
  }

  func figures(from table: MetricTable, request: RunRequest) throws -> [Figure] {
    let shown = schemes.filter { request.schemes.contains($0.name) }
    let curves = shown.map { Series.curve($0.legend, isReference: $0.isReference, table.curves("height", of: $0.name, at: ["dimension": 2])) }
    let sweeps = shown.map { scheme in
      Series.sweep(
        scheme.legend, isReference: scheme.isReference,
        [2, 8].map { (x: $0, values: table.values("height", of: scheme.name, at: ["dimension": $0])) })
    }
    return [
      Figure(
        number: 3, title: "Height over the steps", caption: "Mean height and its 95 % interval.",
        panels: [Panel(x: Axis("step"), y: Axis("height", unit: "m"), series: curves, references: [ReferenceLine(.horizontal(0), label: "summit")])]),
      Figure(
        number: 4, title: "Final height over the dimension", caption: "Where the climbs end, <every> seed.",
        panels: [Panel(x: Axis("dimension"), y: Axis("height", unit: "m"), series: sweeps)]),
      Figure(number: 5, title: "Where the climbs end", caption: "Seed by seed round the <summit>.", maps: shown.map { ends($0, table, request) }),
    ].filter { request.figures.isEmpty || request.figures.contains($0.number) }
  }

  /// The ends of a scheme's climbs at their distance from the summit, each seed in a direction of its own.
  private func ends(_ scheme: SchemeDescription, _ table: MetricTable, _ request: RunRequest) -> DropMap {
    let heights = table.values("height", of: scheme.name, at: ["dimension": 2])
    let directions = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)]
    let nodes = zip(heights.seeds, heights.values).map { seed, height in
      let (x, y) = directions[seed % 4]
      return DropMap.Node(.user, x: x * (-height).squareRoot(), y: y * (-height).squareRoot(), block: seed, label: "s\(seed)")
    }
    return DropMap(
      title: scheme.legend, caption: "", borders: [DropMap.Circle(x: 0, y: 0, radius: 1)],
      nodes: [DropMap.Node(.site, x: 0, y: 0, label: "top")] + nodes, links: nodes.indices.map { DropMap.Link(from: 0, to: $0 + 1, block: $0) },
      blocks: request.seeds.count, names: [.user: "climber", .site: "summit"])
  }

  func tables(from table: MetricTable, request: RunRequest) throws -> [ReportTable] {
    let rows = schemes.filter { request.schemes.contains($0.name) }.map { scheme -> [ReportTable.Cell] in
      let heights = table.values("height", of: scheme.name, at: ["dimension": 2])
      let mean = heights.isEmpty ? nil : heights.values.reduce(0, +) / Double(heights.count)
      return [.text(scheme.legend), .number(Double(heights.count)), mean.map { .number($0) } ?? .empty, 12_345]
    }
    return [
      ReportTable(
        name: "ends", title: "Ends of the climbs", caption: "Means over <all> seeds.",
        columns: [.init("climber"), .init("seeds"), .init("height", unit: "m"), .init("memory", unit: "bit")], rows: rows)
    ]
  }

  func judge(_ table: MetricTable, request: RunRequest) throws -> [ClaimResult] {
    func height(_ scheme: String) -> SeedValues { table.values("height", of: scheme, at: ["dimension": 2]) }
    return [
      ClaimResult(claim("HILL-01"), ClaimTest.difference("height, careful − still", height("careful"), minus: height("still"), is: .greater)),
      ClaimResult(claim("HILL-02"), ClaimTest.equality("height, careful − bold", height("careful"), height("bold"), tolerance: 0.01)),
      ClaimResult(claim("HILL-03"), ClaimTest.exact("bytes", 88, is: .less, than: 100)),
    ]
  }

  func summary(of table: MetricTable, request: RunRequest) throws -> String {
    "\(table.count) heights were measured.\n\nThe <summit> is at 0 m & nobody is above it."
  }
}

/// One climb.
struct HillClimb: JobRun {
  let stride: Double
  let noise: Double
  let total: Int
  let seed: UInt64
  let failingStep: Int?
  let rest: UInt32
  var place: [Double]
  var step = 0
  /// Drawn on from step to step, so that a state that is not restored exactly shows at once.
  var memory = 0.0

  init(stride: Double, noise: Double, total: Int, seed: UInt64, dimension: Int, failingStep: Int?, rest: UInt32 = 0) {
    self.stride = stride
    self.noise = noise
    self.total = total
    self.seed = seed
    self.failingStep = failingStep
    self.rest = rest
    var generator = RandomStream(seed: seed, purpose: .initialization).generator()
    place = (0..<dimension).map { _ in generator.uniform(-2, 2) }
  }

  var height: Double { -place.reduce(0) { $0 + $1 * $1 } }

  var progress: JobProgress { JobProgress(completed: step, total: total, unit: "step", headline: ("height", height)) }

  mutating func advance(_ log: MetricLog) throws -> Bool {
    if rest > 0 { usleep(rest) }
    for _ in 0..<min(5, total - step) {
      var generator = RandomStream(seed: seed, purpose: .exploration).generator(step: step)
      let before = height
      let old = place
      for axis in place.indices { place[axis] += stride * generator.normal() }
      memory = 0.9 * memory + noise * generator.normal()
      if height + memory < before { place = old }
      step += 1
      try log.record("height", step == failingStep ? .nan : height, step: step)
    }
    return step == total
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("place", &place)
    try archive.value("step", &step)
    try archive.value("memory", &memory)
  }
}
