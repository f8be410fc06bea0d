import Tensor

/// A finite memory of joint transitions (s, a, r, s'), sampled uniformly; the oldest are overwritten.
///
/// Memory grows with what is stored, not with the capacity. Only `terminated` is stored: after a truncation the successor
/// still has a value (Pardo et al. 2018).
public struct ReplayBuffer: Sendable {
  public let capacity: Int
  let agents: Int
  let observationSize: Int
  /// Discrete and continuous components of the action of one agent.
  let components: (choices: Int, values: Int)
  private var observations: [Float] = []
  private var successors: [Float] = []
  private var choices: [Int32] = []
  private var values: [Float] = []
  private var rewards: [Float] = []
  private var terminated: [UInt8] = []
  private var next = 0
  /// The number of transitions held.
  public private(set) var count = 0

  /// - Parameters:
  ///   - capacity: The largest number of transitions.
  ///   - specification: Whose agents, observations and actions are stored.
  public init(capacity: Int, for specification: EnvironmentSpecification) {
    precondition(
      capacity > 0 && specification.agents > 0 && specification.observationSize > 0,
      "ReplayBuffer: capacity, agents and observationSize must be positive")
    self.capacity = capacity
    agents = specification.agents
    observationSize = specification.observationSize
    components = (specification.actions.choices.count, specification.actions.bounds.count)
  }

  /// Stores one transition of every copy.
  ///
  /// - Parameters:
  ///   - observations: `[E, A, D]`
  ///   - actions: What was done.
  ///   - batch: What followed.
  public mutating func store(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    let width = agents * observationSize
    let (chosen, numbers) = (agents * components.choices, agents * components.values)
    for copy in 0..<batch.terminated.count {
      let slot = next
      if slot == count {
        self.observations.append(contentsOf: observations[(copy * width)..<((copy + 1) * width)])
        successors.append(contentsOf: batch.finalObservations[(copy * width)..<((copy + 1) * width)])
        choices.append(contentsOf: actions.choices[(copy * chosen)..<((copy + 1) * chosen)])
        values.append(contentsOf: actions.values[(copy * numbers)..<((copy + 1) * numbers)])
        rewards.append(contentsOf: batch.rewards[(copy * agents)..<((copy + 1) * agents)])
        terminated.append(batch.terminated[copy] ? 1 : 0)
        count += 1
      } else {
        Agents.copy(observations, from: copy * width, into: &self.observations, at: slot * width, count: width)
        Agents.copy(batch.finalObservations, from: copy * width, into: &successors, at: slot * width, count: width)
        Agents.copy(actions.choices, from: copy * chosen, into: &choices, at: slot * chosen, count: chosen)
        Agents.copy(actions.values, from: copy * numbers, into: &values, at: slot * numbers, count: numbers)
        Agents.copy(batch.rewards, from: copy * agents, into: &rewards, at: slot * agents, count: agents)
        terminated[slot] = batch.terminated[copy] ? 1 : 0
      }
      next = (next + 1) % capacity
    }
  }

  /// Draws a minibatch uniformly with replacement into memory that is reused.
  public func sample(into batch: inout JointMinibatch, from generator: inout Philox) {
    precondition(count > 0, "ReplayBuffer.sample: nothing is stored")
    let width = agents * observationSize
    let (chosen, numbers) = (agents * components.choices, agents * components.values)
    for row in 0..<batch.size { batch.slots[row] = Int32(generator.integer(below: count)) }
    let slots = batch.slots
    gather(observations.span, slots, width, into: &batch.observations)
    gather(successors.span, slots, width, into: &batch.successors)
    gather(choices.span, slots, chosen, into: &batch.choices)
    gather(values.span, slots, numbers, into: &batch.values)
    gather(rewards.span, slots, agents, into: &batch.rewards)
    for row in 0..<batch.size { batch.continues[row] = terminated[Int(slots[row])] == 0 ? 1 : 0 }
  }

  /// Mean and standard deviation of the rewards held: of all agents', or of the means over agents. A deviation of 0 counts as 1.
  ///
  /// - Complexity: O(count · agents), in double precision.
  func rewardMoments(ofTeams: Bool) -> (mean: Float, deviation: Float) {
    let rewards = rewards.span
    let (width, numbers) = ofTeams ? (agents, count) : (1, count * agents)
    guard numbers > 0 else { return (0, 1) }
    func number(_ index: Int) -> Double {
      var sum: Double = 0
      for i in 0..<width { sum += Double(rewards[index * width + i]) }
      return sum / Double(width)
    }
    var (sum, squares) = (0.0, 0.0)
    for index in 0..<numbers { sum += number(index) }
    let mean = sum / Double(numbers)
    for index in 0..<numbers {
      let difference = number(index) - mean
      squares += difference * difference
    }
    let deviation = Math.sqrt(squares / Double(numbers))
    return (Float(mean), deviation > 0 ? Float(deviation) : 1)
  }

  /// Copies the rows that `slots` name, `width` numbers each. One check of an array's owner serves all of its numbers.
  private func gather<Number: BitwiseCopyable>(_ source: Span<Number>, _ slots: [Int32], _ width: Int, into target: inout [Number]) {
    var span = target.mutableSpan
    let slots = slots.span
    for row in 0..<slots.count { copy(source, from: Int(slots[row]) * width, into: &span, at: row * width, count: width) }
  }
}

extension ReplayBuffer {
  /// Whether every stored choice is one of the alternatives: for states that come from a file.
  ///
  /// - Parameter alternatives: The number of alternatives of each discrete component.
  func choicesLie(below alternatives: [Int]) -> Bool {
    for place in choices.indices where choices[place] < 0 || choices[place] >= alternatives[place % alternatives.count] { return false }
    return true
  }
}

extension ReplayBuffer: Archivable {
  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("next", &next)
    try archive.value("count", &count)
    try archive.array("observations", &observations, resizable: true)
    try archive.array("successors", &successors, resizable: true)
    try archive.array("choices", &choices, resizable: true)
    try archive.array("values", &values, resizable: true)
    try archive.array("rewards", &rewards, resizable: true)
    try archive.array("terminated", &terminated, resizable: true)
    // The numbers come from outside: nothing is multiplied before it is known to be small. A memory that is not full goes on at its end.
    guard (0...capacity).contains(count), (0..<capacity).contains(next), count == capacity || next == count else {
      throw archive.failure("the replay buffer's parts do not fit together")
    }
    let width = count * agents
    guard
      observations.count == width * observationSize && successors.count == observations.count && choices.count == width * components.choices
        && values.count == width * components.values && rewards.count == width && terminated.count == count
    else {
      throw archive.failure("the replay buffer's parts do not fit together")
    }
  }
}

/// A minibatch of joint transitions. B rows.
public struct JointMinibatch: Sendable {
  public let size: Int
  /// `[B, A, D]`
  public var observations: [Float]
  /// `[B, A, D]`
  public var successors: [Float]
  /// `[B, A, discrete components]`
  public var choices: [Int32]
  /// `[B, A, continuous components]`
  public var values: [Float]
  /// `[B, A]`
  public var rewards: [Float]
  /// 1 where the successor has a value, 0 where the task ended. `[B]`
  public var continues: [Float]
  /// Where the rows lie in the replay buffer. `[B]`
  var slots: [Int32]

  public init(size: Int, for specification: EnvironmentSpecification) {
    let agents = specification.agents
    self.size = size
    observations = Array(repeating: 0, count: size * agents * specification.observationSize)
    successors = observations
    choices = Array(repeating: 0, count: size * agents * specification.actions.choices.count)
    values = Array(repeating: 0, count: size * agents * specification.actions.bounds.count)
    rewards = Array(repeating: 0, count: size * agents)
    continues = Array(repeating: 1, count: size)
    slots = Array(repeating: 0, count: size)
  }
}
