/// The names under which jobs of this pack record what they measure.
enum AllocationMetric {
  // Of meta-training, one number for each episode.
  static let metaReward = "metaReward"
  static func metaReward(users: Int) -> String { "metaReward.\(users)" }

  // While learning, means over the episodes from one update to the next.
  static let reward = "reward"
  static let free = "free"
  static let efficiency = "efficiency"
  static let choiceEntropy = "choiceEntropy"
  static let powerEntropy = "powerEntropy"

  // Of tests, means over drops.
  static let testEfficiency = "testEfficiency"
  static let testReward = "testReward"
  static let testFree = "testFree"
  static let testServed = "testServed"
  static let testPower = "testPower"
  /// The standard error of `testEfficiency` over drops.
  static let testError = "testError"
  /// Of central allocation: what nobody exceeds.
  static let testBound = "testBound"
  /// The efficiency on each of the first drops, whose numbers are the steps.
  static let dropEfficiency = "dropEfficiency"
  /// Without noise: the most probable subchannel, the mean power.
  static let greedyEfficiency = "greedyEfficiency"
  static let greedyFree = "greedyFree"
  /// Before adaptation.
  static let firstEfficiency = "firstEfficiency"
  static let firstReward = "firstReward"
  static let firstFree = "firstFree"
  /// Behind one more averaging at the end.
  static let averagedEfficiency = "averagedEfficiency"
  static let averagedFree = "averagedFree"
  static let averagedFreeError = "averagedFreeError"

  // Before and behind each averaging, on few drops; the step is its number.
  static let beforeRound = "beforeRound"
  static let afterRound = "afterRound"
  static let afterRoundFree = "afterRoundFree"

  /// Bytes that a user sends in one averaging, and receives.
  static let bytesUp = "bytesUp"
  static let bytesDown = "bytesDown"
}
