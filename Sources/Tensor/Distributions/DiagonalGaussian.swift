import CKernels

/// Normal distributions of independent components, one for each row.
///
/// x_d = μ_d + σ_d ε_d with standard normal ε. The deviation is given by its logarithm ln σ, which any real number may be.
///
/// Results are one number for each distribution, the sum over its components: `[…, D]` to `[…, 1]`.
public struct DiagonalGaussian {
  /// μ. `[…, D]`
  public let mean: Variable
  /// ln σ. `[…, D]`
  public let logDeviation: Variable

  /// ½ ln 2π
  static let halfLogTurn = 0.918938533204672741780
  /// Where soft actor-critic keeps ln σ (Haarnoja et al. 2018, the authors' program).
  public static let usualLogDeviations: ClosedRange<Float> = -20...2

  /// - Parameters:
  ///   - mean: `[…, D]`
  ///   - logDeviation: Of the same shape, or one that can be repeated to it: `[D]` for deviations that do not depend on the row.
  public init(mean: Variable, logDeviation: Variable) {
    guard let shape = mean.shape.broadcast(with: logDeviation.shape), shape.rank > 0 else {
      preconditionFailure("DiagonalGaussian: means of \(mean.shape) with deviations of \(logDeviation.shape)")
    }
    self.mean = mean.shape == shape ? mean : mean.broadcast(to: shape)
    self.logDeviation = logDeviation.shape == shape ? logDeviation : logDeviation.broadcast(to: shape)
  }

  /// The distribution that a network's output names: D means, then D logarithms of deviations, which are cut to a range.
  ///
  /// - Parameters:
  ///   - output: `[…, 2 D]`
  ///   - logDeviations: The range; outside of it no derivative reaches ln σ.
  public init(output: Variable, logDeviations: ClosedRange<Float> = usualLogDeviations) {
    let columns = output.shape.columns
    precondition(columns > 0 && columns % 2 == 0, "DiagonalGaussian: an output of \(output.shape) has no two halves")
    self.init(
      mean: output.columns(0..<columns / 2), logDeviation: output.columns(columns / 2..<columns).clamped(to: logDeviations))
  }

  /// D, the number of components.
  public var dimensions: Int { mean.shape.columns }

  /// σ. `[…, D]`
  public var deviation: Variable { logDeviation.exp() }

  /// Σ_d (−((x_d − μ_d) / σ_d)² / 2 − ln σ_d − ½ ln 2π). `[…, 1]`
  ///
  /// The distance x − μ is that of rounded numbers: a sample with σ below 10⁻⁷ |μ| is better asked for its own ``Sample/logProbability()``.
  /// - Parameter value: x. `[…, D]`
  public func logProbability(of value: Variable) -> Variable {
    precondition(value.shape == mean.shape, "DiagonalGaussian.logProbability: \(value.shape) for a mean of \(mean.shape)")
    return logProbability(ofNoise: (value - mean) * (-logDeviation).exp())
  }

  /// ln of the density at μ + σ ε.
  func logProbability(ofNoise noise: Variable) -> Variable {
    (noise.squared() * -0.5 - logDeviation).sum(along: -1, keepingAxis: true) + Float(-Double(dimensions) * DiagonalGaussian.halfLogTurn)
  }

  /// H = Σ_d (ln σ_d + ½ ln 2π + ½) in nats. `[…, 1]`
  public func entropy() -> Variable {
    logDeviation.sum(along: -1, keepingAxis: true) + Float(Double(dimensions) * (DiagonalGaussian.halfLogTurn + 0.5))
  }

  /// KL(self ‖ other) in nats. `[…, 1]`
  ///
  /// Σ_d (½ (e^{2δ} − 1 − 2δ) + ½ ((μ_d − μ'_d) / σ'_d)²) with δ = ln σ_d − ln σ'_d, whose first term is the closed form of the textbooks in an
  /// order that loses no digits when the distributions are close.
  public func divergence(from other: DiagonalGaussian) -> Variable {
    precondition(mean.shape == other.mean.shape, "DiagonalGaussian.divergence: \(mean.shape) from \(other.mean.shape)")
    let twice = (logDeviation - other.logDeviation) * 2
    let distance = (mean - other.mean) * (-other.logDeviation).exp()
    return (twice.expMinusOne() - twice + distance.squared()).sum(along: -1, keepingAxis: true) * 0.5
  }

  /// A sample and the noise that it was made of.
  public struct Sample {
    let distribution: DiagonalGaussian
    /// x = μ + σ ε, with a derivative with respect to μ and ln σ. `[…, D]`
    public let action: Variable
    /// ε, a constant. `[…, D]`
    public let noise: Variable

    /// The log-probability of the action, from ε and so without the rounding of x − μ.
    ///
    /// Its derivative is the one along the sample (the reparameterised one): that with respect to μ is zero.
    /// - Returns: `[…, 1]`
    public func logProbability() -> Variable { distribution.logProbability(ofNoise: noise) }
  }

  /// A reparameterised sample of each row (Kingma and Welling 2014); component i in row-major order is made of number i of the part.
  ///
  /// - Parameters:
  ///   - stream: Names the numbers ε that are drawn.
  ///   - step: Which numbers of the stream.
  ///   - part: Parts of one step, 0..<64, never share a number.
  public func reparameterizedSample(from stream: RandomStream, step: Int, part: Int = 0) -> Sample {
    let noise = mean.tape.noise(.normal, shape: mean.shape, from: stream, step: step, part: part)
    return Sample(distribution: self, action: mean + deviation * noise, noise: noise)
  }
}

/// Acting without a tape, from a network's outputs.
extension DiagonalGaussian {
  /// Draws one action for each row, and its log-probability: the bits of ``Sample``.
  ///
  /// - Parameters:
  ///   - mean: μ. `[rows, D]`
  ///   - logDeviation: ln σ. `[rows, D]`, or `[D]` for all rows.
  ///   - stream: Names the numbers ε that are drawn.
  ///   - step: Which numbers of the stream.
  ///   - part: Parts of one step, 0..<64, never share a number.
  ///   - actions: Receives x. `[rows, D]`
  ///   - logProbabilities: Receives ln p(x) of each row. `[rows]`
  /// - Complexity: O(rows · D), no memory is allocated.
  public static func sample(
    mean: Span<Float>, logDeviation: Span<Float>, from stream: RandomStream, step: Int, part: Int = 0, into actions: inout MutableSpan<Float>,
    logProbabilities: inout MutableSpan<Float>
  ) {
    let rows = logProbabilities.count
    let columns = rows == 0 ? 0 : mean.count / rows
    precondition(
      mean.count == rows * columns && actions.count == mean.count && (logDeviation.count == mean.count || logDeviation.count == columns),
      "DiagonalGaussian.sample: \(mean.count) means, \(logDeviation.count) deviations, \(actions.count) actions for \(rows) rows")
    guard mean.count > 0 else { return }
    let step1 = logDeviation.count == mean.count ? columns : 0
    unsafe mean.withUnsafeBufferPointer { mean in
      unsafe logDeviation.withUnsafeBufferPointer { logDeviation in
        unsafe draw(
          rows: rows, columns: columns, mean: mean.baseAddress!, meanStep: columns, logDeviation: logDeviation.baseAddress!, deviationStep: step1,
          limits: -Float.infinity...Float.infinity, stream, step: step, part: part, &actions, &logProbabilities)
      }
    }
  }

  /// Draws one action for each row of outputs as ``init(output:logDeviations:)`` reads them, and its log-probability.
  ///
  /// - Parameters:
  ///   - output: D means, then D logarithms of deviations. `[rows, 2 D]`
  ///   - logDeviations: The range to which ln σ is cut.
  ///   - stream: Names the numbers ε that are drawn.
  ///   - step: Which numbers of the stream.
  ///   - part: Parts of one step, 0..<64, never share a number.
  ///   - actions: Receives x. `[rows, D]`
  ///   - logProbabilities: Receives ln p(x) of each row. `[rows]`
  public static func sample(
    output: Span<Float>, logDeviations: ClosedRange<Float> = usualLogDeviations, from stream: RandomStream, step: Int, part: Int = 0,
    into actions: inout MutableSpan<Float>, logProbabilities: inout MutableSpan<Float>
  ) {
    let rows = logProbabilities.count
    let columns = rows == 0 ? 0 : actions.count / rows
    precondition(
      actions.count == rows * columns && output.count == 2 * actions.count,
      "DiagonalGaussian.sample: \(output.count) outputs, \(actions.count) actions for \(rows) rows")
    guard actions.count > 0 else { return }
    unsafe output.withUnsafeBufferPointer { output in
      unsafe draw(
        rows: rows, columns: columns, mean: output.baseAddress!, meanStep: 2 * columns, logDeviation: output.baseAddress! + columns,
        deviationStep: 2 * columns, limits: logDeviations, stream, step: step, part: part, &actions, &logProbabilities)
    }
  }

  private static func draw(
    rows: Int, columns: Int, mean: UnsafePointer<Float>, meanStep: Int, logDeviation: UnsafePointer<Float>, deviationStep: Int,
    limits: ClosedRange<Float>, _ stream: RandomStream, step: Int, part: Int, _ actions: inout MutableSpan<Float>,
    _ logProbabilities: inout MutableSpan<Float>
  ) {
    unsafe actions.withUnsafeMutableBufferPointer { actions in
      unsafe logProbabilities.withUnsafeMutableBufferPointer { logProbabilities in
        unsafe stream.draw(.normal, step: step, part: part, count: rows * columns, into: actions.baseAddress!)
        unsafe ck_gaussian_rows(
          rows, columns, mean, meanStep, logDeviation, deviationStep, limits.lowerBound, limits.upperBound,
          Float(-Double(columns) * halfLogTurn), actions.baseAddress!, logProbabilities.baseAddress!, 0)
      }
    }
  }
}
