import Tensor

/// What one piece of work needs: tasks that are evaluated together, with buffers of its own.
///
/// It holds nothing that outlives an iteration. A meta-learner and its copy share it, so that only one of them may run at a time.
final class MetaGroup<Family: TaskFamily>: @unchecked Sendable {
  /// Which tasks of the iteration it has.
  let range: Range<Int>
  var tasks: TapeTasks<Family>
  var rule: MetaGradient<Float>
  var place: [Float]
  var direction: [Float]
  var losses: (before: Float, after: Float) = (0, 0)

  init(_ family: Family, _ layout: Layout, _ configuration: MetaConfiguration, range: Range<Int>, localSteps: Int = 1) {
    self.range = range
    let steps = max(configuration.innerSteps, 1) * localSteps
    tasks = TapeTasks(family, layout, tasks: range.count, isStacked: configuration.tasksTogether > 1, steps: steps)
    rule = MetaGradient(configuration, adapting: configuration.adapted.ranges(in: tasks.layout))
    place = Array(repeating: 0, count: tasks.count)
    direction = place
  }

  /// As many groups as the tasks of an iteration make; the division depends on the configuration alone, never on threads.
  static func groups(_ family: Family, _ layout: Layout, _ configuration: MetaConfiguration, tasks: Int, localSteps: Int = 1) -> [MetaGroup] {
    stride(from: 0, to: tasks, by: configuration.tasksTogether).map { first in
      let range = first..<min(first + configuration.tasksTogether, tasks)
      return MetaGroup(family, layout, configuration, range: range, localSteps: localSteps)
    }
  }

  /// The direction of every task of an iteration.
  func evaluate(_ chosen: [Int], iteration: Int, at model: Tensor) {
    tasks.begin(chosen[range], iteration: iteration)
    tasks.spread(model, into: &place)
    losses = rule.evaluate(&tasks, at: place, into: &direction)
  }

  /// Local steps of every user of a round.
  func descend(_ chosen: [Int], iteration: Int, from model: Tensor, steps: Int, rate: Float) {
    tasks.begin(chosen[range], iteration: iteration)
    tasks.spread(model, into: &place)
    losses = rule.descend(&tasks, from: &place, steps: steps, rate: rate, direction: &direction)
  }

  /// The mean over all tasks of a vector of each, added up in `Double` in the order of tasks.
  ///
  /// - Parameters:
  ///   - vectors: Which one. A closure, because a key path of a generic type takes memory at every use.
  ///   - sums: Room for the sums. `[parameters of one model]`
  static func mean(of groups: [MetaGroup], _ vectors: (MetaGroup) -> [Float], tasks: Int, sums: inout [Double], into mean: inout Tensor) {
    for i in sums.indices { sums[i] = 0 }
    for group in groups { group.tasks.add(vectors(group), to: &sums) }
    var span = mean.mutableSpan
    for i in 0..<span.count { span[i] = Float(sums[i] / Double(tasks)) }
  }
}

/// The losses of the tasks of an iteration, their means.
public struct MetaLosses: Hashable, Sendable {
  /// On the batch of the first inner step, before it.
  public var before: Double
  /// On the last batch, behind all inner steps.
  public var after: Double

  init(_ groups: [MetaGroup<some TaskFamily>], tasks: Int) {
    (before, after) = (0, 0)
    for group in groups {
      before += Double(group.losses.before)
      after += Double(group.losses.after)
    }
    (before, after) = (before / Double(tasks), after / Double(tasks))
  }
}
