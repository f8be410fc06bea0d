/// Exact solutions by dynamic programming (Bellman 1957; Sutton and Barto, "Reinforcement Learning", 2018, chapter 4).
///
/// Every method starts from values of 0 and sweeps over all states at once, so that the values after n sweeps are those of a task that is cut off
/// after n steps. Without a number of steps it goes on until a sweep changes no value by more than `accuracy`.
extension TransitionTable {
  /// V*(s) = max_k Σ p (r + γ V*(s')), the most that can be had from each state. `[S]`
  ///
  /// - Parameters:
  ///   - discount: γ. With γ = 1 the values must be bounded, as they are where some policy ends from everywhere and no reward goes round in a circle.
  ///   - steps: The steps that are left; nil for as many as it takes.
  ///   - accuracy: The largest change in the last sweep.
  public func optimalValues(discount: Double, steps: Int? = nil, accuracy: Double = 1e-15) -> [Double] {
    sweep(steps: steps, accuracy: accuracy) { state, values in
      var best = -Double.infinity
      for choice in 0..<choices { best = max(best, backup(state, choice, values, discount: discount)) }
      return best
    }
  }

  /// V(s) = Σ_k π(k | s) Σ p (r + γ V(s')), what a policy gets from each state. `[S]`
  ///
  /// - Parameters:
  ///   - policy: π, the probability of each choice. `[S, K]`
  ///   - discount: γ
  ///   - steps: The steps that are left; nil for as many as it takes.
  ///   - accuracy: The largest change in the last sweep.
  public func values(ofPolicy policy: [Double], discount: Double, steps: Int? = nil, accuracy: Double = 1e-15) -> [Double] {
    precondition(policy.count == states * choices, "TransitionTable.values: \(policy.count) probabilities for [\(states), \(choices)]")
    return sweep(steps: steps, accuracy: accuracy) { state, values in
      var sum = 0.0
      for choice in 0..<choices where policy[state * choices + choice] != 0 {
        sum += policy[state * choices + choice] * backup(state, choice, values, discount: discount)
      }
      return sum
    }
  }

  /// Q(s, k) = Σ p (r + γ V(s')). `[S, K]`
  ///
  /// - Parameters:
  ///   - values: V. `[S]`
  ///   - discount: γ
  public func actionValues(_ values: [Double], discount: Double) -> [Double] {
    precondition(values.count == states, "TransitionTable.actionValues: \(values.count) values of \(states) states")
    var result: [Double] = []
    result.reserveCapacity(states * choices)
    for state in 0..<states {
      for choice in 0..<choices { result.append(backup(state, choice, values, discount: discount)) }
    }
    return result
  }

  /// The policy that takes the choice of the largest value, the first of equals. `[S, K]`
  ///
  /// - Parameter actionValues: Q. `[S, K]`
  public func greedyPolicy(_ actionValues: [Double]) -> [Double] {
    precondition(actionValues.count == states * choices, "TransitionTable.greedyPolicy: \(actionValues.count) values for [\(states), \(choices)]")
    var policy = [Double](repeating: 0, count: states * choices)
    for state in 0..<states { policy[state * choices + largest(actionValues, state * choices, choices)] = 1 }
    return policy
  }

  /// The policy of equal probabilities. `[S, K]`
  public var uniformPolicy: [Double] { Array(repeating: 1 / Double(choices), count: states * choices) }

  /// The mean of values over the states in which episodes begin.
  public func startValue(_ values: [Double]) -> Double {
    var sum = 0.0
    for state in 0..<states { sum += starts[state] * values[state] }
    return sum
  }

  private func sweep(steps: Int?, accuracy: Double, _ value: (Int, [Double]) -> Double) -> [Double] {
    var (values, next) = ([Double](repeating: 0, count: states), [Double](repeating: 0, count: states))
    var remaining = steps ?? Int.max
    while remaining > 0 {
      var change = 0.0
      for state in 0..<states {
        next[state] = value(state, values)
        change = max(change, abs(next[state] - values[state]))
      }
      swap(&values, &next)
      remaining -= 1
      if steps == nil, change <= accuracy { break }
    }
    return values
  }
}

/// The place of the largest of `count` numbers from `start`, the first of equals.
func largest(_ numbers: [Double], _ start: Int, _ count: Int) -> Int {
  var best = 0
  for i in 1..<max(count, 1) where numbers[start + i] > numbers[start + best] { best = i }
  return best
}
