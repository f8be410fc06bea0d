import Tensor

/// Q as a table, and what tabular learners do with it: choose, and move a value towards a target.
struct ActionValueTable: Archivable, Sendable {
  /// S and K.
  let states: Int
  let choices: Int
  let configuration: TabularConfiguration
  /// Q. `[S, K]`
  private(set) var values: [Double]
  /// How often each of them was moved. `[S, K]`
  private var visits: [Int32]
  /// Values moved so far.
  private(set) var updates = 0
  /// The last difference between a target and its value.
  private(set) var lastError = 0.0

  init(_ configuration: TabularConfiguration, for specification: EnvironmentSpecification) {
    states = specification.states!
    choices = specification.actions.choices[0]
    self.configuration = configuration
    values = Array(repeating: configuration.initialValue, count: states * choices)
    visits = Array(repeating: 0, count: states * choices)
  }

  /// Why a table cannot be learned, for the learner of that name; nil if it can.
  static func objection(to specification: EnvironmentSpecification, _ learner: String) -> String? {
    guard specification.agents == 1 else { return "\(learner): there must be one agent, there are \(specification.agents)" }
    guard specification.actions.isOneChoice else { return "\(learner): the action space must be one choice, it is \(specification.actions)" }
    guard let states = specification.states, specification.observationSize == 1 else {
      return "\(learner): the observation must be the number of a state, it has \(specification.observationSize) numbers and no states"
    }
    // Whole numbers beyond 2²⁴ are not exact in an observation.
    return (1...1 << 24).contains(states) ? nil : "\(learner): the number of states must lie in 1...2²⁴, it is \(states)"
  }

  /// The state that an observation names.
  func state(_ observation: Float) -> Int {
    guard let state = Int(exactly: observation), state >= 0, state < states else {
      preconditionFailure("ActionValueTable: the observation \(observation) is none of \(states) states")
    }
    return state
  }

  /// max_k Q(s, k)
  func best(_ state: Int) -> Double { values[state * choices + largest(values, state * choices, choices)] }

  /// Σ_k π(k | s) Q(s, k) of the policy that explores at a rate ε: (1 − ε) max_k Q(s, k) + ε / K Σ_k Q(s, k)
  func expected(_ state: Int, explorationRate: Double) -> Double {
    var sum = 0.0
    for choice in 0..<choices { sum += values[state * choices + choice] }
    return (1 - explorationRate) * best(state) + explorationRate * sum / Double(choices)
  }

  /// A choice at random with probability ε, else the best one.
  func choose(_ state: Int, explorationRate: Double, _ generator: inout Philox) -> Int32 {
    if generator.uniform() < explorationRate { return Int32(generator.integer(below: choices)) }
    let start = state * choices
    let first = largest(values, start, choices)
    guard configuration.ties == .random else { return Int32(first) }
    var equals = 0
    for choice in first..<choices where values[start + choice] == values[start + first] { equals += 1 }
    var number = equals > 1 ? generator.integer(below: equals) : 0
    for choice in first..<choices where values[start + choice] == values[start + first] {
      if number == 0 { return Int32(choice) }
      number -= 1
    }
    return Int32(first)
  }

  /// Q(s, k) ← Q(s, k) + α (target − Q(s, k))
  ///
  /// - Parameter transitions: Those taken in so far, of which α may be a function.
  mutating func move(_ state: Int, _ choice: Int, to target: Double, transitions: Int) {
    precondition(choice >= 0 && choice < choices, "ActionValueTable: the choice \(choice) of \(choices)")
    let place = state * choices + choice
    if visits[place] < Int32.max { visits[place] += 1 }
    let rate =
      switch configuration.learningRate {
      case .constant(let rate): rate
      case .schedule(let line): line.value(at: transitions)
      case .visits(let exponent): Math.pow(Double(visits[place]), -exponent)
      }
    lastError = target - values[place]
    values[place] += rate * lastError
    updates += 1
  }

  /// The best choice in each state, the first of equals. `[S]`
  var bestChoices: [Int32] { (0..<states).map { Int32(largest(values, $0 * choices, choices)) } }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("values", &values)
    try archive.array("visits", &visits)
    try archive.value("updates", &updates)
    try archive.value("lastError", &lastError)
    guard visits.allSatisfy({ $0 >= 0 }), (0...1 << 60).contains(updates) else { throw archive.failure("the table's counters are out of range") }
  }
}
