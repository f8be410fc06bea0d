import CKernels

/// Adam (Kingma and Ba 2015), in one pass over memory.
///
/// m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,
/// θ ← θ − α (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
///
/// The same pass can move a target vector: θ' ← θ' + τ (θ − θ'). ``AdamW`` adds weight decay.
public struct Adam: Optimizer {
  /// The step size α.
  public var learningRate: Float
  public var threads = 1
  /// The decay β₁ of the mean.
  public var firstDecay: Float
  /// The decay β₂ of the mean square.
  public var secondDecay: Float
  /// The term ε beside the root.
  public var epsilon: Float
  private var moments: Moments

  /// - Parameters:
  ///   - count: The number of parameters.
  ///   - learningRate: The step size α.
  ///   - firstDecay: The decay β₁ of the mean.
  ///   - secondDecay: The decay β₂ of the mean square.
  ///   - epsilon: The term ε beside the root.
  public init(count: Int, learningRate: Float, firstDecay: Float = 0.9, secondDecay: Float = 0.999, epsilon: Float = 1e-8) {
    self.learningRate = learningRate
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    moments = Moments(count: count)
  }

  /// The number of steps taken: t.
  public var step: Int { moments.step }

  public mutating func update(_ parameters: inout Parameters, along gradient: Tensor, scale: Float) {
    var pass = unsafe ck_step_t("Adam", count: moments.count, &parameters, along: gradient, scale: scale)
    unsafe run(&pass)
    withExtendedLifetime((parameters, gradient)) {}
  }

  public mutating func update(
    _ parameters: inout Parameters, along gradient: Tensor, scale: Float, moving target: inout Parameters, by polyak: Float
  ) {
    var pass = unsafe ck_step_t("Adam", count: moments.count, &parameters, along: gradient, scale: scale, moving: &target, by: polyak)
    unsafe run(&pass)
    withExtendedLifetime((parameters, gradient, target)) {}
  }

  private mutating func run(_ pass: inout ck_step_t) {
    unsafe moments.run(&pass, rate: learningRate, firstDecay, secondDecay, epsilon, threads)
  }

  public mutating func archive(in archive: Archive) throws(FileError) { try moments.archive(in: archive) }

  /// Writes the mean of the gradient and behind it the mean square. `[2, parameters]`
  public func copyMoments(into values: inout [Float]) { moments.copy(into: &values) }

  /// Goes on from other moments; the number of steps, which corrects their bias, stays. `[2, parameters]`
  public mutating func setMoments(to values: [Float]) { moments.set(to: values) }

  /// The state of Adam: both moments of the gradient and the number of steps.
  struct Moments: Sendable, Archivable {
    private(set) var step = 0
    private var mean: Tensor
    private var meanSquare: Tensor

    init(count: Int) {
      mean = Tensor(zeros: [count])
      meanSquare = Tensor(zeros: [count])
    }

    var count: Int { mean.count }

    /// One step with the corrections of the bias.
    mutating func run(_ pass: inout ck_step_t, rate: Float, _ firstDecay: Float, _ secondDecay: Float, _ epsilon: Float, _ threads: Int) {
      step += 1
      let firstCorrection = 1 - Math.pow(Double(firstDecay), Double(step))
      let secondCorrection = 1 - Math.pow(Double(secondDecay), Double(step))
      mean.makeUnique()
      meanSquare.makeUnique()
      unsafe pass.m = mean.storage.pointer
      unsafe pass.v = meanSquare.storage.pointer
      unsafe pass.beta1 = firstDecay
      unsafe pass.beta2 = secondDecay
      unsafe pass.rate = Float(Double(rate) / firstCorrection)
      unsafe pass.scale = Float(1 / Math.sqrt(secondCorrection))
      unsafe pass.epsilon = epsilon
      unsafe pass.run(threads: threads) { unsafe ck_adam($0) }
    }

    func copy(into values: inout [Float]) {
      precondition(values.count == 2 * count, "Adam.copyMoments: room for \(values.count) numbers of two moments of \(count)")
      let (first, second) = (mean.span, meanSquare.span)
      for i in 0..<count { (values[i], values[count + i]) = (first[i], second[i]) }
    }

    mutating func set(to values: [Float]) {
      precondition(values.count == 2 * count, "Adam.setMoments: \(values.count) numbers for two moments of \(count)")
      let count = count
      var first = mean.mutableSpan
      for i in 0..<count { first[i] = values[i] }
      var second = meanSquare.mutableSpan
      for i in 0..<count { second[i] = values[count + i] }
    }

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.stepCount(&step)
      try archive.tensor("mean", &mean)
      try archive.tensor("meanSquare", &meanSquare)
    }
  }
}
