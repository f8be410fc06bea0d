import Tensor

/// Asks a family for the data of some tasks.
public struct BatchRequest: Hashable, Sendable {
  /// The tasks, in the order in which the models are stacked.
  public var tasks: [Int]
  /// Counts the steps of the meta-learner, or the rounds.
  public var iteration: Int
  /// What the data are for.
  public var slot: BatchSlot
  /// Above every step of a slot; with it ``number`` is one of its own.
  public var stepLimit: Int

  public init(tasks: [Int], iteration: Int = 0, slot: BatchSlot, stepLimit: Int = 1) {
    self.tasks = tasks
    self.iteration = iteration
    self.slot = slot
    self.stepLimit = stepLimit
  }

  /// A number that no other batch of a task has in one run: the step of a random stream whose index is the task.
  public var number: Int { (iteration * stepLimit + slot.step) * BatchPurpose.allCases.count + slot.purpose.rawValue }
}

/// Tasks that one model can learn: where their data come from, and what is lost on them.
///
/// A task is a number. What it is and what is drawn must depend on the numbers in the request (and on the parameters, if a policy makes the data)
/// and on nothing else: then a run can be repeated, resumed, and shared among threads. Families are called from several threads at a time.
///
/// With `MetaConfiguration.tasksTogether` above one the tasks of a request are stacked: parameters have a leading axis of `tasks.count`, and so has
/// the data. Small models run about twice as fast so. A family that never says more than 1 there sees plain parameters and one task.
public protocol TaskFamily<Batch>: Sendable {
  associatedtype Batch

  /// Room for the data of a slot, which `draw` fills again in each iteration.
  func makeBatch() -> Batch

  /// Draws the data of a request.
  ///
  /// - Parameters:
  ///   - request: Which tasks, in which iteration, and what the data are for.
  ///   - parameters: What the model is where the data are asked for. `[tasks, …]` in each slice if stacked.
  ///   - batch: What was drawn for the slot before, or room.
  func draw(_ request: BatchRequest, at parameters: Parameters, into batch: inout Batch)

  /// The loss of each task on its data.
  ///
  /// - Returns: One number a task, under any shape.
  func losses(of batch: Batch, _ parameters: PlacedParameters, on tape: Tape) -> Variable
}
