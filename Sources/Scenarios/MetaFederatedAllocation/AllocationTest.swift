import Agents

/// What was measured in a test, one number for each drop: means over its milliseconds.
struct AllocationRecord: Sendable, Hashable {
  /// Σ u over users that are alone, in Mbit/J. `[E]`
  var efficiency: [Double]
  /// The reward of eqs. 6 and 7. `[E]`
  var reward: [Double]
  /// The share of milliseconds without collision. `[E]`
  var free: [Double]
  /// The share of users that are alone and exceed γ_min. `[E]`
  var served: [Double]
  /// The users' mean power in dBm. `[E]`
  var power: [Double]
  /// The bound on the efficiency; empty where it is not known. `[E]`
  var bound: [Double]

  /// The standard error of a mean over drops.
  static func standardError(_ values: [Double]) -> Double {
    values.count > 1 ? Statistics.standardDeviation(values) / Double(values.count).squareRoot() : 0
  }
}

/// Executes somebody's choices on drops that all schemes of a seed share.
struct AllocationTest: Sendable {
  /// The drops, as copies of which each plays one episode.
  let environment: AllocationEnvironment
  /// First milliseconds of the episode that are not measured.
  let skipped: Int

  /// - Parameters:
  ///   - system: Its fingerprint should be fixed: all drops are seen at one time of training.
  ///   - drops: Users at so many different places.
  init(_ system: AllocationParameters, drops: Int, seed: UInt64, skipping skipped: Int = 0) {
    precondition(skipped < system.episodeMilliseconds, "AllocationTest: \(skipped) of \(system.episodeMilliseconds) milliseconds are skipped")
    environment = AllocationEnvironment(system, copies: drops, seed: seed)
    self.skipped = skipped
  }

  /// One episode on every drop.
  func run(_ chooser: some AllocationChooser) -> AllocationRecord {
    var (chooser, environment) = (chooser, environment)
    let specification = environment.specification
    let (drops, width) = (specification.copies, specification.metrics.count)
    var batch = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    var sums = [Double](repeating: 0, count: drops * 5)
    var bounds = [Double](repeating: 0, count: drops)
    var isBounded = true
    environment.reset(into: &batch)
    var observations = batch.observations
    for step in 0..<environment.parameters.episodeMilliseconds {
      swap(&observations, &batch.observations)
      chooser.choose(in: environment, observations, step: step, isFirst: step == 0, into: &actions)
      environment.step(actions, into: &batch)
      guard step >= skipped else { continue }
      for drop in 0..<drops {
        for metric in 0..<5 { sums[drop * 5 + metric] += Double(batch.metrics[drop * width + metric]) }
        if let bound = chooser.bound(of: drop) { bounds[drop] += bound } else { isBounded = false }
      }
    }
    let share = 1 / Double(environment.parameters.episodeMilliseconds - skipped)
    func means(_ metric: Int) -> [Double] { (0..<drops).map { sums[$0 * 5 + metric] * share } }
    return AllocationRecord(
      efficiency: means(0), reward: means(1), free: means(2), served: means(3), power: means(4), bound: isBounded ? bounds.map { $0 * share } : [])
  }
}

/// How often no two users collide if nothing tells them apart.
enum AllocationCeiling {
  /// N! / ((N − I)! N^I): the greatest chance that I users who draw from one distribution over N subchannels take different ones.
  ///
  /// The chance is I! e_I(q) with e_I the elementary symmetric polynomial, which is Schur-concave: greatest where q is uniform.
  static func free(users: Int, subchannels: Int) -> Double {
    guard users <= subchannels else { return 0 }
    return (0..<users).reduce(1) { $0 * Double(subchannels - $1) / Double(subchannels) }
  }
}
