import Tensor

/// Shows a numbered state as a vector with a one in its place, as networks need it.
///
/// Observations grow from 1 to the number of states: `[E, A, states]`.
public struct OneHotStates<Base: Environment>: Environment {
  public var base: Base
  public let specification: EnvironmentSpecification
  private var inner: WrappedBatch

  /// - Precondition: The environment numbers its states.
  public init(_ base: Base) {
    let below = base.specification
    guard let states = below.states, below.observationSize == 1 else {
      preconditionFailure("OneHotStates: the environment has no numbered states, but observations of \(below.observationSize) numbers")
    }
    var specification = below
    specification.observationSize = states
    specification.states = nil
    self.specification = specification
    self.base = base
    inner = WrappedBatch(for: below)
  }

  private static func write(_ states: Span<Float>, _ count: Int, into observations: inout MutableSpan<Float>) {
    for row in 0..<states.count {
      for i in 0..<count { observations[row * count + i] = 0 }
      observations[row * count + Int(states[row])] = 1
    }
  }

  public mutating func reset(into batch: inout StepBatch) {
    inner.reset(&base, into: &batch)
    var observations = batch.observations.mutableSpan
    Self.write(inner.observations.span, specification.observationSize, into: &observations)
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    inner.step(&base, actions, into: &batch)
    var observations = batch.observations.mutableSpan
    Self.write(inner.observations.span, specification.observationSize, into: &observations)
    var successors = batch.finalObservations.mutableSpan
    Self.write(inner.finalObservations.span, specification.observationSize, into: &successors)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("base") { () throws(FileError) in try base.archive(in: archive) }
  }
}
