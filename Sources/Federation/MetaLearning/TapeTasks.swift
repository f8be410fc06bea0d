import Tensor

/// Tasks of a family whose derivatives come from a tape: one task, or several as one stacked model. One thread at a time uses it.
public final class TapeTasks<Family: TaskFamily>: TaskGradients {
  public let family: Family
  /// The layout of the parameters, of all tasks where they are stacked.
  public let layout: Layout
  private var request: BatchRequest
  private let tape = Tape()
  private var point: Parameters
  private var direction: Tensor
  private var result: Tensor
  /// One for each purpose and step, and the iteration in which it was drawn.
  private var batches: [(data: Family.Batch, isDrawn: Bool)?]

  /// - Parameters:
  ///   - family: Where the data come from, and what is lost on them.
  ///   - layout: Of one model.
  ///   - tasks: How many.
  ///   - isStacked: Whether parameters and data have a leading axis for the tasks; else there is one task.
  ///   - steps: How many steps have batches of their own.
  public init(_ family: Family, _ layout: Layout, tasks: Int, isStacked: Bool, steps: Int) {
    precondition(tasks > 0 && (isStacked || tasks == 1), "TapeTasks: \(tasks) tasks of one model that is not stacked")
    self.family = family
    self.layout = isStacked ? layout.stacked(tasks) : layout
    request = BatchRequest(tasks: Array(repeating: 0, count: tasks), slot: BatchSlot(.support), stepLimit: max(steps, 1))
    point = Parameters(self.layout)
    direction = Tensor(zeros: [self.layout.count])
    result = direction
    batches = Array(repeating: nil, count: BatchPurpose.allCases.count * max(steps, 1))
  }

  public var count: Int { layout.count }
  /// The number of tasks.
  public var taskCount: Int { request.tasks.count }

  /// Other tasks: what was drawn is forgotten.
  public func begin(_ tasks: ArraySlice<Int>, iteration: Int) {
    precondition(tasks.count == taskCount, "TapeTasks.begin: \(tasks.count) tasks for \(taskCount)")
    for (place, task) in tasks.enumerated() { request.tasks[place] = task }
    request.iteration = iteration
    for place in batches.indices { batches[place]?.isDrawn = false }
  }

  @discardableResult
  public func gradient(on slot: BatchSlot, at place: [Float], into gradient: inout [Float]) -> Float {
    let data = prepare(slot, at: place)
    let (family, tape, tasks) = (family, tape, taskCount)
    let loss = tape.gradient(of: point, into: &result) { parameters in
      TapeTasks.total(family.losses(of: self.batches[data]!.data, parameters, on: tape), tasks)
    }
    TapeTasks.copy(result, into: &gradient)
    return loss
  }

  public func hessianProduct(on slot: BatchSlot, at place: [Float], along direction: [Float], into product: inout [Float]) {
    let data = prepare(slot, at: place)
    let (family, tape, tasks) = (family, tape, taskCount)
    TapeTasks.copy(direction, into: &self.direction)
    tape.hessianProduct(of: point, along: self.direction, into: &result) { parameters in
      TapeTasks.total(family.losses(of: self.batches[data]!.data, parameters, on: tape), tasks)
    }
    TapeTasks.copy(result, into: &product)
  }

  /// The loss of each task on a batch. `[tasks]`
  public func losses(on slot: BatchSlot, at place: [Float]) -> [Float] {
    let data = prepare(slot, at: place)
    var losses: [Float] = []
    tape.scope {
      let result = family.losses(of: batches[data]!.data, tape.place(point, differentiable: false), on: tape)
      losses = TapeTasks.checked(result, taskCount).array
    }
    return losses
  }

  /// Puts the parameters in their place and draws the slot's batch if nobody has asked for it. Returns where it is.
  private func prepare(_ slot: BatchSlot, at place: [Float]) -> Int {
    precondition(place.count == count, "TapeTasks: \(place.count) parameters for \(count)")
    precondition(slot.step >= 0 && slot.step < request.stepLimit, "TapeTasks: step \(slot.step) of \(request.stepLimit)")
    TapeTasks.copy(place, into: &point.values)
    let index = slot.purpose.rawValue * request.stepLimit + slot.step
    if batches[index] == nil { batches[index] = (family.makeBatch(), false) }
    if batches[index]!.isDrawn { return index }
    request.slot = slot
    family.draw(request, at: point, into: &batches[index]!.data)
    batches[index]!.isDrawn = true
    return index
  }

  private static func checked(_ losses: Variable, _ tasks: Int) -> Variable {
    precondition(losses.shape.count == tasks, "TaskFamily.losses: \(losses.shape) for \(tasks) tasks")
    return losses
  }

  private static func total(_ losses: Variable, _ tasks: Int) -> Variable { tasks == 1 ? checked(losses, 1) : checked(losses, tasks).sum() }

  private static func copy(_ source: Tensor, into target: inout [Float]) {
    precondition(source.count == target.count, "TapeTasks: \(target.count) numbers for \(source.count) derivatives")
    let numbers = source.span
    var span = target.mutableSpan
    for i in 0..<span.count { span[i] = numbers[i] }
  }

  private static func copy(_ source: [Float], into target: inout Tensor) {
    precondition(source.count == target.count, "TapeTasks: \(source.count) numbers for \(target.count)")
    let numbers = source.span
    var span = target.mutableSpan
    for i in 0..<span.count { span[i] = numbers[i] }
  }

  // MARK: One model and all

  /// Writes one model's parameters for every task.
  func spread(_ model: Tensor, into place: inout [Float]) {
    let tasks = taskCount
    let source = model.span
    var target = place.mutableSpan
    var offset = 0
    for slice in layout.slices {
      let count = slice.shape.count / tasks
      for task in 0..<tasks { for i in 0..<count { target[slice.offset + task * count + i] = source[offset + i] } }
      offset += count
    }
  }

  /// Adds the vectors of all tasks to sums, in the order of tasks. `[parameters of one model]`
  func add(_ vectors: [Float], to sums: inout [Double]) {
    let tasks = taskCount
    let source = vectors.span
    var target = sums.mutableSpan
    var offset = 0
    for slice in layout.slices {
      let count = slice.shape.count / tasks
      for task in 0..<tasks { for i in 0..<count { target[offset + i] += Double(source[slice.offset + task * count + i]) } }
      offset += count
    }
  }
}
