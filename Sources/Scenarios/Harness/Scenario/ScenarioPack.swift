import Agents

/// A pack whose environments any algorithm can be let into: `run PACK --algorithm NAME`.
public protocol EnvironmentPack: Pack {
  /// The environment of some values of the pack's parameters. Its places and fading depend on seed and phase alone, never on what agents do, so that
  /// algorithms can be compared on the same ones.
  ///
  /// - Parameters:
  ///   - parameters: Values of the pack's parameters.
  ///   - copies: E
  ///   - seed: Of places and fading.
  ///   - isTest: Whether it is the one of the test, which must not repeat the fading of training.
  func environment(_ parameters: ParameterSet, copies: Int, seed: UInt64, isTest: Bool) throws -> any Environment

  /// The parameters with which a job of the pack runs.
  func parameters(of job: Job, in parameters: ParameterSet) throws -> ParameterSet
}

extension EnvironmentPack {
  /// Those of the run.
  public func parameters(of job: Job, in parameters: ParameterSet) throws -> ParameterSet { parameters }
}

/// A wireless problem of one's own as a pack: an environment, its parameters, the algorithms that are compared in it.
///
///     let pack = ScenarioPack("cellfree", title: "Access-point selection", algorithms: [.dqn, .ppo, .ppo.federated(every: 500), .random]) {
///       parameters, copies, seed in AccessPoints(users: parameters.integer("users"), copies: copies, seed: seed)
///     }
///     CommandLineTool(name: "cellfree", packs: [pack]).main()
///
/// A run trains each algorithm under each seed, tests it in an environment of another seed, and draws learning curves and tests. There are four parameters beside
/// the scenario's own: `learningSteps`, `learningInterval`, `testSteps` and `copies`.
public struct ScenarioPack: EnvironmentPack {
  public let name: String
  public let paper: PaperReference
  public let algorithms: [Algorithm]
  public let parameters: [ParameterDescription]
  public let claims: [ClaimDescription] = []
  public let deviations: [Deviation]
  private let steps: Int
  /// What a scale changes in the scenario's own parameters.
  private let ownDefaults: @Sendable (Scale) -> [String: ParameterValue]
  private let make: @Sendable (ParameterSet, _ copies: Int, _ seed: UInt64, _ isTest: Bool) throws -> any Environment

  /// - Parameters:
  ///   - name: On the command line, lower-case.
  ///   - title: For the report.
  ///   - authors: For the report, beside the title.
  ///   - year: For the report, beside the title; 0 for none.
  ///   - parameters: The scenario's own.
  ///   - algorithms: What is compared, each by a name of its own.
  ///   - steps: Steps of training at scale `standard`; a fifth at `quick`, a hundredth at `smoke`, five times as many at `paper`.
  ///   - deviations: Where it departs from a paper or fills a gap of it.
  ///   - make: The environment of some parameters, with as many copies as it is asked for.
  public init(
    _ name: String, title: String, authors: String = "own scenario", year: Int = 0, parameters: [ParameterDescription] = [], algorithms: [Algorithm],
    steps: Int = 50_000, deviations: [Deviation] = [],
    _ make: @escaping @Sendable (_ parameters: ParameterSet, _ copies: Int, _ seed: UInt64) throws -> any Environment
  ) {
    self.init(
      name, PaperReference(title: title, authors: authors, year: year), parameters, algorithms, steps, deviations, ownDefaults: { _ in [:] },
      make: { parameters, copies, seed, isTest in try make(parameters, copies, isTest ? ~seed : seed) })
  }

  /// Algorithms in the environment of another pack.
  init(_ algorithms: [Algorithm], in pack: any EnvironmentPack, steps: Int = 10_000) {
    self.init(
      pack.name, pack.paper, pack.parameters, algorithms, steps, pack.deviations, ownDefaults: { pack.defaults(at: $0) },
      make: { parameters, copies, seed, isTest in try pack.environment(parameters, copies: copies, seed: seed, isTest: isTest) })
  }

  private init(
    _ name: String, _ paper: PaperReference, _ parameters: [ParameterDescription], _ algorithms: [Algorithm], _ steps: Int, _ deviations: [Deviation],
    ownDefaults: @escaping @Sendable (Scale) -> [String: ParameterValue],
    make: @escaping @Sendable (ParameterSet, Int, UInt64, Bool) throws -> any Environment
  ) {
    precondition(Set(algorithms.map(\.name)).count == algorithms.count, "ScenarioPack: two algorithms have the same name")
    precondition(steps >= 1000, "ScenarioPack: at least 1000 steps of training, got \(steps)")
    self.name = name
    self.paper = paper
    self.algorithms = algorithms
    self.steps = steps
    (self.make, self.ownDefaults) = (make, ownDefaults)
    self.deviations = deviations
    let own: [ParameterDescription] = [
      .integer("learningSteps", unit: "step", default: steps, in: 1...1_000_000_000, description: "steps of training"),
      .integer(
        "learningInterval", unit: "step", default: max(1, steps / 50), in: 1...1_000_000_000, description: "steps of one point of a learning curve"),
      .integer("testSteps", unit: "step", default: max(1, steps / 10), in: 1...1_000_000_000, description: "steps of the test behind training"),
      .integer("copies", default: 1, in: 1...100_000, description: "copies of the environment that a learner acts in side by side"),
    ]
    if let twice = parameters.first(where: { parameter in own.contains { $0.name == parameter.name } }) {
      preconditionFailure("ScenarioPack: '\(twice.name)' is a parameter of every scenario; give the scenario's own another name")
    }
    self.parameters = parameters + own
  }

  public var schemes: [SchemeDescription] {
    algorithms.map { SchemeDescription($0.name, description: $0.description, isReference: $0.isReference) }
  }

  public var figures: [FigureDescription] { [FigureDescription(1, title: "Learning curves"), FigureDescription(2, title: "Tests")] }

  public func environment(_ parameters: ParameterSet, copies: Int, seed: UInt64, isTest: Bool) throws -> any Environment {
    try make(parameters, copies, seed, isTest)
  }

  public func defaults(at scale: Scale) -> [String: ParameterValue] {
    let share: (Int) -> Int =
      switch scale {
      case .smoke: { max(1, $0 / 100) }
      case .quick: { max(1, $0 / 5) }
      case .standard: { $0 }
      case .paper: { $0 * 5 }
      }
    var defaults = ownDefaults(scale)
    defaults["learningSteps"] = .integer(share(steps))
    defaults["learningInterval"] = .integer(share(max(1, steps / 50)))
    defaults["testSteps"] = .integer(share(max(1, steps / 10)))
    return defaults
  }

  public func plan(_ request: RunRequest) throws -> Plan {
    let parameters = request.parameters
    let specification = try make(parameters, parameters.integer("copies"), 0, false).specification
    for name in request.schemes {
      if let objection = algorithm(name).objection(specification) { throw UsageError("'\(name)' cannot learn in '\(self.name)': \(objection)") }
    }
    let jobs = request.schemes.flatMap { scheme in
      request.seeds.map { Job(scheme: scheme, seed: $0, estimatedSeconds: 2e-4 * Double(parameters.integer("learningSteps") * specification.agents)) }
    }
    return Plan(
      summary:
        "Trains \(request.schemes.joined(separator: ", ")) for \(parameters.integer("learningSteps")) steps with \(request.seeds.count) "
        + "seed\(request.seeds.count == 1 ? "" : "s"), then tests them for \(parameters.integer("testSteps")).", jobs: jobs)
  }

  private func algorithm(_ name: String) -> Algorithm { algorithms.first { $0.name == name }! }

  public func start(_ job: Job, parameters: ParameterSet, threads: Int) throws -> any JobRun {
    let (copies, seed) = (parameters.integer("copies"), UInt64(job.seed))
    let environment = try make(parameters, copies, seed, false)
    let lengths = (parameters.integer("learningSteps"), parameters.integer("testSteps"), parameters.integer("learningInterval"))
    let task = Algorithm.Task(specification: environment.specification, seed: seed, threads: threads, steps: lengths.0)
    return try ScenarioPack.job(
      algorithm(job.scheme).make(task), in: environment, testedIn: make(parameters, copies, seed, true), lengths)
  }

  /// Both of a type of their own, so that no step pays for their being any.
  private static func job<Task: Environment>(
    _ learner: some Learner, in environment: Task, testedIn trial: any Environment, _ lengths: (training: Int, test: Int, interval: Int)
  ) -> any JobRun {
    LearningJob(
      learner, in: environment, testedIn: trial as! Task, .init(training: lengths.training, test: lengths.test, interval: lengths.interval))
  }

  // MARK: Outputs

  /// The reward and the environment's metrics, at most eight.
  private func metrics(_ table: MetricTable, _ request: RunRequest) -> [String] {
    let all = request.schemes.first.map { table.metrics(of: $0) } ?? []
    let tested = all.filter { $0.hasPrefix("test.") }.map { String($0.dropFirst(5)) }
    return Array((["reward"] + tested.filter { $0 != "reward" }).filter { all.contains($0) }.prefix(8))
  }

  public func figures(from table: MetricTable, request: RunRequest) throws -> [Figure] {
    let shown = schemes.filter { request.schemes.contains($0.name) }
    let names = metrics(table, request)
    let curves = names.map { metric in
      Panel(
        title: metric, x: Axis("step"), y: Axis(metric),
        series: shown.map { Series.curve($0.legend, isReference: $0.isReference, table.curves(metric, of: $0.name)) })
    }
    let tests = names.map { metric in
      Panel(
        title: metric, x: Axis("", names: shown.map(\.legend)), y: Axis(metric),
        series: [
          Series(
            "test", kind: .column,
            points: Series.sweep("", shown.enumerated().map { (Double($0), table.values("test." + metric, of: $1.name)) }).points)
        ])
    }
    return [
      Figure(number: 1, title: "Learning curves", caption: "Means over steps, copies and agents, with 95 % intervals over seeds.", panels: curves),
      Figure(number: 2, title: "Tests", caption: "What was learned, without exploration, in an environment of another seed.", panels: tests),
    ].filter { request.figures.isEmpty || request.figures.contains($0.number) }
  }

  public func tables(from table: MetricTable, request: RunRequest) throws -> [ReportTable] {
    let names = metrics(table, request)
    return [
      ReportTable(
        name: "tests", title: "Tests", caption: "Means over seeds with 95 % intervals.", columns: [.init("scheme")] + names.map { .init($0) },
        rows: schemes.filter { request.schemes.contains($0.name) }.map { scheme in
          [.text(scheme.legend)] + names.map { .interval(table.values("test." + $0, of: scheme.name)) }
        })
    ]
  }

  public func judge(_ table: MetricTable, request: RunRequest) throws -> [ClaimResult] { [] }

  public func summary(of table: MetricTable, request: RunRequest) throws -> String {
    let best = schemes.filter { request.schemes.contains($0.name) }.compactMap { scheme -> (String, Double)? in
      let values = table.values("test.reward", of: scheme.name)
      return values.isEmpty ? nil : (scheme.legend, Statistics.mean(values.values))
    }
    let parts = best.sorted { $0.1 > $1.1 }.map { "\($0.0) \(shortText($0.1))" }
    return parts.isEmpty ? "" : "Mean reward of a step in the tests: \(parts.joined(separator: ", "))."
  }
}
