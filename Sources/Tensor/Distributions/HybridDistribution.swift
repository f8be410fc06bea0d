/// Actions of several parts that are drawn together: choices, and numbers that may depend on the first choice.
///
/// p(k_1 … k_P, x) = Π_i p_i(k_i) · p(x | k_1), as in hybrid proximal policy optimisation (Fan et al. 2019): which resource block, and how
/// much power on it. With choices alone it is the product of categorical distributions ("multi-discrete"). Log-probabilities, entropies and
/// divergences of independent parts add up; numbers that depend on the choice enter by the chain rule, H(k, x) = H(k) + Σ_k p_k H(x | k).
///
/// Numbers that have to stay in a range: act with ``TanhSquash`` of x, and take its ``TanhSquash/logVolume(_:)`` off the log-probability. Divergences
/// stay as they are.
///
/// Results are one number for each row. `[rows, 1]`
public struct HybridDistribution {
  /// The part of an action that is made of real numbers.
  public enum Continuous {
    /// The same distribution for all choices. `[rows, D]`
    case shared(DiagonalGaussian)
    /// One distribution for each choice of the first categorical part, of which only that of the drawn choice matters. `[rows, K, D]`
    case perChoice(DiagonalGaussian)
  }

  /// The choices. `[rows, K_i]` each
  public let discrete: [Categorical]
  public let continuous: Continuous?

  public init(discrete: [Categorical], continuous: Continuous? = nil) {
    self.discrete = discrete
    self.continuous = continuous
    let rows: Int
    switch continuous {
    case nil:
      precondition(!discrete.isEmpty, "HybridDistribution: there is no part")
      rows = discrete[0].logits.shape[0]
    case .shared(let gaussian):
      precondition(gaussian.mean.shape.rank == 2, "HybridDistribution: means of \(gaussian.mean.shape) instead of [rows, D]")
      rows = gaussian.mean.shape[0]
    case .perChoice(let gaussian):
      let shape = gaussian.mean.shape
      precondition(
        shape.rank == 3 && !discrete.isEmpty && shape[1] == discrete[0].choices,
        "HybridDistribution: means of \(shape) for \(discrete.first?.choices ?? 0) choices")
      rows = shape[0]
    }
    precondition(discrete.count < RandomStream.parts, "HybridDistribution: \(discrete.count) choices are too many")
    for part in discrete {
      precondition(
        part.logits.shape.rank == 2 && part.logits.shape[0] == rows, "HybridDistribution: logits of \(part.logits.shape) for \(rows) rows")
    }
  }

  /// The number of rows.
  public var rows: Int { shapeOfFirst[0] }

  private var shapeOfFirst: Shape {
    switch continuous {
    case .shared(let gaussian), .perChoice(let gaussian): gaussian.mean.shape
    case nil: discrete[0].logits.shape
    }
  }

  /// The normal distribution of each row, given the choices. `[rows, D]`
  ///
  /// - Parameter choices: One index for each row and categorical part. `[rows, parts]`
  public func gaussian(given choices: Span<Int32>) -> DiagonalGaussian? {
    check(choices)
    switch continuous {
    case nil: return nil
    case .shared(let gaussian): return gaussian
    case .perChoice(let gaussian):
      let (rows, count, dimensions) = (gaussian.mean.shape[0], gaussian.mean.shape[1], gaussian.mean.shape[2])
      let tape = gaussian.mean.tape
      let places = unsafe tape.arena.integers(rows)
      for row in 0..<rows {
        let choice = choices[row * discrete.count]
        precondition(choice >= 0 && choice < count, "HybridDistribution: choice \(choice) of \(count)")
        unsafe places[row] = Int32(row * count) + choice
      }
      func rowsOfChoice(_ x: Variable) -> Variable {
        let view = AxisView(outer: 1, extent: rows * count, inner: dimensions)
        return unsafe x.record(.gather(x.node, view, indices: UnsafePointer(places)), Shape(rows, dimensions))
      }
      return DiagonalGaussian(mean: rowsOfChoice(gaussian.mean), logDeviation: rowsOfChoice(gaussian.logDeviation))
    }
  }

  /// Σ_i ln p_i(k_i) + ln p(x | k_1). `[rows, 1]`
  ///
  /// - Parameters:
  ///   - choices: One index for each row and categorical part. `[rows, parts]`
  ///   - values: x; nil if there is no continuous part. `[rows, D]`
  public func logProbability(of choices: Span<Int32>, values: Variable? = nil) -> Variable {
    precondition((values == nil) == (continuous == nil), "HybridDistribution.logProbability: numbers are given, or missing, against its parts")
    let last = values.flatMap { gaussian(given: choices)?.logProbability(of: $0) }
    return sum(logProbabilities(of: choices) + (last.map { [$0] } ?? []))
  }

  /// H in nats. `[rows, 1]`
  public func entropy() -> Variable { sum(discrete.map { $0.entropy() } + continuousPart { $0.entropy() }) }

  /// KL(self ‖ other) in nats, for the same parts. `[rows, 1]`
  public func divergence(from other: HybridDistribution) -> Variable {
    precondition(discrete.count == other.discrete.count, "HybridDistribution.divergence: \(discrete.count) choices from \(other.discrete.count)")
    let choices = zip(discrete, other.discrete).map { $0.divergence(from: $1) }
    switch (continuous, other.continuous) {
    case (nil, nil): return sum(choices)
    case (.shared, .shared(let gaussian)), (.perChoice, .perChoice(let gaussian)):
      return sum(choices + continuousPart { $0.divergence(from: gaussian) })
    default: preconditionFailure("HybridDistribution.divergence: the continuous parts differ in kind")
    }
  }

  /// An action of each row.
  public struct Sample {
    let distribution: HybridDistribution
    let inner: DiagonalGaussian.Sample?
    /// k, one index for each row and categorical part. `[rows, parts]`
    public let choices: [Int32]
    /// x, with a derivative with respect to the mean and deviation that it was drawn with; nil if there is no continuous part. `[rows, D]`
    public var values: Variable? { inner?.action }

    /// The log-probability of the action, with its derivative along x and with respect to the logits. `[rows, 1]`
    public func logProbability() -> Variable {
      distribution.sum(distribution.logProbabilities(of: choices.span) + (inner.map { [$0.logProbability()] } ?? []))
    }
  }

  /// An action of each row: categorical part i with the numbers of part i of the step, the continuous part with those of the next.
  public func sample(from stream: RandomStream, step: Int) -> Sample {
    let rows = rows
    var choices = [Int32](repeating: 0, count: rows * discrete.count)
    for (i, part) in discrete.enumerated() {
      let drawn = part.sample(from: stream, step: step, part: i)
      for row in 0..<rows { choices[row * discrete.count + i] = drawn[row] }
    }
    let inner = gaussian(given: choices.span)?.reparameterizedSample(from: stream, step: step, part: discrete.count)
    return Sample(distribution: self, inner: inner, choices: choices)
  }

  private func check(_ choices: Span<Int32>) {
    precondition(choices.count == rows * discrete.count, "HybridDistribution: \(choices.count) choices for [\(rows), \(discrete.count)]")
  }

  fileprivate func logProbabilities(of choices: Span<Int32>) -> [Variable] {
    check(choices)
    return discrete.indices.map { discrete[$0].logProbability(of: choices, from: $0, every: discrete.count) }
  }

  /// A quantity of the continuous part, its mean over the choices where it depends on them.
  private func continuousPart(_ quantity: (DiagonalGaussian) -> Variable) -> [Variable] {
    switch continuous {
    case nil: return []
    case .shared(let gaussian): return [quantity(gaussian)]
    case .perChoice(let gaussian):
      return [discrete[0].expectation(of: quantity(gaussian).reshaped(discrete[0].logits.shape))]
    }
  }

  /// The parts added up in their order.
  fileprivate func sum(_ parts: [Variable]) -> Variable { parts.dropFirst().reduce(parts[0], +) }
}
