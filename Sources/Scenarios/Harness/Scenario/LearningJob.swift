import Agents
import Tensor

/// Training of a learner in an environment, and a test of what it would do without exploration in another one.
///
/// Records every `interval` steps the mean over these steps, copies and agents of the reward (`reward`) and the mean of each metric of the environment, and
/// at the end the same of the test as `test.reward` and `test.METRIC`.
struct LearningJob<Task: Environment, Agent: Learner>: PolicyKeeping {
  struct Lengths: Sendable {
    /// Steps of training of all copies, and behind it of the test.
    let training: Int
    let test: Int
    let interval: Int
  }

  private var trainer: Trainer<Task, Agent>
  private var trial: Task
  private let lengths: Lengths
  /// Of the reward and the metrics since the last record.
  private var sums: [Double]
  private var newest = 0.0
  private var isTested = false

  init(_ learner: Agent, in environment: Task, testedIn trial: Task, _ lengths: Lengths) {
    trainer = Trainer(learner, in: environment)
    self.trial = trial
    self.lengths = lengths
    sums = Array(repeating: 0, count: 1 + environment.specification.metrics.count)
  }

  var progress: JobProgress {
    JobProgress(completed: trainer.step, total: lengths.training, unit: "step", headline: ("reward", newest))
  }

  mutating func advance(_ log: MetricLog) throws -> Bool {
    guard trainer.step < lengths.training else {
      if !isTested { try test(log) }
      isTested = true
      return true
    }
    for _ in 0..<min(10, lengths.training - trainer.step) {
      trainer.advance()
      LearningJob.add(trainer.batch, to: &sums)
      guard trainer.step % lengths.interval == 0 || trainer.step == lengths.training else { continue }
      let count = trainer.step % lengths.interval == 0 ? lengths.interval : trainer.step % lengths.interval
      for (name, sum) in zip(trainer.environment.specification.rewardAndMetrics, sums) {
        try log.record(name, sum / Double(count), step: trainer.step)
      }
      newest = sums[0] / Double(count)
      for index in sums.indices { sums[index] = 0 }
    }
    return false
  }

  /// Adds the means of one step over copies and agents.
  private static func add(_ batch: StepBatch, to sums: inout [Double]) {
    var reward = 0.0
    for value in batch.rewards { reward += Double(value) }
    sums[0] += reward / Double(batch.rewards.count)
    let (width, copies) = (sums.count - 1, batch.terminated.count)
    for metric in 0..<width {
      var sum = 0.0
      for copy in 0..<copies { sum += Double(batch.metrics[copy * width + metric]) }
      sums[1 + metric] += sum / Double(copies)
    }
  }

  private mutating func test(_ log: MetricLog) throws {
    let specification = trial.specification
    var policy = trainer.learner.greedy(copies: specification.copies)
    var batch = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    var sums = [Double](repeating: 0, count: self.sums.count)
    trial.reset(into: &batch)
    var observations = batch.observations
    for step in 0..<lengths.test {
      swap(&observations, &batch.observations)
      policy.act(observations, step: step, into: &actions)
      trial.step(actions, into: &batch)
      policy.follow(batch)
      LearningJob.add(batch, to: &sums)
    }
    for (name, sum) in zip(specification.rewardAndMetrics, sums) {
      try log.record("test." + name, sum / Double(lengths.test), step: trainer.step)
    }
  }

  var learnedPolicy: GreedyPolicy? { (trainer.learner.greedy(copies: 1) as? any SavablePolicy)?.dense }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("sums", &sums)
    try archive.value("newest", &newest)
    try archive.value("isTested", &isTested)
    try archive.group("trainer") { () throws(FileError) in try trainer.archive(in: archive) }
  }
}

extension EnvironmentSpecification {
  /// Names of the mean reward of a step and of the metrics. An environment may have a metric `reward` of its own.
  var rewardAndMetrics: [String] { [metrics.contains("reward") ? "meanReward" : "reward"] + metrics }
}
