import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct ReplayBufferTests {
  private let specification = EnvironmentSpecification(
    copies: 2, agents: 3, observationSize: 2, actions: ActionSpace(choices: [5], bounds: [-1...1, 0...1000]))

  /// Stores transitions whose every number is named by the step and the copy.
  private func store(_ steps: Range<Int>, in buffer: inout ReplayBuffer) {
    var batch = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    for step in steps {
      var observations = batch.observations
      for copy in 0..<2 {
        let id = Float(2 * step + copy)
        for i in 0..<6 { (observations[copy * 6 + i], batch.finalObservations[copy * 6 + i]) = (id * 10 + Float(i), -id * 10 - Float(i)) }
        for i in 0..<3 { (batch.rewards[copy * 3 + i], actions.choices[copy * 3 + i]) = (id + Float(i) / 4, Int32((2 * step + copy + i) % 5)) }
        for i in 0..<6 { actions.values[copy * 6 + i] = id + Float(i) / 8 }
        batch.terminated[copy] = (2 * step + copy) % 3 == 0
        batch.truncated[copy] = (2 * step + copy) % 2 == 0
        // What comes after the end of an episode must never be stored as a successor.
        for i in 0..<6 { batch.observations[copy * 6 + i] = .nan }
      }
      buffer.store(observations, actions, batch)
    }
  }

  /// The names of sampled transitions, each checked to be whole.
  private func sampled(_ buffer: ReplayBuffer, _ size: Int, step: Int = 0) -> [Int] {
    var batch = JointMinibatch(size: size, for: specification)
    var generator = RandomStream(seed: 2, purpose: .replay).generator(step: step)
    buffer.sample(into: &batch, from: &generator)
    return (0..<size).map { row in
      let id = Int(batch.observations[row * 6]) / 10
      for i in 0..<6 {
        #expect(batch.observations[row * 6 + i] == Float(id * 10 + i) && batch.successors[row * 6 + i] == -Float(id * 10 + i))
      }
      for i in 0..<3 { #expect(batch.rewards[row * 3 + i] == Float(id) + Float(i) / 4 && batch.choices[row * 3 + i] == Int32((id + i) % 5)) }
      for i in 0..<6 { #expect(batch.values[row * 6 + i] == Float(id) + Float(i) / 8) }
      #expect(batch.continues[row] == (id % 3 == 0 ? 0 : 1))
      return id
    }
  }

  @Test func itGrowsAndThenForgetsTheOldest() {
    var buffer = ReplayBuffer(capacity: 11, for: specification)
    for step in 0..<20 {
      store(step..<(step + 1), in: &buffer)
      let stored = 2 * (step + 1)
      #expect(buffer.count == min(stored, 11))
      #expect(Set(sampled(buffer, 300, step: step)) == Set(max(0, stored - 11)..<stored))
    }
  }

  @Test func aCapacityOfOneHoldsTheLast() {
    var buffer = ReplayBuffer(capacity: 1, for: specification)
    store(0..<3, in: &buffer)
    #expect(buffer.count == 1 && Set(sampled(buffer, 5)) == [5])
  }

  @Test func everyTransitionIsEquallyLikely() {
    var buffer = ReplayBuffer(capacity: 40, for: specification)
    store(0..<33, in: &buffer)
    var counts = [Int](repeating: 0, count: 40)
    for step in 0..<40 { for id in sampled(buffer, 200, step: step) { counts[id - 26] += 1 } }
    #expect(ChiSquare.isUniform(counts))
    // Rows of one minibatch are independent: a repetition in the next row has the chance 1/40.
    let rows = (0..<40).flatMap { sampled(buffer, 200, step: 100 + $0) }
    let repetitions = zip(rows, rows.dropFirst()).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    #expect(abs(Double(repetitions) - 200) < 5.5 * 14)
  }

  @Test(arguments: [2, 5, 9]) func aRestoredBufferGoesOnAsTheOriginal(steps: Int) throws {
    let folder = try TemporaryFolder()
    var buffer = ReplayBuffer(capacity: 11, for: specification)
    store(0..<steps, in: &buffer)
    try Archive.save(&buffer, to: folder.file("replay"))
    var restored = ReplayBuffer(capacity: 11, for: specification)
    store(50..<60, in: &restored)
    try Archive.restore(&restored, from: folder.file("replay"))
    for step in steps..<(steps + 8) {
      store(step..<(step + 1), in: &buffer)
      store(step..<(step + 1), in: &restored)
      #expect(sampled(buffer, 50, step: step) == sampled(restored, 50, step: step))
    }
  }

  /// The parts of a saved buffer, any of which may be wrong.
  private struct Parts: Archivable {
    var next = 2
    var count = 2
    var observations: [Float] = Array(repeating: 1, count: 12)
    var successors: [Float] = Array(repeating: 2, count: 12)
    var choices: [Int32] = Array(repeating: 3, count: 6)
    var values: [Float] = Array(repeating: 5, count: 12)
    var rewards: [Float] = Array(repeating: 4, count: 6)
    var terminated: [UInt8] = [0, 1]

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.value("next", &next)
      try archive.value("count", &count)
      try archive.array("observations", &observations, resizable: true)
      try archive.array("successors", &successors, resizable: true)
      try archive.array("choices", &choices, resizable: true)
      try archive.array("values", &values, resizable: true)
      try archive.array("rewards", &rewards, resizable: true)
      try archive.array("terminated", &terminated, resizable: true)
    }
  }

  private func restore(_ change: (inout Parts) -> Void) throws {
    let folder = try TemporaryFolder()
    var parts = Parts()
    change(&parts)
    try Archive.save(&parts, to: folder.file("replay"))
    var buffer = ReplayBuffer(capacity: 11, for: specification)
    try Archive.restore(&buffer, from: folder.file("replay"))
  }

  @Test func partsThatDoNotFitTogetherAreRefused() throws {
    try restore { _ in }
    let changes: [(inout Parts) -> Void] = [
      { $0.count = 3 }, { $0.count = 12 }, { $0.count = -1 }, { $0.count = .max }, { $0.count = .min }, { $0.count = 1 },
      { $0.next = 3 }, { $0.next = 11 }, { $0.next = -1 }, { $0.next = .min }, { $0.next = 1 },
      { $0.observations.append(0) }, { $0.successors.removeLast() }, { $0.choices = [] },
      { $0.values.removeLast() }, { $0.rewards.append(0) }, { $0.terminated = [0] },
    ]
    for (index, change) in changes.enumerated() {
      #expect(throws: FileError.self, "change \(index)") { try restore(change) }
    }
  }

  @Test func anEmptyBufferCannotBeSampled() async {
    await #expect(processExitsWith: .failure) {
      let specification = EnvironmentSpecification(copies: 2, agents: 3, observationSize: 2, actions: .discrete(5))
      let buffer = ReplayBuffer(capacity: 11, for: specification)
      var batch = JointMinibatch(size: 1, for: specification)
      var generator = RandomStream(seed: 2, purpose: .replay).generator()
      buffer.sample(into: &batch, from: &generator)
    }
    await #expect(processExitsWith: .failure) {
      _ = ReplayBuffer(capacity: 0, for: EnvironmentSpecification(copies: 2, agents: 3, observationSize: 2, actions: .discrete(5)))
    }
  }
}
