import Agents
import Channels
import Federation
import Tensor

/// The seeds of one job. Schemes of the same seed share positions, and fading and tasks of training and of evaluation.
struct EdgeSeeds {
  let drop: UInt64
  let training: UInt64
  let evaluation: UInt64
  let agents: UInt64

  init(_ seed: Int) {
    let base = UInt64(seed) * 16
    (drop, training, evaluation, agents) = (base, base + 1, base + 2, base + 3)
  }
}

/// Who trains what: one job as a course of training, with what is measured meanwhile and at its end.
///
/// MA-DRL is MADDPG whose critics see everybody and whose agents all get the system's reward. IL-DRL is the same learner with critics that see
/// their own cell only and with local rewards: a DDPG for each cell. F-DRL is that, and averages networks at the end of rounds.
struct EdgeExperiment {
  let settings: EdgeSettings
  let seeds: EdgeSeeds
  let job: Job
  let threads: Int

  init(_ settings: EdgeSettings, job: Job, threads: Int = 1) {
    self.settings = settings
    self.job = job
    self.threads = threads
    seeds = EdgeSeeds(job.seed)
  }

  // MARK: Environments

  /// The system with the reward of a scheme.
  static func system(_ settings: EdgeSettings, scheme: String) -> EdgeParameters {
    var system = settings.system
    system.rewardSharing = scheme != "madrl" ? .local : settings.work.jointReward == .mean ? .mean : .system
    return system
  }

  private func environment(_ system: EdgeParameters, copies: Int, fading: UInt64) throws -> EdgeEnvironment {
    do throws(DropError) {
      return try EdgeEnvironment(system, dropSeeds: Array(repeating: seeds.drop, count: copies), fadingSeed: fading)
    } catch {
      throw RunError(error.description)
    }
  }

  // MARK: Courses

  /// The job of its scheme.
  func start() throws -> any JobRun {
    let system = EdgeExperiment.system(settings, scheme: job.scheme)
    let copies = settings.work.evaluationCopies
    switch job.scheme {
    case "madrl", "ildrl":
      let task = try environment(system, copies: 1, fading: seeds.training)
      return try course(learner(for: task), in: task, system) { $0.online(copies: copies) }
    case "fdrl":
      let task = try environment(system, copies: 1, fading: seeds.training)
      let base = learner(for: task)
      let configuration = settings.federation(task)
      if let objection = configuration.objection(clients: base.clients, networks: base.exchangeableNetworks) { throw RunError(objection) }
      return try course(FederatedLearner(base, configuration, seed: seeds.agents, threads: threads), in: task, system) {
        $0.base.online(copies: copies)
      } conclude: { learner, step, log in
        let (up, down) = learner.totalBytes
        let rounds = Double(max(1, learner.rounds) * max(1, settings.system.cells.cells))
        try log.record(EdgeMetric.bytesUp, Double(up) / rounds, step: step)
        try log.record(EdgeMetric.bytesDown, Double(down) / rounds, step: step)
      }
    case "full":
      let system = system.deciding
      return try yardstick(FullOffloading(for: system, copies: copies, seed: seeds.agents), system)
    case "local": return try yardstick(LocalComputing(), system)
    case "heuristic":
      let system = system.deciding
      return try yardstick(GainHeuristic(for: system, copies: copies), system)
    case "random":
      return try yardstick(RandomPolicy(for: environment(system, copies: copies, fading: seeds.evaluation).specification, seed: seeds.agents), system)
    default: preconditionFailure("the pack 'mec' has no scheme '\(job.scheme)'")
    }
  }

  func learner(for task: EdgeEnvironment) -> MADDPG {
    var configuration = settings.work.learner
    configuration.neighbours = job.scheme == "madrl" ? nil : 0
    configuration.noise = .annealedGaussian(deviation: settings.explorationNoise)
    let cells = task.specification.agents
    return MADDPG(configuration, for: task.specification, seed: seeds.agents, threads: min(threads, cells))
  }

  private func course<Agent: Learner, Executed: Policy>(
    _ learner: Agent, in task: EdgeEnvironment, _ system: EdgeParameters, executed: @escaping (Agent) -> Executed,
    conclude: @escaping (Agent, Int, MetricLog) throws -> Void = { _, _, _ in }
  ) throws -> any JobRun {
    let evaluation = try environment(system, copies: settings.work.evaluationCopies, fading: seeds.evaluation)
    let cells = task.specification.agents
    return TrainingJob(
      learner, in: task,
      length: TrainingLength(counted: settings.work.episodes * settings.slotsPerEpisode, interval: settings.slotsPerEpisode, chunk: 10, unit: "slot"),
      curve: nil, averages: [("systemReward", EdgeMetric.episodeReward)] + (0..<cells).map { ("reward.\($0)", EdgeMetric.localReward($0)) },
      look: { _, _, _ in },
      conclude: { learner, step, log in
        try EdgeExperiment.record(executed(learner), in: evaluation, slots: settings.work.evaluationSlots, step: step, log)
        try conclude(learner, step, log)
      })
  }

  /// A policy that learns nothing, on the evaluation's slots.
  private func yardstick<Chooser: Policy>(_ policy: Chooser, _ system: EdgeParameters) throws -> any JobRun {
    let evaluation = try environment(system, copies: settings.work.evaluationCopies, fading: seeds.evaluation)
    return TrainingJob(
      Untaught(policy), in: evaluation, length: TrainingLength(counted: 0, interval: 1, unit: "slot"), curve: nil, look: { _, _, _ in },
      conclude: { _, step, log in try EdgeExperiment.record(policy, in: evaluation, slots: settings.work.evaluationSlots, step: step, log) })
  }

  // MARK: Measuring

  /// Metrics of the environment and the names under which their means are recorded.
  private static let recorded = [
    ("systemReward", EdgeMetric.systemReward), ("energyPerUser", EdgeMetric.joules), ("localEnergyPerUser", EdgeMetric.localJoules),
    ("edgeEnergyPerUser", EdgeMetric.edgeJoules), ("withinDeadline", EdgeMetric.withinDeadline), ("offloadedPart", EdgeMetric.offloaded),
  ]

  /// Records means of an executed policy's metrics over the slots of all copies, and medians of reward and energy.
  ///
  /// - Parameter slots: Of all copies together, rounded up to a multiple of their number.
  static func record<Chooser: Policy>(_ policy: Chooser, in environment: EdgeEnvironment, slots: Int, step: Int, _ log: MetricLog) throws {
    var (policy, environment) = (policy, environment)
    let specification = environment.specification
    let (copies, width) = (specification.copies, specification.metrics.count)
    var batch = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    environment.reset(into: &batch)
    var observations = batch.observations
    var values = [[Double]](repeating: [], count: width)
    for slot in 0..<(slots + copies - 1) / copies {
      swap(&observations, &batch.observations)
      policy.act(observations, step: slot, into: &actions)
      environment.step(actions, into: &batch)
      for copy in 0..<copies { for metric in 0..<width { values[metric].append(Double(batch.metrics[copy * width + metric])) } }
    }
    func numbers(_ metric: String) -> [Double] { values[specification.metrics.firstIndex(of: metric)!] }
    for (metric, name) in recorded { try log.record(name, Statistics.mean(numbers(metric)), step: step) }
    for (metric, name) in [("systemReward", EdgeMetric.medianReward), ("energyPerUser", EdgeMetric.medianJoules)] {
      try log.record(name, Statistics.quantile(0.5, ofSorted: numbers(metric).sorted()), step: step)
    }
  }
}
