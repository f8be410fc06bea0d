import Tensor

/// The place of a job in a sweep: an ordered list of named numbers, for example `["pairs": 50, "neighbours": 3]`.
public struct SweepPoint: Sendable, Hashable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
  public struct Coordinate: Sendable, Hashable {
    public let name: String
    public let value: Double
  }

  public let coordinates: [Coordinate]

  public init(_ coordinates: [(name: String, value: Double)] = []) {
    self.coordinates = coordinates.map { Coordinate(name: $0.name, value: $0.value) }
  }

  public init(dictionaryLiteral elements: (String, Double)...) {
    self.init(elements.map { (name: $0.0, value: $0.1) })
  }

  /// The number called `name`.
  public subscript(name: String) -> Double? { coordinates.first { $0.name == name }?.value }

  /// For example `pairs=50 neighbours=3`.
  public var description: String { coordinates.map { "\($0.name)=\(JSON.text($0.value))" }.joined(separator: " ") }
}

/// An ordered list of named texts that a pack gives its jobs.
public struct JobSettings: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  struct Entry: Sendable, Hashable {
    let name: String
    let value: String
  }

  let entries: [Entry]

  public init(_ entries: [(name: String, value: String)]) {
    self.entries = entries.map { Entry(name: $0.name, value: $0.value) }
  }

  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { (name: $0.0, value: $0.1) })
  }

  /// The text called `name`.
  public subscript(name: String) -> String? { entries.first { $0.name == name }?.value }
}

/// One unit of a run: one scheme under one seed at one point of a sweep.
public struct Job: Sendable, Hashable {
  public var scheme: String
  public var seed: Int
  public var point: SweepPoint
  /// What else the pack wants to know when the job starts.
  public var settings: JobSettings
  /// In a sweep: `name=value` for each parameter that it varies.
  public var changes: [String] = []
  /// In a sweep: coordinates that stand behind those of every point at which the job records.
  public var sweep: SweepPoint = [:]
  /// About how long it takes on one thread.
  public var estimatedSeconds: Double
  /// About how much memory it needs; jobs run side by side as long as theirs fit half of the machine's.
  public var estimatedBytes: Double

  public init(
    scheme: String, seed: Int, point: SweepPoint = [:], settings: JobSettings = [:], estimatedSeconds: Double, estimatedBytes: Double = 0
  ) {
    self.scheme = scheme
    self.seed = seed
    self.point = point
    self.settings = settings
    self.estimatedSeconds = estimatedSeconds
    self.estimatedBytes = estimatedBytes
  }

  /// The parameters of a run with what a sweep changes in them for this job.
  func parameters(from parameters: ParameterSet) throws(UsageError) -> ParameterSet {
    var parameters = parameters
    for change in changes { try parameters.set(change) }
    return parameters
  }
}

/// What a run will do.
public struct Plan: Sendable {
  /// What will be done, in a sentence or two.
  public var summary: String
  public var jobs: [Job]
  /// The share of a job's time that more threads divide, from 0 to 1; used for the time announced only.
  public var parallelShare: Double

  public init(summary: String, jobs: [Job], parallelShare: Double = 0) {
    precondition((0...1).contains(parallelShare), "Plan: parallelShare must lie in 0...1, got \(parallelShare)")
    self.summary = summary
    self.jobs = jobs
    self.parallelShare = parallelShare
  }

  /// About how long the jobs take: each begins on the thread that is free first. Fewer jobs than threads share these by Amdahl's law.
  public func estimatedSeconds(threads: Int) -> Double {
    guard !jobs.isEmpty else { return 0 }
    var ends = [Double](repeating: 0, count: max(1, min(threads, jobs.count)))
    let share = 1 - parallelShare + parallelShare / Double(max(1, threads / jobs.count))
    for job in jobs {
      let first = ends.indices.min { ends[$0] < ends[$1] }!
      ends[first] += job.estimatedSeconds * share
    }
    return ends.max()!
  }
}

/// How far a job is.
public struct JobProgress: Sendable {
  public var completed: Int
  public var total: Int
  /// What is counted, in the singular, for example `slot`.
  public var unit: String
  /// The name and newest value of the metric to watch.
  public var headline: (name: String, value: Double)?

  public init(completed: Int, total: Int, unit: String, headline: (name: String, value: Double)? = nil) {
    self.completed = completed
    self.total = total
    self.unit = unit
    self.headline = headline
  }
}

/// A job that is running. Its whole state is what `archive(in:)` visits: restored into a freshly started job of the same plan it
/// must go on bit for bit.
public protocol JobRun: Archivable {
  var progress: JobProgress { get }

  /// Does a small chunk of work, well below a second, and records what it measured.
  ///
  /// - Returns: Whether the job is finished.
  mutating func advance(_ log: MetricLog) throws -> Bool
}
