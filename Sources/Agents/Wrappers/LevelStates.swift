import Tensor

/// Numbers the states of a task by the levels of some of its observed quantities, as tables need it.
///
/// Feature j with rising thresholds t_j1 < t_j2 < … has the level l_j = #{i : t_ji ≤ x_j}, and the state is Σ_j l_j Π_{i<j} L_i with
/// L_i = 1 + the number of thresholds of feature i. The other features are not seen. NaN has the level 0.
///
/// Observations shrink to one number: `[E, A, 1]`.
public struct LevelStates<Base: Environment>: Environment {
  public var base: Base
  public let specification: EnvironmentSpecification
  /// Rising thresholds of the features 0, 1, ….
  public let thresholds: [[Float]]
  private var inner: WrappedBatch

  /// - Parameters:
  ///   - base: The environment whose features have levels.
  ///   - thresholds: Rising thresholds of the features 0, 1, …; an empty list leaves a feature out.
  /// - Precondition: There are at most as many lists as features.
  public init(_ base: Base, thresholds: [[Float]]) {
    let below = base.specification
    precondition(
      thresholds.count <= below.observationSize && thresholds.allSatisfy { zip($0, $0.dropFirst()).allSatisfy(<) },
      "LevelStates: \(thresholds) must rise, for at most \(below.observationSize) features")
    var specification = below
    specification.observationSize = 1
    specification.states = thresholds.reduce(1) { $0 * ($1.count + 1) }
    self.specification = specification
    self.thresholds = thresholds
    self.base = base
    inner = WrappedBatch(for: below)
  }

  private func write(_ observations: Span<Float>, into states: inout MutableSpan<Float>) {
    let size = base.specification.observationSize
    for row in 0..<states.count {
      var state = 0
      var weight = 1
      for (feature, levels) in thresholds.enumerated() {
        var level = 0
        for threshold in levels where threshold <= observations[row * size + feature] { level += 1 }
        state += weight * level
        weight *= levels.count + 1
      }
      states[row] = Float(state)
    }
  }

  public mutating func reset(into batch: inout StepBatch) {
    inner.reset(&base, into: &batch)
    var states = batch.observations.mutableSpan
    write(inner.observations.span, into: &states)
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    inner.step(&base, actions, into: &batch)
    var states = batch.observations.mutableSpan
    write(inner.observations.span, into: &states)
    var successors = batch.finalObservations.mutableSpan
    write(inner.finalObservations.span, into: &successors)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("base") { () throws(FileError) in try base.archive(in: archive) }
  }
}
