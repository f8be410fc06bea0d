import Tensor
import Testing

@testable import Federation

@Suite struct MetaGroupTests {
  /// Seven tasks, three together: two groups of three and one of one. The mean over tasks is that of 0 … 6 times what each parameter counts.
  @Test func tasksAreDividedInOrderAndAveraged() {
    var configuration = MetaConfiguration()
    configuration.tasksTogether = 3
    let groups = MetaGroup.groups(QuadraticFamily(), QuadraticFamily.layout, configuration, tasks: 7)
    #expect(groups.map(\.range) == [0..<3, 3..<6, 6..<7])
    for group in groups {
      let models = group.range.map { Parameters(quadratic: Float($0), Float(10 * $0)) }
      group.direction = Parameters(stacking: models).values.array
      group.losses = (Float(group.range.count), 2 * Float(group.range.count))
      group.tasks.spread(Tensor([5, 6]), into: &group.place)
      #expect(group.place == Parameters(stacking: group.range.map { _ in Parameters(quadratic: 5, 6) }).values.array)
    }
    var (sums, mean) = ([0.0, 0], Tensor(zeros: [2]))
    MetaGroup.mean(of: groups, \.direction, tasks: 7, sums: &sums, into: &mean)
    #expect(mean.array == [3, 30] && sums == [21, 210])
    let losses = MetaLosses(groups, tasks: 7)
    #expect(losses.before == 1 && losses.after == 2)
  }
}
