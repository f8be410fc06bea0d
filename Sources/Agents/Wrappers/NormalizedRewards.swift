import Tensor

/// Divides rewards by the standard deviation of the discounted return, and clips them.
///
///     R ← γ R + r,   r ← clip(r / √(Var R + 10⁻⁸), ±10)
///
/// as implementations of PPO do (S. Huang et al., "The 37 implementation details of proximal policy optimization", ICLR blog track 2022, details 21
/// and 22). R starts at 0 with every episode and runs forward in time, one for each agent of each copy; all share one variance, so that rewards of agents
/// keep their proportions. The mean is not taken away, which would change the task.
///
/// Returns that are to be compared must be measured without this wrapper.
public struct NormalizedRewards<Base: Environment>: Environment {
  public var base: Base
  public let discount: Float
  /// The largest magnitude of a normalised reward.
  public let limit: Float
  /// Whether the variance stays as it is.
  public var isFrozen = false
  /// Of the discounted returns.
  public private(set) var statistics = RunningStatistics(size: 1)
  /// R. `[E, A]`
  private var returns: [Float]

  public var specification: EnvironmentSpecification { base.specification }

  /// - Parameters:
  ///   - base: The environment whose rewards are divided and clipped.
  ///   - discount: γ of the learner.
  ///   - limit: The largest magnitude of a normalised reward.
  public init(_ base: Base, discount: Float, limit: Float = 10) {
    precondition(discount >= 0 && discount <= 1 && limit > 0, "NormalizedRewards: discount \(discount), limit \(limit)")
    self.base = base
    self.discount = discount
    self.limit = limit
    returns = Array(repeating: 0, count: base.specification.copies * base.specification.agents)
  }

  public mutating func reset(into batch: inout StepBatch) {
    base.reset(into: &batch)
    for row in returns.indices { returns[row] = 0 }
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    base.step(actions, into: &batch)
    for row in returns.indices { returns[row] = returns[row] * discount + batch.rewards[row] }
    if !isFrozen { statistics.add(returns) }
    let scale = Float(1 / (statistics.variance(0) + 1e-8).squareRoot())
    let agents = base.specification.agents
    for row in returns.indices {
      batch.rewards[row] = max(-limit, min(limit, batch.rewards[row] * scale))
      if batch.terminated[row / agents] || batch.truncated[row / agents] { returns[row] = 0 }
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("base") { () throws(FileError) in try base.archive(in: archive) }
    try archive.group("statistics") { () throws(FileError) in try statistics.archive(in: archive) }
    try archive.array("returns", &returns)
    guard returns.allSatisfy(\.isFinite) else { throw archive.failure("a return is out of range: it is not finite") }
  }
}

/// Multiplies rewards by a constant. The learned policy is the same, the values have another size.
public struct ScaledRewards<Base: Environment>: Environment {
  public var base: Base
  public let scale: Float

  public var specification: EnvironmentSpecification { base.specification }

  public init(_ base: Base, by scale: Float) {
    precondition(scale.isFinite, "ScaledRewards: the factor \(scale)")
    self.base = base
    self.scale = scale
  }

  public mutating func reset(into batch: inout StepBatch) { base.reset(into: &batch) }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    base.step(actions, into: &batch)
    for row in batch.rewards.indices { batch.rewards[row] *= scale }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("base") { () throws(FileError) in try base.archive(in: archive) }
  }
}
