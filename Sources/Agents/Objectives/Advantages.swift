import Tensor

/// Generalised advantage estimation over N sequences of T steps.
///
///     δ_t = r_t + γ (1 − terminated_t) V(s'_t) − V(s_t)
///     A_t = δ_t + γ λ (1 − (terminated_t ∨ truncated_t)) A_{t+1},   A_T = 0
///
/// J. Schulman et al., "High-dimensional continuous control using generalized advantage estimation", ICLR 2016, eq. 16. A task that ended has
/// no successor; one that was cut off has one, whose value counts, but what is stored behind it belongs to another episode. λ = 0 gives
/// the temporal difference δ_t, λ = 1 the discounted return less V(s_t).
///
/// - Parameters:
///   - rewards: r. `[T, N]`
///   - values: V(s_t). `[T, N]`
///   - successorValues: V(s'_t) of the true successor, also where an episode was cut off; not read where it ended. `[T, N]`
///   - terminated: The task ended. `[T, N]`
///   - truncated: The episode was cut off. `[T, N]`
///   - sequences: N.
///   - discount: γ
///   - trace: λ
///   - advantages: Receives A. `[T, N]`
/// - Complexity: O(T N), without taking memory.
public func generalizedAdvantages<Real: BinaryFloatingPoint & BitwiseCopyable>(
  rewards: Span<Real>, values: Span<Real>, successorValues: Span<Real>, terminated: Span<Bool>, truncated: Span<Bool>, sequences: Int = 1,
  discount: Real, trace: Real, into advantages: inout MutableSpan<Real>
) {
  let count = rewards.count
  precondition(
    sequences > 0 && count % sequences == 0 && values.count == count && successorValues.count == count && terminated.count == count
      && truncated.count == count && advantages.count == count,
    """
    generalizedAdvantages: \(count) rewards, \(values.count) values, \(successorValues.count) of successors, \(terminated.count) and \
    \(truncated.count) ends, \(advantages.count) advantages for \(sequences) sequences
    """)
  var index = count
  while index > 0 {
    index -= 1
    let next = terminated[index] ? 0 : successorValues[index]
    var advantage = rewards[index] + discount * next - values[index]
    if index + sequences < count && !terminated[index] && !truncated[index] { advantage += discount * trace * advantages[index + sequences] }
    advantages[index] = advantage
  }
}

/// By what a sum of squared distances from the mean is divided.
public enum VarianceDivisor: Hashable, Sendable {
  /// n: the biased estimate, as NumPy's `std`.
  case count
  /// n − 1: the unbiased estimate of the variance (Bessel), as PyTorch's `std`.
  case countLessOne
}

/// Brings numbers to mean 0 and standard deviation 1, in place: x ← (x − x̄) / (σ + ε).
///
/// Advantages of a minibatch are normalised so (S. Huang et al., "The 37 implementation details of proximal policy optimization", ICLR blog track
/// 2022, detail 7). Fewer than two numbers have no deviation and stay as they are. Sums are taken in double precision.
///
/// - Parameters:
///   - x: `[n]`
///   - divisor: By what σ² is divided.
///   - epsilon: ε beside the deviation.
/// - Complexity: O(n), without taking memory.
public func normalize<Real: BinaryFloatingPoint & BitwiseCopyable>(
  _ x: inout MutableSpan<Real>, divisor: VarianceDivisor = .countLessOne, epsilon: Double = 1e-8
) {
  let count = x.count
  guard count > 1 else { return }
  var sum = 0.0
  for i in 0..<count { sum += Double(x[i]) }
  let mean = sum / Double(count)
  var squares = 0.0
  for i in 0..<count {
    let distance = Double(x[i]) - mean
    squares += distance * distance
  }
  let variance = squares / Double(divisor == .count ? count : count - 1)
  let scale = 1 / (variance.squareRoot() + epsilon)
  for i in 0..<count { x[i] = Real((Double(x[i]) - mean) * scale) }
}

/// How much of the variance of returns the values explain: 1 − Var(R − V) / Var(R).
///
/// 1 for values that are right, 0 for a constant, negative for values that are worse than that. Where all returns are equal there is nothing to explain: NaN.
///
/// - Parameters:
///   - values: V. `[n]`
///   - returns: R. `[n]`
public func explainedVariance<Real: BinaryFloatingPoint & BitwiseCopyable>(_ values: Span<Real>, of returns: Span<Real>) -> Double {
  let count = returns.count
  precondition(values.count == count, "explainedVariance: \(values.count) values for \(count) returns")
  var (mean, meanError) = (0.0, 0.0)
  for i in 0..<count {
    mean += Double(returns[i])
    meanError += Double(returns[i]) - Double(values[i])
  }
  mean /= Double(count)
  meanError /= Double(count)
  var (total, rest) = (0.0, 0.0)
  for i in 0..<count {
    let distance = Double(returns[i]) - mean
    let error = Double(returns[i]) - Double(values[i]) - meanError
    total += distance * distance
    rest += error * error
  }
  return total == 0 ? .nan : 1 - rest / total
}
