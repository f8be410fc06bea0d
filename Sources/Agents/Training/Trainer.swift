import Tensor

/// Lets a learner act in an environment, learn, and report, one step at a time; its whole state can be saved and restored.
public struct Trainer<Task: Environment, Agent: Learner>: Archivable, Sendable {
  public var environment: Task
  public var learner: Agent
  /// What the last step returned.
  public private(set) var batch: StepBatch
  /// What was done in the last step.
  public private(set) var actions: ActionBatch
  /// Steps taken so far.
  public private(set) var step = 0
  private var observations: [Float]

  /// Starts the first episodes.
  public init(_ learner: Agent, in environment: Task) {
    self.learner = learner
    self.environment = environment
    batch = StepBatch(for: environment.specification)
    actions = ActionBatch(for: environment.specification)
    self.environment.reset(into: &batch)
    observations = batch.observations
  }

  /// One step of all copies, and the learning that is due after it.
  public mutating func advance() {
    swap(&observations, &batch.observations)
    learner.act(observations, step: step, into: &actions)
    environment.step(actions, into: &batch)
    learner.observe(observations, actions, batch)
    _ = learner.learn()
    step += 1
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.array("observations", &batch.observations)
    try archive.group("environment") { () throws(FileError) in try environment.archive(in: archive) }
    try archive.group("learner") { () throws(FileError) in try learner.archive(in: archive) }
  }
}

/// Lets a policy act and averages what the environment measures, without learning.
///
/// - Parameters:
///   - policy: Made for as many copies as the environment has.
///   - environment: Reset first.
///   - steps: Steps of all copies.
///   - skipping: First steps that are not counted, in which the effect of the first observations fades.
/// - Returns: The mean of each of the environment's metrics over copies and steps.
public func evaluate<Task: Environment>(_ policy: inout some Policy, in environment: inout Task, steps: Int, skipping: Int = 0) -> [Double] {
  let specification = environment.specification
  var batch = StepBatch(for: specification)
  var actions = ActionBatch(for: specification)
  environment.reset(into: &batch)
  var observations = batch.observations
  let width = specification.metrics.count
  var sums = [Double](repeating: 0, count: width)
  for step in 0..<(skipping + steps) {
    swap(&observations, &batch.observations)
    policy.act(observations, step: step, into: &actions)
    environment.step(actions, into: &batch)
    policy.follow(batch)
    guard step >= skipping else { continue }
    for copy in 0..<specification.copies {
      for metric in 0..<width { sums[metric] += Double(batch.metrics[copy * width + metric]) }
    }
  }
  return sums.map { $0 / Double(steps * specification.copies) }
}
