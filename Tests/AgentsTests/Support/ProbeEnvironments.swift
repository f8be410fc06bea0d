import Agents
import Tensor

/// Each agent sees one of K marks and is paid 1 for choosing the action of the same number. Every step is an episode of its own.
struct IdentityTask: Environment {
  let specification: EnvironmentSpecification
  private let seed: UInt64
  private var step = 0
  private var marks: [Int]

  init(agents: Int = 2, marks: Int = 3, copies: Int = 1, seed: UInt64 = 1) {
    specification = EnvironmentSpecification(
      copies: copies, agents: agents, observationSize: marks, actions: .discrete(marks), metrics: ["reward"])
    self.seed = seed
    self.marks = Array(repeating: 0, count: copies * agents)
  }

  private mutating func draw(into observations: inout [Float]) {
    let choices = specification.observationSize
    for copy in 0..<specification.copies {
      var generator = RandomStream(seed: seed, purpose: .environment, index: copy).generator(step: step)
      for agent in 0..<specification.agents {
        let row = copy * specification.agents + agent
        marks[row] = generator.integer(below: choices)
        for i in 0..<choices { observations[row * choices + i] = i == marks[row] ? 1 : 0 }
      }
    }
    step += 1
  }

  mutating func reset(into batch: inout StepBatch) { draw(into: &batch.observations) }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for row in marks.indices { batch.rewards[row] = Int(actions.choices[row]) == marks[row] ? 1 : 0 }
    for copy in 0..<specification.copies {
      let rewards = batch.rewards[(copy * specification.agents)..<((copy + 1) * specification.agents)]
      batch.metrics[copy] = rewards.reduce(0, +) / Float(specification.agents)
      (batch.terminated[copy], batch.truncated[copy]) = (true, false)
    }
    draw(into: &batch.observations)
    batch.finalObservations = batch.observations
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    var numbers = marks.map(Int32.init)
    try archive.array("marks", &numbers)
    marks = numbers.map(Int.init)
  }
}

/// Two agents that see nothing share the payoff of a matrix. Every step is an episode of its own.
struct CoordinationGame: Environment {
  let payoff: [[Float]]
  let specification: EnvironmentSpecification

  init(_ payoff: [[Float]]) {
    self.payoff = payoff
    specification = EnvironmentSpecification(copies: 1, agents: 2, observationSize: 1, actions: .discrete(payoff.count), metrics: ["payoff"])
  }

  mutating func reset(into batch: inout StepBatch) { batch.observations = [1, 1] }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    let reward = payoff[Int(actions.choices[0])][Int(actions.choices[1])]
    (batch.rewards, batch.metrics) = ([reward, reward], [reward])
    (batch.observations, batch.finalObservations) = ([1, 1], [1, 1])
    (batch.terminated, batch.truncated) = ([true], [false])
  }

  mutating func archive(in archive: Archive) throws(FileError) {}
}

/// One agent with one action is paid as a list says, step by step; after the last one the episode ends.
///
/// It sees a one in the place of the step and, behind the last one, in a place of its own.
struct PaymentChain: Environment {
  let rewards: [Float]
  /// Whether the task ends, or is cut off.
  let terminates: Bool
  let specification: EnvironmentSpecification
  private var place = 0

  init(_ rewards: [Float], terminates: Bool) {
    (self.rewards, self.terminates) = (rewards, terminates)
    specification = EnvironmentSpecification(
      copies: 1, agents: 1, observationSize: rewards.count + 1, actions: .discrete(1), metrics: [])
  }

  private func mark(_ place: Int) -> [Float] { (0...rewards.count).map { $0 == place ? 1 : 0 } }

  mutating func reset(into batch: inout StepBatch) {
    place = 0
    batch.observations = mark(0)
  }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    batch.rewards = [rewards[place]]
    place += 1
    let ends = place == rewards.count
    // A chain that is cut off would go on from its first step: that is what its last successor looks like.
    batch.finalObservations = ends && !terminates ? mark(0) : mark(place)
    (batch.terminated, batch.truncated) = ([ends && terminates], [ends && !terminates])
    if ends { place = 0 }
    batch.observations = mark(place)
  }

  mutating func archive(in archive: Archive) throws(FileError) { try archive.value("place", &place) }
}
