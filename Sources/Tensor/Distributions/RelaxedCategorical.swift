/// Categorical distributions whose samples have a derivative with respect to the logits: Gumbel-softmax (Jang, Gu and Poole 2017), also
/// called the Concrete distribution (Maddison, Mnih and Teh 2017).
///
/// y = softmax((x + g) / τ) with standard Gumbel numbers g. As τ → 0 samples become one-hot with the probabilities softmax(x), and the
/// variance of their derivative grows like 1/τ². Entropy and divergence have no closed form; those of ``categorical`` are the limit.
public struct RelaxedCategorical {
  /// What a sample is.
  public enum Form: Sendable, CaseIterable {
    /// A point inside the simplex.
    case relaxed
    /// A one-hot vector with the derivative of the relaxed sample: biased, but made of true choices.
    case straightThrough
  }

  /// The distribution of the largest component, whatever the temperature.
  public let categorical: Categorical
  /// τ > 0
  public let temperature: Float

  /// - Parameters:
  ///   - logits: x. `[…, K]`
  ///   - temperature: τ > 0
  public init(logits: Variable, temperature: Float) {
    self.init(Categorical(logits: logits), temperature: temperature)
  }

  public init(_ categorical: Categorical, temperature: Float) {
    precondition(temperature > 0, "RelaxedCategorical: the temperature must be positive, not \(temperature)")
    self.categorical = categorical
    self.temperature = temperature
  }

  /// A reparameterised sample of each row. `[…, K]`
  ///
  /// The place of the ones of a straight-through sample are the choices of ``Categorical/sample(from:step:part:)`` of the same step and part.
  public func sample(_ form: Form = .relaxed, from stream: RandomStream, step: Int, part: Int = 0) -> Variable {
    let perturbed = perturbed(stream, step, part)
    let soft = (perturbed * (1 / temperature)).softmax()
    return form == .relaxed ? soft : soft.replacingValue(by: perturbed.oneHotOfLargest())
  }

  /// The logarithm of a reparameterised sample, which keeps components that are too small for a number. `[…, K]`
  public func logSample(from stream: RandomStream, step: Int, part: Int = 0) -> Variable {
    (perturbed(stream, step, part) * (1 / temperature)).logSoftmax()
  }

  /// The logarithm of the density at z = ln y, all choices allowed (Maddison et al. 2017, appendix C.3, "ExpConcrete").
  ///
  /// ln (K−1)! + (K−1) ln τ + Σ_k (x_k − τ z_k) − K ln Σ_k e^{x_k − τ z_k}. It is the density of the K − 1 log-ratios z_k − z_K; that of
  /// y_1 … y_{K−1} is this divided by Π_k y_k.
  /// - Parameter z: Logarithms of a point of the simplex. `[…, K]`
  /// - Returns: `[…, 1]`
  public func logDensity(ofLogarithms z: Variable) -> Variable {
    precondition(z.shape == categorical.logits.shape, "RelaxedCategorical.logDensity: \(z.shape) for logits of \(categorical.logits.shape)")
    let count = Double(categorical.choices)
    let constant = Math.logGamma(count) + (count - 1) * Math.log(Double(temperature))
    // Σ_k w_k − K ln Σ e^w is the sum of ln softmax(w).
    return (categorical.logits - z * temperature).logSoftmax().sum(along: -1, keepingAxis: true) + Float(constant)
  }

  private func perturbed(_ stream: RandomStream, _ step: Int, _ part: Int) -> Variable {
    let logits = categorical.logits
    return logits + logits.tape.noise(.gumbel, shape: logits.shape, from: stream, step: step, part: part)
  }
}
