import Agents
import Tensor

/// How long a policy is executed, and how often the tuned one takes its place.
public struct FinetuningLength: Sendable, Hashable {
  /// Steps of execution.
  public var steps: Int
  /// Steps after which the learner's policy is deployed anew.
  public var deploymentInterval: Int
  /// What a step is called, in the singular.
  public var unit: String

  public init(steps: Int, deploymentInterval: Int, unit: String = "step") {
    precondition(steps >= 0 && deploymentInterval > 0, "FinetuningLength: \(steps) steps, deployed every \(deploymentInterval)")
    self.steps = steps
    self.deploymentInterval = deploymentInterval
    self.unit = unit
  }
}

/// A job that executes what a learner has learnt, without exploration, and goes on learning from the experience of chosen steps.
public struct FinetuningJob<Task: Environment, Agent: Learner>: PolicyKeeping {
  /// - Parameters:
  ///   - learner: At the beginning, and at the end.
  ///   - step: Zero, or the number of steps.
  ///   - taken: The part of the steps whose experience was learnt from.
  public typealias Look = (_ learner: Agent, _ step: Int, _ taken: Double, _ log: MetricLog) throws -> Void

  public private(set) var learner: Agent
  private let length: FinetuningLength
  private let takes: (Task) -> Bool
  private let look: Look
  private var environment: Task
  private var deployed: Agent.Greedy
  private var batch: StepBatch
  private var actions: ActionBatch
  private var observations: [Float]
  private var step = 0
  private var taken = 0
  private var newest = 0.0

  /// - Parameters:
  ///   - learner: What has learnt, and goes on learning.
  ///   - environment: Where its policy is executed; reset first.
  ///   - length: Steps of execution, and how often the tuned policy is deployed.
  ///   - takes: Whether the experience of the step that begins now is learnt from.
  ///   - look: At the beginning and at the end.
  public init(
    _ learner: Agent, in environment: Task, length: FinetuningLength, takes: @escaping (Task) -> Bool, look: @escaping Look
  ) {
    self.learner = learner
    self.environment = environment
    self.length = length
    self.takes = takes
    self.look = look
    deployed = learner.greedy(copies: environment.specification.copies)
    batch = StepBatch(for: environment.specification)
    actions = ActionBatch(for: environment.specification)
    self.environment.reset(into: &batch)
    observations = batch.observations
  }

  public var progress: JobProgress {
    JobProgress(
      completed: step, total: length.steps, unit: length.unit,
      headline: batch.metrics.isEmpty ? nil : (environment.specification.metrics[0], newest))
  }

  public mutating func advance(_ log: MetricLog) throws -> Bool {
    if step == 0 { try look(learner, 0, 0, log) }
    guard step < length.steps else {
      try look(learner, step, Double(taken) / Double(max(step, 1)), log)
      return true
    }
    let isTaken = takes(environment)
    swap(&observations, &batch.observations)
    deployed.act(observations, step: step, into: &actions)
    environment.step(actions, into: &batch)
    if isTaken {
      taken += 1
      learner.observe(observations, actions, batch)
      _ = learner.learn()
    }
    step += 1
    newest = Double(batch.metrics.first ?? 0)
    if step % length.deploymentInterval == 0 { deployed = learner.greedy(copies: environment.specification.copies) }
    return false
  }

  /// The learner's policy without exploration.
  public var learnedPolicy: GreedyPolicy? { (learner.greedy(copies: 1) as? any SavablePolicy)?.dense }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.value("taken", &taken)
    try archive.value("newest", &newest)
    try archive.array("observations", &batch.observations)
    try archive.group("environment") { () throws(FileError) in try environment.archive(in: archive) }
    try archive.group("deployed") { () throws(FileError) in try deployed.archive(in: archive) }
    try archive.group("learner") { () throws(FileError) in try learner.archive(in: archive) }
    guard (0...length.steps).contains(step), (0...step).contains(taken) else { throw archive.failure("the steps of fine-tuning are out of range") }
  }
}
