import Tensor

/// Discounted returns of N sequences of T steps: what was paid until the end of the episode, and the value of what follows where it was cut off.
///
///     G_t = r_t                    where terminated
///     G_t = r_t + γ V(s'_t)        where truncated, and in the last step
///     G_t = r_t + γ G_{t+1}        elsewhere
///
/// - Parameters:
///   - rewards: r. `[T, N]`
///   - successorValues: V(s'_t) of the true successor; read only where an episode is cut off and in the last step. `[T, N]`
///   - terminated: The task ended. `[T, N]`
///   - truncated: The episode was cut off. `[T, N]`
///   - sequences: N.
///   - discount: γ
///   - returns: Receives G. `[T, N]`
/// - Complexity: O(T N), without taking memory.
public func discountedReturns<Real: BinaryFloatingPoint & BitwiseCopyable>(
  rewards: Span<Real>, successorValues: Span<Real>, terminated: Span<Bool>, truncated: Span<Bool>, sequences: Int = 1, discount: Real,
  into returns: inout MutableSpan<Real>
) {
  let count = rewards.count
  precondition(
    sequences > 0 && count % sequences == 0 && successorValues.count == count && terminated.count == count && truncated.count == count
      && returns.count == count,
    """
    discountedReturns: \(count) rewards, \(successorValues.count) values of successors, \(terminated.count) and \(truncated.count) ends, \
    \(returns.count) returns for \(sequences) sequences
    """)
  var index = count
  while index > 0 {
    index -= 1
    let isLast = truncated[index] || index + sequences >= count
    let next = terminated[index] ? 0 : isLast ? successorValues[index] : returns[index + sequences]
    returns[index] = rewards[index] + discount * next
  }
}

/// λ-returns of N sequences of T steps, with a discount for each step.
///
///     G_t = r_t + γ_t ((1 − λ) V(s'_t) + λ G_{t+1}),   G_T = V(s'_{T−1})
///
/// R. Sutton and A. Barto, "Reinforcement learning", 2nd ed., eq. 12.20 (TD(λ)'s forward view). γ_t = 0 says that the task ended. λ = 0 gives the
/// one-step target, λ = 1 the discounted return. ``generalizedAdvantages(rewards:values:successorValues:terminated:truncated:sequences:discount:trace:into:)``
/// plus values is the same where no episode is cut off.
///
/// - Parameters:
///   - rewards: r. `[T, N]`
///   - discounts: γ_t, zero behind the last step of a task. `[T, N]`
///   - successorValues: V(s'_t). `[T, N]`
///   - sequences: N.
///   - trace: λ
///   - returns: Receives G. `[T, N]`
/// - Complexity: O(T N), without taking memory.
public func lambdaReturns<Real: BinaryFloatingPoint & BitwiseCopyable>(
  rewards: Span<Real>, discounts: Span<Real>, successorValues: Span<Real>, sequences: Int = 1, trace: Real, into returns: inout MutableSpan<Real>
) {
  let count = rewards.count
  precondition(
    sequences > 0 && count % sequences == 0 && discounts.count == count && successorValues.count == count && returns.count == count,
    """
    lambdaReturns: \(count) rewards, \(discounts.count) discounts, \(successorValues.count) values of successors, \(returns.count) returns \
    for \(sequences) sequences
    """)
  var index = count
  while index > 0 {
    index -= 1
    let value = successorValues[index]
    let next = index + sequences >= count ? value : (1 - trace) * value + trace * returns[index + sequences]
    returns[index] = rewards[index] + discounts[index] * next
  }
}

/// n-step returns of N sequences of T steps.
///
///     G_t = Σ_{k<m} γ^k r_{t+k} + γ^m (1 − terminated_{t+m−1}) V(s'_{t+m−1})
///
/// with m = n, or fewer steps where the episode or the data ends before (Sutton and Barto, 2nd ed., eq. 7.1).
///
/// - Parameters:
///   - rewards: r. `[T, N]`
///   - successorValues: V(s'_t) of the true successor; not read where the task ended. `[T, N]`
///   - terminated: The task ended. `[T, N]`
///   - truncated: The episode was cut off. `[T, N]`
///   - sequences: N.
///   - steps: n.
///   - discount: γ
///   - returns: Receives G. `[T, N]`
/// - Complexity: O(T N n), without taking memory.
public func nStepReturns<Real: BinaryFloatingPoint & BitwiseCopyable>(
  rewards: Span<Real>, successorValues: Span<Real>, terminated: Span<Bool>, truncated: Span<Bool>, sequences: Int = 1, steps: Int, discount: Real,
  into returns: inout MutableSpan<Real>
) {
  let count = rewards.count
  precondition(
    steps > 0 && sequences > 0 && count % sequences == 0 && successorValues.count == count && terminated.count == count && truncated.count == count
      && returns.count == count,
    """
    nStepReturns: \(count) rewards, \(successorValues.count) values of successors, \(terminated.count) and \(truncated.count) ends, \
    \(returns.count) returns for \(sequences) sequences and \(steps) steps
    """)
  for start in 0..<count {
    // The last step of the sum, from which it is added up backwards.
    var last = start
    var taken = 1
    while taken < steps, !terminated[last], !truncated[last], last + sequences < count {
      last += sequences
      taken += 1
    }
    var sum = terminated[last] ? 0 : successorValues[last]
    while last >= start {
      sum = rewards[last] + discount * sum
      last -= sequences
    }
    returns[start] = sum
  }
}
