import Agents
import Tensor

/// The seeds of one job. Schemes of the same seed share positions, training fading and evaluation fading.
struct D2DSeeds {
  let drop: UInt64
  let training: UInt64
  let evaluation: UInt64
  let agents: UInt64
  let oracle: UInt64

  init(_ seed: Int) {
    let base = UInt64(seed) * 16
    drop = base
    training = base + 1
    evaluation = base + 2
    agents = base + 3
    oracle = base + 4
  }
}

/// What all jobs of this pack measure with: the training environment and the executed policy's slots.
struct D2DBench {
  let settings: D2DSettings
  let seeds: D2DSeeds

  init(_ settings: D2DSettings, job: Job) {
    var settings = settings
    if let pairs = job.point["pairs"] { settings.system.pairs = Int(pairs) }
    self.settings = settings
    seeds = D2DSeeds(job.seed)
  }

  var pairs: Int { settings.system.pairs }
  var learningSlots: Int { settings.learningSlots(pairs: pairs) }
  /// Slots between two looks at the executed policy while learning.
  var inspectionInterval: Int { max(1, min(50, learningSlots / 8)) }

  func trainingEnvironment() -> D2DEnvironment {
    D2DEnvironment(settings.system, dropSeeds: [seeds.drop], fadingSeed: seeds.training)
  }

  private func evaluationEnvironment() -> D2DEnvironment {
    D2DEnvironment(settings.system, dropSeeds: Array(repeating: seeds.drop, count: settings.evaluationCopies), fadingSeed: seeds.evaluation)
  }

  var evaluationSpecification: EnvironmentSpecification { evaluationEnvironment().specification }

  /// Means of all metrics over the evaluation's slots, or over a part of them.
  func measure(_ policy: inout some Policy, slots: Int? = nil) -> [Double] {
    var environment = evaluationEnvironment()
    let copies = settings.evaluationCopies
    return evaluate(&policy, in: &environment, steps: ((slots ?? settings.evaluationSlots) + copies - 1) / copies)
  }

  /// The total reward over the first slots of the evaluation, the same for every policy: for a look in between.
  func inspect(_ policy: inout some Policy) -> Double { measure(&policy, slots: min(1000, settings.evaluationSlots))[0] }

  /// Records every metric under its own name.
  func record(_ means: [Double], step: Int, in log: MetricLog) throws {
    for (name, value) in zip(D2DEnvironment.metrics, means) { try log.record(name, value, step: step) }
  }
}

/// Trains one learner (Algorithm 1) and measures the policy that it gives away (Algorithm 2).
///
/// It records, with the number of learning slots so far as the step: `trainingReward` for every learning slot (the sum over all
/// pairs while exploring), `executedReward` and `onlineReward` (target and on-line actors without exploration) at intervals,
/// and at the end every metric of the environment over the evaluation's slots.
struct D2DTraining: JobRun {
  private let bench: D2DBench
  private var trainer: Trainer<D2DEnvironment, MADDPG>
  private var newest = 0.0
  private var isMeasured = false

  init(_ bench: D2DBench, neighbours: Int?, threads: Int) {
    self.bench = bench
    let environment = bench.trainingEnvironment()
    var configuration = bench.settings.learner
    configuration.neighbours = neighbours
    let order = (0..<bench.pairs).map { environment.drops[0].neighbourOrder(of: $0) }
    let learner = MADDPG(configuration, for: environment.specification, proximity: order, seed: bench.seeds.agents, threads: threads)
    trainer = Trainer(learner, in: environment)
  }

  private var learnt: Int { max(0, trainer.step - bench.settings.learner.randomSteps) }

  var progress: JobProgress {
    JobProgress(
      completed: trainer.step, total: bench.settings.learner.randomSteps + bench.learningSlots, unit: "slot", headline: ("reward", newest))
  }

  mutating func advance(_ log: MetricLog) throws -> Bool {
    if learnt < bench.learningSlots {
      // Random slots cost microseconds, learning slots up to a good part of a second.
      for _ in 0..<(trainer.learner.isWarmingUp ? 100 : 1) {
        let wasWarmingUp = trainer.learner.isWarmingUp
        trainer.advance()
        newest = Double(trainer.batch.metrics[0])
        if wasWarmingUp { if trainer.learner.isWarmingUp { continue } else { break } }
        try log.record("trainingReward", newest, step: learnt)
        if learnt % bench.inspectionInterval == 0 || learnt == bench.learningSlots {
          try requireFiniteActors()
          var executed = trainer.learner.executed(copies: bench.settings.evaluationCopies)
          var online = trainer.learner.online(copies: bench.settings.evaluationCopies)
          try log.record("executedReward", bench.inspect(&executed), step: learnt)
          try log.record("onlineReward", bench.inspect(&online), step: learnt)
        }
      }
      return false
    }
    guard !isMeasured else { return true }
    var policy = trainer.learner.executed(copies: bench.settings.evaluationCopies)
    try bench.record(bench.measure(&policy), step: learnt, in: log)
    isMeasured = true
    return true
  }

  /// Actors that are not numbers any more would still choose blocks, and be measured as if they had learnt to.
  private func requireFiniteActors() throws {
    for parameters in trainer.learner.online(copies: 1).parameters + trainer.learner.executed(copies: 1).parameters {
      guard parameters.values.array.allSatisfy(\.isFinite) else {
        throw RunError(
          "the learner diverged: by learning slot \(learnt) the weights of an actor are not finite; lower criticLearningRate or actorLearningRate")
      }
    }
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("newest", &newest)
    try archive.value("isMeasured", &isMeasured)
    try trainer.archive(in: archive)
  }
}

/// Measures a policy that learns nothing: in the training's learning slots, so that curves can be paired slot by slot, and in the
/// evaluation's slots.
struct D2DYardstick<Chooser: Policy>: JobRun {
  private let bench: D2DBench
  private var policy: Chooser
  private var measured: Chooser
  private var environment: D2DEnvironment
  private var batch: StepBatch
  private var actions: ActionBatch
  private var observations: [Float]
  private var step = 0
  private var newest = 0.0
  private var isMeasured = false

  /// - Parameters:
  ///   - policy: Acts in the training's slots.
  ///   - measured: The same policy for the copies of the evaluation.
  init(_ bench: D2DBench, policy: Chooser, measured: Chooser) {
    self.bench = bench
    self.policy = policy
    self.measured = measured
    environment = bench.trainingEnvironment()
    batch = StepBatch(for: environment.specification)
    actions = ActionBatch(for: environment.specification)
    environment.reset(into: &batch)
    observations = batch.observations
  }

  private var total: Int { bench.settings.learner.randomSteps + bench.learningSlots }

  var progress: JobProgress { JobProgress(completed: step, total: total, unit: "slot", headline: ("reward", newest)) }

  mutating func advance(_ log: MetricLog) throws -> Bool {
    if step < total {
      for _ in 0..<min(200, total - step) {
        swap(&observations, &batch.observations)
        policy.act(observations, step: step, into: &actions)
        environment.step(actions, into: &batch)
        step += 1
        newest = Double(batch.metrics[0])
        let learnt = step - bench.settings.learner.randomSteps
        if learnt > 0 { try log.record("trainingReward", newest, step: learnt) }
      }
      return false
    }
    guard !isMeasured else { return true }
    try log.record("executedReward", bench.inspect(&measured), step: bench.learningSlots)
    try bench.record(bench.measure(&measured), step: bench.learningSlots, in: log)
    isMeasured = true
    return true
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.value("newest", &newest)
    try archive.value("isMeasured", &isMeasured)
    try archive.array("observations", &batch.observations)
    try archive.group("environment") { () throws(FileError) in try environment.archive(in: archive) }
    try archive.group("policy") { () throws(FileError) in try policy.archive(in: archive) }
  }
}
