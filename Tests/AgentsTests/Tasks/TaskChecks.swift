import Agents
import CAllocations
import Tensor
import TestSupport
import Testing

/// What every environment has to keep.
enum TaskChecks {
  /// The contract of environments; E copies are E single runs; a step takes no memory.
  ///
  /// - Parameters:
  ///   - areCopiesIndependent: Whether copies have nothing in common; otherwise they are not compared with single runs.
  ///   - make: Makes copies of the task, the first of them with this number.
  static func keepsTheContract<Task: Environment>(
    copies: Int = 3, steps: Int = 60, areCopiesIndependent: Bool = true, sourceLocation: SourceLocation = #_sourceLocation,
    _ make: (_ copies: Int, _ firstCopy: Int) -> Task
  ) throws {
    let folder = try TemporaryFolder()
    let found = defects(steps: steps, archivePath: folder.file("state")) { make(copies, 0) }
    #expect(found.isEmpty, "\(found)", sourceLocation: sourceLocation)

    var together = make(copies, 0)
    #expect(allocations(in: &together, steps: steps) == 0, "a step took memory", sourceLocation: sourceLocation)
    if !areCopiesIndependent { return }
    together = make(copies, 0)
    var alone = (0..<copies).map { make(1, $0) }
    let specification = together.specification
    var batch = StepBatch(for: specification)
    var single = alone.map { StepBatch(for: $0.specification) }
    var actions = ActionBatch(for: specification)
    var policy = RandomPolicy(for: specification, seed: 5)
    together.reset(into: &batch)
    for copy in 0..<copies { alone[copy].reset(into: &single[copy]) }
    #expect(single.flatMap(\.observations) == batch.observations, sourceLocation: sourceLocation)
    var ends = 0
    for step in 0..<steps {
      policy.act(batch.observations, step: step, into: &actions)
      together.step(actions, into: &batch)
      let rows = specification.agents
      for copy in 0..<copies {
        var own = ActionBatch(for: alone[copy].specification)
        let (choices, values) = (rows * specification.actions.choices.count, rows * specification.actions.bounds.count)
        own.choices = Array(actions.choices[(copy * choices)..<((copy + 1) * choices)])
        own.values = Array(actions.values[(copy * values)..<((copy + 1) * values)])
        alone[copy].step(own, into: &single[copy])
        if batch.terminated[copy] || batch.truncated[copy] { ends += 1 }
      }
      let same =
        single.flatMap(\.observations) == batch.observations && single.flatMap(\.finalObservations) == batch.finalObservations
        && single.flatMap(\.rewards) == batch.rewards && single.flatMap(\.terminated) == batch.terminated
        && single.flatMap(\.truncated) == batch.truncated && single.flatMap(\.metrics) == batch.metrics
      #expect(same, "step \(step)", sourceLocation: sourceLocation)
      if !same { return }
    }
    #expect(ends > 0, "no episode ended", sourceLocation: sourceLocation)
  }

  /// Heap allocations of so many steps; zero where they cannot be counted.
  static func allocations(in task: inout some Environment, steps: Int) -> Int {
    var batch = StepBatch(for: task.specification)
    var actions = ActionBatch(for: task.specification)
    var policy = RandomPolicy(for: task.specification, seed: 6)
    task.reset(into: &batch)
    policy.act(batch.observations, step: 0, into: &actions)
    task.step(actions, into: &batch)
    allocations_watch()
    for _ in 0..<steps { task.step(actions, into: &batch) }
    return Int(allocations_seen().requests)
  }
}

/// A state that is written as given, to make files that a task has to refuse.
struct ForgedState: Archivable {
  enum Part {
    case doubles([Double])
    case floats([Float])
    case integers([Int32])
    case count(Int)
    case double(Double)
  }
  var parts: [(String, Part)]

  mutating func archive(in archive: Archive) throws(FileError) {
    for (name, part) in parts {
      switch part {
      case .doubles(var values): try archive.array(name, &values)
      case .floats(var values): try archive.array(name, &values)
      case .integers(var values): try archive.array(name, &values)
      case .double(var value): try archive.value(name, &value)
      case .count(var value): try archive.value(name, &value)
      }
    }
  }

  /// Whether a state refuses these parts with a reason of its own (not with a mismatch of names or sizes).
  func isRefused(by state: some Archivable) throws -> Bool {
    let folder = try TemporaryFolder()
    var (forged, state) = (self, state)
    try Archive.save(&forged, to: folder.file("state"))
    do { try Archive.restore(&state, from: folder.file("state")) } catch { return "\(error)".contains("range") || "\(error)".contains("none of") }
    return false
  }
}
