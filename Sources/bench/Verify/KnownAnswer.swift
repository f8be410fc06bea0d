/// A task whose answer is known from elsewhere, and the program that measures it here.
struct KnownAnswer: Sendable {
  /// When the measured numbers, one a trial, agree with the answer.
  enum Criterion: Sendable {
    /// Every trial's number lies so close to the answer.
    case equals(Double, within: Double)
    /// The mean over trials lies in a range.
    case mean(ClosedRange<Double>)
    /// The interquartile mean over trials is large enough, and no trial falls below a floor.
    case interquartileMean(atLeast: Double, noneBelow: Double)
  }

  /// As it is named on the command line: `dqn-cartpole`.
  let name: String
  /// What a trial's number is, with its unit.
  let task: String
  /// Where the answer comes from.
  let source: String
  let criterion: Criterion
  /// The number of trials (seeds) of a full run, and of a quick one; none there leaves the task out.
  let trials: (full: Int, quick: Int)
  /// Runs one trial. It depends on the trial's number alone, which also is its seed; trials run side by side.
  let trial: @Sendable (Int) -> Double

  init(
    _ name: String, task: String, source: String, criterion: Criterion, trials: (full: Int, quick: Int) = (1, 1),
    trial: @escaping @Sendable (Int) -> Double
  ) {
    self.name = name
    self.task = task
    self.source = source
    self.criterion = criterion
    self.trials = trials
    self.trial = trial
  }
}
