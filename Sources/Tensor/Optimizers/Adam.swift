import CKernels

/// Adam (Kingma and Ba 2015), in one pass over memory.
///
/// m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,
/// θ ← θ − α (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
///
/// The same pass can move a target vector: θ' ← θ' + τ (θ − θ').
public struct Adam: Sendable {
  /// The step size α.
  public var learningRate: Float
  /// The decay β₁ of the mean.
  public var firstDecay: Float
  /// The decay β₂ of the mean square.
  public var secondDecay: Float
  /// The term ε beside the root.
  public var epsilon: Float
  /// The number of steps taken: t.
  public private(set) var step = 0
  private var mean: Tensor
  private var meanSquare: Tensor

  /// - Parameter count: The number of parameters.
  public init(count: Int, learningRate: Float, firstDecay: Float = 0.9, secondDecay: Float = 0.999, epsilon: Float = 1e-8) {
    self.learningRate = learningRate
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    mean = Tensor(zeros: [count])
    meanSquare = Tensor(zeros: [count])
  }

  /// One step against a gradient.
  ///
  /// - Parameters:
  ///   - gradient: ∂loss/∂θ.
  ///   - scale: A factor for the gradient, for example from ``clippingScale(_:maximumNorm:)``.
  /// - Complexity: O(n), one pass.
  public mutating func update(_ parameters: inout Parameters, along gradient: Tensor, scale: Float = 1) {
    unsafe run(&parameters, gradient, scale, nil, 0)
  }

  /// One step against a gradient, and one of a target towards the new parameters: θ' ← θ' + τ (θ − θ').
  public mutating func update(
    _ parameters: inout Parameters, along gradient: Tensor, scale: Float = 1, moving target: inout Parameters, by polyak: Float
  ) {
    precondition(target.count == parameters.count, "Adam.update: a target of \(target.count) numbers for \(parameters.count) parameters")
    target.values.makeUnique()
    unsafe run(&parameters, gradient, scale, target.values.storage.pointer, polyak)
    withExtendedLifetime(target) {}
  }

  private mutating func run(
    _ parameters: inout Parameters, _ gradient: Tensor, _ scale: Float, _ target: UnsafeMutablePointer<Float>?, _ polyak: Float
  ) {
    precondition(
      parameters.count == mean.count && gradient.count == mean.count,
      "Adam.update: \(parameters.count) parameters and \(gradient.count) derivatives for an optimiser of \(mean.count)")
    step += 1
    let firstCorrection = 1 - Math.pow(Double(firstDecay), Double(step))
    let secondCorrection = 1 - Math.pow(Double(secondDecay), Double(step))
    parameters.values.makeUnique()
    mean.makeUnique()
    meanSquare.makeUnique()
    var s = unsafe ck_adam_t()
    unsafe s.n = mean.count
    unsafe s.p = parameters.values.storage.pointer
    unsafe s.g = UnsafePointer(gradient.storage.pointer)
    unsafe s.m = mean.storage.pointer
    unsafe s.v = meanSquare.storage.pointer
    unsafe s.target = target
    unsafe s.gradientScale = scale
    unsafe s.beta1 = firstDecay
    unsafe s.beta2 = secondDecay
    unsafe s.rate = Float(Double(learningRate) / firstCorrection)
    unsafe s.scale = Float(1 / Math.sqrt(secondCorrection))
    unsafe s.epsilon = epsilon
    unsafe s.polyak = polyak
    unsafe ck_adam(&s)
    withExtendedLifetime(gradient) {}
  }
}

extension Adam: Archivable {
  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.tensor("mean", &mean)
    try archive.tensor("meanSquare", &meanSquare)
  }
}
