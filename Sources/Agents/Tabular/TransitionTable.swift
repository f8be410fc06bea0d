import Tensor

/// A finite Markov decision process written out: what may follow each choice in each state, and with which probability.
///
/// An environment that exposes its table can be solved exactly, which is what a learner's result is held against.
public struct TransitionTable: Hashable, Sendable {
  /// One thing that may follow.
  public struct Outcome: Hashable, Sendable {
    public var probability: Double
    public var successor: Int
    public var reward: Double
    /// Whether the task ends with it: the successor has no value then.
    public var terminates: Bool

    public init(probability: Double = 1, successor: Int, reward: Double, terminates: Bool) {
      self.probability = probability
      self.successor = successor
      self.reward = reward
      self.terminates = terminates
    }
  }

  /// S
  public let states: Int
  /// K
  public let choices: Int
  /// The probability that an episode begins in each state. `[S]`
  public let starts: [Double]
  private let all: [Outcome]
  /// Where the outcomes of each state and choice begin in `all`. `[S · K + 1]`
  private let begins: [Int]

  /// - Parameters:
  ///   - states: S
  ///   - choices: K
  ///   - starts: The probability that an episode begins in each state; they sum to 1. `[S]`
  ///   - outcomes: What may follow a choice in a state; the probabilities sum to 1.
  public init(states: Int, choices: Int, starts: [Double], outcomes: (_ state: Int, _ choice: Int) -> [Outcome]) {
    precondition(states > 0 && choices > 0 && starts.count == states, "TransitionTable: \(starts.count) starts for [\(states), \(choices)]")
    var all: [Outcome] = []
    var begins = [0]
    for state in 0..<states {
      for choice in 0..<choices {
        let mine = outcomes(state, choice)
        let total = mine.reduce(0) { $0 + $1.probability }
        precondition(
          abs(total - 1) < 1e-9 && mine.allSatisfy { $0.probability >= 0 && $0.successor >= 0 && $0.successor < states },
          "TransitionTable: the outcomes \(mine) of choice \(choice) in state \(state) of \(states)")
        all += mine
        begins.append(all.count)
      }
    }
    precondition(
      starts.allSatisfy { $0 >= 0 } && abs(starts.reduce(0, +) - 1) < 1e-9, "TransitionTable: the starts' probabilities do not sum to 1")
    self.states = states
    self.choices = choices
    self.starts = starts
    self.all = all
    self.begins = begins
  }

  /// What may follow a choice in a state.
  public func outcomes(_ state: Int, _ choice: Int) -> ArraySlice<Outcome> {
    precondition(
      state >= 0 && state < states && choice >= 0 && choice < choices, "TransitionTable: state \(state), choice \(choice) of [\(states), \(choices)]")
    return all[range(state * choices + choice)]
  }

  /// One of the outcomes by its probability; nothing is drawn where there is only one.
  func outcome(_ state: Int, _ choice: Int, from generator: inout Philox) -> Outcome {
    let range = range(state * choices + choice)
    if range.count == 1 { return all[range.lowerBound] }
    let number = generator.uniform()
    var sum = 0.0
    for index in range {
      sum += all[index].probability
      if sum > number { return all[index] }
    }
    // The sum of the probabilities may fall short of 1 by a rounding.
    return all[range.upperBound - 1]
  }

  private func range(_ row: Int) -> Range<Int> { begins[row]..<begins[row + 1] }

  /// The first state of an episode that a uniform number of [0, 1) picks.
  func start(at number: Double) -> Int {
    var sum = 0.0
    var last = 0
    for state in 0..<states where starts[state] > 0 {
      sum += starts[state]
      last = state
      if sum > number { break }
    }
    return last
  }

  /// Σ p (r + γ V(s'))  over what may follow; the second part only where the task goes on.
  func backup(_ state: Int, _ choice: Int, _ values: [Double], discount: Double) -> Double {
    var sum = 0.0
    for index in range(state * choices + choice) {
      let outcome = all[index]
      sum += outcome.probability * (outcome.reward + (outcome.terminates ? 0 : discount * values[outcome.successor]))
    }
    return sum
  }
}
