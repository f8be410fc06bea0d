/// What the value of an action should have been, as pure functions over rows.
///
/// A row is one transition (s, a, R, s', d): R is what was paid on the way to s', and d the factor of the value of s', which holds both γ and the
/// end: γ for one step, γⁿ for n of them, 0 where the task terminated. After a truncation s' is the true last observation and d is not 0 (Pardo et
/// al. 2018). All are written for single and double precision.
public enum ValueTargets {
  /// y = R + d max_a Q'(s', a)   (Mnih et al. 2015, algorithm 1)
  ///
  /// - Parameters:
  ///   - rewards: R `[B]`
  ///   - discounts: d `[B]`
  ///   - next: Q'(s', ·), the values that the target network gives to the successors. `[B, K]`
  ///   - targets: Receives y. `[B]`
  public static func greatest<Number: BinaryFloatingPoint>(
    rewards: Span<Number>, discounts: Span<Number>, next: Span<Number>, into targets: inout MutableSpan<Number>
  ) {
    evaluated(rewards: rewards, discounts: discounts, chosenBy: next, next: next, into: &targets)
  }

  /// y = R + d Q'(s', argmax_a Q(s', a))   (double Q-learning; van Hasselt, Guez and Silver 2016, eq. 4)
  ///
  /// - Parameters:
  ///   - rewards: R `[B]`
  ///   - discounts: d `[B]`
  ///   - online: Q(s', ·), which chooses the action; of equal values the first. `[B, K]`
  ///   - next: Q'(s', ·), which says what it is worth. `[B, K]`
  ///   - targets: Receives y. `[B]`
  public static func evaluated<Number: BinaryFloatingPoint>(
    rewards: Span<Number>, discounts: Span<Number>, chosenBy online: Span<Number>, next: Span<Number>, into targets: inout MutableSpan<Number>
  ) {
    let rows = targets.count
    precondition(
      rewards.count == rows && discounts.count == rows && next.count == online.count && (rows == 0 || next.count % rows == 0),
      "ValueTargets: \(rewards.count) rewards, \(discounts.count) discounts, \(online.count) and \(next.count) values for \(rows) targets")
    guard rows > 0 else { return }
    let choices = next.count / rows
    for row in 0..<rows {
      var best = row * choices
      for place in best..<(best + choices) where online[place] > online[best] { best = place }
      // A termination must also cut off a value that is not finite.
      targets[row] = discounts[row] == 0 ? rewards[row] : rewards[row] + discounts[row] * next[best]
    }
  }

  /// The n-step returns of one copy's consecutive steps (Watkins 1989; Sutton and Barto 2018, eq. 7.1), cut at the ends of episodes.
  ///
  ///     R_t = Σ_{i<m} γⁱ r_{t+i},   d_t = γᵐ, or 0 if step t + m − 1 terminated
  ///
  /// m is the smallest of n, the steps up to and with the end of the episode, and those up to the end of the data. The state to be valued with d_t
  /// is the true successor of step t + m − 1.
  ///
  /// - Parameters:
  ///   - rewards: r `[T]`
  ///   - terminated: `[T]`
  ///   - truncated: `[T]`
  ///   - discount: γ
  ///   - steps: n
  ///   - returns: Receives R. `[T]`
  ///   - discounts: Receives d. `[T]`
  ///   - lengths: Receives m. `[T]`
  /// - Complexity: O(T n)
  public static func multistep<Number: BinaryFloatingPoint>(
    rewards: Span<Number>, terminated: Span<Bool>, truncated: Span<Bool>, discount: Number, steps: Int, returns: inout MutableSpan<Number>,
    discounts: inout MutableSpan<Number>, lengths: inout MutableSpan<Int32>
  ) {
    let count = rewards.count
    precondition(
      steps > 0 && terminated.count == count && truncated.count == count && returns.count == count && discounts.count == count
        && lengths.count == count, "ValueTargets.multistep: \(steps) steps over \(count) rewards with flags or results of other counts")
    for t in 0..<count {
      var (sum, factor) = (Number(0), Number(1))
      var last = t
      while true {
        sum += factor * rewards[last]
        factor *= discount
        if terminated[last] || truncated[last] || last + 1 == count || last + 1 == t + steps { break }
        last += 1
      }
      returns[t] = sum
      discounts[t] = terminated[last] ? 0 : factor
      lengths[t] = Int32(last + 1 - t)
    }
  }
}
