import Agents
import Federation
import Tensor

/// Algorithm 2 of Ji, Qin and Tao (arXiv 2307.02900): every user learns by itself with PPO, from the meta-trained model or from random networks, and
/// those that federate average from time to time.
struct AllocationAdaptation: Archivable, Sendable {
  typealias Users = FederatedLearner<IndependentLearners<PPO>>

  /// What happened in the episodes from one update to the next.
  struct Progress: Sendable {
    /// Means over milliseconds and episodes.
    var reward = 0.0
    var free = 0.0
    var efficiency = 0.0
    /// Entropies of the policies behind the update, means over users.
    var choiceEntropy = 0.0
    var powerEntropy = 0.0
  }

  let scheme: AllocationScheme
  let system: AllocationParameters
  let learning: AllocationLearning
  private var trainer: Trainer<AllocationEnvironment, Users>
  /// Milliseconds, over all episodes so far, in which each user was alone and exceeded γ_min: β of eq. 20. `[I]`
  private var successes: [Double]

  /// - Parameters:
  ///   - system: Adjusted to the scheme.
  ///   - model: What users begin with; nil: random networks.
  ///   - drops: The seed of positions, shadowing and fading.
  ///   - agents: The seed of networks and exploration.
  init(
    _ scheme: AllocationScheme, _ system: AllocationParameters, _ learning: AllocationLearning, model: AllocationModel?, drops: UInt64,
    agents: UInt64,
    threads: Int
  ) {
    (self.scheme, self.system, self.learning) = (scheme, system, learning)
    let environment = AllocationEnvironment(system, copies: learning.updateEpisodes, seed: drops)
    let configuration = learning.configuration(rate: learning.rates.adaptation, steps: system.episodeMilliseconds, passes: learning.passes)
    var users = IndependentLearners(for: environment.specification, seed: agents, threads: min(threads, system.cell.users)) { sizes, seed, _ in
      PPO(configuration, for: sizes, seed: seed)
    }
    if let model { for user in 0..<system.cell.users { users.setParameters(of: 0, client: user, to: model.parameters) } }
    trainer = Trainer(FederatedLearner(users, scheme.federation(learning), seed: agents, threads: threads), in: environment)
    successes = Array(repeating: 0, count: system.cell.users)
  }

  /// Episodes so far, of all copies.
  var episodes: Int { trainer.step / system.episodeMilliseconds * learning.updateEpisodes }
  /// Episodes of this scheme.
  var length: Int { scheme.isEarly ? learning.episodes / 2 : learning.episodes }
  var isFinished: Bool { episodes >= length }
  /// Whether users average now: every `roundEpisodes`, but not behind the last episode.
  var isRoundDue: Bool { episodes > 0 && episodes % learning.roundEpisodes == 0 && episodes < length }
  /// Averagings so far.
  var rounds: Int { trainer.learner.rounds }
  var totalBytes: (up: Int, down: Int) { trainer.learner.totalBytes }

  /// The episodes up to the next update, and the update.
  mutating func advance() -> Progress {
    var progress = Progress()
    let (copies, users, width) = (learning.updateEpisodes, system.cell.users, trainer.environment.specification.metrics.count)
    for _ in 0..<system.episodeMilliseconds {
      if trainer.environment.millisecond == 0 { trainer.learner.foresee(trainer.environment.upcomingObservations()) }
      trainer.advance()
      for copy in 0..<copies {
        let first = copy * width
        progress.efficiency += Double(trainer.batch.metrics[first])
        progress.reward += Double(trainer.batch.metrics[first + 1])
        progress.free += Double(trainer.batch.metrics[first + 2])
        for user in 0..<users { successes[user] += Double(trainer.batch.metrics[first + 5 + user]) }
      }
    }
    let share = 1 / Double(copies * system.episodeMilliseconds)
    (progress.efficiency, progress.reward, progress.free) = (progress.efficiency * share, progress.reward * share, progress.free * share)
    (progress.choiceEntropy, progress.powerEntropy) = entropies
    return progress
  }

  /// Mean entropies of the users' policies at what they observe now.
  private var entropies: (choices: Double, powers: Double) {
    let (users, size) = (system.cell.users, system.observationSize)
    var sums = (choices: 0.0, powers: 0.0)
    for (user, learner) in trainer.learner.base.learners.enumerated() {
      var own: [Float] = []
      for copy in 0..<learning.updateEpisodes {
        let first = (copy * users + user) * size
        own += trainer.batch.observations[first..<first + size]
      }
      let entropies = learner.entropies(of: own)
      sums = (sums.choices + entropies.choices, sums.powers + entropies.numbers)
    }
    return (sums.choices / Double(users), sums.powers / Double(users))
  }

  /// The rates of successful assignments: η = β / T of eq. 20. `[I]`
  var successRates: [Double] {
    let milliseconds = Double(max(1, episodes * system.episodeMilliseconds))
    return successes.map { $0 / milliseconds }
  }

  /// One averaging, by eq. 19 or 20.
  mutating func average() {
    if learning.weight == .success { trainer.learner.givenWeights = successRates }
    trainer.learner.makeRound()
  }

  /// What the users would do now: drawing from their distributions, or without noise if there is no seed.
  func policies(copies: Int, seed: UInt64?) -> IndependentPolicies<ActorPolicy> {
    var specification = trainer.environment.specification
    specification.copies = copies
    return IndependentPolicies(
      trainer.learner.base.learners.enumerated().map { user, learner in
        // Users draw apart: 2⁴⁰ is far beyond the seeds of jobs.
        seed.map { learner.sampled(copies: copies, seed: $0 &+ UInt64(user) << 40) } ?? learner.greedy(copies: copies)
      }, for: specification)
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("successes", &successes)
    try archive.group("trainer") { () throws(FileError) in try trainer.archive(in: archive) }
    guard successes.allSatisfy({ $0 >= 0 && $0 <= Double(trainer.step * learning.updateEpisodes) }) else {
      throw archive.failure("a user has more successes than milliseconds")
    }
  }
}
