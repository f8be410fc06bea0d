import Tensor

/// Joins up to n steps of each copy to one transition.
///
/// R = Σ_{i<m} γⁱ r_{t+i},  s' = s_{t+m},  d = γᵐ, or 0 after a termination. m = n, and fewer for the last steps of an episode, all of which are handed on when
/// it ends: nothing is lost and nothing reaches over an end. After a truncation s' is the true final observation.
public struct StepAccumulator: Sendable {
  /// n
  public let steps: Int
  /// γ
  public let discount: Float
  let observationSize: Int
  let alternatives: Int
  /// The steps that wait, in a ring for each copy. `[E, n, D]`
  private var observations: [Float]
  /// `[E, n]`
  private var choices: [Int32]
  /// `[E, n]`
  private var rewards: [Float]
  /// The place of the oldest. `[E]`
  private var first: [Int32]
  /// How many wait. `[E]`
  private var waiting: [Int32]
  /// γ⁰ ... γⁿ, rounded once.
  private let powers: [Float]

  public init(steps: Int, discount: Float, copies: Int, observationSize: Int, choices: Int) {
    precondition(steps > 0 && steps <= 1 << 16, "StepAccumulator: \(steps) steps; they must lie in 1...65536")
    self.steps = steps
    self.discount = discount
    self.observationSize = observationSize
    alternatives = choices
    observations = Array(repeating: 0, count: copies * steps * observationSize)
    self.choices = Array(repeating: 0, count: copies * steps)
    rewards = Array(repeating: 0, count: copies * steps)
    first = Array(repeating: 0, count: copies)
    waiting = first
    var power = 1.0
    powers = (0...steps).map { _ in
      defer { power *= Double(discount) }
      return Float(power)
    }
  }

  /// Takes in one step of every copy and stores the transitions that are complete: copy after copy, the oldest first.
  ///
  /// - Parameters:
  ///   - observations: What was acted on. `[E, D]`
  ///   - actions: What was done.
  ///   - batch: What followed.
  ///   - replay: Receives the complete transitions.
  public mutating func add(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch, to replay: inout TransitionReplay) {
    let size = observationSize
    precondition(
      observations.count == first.count * size && batch.terminated.count == first.count,
      "StepAccumulator.add: \(observations.count) numbers and \(batch.terminated.count) flags for \(first.count) copies of \(size)")
    let successors = batch.finalObservations.span
    for copy in 0..<first.count {
      let place = copy * steps + (Int(first[copy]) + Int(waiting[copy])) % steps
      for i in 0..<size { self.observations[place * size + i] = observations[copy * size + i] }
      choices[place] = actions.choices[copy]
      rewards[place] = batch.rewards[copy]
      waiting[copy] += 1
      let ends = batch.terminated[copy] || batch.truncated[copy]
      while waiting[copy] > 0 && (ends || Int(waiting[copy]) == steps) {
        let oldest = copy * steps + Int(first[copy])
        let discount = batch.terminated[copy] ? 0 : powers[Int(waiting[copy])]
        replay.store(
          self.observations.span.extracting(oldest * size..<(oldest + 1) * size), choices[oldest], reward: sum(copy),
          successors.extracting(copy * size..<(copy + 1) * size), discount: discount)
        first[copy] = Int32((Int(first[copy]) + 1) % steps)
        waiting[copy] -= 1
      }
    }
  }

  /// Σ γⁱ r_i over what waits in a copy, by Horner's rule in double precision.
  private func sum(_ copy: Int) -> Float {
    var sum = 0.0
    var i = Int(waiting[copy]) - 1
    while i >= 0 {
      sum = Double(rewards[copy * steps + (Int(first[copy]) + i) % steps]) + Double(discount) * sum
      i -= 1
    }
    return Float(sum)
  }
}

extension StepAccumulator: Archivable {
  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("observations", &observations)
    try archive.array("choices", &choices)
    try archive.array("rewards", &rewards)
    try archive.array("first", &first)
    try archive.array("waiting", &waiting)
    for copy in first.indices where first[copy] < 0 || first[copy] >= steps || waiting[copy] < 0 || waiting[copy] >= steps {
      throw archive.failure("\(waiting[copy]) steps wait from place \(first[copy]) on where there are \(steps) places")
    }
    for choice in choices where choice < 0 || choice >= alternatives {
      throw archive.failure("a step waits with choice \(choice) of \(alternatives)")
    }
  }
}
