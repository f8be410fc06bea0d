import Agents
import Synchronization
import Tensor

/// A model that the base station has trained on several tasks.
struct AllocationModel: Sendable {
  /// Trunk, heads and critic in one vector.
  let parameters: [Float]
  /// The reward of each task in each episode, the mean over its milliseconds. `[episodes, tasks]`
  let rewards: [Double]
}

/// Algorithm 1 of Ji, Qin and Tao (arXiv 2307.02900), as it is printed: one model acts for all users of all tasks, and steps of Adam on what they all
/// experienced follow every episode. There is no inner step and no meta-gradient.
struct AllocationMetaTraining: Archivable, Sendable {
  /// Everything that decides about the model.
  struct Setting: Hashable, Sendable {
    let system: AllocationParameters
    let learning: AllocationLearning
    let seed: UInt64

    /// - Parameters:
    ///   - system: That of the adaptation, of which scenario and users do not matter.
    ///   - learning: Of it, what concerns adaptation and tests alone does not matter.
    init(_ system: AllocationParameters, _ learning: AllocationLearning, seed: UInt64) {
      var (system, learning) = (system, learning)
      system.cell.scenario = .urbanMicro
      system.cell.users = 1
      (system.cell.sideMeters, system.cell.noiseDensityDBmPerHertz) = (nil, nil)
      (system.trainingEpisodes, system.parallelEpisodes, system.episodeMilliseconds) = (learning.metaEpisodes, 1, 100)
      (system.redrops, system.fixedFingerprint) = (true, nil)
      let plain = AllocationLearning()
      (learning.learningRate, learning.metaLearningRate, learning.regime) = (plain.learningRate, learning.rates.meta, .trains)
      (learning.updateEpisodes, learning.passes, learning.episodes) = (plain.updateEpisodes, plain.passes, plain.episodes)
      (learning.roundEpisodes, learning.weight, learning.moments) = (plain.roundEpisodes, plain.weight, plain.moments)
      (learning.commonStart, learning.csiDelay) = (plain.commonStart, plain.csiDelay)
      (learning.testDrops, learning.roundDrops) = (plain.testDrops, plain.roundDrops)
      (self.system, self.learning, self.seed) = (system, learning, seed)
    }
  }

  let setting: Setting
  private var trainer: Trainer<AllocationPool, PPO>
  private var rewards: [Double] = []

  init(_ setting: Setting) {
    self.setting = setting
    let (system, learning) = (setting.system, setting.learning)
    let pool = AllocationPool(system, users: AllocationLearning.metaUsers, seed: setting.seed)
    let configuration = learning.configuration(rate: learning.rates.meta, steps: system.episodeMilliseconds, passes: learning.metaPasses)
    trainer = Trainer(PPO(configuration, for: pool.specification, seed: setting.seed &+ 1), in: pool)
  }

  /// Episodes of all tasks so far.
  var episodes: Int { rewards.count / AllocationLearning.metaUsers.count }
  var isFinished: Bool { episodes >= setting.learning.metaEpisodes }

  /// One episode of all tasks, and the steps of Adam behind it.
  mutating func advance() {
    let tasks = AllocationLearning.metaUsers.count
    var sums = [Double](repeating: 0, count: tasks)
    let length = setting.system.episodeMilliseconds
    for _ in 0..<length {
      if trainer.environment.isAtBlock { trainer.learner.foresee(trainer.environment.upcomingObservations()) }
      trainer.advance()
      for task in 0..<tasks { sums[task] += trainer.environment.taskRewards[task] }
    }
    rewards += sums.map { $0 / Double(length) }
  }

  var model: AllocationModel {
    let learner = trainer.learner
    var parameters = [Float](repeating: 0, count: learner.exchangeableNetworks[0].layout.count)
    learner.copyParameters(of: 0, client: 0, into: &parameters)
    return AllocationModel(parameters: parameters, rewards: rewards)
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("rewards", &rewards, resizable: true)
    try archive.group("trainer") { () throws(FileError) in try trainer.archive(in: archive) }
    let tasks = AllocationLearning.metaUsers.count
    guard rewards.count % tasks == 0, rewards.count / tasks <= setting.learning.metaEpisodes else {
      throw archive.failure("the rewards of meta-training do not fit its episodes")
    }
  }
}

/// Meta-trained models of a process by what decides about them, so that jobs that adapt the same model train it once. A model depends on nothing
/// else: who finds it here and who trains it anew go on alike.
final class AllocationModels: Sendable {
  private let models = Mutex<[AllocationMetaTraining.Setting: AllocationModel]>([:])

  subscript(setting: AllocationMetaTraining.Setting) -> AllocationModel? {
    get { models.withLock { $0[setting] } }
    set { models.withLock { $0[setting] = newValue } }
  }
}
