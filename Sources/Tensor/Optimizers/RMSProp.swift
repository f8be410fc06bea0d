import CKernels

/// RMSProp (Tieleman and Hinton 2012, lecture 6.5), centred (Graves 2013, eq. 38 to 41) and with momentum if wanted, in one pass over memory.
///
/// g ← g + λ θ,  v ← ρ v + (1 − ρ) g²,  a ← ρ a + (1 − ρ) g if centred, else a = 0,
/// q = g / (√(v − a²) + ε),  u ← μ u + q,  θ ← θ − α u
///
/// These are PyTorch's forms, with ε beside the root; v begins at zero and its bias is not corrected. Where rounding leaves v − a²
/// below zero it is taken as zero.
public struct RMSProp: Optimizer {
  /// The step size α.
  public var learningRate: Float
  public var threads = 1
  /// The decay ρ of the mean square and the mean.
  public var decay: Float
  /// The term ε beside the root.
  public var epsilon: Float
  /// The momentum μ. Without it there is no velocity to keep.
  public let momentum: Float
  /// Whether the gradient is measured by its standard deviation in place of its root mean square.
  public let centered: Bool
  /// The weight decay λ, the slope of λ/2 ‖θ‖².
  public var weightDecay: Float
  /// The number of steps taken.
  public private(set) var step = 0
  private var meanSquare: Tensor
  /// a; empty unless centred.
  private var mean: Tensor
  /// u; empty without momentum.
  private var velocity: Tensor

  /// - Parameters:
  ///   - count: The number of parameters.
  ///   - learningRate: The step size α.
  ///   - decay: The decay ρ of the mean square and the mean.
  ///   - epsilon: The term ε beside the root.
  ///   - momentum: The momentum μ; zero for none.
  ///   - centered: Whether a is the mean of gradients, else 0.
  ///   - weightDecay: The weight decay λ.
  /// - Precondition: The momentum lies in [0, 1).
  public init(
    count: Int, learningRate: Float, decay: Float = 0.99, epsilon: Float = 1e-8, momentum: Float = 0, centered: Bool = false,
    weightDecay: Float = 0
  ) {
    precondition(momentum >= 0 && momentum < 1, "RMSProp: a momentum of \(momentum); it must lie in [0, 1)")
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    self.momentum = momentum
    self.centered = centered
    self.weightDecay = weightDecay
    meanSquare = Tensor(zeros: [count])
    mean = Tensor(zeros: [centered ? count : 0])
    velocity = Tensor(zeros: [momentum == 0 ? 0 : count])
  }

  public mutating func update(_ parameters: inout Parameters, along gradient: Tensor, scale: Float) {
    var pass = unsafe ck_step_t("RMSProp", count: meanSquare.count, &parameters, along: gradient, scale: scale)
    unsafe run(&pass)
    withExtendedLifetime((parameters, gradient)) {}
  }

  public mutating func update(
    _ parameters: inout Parameters, along gradient: Tensor, scale: Float, moving target: inout Parameters, by polyak: Float
  ) {
    var pass = unsafe ck_step_t("RMSProp", count: meanSquare.count, &parameters, along: gradient, scale: scale, moving: &target, by: polyak)
    unsafe run(&pass)
    withExtendedLifetime((parameters, gradient, target)) {}
  }

  private mutating func run(_ pass: inout ck_step_t) {
    step += 1
    meanSquare.makeUnique()
    unsafe pass.v = meanSquare.storage.pointer
    if centered {
      mean.makeUnique()
      unsafe pass.a = mean.storage.pointer
    }
    if momentum != 0 {
      velocity.makeUnique()
      unsafe pass.m = velocity.storage.pointer
    }
    unsafe pass.beta1 = momentum
    unsafe pass.beta2 = decay
    unsafe pass.epsilon = epsilon
    unsafe pass.decay = weightDecay
    unsafe pass.rate = learningRate
    unsafe pass.run(threads: threads) { unsafe ck_rmsprop($0) }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.stepCount(&step)
    try archive.tensor("meanSquare", &meanSquare)
    if centered { try archive.tensor("mean", &mean) }
    if momentum != 0 { try archive.tensor("velocity", &velocity) }
  }
}
