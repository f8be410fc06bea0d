import Agents
import Channels
import Tensor

/// Several tasks with their own numbers of users, as one task of as many copies as they have users together, with one agent each.
///
/// What the users of all tasks experience is then the memory of one learner, as Algorithm 1 of Ji, Qin and Tao (arXiv 2307.02900) has it: the base
/// station's model acts for every user of every task and learns from all.
public struct AllocationPool: Environment {
  /// One for each number of users.
  public private(set) var tasks: [AllocationEnvironment]
  public let specification: EnvironmentSpecification
  /// The reward of each task in the last step.
  public private(set) var taskRewards: [Double]
  private var batches: [StepBatch]
  private var actions: [ActionBatch]

  /// - Parameters:
  ///   - parameters: Of all tasks, but for the number of users.
  ///   - users: The number of users of each task.
  ///   - seed: Of positions, shadowing and fading of the first task; that of task i is greater by i · 2⁴⁰.
  public init(_ parameters: AllocationParameters, users: [Int], seed: UInt64) {
    precondition(!users.isEmpty, "AllocationPool: needs at least one task")
    tasks = users.enumerated().map { index, count in
      var parameters = parameters
      parameters.cell.users = count
      // The first users of two tasks would stand at the same places.
      return AllocationEnvironment(parameters, seed: seed &+ UInt64(index) << 40)
    }
    let first = tasks[0].specification
    specification = EnvironmentSpecification(
      copies: users.reduce(0, +), agents: 1, observationSize: first.observationSize, actions: first.actions, metrics: ["reward"])
    taskRewards = Array(repeating: 0, count: users.count)
    batches = tasks.map { StepBatch(for: $0.specification) }
    actions = tasks.map { ActionBatch(for: $0.specification) }
  }

  /// What the users of all tasks will observe to the end of the block or of the episode, whatever they do.
  ///
  /// - Returns: `[T, E, 1, D]`
  public func upcomingObservations() -> [Float] {
    let parts = tasks.map { $0.upcomingObservations() }
    let sizes = tasks.map { $0.specification.agents * specification.observationSize }
    let size = sizes.reduce(0, +)
    var observations = [Float](repeating: 0, count: parts[0].count / sizes[0] * size)
    var start = 0
    for (part, width) in zip(parts, sizes) {
      for step in 0..<part.count / width { for i in 0..<width { observations[step * size + start + i] = part[step * width + i] } }
      start += width
    }
    return observations
  }

  /// Whether a block begins.
  public var isAtBlock: Bool { tasks[0].millisecond == 0 }

  public mutating func reset(into batch: inout StepBatch) {
    var row = 0
    for index in tasks.indices {
      tasks[index].reset(into: &batches[index])
      let users = tasks[index].specification.agents
      AllocationPool.copy(batches[index].observations, to: &batch.observations, at: row * specification.observationSize)
      row += users
    }
  }

  public mutating func step(_ all: ActionBatch, into batch: inout StepBatch) {
    precondition(
      all.choices.count == specification.copies && all.values.count == specification.copies,
      "AllocationPool: \(all.choices.count) choices and \(all.values.count) powers of \(specification.copies) users")
    var row = 0
    for index in tasks.indices {
      let users = tasks[index].specification.agents
      for user in 0..<users {
        actions[index].choices[user] = all.choices[row + user]
        actions[index].values[user] = all.values[row + user]
      }
      tasks[index].step(actions[index], into: &batches[index])
      taskRewards[index] = Double(batches[index].rewards[0])
      for user in 0..<users {
        batch.rewards[row + user] = batches[index].rewards[user]
        batch.metrics[row + user] = batches[index].rewards[user]
        batch.terminated[row + user] = false
        batch.truncated[row + user] = batches[index].truncated[0]
      }
      AllocationPool.copy(batches[index].observations, to: &batch.observations, at: row * specification.observationSize)
      AllocationPool.copy(batches[index].finalObservations, to: &batch.finalObservations, at: row * specification.observationSize)
      row += users
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("taskRewards", &taskRewards)
    for index in tasks.indices {
      try archive.group("task\(index)") { () throws(FileError) in try tasks[index].archive(in: archive) }
    }
  }

  private static func copy(_ source: [Float], to target: inout [Float], at first: Int) {
    let source = source.span
    var target = target.mutableSpan
    for i in source.indices { target[first + i] = source[i] }
  }
}
