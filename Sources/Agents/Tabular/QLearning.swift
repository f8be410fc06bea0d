import Tensor

/// Q-learning with a table, for one agent with few states and one choice.
///
/// C. J. C. H. Watkins and P. Dayan, "Q-learning", Machine Learning 8, 1992. After the choice k in the state s with reward r and successor s':
///
///     Q(s, k) ← Q(s, k) + α (r + γ max_k' Q(s', k') − Q(s, k))
///
/// where the second part of the target is left out when the task ended. It learns the values of the best policy whatever it does meanwhile, so it
/// walks right along a cliff and falls while it explores; ``SARSA`` does not.
///
/// Implementation details:
/// 1. Values, rates and targets are in double precision.
/// 2. After a truncation the successor is `finalObservations`, and has its value.
/// 3. E copies share one table, which is updated in the order of copies: a later copy sees what an earlier one changed in the same step.
/// 4. ε and α may be functions of the transitions taken in, E a step.
/// 5. Copy c explores by the stream of index c: whether, and which choice; the same numbers break ties.
public struct QLearning: Learner {
  public let configuration: TabularConfiguration
  let specification: EnvironmentSpecification
  let seed: UInt64
  private var table: ActionValueTable
  /// Steps of all copies taken in so far.
  private var steps = 0
  private var hasNews = false

  public init(_ configuration: TabularConfiguration = .init(), for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = QLearning.objection(to: specification) { preconditionFailure(objection) }
    if let objection = configuration.objection { preconditionFailure("QLearning: \(objection)") }
    self.configuration = configuration
    self.specification = specification
    self.seed = seed
    table = ActionValueTable(configuration, for: specification)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    ActionValueTable.objection(to: specification, "QLearning")
  }

  /// Q. `[S, K]`
  public var actionValues: [Double] { table.values }

  /// ε of the next step.
  public var explorationRate: Double { configuration.exploration.value(at: steps * specification.copies) }

  public var updates: Int { table.updates }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    let rate = explorationRate
    for copy in 0..<specification.copies {
      var generator = RandomStream(seed: seed, purpose: .exploration, index: copy).generator(step: step)
      actions.choices[copy] = table.choose(table.state(observations[copy]), explorationRate: rate, &generator)
    }
  }

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    let transitions = steps * specification.copies
    for copy in 0..<specification.copies {
      var target = Double(batch.rewards[copy])
      if !batch.terminated[copy] { target += configuration.discount * table.best(table.state(batch.finalObservations[copy])) }
      table.move(table.state(observations[copy]), Int(actions.choices[copy]), to: target, transitions: transitions)
    }
    steps += 1
    hasNews = true
  }

  public mutating func learn() -> Bool {
    defer { hasNews = false }
    return hasNews
  }

  /// The best choice in each state, the first of equals.
  public func greedy(copies: Int) -> TablePolicy { TablePolicy(table.bestChoices, of: table.choices) }

  public var diagnostics: [Diagnostic] {
    updates == 0 ? [] : [Diagnostic("temporal-difference error", table.lastError), Diagnostic("exploration rate", explorationRate)]
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("steps", &steps)
    try archive.value("hasNews", &hasNews)
    try archive.group("table") { () throws(FileError) in try table.archive(in: archive) }
    guard (0...(1 << 60) / specification.copies).contains(steps) else { throw archive.failure("the learner's counter is out of range") }
  }
}
