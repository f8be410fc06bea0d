import Tensor

/// Cuts episodes off after a number of steps.
///
/// An episode that reaches the limit is truncated, unless the task ends in that very step: then it is terminated. Where the environment itself
/// ends an episode, counting starts again. A copy that is cut off starts anew by itself; so every copy is an environment of its own.
public struct TimeLimit<Base: Environment>: Environment {
  /// One environment with one copy for each copy. `[E]`
  public private(set) var bases: [Base]
  public let specification: EnvironmentSpecification
  /// The longest episode.
  public let steps: Int
  /// Steps taken in the present episode. `[E]`
  private var ages: [Int32]
  private var batch: StepBatch
  private var actions: ActionBatch

  /// - Parameters:
  ///   - steps: The longest episode.
  ///   - copies: E
  ///   - make: Makes the environment of copy c, with one copy: `{ Task(copies: 1, seed: seed, firstCopy: $0) }`.
  public init(steps: Int, copies: Int, _ make: (_ copy: Int) -> Base) {
    precondition(steps >= 1 && copies >= 1, "TimeLimit: \(steps) steps, \(copies) copies")
    bases = (0..<copies).map(make)
    var specification = bases[0].specification
    precondition(
      bases.allSatisfy { $0.specification == specification } && specification.copies == 1,
      "TimeLimit: every environment must have one copy and the same sizes, got \(bases.map(\.specification.copies)) copies")
    batch = StepBatch(for: specification)
    actions = ActionBatch(for: specification)
    specification.copies = copies
    self.specification = specification
    self.steps = steps
    ages = Array(repeating: 0, count: copies)
  }

  /// - Precondition: The environment has one copy.
  public init(_ base: Base, steps: Int) { self.init(steps: steps, copies: 1) { _ in base } }

  /// Copies the part of one copy.
  private static func scatter<Value>(_ part: [Value], _ copy: Int, into whole: inout [Value]) {
    let width = part.count
    for i in 0..<width { whole[copy * width + i] = part[i] }
  }

  public mutating func reset(into batch: inout StepBatch) {
    for copy in bases.indices {
      bases[copy].reset(into: &self.batch)
      ages[copy] = 0
      Self.scatter(self.batch.observations, copy, into: &batch.observations)
    }
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for copy in bases.indices {
      for i in self.actions.choices.indices { self.actions.choices[i] = actions.choices[copy * self.actions.choices.count + i] }
      for i in self.actions.values.indices { self.actions.values[i] = actions.values[copy * self.actions.values.count + i] }
      bases[copy].step(self.actions, into: &self.batch)
      ages[copy] += 1
      Self.scatter(self.batch.finalObservations, copy, into: &batch.finalObservations)
      Self.scatter(self.batch.rewards, copy, into: &batch.rewards)
      Self.scatter(self.batch.metrics, copy, into: &batch.metrics)
      let ended = self.batch.terminated[0] || self.batch.truncated[0]
      let isCut = !ended && Int(ages[copy]) >= steps
      if isCut { bases[copy].reset(into: &self.batch) }
      (batch.terminated[copy], batch.truncated[copy]) = (ended && self.batch.terminated[0], isCut || ended && self.batch.truncated[0])
      if ended || isCut { ages[copy] = 0 }
      Self.scatter(self.batch.observations, copy, into: &batch.observations)
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    for copy in bases.indices {
      try archive.group("copy\(copy)") { () throws(FileError) in try bases[copy].archive(in: archive) }
    }
    try archive.array("ages", &ages)
    guard ages.allSatisfy({ $0 >= 0 && Int($0) < steps }) else { throw archive.failure("an episode's age is out of range: the limit is \(steps)") }
  }
}
