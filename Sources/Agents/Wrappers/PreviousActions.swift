import Tensor

/// Appends to every observation what the agent itself did in the last n steps, the latest first.
///
/// An action is written as the one-hot vectors of its choices and behind them its numbers, as they were given: W = Σ choices + numbers. At the start of
/// an episode all are zero. Observations grow from D to D + n W numbers. The successor at the end of an episode still shows the actions of that episode.
public struct PreviousActions<Base: Environment>: Environment {
  public var base: Base
  public let specification: EnvironmentSpecification
  /// n
  public let frames: Int
  private var inner: WrappedBatch
  /// `[E, A, n, W]`
  private var history: [Float]
  /// W
  private let width: Int

  /// - Parameters:
  ///   - base: The environment whose observations grow.
  ///   - frames: n ≥ 1.
  /// - Precondition: Observations are no numbered states; for these apply ``OneHotStates`` first.
  public init(_ base: Base, frames: Int = 1) {
    let below = base.specification
    precondition(frames >= 1, "PreviousActions: \(frames) frames")
    precondition(below.states == nil, "PreviousActions: observations are \(below.states ?? 0) numbered states; apply OneHotStates first")
    width = below.actions.choices.reduce(0, +) + below.actions.bounds.count
    var specification = below
    specification.observationSize += frames * width
    self.specification = specification
    self.base = base
    self.frames = frames
    inner = WrappedBatch(for: below)
    history = Array(repeating: 0, count: below.copies * below.agents * frames * width)
  }

  /// Moves every agent's frames one place back and writes the present action into the first. `[rows, n, W]`
  private static func remember(_ actions: ActionBatch, _ space: ActionSpace, width: Int, rows: Int, in history: inout MutableSpan<Float>) {
    let length = history.count / rows
    for row in 0..<rows {
      let begin = row * length
      var place = length - 1
      while place >= width {
        history[begin + place] = history[begin + place - width]
        place -= 1
      }
      var at = begin
      for component in 0..<space.choices.count {
        let count = space.choices[component]
        let choice = Int(actions.choices[row * space.choices.count + component])
        for i in 0..<count { history[at + i] = i == choice ? 1 : 0 }
        at += count
      }
      for component in 0..<space.bounds.count { history[at + component] = actions.values[row * space.bounds.count + component] }
    }
  }

  private static func write(_ narrow: Span<Float>, _ history: Span<Float>, rows: Int, into wide: inout MutableSpan<Float>) {
    let (width, length) = (narrow.count / rows, history.count / rows)
    for row in 0..<rows {
      let to = row * (width + length)
      for i in 0..<width { wide[to + i] = narrow[row * width + i] }
      for i in 0..<length { wide[to + width + i] = history[row * length + i] }
    }
  }

  public mutating func reset(into batch: inout StepBatch) {
    inner.reset(&base, into: &batch)
    for i in history.indices { history[i] = 0 }
    var observations = batch.observations.mutableSpan
    Self.write(inner.observations.span, history.span, rows: specification.copies * specification.agents, into: &observations)
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    inner.step(&base, actions, into: &batch)
    let (rows, space, width) = (specification.copies * specification.agents, specification.actions, width)
    var frames = history.mutableSpan
    Self.remember(actions, space, width: width, rows: rows, in: &frames)
    var successors = batch.finalObservations.mutableSpan
    Self.write(inner.finalObservations.span, history.span, rows: rows, into: &successors)
    let length = history.count / specification.copies
    for copy in 0..<specification.copies where batch.terminated[copy] || batch.truncated[copy] {
      for i in (copy * length)..<((copy + 1) * length) { history[i] = 0 }
    }
    var observations = batch.observations.mutableSpan
    Self.write(inner.observations.span, history.span, rows: rows, into: &observations)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("base") { () throws(FileError) in try base.archive(in: archive) }
    try archive.array("history", &history)
    guard history.allSatisfy(\.isFinite) else { throw archive.failure("a remembered action is out of range: it is not finite") }
  }
}
