import Tensor

/// When an off-policy learner learns: after a random phase, so many updates after each so many steps.
struct UpdateSchedule: Sendable, Archivable {
  let randomSteps: Int
  private let interval: Int
  private let updates: Int
  /// Steps taken in so far.
  private(set) var steps = 0
  /// Updates that are due.
  private var pending = 0

  /// No counter of a run comes near this.
  static let largestCount = 1 << 48

  init(randomSteps: Int, interval: Int, updates: Int) {
    precondition(
      randomSteps >= 0 && interval > 0 && updates > 0, "UpdateSchedule: \(randomSteps) random steps, \(updates) updates after each \(interval)")
    (self.randomSteps, self.interval, self.updates) = (randomSteps, interval, updates)
  }

  var isWarmingUp: Bool { steps < randomSteps }

  /// Takes note of one step of all copies.
  mutating func step() {
    steps += 1
    if steps > randomSteps, (steps - randomSteps) % interval == 0 { pending += updates }
  }

  /// Whether an update is due, which then counts as made.
  mutating func next() -> Bool {
    if pending == 0 { return false }
    pending -= 1
    return true
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("steps", &steps)
    try archive.value("pending", &pending)
    guard (0..<Self.largestCount).contains(steps), pending >= 0, pending / updates <= steps else {
      throw archive.failure("the learner's counters are out of range")
    }
  }
}
