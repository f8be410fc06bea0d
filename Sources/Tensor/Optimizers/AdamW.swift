import CKernels

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), in one pass over memory.
///
/// m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,
/// θ ← θ − α (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε) − α λ θ
///
/// The decay is outside the moments, so that parameters with large gradients shrink as much as the others. As in PyTorch it is
/// multiplied by the rate α, which thus is also the paper's schedule multiplier η.
public struct AdamW: Optimizer {
  /// The step size α.
  public var learningRate: Float
  public var threads = 1
  /// The weight decay λ.
  public var weightDecay: Float
  /// The decay β₁ of the mean.
  public var firstDecay: Float
  /// The decay β₂ of the mean square.
  public var secondDecay: Float
  /// The term ε beside the root.
  public var epsilon: Float
  private var moments: Adam.Moments

  /// - Parameters:
  ///   - count: The number of parameters.
  ///   - learningRate: The step size α.
  ///   - weightDecay: The weight decay λ.
  ///   - firstDecay: The decay β₁ of the mean.
  ///   - secondDecay: The decay β₂ of the mean square.
  ///   - epsilon: The term ε beside the root.
  public init(
    count: Int, learningRate: Float, weightDecay: Float = 0.01, firstDecay: Float = 0.9, secondDecay: Float = 0.999, epsilon: Float = 1e-8
  ) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    moments = Adam.Moments(count: count)
  }

  /// The number of steps taken: t.
  public var step: Int { moments.step }

  public mutating func update(_ parameters: inout Parameters, along gradient: Tensor, scale: Float) {
    var pass = unsafe ck_step_t("AdamW", count: moments.count, &parameters, along: gradient, scale: scale)
    unsafe run(&pass)
    withExtendedLifetime((parameters, gradient)) {}
  }

  public mutating func update(
    _ parameters: inout Parameters, along gradient: Tensor, scale: Float, moving target: inout Parameters, by polyak: Float
  ) {
    var pass = unsafe ck_step_t("AdamW", count: moments.count, &parameters, along: gradient, scale: scale, moving: &target, by: polyak)
    unsafe run(&pass)
    withExtendedLifetime((parameters, gradient, target)) {}
  }

  private mutating func run(_ pass: inout ck_step_t) {
    unsafe pass.decay = Float(Double(learningRate) * Double(weightDecay))
    unsafe moments.run(&pass, rate: learningRate, firstDecay, secondDecay, epsilon, threads)
  }

  public mutating func archive(in archive: Archive) throws(FileError) { try moments.archive(in: archive) }
}
