import CKernels

/// Stochastic gradient descent, with momentum (Polyak 1964; Nesterov 1983) and weight decay if wanted, in one pass over memory.
///
/// g ← g + λ θ,  u ← μ u + g,  θ ← θ − α u,  or with Nesterov's look-ahead θ ← θ − α (g + μ u)
///
/// These are PyTorch's forms with dampening 0 (Sutskever et al. 2013 have α inside the velocity; for a constant α both give the same θ).
/// The weight decay is the slope of λ/2 ‖θ‖² and passes through the momentum.
public struct SGD: Optimizer {
  /// The step size α.
  public var learningRate: Float
  public var threads = 1
  /// The momentum μ. Without it there is no velocity to keep.
  public let momentum: Float
  /// Whether a step looks ahead along the velocity.
  public let nesterov: Bool
  /// The weight decay λ.
  public var weightDecay: Float
  /// The number of steps taken.
  public private(set) var step = 0
  private let count: Int
  /// u; empty without momentum.
  private var velocity: Tensor

  /// - Parameters:
  ///   - count: The number of parameters.
  ///   - learningRate: The step size α.
  ///   - momentum: The momentum μ; zero for none.
  ///   - nesterov: Whether a step looks ahead along the velocity.
  ///   - weightDecay: The weight decay λ.
  /// - Precondition: The momentum lies in [0, 1), and is not zero for Nesterov's form.
  public init(count: Int, learningRate: Float, momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0) {
    precondition(momentum >= 0 && momentum < 1, "SGD: a momentum of \(momentum); it must lie in [0, 1)")
    precondition(!nesterov || momentum > 0, "SGD: Nesterov's form needs a momentum above 0")
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    self.count = count
    velocity = Tensor(zeros: [momentum == 0 ? 0 : count])
  }

  public mutating func update(_ parameters: inout Parameters, along gradient: Tensor, scale: Float) {
    var pass = unsafe ck_step_t("SGD", count: count, &parameters, along: gradient, scale: scale)
    unsafe run(&pass)
    withExtendedLifetime((parameters, gradient)) {}
  }

  public mutating func update(
    _ parameters: inout Parameters, along gradient: Tensor, scale: Float, moving target: inout Parameters, by polyak: Float
  ) {
    var pass = unsafe ck_step_t("SGD", count: count, &parameters, along: gradient, scale: scale, moving: &target, by: polyak)
    unsafe run(&pass)
    withExtendedLifetime((parameters, gradient, target)) {}
  }

  private mutating func run(_ pass: inout ck_step_t) {
    step += 1
    if momentum != 0 {
      velocity.makeUnique()
      unsafe pass.m = velocity.storage.pointer
    }
    unsafe pass.beta1 = momentum
    unsafe pass.nesterov = nesterov ? 1 : 0
    unsafe pass.decay = weightDecay
    unsafe pass.rate = learningRate
    unsafe pass.run(threads: threads) { unsafe ck_sgd($0) }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.stepCount(&step)
    if momentum != 0 { try archive.tensor("velocity", &velocity) }
  }
}
