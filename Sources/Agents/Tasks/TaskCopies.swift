import Tensor

/// A task for one agent as a rule: how one copy begins, what an action does to its state, and what is seen of it.
///
/// ``TaskCopies`` makes the environment of it. A state is four numbers, of which a rule uses as many as it needs.
protocol TaskRule: Sendable {
  typealias State = SIMD4<Double>

  var observationSize: Int { get }
  /// As in ``EnvironmentSpecification``.
  var states: Int? { get }
  var actions: ActionSpace { get }

  /// The first state of an episode.
  func start(_ generator: inout Philox) -> State

  /// Replaces a state by its successor.
  ///
  /// - Parameters:
  ///   - choices: One number for each discrete component.
  ///   - values: One for each continuous component.
  ///   - generator: The random numbers of this step.
  /// - Returns: The reward, and whether the task ended.
  func advance(
    _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
  ) -> (reward: Float, terminated: Bool)

  /// Writes what the agent sees. `[D]`
  func observe(_ state: State, into observation: inout MutableSpan<Float>)

  /// Whether an episode can be in this state, which may come from a damaged file.
  func isPossible(_ state: State) -> Bool
}

extension TaskRule {
  var states: Int? { nil }
}

/// E copies of a task for one agent, each of which begins again by itself when it ends or its time is over.
struct TaskCopies<Rule: TaskRule>: Archivable, Sendable {
  let frame: TaskFrame<Rule>
  /// Resets and steps so far, which all copies have in common.
  private var moment = 0
  /// Steps taken in the present episode of each copy. `[E]`
  private var elapsed: [Int32]
  /// `[E]`
  private var states: [TaskRule.State]

  init(_ rule: Rule, copies: Int, seed: UInt64, firstCopy: Int, limit: Int?) {
    frame = TaskFrame(rule, copies: copies, seed: seed, firstCopy: firstCopy, limit: limit)
    elapsed = Array(repeating: 0, count: copies)
    states = Array(repeating: .zero, count: copies)
    for copy in 0..<copies { states[copy] = frame.start(copy: copy, moment: 0) }
  }

  /// The state of one copy.
  func state(of copy: Int) -> TaskRule.State { states[copy] }

  /// Puts one copy at the beginning of an episode that starts with this state.
  mutating func begin(_ state: TaskRule.State, copy: Int) {
    precondition(frame.rule.isPossible(state), "TaskCopies.begin: the task cannot be in the state \(state)")
    states[copy] = state
    elapsed[copy] = 0
  }

  mutating func reset(into batch: inout StepBatch) {
    moment &+= 1
    let size = frame.specification.observationSize
    var observations = batch.observations.mutableSpan
    for copy in states.indices {
      states[copy] = frame.start(copy: copy, moment: moment)
      elapsed[copy] = 0
      var row = observations._mutatingExtracting(copy * size..<(copy + 1) * size)
      frame.rule.observe(states[copy], into: &row)
    }
  }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    moment &+= 1
    frame.step(
      moment, &states, &elapsed, actions, &batch.observations, &batch.finalObservations, &batch.rewards, &batch.terminated, &batch.truncated)
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("moment", &moment)
    try archive.array("elapsed", &elapsed)
    var numbers = states.flatMap { [$0.x, $0.y, $0.z, $0.w] }
    try archive.array("states", &numbers)
    guard archive.isReading else { return }
    let end = frame.limit.map { Int32($0) } ?? Int32.max
    guard moment >= 0, elapsed.allSatisfy({ $0 >= 0 && $0 < end }) else { throw archive.failure("the task's counters are out of range") }
    for copy in states.indices {
      states[copy] = TaskRule.State(numbers[4 * copy], numbers[4 * copy + 1], numbers[4 * copy + 2], numbers[4 * copy + 3])
      guard frame.rule.isPossible(states[copy]) else { throw archive.failure("copy \(copy) of the task cannot be in the state \(states[copy])") }
    }
  }
}

/// What stays the same while copies of a task step.
///
/// All copies step together, so one counter of resets and steps names the random numbers of all: copy c draws from the stream of index
/// `firstCopy` + c, at step 2n what the task needs in its n-th moment and at step 2n + 1 the start of an episode that begins there.
struct TaskFrame<Rule: TaskRule>: Sendable {
  let rule: Rule
  let specification: EnvironmentSpecification
  /// The steps after which an episode is cut off; nil for none.
  let limit: Int?
  private let seed: UInt64
  private let firstCopy: Int

  init(_ rule: Rule, copies: Int, seed: UInt64, firstCopy: Int, limit: Int?) {
    precondition(copies > 0 && firstCopy >= 0, "TaskFrame: \(copies) copies from number \(firstCopy)")
    if let limit { precondition(limit > 0 && limit <= Int(Int32.max), "TaskFrame: a limit of \(limit) steps") }
    self.rule = rule
    specification = EnvironmentSpecification(
      copies: copies, agents: 1, observationSize: rule.observationSize, states: rule.states, actions: rule.actions)
    self.limit = limit
    self.seed = seed
    self.firstCopy = firstCopy
  }

  private func stream(_ copy: Int) -> RandomStream { RandomStream(seed: seed, purpose: .environment, index: firstCopy + copy) }

  func start(copy: Int, moment: Int) -> TaskRule.State {
    var generator = stream(copy).generator(step: 2 &* moment &+ 1)
    return rule.start(&generator)
  }

  /// One step of all copies. Every array is an argument of its own, because a span of one part of a structure keeps the whole of it.
  func step(
    _ moment: Int, _ states: inout [TaskRule.State], _ elapsed: inout [Int32], _ actions: ActionBatch, _ observations: inout [Float],
    _ successors: inout [Float], _ rewards: inout [Float], _ terminated: inout [Bool], _ truncated: inout [Bool]
  ) {
    let copies = specification.copies
    let size = specification.observationSize
    let (choiceCount, valueCount) = (specification.actions.choices.count, specification.actions.bounds.count)
    let last = Int32(truncatingIfNeeded: (limit ?? 0) - 1)
    precondition(
      observations.count == copies * size && actions.choices.count == copies * choiceCount && actions.values.count == copies * valueCount,
      "step: \(actions.choices.count) choices and \(actions.values.count) values for \(copies) copies of \(specification.actions)")
    let choices = actions.choices.span
    let values = actions.values.span
    var states = states.mutableSpan
    var elapsed = elapsed.mutableSpan
    var observations = observations.mutableSpan
    var successors = successors.mutableSpan
    var rewards = rewards.mutableSpan
    var terminated = terminated.mutableSpan
    var truncated = truncated.mutableSpan
    for copy in 0..<copies {
      var generator = stream(copy).generator(step: 2 &* moment)
      let (reward, ends) = rule.advance(
        &states[copy], choices.extracting(copy * choiceCount..<(copy + 1) * choiceCount),
        values.extracting(copy * valueCount..<(copy + 1) * valueCount), &generator)
      let isCut = !ends && elapsed[copy] == last
      rewards[copy] = reward
      terminated[copy] = ends
      truncated[copy] = isCut
      elapsed[copy] &+= 1
      let row = copy * size..<(copy + 1) * size
      var successor = successors._mutatingExtracting(row)
      rule.observe(states[copy], into: &successor)
      if ends || isCut {
        states[copy] = start(copy: copy, moment: moment)
        elapsed[copy] = 0
      }
      var observation = observations._mutatingExtracting(row)
      rule.observe(states[copy], into: &observation)
    }
  }
}
