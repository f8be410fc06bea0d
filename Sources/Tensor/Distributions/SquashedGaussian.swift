/// Bounded actions: a normal distribution seen through a hyperbolic tangent (Haarnoja et al. 2018, soft actor-critic).
///
/// a = c + h tanh u with u ~ N(μ, σ²), and ln p(a) = ln N(u; μ, σ²) − ln |∂a/∂u|. The entropy has no closed form; see
/// ``entropyEstimate(from:step:part:)``.
public struct SquashedGaussian {
  /// The distribution of u. `[…, D]`
  public let gaussian: DiagonalGaussian
  /// The map from u to a.
  public let squash: TanhSquash

  public init(_ gaussian: DiagonalGaussian, squash: TanhSquash = TanhSquash()) {
    self.gaussian = gaussian
    self.squash = squash
  }

  /// The median of each component: c + h tanh μ, what is usually taken to act without noise. (The mode is elsewhere or nowhere.) `[…, D]`
  public var median: Variable { squash(gaussian.mean) }

  /// ln p(a) of the action that u gives; as exact as the normal density, also where tanh u is rounded to ±1.
  ///
  /// - Parameter u: `[…, D]`
  /// - Returns: `[…, 1]`
  public func logProbability(ofUnsquashed u: Variable) -> Variable { gaussian.logProbability(of: u) - squash.logVolume(u) }

  /// ln p(a), with u from ``TanhSquash/inverse(_:)`` and its error, times the slope of ln p(u) in the result.
  ///
  /// - Parameter action: a. `[…, D]`
  /// - Returns: `[…, 1]`
  public func logProbability(of action: Variable) -> Variable { logProbability(ofUnsquashed: squash.inverse(action)) }

  /// KL(self ‖ other) = KL of the normal distributions, because both are seen through the same map. `[…, 1]`
  public func divergence(from other: SquashedGaussian) -> Variable {
    precondition(squash == other.squash, "SquashedGaussian.divergence: the ranges of the actions differ")
    return gaussian.divergence(from: other.gaussian)
  }

  /// −ln p(a) of one sample of each row: an unbiased estimate of the entropy with a reparameterised derivative. `[…, 1]`
  public func entropyEstimate(from stream: RandomStream, step: Int, part: Int = 0) -> Variable {
    -reparameterizedSample(from: stream, step: step, part: part).logProbability()
  }

  /// A sample and what it was made of.
  public struct Sample {
    let inner: DiagonalGaussian.Sample
    let squash: TanhSquash
    /// a, with a derivative with respect to μ and ln σ. `[…, D]`
    public let action: Variable
    /// u. `[…, D]`
    public var unsquashed: Variable { inner.action }

    /// ln p(a) with its derivative along the sample. `[…, 1]`
    public func logProbability() -> Variable { inner.logProbability() - squash.logVolume(inner.action) }
  }

  /// A reparameterised sample of each row; see ``DiagonalGaussian/reparameterizedSample(from:step:part:)``.
  public func reparameterizedSample(from stream: RandomStream, step: Int, part: Int = 0) -> Sample {
    let inner = gaussian.reparameterizedSample(from: stream, step: step, part: part)
    return Sample(inner: inner, squash: squash, action: squash(inner.action))
  }

  /// Draws one action for each row of a network's outputs without a tape, and its log-probability: the bits of ``Sample``.
  ///
  /// - Parameters:
  ///   - output: D means, then D logarithms of deviations, which are cut to `logDeviations`. `[rows, 2 D]`
  ///   - logDeviations: The range to which ln σ is cut.
  ///   - squash: The map from u to a.
  ///   - stream: Names the standard normal numbers that are drawn.
  ///   - step: Which numbers of the stream.
  ///   - part: Parts of one step, 0..<64, never share a number.
  ///   - unsquashed: Receives u, for learning from. `[rows, D]`
  ///   - actions: Receives a. `[rows, D]`
  ///   - logProbabilities: Receives ln p(a) of each row. `[rows]`
  /// - Complexity: O(rows · D), no memory is allocated.
  public static func sample(
    output: Span<Float>, logDeviations: ClosedRange<Float> = DiagonalGaussian.usualLogDeviations, squash: TanhSquash = TanhSquash(),
    from stream: RandomStream, step: Int, part: Int = 0, unsquashed: inout MutableSpan<Float>, into actions: inout MutableSpan<Float>,
    logProbabilities: inout MutableSpan<Float>
  ) {
    DiagonalGaussian.sample(
      output: output, logDeviations: logDeviations, from: stream, step: step, part: part, into: &unsquashed, logProbabilities: &logProbabilities)
    squash.apply(unsquashed.span, into: &actions, logProbabilities: &logProbabilities)
  }
}
