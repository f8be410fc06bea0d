import Agents
import Tensor
import TestSupport
import Testing

@Suite struct PrioritizedReplayTests {
  private let stream = RandomStream(seed: 3, purpose: .replay)

  private func draw(_ replay: inout PrioritizedReplay, _ size: Int, compensation: Double = 0.4, step: Int) -> (slots: [Int32], weights: [Float]) {
    var (slots, weights) = ([Int32](repeating: -1, count: size), [Float](repeating: -1, count: size))
    replay.sample(compensation: compensation, from: stream, step: step, slots: &slots, weights: &weights)
    return (slots, weights)
  }

  private func update(_ replay: inout PrioritizedReplay, _ errors: [Float]) {
    let slots = errors.indices.map { Int32($0) }
    replay.update(slots.span, errors: errors.span)
  }

  @Test func slotsAreDrawnInProportion() {
    var replay = PrioritizedReplay(capacity: 10, batchSize: 4, exponent: 0.7, offset: 0.01)
    replay.follow(stored: 10)
    let errors: [Float] = [0, 0.1, -0.2, 0.5, 1, -2, 0.05, 3, 0.3, 0.7]
    update(&replay, errors)
    let powers = errors.map { Math.exp(0.7 * Math.log(Double(abs($0)) + 0.01)) }
    let sum = powers.reduce(0, +)
    var counts = [Int](repeating: 0, count: 10)
    for slot in 0..<10 { #expect(abs(replay.probability(of: slot) - powers[slot] / sum) < 1e-12) }
    for step in 0..<10_000 {
      let drawn = draw(&replay, 4, compensation: 0.6, step: step)
      // w = (N P)^−β over the greatest of the minibatch.
      let raw = drawn.slots.map { Math.pow(10 * powers[Int($0)] / sum, -0.6) }
      #expect(relativeDistance(drawn.weights.map { Double($0) }, raw.map { $0 / raw.max()! }) < 1e-6)
      for slot in drawn.slots { counts[Int(slot)] += 1 }
    }
    // Draws from parts of equal size scatter less than independent ones: the quantile of χ² with 9 degrees of freedom for one in 10⁷ is safe.
    #expect(ChiSquare.statistic(counts, expected: powers.map { $0 / sum * 40_000 }) < 50.8)
  }

  @Test func eachPartOfTheSumGivesOne() {
    var replay = PrioritizedReplay(capacity: 8, batchSize: 8, exponent: 1)
    replay.follow(stored: 8)
    // Equal priorities: part i is slot i.
    for step in 0..<50 { #expect(draw(&replay, 8, step: step).slots == [0, 1, 2, 3, 4, 5, 6, 7]) }
  }

  @Test func newOnesGetTheGreatestPrioritySoFar() {
    var replay = PrioritizedReplay(capacity: 4, batchSize: 2, exponent: 1, offset: 1e-6)
    replay.follow(stored: 2)
    #expect(replay.count == 2 && replay.probability(of: 0) == 0.5 && replay.probability(of: 1) == 0.5 && replay.probability(of: 2) == 0)
    update(&replay, [-7, 0])
    replay.follow(stored: 3)
    #expect(abs(replay.probability(of: 0) - 0.5) < 1e-6 && abs(replay.probability(of: 2) - 0.5) < 1e-6)
    // It stays the greatest when its slot got less.
    update(&replay, [1, 0])
    replay.follow(stored: 6)
    #expect(replay.count == 4 && replay.stored == 6)
    for slot in 0..<4 { #expect(abs(replay.probability(of: slot) - 0.25) < 1e-12) }
  }

  @Test func extremesOfTheExponents() {
    var replay = PrioritizedReplay(capacity: 5, batchSize: 3, exponent: 0)
    replay.follow(stored: 5)
    update(&replay, [100, 0, 1, 0.1, .nan])
    for slot in 0..<5 { #expect(replay.probability(of: slot) == 0.2) }
    #expect(draw(&replay, 3, compensation: 1, step: 0).weights == [1, 1, 1])
    var other = PrioritizedReplay(capacity: 5, batchSize: 3, exponent: 2)
    other.follow(stored: 5)
    update(&other, [.greatestFiniteMagnitude, .infinity, 0, 1, .nan])
    let drawn = draw(&other, 3, compensation: 0, step: 0)
    #expect(drawn.weights == [1, 1, 1] && drawn.slots.allSatisfy { [0, 1, 4].contains($0) })
  }

  @Test(arguments: [5, 12, 31]) func aRestoredOneGoesOnAsTheOriginal(count: Int) throws {
    func play(_ replay: inout PrioritizedReplay, _ steps: Range<Int>) -> [Int32] {
      var all: [Int32] = []
      for step in steps {
        replay.follow(stored: count + step)
        let drawn = draw(&replay, 3, step: step)
        let errors = drawn.slots.map { Float($0) * 0.1 - drawn.weights[0] }
        replay.update(drawn.slots.span, errors: errors.span)
        all += drawn.slots
      }
      return all
    }
    var replay = PrioritizedReplay(capacity: 12, batchSize: 3)
    _ = play(&replay, 0..<9)
    let saved = try SavedLearner(&replay)
    var restored = PrioritizedReplay(capacity: 12, batchSize: 3)
    restored.follow(stored: 3)
    try saved.restore(&restored)
    #expect(play(&replay, 9..<40) == play(&restored, 9..<40))
    #expect(try SavedLearner(&replay).bytes == SavedLearner(&restored).bytes)
  }

  private struct Parts: Archivable {
    var stored = 3
    var greatest = 2.0
    var priorities = [0.5, 2, 1]

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.value("stored", &stored)
      try archive.value("greatest", &greatest)
      try archive.array("priorities", &priorities, resizable: true)
    }
  }

  @Test func partsThatDoNotFitTogetherAreRefused() throws {
    let changes: [(inout Parts) -> Void] = [
      { $0.stored = 2 }, { $0.stored = -1 }, { $0.stored = .max }, { $0.stored = 6 }, { $0.greatest = 1 }, { $0.greatest = .nan },
      { $0.greatest = 1e300 },
      { $0.priorities[0] = 0 }, { $0.priorities[1] = -1 }, { $0.priorities[1] = .nan }, { $0.priorities = [] },
    ]
    for (index, change) in ([{ _ in }] + changes).enumerated() {
      var parts = Parts()
      change(&parts)
      let saved = try SavedLearner(&parts)
      var replay = PrioritizedReplay(capacity: 5, batchSize: 2)
      if index == 0 {
        try saved.restore(&replay)
        #expect(abs(replay.probability(of: 1) - 2 / 3.5) < 1e-15)
      } else {
        #expect(throws: FileError.self, "change \(index)") { try saved.restore(&replay) }
      }
    }
  }
}
