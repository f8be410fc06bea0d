import Tensor

/// Where a course of training is after a step.
public struct TrainingStatus: Hashable, Sendable {
  /// Steps of all copies so far.
  public var step: Int
  /// Updates of the learner so far.
  public var updates: Int
  /// Episodes that ended so far, over all copies.
  public var episodes: Int
  /// The mean return of the last episodes (at most a hundred) of training, with exploration; NaN before the first has ended.
  public var recentReturn: Double
}

/// How the learned policy did without exploration, in environments of its own.
public struct TrainingEvaluation: Hashable, Sendable {
  /// After how many steps.
  public var step: Int
  /// The mean return of the episodes, in the unit of ``episodeReturns(_:in:episodes:)``.
  public var meanReturn: Double
  /// The standard error of that mean; zero for a single episode.
  public var standardError: Double
  /// Whether no evaluation before was as good.
  public var isBest: Bool
}

/// Why a course of training ended.
public enum TrainingEnd: Hashable, Sendable {
  /// All steps were taken.
  case completed
  /// A callback asked for it.
  case stopped
  /// The caller asked for it; the state is saved where the course has a folder.
  case interrupted
}

/// What a callback wants to happen.
public enum TrainingDecision: Hashable, Sendable {
  case proceed
  case stop
}

/// Watches a course of training and may end it. Its state is saved with the course.
///
/// All methods have defaults that do nothing.
public protocol TrainingCallback: Archivable, Sendable {
  /// Called after every step.
  mutating func advanced(_ status: TrainingStatus) -> TrainingDecision

  /// Called after every evaluation.
  ///
  /// - Parameters:
  ///   - evaluation: How the learned policy did, and after how many steps.
  ///   - diagnostics: How the learner's last update went.
  mutating func evaluated(_ evaluation: TrainingEvaluation, diagnostics: [Diagnostic]) -> TrainingDecision

  /// Called once at the end.
  mutating func ended(_ end: TrainingEnd, _ status: TrainingStatus)
}

extension TrainingCallback {
  public mutating func advanced(_ status: TrainingStatus) -> TrainingDecision { .proceed }
  public mutating func evaluated(_ evaluation: TrainingEvaluation, diagnostics: [Diagnostic]) -> TrainingDecision { .proceed }
  public mutating func ended(_ end: TrainingEnd, _ status: TrainingStatus) {}
  public mutating func archive(in archive: Archive) throws(FileError) {}
}

/// Ends training when an evaluation reaches a mean return.
public struct StopAtReturn: TrainingCallback {
  public let target: Double

  public init(_ target: Double) { self.target = target }

  public mutating func evaluated(_ evaluation: TrainingEvaluation, diagnostics: [Diagnostic]) -> TrainingDecision {
    evaluation.meanReturn >= target ? .stop : .proceed
  }
}

/// Ends training when so many evaluations in a row were no better than the best before them.
public struct StopWithoutImprovement: TrainingCallback {
  public let patience: Int
  /// Evaluations since the best one.
  public private(set) var waited = 0

  public init(patience: Int) {
    precondition(patience > 0, "StopWithoutImprovement: a patience of \(patience) evaluations")
    self.patience = patience
  }

  public mutating func evaluated(_ evaluation: TrainingEvaluation, diagnostics: [Diagnostic]) -> TrainingDecision {
    waited = evaluation.isBest ? 0 : waited + 1
    return waited >= patience ? .stop : .proceed
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("waited", &waited)
    guard (0...patience).contains(waited) else { throw archive.failure("a patience of \(patience) evaluations cannot have waited \(waited)") }
  }
}

/// Hands evaluations and the end to a closure: for printing, and for logs of one's own.
public struct ReportEvaluations: TrainingCallback {
  private let report: @Sendable (TrainingEvaluation, [Diagnostic]) -> Void

  public init(_ report: @escaping @Sendable (TrainingEvaluation, [Diagnostic]) -> Void) { self.report = report }

  public mutating func evaluated(_ evaluation: TrainingEvaluation, diagnostics: [Diagnostic]) -> TrainingDecision {
    report(evaluation, diagnostics)
    return .proceed
  }
}
