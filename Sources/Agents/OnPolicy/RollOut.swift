import Tensor

/// What E copies of A agents experienced in T steps under one policy, step by step.
///
/// Unbounded actions and their log-probabilities are kept as they were drawn. True successors are kept where an episode was cut off; elsewhere the
/// successor is the next observation, or there is none.
struct RollOut: Sendable {
  let steps: Int
  let copies: Int
  let agents: Int
  let observationSize: Int
  let head: ActionHead
  /// What was acted on, and behind the last step what would come next. `[T + 1, E, A, D]`
  private(set) var observations: [Float]
  /// `[T, E, A, P]`
  private(set) var choices: [Int32]
  /// u, before it is brought into the actions' ranges. `[T, E, A, continuous components]`
  private(set) var values: [Float]
  /// ln π of the whole action. `[T, E, A]`
  private(set) var logProbabilities: [Float]
  /// ln π of its continuous part; empty unless asked for. `[T, E, A]`
  private(set) var continuousLogProbabilities: [Float]
  /// `[T, E, A]`
  private(set) var rewards: [Float]
  /// The same for all agents of a copy. `[T, E, A]`
  private(set) var terminated: [Bool]
  /// `[T, E, A]`
  private(set) var truncated: [Bool]
  /// Successors where episodes were cut off, in the order of time. `[cuts, A, D]`
  private(set) var cutObservations: [Float]
  /// The place of each among the T · E joint steps.
  private(set) var cutPlaces: [Int32]
  private(set) var cuts = 0
  /// Steps taken in.
  private(set) var count = 0

  init(steps: Int, head: ActionHead, for specification: EnvironmentSpecification, separatesContinuous: Bool) {
    precondition(steps > 0, "RollOut: \(steps) steps")
    self.steps = steps
    self.head = head
    copies = specification.copies
    agents = specification.agents
    observationSize = specification.observationSize
    let rows = steps * copies * agents
    observations = Array(repeating: 0, count: (rows + copies * agents) * observationSize)
    choices = Array(repeating: 0, count: rows * head.parts)
    values = Array(repeating: 0, count: rows * head.dimensions)
    logProbabilities = Array(repeating: 0, count: rows)
    continuousLogProbabilities = Array(repeating: 0, count: separatesContinuous ? rows : 0)
    rewards = logProbabilities
    terminated = Array(repeating: false, count: rows)
    truncated = terminated
    cutObservations = Array(repeating: 0, count: rows * observationSize)
    cutPlaces = Array(repeating: 0, count: steps * copies)
  }

  var isFull: Bool { count == steps }

  /// T · E, the number of joint steps.
  var jointSteps: Int { steps * copies }

  /// Draws the actions of the present step, keeps them as they are, and writes what the environment gets.
  ///
  /// - Parameters:
  ///   - rows: What the distributions are made of, from a place on. `[E, A, width]`
  ///   - start: That place.
  mutating func draw(_ rows: [Float], at start: Int = 0, from stream: RandomStream, step: Int, into actions: inout ActionBatch) {
    precondition(!isFull, "RollOut: \(steps) steps are full; learn() empties it")
    let width = copies * agents
    let first = count * width
    let part = start..<(start + width * head.layout.width)
    Self.draw(rows, part, head, stream, step: step, first..<(first + width), &choices, &values, &logProbabilities)
    if !continuousLogProbabilities.isEmpty {
      Self.separate(rows, part, head, first..<(first + width), choices, values, &continuousLogProbabilities)
    }
    for i in 0..<(width * head.parts) { actions.choices[i] = choices[first * head.parts + i] }
    head.bound(values, from: first * head.dimensions, into: &actions.values)
  }

  // The parts of `self` as arguments of their own: accesses that overlap by name alone.
  private static func draw(
    _ rows: [Float], _ part: Range<Int>, _ head: ActionHead, _ stream: RandomStream, step: Int, _ slot: Range<Int>, _ choices: inout [Int32],
    _ values: inout [Float],
    _ logProbabilities: inout [Float]
  ) {
    let (parts, dimensions) = (head.parts, head.dimensions)
    var allChoices = choices.mutableSpan
    var allValues = values.mutableSpan
    var allProbabilities = logProbabilities.mutableSpan
    var chosen = allChoices._mutatingExtracting(slot.lowerBound * parts..<slot.upperBound * parts)
    var numbers = allValues._mutatingExtracting(slot.lowerBound * dimensions..<slot.upperBound * dimensions)
    var probabilities = allProbabilities._mutatingExtracting(slot)
    head.layout.sample(
      output: rows.span.extracting(part), from: stream, step: step, choices: &chosen, values: &numbers, logProbabilities: &probabilities)
  }

  private static func separate(
    _ rows: [Float], _ part: Range<Int>, _ head: ActionHead, _ slot: Range<Int>, _ choices: [Int32], _ values: [Float], _ result: inout [Float]
  ) {
    let (parts, dimensions) = (head.parts, head.dimensions)
    var all = result.mutableSpan
    var mine = all._mutatingExtracting(slot)
    head.continuousLogProbability(
      rows.span.extracting(part), choices.span.extracting(slot.lowerBound * parts..<slot.upperBound * parts),
      values.span.extracting(slot.lowerBound * dimensions..<slot.upperBound * dimensions), into: &mine)
  }

  /// Takes in what was acted on and what followed.
  ///
  /// - Parameter acted: `[E, A, D]`
  mutating func store(_ acted: [Float], _ batch: StepBatch) {
    precondition(!isFull, "RollOut: \(steps) steps are full; learn() empties it")
    let rows = copies * agents
    let width = rows * observationSize
    let start = count * rows
    precondition(acted.count == width && batch.rewards.count == rows, "RollOut.store: \(acted.count) observations, \(batch.rewards.count) rewards")
    Self.copy(acted, into: &observations, at: count * width)
    if count + 1 == steps { Self.copy(batch.observations, into: &observations, at: steps * width) }
    Self.copy(batch.rewards, into: &rewards, at: start)
    for copy in 0..<copies {
      let (ended, cut) = (batch.terminated[copy], batch.truncated[copy])
      for agent in 0..<agents {
        terminated[start + copy * agents + agent] = ended
        truncated[start + copy * agents + agent] = cut
      }
      if cut && !ended { keepSuccessor(of: copy, batch.finalObservations) }
    }
    count += 1
  }

  private static func copy(_ source: [Float], into target: inout [Float], at first: Int) {
    let source = source.span
    var target = target.mutableSpan
    for i in 0..<source.count { target[first + i] = source[i] }
  }

  private mutating func keepSuccessor(of copy: Int, _ successors: [Float]) {
    let width = agents * observationSize
    for i in 0..<width { cutObservations[cuts * width + i] = successors[copy * width + i] }
    cutPlaces[cuts] = Int32(count * copies + copy)
    cuts += 1
  }

  /// Forgets all steps and keeps the memory.
  mutating func removeAll() { (count, cuts) = (0, 0) }
}

extension RollOut: Archivable {
  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("count", &count)
    try archive.value("cuts", &cuts)
    try archive.array("observations", &observations)
    try archive.array("choices", &choices)
    try archive.array("values", &values)
    try archive.array("logProbabilities", &logProbabilities)
    try archive.array("continuousLogProbabilities", &continuousLogProbabilities)
    try archive.array("rewards", &rewards)
    try archive.array("terminated", &terminated)
    try archive.array("truncated", &truncated)
    try archive.array("cutObservations", &cutObservations)
    try archive.array("cutPlaces", &cutPlaces)
    // A roll-out that is full is learned from in the step that fills it: what was saved between two steps is not.
    guard (0..<steps).contains(count), (0...(count * copies)).contains(cuts) else {
      throw archive.failure("the roll-out's counters are out of range")
    }
    for cut in 0..<cuts where cutPlaces[cut] < 0 || Int(cutPlaces[cut]) >= count * copies {
      throw archive.failure("the roll-out's cuts are out of range")
    }
    for (index, choice) in choices.enumerated() where choice < 0 || Int(choice) >= head.layout.choices[index % head.parts] {
      throw archive.failure("the roll-out's choices are out of range")
    }
  }
}
