import Tensor

/// Trains a learner by a plan: evaluations that never disturb training, the best and the last state on disk, callbacks, an early end.
///
/// ```swift
/// var course = TrainingCourse(
///   Trainer(learner, in: CartPole(copies: 8, seed: 1)), evaluatedIn: CartPole(copies: 32, seed: 1001),
///   plan: TrainingPlan(steps: 12_500, evaluationInterval: 1000, folder: folder), callbacks: [StopAtReturn(475)])
/// try course.run()
/// ```
///
/// An evaluation plays whole episodes with ``Learner/greedy(copies:)`` in a fresh copy of an environment that training never touches: it draws no number of
/// training's streams, and meets the same episodes each time. The state of everything (environment, learner, counters, callbacks) is one archive: a
/// course that is restored from `last.safetensors` goes on with the same bits. `best.safetensors` holds the greedy policy alone.
public struct TrainingCourse<Task: Environment, Agent: Learner>: Archivable, Sendable {
  public private(set) var trainer: Trainer<Task, Agent>
  public let plan: TrainingPlan
  /// Asked in their order after every step and evaluation.
  public private(set) var callbacks: [any TrainingCallback]
  /// All evaluations so far.
  public private(set) var evaluations: [TrainingEvaluation] = []
  /// Episodes of training that ended so far.
  public private(set) var episodes = 0

  private let trial: Task
  private var end: TrainingEnd?
  private var sums: [Double]
  /// The returns of the last episodes, the oldest overwritten.
  private var recent: [Double] = []
  private static var window: Int { 100 }

  /// - Parameters:
  ///   - trainer: The learner in the environment that it is trained in.
  ///   - trial: What evaluations are played in: the same task with a seed of its own, not yet reset.
  ///   - plan: How long to train, when to evaluate, and where to save.
  ///   - callbacks: Asked in their order after every step and evaluation.
  public init(_ trainer: Trainer<Task, Agent>, evaluatedIn trial: Task, plan: TrainingPlan, callbacks: [any TrainingCallback] = []) {
    let (given, trained) = (trial.specification, trainer.environment.specification)
    precondition(
      given.agents == trained.agents && given.observationSize == trained.observationSize && given.actions == trained.actions,
      "TrainingCourse: the environments of training and evaluation differ in agents, observations or actions")
    self.trainer = trainer
    self.trial = trial
    self.plan = plan
    self.callbacks = callbacks
    sums = Array(repeating: 0, count: trained.copies)
    recent.reserveCapacity(Self.window)
  }

  /// Where the course is.
  public var status: TrainingStatus {
    let mean = recent.isEmpty ? Double.nan : recent.reduce(0, +) / Double(recent.count)
    return TrainingStatus(step: trainer.step, updates: trainer.learner.updates, episodes: episodes, recentReturn: mean)
  }

  /// The best evaluation so far, the first of equals.
  public var best: TrainingEvaluation? { evaluations.last(where: \.isBest) }

  /// Takes the steps that are left.
  ///
  /// - Parameter shouldStop: Asked after every step; true interrupts the course, which can go on later.
  /// - Throws: `FileError` if a checkpoint cannot be written; the course can go on.
  @discardableResult
  public mutating func run(shouldStop: () -> Bool = { false }) throws(FileError) -> TrainingEnd {
    while true {
      if let end = try advance() { return end }
      if shouldStop() {
        try save()
        for index in callbacks.indices { callbacks[index].ended(.interrupted, status) }
        return .interrupted
      }
    }
  }

  /// One step with what is due after it.
  ///
  /// - Returns: Why the course has ended, or nil while it goes on. An ended course stays as it is.
  public mutating func advance() throws(FileError) -> TrainingEnd? {
    if let end { return end }
    trainer.advance()
    count()
    var decision = TrainingDecision.proceed
    if !callbacks.isEmpty {
      let now = status
      for index in callbacks.indices where callbacks[index].advanced(now) == .stop { decision = .stop }
    }
    let isLast = trainer.step >= plan.steps
    var isSaving = isLast
    if let interval = plan.evaluationInterval, trainer.step.isMultiple(of: interval) || isLast {
      if try evaluate() == .stop { decision = .stop }
      isSaving = isSaving || plan.checkpointInterval == nil
    }
    if let interval = plan.checkpointInterval, trainer.step.isMultiple(of: interval) { isSaving = true }
    if isLast || decision == .stop { end = isLast ? .completed : .stopped }
    if isSaving || end != nil { try save() }
    if let end { for index in callbacks.indices { callbacks[index].ended(end, status) } }
    return end
  }

  /// Adds up the returns of training.
  private mutating func count() {
    let agents = trainer.environment.specification.agents
    for copy in sums.indices {
      for agent in 0..<agents { sums[copy] += Double(trainer.batch.rewards[copy * agents + agent]) / Double(agents) }
      guard trainer.batch.terminated[copy] || trainer.batch.truncated[copy] else { continue }
      if recent.count < Self.window { recent.append(sums[copy]) } else { recent[episodes % Self.window] = sums[copy] }
      episodes += 1
      sums[copy] = 0
    }
  }

  private mutating func evaluate() throws(FileError) -> TrainingDecision {
    var policy = trainer.learner.greedy(copies: trial.specification.copies)
    var environment = trial
    let returns = episodeReturns(&policy, in: &environment, episodes: plan.evaluationEpisodes)
    let mean = returns.reduce(0, +) / Double(returns.count)
    var squares = 0.0
    for value in returns { squares += (value - mean) * (value - mean) }
    let variance = returns.count > 1 ? squares / Double(returns.count - 1) : 0
    let evaluation = TrainingEvaluation(
      step: trainer.step, meanReturn: mean, standardError: Math.sqrt(variance / Double(returns.count)),
      isBest: best.map { mean > $0.meanReturn } ?? true)
    evaluations.append(evaluation)
    if evaluation.isBest, let path = plan.bestPath { try Archive.save(&policy, to: path, metadata: ["step": "\(evaluation.step)"]) }
    var decision = TrainingDecision.proceed
    let diagnostics = trainer.learner.diagnostics
    for index in callbacks.indices where callbacks[index].evaluated(evaluation, diagnostics: diagnostics) == .stop { decision = .stop }
    return decision
  }

  private mutating func save() throws(FileError) {
    if let path = plan.lastPath { try Archive.save(&self, to: path) }
  }

  /// Goes back to the last checkpoint in the plan's folder. On failure nothing changes.
  public mutating func resume() throws(FileError) {
    guard let path = plan.lastPath else { preconditionFailure("TrainingCourse.resume: the plan has no folder") }
    var restored = self
    try Archive.restore(&restored, from: path)
    self = restored
  }

  /// Reads the best policy so far from the plan's folder.
  ///
  /// - Parameter copies: E, the copies that it is to act for.
  public func bestPolicy(copies: Int) throws(FileError) -> Agent.Greedy {
    guard let path = plan.bestPath else { preconditionFailure("TrainingCourse.bestPolicy: the plan has no folder") }
    var policy = trainer.learner.greedy(copies: copies)
    try Archive.restore(&policy, from: path)
    return policy
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("trainer") { () throws(FileError) in try trainer.archive(in: archive) }
    try archive.value("episodes", &episodes)
    try archive.array("sums", &sums)
    try archive.array("recent", &recent, resizable: true)
    var isStopped = end == .stopped
    try archive.value("isStopped", &isStopped)
    var steps = evaluations.map { Int32($0.step) }
    var numbers = evaluations.flatMap { [$0.meanReturn, $0.standardError] }
    try archive.array("evaluations.steps", &steps, resizable: true)
    try archive.array("evaluations.returns", &numbers, resizable: true)
    guard episodes >= 0, recent.count == min(episodes, Self.window), numbers.count == 2 * steps.count,
      steps.allSatisfy({ $0 >= 0 && Int($0) <= trainer.step })
    else { throw archive.failure("the counters of the course do not fit together") }
    if archive.isReading {
      // A plan with more steps than the one before goes on.
      end = isStopped ? .stopped : trainer.step >= plan.steps ? .completed : nil
      evaluations = []
      for index in steps.indices {
        let mean = numbers[2 * index]
        evaluations.append(
          TrainingEvaluation(
            step: Int(steps[index]), meanReturn: mean, standardError: numbers[2 * index + 1], isBest: best.map { mean > $0.meanReturn } ?? true))
      }
    }
    for index in callbacks.indices {
      try archive.group("callback\(index)") { () throws(FileError) in try callbacks[index].archive(in: archive) }
    }
  }
}
