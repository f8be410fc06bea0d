import Tensor

/// A finite memory of whole episodes, for learners that unroll a network over time; the oldest are overwritten.
///
/// A sequence of L steps is o₀ a₀ r₀ o₁ … a_{L−1} r_{L−1} o_L, where o_L is the true successor of the last step, and whether the task ended there:
/// after a truncation o_L still has a value (Pardo et al. 2018). An episode that runs longer than `longest` is cut into pieces, each a sequence of
/// its own that is not terminated. With `longest` = 1 it is a memory of transitions.
///
/// Memory grows with what is stored, not with the capacity.
public struct EpisodeBuffer: Sendable {
  /// The largest number of sequences.
  public let capacity: Int
  /// Steps after which a sequence is cut.
  public let longest: Int
  private var finished: SequenceStore
  /// The sequence that each copy is in.
  private var open: SequenceStore
  private var next = 0

  /// The number of finished sequences held.
  public var count: Int { finished.count }

  /// - Parameters:
  ///   - capacity: The largest number of sequences.
  ///   - longest: The largest number of steps of a sequence.
  ///   - specification: Whose copies, agents, observations and actions are stored.
  public init(capacity: Int, longest: Int, for specification: EnvironmentSpecification) {
    precondition(capacity > 0 && longest > 0, "EpisodeBuffer: room for \(capacity) sequences of \(longest) steps")
    self.capacity = capacity
    self.longest = longest
    finished = SequenceStore(longest: longest, for: specification)
    open = finished
    for _ in 0..<specification.copies { open.grow() }
  }

  /// Takes in one step of every copy.
  ///
  /// - Parameters:
  ///   - observations: What was acted on. `[E, A, D]`
  ///   - actions: What was done.
  ///   - batch: What followed.
  /// - Returns: How many sequences this step finished.
  @discardableResult
  public mutating func store(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) -> Int {
    precondition(batch.terminated.count == open.count, "EpisodeBuffer.store: \(batch.terminated.count) copies for a memory of \(open.count)")
    var ended = 0
    for copy in 0..<open.count {
      open.append(to: copy, observations, actions, batch)
      guard batch.terminated[copy] || batch.truncated[copy] || open.lengths[copy] == longest else { continue }
      if next == finished.count { finished.grow() }
      finished.replace(next, by: open, copy)
      open.lengths[copy] = 0
      next = (next + 1) % capacity
      ended += 1
    }
    return ended
  }

  /// Draws different sequences, all equally likely, into memory that is reused.
  ///
  /// - Precondition: At least as many sequences are held as the minibatch has.
  public func sample(into batch: inout EpisodeMinibatch, from stream: RandomStream, step: Int) {
    precondition(count >= batch.size, "EpisodeBuffer.sample: \(batch.size) different sequences of \(count)")
    precondition(batch.longest >= longest, "EpisodeBuffer.sample: sequences of \(longest) steps into a minibatch of \(batch.longest)")
    stream.fillDistinct(&batch.slots, below: count, step: step)
    finished.gather(&batch)
  }

  /// Whether every stored choice is one of the alternatives: for states that come from a file.
  func choicesLie(below alternatives: [Int]) -> Bool { finished.choicesLie(below: alternatives) && open.choicesLie(below: alternatives) }
}

extension EpisodeBuffer: Archivable {
  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("next", &next)
    let copies = open.count
    try archive.group("finished") { () throws(FileError) in try finished.archive(in: archive) }
    try archive.group("open") { () throws(FileError) in try open.archive(in: archive) }
    // A memory that is not full goes on at its end.
    guard
      (0...capacity).contains(count), (0..<capacity).contains(next), count == capacity || next == count,
      finished.areSound(lengths: 1...longest), open.count == copies, open.areSound(lengths: 0...(longest - 1))
    else {
      throw archive.failure("the episode buffer's parts do not fit together")
    }
  }
}

/// A minibatch of sequences, time first; shorter ones are padded with zeros up to the longest of them. B sequences, T steps.
///
/// The arrays have room for the longest sequence there may be; only their first elements, those of T steps, are in use.
public struct EpisodeMinibatch: Sendable {
  /// B
  public let size: Int
  public let longest: Int
  /// T, the steps of the longest sequence drawn.
  public internal(set) var steps = 0
  /// `[T + 1, B, A, D]`
  public var observations: [Float]
  /// `[T, B, A, discrete components]`
  public var choices: [Int32]
  /// `[T, B, A, continuous components]`
  public var values: [Float]
  /// `[T, B, A]`
  public var rewards: [Float]
  /// 1 where the successor has a value, 0 where the task ended and in padding. `[T, B]`
  public var continues: [Float]
  /// 1 for a step that was taken, 0 for padding. `[T, B]`
  public var mask: [Float]
  /// Where the sequences were found. `[B]`
  var slots: [Int32]

  public init(size: Int, longest: Int, for specification: EnvironmentSpecification) {
    let (rows, actions) = (size * specification.agents, specification.actions)
    self.size = size
    self.longest = longest
    observations = Array(repeating: 0, count: (longest + 1) * rows * specification.observationSize)
    choices = Array(repeating: 0, count: longest * rows * actions.choices.count)
    values = Array(repeating: 0, count: longest * rows * actions.bounds.count)
    rewards = Array(repeating: 0, count: longest * rows)
    continues = Array(repeating: 0, count: longest * size)
    mask = continues
    slots = Array(repeating: 0, count: size)
  }
}

/// Sequences in flat arrays, all with room for the same number of steps. N sequences of up to L steps.
struct SequenceStore: Sendable {
  let longest: Int
  /// Numbers of one step of all agents: observations, choices, continuous values, rewards.
  private let widths: (observations: Int, choices: Int, values: Int, rewards: Int)
  /// `[N, L + 1, A, D]`
  private var observations: [Float] = []
  /// `[N, L, A, components]`
  private var choices: [Int32] = []
  private var values: [Float] = []
  /// `[N, L, A]`
  private var rewards: [Float] = []
  /// `[N]`
  var lengths: [Int32] = []
  private var terminated: [UInt8] = []

  var count: Int { lengths.count }

  init(longest: Int, for specification: EnvironmentSpecification) {
    let (agents, actions) = (specification.agents, specification.actions)
    self.longest = longest
    widths = (agents * specification.observationSize, agents * actions.choices.count, agents * actions.bounds.count, agents)
  }

  /// Makes room for one more sequence.
  mutating func grow() {
    observations.append(contentsOf: repeatElement(0, count: (longest + 1) * widths.observations))
    choices.append(contentsOf: repeatElement(0, count: longest * widths.choices))
    values.append(contentsOf: repeatElement(0, count: longest * widths.values))
    rewards.append(contentsOf: repeatElement(0, count: longest * widths.rewards))
    lengths.append(0)
    terminated.append(0)
  }

  /// Adds what one copy did to its sequence.
  mutating func append(to copy: Int, _ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    let step = Int(lengths[copy])
    let (place, row) = (copy * longest + step, copy * (longest + 1) + step)
    transfer(widths.observations, observations.span, copy * widths.observations, &self.observations, row * widths.observations)
    transfer(widths.observations, batch.finalObservations.span, copy * widths.observations, &self.observations, (row + 1) * widths.observations)
    transfer(widths.choices, actions.choices.span, copy * widths.choices, &choices, place * widths.choices)
    transfer(widths.values, actions.values.span, copy * widths.values, &values, place * widths.values)
    transfer(widths.rewards, batch.rewards.span, copy * widths.rewards, &rewards, place * widths.rewards)
    lengths[copy] += 1
    terminated[copy] = batch.terminated[copy] ? 1 : 0
  }

  /// Overwrites a sequence by one of another store.
  mutating func replace(_ slot: Int, by other: SequenceStore, _ place: Int) {
    let (room, length) = (longest + 1, Int(other.lengths[place]))
    let width = widths.observations
    transfer((length + 1) * width, other.observations.span, place * room * width, &observations, slot * room * width)
    transfer(length * widths.choices, other.choices.span, place * longest * widths.choices, &choices, slot * longest * widths.choices)
    transfer(length * widths.values, other.values.span, place * longest * widths.values, &values, slot * longest * widths.values)
    transfer(length * widths.rewards, other.rewards.span, place * longest * widths.rewards, &rewards, slot * longest * widths.rewards)
    lengths[slot] = other.lengths[place]
    terminated[slot] = other.terminated[place]
  }

  /// Fills a minibatch with the sequences that its `slots` name.
  func gather(_ batch: inout EpisodeMinibatch) {
    var steps = 0
    for row in 0..<batch.size { steps = max(steps, Int(lengths[Int(batch.slots[row])])) }
    batch.steps = steps
    let size = batch.size
    for row in 0..<size {
      let slot = Int(batch.slots[row])
      let length = Int(lengths[slot])
      for step in 0...steps {
        let to = step * size + row
        let isKnown = step <= length
        transfer(
          widths.observations, observations.span, (slot * (longest + 1) + step) * widths.observations, &batch.observations, to * widths.observations,
          isKnown)
        guard step < steps else { break }
        let (from, isTaken) = (slot * longest + step, step < length)
        transfer(widths.choices, choices.span, from * widths.choices, &batch.choices, to * widths.choices, isTaken)
        transfer(widths.values, values.span, from * widths.values, &batch.values, to * widths.values, isTaken)
        transfer(widths.rewards, rewards.span, from * widths.rewards, &batch.rewards, to * widths.rewards, isTaken)
        batch.mask[to] = isTaken ? 1 : 0
        batch.continues[to] = isTaken && (step < length - 1 || terminated[slot] == 0) ? 1 : 0
      }
    }
  }

  func choicesLie(below alternatives: [Int]) -> Bool {
    for place in choices.indices where choices[place] < 0 || choices[place] >= alternatives[place % alternatives.count] { return false }
    return true
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("observations", &observations, resizable: true)
    try archive.array("choices", &choices, resizable: true)
    try archive.array("values", &values, resizable: true)
    try archive.array("rewards", &rewards, resizable: true)
    try archive.array("lengths", &lengths, resizable: true)
    try archive.array("terminated", &terminated, resizable: true)
  }

  /// Whether the arrays, which may come from a file, fit together.
  func areSound(lengths range: ClosedRange<Int>) -> Bool {
    observations.count == count * (longest + 1) * widths.observations && choices.count == count * longest * widths.choices
      && values.count == count * longest * widths.values && rewards.count == count * longest * widths.rewards && terminated.count == count
      && lengths.allSatisfy { range.contains(Int($0)) } && terminated.allSatisfy { $0 <= 1 }
  }
}

/// Copies numbers from one array into a place of another, or writes zeros there.
private func transfer<Number: Numeric>(
  _ count: Int, _ source: Span<Number>, _ from: Int, _ target: inout [Number], _ to: Int, _ isKnown: Bool = true
) {
  var span = target.mutableSpan
  if isKnown {
    for i in 0..<count { span[to + i] = source[from + i] }
  } else {
    for i in 0..<count { span[to + i] = 0 }
  }
}
