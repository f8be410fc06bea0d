import Agents
import CAllocations
import Tensor
import TestSupport
import Testing

/// What every learner has to keep, whatever its algorithm.
enum LearnerChecks {
  /// A run that is saved, restored into a fresh trainer and continued ends with the same bytes of state as one that went on.
  ///
  /// - Parameters:
  ///   - steps: Steps before the state is saved, and as many behind; they should reach into learning.
  ///   - make: Makes the trainer afresh.
  static func resumes<Task, Agent>(
    steps: Int, sourceLocation: SourceLocation = #_sourceLocation, _ make: () -> Trainer<Task, Agent>
  ) throws {
    var original = make()
    for _ in 0..<steps { original.advance() }
    #expect(original.learner.updates > 0, "nothing was learned before the state was saved", sourceLocation: sourceLocation)
    let saved = try SavedLearner(&original)
    var restored = make()
    try saved.restore(&restored)
    for _ in 0..<steps {
      original.advance()
      restored.advance()
    }
    let (first, second) = (try SavedLearner(&original).bytes, try SavedLearner(&restored).bytes)
    #expect(first == second, "the restored run differs", sourceLocation: sourceLocation)
    #expect(first != saved.bytes, "nothing changed behind the saved state", sourceLocation: sourceLocation)
    // The same start gives the same bytes once more.
    var again = make()
    for _ in 0..<(2 * steps) { again.advance() }
    #expect(try SavedLearner(&again).bytes == first, "the same start gave another end", sourceLocation: sourceLocation)
  }

  /// Heap allocations of so many steps behind `warmUp` steps; zero where they cannot be counted.
  static func allocations<Task, Agent>(_ trainer: inout Trainer<Task, Agent>, warmUp: Int, steps: Int) -> Int {
    for _ in 0..<warmUp { trainer.advance() }
    allocations_watch()
    for _ in 0..<steps { trainer.advance() }
    return Int(allocations_seen().requests)
  }
}
