import Tensor

/// The tasks of an iteration. A task is a number, from which a family makes it.
public enum TaskChoice: Hashable, Sendable {
  /// So many that never came before: i count … (i + 1) count − 1 in iteration i.
  case fresh(Int)
  /// The same in every iteration: 0 … count − 1.
  case all(Int)
  /// So many of a larger number, without replacement, chosen anew in every iteration.
  case sampled(Int, of: Int)

  /// How many tasks an iteration has.
  public var count: Int {
    switch self {
    case .fresh(let count), .all(let count), .sampled(let count, _): count
    }
  }

  /// Why these numbers choose no tasks, in one sentence; nil if they do.
  public var objection: String? {
    if count < 1 { return "an iteration needs at least one task, got \(count)" }
    if case .sampled(let count, let all) = self, count > all { return "\(count) tasks cannot be chosen of \(all)" }
    return nil
  }

  /// The tasks of an iteration. The same seed gives the same tasks.
  public func tasks(iteration: Int, seed: UInt64) -> [Int] {
    var tasks = [Int](repeating: 0, count: count)
    var numbers = [Int32](repeating: 0, count: count)
    fill(&tasks, iteration: iteration, seed: seed, numbers: &numbers)
    return tasks
  }

  /// Writes the tasks of an iteration without taking memory.
  ///
  /// - Parameter numbers: Room for as many numbers.
  func fill(_ tasks: inout [Int], iteration: Int, seed: UInt64, numbers: inout [Int32]) {
    switch self {
    case .fresh(let count):
      for place in 0..<count { tasks[place] = iteration * count + place }
    case .all(let count):
      for place in 0..<count { tasks[place] = place }
    case .sampled(let count, let all):
      RandomStream(seed: seed, purpose: .participation).fillDistinct(&numbers, below: all, step: iteration)
      for place in 0..<count { tasks[place] = Int(numbers[place]) }
    }
  }
}
