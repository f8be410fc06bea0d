import CAllocations
import Channels
import Tensor
import Testing

@Suite struct AssignmentTests {
  /// The greatest sum over all one-to-one choices, by trying each: row by row a free column, or none where rows are more than columns.
  private func best(_ weights: [Float], _ rows: Int, _ columns: Int, from row: Int = 0, _ taken: Set<Int> = [], spare: Int) -> Double {
    if row == rows { return 0 }
    var greatest = -Double.infinity
    if spare > 0 { greatest = best(weights, rows, columns, from: row + 1, taken, spare: spare - 1) }
    for column in 0..<columns where !taken.contains(column) {
      let rest = best(weights, rows, columns, from: row + 1, taken.union([column]), spare: spare)
      greatest = max(greatest, Double(weights[row * columns + column]) + rest)
    }
    return greatest
  }

  /// Doubles are exact on these weights, multiples of 1/64 below 8, so that the sums are equal and not only close.
  @Test(arguments: [(1, 1), (1, 5), (5, 1), (3, 3), (4, 6), (6, 4), (5, 5), (2, 7)])
  func findsWhatTryingAllFinds(rows: Int, columns: Int) {
    var assignment = Assignment(rows: 7, columns: 7)
    var chosen = Array(repeating: Int32(-5), count: 8)
    for trial in 0..<60 {
      var generator = RandomStream(seed: 5, purpose: .environment, index: rows * 10 + columns).generator(step: trial)
      // Few values in every third trial, so that there are ties.
      let levels = trial % 3 == 0 ? 3 : 512
      let weights = (0..<rows * columns).map { _ in Float(generator.integer(below: levels) - levels / 2) / 64 }
      assignment.maximize(weights, rows: rows, columns: columns, into: &chosen)
      let used = chosen[..<rows].filter { $0 >= 0 }
      #expect(Set(used).count == used.count && used.count == min(rows, columns) && used.allSatisfy { $0 < columns })
      var sum = 0.0
      for row in 0..<rows where chosen[row] >= 0 { sum += Double(weights[row * columns + Int(chosen[row])]) }
      #expect(sum == best(weights, rows, columns, spare: max(rows - columns, 0)), "\(weights)")
      #expect(chosen[rows...].allSatisfy { $0 == -5 })
    }
  }

  /// A greedy choice gives 9 + 0; by hand 8 + 7 is best.
  @Test func isNotGreedy() {
    var assignment = Assignment(rows: 2, columns: 2)
    var chosen: [Int32] = [0, 0]
    let weights: [Float] = [9, 8, 7, 0]
    assignment.maximize(weights, rows: 2, columns: 2, into: &chosen)
    #expect(chosen == [1, 0])
  }

  @Test func tiesAlwaysEndAlike() {
    var assignment = Assignment(rows: 3, columns: 5)
    var chosen: [Int32] = [0, 0, 0]
    let weights = Array(repeating: Float(1), count: 15)
    assignment.maximize(weights, rows: 3, columns: 5, into: &chosen)
    #expect(chosen == [0, 1, 2])
    assignment.maximize(weights, rows: 0, columns: 5, into: &chosen)
    #expect(chosen == [0, 1, 2])
  }

  @Test func allocatesNothing() {
    var assignment = Assignment(rows: 10, columns: 16)
    var chosen = Array(repeating: Int32(0), count: 10)
    var weights = Array(repeating: Float(0), count: 160)
    RandomStream(seed: 1, purpose: .environment).fill(&weights, with: .uniform)
    assignment.maximize(weights, rows: 10, columns: 16, into: &chosen)
    allocations_watch()
    assignment.maximize(weights, rows: 10, columns: 16, into: &chosen)
    #expect(allocations_seen().requests == 0)
  }
}
