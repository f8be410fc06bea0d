import Agents
import Tensor

/// A small learner for one agent that sees one-hot marks: it keeps a mean payment for each mark and choice, and explores at random.
struct TallyLearner: Learner {
  let specification: EnvironmentSpecification
  let seed: UInt64
  let warmUp: Int
  private(set) var values: [Double]
  private var counts: [Double]
  private(set) var updates = 0
  private(set) var steps = 0
  /// What was seen of the ends of episodes. `[E]`
  private(set) var terminated: [Int32]
  private(set) var truncated: [Int32]
  private var pending = false

  init(for specification: EnvironmentSpecification, seed: UInt64, warmUp: Int = 3) {
    if let objection = TallyLearner.objection(to: specification) { preconditionFailure(objection) }
    self.specification = specification
    self.seed = seed
    self.warmUp = warmUp
    values = Array(repeating: 0, count: specification.observationSize * specification.actions.choices[0])
    counts = values
    terminated = Array(repeating: 0, count: specification.copies)
    truncated = terminated
  }

  static func objection(to specification: EnvironmentSpecification) -> String? {
    if specification.agents != 1 { return "TallyLearner: one agent, got \(specification.agents)" }
    return specification.actions.isOneChoice ? nil : "TallyLearner: one choice, got \(specification.actions)"
  }

  /// The number that a row's observation marks.
  static func mark(_ observations: [Float], _ row: Int, _ size: Int) -> Int {
    var best = 0
    for i in 1..<size where observations[row * size + i] > observations[row * size + best] { best = i }
    return best
  }

  mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    let choices = specification.actions.choices[0]
    for copy in 0..<specification.copies {
      var generator = RandomStream(seed: seed, purpose: .exploration, index: copy).generator(step: step)
      let explores = isWarmingUp || generator.uniform() < 0.3
      let random = generator.integer(below: choices)
      let mark = Self.mark(observations, copy, specification.observationSize)
      actions.choices[copy] = explores ? Int32(random) : TallyPolicy.best(values, mark, choices)
    }
  }

  mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    precondition(batch.terminated.count == specification.copies && batch.rewards.count == specification.copies)
    precondition(batch.observations.count == observations.count && batch.finalObservations.count == observations.count)
    for copy in 0..<specification.copies {
      let place =
        Self.mark(observations, copy, specification.observationSize) * specification.actions.choices[0] + Int(actions.choices[copy])
      counts[place] += 1
      values[place] += (Double(batch.rewards[copy]) - values[place]) / counts[place]
      if batch.terminated[copy] { terminated[copy] += 1 }
      if batch.truncated[copy] { truncated[copy] += 1 }
    }
    steps += 1
    pending = true
  }

  mutating func learn() -> Bool {
    guard pending, !isWarmingUp else { return false }
    pending = false
    updates += 1
    return true
  }

  var isWarmingUp: Bool { steps < warmUp }
  var diagnostics: [Diagnostic] { updates == 0 ? [] : [Diagnostic("value", values.max()!)] }

  func greedy(copies: Int) -> TallyPolicy {
    TallyPolicy(values: values, copies: copies, size: specification.observationSize, choices: specification.actions.choices[0])
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("values", &values)
    try archive.array("counts", &counts)
    try archive.value("updates", &updates)
    try archive.value("steps", &steps)
    try archive.array("terminated", &terminated)
    try archive.array("truncated", &truncated)
    try archive.value("pending", &pending)
  }
}

/// The best known choice for each mark. It counts the ends of episodes that it followed.
struct TallyPolicy: Policy {
  var values: [Double]
  let copies: Int
  let size: Int
  let choices: Int
  private(set) var ends = 0

  init(values: [Double], copies: Int, size: Int, choices: Int) {
    (self.values, self.copies, self.size, self.choices) = (values, copies, size, choices)
  }

  static func best(_ values: [Double], _ mark: Int, _ choices: Int) -> Int32 {
    var best = 0
    for choice in 1..<choices where values[mark * choices + choice] > values[mark * choices + best] { best = choice }
    return Int32(best)
  }

  mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    precondition(observations.count == copies * size)
    for copy in 0..<copies { actions.choices[copy] = Self.best(values, TallyLearner.mark(observations, copy, size), choices) }
  }

  mutating func follow(_ batch: StepBatch) {
    precondition(batch.terminated.count == copies && batch.observations.count == copies * size)
    for copy in 0..<copies where batch.terminated[copy] { ends += 1 }
  }

  mutating func archive(in archive: Archive) throws(FileError) { try archive.array("values", &values) }
}

/// Each agent sees one of three marks and is paid for the choice (mark + agent) mod 3 times agent + 1; agents differ. Ends come as `IdentityTask`'s do.
struct ShiftedIdentity: Environment {
  private var base: IdentityTask
  private var marks: [Int] = []
  var specification: EnvironmentSpecification { base.specification }

  init(agents: Int, copies: Int) { base = IdentityTask(agents: agents, marks: 3, copies: copies) }

  private mutating func remember(_ observations: [Float]) {
    if marks.isEmpty { marks = Array(repeating: 0, count: observations.count / 3) }
    for row in marks.indices { marks[row] = TallyLearner.mark(observations, row, 3) }
  }

  mutating func reset(into batch: inout StepBatch) {
    base.reset(into: &batch)
    remember(batch.observations)
  }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    base.step(actions, into: &batch)
    let agents = specification.agents
    for row in marks.indices {
      let agent = row % agents
      batch.rewards[row] = Int(actions.choices[row]) == (marks[row] + agent) % 3 ? Float(agent + 1) : 0
    }
    remember(batch.observations)
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try base.archive(in: archive)
    var numbers = marks.map(Int32.init)
    try archive.array("shifted", &numbers)
    marks = numbers.map(Int.init)
  }
}
