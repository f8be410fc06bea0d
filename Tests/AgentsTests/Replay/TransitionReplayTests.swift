import Agents
import Tensor
import TestSupport
import Testing

@Suite struct TransitionReplayTests {
  private func store(_ names: Range<Int>, in replay: inout TransitionReplay) {
    for name in names {
      let x = Float(name)
      let (observation, successor) = ([x, 10 * x], [-x, -10 * x])
      replay.store(observation.span, Int32(name % 5), reward: x / 4, successor.span, discount: name % 3 == 0 ? 0 : x / 8)
    }
  }

  /// The names of sampled transitions, each checked to be whole.
  private func sampled(_ replay: TransitionReplay, _ size: Int, step: Int = 0) -> [Int] {
    var batch = TransitionMinibatch(size: size, observationSize: 2)
    replay.sample(into: &batch, from: RandomStream(seed: 2, purpose: .replay), step: step)
    return (0..<size).map { row in
      let name = Int(batch.observations[2 * row])
      let x = Float(name)
      #expect(batch.observations[2 * row + 1] == 10 * x && batch.successors[2 * row] == -x && batch.successors[2 * row + 1] == -10 * x)
      #expect(batch.choices[row] == Int32(name % 5) && batch.rewards[row] == x / 4 && batch.discounts[row] == (name % 3 == 0 ? 0 : x / 8))
      #expect(batch.weights[row] == 1 && Int(batch.slots[row]) == name % replay.capacity)
      return name
    }
  }

  @Test func itGrowsAndThenForgetsTheOldest() {
    var replay = TransitionReplay(capacity: 11, observationSize: 2, choices: 5)
    for name in 0..<30 {
      store(name..<(name + 1), in: &replay)
      #expect(replay.count == min(name + 1, 11) && replay.stored == name + 1)
      #expect(Set(sampled(replay, 300, step: name)) == Set(max(0, name - 10)...name))
    }
  }

  @Test func everyTransitionIsEquallyLikely() {
    var replay = TransitionReplay(capacity: 40, observationSize: 2, choices: 5)
    store(0..<66, in: &replay)
    var counts = [Int](repeating: 0, count: 40)
    for step in 0..<40 { for name in sampled(replay, 200, step: step) { counts[name - 26] += 1 } }
    #expect(ChiSquare.isUniform(counts))
  }

  @Test(arguments: [4, 11, 18]) func aRestoredOneGoesOnAsTheOriginal(count: Int) throws {
    var replay = TransitionReplay(capacity: 11, observationSize: 2, choices: 5)
    store(0..<count, in: &replay)
    let saved = try SavedLearner(&replay)
    var restored = TransitionReplay(capacity: 11, observationSize: 2, choices: 5)
    store(50..<70, in: &restored)
    try saved.restore(&restored)
    for name in count..<(count + 12) {
      store(name..<(name + 1), in: &replay)
      store(name..<(name + 1), in: &restored)
      #expect(sampled(replay, 50, step: name) == sampled(restored, 50, step: name))
    }
  }

  private struct Parts: Archivable {
    var stored = 2
    var observations: [Float] = Array(repeating: 1, count: 4)
    var successors: [Float] = Array(repeating: 2, count: 4)
    var choices: [Int32] = [3, 4]
    var rewards: [Float] = [1, 2]
    var discounts: [Float] = [0, 0.9]

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.value("stored", &stored)
      try archive.array("observations", &observations, resizable: true)
      try archive.array("successors", &successors, resizable: true)
      try archive.array("choices", &choices, resizable: true)
      try archive.array("rewards", &rewards, resizable: true)
      try archive.array("discounts", &discounts, resizable: true)
    }
  }

  @Test func partsThatDoNotFitTogetherAreRefused() throws {
    let changes: [(inout Parts) -> Void] = [
      { $0.stored = 3 }, { $0.stored = 12 }, { $0.stored = -1 }, { $0.stored = .max }, { $0.stored = .min }, { $0.stored = 1 },
      { $0.observations.append(0) }, { $0.successors.removeLast() }, { $0.choices = [] }, { $0.choices[1] = 5 }, { $0.choices[0] = -1 },
      { $0.rewards.append(0) }, { $0.discounts = [0] },
    ]
    for (index, change) in ([{ _ in }] + changes).enumerated() {
      var parts = Parts()
      change(&parts)
      let saved = try SavedLearner(&parts)
      var replay = TransitionReplay(capacity: 11, observationSize: 2, choices: 5)
      if index == 0 {
        try saved.restore(&replay)
      } else {
        #expect(throws: FileError.self, "change \(index)") { try saved.restore(&replay) }
      }
    }
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let replay = TransitionReplay(capacity: 11, observationSize: 2, choices: 5)
      var batch = TransitionMinibatch(size: 1, observationSize: 2)
      replay.sample(into: &batch, from: RandomStream(seed: 2, purpose: .replay), step: 0)
    }
    await #expect(processExitsWith: .failure) { _ = TransitionReplay(capacity: 0, observationSize: 2, choices: 5) }
  }
}
