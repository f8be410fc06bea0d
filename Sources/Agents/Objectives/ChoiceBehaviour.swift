import Tensor

/// How choices are made from values while something is still to be found out, as pure functions over rows.
///
/// Row e of step t draws from the stream (seed, exploration, e) and its step t: what a copy chooses depends on no other copy.
public enum ChoiceBehaviour: Hashable, Sendable {
  /// With the probability of the exploration rate any choice, all equally likely; otherwise one of the greatest value.
  case epsilonGreedy
  /// P(k) ∝ exp(Q_k / T), where the exploration rate is the temperature T.
  case boltzmann

  /// Any choice with probability ε, otherwise the first of the greatest values (Watkins 1989).
  ///
  /// - Parameters:
  ///   - values: Q `[E, K]`
  ///   - rate: ε
  ///   - seed: Names the random numbers together with `step`.
  ///   - step: t
  ///   - choices: Receives one choice a row. `[E]`
  public static func epsilonGreedy(_ values: Span<Float>, rate: Double, seed: UInt64, step: Int, into choices: inout MutableSpan<Int32>) {
    let count = alternatives(values, choices.count)
    for row in 0..<choices.count {
      var generator = RandomStream(seed: seed, purpose: .exploration, index: row).generator(step: step)
      choices[row] = generator.uniform() < rate ? Int32(generator.integer(below: count)) : greatest(values, row, count)
    }
  }

  /// A choice with probability exp(Q_k / T) / Σ_j exp(Q_j / T) (Sutton 1990); for T = 0 the first of the greatest values.
  ///
  /// - Parameters:
  ///   - values: Q `[E, K]`
  ///   - temperature: T
  ///   - seed: Names the random numbers together with `step`.
  ///   - step: t
  ///   - choices: Receives one choice a row. `[E]`
  public static func boltzmann(_ values: Span<Float>, temperature: Double, seed: UInt64, step: Int, into choices: inout MutableSpan<Int32>) {
    let count = alternatives(values, choices.count)
    for row in 0..<choices.count {
      let best = greatest(values, row, count)
      choices[row] = best
      guard temperature > 0 else { continue }
      var generator = RandomStream(seed: seed, purpose: .exploration, index: row).generator(step: step)
      let first = row * count
      let top = Double(values[first + Int(best)])
      var sum = 0.0
      for k in 0..<count { sum += Math.exp((Double(values[first + k]) - top) / temperature) }
      // The inverse of the distribution function; where rounding leaves a rest, the greatest stays chosen.
      var rest = generator.uniform() * sum
      for k in 0..<count {
        rest -= Math.exp((Double(values[first + k]) - top) / temperature)
        if rest < 0 {
          choices[row] = Int32(k)
          break
        }
      }
    }
  }

  private static func alternatives(_ values: Span<Float>, _ rows: Int) -> Int {
    precondition(rows > 0 && values.count >= rows && values.count % rows == 0, "ChoiceBehaviour: \(values.count) values for \(rows) rows")
    return values.count / rows
  }

  private static func greatest(_ values: Span<Float>, _ row: Int, _ count: Int) -> Int32 {
    var best = 0
    for k in 1..<max(count, 1) where values[row * count + k] > values[row * count + best] { best = k }
    return Int32(best)
  }
}
