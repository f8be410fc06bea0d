import Agents
import Tensor

/// How long a job trains, and how often somebody looks.
public struct TrainingLength: Sendable, Hashable {
  /// Steps at the beginning that do not count: a random phase.
  public var uncounted: Int
  /// Steps that count.
  public var counted: Int
  /// Counted steps between two looks at the learner.
  public var interval: Int
  /// Counted steps without a pause, which should take well below a second.
  public var chunk: Int
  /// What a step is called, in the singular.
  public var unit: String

  public init(uncounted: Int = 0, counted: Int, interval: Int, chunk: Int = 1, unit: String = "step") {
    precondition(
      uncounted >= 0 && counted >= 0 && interval > 0 && chunk > 0,
      "TrainingLength: \(uncounted) and \(counted) steps, looks every \(interval), chunks of \(chunk)")
    self.uncounted = uncounted
    self.counted = counted
    self.interval = interval
    self.chunk = chunk
    self.unit = unit
  }
}

/// A job that trains one learner in one environment, looks at it at intervals and sums up at the end.
///
/// What is looked at is the pack's: it gets the learner, the number of counted steps behind it, and the log.
public struct TrainingJob<Task: Environment, Agent: Learner>: PolicyKeeping {
  public typealias Look = (_ learner: Agent, _ step: Int, _ log: MetricLog) throws -> Void

  /// The environment, the learner and what they did last.
  public private(set) var trainer: Trainer<Task, Agent>
  private let length: TrainingLength
  private let curve: String?
  private let averages: [Average]
  private let copy: (Agent) -> Int
  private let look: Look
  private let conclude: Look
  private var newest = 0.0
  private var isConcluded = false
  /// Sums of the averaged metrics over the present interval, and its steps so far.
  private var sums: [Double]
  private var summed = 0

  /// A metric whose mean over each interval is recorded.
  private struct Average: Sendable {
    var index: Int
    var name: String
  }

  /// - Parameters:
  ///   - learner: What is trained.
  ///   - environment: Where it acts; reset first.
  ///   - length: How long it trains, and how often `look` is called.
  ///   - curve: The name under which the environment's first metric (of the first copy) is recorded in each counted step; nil for no curve.
  ///   - averages: Metrics of the environment whose means over each interval are recorded, and their names in the record.
  ///   - copy: The copy whose metrics those are.
  ///   - look: At intervals, and behind the last step.
  ///   - conclude: Once, at the end.
  public init(
    _ learner: Agent, in environment: Task, length: TrainingLength, curve: String?, averages: [(metric: String, name: String)] = [],
    copy: @escaping (Agent) -> Int = { _ in 0 }, look: @escaping Look, conclude: @escaping Look
  ) {
    let metrics = environment.specification.metrics
    self.averages = averages.map { average in
      guard let index = metrics.firstIndex(of: average.metric) else {
        preconditionFailure("TrainingJob: the environment has no metric '\(average.metric)'; it has \(metrics.joined(separator: ", "))")
      }
      return Average(index: index, name: average.name)
    }
    sums = Array(repeating: 0, count: averages.count)
    trainer = Trainer(learner, in: environment)
    self.length = length
    self.curve = curve
    self.copy = copy
    self.look = look
    self.conclude = conclude
  }

  /// Counted steps so far.
  private var counted: Int { max(0, trainer.step - length.uncounted) }

  public var progress: JobProgress {
    JobProgress(
      completed: trainer.step, total: length.uncounted + length.counted, unit: length.unit,
      headline: trainer.batch.metrics.isEmpty ? nil : (trainer.environment.specification.metrics[0], newest))
  }

  public mutating func advance(_ log: MetricLog) throws -> Bool {
    if trainer.step < length.uncounted {
      // Nothing is learned yet, so that steps are quick.
      for _ in 0..<min(100, length.uncounted - trainer.step) { trainer.advance() }
      return false
    }
    if counted < length.counted {
      for _ in 0..<min(length.chunk, length.counted - counted) {
        trainer.advance()
        newest = Double(trainer.batch.metrics.first ?? 0)
        if let curve { try log.record(curve, newest, step: counted) }
        if !averages.isEmpty { add() }
        summed += 1
        guard counted % length.interval == 0 || counted == length.counted else { continue }
        for (place, average) in averages.enumerated() {
          try log.record(average.name, sums[place] / Double(summed), step: counted)
          sums[place] = 0
        }
        summed = 0
        try look(trainer.learner, counted, log)
      }
      return false
    }
    guard !isConcluded else { return true }
    try conclude(trainer.learner, counted, log)
    isConcluded = true
    return true
  }

  private mutating func add() {
    let first = copy(trainer.learner) * trainer.environment.specification.metrics.count
    for (place, average) in averages.enumerated() { sums[place] += Double(trainer.batch.metrics[first + average.index]) }
  }

  /// The learner's policy without exploration.
  public var learnedPolicy: GreedyPolicy? { (trainer.learner.greedy(copies: 1) as? any SavablePolicy)?.dense }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("newest", &newest)
    try archive.value("isConcluded", &isConcluded)
    try archive.array("sums", &sums)
    try archive.value("summed", &summed)
    guard (0..<max(length.interval, 1)).contains(summed) else { throw archive.failure("\(summed) steps of an interval of \(length.interval)") }
    try trainer.archive(in: archive)
  }
}
