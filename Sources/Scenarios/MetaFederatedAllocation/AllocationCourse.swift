import Agents
import Tensor

/// One job of a scheme that learns: meta-training where it is due, adaptation with averagings, and the tests around them.
struct AllocationCourse: JobRun {
  /// The seeds of one job. Schemes of the same seed share the drops of training and of tests.
  struct Seeds {
    let training: UInt64
    let test: UInt64
    let agents: UInt64
    let meta: UInt64
    let choices: UInt64

    init(_ seed: Int) {
      let base = UInt64(seed) * 16
      (training, test, agents, meta, choices) = (base, base + 1, base + 2, base + 4, base + 6)
    }
  }

  private enum Phase: Int {
    case meta, first, adaptation, end, done
  }

  private let scheme: AllocationScheme
  private let system: AllocationParameters
  private let learning: AllocationLearning
  private let seeds: Seeds
  private let threads: Int
  private let models: AllocationModels
  private let setting: AllocationMetaTraining.Setting
  private var phase: Phase
  private var meta: AllocationMetaTraining?
  private var adaptation: AllocationAdaptation?
  private var newest = 0.0

  /// - Parameter models: Models that other jobs have trained.
  init(_ scheme: AllocationScheme, _ settings: AllocationSettings, seed: Int, threads: Int, models: AllocationModels) {
    var (system, learning) = (settings.system, settings.work)
    scheme.adjust(&system, &learning)
    (self.scheme, self.system, self.learning, self.threads, self.models) = (scheme, system, learning, threads, models)
    seeds = Seeds(seed)
    setting = AllocationMetaTraining.Setting(system, learning, seed: seeds.meta)
    phase = scheme.isMeta && models[setting] == nil ? .meta : .first
    if phase == .meta { meta = AllocationMetaTraining(setting) }
  }

  var progress: JobProgress {
    let before = scheme.isMeta ? learning.metaEpisodes : 0
    let length = scheme.isEarly ? learning.episodes / 2 : learning.episodes
    let completed = phase == .meta ? meta?.episodes ?? 0 : before + (adaptation?.episodes ?? (phase == .done ? length : 0))
    return JobProgress(completed: completed, total: before + length, unit: "episode", headline: ("reward", newest))
  }

  mutating func advance(_ log: MetricLog) throws -> Bool {
    switch phase {
    case .meta:
      meta!.advance()
      if meta!.isFinished {
        models[setting] = meta!.model
        meta = nil
        phase = .first
      }
    case .first:
      try begin(log)
      phase = .adaptation
    case .adaptation:
      let progress = adaptation!.advance()
      newest = progress.reward
      let step = adaptation!.episodes
      for (name, value) in [
        (AllocationMetric.reward, progress.reward), (AllocationMetric.free, progress.free), (AllocationMetric.efficiency, progress.efficiency),
        (AllocationMetric.choiceEntropy, progress.choiceEntropy), (AllocationMetric.powerEntropy, progress.powerEntropy),
      ] {
        try log.record(name, value, step: step)
      }
      if adaptation!.isRoundDue { try round(log) }
      if adaptation!.isFinished { phase = .end }
    case .end:
      try conclude(log)
      phase = .done
      return true
    case .done:
      return true
    }
    return false
  }

  // MARK: Parts

  private func makeAdaptation(_ model: AllocationModel?) -> AllocationAdaptation {
    AllocationAdaptation(scheme, system, learning, model: model, drops: seeds.training, agents: seeds.agents, threads: threads)
  }

  /// The test at a time of training, on the drops of the seed.
  private func test(drops: Int) -> AllocationTest {
    var system = system
    system.fixedFingerprint = scheme.isEarly ? 0.5 : 1
    return AllocationTest(system, drops: drops, seed: seeds.test, skipping: 0)
  }

  private func record(_ test: AllocationTest, isGreedy: Bool = false) -> AllocationRecord {
    let copies = test.environment.specification.copies
    return test.run(PolicyChooser(policy: adaptation!.policies(copies: copies, seed: isGreedy ? nil : seeds.choices)))
  }

  private mutating func begin(_ log: MetricLog) throws {
    let model = scheme.isMeta ? models[setting] : nil
    if let model {
      let tasks = AllocationLearning.metaUsers.count
      for episode in 0..<model.rewards.count / tasks {
        let rewards = Array(model.rewards[episode * tasks..<(episode + 1) * tasks])
        for (users, reward) in zip(AllocationLearning.metaUsers, rewards) {
          try log.record(AllocationMetric.metaReward(users: users), reward, step: episode + 1)
        }
        try log.record(AllocationMetric.metaReward, rewards.reduce(0, +), step: episode + 1)
      }
    }
    adaptation = makeAdaptation(model)
    let first = record(test(drops: learning.testDrops))
    try log.record(AllocationMetric.firstEfficiency, Statistics.mean(first.efficiency), step: 0)
    try log.record(AllocationMetric.firstReward, Statistics.mean(first.reward), step: 0)
    try log.record(AllocationMetric.firstFree, Statistics.mean(first.free), step: 0)
  }

  /// A place of an averaging: those that do not average are tested there all the same.
  private mutating func round(_ log: MetricLog) throws {
    let number = adaptation!.episodes / learning.roundEpisodes
    let test = test(drops: learning.roundDrops)
    try log.record(AllocationMetric.beforeRound, Statistics.mean(record(test).efficiency), step: number)
    guard scheme.isFederated else { return }
    adaptation!.average()
    let after = record(test)
    try log.record(AllocationMetric.afterRound, Statistics.mean(after.efficiency), step: number)
    try log.record(AllocationMetric.afterRoundFree, Statistics.mean(after.free), step: number)
  }

  private mutating func conclude(_ log: MetricLog) throws {
    let step = adaptation!.episodes
    let test = test(drops: learning.testDrops)
    try AllocationCourse.record(record(test), step: step, log)
    let greedy = record(test, isGreedy: true)
    try log.record(AllocationMetric.greedyEfficiency, Statistics.mean(greedy.efficiency), step: step)
    try log.record(AllocationMetric.greedyFree, Statistics.mean(greedy.free), step: step)
    adaptation!.average()
    let averaged = record(test)
    try log.record(AllocationMetric.averagedEfficiency, Statistics.mean(averaged.efficiency), step: step)
    try log.record(AllocationMetric.averagedFree, Statistics.mean(averaged.free), step: step)
    try log.record(AllocationMetric.averagedFreeError, AllocationRecord.standardError(averaged.free), step: step)
    let (up, down) = adaptation!.totalBytes
    let messages = Double(adaptation!.rounds * system.cell.users)
    try log.record(AllocationMetric.bytesUp, Double(up) / messages, step: step)
    try log.record(AllocationMetric.bytesDown, Double(down) / messages, step: step)
  }

  /// Drops of Fig. 5.
  static let shownDrops = 10

  /// Records a test.
  static func record(_ record: AllocationRecord, step: Int, _ log: MetricLog) throws {
    for (name, values) in [
      (AllocationMetric.testEfficiency, record.efficiency), (AllocationMetric.testReward, record.reward), (AllocationMetric.testFree, record.free),
      (AllocationMetric.testServed, record.served), (AllocationMetric.testPower, record.power), (AllocationMetric.testBound, record.bound),
    ] where !values.isEmpty {
      try log.record(name, Statistics.mean(values), step: step)
    }
    try log.record(AllocationMetric.testError, AllocationRecord.standardError(record.efficiency), step: step)
    for (drop, value) in record.efficiency.prefix(shownDrops).enumerated() {
      try log.record(AllocationMetric.dropEfficiency, value, step: drop + 1)
    }
  }

  // MARK: State

  mutating func archive(in archive: Archive) throws(FileError) {
    var number = phase.rawValue
    try archive.value("phase", &number)
    try archive.value("newest", &newest)
    guard let read = Phase(rawValue: number) else { throw archive.failure("a job of this pack has no phase \(number)") }
    if archive.isReading {
      phase = read
      meta = phase == .meta ? AllocationMetaTraining(setting) : nil
      adaptation = phase == .adaptation || phase == .end || phase == .done ? makeAdaptation(nil) : nil
    }
    if phase == .meta { try archive.group("meta") { () throws(FileError) in try meta!.archive(in: archive) } }
    if phase == .first && scheme.isMeta { try archiveModel(archive) }
    if adaptation != nil { try archive.group("adaptation") { () throws(FileError) in try adaptation!.archive(in: archive) } }
  }

  /// Between meta-training and adaptation the model is the whole state.
  private func archiveModel(_ archive: Archive) throws(FileError) {
    let model = models[setting]
    var parameters = model?.parameters ?? []
    var rewards = model?.rewards ?? []
    try archive.array("parameters", &parameters, resizable: true)
    try archive.array("rewards", &rewards, resizable: true)
    guard archive.isReading else { return }
    let size = learning.parameters(observation: system.observationSize, subchannels: system.cell.subchannels)
    guard parameters.count == size, rewards.count == learning.metaEpisodes * AllocationLearning.metaUsers.count else {
      throw archive.failure("the meta-trained model has another size")
    }
    models[setting] = AllocationModel(parameters: parameters, rewards: rewards)
  }
}

/// One job of a scheme that does not learn: a test.
struct AllocationYardstickRun: JobRun {
  private let scheme: String
  private let settings: AllocationSettings
  private let seeds: AllocationCourse.Seeds
  private var isDone = false

  init(_ scheme: String, _ settings: AllocationSettings, seed: Int) {
    (self.scheme, self.settings, seeds) = (scheme, settings, AllocationCourse.Seeds(seed))
  }

  var progress: JobProgress { JobProgress(completed: isDone ? 1 : 0, total: 1, unit: "test") }

  /// Where the base station's knowledge is old, episodes have a block before the one that is measured, so that there is something to know.
  mutating func advance(_ log: MetricLog) throws -> Bool {
    var (system, work) = (settings.system, settings.work)
    system.fixedFingerprint = 1
    let delay = scheme == "hungarian" ? work.csiDelay : 0
    let skipped = settings.isDelayStudy ? system.cell.blockMilliseconds : 0
    system.episodeMilliseconds += skipped
    work.testDrops = max(1, work.testDrops)
    let test = AllocationTest(system, drops: work.testDrops, seed: seeds.test, skipping: skipped)
    let copies = work.testDrops
    let record: AllocationRecord
    switch scheme {
    case "hungarian": record = test.run(HungarianChooser(system, copies: copies, delay: delay))
    case "orthogonal": record = test.run(OrthogonalChooser(system))
    case "random": record = test.run(PolicyChooser(policy: RandomPolicy(for: test.environment.specification, seed: seeds.choices)))
    default: preconditionFailure("the pack 'mfrl' has no scheme '\(scheme)'")
    }
    try AllocationCourse.record(record, step: 0, log)
    isDone = true
    return true
  }

  mutating func archive(in archive: Archive) throws(FileError) { try archive.value("isDone", &isDone) }
}
