import Agents
import Tensor
import TestSupport
import Testing

@Suite struct EpisodeBufferTests {
  private static let specification = EnvironmentSpecification(
    copies: 2, agents: 2, observationSize: 1, actions: ActionSpace(choices: [100], bounds: [0...100]))

  /// Takes in steps of two copies. Copy 0 is at place p of an episode `lengths.0` long, copy 1 likewise; every number tells copy, step and agent.
  private func store(_ steps: Range<Int>, _ lengths: (Int, Int), truncates: Bool = false, in buffer: inout EpisodeBuffer) -> Int {
    var batch = StepBatch(for: Self.specification)
    var actions = ActionBatch(for: Self.specification)
    var ended = 0
    for step in steps {
      var observations: [Float] = []
      for copy in 0..<2 {
        let length = copy == 0 ? lengths.0 : lengths.1
        let ends = step % length == length - 1
        for agent in 0..<2 {
          let (row, id) = (2 * copy + agent, Float(1000 * copy + 10 * step + agent))
          observations.append(id)
          // Behind the end of an episode the true successor is no first observation.
          batch.finalObservations[row] = ends ? -id : id + 10
          batch.observations[row] = id + 10
          batch.rewards[row] = id + 0.5
          actions.choices[row] = Int32(step)
          actions.values[row] = id + 0.25
        }
        (batch.terminated[copy], batch.truncated[copy]) = (ends && !truncates, ends && truncates)
      }
      ended += buffer.store(observations, actions, batch)
    }
    return ended
  }

  private func minibatch(_ buffer: EpisodeBuffer, _ size: Int, step: Int = 0) -> EpisodeMinibatch {
    var batch = EpisodeMinibatch(size: size, longest: buffer.longest, for: Self.specification)
    buffer.sample(into: &batch, from: RandomStream(seed: 1, purpose: .replay), step: step)
    return batch
  }

  /// One sequence of a minibatch: observations of agent 0, its rewards, and whether successors have values.
  private func sequence(_ batch: EpisodeMinibatch, _ row: Int) -> (observations: [Float], rewards: [Float], continues: [Float], mask: [Float]) {
    let steps = 0..<batch.steps
    return (
      (0...batch.steps).map { batch.observations[($0 * batch.size + row) * 2] }, steps.map { batch.rewards[($0 * batch.size + row) * 2] },
      steps.map { batch.continues[$0 * batch.size + row] }, steps.map { batch.mask[$0 * batch.size + row] }
    )
  }

  @Test(arguments: [false, true]) func episodesArePaddedToTheLongest(truncates: Bool) {
    var buffer = EpisodeBuffer(capacity: 10, longest: 4, for: Self.specification)
    #expect(store(0..<3, (3, 2), truncates: truncates, in: &buffer) == 2)
    #expect(buffer.count == 2)
    let batch = minibatch(buffer, 2)
    #expect(batch.steps == 3)
    let end: Float = truncates ? 1 : 0
    let rows = (0..<2).map { sequence(batch, $0) }
    let first = rows.first { $0.observations[0] == 0 }!
    let second = rows.first { $0.observations[0] == 1000 }!
    #expect(first.observations == [0, 10, 20, -20] && second.observations == [1000, 1010, -1010, 0])
    #expect(first.rewards == [0.5, 10.5, 20.5] && second.rewards == [1000.5, 1010.5, 0])
    #expect(first.continues == [1, 1, end] && second.continues == [1, end, 0])
    #expect(first.mask == [1, 1, 1] && second.mask == [1, 1, 0])
    // Agents and components lie behind the row.
    let row = rows.firstIndex { $0.observations[0] == 1000 }!
    #expect(batch.observations[row * 2 + 1] == 1001 && batch.values[(2 + row) * 2 + 1] == 1011.25)
    #expect(batch.choices[(2 + row) * 2] == 1 && batch.choices[(4 + row) * 2] == 0 && batch.values[(4 + row) * 2] == 0)
  }

  @Test func aLongEpisodeIsCutIntoPieces() {
    var buffer = EpisodeBuffer(capacity: 10, longest: 2, for: Self.specification)
    #expect(store(0..<5, (5, 5), in: &buffer) == 6)
    let batch = minibatch(buffer, 6)
    let rows = (0..<6).map { sequence(batch, $0) }.filter { $0.observations[0] < 1000 }.sorted { $0.observations[0] < $1.observations[0] }
    #expect(rows.map(\.observations) == [[0, 10, 20], [20, 30, 40], [40, -40, 0]])
    #expect(rows.map(\.continues) == [[1, 1], [1, 1], [0, 0]])
    #expect(rows.map(\.mask) == [[1, 1], [1, 1], [1, 0]])
  }

  @Test func theOldestIsOverwritten() {
    var buffer = EpisodeBuffer(capacity: 3, longest: 2, for: Self.specification)
    #expect(store(0..<10, (2, 1), in: &buffer) == 15)
    #expect(buffer.count == 3)
    let batch = minibatch(buffer, 3)
    // The last to end were copy 1 at step 8, and copies 0 and 1 at step 9.
    #expect(Set((0..<3).map { sequence(batch, $0).observations[0] }) == [1080, 80, 1090])
  }

  @Test func differentSequencesAreDrawnAllEquallyLikely() {
    var buffer = EpisodeBuffer(capacity: 20, longest: 1, for: Self.specification)
    _ = store(0..<10, (1, 1), in: &buffer)
    var counts = [Int](repeating: 0, count: 20)
    for step in 0..<500 {
      let batch = minibatch(buffer, 8, step: step)
      let drawn = (0..<8).map { Int(sequence(batch, $0).observations[0]) }
      #expect(Set(drawn).count == 8)
      for id in drawn { counts[id / 1000 * 10 + id % 1000 / 10] += 1 }
    }
    #expect(ChiSquare.isUniform(counts))
  }

  @Test(arguments: [0, 3, 7, 20]) func aRestoredBufferGoesOnAsTheOriginal(steps: Int) throws {
    let folder = try TemporaryFolder()
    var buffer = EpisodeBuffer(capacity: 4, longest: 4, for: Self.specification)
    _ = store(0..<steps, (3, 4), in: &buffer)
    try Archive.save(&buffer, to: folder.file("replay"))
    var restored = EpisodeBuffer(capacity: 4, longest: 4, for: Self.specification)
    _ = store(0..<5, (2, 3), in: &restored)
    try Archive.restore(&restored, from: folder.file("replay"))
    _ = store(steps..<(steps + 10), (3, 4), in: &buffer)
    _ = store(steps..<(steps + 10), (3, 4), in: &restored)
    #expect(minibatch(buffer, 4).observations == minibatch(restored, 4).observations)
    try Archive.save(&buffer, to: folder.file("one"))
    try Archive.save(&restored, to: folder.file("other"))
    #expect(try folder.bytes("one") == folder.bytes("other"))
  }

  /// The parts of a saved store, any of which may be wrong: two sequences of up to two steps of two agents.
  private struct Parts: Archivable {
    var observations: [Float] = Array(repeating: 1, count: 12)
    var choices: [Int32] = Array(repeating: 3, count: 8)
    var values: [Float] = Array(repeating: 5, count: 8)
    var rewards: [Float] = Array(repeating: 4, count: 8)
    var lengths: [Int32]
    var terminated: [UInt8] = [0, 1]

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.array("observations", &observations, resizable: true)
      try archive.array("choices", &choices, resizable: true)
      try archive.array("values", &values, resizable: true)
      try archive.array("rewards", &rewards, resizable: true)
      try archive.array("lengths", &lengths, resizable: true)
      try archive.array("terminated", &terminated, resizable: true)
    }
  }

  private struct Whole: Archivable {
    var next = 2
    var finished = Parts(lengths: [1, 2])
    var open = Parts(lengths: [0, 1])

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.value("next", &next)
      try archive.group("finished") { () throws(FileError) in try finished.archive(in: archive) }
      try archive.group("open") { () throws(FileError) in try open.archive(in: archive) }
    }
  }

  private func restore(_ change: (inout Whole) -> Void) throws {
    let folder = try TemporaryFolder()
    var parts = Whole()
    change(&parts)
    try Archive.save(&parts, to: folder.file("replay"))
    var buffer = EpisodeBuffer(capacity: 5, longest: 2, for: Self.specification)
    try Archive.restore(&buffer, from: folder.file("replay"))
  }

  @Test func partsThatDoNotFitTogetherAreRefused() throws {
    try restore { _ in }
    let changes: [(inout Whole) -> Void] = [
      { $0.next = 1 }, { $0.next = 3 }, { $0.next = -1 }, { $0.next = .max }, { $0.finished.lengths = [0, 1] }, { $0.finished.lengths = [1, 3] },
      { $0.finished.lengths = [1, .min] }, { $0.finished.lengths = [1] }, { $0.open.lengths = [2, 0] }, { $0.open.lengths = [-1, 0] },
      { $0.open.lengths = [0] }, { $0.open.lengths = [0, 0, 0] }, { $0.finished.observations.append(0) }, { $0.finished.choices = [] },
      { $0.open.values.removeLast() }, { $0.open.rewards.append(0) }, { $0.finished.terminated = [0] }, { $0.finished.terminated = [0, 2] },
      { $0.finished.lengths = Array(repeating: 1, count: 6) },
    ]
    for (index, change) in changes.enumerated() {
      #expect(throws: FileError.self, "change \(index)") { try restore(change) }
    }
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let specification = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: .discrete(2))
      let buffer = EpisodeBuffer(capacity: 3, longest: 2, for: specification)
      var batch = EpisodeMinibatch(size: 1, longest: 2, for: specification)
      buffer.sample(into: &batch, from: RandomStream(seed: 1, purpose: .replay), step: 0)
    }
    await #expect(processExitsWith: .failure) {
      _ = EpisodeBuffer(capacity: 3, longest: 0, for: EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: .discrete(2)))
    }
  }
}
