import Tensor

/// A task that needs a memory: a mark is seen in the first step of an episode only, and has to be named in the last.
///
/// An episode has T steps. In the first, agent a of copy e sees one of K marks, each equally likely, as a one-hot vector; later it sees zeros. Behind
/// them it always sees a one in the last step and a zero before, so that it knows when to speak. The choices of all steps but the last are without
/// consequence. In the last every agent is paid 1 where all agents name their marks and 0 otherwise, and the episode terminates. The best return
/// is 1; without a memory no policy gets more than K⁻ᴬ on average.
public struct RememberedMark: Environment {
  public let specification: EnvironmentSpecification
  /// T
  public let length: Int
  private let seed: UInt64
  private let firstCopy: Int
  private var episodes: Int
  private var place: Int
  /// `[E, A]`
  private var marks: [Int32]

  /// - Parameters:
  ///   - copies: E
  ///   - agents: A
  ///   - length: T ≥ 2
  ///   - marks: K
  ///   - seed: Names the random numbers of the marks.
  ///   - firstCopy: The stream of copy e has the index `firstCopy + e`.
  public init(copies: Int = 1, agents: Int = 2, length: Int = 4, marks: Int = 2, seed: UInt64, firstCopy: Int = 0) {
    precondition(length >= 2 && marks >= 2, "RememberedMark: \(marks) marks over \(length) steps")
    specification = EnvironmentSpecification(
      copies: copies, agents: agents, observationSize: marks + 1, actions: .discrete(marks), metrics: ["named"])
    self.length = length
    self.seed = seed
    self.firstCopy = firstCopy
    (episodes, place) = (0, 0)
    self.marks = Array(repeating: 0, count: copies * agents)
  }

  private mutating func draw() {
    let agents = specification.agents
    for copy in 0..<specification.copies {
      var generator = RandomStream(seed: seed, purpose: .environment, index: firstCopy + copy).generator(step: episodes)
      for row in (copy * agents)..<((copy + 1) * agents) { marks[row] = Int32(generator.integer(below: specification.observationSize - 1)) }
    }
    episodes += 1
    place = 0
  }

  /// Writes what is seen in a step.
  private func write(_ place: Int, into observations: inout [Float]) {
    let size = specification.observationSize
    for row in marks.indices {
      for i in 0..<(size - 1) { observations[row * size + i] = place == 0 && Int(marks[row]) == i ? 1 : 0 }
      observations[row * size + size - 1] = place == length - 1 ? 1 : 0
    }
  }

  public mutating func reset(into batch: inout StepBatch) {
    draw()
    write(place, into: &batch.observations)
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    let agents = specification.agents
    let isLast = place == length - 1
    for copy in 0..<specification.copies {
      var named = isLast
      for row in (copy * agents)..<((copy + 1) * agents) where actions.choices[row] != marks[row] { named = false }
      for row in (copy * agents)..<((copy + 1) * agents) { batch.rewards[row] = named ? 1 : 0 }
      batch.metrics[copy] = named ? 1 : 0
      (batch.terminated[copy], batch.truncated[copy]) = (isLast, false)
    }
    place += 1
    write(place, into: &batch.finalObservations)
    if isLast { draw() }
    write(place, into: &batch.observations)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("episodes", &episodes)
    try archive.value("place", &place)
    try archive.array("marks", &marks)
    guard
      episodes >= 0, (0..<length).contains(place), marks.allSatisfy({ $0 >= 0 && $0 < specification.observationSize - 1 })
    else {
      throw archive.failure("the state of the task is out of range")
    }
  }
}
