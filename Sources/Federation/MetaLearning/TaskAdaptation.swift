import Tensor

/// Adapts a model to tasks as a meta-learner's inner loop does, and measures what that brings.
///
/// Held-out tasks are numbers that the meta-learner does not use.
public struct TaskAdaptation<Family: TaskFamily>: Sendable {
  public let family: Family
  /// The inner rate, the adapted part, the support and how many tasks are stacked.
  public let configuration: MetaConfiguration

  public init(_ family: Family, _ configuration: MetaConfiguration) {
    self.family = family
    self.configuration = configuration
  }

  /// The parameters after inner steps on one task.
  ///
  /// - Parameters:
  ///   - start: Where the steps begin: one model.
  ///   - task: The number of the task.
  ///   - steps: How many; those of the configuration where nothing is said.
  ///   - iteration: Which of the task's data.
  public func parameters(_ start: Parameters, adaptedTo task: Int, steps: Int? = nil, iteration: Int = 0) -> Parameters {
    var course = Course(self, start, [task], steps: steps ?? configuration.innerSteps)
    course.begin(start, iteration: iteration)
    for step in 0..<course.steps { course.advance(step) }
    var result = start
    // A stack of one model has the order of the model itself.
    result.values = Tensor(course.place)
    return result
  }

  /// The losses of tasks behind 0, 1, … inner steps, on the query. `[steps + 1, tasks]`
  ///
  /// With `SupportBatches.fresh` every one of them is taken on fresh data, else all on the same.
  /// - Parameters:
  ///   - start: Where the steps begin: one model.
  ///   - tasks: The numbers of the tasks.
  ///   - steps: How many inner steps are taken.
  ///   - iteration: Which of the tasks' data.
  ///   - threads: Groups of tasks at a time; changes time only.
  public func losses(from start: Parameters, tasks: Range<Int>, steps: Int, iteration: Int = 0, threads: Int = 1) -> [[Double]] {
    let together = configuration.tasksTogether
    var courses = stride(from: tasks.lowerBound, to: tasks.upperBound, by: together).map { first in
      Course(self, start, Array(first..<min(first + together, tasks.upperBound)), steps: steps)
    }
    let isFresh = configuration.support == .fresh
    Parallel.forEach(&courses, threads: threads) { course, _, _ in
      course.begin(start, iteration: iteration)
      for step in 0...steps {
        if step > 0 { course.advance(step - 1) }
        course.losses.append(course.tasks.losses(on: BatchSlot(.query, step: isFresh ? step : 0), at: course.place))
      }
    }
    return (0...steps).map { step in courses.flatMap { course in course.losses[step].map { Double($0) } } }
  }

  /// The mean of ``losses(from:tasks:steps:iteration:threads:)`` over tasks. `[steps + 1]`
  public func meanLosses(from start: Parameters, tasks: Range<Int>, steps: Int, iteration: Int = 0, threads: Int = 1) -> [Double] {
    losses(from: start, tasks: tasks, steps: steps, iteration: iteration, threads: threads).map { $0.reduce(0, +) / Double($0.count) }
  }

  /// Tasks on their way.
  private struct Course {
    let steps: Int
    let numbers: [Int]
    let isFresh: Bool
    var tasks: TapeTasks<Family>
    var rule: MetaGradient<Float>
    var place: [Float]
    var losses: [[Float]] = []

    init(_ adaptation: TaskAdaptation, _ start: Parameters, _ numbers: [Int], steps: Int) {
      let configuration = adaptation.configuration
      if let objection = configuration.objection(to: start.layout) { preconditionFailure("TaskAdaptation: \(objection)") }
      (self.numbers, self.steps, isFresh) = (numbers, steps, configuration.support == .fresh)
      tasks = TapeTasks(
        adaptation.family, start.layout, tasks: numbers.count, isStacked: configuration.tasksTogether > 1, steps: steps + 1)
      rule = MetaGradient(configuration, adapting: configuration.adapted.ranges(in: tasks.layout))
      place = Array(repeating: 0, count: tasks.count)
    }

    mutating func begin(_ start: Parameters, iteration: Int) {
      tasks.begin(numbers[...], iteration: iteration)
      tasks.spread(start.values, into: &place)
    }

    mutating func advance(_ step: Int) {
      rule.adapt(&tasks, from: place, steps: 1, first: isFresh ? step : 0)
      for (i, number) in rule.adapted(after: 1).enumerated() { place[i] = number }
    }
  }
}
