import Tensor

/// A team of learning automata: every agent holds one probability for each action and learns from its own reward alone.
///
/// K. S. Narendra and M. A. L. Thathachar, "Learning Automata: An Introduction", 1989. Agent a draws action i from its p, is answered with β (see
/// ``AutomatonResponse``), and changes p by its ``AutomatonScheme``. It sees no observation and no other agent. Where the rewards are those of a game with a
/// potential, L_R-I with a small step ends in a pure Nash equilibrium (Sastry, Phansalkar and Thathachar 1994).
///
/// Implementation details:
/// 1. Probabilities, estimates and running maxima are in double precision; p is brought back to the sum 1 after each change.
/// 2. An action is drawn by the inverse of the distribution function, with number `step` of a stream for each copy and agent.
/// 3. E copies draw from one p and change it one after the other, in the order of copies.
/// 4. Pursuit follows the action with the largest mean response, the first of equals; actions that were never tried have the mean 0.
/// 5. With `initialTrials` n, each action is taken in turn n times (in every copy) before p moves; estimates are collected meanwhile.
public struct LearningAutomata: Learner {
  public let configuration: LearningAutomataConfiguration
  let specification: EnvironmentSpecification
  let seed: UInt64
  /// K
  let choices: Int
  /// p. `[A, K]`
  private var probabilities: [Double]
  /// Sums of responses and numbers of trials. `[A, K]`
  private var sums: [Double]
  private var trials: [Double]
  /// M of each agent. `[A]`
  private var maxima: [Double]
  private var steps = 0

  /// Equal probabilities for all actions.
  public init(_ configuration: LearningAutomataConfiguration = .init(), for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = LearningAutomata.objection(to: specification) { preconditionFailure(objection) }
    if let objection = configuration.scheme.objection { preconditionFailure("LearningAutomata: \(objection)") }
    precondition(configuration.initialTrials >= 0, "LearningAutomata: \(configuration.initialTrials) initial trials")
    self.configuration = configuration
    self.specification = specification
    self.seed = seed
    choices = specification.actions.choices[0]
    let count = specification.agents * choices
    probabilities = Array(repeating: 1 / Double(choices), count: count)
    sums = Array(repeating: 0, count: count)
    trials = sums
    maxima = Array(repeating: 0, count: specification.agents)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    specification.actions.isOneChoice ? nil : "LearningAutomata: the action space must be one choice, it is \(specification.actions)"
  }

  /// The mixed strategy p of one agent. `[K]`
  public func probabilities(of agent: Int) -> [Double] { Array(probabilities[(agent * choices)..<((agent + 1) * choices)]) }

  public var isWarmingUp: Bool { steps < configuration.initialTrials * choices }
  public var updates: Int { max(0, steps - configuration.initialTrials * choices) }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    let agents = specification.agents
    for row in 0..<(specification.copies * agents) {
      if isWarmingUp {
        actions.choices[row] = Int32(steps % choices)
      } else {
        var generator = RandomStream(seed: seed, purpose: .exploration, index: row).generator(step: step)
        let own = probabilities.span.extracting((row % agents * choices)..<((row % agents + 1) * choices))
        actions.choices[row] = Int32(AutomatonScheme.choice(own, uniform: generator.uniform()))
      }
    }
  }

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    let (agents, scheme) = (specification.agents, configuration.scheme)
    for row in 0..<(specification.copies * agents) {
      let agent = row % agents
      let action = Int(actions.choices[row])
      let response = response(to: batch.rewards[row], agent: agent)
      sums[agent * choices + action] += response
      trials[agent * choices + action] += 1
      if isWarmingUp { continue }
      let place = (agent * choices)..<((agent + 1) * choices)
      let best = scheme.isPursuit ? best(of: agent) : 0
      var whole = probabilities.mutableSpan
      var own = whole._mutatingExtracting(place)
      scheme.update(&own, action: action, response: response, best: best)
    }
    steps += 1
  }

  public mutating func learn() -> Bool { updates > 0 }

  private mutating func response(to reward: Float, agent: Int) -> Double {
    switch configuration.response {
    case .reward: return min(max(Double(reward), 0), 1)
    case .range(let range):
      let width = Double(range.upperBound) - Double(range.lowerBound)
      return width > 0 ? min(max((Double(reward) - Double(range.lowerBound)) / width, 0), 1) : 0
    case .runningMaximum(let decay):
      maxima[agent] = max(decay * maxima[agent], Double(reward))
      return maxima[agent] > 0 ? max(Double(reward), 0) / maxima[agent] : 0
    }
  }

  /// The action with the largest mean response.
  private func best(of agent: Int) -> Int {
    var best = 0
    var largest = -1.0
    for action in 0..<choices {
      let place = agent * choices + action
      let mean = trials[place] > 0 ? sums[place] / trials[place] : 0
      if mean > largest { (best, largest) = (action, mean) }
    }
    return best
  }

  /// Every agent repeats its most probable action, the first of equals.
  public func greedy(copies: Int) -> FixedPolicy {
    FixedPolicy(
      (0..<specification.agents).map { agent in
        let own = probabilities(of: agent)
        return Int32(own.indices.reduce(0) { own[$1] > own[$0] ? $1 : $0 })
      }, of: choices)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("steps", &steps)
    try archive.array("probabilities", &probabilities)
    try archive.array("sums", &sums)
    try archive.array("trials", &trials)
    try archive.array("maxima", &maxima)
    for agent in 0..<specification.agents {
      let own = probabilities(of: agent)
      guard own.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(own.reduce(0, +) - 1) < 1e-9 else {
        throw archive.failure("the probabilities of agent \(agent) are none")
      }
    }
    guard steps >= 0, (sums + trials).allSatisfy({ $0 >= 0 && $0.isFinite }), maxima.allSatisfy(\.isFinite) else {
      throw archive.failure("the counters of the automata are out of range")
    }
  }
}
