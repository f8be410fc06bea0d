import Tensor

/// Learners that begin side by side, each in copies of the task of its own, of which the one goes on that did best on trial.
///
/// Where learning ends in one of several modes, and what it begins with decides in which, one training tells little. Here n of them run for a trial of S steps;
/// at its end the one with the greatest mean reward
///
///     \frac{1}{W E A} Σ_{t = S − W + 1}^{S} Σ_{e, a} r_t[e, a]
///
/// over its E copies and A agents in the last W steps stays (the first of equals), and alone goes on. The others and their memories are gone, and their copies
/// act at random from then on. Only rewards of training are looked at: whatever is measured afterwards has no part in the choice.
///
///     Tournament(of: 4, for: task.specification, trial: 500, window: 100, seed: 1) { sizes, seed in
///       TD3(TD3Configuration(), for: sizes, seed: seed)
///     }
///
/// The first one has the seed itself and the first copies: of a tournament of one nothing differs from that learner by itself.
public struct Tournament<Base: Learner>: Learner {
  /// S
  public let trial: Int
  /// W
  public let window: Int
  /// Steps observed so far.
  public private(set) var step = 0
  /// Sums of rewards over the window. `[n]`
  private var scores: [Double]
  /// Nil for who is out.
  private var members: [Member?]
  /// E
  public let copies: Int
  /// What acts for who is out.
  private var idle: (policy: RandomPolicy, actions: ActionBatch)

  private struct Member: Sendable {
    var learner: Base
    var observations: [Float]
    var actions: ActionBatch
    var batch: StepBatch

    init(_ learner: Base, for specification: EnvironmentSpecification) {
      self.learner = learner
      (actions, batch) = (ActionBatch(for: specification), StepBatch(for: specification))
      observations = batch.observations
    }

    mutating func act(_ whole: [Float], step: Int, _ index: Int, into actions: inout ActionBatch) {
      Tournament.take(whole, index, into: &observations)
      learner.act(observations, step: step, into: &self.actions)
      Tournament.place(self.actions, index, into: &actions)
    }

    mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch, _ index: Int) {
      Tournament.take(observations, index, into: &self.observations)
      Tournament.take(actions.choices, index, into: &self.actions.choices)
      Tournament.take(actions.values, index, into: &self.actions.values)
      take(batch, index)
      learner.observe(self.observations, self.actions, self.batch)
    }

    mutating func take(_ whole: StepBatch, _ index: Int) {
      Tournament.take(whole.observations, index, into: &batch.observations)
      Tournament.take(whole.finalObservations, index, into: &batch.finalObservations)
      Tournament.take(whole.rewards, index, into: &batch.rewards)
      Tournament.take(whole.terminated, index, into: &batch.terminated)
      Tournament.take(whole.truncated, index, into: &batch.truncated)
      Tournament.take(whole.metrics, index, into: &batch.metrics)
    }

    /// Mean reward of the last step.
    var reward: Double {
      var sum = 0.0
      for reward in batch.rewards { sum += Double(reward) }
      return sum / Double(batch.rewards.count)
    }
  }

  /// - Parameters:
  ///   - count: n, which divides the copies of the task.
  ///   - specification: The sizes of the whole task.
  ///   - trial: S
  ///   - window: W, at most S.
  ///   - seed: The first learner's; the others' are made of it and their number.
  ///   - make: Makes a learner for the sizes that it is given, those of its copies.
  public init(
    of count: Int, for specification: EnvironmentSpecification, trial: Int, window: Int, seed: UInt64,
    _ make: (_ specification: EnvironmentSpecification, _ seed: UInt64) -> Base
  ) {
    precondition(
      count > 0 && specification.copies % count == 0, "Tournament: \(specification.copies) copies of the task for \(count) learners")
    precondition(window > 0 && window <= trial, "Tournament: the last \(window) of \(trial) steps")
    (self.trial, self.window) = (trial, window)
    var part = specification
    part.copies /= count
    copies = part.copies
    idle = (RandomPolicy(for: part, seed: seed), ActionBatch(for: part))
    members = (0..<count).map { Member(make(part, $0 == 0 ? seed : IndependentLearners<Base>.seed(of: $0, from: seed)), for: part) }
    scores = Array(repeating: 0, count: count)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? { Base.objection(to: specification) }

  /// The number of who won; nil while the trial lasts.
  public var winner: Int? { step < trial ? nil : members.firstIndex { $0 != nil } }

  /// Mean rewards over the window, as far as it is over. `[n]`
  public var meanRewards: [Double] { scores.map { $0 / Double(max(1, min(step - (trial - window), window))) } }

  /// Who won or, while the trial lasts, has the greatest reward in the window.
  public var leader: Base {
    let leading = winner ?? Tournament.greatest(scores)
    return members[leading]!.learner
  }

  private static func greatest(_ scores: [Double]) -> Int {
    var best = 0
    for i in scores.indices where scores[i] > scores[best] { best = i }
    return best
  }

  // MARK: Acting

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    for i in members.indices {
      if members[i] != nil {
        members[i]!.act(observations, step: step, i, into: &actions)
      } else {
        idle.policy.act(observations, step: step, into: &idle.actions)
        Tournament.place(idle.actions, i, into: &actions)
      }
    }
  }

  public mutating func follow(_ batch: StepBatch) {
    for i in members.indices where members[i] != nil {
      members[i]!.take(batch, i)
      members[i]!.learner.follow(members[i]!.batch)
    }
  }

  public func greedy(copies: Int) -> Base.Greedy { leader.greedy(copies: copies) }

  // MARK: Learning

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    for i in members.indices where members[i] != nil { members[i]!.observe(observations, actions, batch, i) }
    step += 1
    guard step <= trial, step > trial - window else { return }
    for i in members.indices { scores[i] += members[i]!.reward }
  }

  public mutating func learn() -> Bool {
    var hasLearned = false
    for i in members.indices where members[i] != nil {
      if members[i]!.learner.learn() { hasLearned = true }
    }
    if step == trial { keepWinner(Tournament.greatest(scores)) }
    return hasLearned
  }

  private mutating func keepWinner(_ winner: Int) {
    for i in members.indices where i != winner { members[i] = nil }
  }

  public var isWarmingUp: Bool {
    for i in members.indices {
      if let member = members[i], member.learner.isWarmingUp { return true }
    }
    return false
  }

  /// The updates of who won, or of who made most of them.
  public var updates: Int {
    var most = 0
    for i in members.indices {
      if let member = members[i] { most = max(most, member.learner.updates) }
    }
    return most
  }

  public var diagnostics: [Diagnostic] { leader.diagnostics }

  // MARK: Saving

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.array("scores", &scores)
    var winner = winner ?? -1
    try archive.value("winner", &winner)
    guard step >= 0, winner >= -1, winner < members.count, scores.allSatisfy({ $0.isFinite }), (winner >= 0) == (step >= trial) else {
      throw archive.failure("step \(step) of a trial of \(trial), won by number \(winner) of \(members.count)")
    }
    if archive.isReading && winner >= 0 { keepWinner(winner) }
    for i in members.indices where members[i] != nil {
      try archive.group("learner\(i)") { () throws(FileError) in try members[i]!.learner.archive(in: archive) }
    }
  }

  // MARK: Rows

  // A learner's copies lie together: its part of an array is one piece.

  private static func take<Value>(_ whole: [Value], _ index: Int, into part: inout [Value]) {
    for i in part.indices { part[i] = whole[index * part.count + i] }
  }

  private static func place(_ part: ActionBatch, _ index: Int, into whole: inout ActionBatch) {
    for i in part.choices.indices { whole.choices[index * part.choices.count + i] = part.choices[i] }
    for i in part.values.indices { whole.values[index * part.values.count + i] = part.values[i] }
  }
}
