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
  /// Since the last record.
  private var means: StepMeans
  private var newest = 0.0
  private var isTested = false

  init(_ learner: Agent, in environment: Task, testedIn trial: Task, _ lengths: Lengths) {
    trainer = Trainer(learner, in: environment)
    self.trial = trial
    self.lengths = lengths
    means = StepMeans(of: environment.specification)
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
      means.add(trainer.batch)
      guard trainer.step % lengths.interval == 0 || trainer.step == lengths.training else { continue }
      let count = trainer.step % lengths.interval == 0 ? lengths.interval : trainer.step % lengths.interval
      for (name, value) in means.means(over: count) { try log.record(name, value, step: trainer.step) }
      newest = means.sums[0] / Double(count)
      means.clear()
    }
    return false
  }

  private mutating func test(_ log: MetricLog) throws {
    let specification = trial.specification
    var policy = trainer.learner.greedy(copies: specification.copies)
    var batch = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    var means = StepMeans(of: specification)
    trial.reset(into: &batch)
    var observations = batch.observations
    for step in 0..<lengths.test {
      swap(&observations, &batch.observations)
      policy.act(observations, step: step, into: &actions)
      trial.step(actions, into: &batch)
      policy.follow(batch)
      means.add(batch)
    }
    for (name, value) in means.means(over: lengths.test) { try log.record("test." + name, value, step: trainer.step) }
  }

  var learnedPolicy: GreedyPolicy? { (trainer.learner.greedy(copies: 1) as? any SavablePolicy)?.dense }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("sums", &means.sums)
    try archive.value("newest", &newest)
    try archive.value("isTested", &isTested)
    try archive.group("trainer") { () throws(FileError) in try trainer.archive(in: archive) }
  }
}
