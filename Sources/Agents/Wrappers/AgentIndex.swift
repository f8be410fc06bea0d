import Tensor

/// Appends to every observation which agent it belongs to, one-hot: agents that share a network can then act differently.
///
/// Observations grow from D to D + A numbers.
public struct AgentIndex<Base: Environment>: Environment {
  public var base: Base
  public let specification: EnvironmentSpecification
  private var inner: WrappedBatch

  /// - Precondition: Observations are no numbered states; for these apply ``OneHotStates`` first.
  public init(_ base: Base) {
    let below = base.specification
    precondition(below.states == nil, "AgentIndex: observations are \(below.states ?? 0) numbered states; apply OneHotStates first")
    var specification = below
    specification.observationSize += below.agents
    self.specification = specification
    self.base = base
    inner = WrappedBatch(for: below)
  }

  private static func write(_ narrow: Span<Float>, agents: Int, size: Int, into wide: inout MutableSpan<Float>) {
    let width = size - agents
    var (from, to) = (0, 0)
    while from < narrow.count {
      for agent in 0..<agents {
        for i in 0..<width { wide[to + i] = narrow[from + i] }
        for i in 0..<agents { wide[to + width + i] = i == agent ? 1 : 0 }
        from += width
        to += size
      }
    }
  }

  public mutating func reset(into batch: inout StepBatch) {
    inner.reset(&base, into: &batch)
    var observations = batch.observations.mutableSpan
    Self.write(inner.observations.span, agents: specification.agents, size: specification.observationSize, into: &observations)
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    inner.step(&base, actions, into: &batch)
    var observations = batch.observations.mutableSpan
    Self.write(inner.observations.span, agents: specification.agents, size: specification.observationSize, into: &observations)
    var successors = batch.finalObservations.mutableSpan
    Self.write(inner.finalObservations.span, agents: specification.agents, size: specification.observationSize, into: &successors)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("base") { () throws(FileError) in try base.archive(in: archive) }
  }
}
