import Agents
import Tensor

/// A task whose every number tells where it comes from, for tests of wrappers.
///
/// An agent sees the number of the episode and its age plus 10 times the agent; the reward is that age plus the agent. Copies with an even number
/// terminate after three steps, the others are cut off after four.
struct CountingTask: Environment {
  let specification: EnvironmentSpecification
  private let firstCopy: Int
  private var ages: [Int32]
  private var episodes: [Int32]
  /// What was done last.
  private(set) var last: ActionBatch

  init(copies: Int = 2, agents: Int = 2, firstCopy: Int = 0, actions: ActionSpace = .discrete(3)) {
    specification = EnvironmentSpecification(copies: copies, agents: agents, observationSize: 2, actions: actions, metrics: ["age"])
    self.firstCopy = firstCopy
    ages = Array(repeating: 0, count: copies)
    episodes = ages
    last = ActionBatch(for: specification)
  }

  private func write(_ copy: Int, into observations: inout [Float]) {
    for agent in 0..<specification.agents {
      let row = copy * specification.agents + agent
      observations[2 * row] = Float(episodes[copy])
      observations[2 * row + 1] = Float(Int(ages[copy]) + 10 * agent)
    }
  }

  mutating func reset(into batch: inout StepBatch) {
    for copy in ages.indices {
      ages[copy] = 0
      episodes[copy] += 1
      write(copy, into: &batch.observations)
    }
  }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for i in actions.choices.indices { last.choices[i] = actions.choices[i] }
    for i in actions.values.indices { last.values[i] = actions.values[i] }
    for copy in ages.indices {
      ages[copy] += 1
      let isEven = (firstCopy + copy) % 2 == 0
      (batch.terminated[copy], batch.truncated[copy]) = (isEven && ages[copy] == 3, !isEven && ages[copy] == 4)
      for agent in 0..<specification.agents { batch.rewards[copy * specification.agents + agent] = Float(Int(ages[copy]) + agent) }
      batch.metrics[copy] = Float(ages[copy])
      write(copy, into: &batch.finalObservations)
      if batch.terminated[copy] || batch.truncated[copy] { (ages[copy], episodes[copy]) = (0, episodes[copy] + 1) }
      write(copy, into: &batch.observations)
    }
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("ages", &ages)
    try archive.array("episodes", &episodes)
  }
}

/// A step of a task with given actions.
struct Play<Task: Environment> {
  var task: Task
  var batch: StepBatch
  var actions: ActionBatch

  init(_ task: Task) {
    self.task = task
    batch = StepBatch(for: task.specification)
    actions = ActionBatch(for: task.specification)
    self.task.reset(into: &batch)
  }

  mutating func step(_ choices: [Int32] = [], _ values: [Float] = []) {
    if !choices.isEmpty { actions.choices = choices }
    if !values.isEmpty { actions.values = values }
    task.step(actions, into: &batch)
  }
}
