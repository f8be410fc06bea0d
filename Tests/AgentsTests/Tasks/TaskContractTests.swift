import Tensor
import TestSupport
import Testing

@testable import Agents

/// What every task keeps, whatever its rule.
@Suite struct TaskContractTests {
  /// A task by its number of copies and its first copy.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let check: @Sendable (String) throws -> Void

    init<Task: Environment>(_ name: String, _ make: @escaping @Sendable (_ copies: Int, _ firstCopy: Int) -> Task) {
      testDescription = name
      check = { path in
        #expect(defects(steps: 300, archivePath: path) { make(3, 0) } == [])
        expectCopiesAreSingles(make)
        try expectHostileFilesAreRefused { make(2, 1) }
      }
    }
  }

  static let cases = [
    Case("CartPole") { CartPole(copies: $0, seed: 7, firstCopy: $1) },
    Case("Pendulum") { Pendulum(copies: $0, seed: 7, firstCopy: $1) },
    Case("IdentityEnvironment.discrete") { IdentityEnvironment.discrete(copies: $0, seed: 7, firstCopy: $1) },
    Case("IdentityEnvironment.discrete as a number") { IdentityEnvironment.discrete(oneHot: false, copies: $0, seed: 7, firstCopy: $1) },
    Case("IdentityEnvironment.continuous") { IdentityEnvironment.continuous(numbers: 3, copies: $0, seed: 7, firstCopy: $1) },
    Case("IdentityEnvironment.hybrid") { IdentityEnvironment.hybrid(copies: $0, seed: 7, firstCopy: $1) },
  ]

  @Test(arguments: cases) func keepsTheContract(_ task: Case) throws {
    let folder = try TemporaryFolder()
    try task.check(folder.file("state"))
  }
}

/// Three copies give bit for bit what three environments of one copy give.
private func expectCopiesAreSingles<Task: Environment>(_ make: (Int, Int) -> Task) {
  let copies = 3
  var together = make(copies, 4)
  var singles = (0..<copies).map { make(1, 4 + $0) }
  let specification = together.specification
  #expect(singles[0].specification.copies == 1 && specification.copies == copies)
  var batch = StepBatch(for: specification)
  var parts = singles.map { StepBatch(for: $0.specification) }
  var actions = ActionBatch(for: specification)
  var action = ActionBatch(for: singles[0].specification)
  var random = RandomPolicy(for: specification, seed: 3)
  func expectEqual(_ moment: String) {
    let size = specification.observationSize
    for copy in 0..<copies {
      let row = copy * size..<(copy + 1) * size
      #expect(Array(batch.observations[row]) == parts[copy].observations, "\(moment), copy \(copy)")
      #expect(Array(batch.finalObservations[row]) == parts[copy].finalObservations, "\(moment), copy \(copy)")
      #expect(batch.rewards[copy] == parts[copy].rewards[0] && batch.terminated[copy] == parts[copy].terminated[0])
      #expect(batch.truncated[copy] == parts[copy].truncated[0])
    }
  }
  together.reset(into: &batch)
  for copy in 0..<copies { singles[copy].reset(into: &parts[copy]) }
  expectEqual("reset")
  #expect(Set(parts.map(\.observations)).count > 1 || specification.states != nil, "all copies start alike")
  for step in 0..<250 {
    random.act(batch.observations, step: step, into: &actions)
    together.step(actions, into: &batch)
    for copy in 0..<copies {
      for i in action.choices.indices { action.choices[i] = actions.choices[copy * action.choices.count + i] }
      for i in action.values.indices { action.values[i] = actions.values[copy * action.values.count + i] }
      singles[copy].step(action, into: &parts[copy])
    }
    expectEqual("step \(step)")
  }
}

/// Whatever numbers a file of state holds: it is refused with an error, or the task goes on without a trap.
private func expectHostileFilesAreRefused<Task: Environment>(_ make: () -> Task) throws {
  var task = make()
  var batch = StepBatch(for: task.specification)
  var actions = ActionBatch(for: task.specification)
  task.reset(into: &batch)
  let folder = try TemporaryFolder()
  let path = folder.file("state")
  try Archive.save(&task, to: path)
  let bytes = try folder.bytes("state")
  let begin = 8 + bytes[0..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
  let words: [UInt64] = [
    Double.nan.bitPattern, Double.infinity.bitPattern, (-1.0).bitPattern, (0.5).bitPattern, (1e9).bitPattern, (4.0).bitPattern,
    UInt64(bitPattern: -1), UInt64(Int64.max), 0x7FFF_FFFF_7FFF_FFFF, 0x8000_0000_8000_0000, 0x0000_7000_0000_7000,
  ]
  var random = RandomPolicy(for: task.specification, seed: 3)
  for place in stride(from: begin, to: bytes.count - 7, by: 4) {
    for (number, word) in words.enumerated() {
      var damaged = bytes
      for i in 0..<8 { damaged[place + i] = UInt8(truncatingIfNeeded: word >> (8 * i)) }
      try folder.write(damaged, to: "damaged")
      var other = make()
      guard (try? Archive.restore(&other, from: folder.file("damaged"))) != nil else { continue }
      var following = batch
      for step in 0..<3 {
        random.act(following.observations, step: number + step, into: &actions)
        other.step(actions, into: &following)
      }
    }
  }
}
