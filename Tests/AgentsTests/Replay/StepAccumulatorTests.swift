import Agents
import Tensor
import TestSupport
import Testing

@Suite struct StepAccumulatorTests {
  private static let specification = EnvironmentSpecification(copies: 3, agents: 1, observationSize: 2, actions: .discrete(7))

  /// One step of one copy: what was seen and done, and what followed.
  private struct Step {
    var observation: [Float]
    var choice: Int32
    var reward: Float
    var successor: [Float]
    var terminated: Bool
    var truncated: Bool
  }

  /// Random episodes of three copies. `[T][E]`
  private func history(_ count: Int) -> [[Step]] {
    var random = RandomStream(seed: 8, purpose: .environment).generator()
    var states: [Float] = [0, 1000, 2000]
    return (0..<count).map { time in
      (0..<3).map { copy in
        let observation = [states[copy], Float(time)]
        states[copy] += 1
        let successor = [states[copy], Float(time + 1)]
        let (terminated, truncated) = (random.uniform() < 0.15, random.uniform() < 0.15)
        // A new episode begins far away: no window may reach there.
        if terminated || truncated { states[copy] += 100 }
        return Step(
          observation: observation, choice: Int32(random.integer(below: 7)), reward: Float(random.uniform()), successor: successor,
          terminated: terminated, truncated: truncated && !terminated)
      }
    }
  }

  private func feed(_ steps: [Step], _ accumulator: inout StepAccumulator, _ replay: inout TransitionReplay) {
    var batch = StepBatch(for: Self.specification)
    var actions = ActionBatch(for: Self.specification)
    actions.choices = steps.map(\.choice)
    batch.rewards = steps.map(\.reward)
    batch.finalObservations = steps.flatMap(\.successor)
    // What comes after the end of an episode must never be stored as a successor.
    batch.observations = Array(repeating: .nan, count: 6)
    batch.terminated = steps.map(\.terminated)
    batch.truncated = steps.map(\.truncated)
    accumulator.add(steps.flatMap(\.observation), actions, batch, to: &replay)
  }

  /// What a memory holds, as rows of numbers in slot order: s, a, R, s', d.
  private func rows(_ replay: TransitionReplay) -> [[Double]] {
    var batch = TransitionMinibatch(size: replay.count, observationSize: 2)
    batch.slots = (0..<replay.count).map { Int32($0) }
    replay.gather(into: &batch)
    return (0..<replay.count).map { row in
      var numbers: [Float] = [batch.observations[2 * row], batch.observations[2 * row + 1], Float(batch.choices[row]), batch.rewards[row]]
      numbers += [batch.successors[2 * row], batch.successors[2 * row + 1], batch.discounts[row]]
      return numbers.map { Double($0) }
    }
  }

  /// The transition that begins with step t of one copy; nil if it is not complete. And the time at which it is.
  private func slow(_ history: [[Step]], copy: Int, from t: Int, steps: Int, discount: Double) -> (row: [Double], time: Int)? {
    var sum = 0.0
    for i in 0..<steps {
      guard t + i < history.count else { return nil }
      let step = history[t + i][copy]
      sum += Math.pow(discount, Double(i)) * Double(step.reward)
      guard step.terminated || step.truncated || i == steps - 1 else { continue }
      let first = history[t][copy]
      let factor = step.terminated ? 0 : Math.pow(discount, Double(i + 1))
      var row = first.observation.map { Double($0) }
      row += [Double(first.choice), sum]
      row += step.successor.map { Double($0) }
      row.append(factor)
      return (row, t + i)
    }
    return nil
  }

  @Test(arguments: [1, 2, 3, 5, 30]) func transitionsAreThoseOfASlowProgram(steps: Int) {
    let history = history(120)
    var accumulator = StepAccumulator(steps: steps, discount: 0.9, copies: 3, observationSize: 2, choices: 7)
    var replay = TransitionReplay(capacity: 1000, observationSize: 2, choices: 7)
    for steps in history { feed(steps, &accumulator, &replay) }
    // In the order of completion, then of copies, then of beginning.
    var expected: [(row: [Double], time: Int, copy: Int, start: Int)] = []
    for copy in 0..<3 {
      for t in 0..<120 {
        if let found = slow(history, copy: copy, from: t, steps: steps, discount: Double(Float(0.9))) {
          expected.append((found.row, found.time, copy, t))
        }
      }
    }
    expected.sort { ($0.time, $0.copy, $0.start) < ($1.time, $1.copy, $1.start) }
    let found = rows(replay)
    #expect(found.count == expected.count)
    // Numbers up to 4000 agree exactly, sums and powers to a rounding of single precision.
    for (row, right) in zip(found, expected) { for i in 0..<7 { #expect(abs(row[i] - right.row[i]) < 1e-6, "\(row) \(right)") } }
  }

  @Test(arguments: [1, 4]) func aRestoredOneGoesOnAsTheOriginal(steps: Int) throws {
    let history = history(60)
    var accumulator = StepAccumulator(steps: steps, discount: 0.9, copies: 3, observationSize: 2, choices: 7)
    var replay = TransitionReplay(capacity: 50, observationSize: 2, choices: 7)
    for steps in history.prefix(31) { feed(steps, &accumulator, &replay) }
    let (saved, memory) = (try SavedLearner(&accumulator), try SavedLearner(&replay))
    var other = StepAccumulator(steps: steps, discount: 0.9, copies: 3, observationSize: 2, choices: 7)
    var otherReplay = TransitionReplay(capacity: 50, observationSize: 2, choices: 7)
    for steps in history.suffix(7) { feed(steps, &other, &otherReplay) }
    try saved.restore(&other)
    try memory.restore(&otherReplay)
    for steps in history.suffix(29) {
      feed(steps, &accumulator, &replay)
      feed(steps, &other, &otherReplay)
    }
    #expect(rows(replay) == rows(otherReplay) && replay.stored == otherReplay.stored)
  }

  private struct Parts: Archivable {
    var observations: [Float] = Array(repeating: 1, count: 18)
    var choices: [Int32] = Array(repeating: 3, count: 9)
    var rewards: [Float] = Array(repeating: 1, count: 9)
    var first: [Int32] = [0, 2, 1]
    var waiting: [Int32] = [2, 0, 1]

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.array("observations", &observations)
      try archive.array("choices", &choices)
      try archive.array("rewards", &rewards)
      try archive.array("first", &first)
      try archive.array("waiting", &waiting)
    }
  }

  @Test func partsThatDoNotFitAreRefused() throws {
    let changes: [(inout Parts) -> Void] = [
      { $0.choices[4] = 7 }, { $0.choices[0] = -1 }, { $0.first[1] = 3 }, { $0.first[0] = -1 }, { $0.waiting[2] = 3 }, { $0.waiting[2] = -1 },
      { $0.observations.append(0) }, { $0.rewards.removeLast() }, { $0.first = [] }, { $0.waiting.append(0) }, { $0.waiting[0] = .max },
    ]
    for (index, change) in ([{ _ in }] + changes).enumerated() {
      var parts = Parts()
      change(&parts)
      let saved = try SavedLearner(&parts)
      var accumulator = StepAccumulator(steps: 3, discount: 0.9, copies: 3, observationSize: 2, choices: 7)
      if index == 0 {
        try saved.restore(&accumulator)
      } else {
        #expect(throws: FileError.self, "change \(index)") { try saved.restore(&accumulator) }
      }
    }
  }
}
