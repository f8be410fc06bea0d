import Agents
import Channels
import Tensor

/// The seeds of one job. Schemes of the same seed share positions, training fading and evaluation fading.
struct D2DSeeds {
  let drop: UInt64
  let training: UInt64
  let evaluation: UInt64
  let agents: UInt64
  let oracle: UInt64
  /// Positions and fading of the re-drop behind fine-tuning, and fading of execution.
  let redrop: UInt64
  let execution: UInt64

  init(_ seed: Int) {
    let base = UInt64(seed) * 16
    drop = base
    training = base + 1
    evaluation = base + 2
    agents = base + 3
    oracle = base + 4
    redrop = base + 5
    execution = base + 6
  }
}

/// Who trains what: one job as a course of training, with what is measured meanwhile and at its end.
///
/// Every scheme passes the same random slots first, so that its learning slot t meets the fading of everybody else's slot t. On-line schemes learn
/// nothing in them (deviation 35).
struct D2DExperiment {
  let settings: D2DSettings
  let seeds: D2DSeeds
  let job: Job
  let threads: Int

  init(_ settings: D2DSettings, job: Job, threads: Int = 1) {
    var settings = settings
    if let pairs = job.point["pairs"] { settings.system.pairs = Int(pairs) }
    if let neighbours = job.point["neighbours"] { settings.neighbours = Int(neighbours) }
    self.settings = settings
    self.job = job
    self.threads = threads
    seeds = D2DSeeds(job.seed)
  }

  // MARK: Environments

  var pairs: Int { settings.system.pairs }

  func trainingEnvironment() -> D2DEnvironment {
    D2DEnvironment(settings.system, dropSeeds: [seeds.drop], fadingSeed: seeds.training)
  }

  /// Copies of the training's drop with fading of their own; where positions are drawn again and again, copies with drops of their own.
  func evaluationEnvironment(drop: UInt64? = nil) -> D2DEnvironment {
    let first = drop ?? seeds.drop
    let drops = (0..<settings.evaluationCopies).map { copy in
      settings.system.positionReset == .everyEpisode ? first + UInt64(copy + 1) << 32 : first
    }
    return D2DEnvironment(settings.system, dropSeeds: drops, fadingSeed: seeds.evaluation)
  }

  /// The levels of own gain, cellular gain and interference that Q-learning tells apart (deviation 31): thirds of a standard normal law.
  private func levels<Task: Environment>(of environment: Task) -> LevelStates<Task> {
    LevelStates(environment, thresholds: Array(repeating: [-0.43, 0.43], count: 3))
  }

  // MARK: Measuring

  /// Means of all metrics of a policy over the evaluation's slots, or over a part of them.
  func measure<Task: Environment>(_ policy: inout some Policy, in environment: Task, slots: Int? = nil) -> [Double] {
    var environment = environment
    let copies = settings.evaluationCopies
    return evaluate(&policy, in: &environment, steps: ((slots ?? settings.evaluationSlots) + copies - 1) / copies)
  }

  /// The total reward over the first slots of the evaluation, the same for every policy: for a look in between.
  func inspect<Task: Environment>(_ policy: some Policy, in environment: Task) -> Double {
    var policy = policy
    return measure(&policy, in: environment, slots: min(1000, settings.evaluationSlots))[0]
  }

  /// Records every metric of the executed policy under its own name, and the block that each pair uses most if the job asks for it.
  private func record<Task: Environment>(_ policy: some Policy, in environment: Task, step: Int, _ log: MetricLog) throws {
    var counted = ChoiceCounts(policy, for: environment.specification)
    for (name, value) in zip(D2DEnvironment.metrics, measure(&counted, in: environment)) { try log.record(name, value, step: step) }
    guard job.settings["blocks"] != nil else { return }
    let actions = settings.system.actions
    for (pair, action) in counted.mostFrequent.enumerated() { try log.record("block.\(pair)", Double(actions.blocks(of: action)[0]), step: step) }
  }

  // MARK: Courses

  /// A course of training.
  ///
  /// - Parameters:
  ///   - waits: Whether the learner has no random phase of its own, so that the environment passes those slots before it comes.
  ///   - view: What the learner sees of the environment.
  ///   - others: Further policies to look at, by the name of the metric.
  private func course<Task: Environment, Agent: Learner>(
    slots: Int, chunk: Int, waits: Bool, view: @escaping (D2DEnvironment) -> Task,
    others: @escaping (Agent) -> [(String, GreedyPolicy)] = { _ in [] }, check: @escaping (Agent, Int) throws -> Void = { _, _ in },
    learner: (D2DEnvironment, EnvironmentSpecification) -> Agent
  ) -> TrainingJob<Task, Agent> {
    var environment = trainingEnvironment()
    if waits { pass(settings.learner.randomSteps, in: &environment) }
    let task = view(environment)
    let inspects = job.settings["looks"] != "none"
    let copies = settings.evaluationCopies
    return TrainingJob(
      learner(environment, task.specification), in: task,
      length: TrainingLength(
        uncounted: waits ? 0 : settings.learner.randomSteps, counted: slots, interval: D2DExperiment.inspectionInterval(slots), chunk: chunk,
        unit: "slot"),
      curve: job.settings["curve"] == nil ? nil : "trainingReward",
      look: { learner, step, log in
        try check(learner, step)
        guard inspects else { return }
        try log.record("executedReward", inspect(learner.greedy(copies: copies), in: view(evaluationEnvironment())), step: step)
        for (name, policy) in others(learner) { try log.record(name, inspect(policy, in: view(evaluationEnvironment())), step: step) }
      },
      conclude: { learner, step, log in
        if settings.lastPhase != .train { try record(learner.greedy(copies: copies), in: view(evaluationEnvironment()), step: step, log) }
      })
  }

  /// Learning slots between two looks at the executed policy.
  static func inspectionInterval(_ slots: Int) -> Int { slots <= 1000 ? max(1, min(50, slots / 8)) : slots / 16 }

  /// Lets random slots go by.
  private func pass(_ slots: Int, in environment: inout D2DEnvironment) {
    var batch = StepBatch(for: environment.specification)
    var actions = ActionBatch(for: environment.specification)
    var random = RandomPolicy(for: environment.specification, seed: seeds.agents)
    environment.reset(into: &batch)
    for step in 0..<slots {
      random.act(batch.observations, step: step, into: &actions)
      environment.step(actions, into: &batch)
    }
  }

  /// MAAC, or NAAC with λ neighbours (Algorithm 1), executed by its target actors (Algorithm 2).
  func actorCritics(neighbours: Int?, slots: Int, prepare: (inout MADDPG) -> Void = { _ in }) -> TrainingJob<D2DEnvironment, MADDPG> {
    let copies = settings.evaluationCopies
    return course(
      slots: slots, chunk: 1, waits: false, view: { $0 }, others: { [("onlineReward", $0.online(copies: copies))] },
      check: D2DExperiment.requireFiniteActors,
      learner: { environment, _ in
        var learner = self.learner(neighbours: neighbours, in: environment)
        prepare(&learner)
        return learner
      })
  }

  /// - Parameter learnsAtOnce: Whether there is no random phase, but experience from elsewhere.
  func learner(neighbours: Int?, in environment: D2DEnvironment, learnsAtOnce: Bool = false) -> MADDPG {
    var configuration = settings.learner
    if learnsAtOnce { (configuration.randomSteps, configuration.minimumTransitions) = (0, configuration.batchSize) }
    configuration.neighbours = neighbours.map { min($0, pairs - 1) }
    let drop = environment.drops[0]
    let order = (0..<pairs).map { settings.gains.isEmpty ? drop.neighbourOrder(of: $0) : drop.interfererOrder(of: $0, environment.links.layout) }
    return MADDPG(configuration, for: environment.specification, proximity: order, seed: seeds.agents, threads: min(threads, pairs))
  }

  /// Actors that are not numbers any more would still choose blocks, and be measured as if they had learnt to.
  static func requireFiniteActors(_ learner: MADDPG, slot: Int) throws {
    for parameters in learner.online(copies: 1).parameters + learner.executed(copies: 1).parameters {
      guard parameters.values.array.allSatisfy(\.isFinite) else {
        throw RunError(
          "the learner diverged: by learning slot \(slot) the weights of an actor are not finite; lower criticLearningRate or actorLearningRate")
      }
    }
  }

  /// Learners of one agent each, to whom the others are part of the environment.
  private func independent<Task: Environment, Base: Learner>(
    slots: Int, chunk: Int, waits: Bool, view: @escaping (D2DEnvironment) -> Task,
    make: (_ specification: EnvironmentSpecification, _ seed: UInt64) -> Base
  ) -> any JobRun {
    course(
      slots: slots, chunk: chunk, waits: waits, view: view,
      learner: { _, specification in
        IndependentLearners(for: specification, seed: seeds.agents, threads: min(threads, pairs)) { sizes, seed, _ in make(sizes, seed) }
      })
  }

  /// The job of its scheme.
  func start() -> any JobRun {
    switch job.scheme {
    case "maac", "naac":
      let neighbours = job.scheme == "naac" ? settings.neighbours : nil
      if job.settings["transfer"] != nil { return transfer(neighbours: neighbours) }
      let training = actorCritics(neighbours: neighbours, slots: settings.learningSlots(pairs: pairs))
      return settings.lastPhase == .finetune ? finetuning(behind: training, neighbours: neighbours) : training
    case "dqn":
      return independent(slots: settings.dqnSlots, chunk: 5, waits: false, view: { $0 }, make: { DQN(dqn, for: $0, seed: $1) })
    case "ac":
      return independent(
        slots: settings.actorCriticSlots, chunk: 50, waits: true, view: { $0 }, make: { ActorCritic(actorCritic, for: $0, seed: $1) })
    case "qlearning":
      return independent(slots: settings.tableSlots, chunk: 100, waits: true, view: levels, make: { QLearning(table, for: $0, seed: $1) })
    case "sla":
      var configuration = LearningAutomataConfiguration.uncoupledStochasticLearning
      configuration.scheme = .rewardInaction(step: settings.automatonStep)
      return course(
        slots: settings.automatonSlots, chunk: 100, waits: true, view: { $0 },
        learner: { LearningAutomata(configuration, for: $1, seed: seeds.agents) })
    case "random":
      let (sizes, seed) = (trainingEnvironment().specification, seeds.agents)
      return yardstick(
        Untaught(RandomPolicy(for: sizes, seed: seed)) { copies in
          var sizes = sizes
          sizes.copies = copies
          return RandomPolicy(for: sizes, seed: seed)
        })
    case "oracle":
      let drop = trainingEnvironment().drops[0]
      return yardstick(Untaught(FixedPolicy(UnderlayOracle(settings.system.cell, drop: drop, seed: seeds.oracle).allocation)))
    default: preconditionFailure("the pack 'd2d' has no scheme '\(job.scheme)'")
    }
  }

  /// A policy that learns nothing, in the training's slots, so that curves can be paired slot by slot, and in the evaluation's.
  private func yardstick<Chooser: Policy>(_ policy: Untaught<Chooser>) -> any JobRun {
    course(slots: yardstickSlots, chunk: 200, waits: false, view: { $0 }, learner: { _, _ in policy })
  }

  /// As many as the longest curve that is compared with it.
  private var yardstickSlots: Int { job.settings["slots"].flatMap { Int($0) } ?? 1 }

  // MARK: The baselines' settings (deviations 30 and 31)

  private var dqn: DQNConfiguration {
    var configuration = DQNConfiguration()
    configuration.widths = settings.learner.actorWidths
    configuration.discount = settings.learner.discount
    configuration.learningRate = .constant(settings.dqnLearningRate)
    configuration.maximumGradientNorm = nil
    configuration.batchSize = settings.learner.batchSize
    configuration.replayCapacity = settings.learner.replayCapacity
    configuration.learningStarts = settings.learner.randomSteps
    configuration.trainingInterval = 1
    configuration.target = .soft(settings.learner.polyak)
    configuration.exploration = LinearSchedule(from: 1, to: 0.05, over: settings.explorationSlots, after: settings.learner.randomSteps)
    return configuration
  }

  private var actorCritic: ActorCriticConfiguration {
    var configuration = ActorCriticConfiguration()
    configuration.networks.actorWidths = settings.learner.actorWidths
    configuration.networks.criticWidths = settings.learner.actorWidths
    configuration.networks.activation = .relu
    configuration.networks.criticActivation = .relu
    configuration.stepsPerUpdate = settings.actorCriticInterval
    configuration.discount = settings.learner.discount
    configuration.actorLearningRate = settings.learner.actorLearningRate
    configuration.criticLearningRate = settings.learner.criticLearningRate
    configuration.entropyCoefficient = settings.entropyWeight
    return configuration
  }

  private var table: TabularConfiguration {
    var configuration = TabularConfiguration()
    configuration.discount = Double("\(settings.learner.discount)")!
    configuration.learningRate = .constant(settings.tableLearningRate)
    configuration.exploration = LinearSchedule(from: 1, to: 0.05, over: settings.explorationSlots)
    return configuration
  }

  // MARK: What comes after training

  /// The pairs of the training behind which a transfer goes on.
  static let pairsBeforeTransfer = 10

  /// Training among ten pairs, then among more, where pair n begins with the networks of pair n modulo ten (section IV-D).
  private func transfer(neighbours: Int?) -> any JobRun {
    var before = settings
    before.system.pairs = min(pairs, D2DExperiment.pairsBeforeTransfer)
    before.lastPhase = .train
    var beginning = job
    beginning.point = [:]
    beginning.settings = ["looks": "none"]
    let first = D2DExperiment(before, job: beginning, threads: threads)
    let slots = settings.learningSlots(pairs: before.system.pairs)
    let sources = (0..<pairs).map { $0 % before.system.pairs }
    return JobChain(lengths: [slots, settings.learningSlots(pairs: pairs)].map { settings.learner.randomSteps + $0 }) { place, previous in
      if place == 0 { return first.actorCritics(neighbours: neighbours, slots: slots) }
      let teacher = (previous as? TrainingJob<D2DEnvironment, MADDPG>)?.trainer.learner
      return actorCritics(neighbours: neighbours, slots: settings.learningSlots(pairs: pairs)) { learner in
        if let teacher { learner.adopt(teacher, from: sources) }
      }
    }
  }

  /// Training, then execution with fine-tuning (section III-C) on the same positions, then on other ones.
  private func finetuning(behind training: TrainingJob<D2DEnvironment, MADDPG>, neighbours: Int?) -> any JobRun {
    let slots = settings.finetuningSlots
    return JobChain(lengths: [settings.learner.randomSteps + settings.learningSlots(pairs: pairs), slots, slots]) { place, previous in
      if place == 0 { return training }
      let (drop, suffix) = place == 1 ? (seeds.drop, "") : (seeds.redrop, "Redrop")
      let environment = D2DEnvironment(settings.system, dropSeeds: [drop], fadingSeed: seeds.execution)
      var learner =
        (previous as? TrainingJob<D2DEnvironment, MADDPG>)?.trainer.learner ?? (previous as? FinetuningJob<D2DEnvironment, MADDPG>)?.learner
      if place == 2, let teacher = learner {
        // Neighbours are others now, and the replay of other positions would teach what holds no longer.
        var successor = self.learner(neighbours: neighbours, in: environment, learnsAtOnce: true)
        successor.adopt(teacher, from: Array(0..<pairs))
        learner = successor
      }
      return FinetuningJob(
        learner ?? self.learner(neighbours: neighbours, in: environment, learnsAtOnce: place == 2), in: environment,
        length: FinetuningLength(steps: slots, deploymentInterval: settings.deploymentInterval, unit: "slot"),
        // In slots with good channels the experience is uploaded.
        takes: { $0.meanOwnFading >= Decibels(settings.uploadThresholdDB).linear },
        look: { learner, slot, uploaded, log in
          try D2DExperiment.requireFiniteActors(learner, slot: slot)
          let reward = inspect(learner.greedy(copies: settings.evaluationCopies), in: evaluationEnvironment(drop: drop))
          try log.record((slot == 0 ? "rewardBeforeFinetuning" : "rewardAfterFinetuning") + suffix, reward, step: slot)
          if slot > 0 { try log.record("tuplesUploaded" + suffix, uploaded, step: slot) }
        })
    }
  }
}

extension D2DEnvironment {
  /// The mean over the pairs of the fading of their own links in the present slot, in the first copy: 1 on average.
  var meanOwnFading: Double {
    let layout = links.layout
    var sum = 0.0
    for pair in 0..<layout.pairs {
      let link = layout.transmitter(pair, toReceiver: pair)
      sum += Double(channel.powers[link]) / Double(drops[0].powers[link])
    }
    return sum / Double(layout.pairs)
  }
}
