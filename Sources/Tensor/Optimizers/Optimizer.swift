import CKernels

/// Moves parameters against a gradient, step by step, with a state of its own between steps.
///
/// A loop over it is: gradient, perhaps ``clippingScale(_:maximumNorm:)``, perhaps a rate from a ``LearningRateSchedule``, `update`.
/// What is archived is the state (moments and the number of steps). The settings belong to the configuration: whoever restores an
/// optimiser makes it with the same settings first, and sets a rate that follows a schedule before each step.
public protocol Optimizer: Sendable, Archivable {
  /// The step size of the next step.
  var learningRate: Float { get set }
  /// The number of steps taken.
  var step: Int { get }
  /// How many threads share the pass over memory; its bits do not depend on it. Worth it from some hundred thousand parameters on.
  var threads: Int { get set }

  /// One step against a gradient, in one pass over memory.
  ///
  /// - Parameters:
  ///   - parameters: θ, which the step moves.
  ///   - gradient: ∂loss/∂θ, as many numbers as parameters.
  ///   - scale: A factor for the gradient, for example from ``clippingScale(_:maximumNorm:)``.
  /// - Precondition: The counts are those the optimiser was made for.
  /// - Complexity: O(n), without taking memory.
  mutating func update(_ parameters: inout Parameters, along gradient: Tensor, scale: Float)

  /// One step against a gradient and, in the same pass, one of a target towards the new parameters: θ' ← θ' + τ (θ − θ').
  ///
  /// - Parameters:
  ///   - parameters: θ, which the step moves.
  ///   - gradient: ∂loss/∂θ, as many numbers as parameters.
  ///   - scale: A factor for the gradient.
  ///   - target: θ', for example a target network or an average of the parameters over time.
  ///   - polyak: τ
  mutating func update(_ parameters: inout Parameters, along gradient: Tensor, scale: Float, moving target: inout Parameters, by polyak: Float)
}

extension Optimizer {
  /// One step against a gradient as it is.
  public mutating func update(_ parameters: inout Parameters, along gradient: Tensor) {
    update(&parameters, along: gradient, scale: 1)
  }

  /// One step against a gradient as it is, and one of a target towards the new parameters.
  public mutating func update(_ parameters: inout Parameters, along gradient: Tensor, moving target: inout Parameters, by polyak: Float) {
    update(&parameters, along: gradient, scale: 1, moving: &target, by: polyak)
  }
}

extension Archive {
  /// Visits an optimiser's number of steps; one that no run can reach is refused.
  func stepCount(_ step: inout Int) throws(FileError) {
    try value("step", &step)
    guard step >= 0 && step < 1 << 48 else { throw failure("the optimiser's number of steps is \(step)") }
  }
}

extension ck_step_t {
  /// What every rule needs: parameters, gradient and its factor. The parameters get memory of their own.
  ///
  /// - Parameters:
  ///   - optimizer: The optimiser's name, for the message when the counts do not fit.
  ///   - count: The number of parameters that the optimiser was made for.
  init(_ optimizer: String, count: Int, _ parameters: inout Parameters, along gradient: Tensor, scale: Float) {
    precondition(
      parameters.count == count && gradient.count == count,
      "\(optimizer).update: \(parameters.count) parameters and \(gradient.count) derivatives for an optimiser of \(count)")
    unsafe self.init()
    parameters.values.makeUnique()
    unsafe n = count
    unsafe p = parameters.values.storage.pointer
    unsafe g = UnsafePointer(gradient.storage.pointer)
    unsafe gradientScale = scale
  }

  /// As the other initialiser, and with a target that gets memory of its own too.
  init(
    _ optimizer: String, count: Int, _ parameters: inout Parameters, along gradient: Tensor, scale: Float, moving target: inout Parameters,
    by polyak: Float
  ) {
    precondition(
      target.count == parameters.count, "\(optimizer).update: a target of \(target.count) numbers for \(parameters.count) parameters")
    unsafe self.init(optimizer, count: count, &parameters, along: gradient, scale: scale)
    target.values.makeUnique()
    unsafe self.target = target.values.storage.pointer
    unsafe self.polyak = polyak
  }

  /// Runs a rule over all parameters, in as many pieces as threads.
  mutating func run(threads: Int, _ rule: @Sendable (UnsafePointer<ck_step_t>) -> Void) {
    guard threads > 1 else { return unsafe rule(&self) }
    nonisolated(unsafe) let whole = unsafe self
    // Pieces begin at multiples of a page.
    let piece = unsafe ((whole.n + threads - 1) / threads + 1023) & ~1023
    let pieces = unsafe piece == 0 ? 0 : (whole.n + piece - 1) / piece
    Parallel.forEach(pieces, threads: threads) { index, _ in
      let from = index * piece
      var part = unsafe whole
      unsafe part.n = min(piece, whole.n - from)
      unsafe part.p += from
      unsafe part.g += from
      if unsafe part.m != nil { unsafe part.m += from }
      if unsafe part.v != nil { unsafe part.v += from }
      if unsafe part.a != nil { unsafe part.a += from }
      if unsafe part.target != nil { unsafe part.target += from }
      unsafe rule(&part)
    }
  }
}
