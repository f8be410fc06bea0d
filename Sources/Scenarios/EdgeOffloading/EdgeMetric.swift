/// The names under which jobs of this pack record what they measure.
enum EdgeMetric {
  /// While learning, the mean of each episode in a slot.
  static let episodeReward = "episodeReward"
  static func localReward(_ cell: Int) -> String { "localReward.\(cell)" }

  // Of the executed policy, means over slots: per user and slot where a number is one of users.
  static let systemReward = "systemReward"
  static let joules = "joules"
  static let localJoules = "localJoules"
  static let edgeJoules = "edgeJoules"
  static let withinDeadline = "withinDeadline"
  static let offloaded = "offloaded"

  // Medians over the slots of the executed policy.
  static let medianJoules = "medianJoules"
  static let medianReward = "medianReward"

  // Of F-DRL: bytes of one cell in one round.
  static let bytesUp = "bytesUp"
  static let bytesDown = "bytesDown"
}
