import Agents

/// Sums of what steps of an environment gave: the reward, as the mean over copies and agents, and each metric, as the mean over copies.
struct StepMeans: Sendable {
  /// The reward first.
  let names: [String]
  var sums: [Double]

  init(of specification: EnvironmentSpecification) {
    // An environment may have a metric `reward` of its own.
    names = [specification.metrics.contains("reward") ? "meanReward" : "reward"] + specification.metrics
    sums = Array(repeating: 0, count: names.count)
  }

  mutating func add(_ batch: StepBatch) {
    var reward = 0.0
    for value in batch.rewards { reward += Double(value) }
    sums[0] += reward / Double(batch.rewards.count)
    let (width, copies) = (sums.count - 1, batch.terminated.count)
    for metric in 0..<width {
      var sum = 0.0
      for copy in 0..<copies { sum += Double(batch.metrics[copy * width + metric]) }
      sums[1 + metric] += sum / Double(copies)
    }
  }

  /// The means over so many steps.
  func means(over steps: Int) -> [(name: String, value: Double)] { zip(names, sums).map { ($0, $1 / Double(steps)) } }

  mutating func clear() { for index in sums.indices { sums[index] = 0 } }
}
