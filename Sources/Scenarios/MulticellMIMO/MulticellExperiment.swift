import Agents
import Channels
import Tensor

/// Who trains what: one job as a course of training, with what is measured at its end.
struct MulticellExperiment {
  let settings: MulticellSettings
  let job: Job
  let evaluation: MulticellEvaluation

  init(_ settings: MulticellSettings, job: Job) {
    self.settings = settings
    self.job = job
    evaluation = MulticellEvaluation(settings: settings, seed: MulticellEvaluation.seeds(job.seed).evaluation)
  }

  static let learners = ["td3mix+flwf", "td3mix"]

  func start() throws -> any JobRun {
    MulticellExperiment.learners.contains(job.scheme) ? training : yardstick
  }

  /// What begins to learn, and where.
  var beginning: (learner: TD3Mix, task: MulticellEnvironment) {
    let seeds = MulticellEvaluation.seeds(job.seed)
    let task = MulticellEnvironment(settings.system(of: job.scheme), seed: seeds.training)
    return (TD3Mix(settings.learner(of: job.scheme), for: task.specification, seed: seeds.agents), task)
  }

  private var training: any JobRun {
    let work = settings.work
    let seeds = MulticellEvaluation.seeds(job.seed)
    let (learner, task) = beginning
    guard work.candidates > 1 else { return training(learner, in: task, copy: { _ in 0 }, trained: { $0 }) }
    let several = MulticellEnvironment(task.parameters, copies: work.candidates, seed: seeds.training)
    let tournament = Tournament(
      of: work.candidates, for: several.specification, trial: work.trial.slots, window: work.trial.window, seed: seeds.agents
    ) { TD3Mix(learner.configuration, for: $0, seed: $1) }
    return training(tournament, in: several, copy: { $0.winner ?? 0 }, trained: { $0.leader })
  }

  private func training<Agent: Learner>(
    _ learner: Agent, in task: MulticellEnvironment, copy: @escaping (Agent) -> Int, trained: @escaping (Agent) -> TD3Mix
  ) -> any JobRun {
    let (evaluation, work, job) = (evaluation, settings.work, job)
    let system = task.parameters
    return TrainingJob(
      learner, in: task, length: TrainingLength(counted: work.trainingSlots, interval: system.slots, chunk: 2, unit: "slot"), curve: nil,
      averages: [("cellCapacity", MulticellMetric.training)], copy: copy, look: { _, _, _ in },
      conclude: { learner, step, log in
        let learner = trained(learner)
        try MulticellExperiment.record(evaluation.course(of: learner.greedy(copies: work.blocks), in: system), evaluation.settings, step: step, log)
        let alone = evaluation.foreignInfluence(of: learner.greedy(copies: 1), in: system)
        try log.record(MulticellMetric.foreignInfluence, Double(alone), step: step)
        if job.settings["bias"] != nil { try log.record(MulticellMetric.valueBias, evaluation.valueBias(of: learner, in: system), step: step) }
        if job.settings["convergence"] != nil {
          try MulticellConvergence(evaluation: evaluation).record(job.scheme, learner.greedy(copies: work.realizations), system, log)
        }
      })
  }

  private var yardstick: any JobRun {
    let (evaluation, job) = (evaluation, job)
    // Nothing is done in it.
    var system = settings.system
    system.features = .gains
    let task = MulticellEnvironment(system, seed: evaluation.seed)
    let nobody = RandomPolicy(for: task.specification, seed: 0)
    return TrainingJob(
      Untaught(nobody), in: task, length: TrainingLength(counted: 0, interval: 1, unit: "slot"), curve: nil, look: { _, _, _ in },
      conclude: { _, step, log in
        try MulticellExperiment.record(evaluation.course(of: job.scheme), evaluation.settings, step: step, log)
        if job.settings["convergence"] != nil {
          try MulticellConvergence(evaluation: evaluation).record(job.scheme, Optional<RandomPolicy>.none, system, log)
        }
      })
  }

  private static func record(_ course: MulticellEvaluation.Course, _ settings: MulticellSettings, step: Int, _ log: MetricLog) throws {
    let first = course.capacities.prefix(settings.system.slots)
    try log.record(MulticellMetric.capacity, Statistics.mean(Array(first)), step: step)
    try log.record(MulticellMetric.lastSlot, first.last ?? 0, step: step)
    try log.record(MulticellMetric.overlap, course.overlap, step: step)
    if let kept = course.kept { try log.record(MulticellMetric.kept, kept, step: step) }
    for (slot, capacity) in course.capacities.enumerated() { try log.record(MulticellMetric.slot, capacity, step: slot + 1) }
  }
}

extension MulticellPack {
  /// A learner and the environment that it learns in as the first job of a run of one learned scheme has them.
  ///
  /// - Parameters:
  ///   - scheme: `td3mix+flwf` or `td3mix`.
  ///   - settings: `name=value` pairs as users type them, over the scale `standard`.
  /// - Throws: `UsageError` for a scheme that does not learn, and for settings that cannot be.
  public static func learner(of scheme: String, with settings: [String] = []) throws(UsageError) -> (learner: TD3Mix, task: MulticellEnvironment) {
    guard MulticellExperiment.learners.contains(scheme) else {
      throw .unknown("learned scheme", scheme, known: MulticellExperiment.learners, of: "pack 'mimo'")
    }
    let request = try RunRequest(.run, of: MulticellPack(), scale: .standard, schemes: [scheme], settings: settings)
    let plan = try MulticellPlan(request)
    return MulticellExperiment(plan.settings, job: plan.plan.jobs[0]).beginning
  }
}
