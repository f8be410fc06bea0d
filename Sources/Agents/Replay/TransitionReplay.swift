import Tensor

/// A finite memory of one agent's transitions (s, a, R, s', d) with one choice a; the oldest are overwritten.
///
/// d is the factor of the value of s': γⁿ behind n steps, 0 where the task terminated (see ``ValueTargets``). Transitions of different lengths lie
/// side by side. Memory grows with what is stored, not with the capacity.
public struct TransitionReplay: Sendable {
  public let capacity: Int
  let observationSize: Int
  let alternatives: Int
  private var observations: [Float] = []
  private var successors: [Float] = []
  private var choices: [Int32] = []
  private var rewards: [Float] = []
  private var discounts: [Float] = []
  /// How many transitions were ever stored; number k lies in slot k mod capacity.
  public private(set) var stored = 0

  /// The number of transitions held.
  public var count: Int { min(stored, capacity) }

  /// - Parameters:
  ///   - capacity: The largest number of transitions.
  ///   - observationSize: D
  ///   - choices: K
  public init(capacity: Int, observationSize: Int, choices: Int) {
    precondition(capacity > 0 && capacity <= Int(Int32.max), "TransitionReplay: a capacity of \(capacity); it must lie in 1...2³¹−1")
    precondition(observationSize > 0 && choices > 0, "TransitionReplay: \(observationSize) numbers observed and \(choices) choices")
    self.capacity = capacity
    self.observationSize = observationSize
    alternatives = choices
  }

  /// Stores one transition.
  ///
  /// - Parameters:
  ///   - observation: s `[D]`
  ///   - choice: a
  ///   - reward: R
  ///   - successor: s' `[D]`
  ///   - discount: d
  public mutating func store(_ observation: Span<Float>, _ choice: Int32, reward: Float, _ successor: Span<Float>, discount: Float) {
    precondition(
      observation.count == observationSize && successor.count == observationSize,
      "TransitionReplay.store: \(observation.count) and \(successor.count) numbers for \(observationSize)")
    if stored < capacity {
      for i in 0..<observationSize { observations.append(observation[i]) }
      for i in 0..<observationSize { successors.append(successor[i]) }
      choices.append(choice)
      rewards.append(reward)
      discounts.append(discount)
    } else {
      let slot = stored % capacity
      TransitionReplay.copy(observation, into: &observations, row: slot)
      TransitionReplay.copy(successor, into: &successors, row: slot)
      (choices[slot], rewards[slot], discounts[slot]) = (choice, reward, discount)
    }
    stored += 1
  }

  /// Collects the transitions in `batch.slots`.
  public func gather(into batch: inout TransitionMinibatch) {
    TransitionReplay.gather(observations, batch.slots, into: &batch.observations, width: observationSize)
    TransitionReplay.gather(successors, batch.slots, into: &batch.successors, width: observationSize)
    TransitionReplay.gather(choices, batch.slots, into: &batch.choices, width: 1)
    TransitionReplay.gather(rewards, batch.slots, into: &batch.rewards, width: 1)
    TransitionReplay.gather(discounts, batch.slots, into: &batch.discounts, width: 1)
  }

  /// Copies the rows of a matrix that `slots` name.
  private static func gather<Number>(_ source: [Number], _ slots: [Int32], into target: inout [Number], width: Int) {
    let source = source.span
    let slots = slots.span
    var target = target.mutableSpan
    for row in 0..<slots.count {
      let from = Int(slots[row]) * width
      for i in 0..<width { target[row * width + i] = source[from + i] }
    }
  }

  /// Draws a minibatch uniformly with replacement, all weights 1, into memory that is reused.
  public func sample(into batch: inout TransitionMinibatch, from stream: RandomStream, step: Int) {
    precondition(stored > 0, "TransitionReplay.sample: nothing is stored")
    stream.fillIntegers(&batch.slots, below: count, step: step)
    for row in 0..<batch.size { batch.weights[row] = 1 }
    gather(into: &batch)
  }

  /// Overwrites one row of a matrix.
  private static func copy(_ source: Span<Float>, into target: inout [Float], row: Int) {
    var span = target.mutableSpan
    for i in 0..<source.count { span[row * source.count + i] = source[i] }
  }
}

extension TransitionReplay: Archivable {
  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("stored", &stored)
    try archive.array("observations", &observations, resizable: true)
    try archive.array("successors", &successors, resizable: true)
    try archive.array("choices", &choices, resizable: true)
    try archive.array("rewards", &rewards, resizable: true)
    try archive.array("discounts", &discounts, resizable: true)
    // The numbers come from outside: nothing is multiplied before it is known to be small.
    guard (0...1 << 60).contains(stored), choices.count == count, rewards.count == count, discounts.count == count,
      observations.count == count * observationSize, successors.count == count * observationSize
    else {
      throw archive.failure("the replay memory's parts do not fit together")
    }
    for choice in choices where choice < 0 || choice >= alternatives {
      throw archive.failure("the replay memory holds choice \(choice) of \(alternatives)")
    }
  }
}

/// A minibatch of transitions. B rows.
public struct TransitionMinibatch: Sendable {
  public let size: Int
  /// Where in the memory they lie. `[B]`
  public var slots: [Int32]
  /// s `[B, D]`
  public var observations: [Float]
  /// a `[B]`
  public var choices: [Int32]
  /// R `[B]`
  public var rewards: [Float]
  /// s' `[B, D]`
  public var successors: [Float]
  /// d, the factor of the value of s'. `[B]`
  public var discounts: [Float]
  /// How much each counts. `[B]`
  public var weights: [Float]

  public init(size: Int, observationSize: Int) {
    self.size = size
    slots = Array(repeating: 0, count: size)
    observations = Array(repeating: 0, count: size * observationSize)
    choices = slots
    rewards = Array(repeating: 0, count: size)
    successors = observations
    discounts = rewards
    weights = Array(repeating: 1, count: size)
  }
}
