/// One paper as a set of experiments that anybody can run, and of claims that a run can judge.
///
/// A pack describes itself (schemes, figures, claims, parameters, deviations), turns a request into a plan of jobs, runs each
/// job in small chunks, and turns the metrics of a run into figures, tables and verdicts. Everything else is the harness's work: command
/// line, run folder, checkpoints, resume, progress, figures as files, report.
///
/// `plan`, `figures`, `tables` and `judge` are pure: the same request and the same table give the same answer, on any machine.
public protocol Pack: Sendable {
  /// The name on the command line, lower-case, for example `d2d`.
  var name: String { get }
  var paper: PaperReference { get }
  var schemes: [SchemeDescription] { get }
  /// The figures of the paper that the pack can draw.
  var figures: [FigureDescription] { get }
  var claims: [ClaimDescription] { get }
  var parameters: [ParameterDescription] { get }
  /// Every place where the pack departs from the paper or fills a gap that the paper leaves.
  var deviations: [Deviation] { get }

  /// What a scale changes in the defaults of the parameters. What a user sets by hand goes above it.
  func defaults(at scale: Scale) -> [String: ParameterValue]

  /// The seeds of a run whose user names none.
  func defaultSeeds(at scale: Scale) -> [Int]

  /// The schemes of a run whose user names none.
  ///
  /// - Parameters:
  ///   - command: Whether it is `run`, `reproduce` or `sweep`.
  ///   - figures: The figures asked for; empty for the command `run`.
  func defaultSchemes(for command: RunRequest.Kind, figures: [Int]) -> [String]

  /// The jobs that answer a request, always the same list for the same request.
  func plan(_ request: RunRequest) throws -> Plan

  /// The beginning of one job.
  ///
  /// - Parameters:
  ///   - job: One of the plan.
  ///   - parameters: The request's, with what a sweep changes in them for this job.
  ///   - threads: How many threads the job may use. They change time only, never a bit of a result.
  func start(_ job: Job, parameters: ParameterSet, threads: Int) throws -> any JobRun

  /// The figures that the metrics of a run can fill, each with a number of its own.
  func figures(from table: MetricTable, request: RunRequest) throws -> [Figure]

  /// The tables that the metrics of a run can fill, each with a name of its own, in the order of the report.
  func tables(from table: MetricTable, request: RunRequest) throws -> [ReportTable]

  /// The verdicts on the claims that the metrics of a run can judge. The harness adds the others as `inconclusive`.
  func judge(_ table: MetricTable, request: RunRequest) throws -> [ClaimResult]

  /// The first drop of a request, to look at; nil for a pack without places.
  func map(of request: RunRequest) throws -> DropMap?

  /// What came out, in one or a few paragraphs of plain text separated by empty lines, for the head of the report.
  func summary(of table: MetricTable, request: RunRequest) throws -> String
}

extension Pack {
  public func defaults(at scale: Scale) -> [String: ParameterValue] { [:] }

  public func map(of request: RunRequest) throws -> DropMap? { nil }

  public func tables(from table: MetricTable, request: RunRequest) throws -> [ReportTable] { [] }

  /// 1, 3, 5 and 10 seeds from zero on for the four scales.
  public func defaultSeeds(at scale: Scale) -> [Int] {
    switch scale {
    case .smoke: [0]
    case .quick: Array(0..<3)
    case .standard: Array(0..<5)
    case .paper: Array(0..<10)
    }
  }

  /// Every scheme of the pack.
  public func defaultSchemes(for command: RunRequest.Kind, figures: [Int]) -> [String] { schemes.map(\.name) }

  /// The description of the claim called `id`.
  public func claim(_ id: String) -> ClaimDescription {
    guard let claim = claims.first(where: { $0.id == id }) else { preconditionFailure("the pack '\(name)' has no claim '\(id)'") }
    return claim
  }
}

/// The paper that a pack reproduces.
public struct PaperReference: Sendable, Hashable {
  public var title: String
  public var authors: String
  /// 0 where nothing has appeared.
  public var year: Int

  public init(title: String, authors: String, year: Int) {
    self.title = title
    self.authors = authors
    self.year = year
  }

  /// Authors, title and year, if there is one, in one line.
  public var citation: String { "\(authors): \(title)" + (year == 0 ? "" : " (\(year))") }
}

/// One of the methods that a paper compares.
public struct SchemeDescription: Sendable, Hashable {
  /// The name on the command line and in every file.
  public var name: String
  /// The name in legends; the paper's own.
  public var legend: String
  public var description: String
  /// A yardstick (an oracle, a bound) and no method that the paper proposes or compares.
  public var isReference: Bool

  public init(_ name: String, legend: String? = nil, description: String, isReference: Bool = false) {
    self.name = name
    self.legend = legend ?? name
    self.description = description
    self.isReference = isReference
  }
}

/// A figure of the paper.
public struct FigureDescription: Sendable, Hashable {
  public var number: Int
  public var title: String

  public init(_ number: Int, title: String) {
    self.number = number
    self.title = title
  }
}

/// A statement of the paper that a run can check.
public struct ClaimDescription: Sendable, Hashable {
  /// For example `D2D-07`.
  public var id: String
  /// The figure that it is about, if any.
  public var figure: Int?
  public var text: String

  public init(_ id: String, figure: Int? = nil, text: String) {
    self.id = id
    self.figure = figure
    self.text = text
  }
}

/// A place where a pack departs from its paper or fills a gap of it.
public struct Deviation: Sendable, Hashable {
  public var number: Int
  public var text: String

  public init(_ number: Int, _ text: String) {
    self.number = number
    self.text = text
  }
}
