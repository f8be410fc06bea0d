import CKernels
import TestSupport
import Testing

@testable import Tensor

/// Kernels of water-filling games against the same sums number by number, on every CPU level.
@Suite(.serialized) struct GameKernelTests {
  static let shapes: [(frequencies: Int, cells: [Int])] = [
    (1, [1]), (2, [1, 1]), (6, [4, 4, 4]), (5, [7, 1, 2]), (12, [16, 16, 16]), (3, [5, 6]),
  ]

  /// Numbers from a low to a high one.
  static func numbers(_ count: Int, _ low: Double, _ high: Double, seed: Int) -> [Float] {
    var generator = RandomStream(seed: 11, purpose: RandomPurpose(rawValue: 2003), index: seed).generator(step: count)
    return (0..<count).map { _ in Float(generator.uniform(low, high)) }
  }

  static func expectBits(_ results: [[Float]], _ expected: [Float], _ what: String) {
    for (level, result) in results.enumerated() {
      #expect(result.map(\.bitPattern) == expected.map(\.bitPattern), "\(what), level \(level)")
    }
  }

  @Test(arguments: shapes) func interferenceLevelsAreOrderedSums(shape: (frequencies: Int, cells: [Int])) {
    let (frequencies, cells) = shape
    let users = cells.reduce(0, +)
    let pairs = cells.reduce(0) { $0 + $1 * (users - $1) }
    let own = GameKernelTests.numbers(frequencies * users * 8, 0.1, 3, seed: 1)
    let cross = GameKernelTests.numbers(frequencies * pairs * 8, 0, 2, seed: 2)
    let powers = GameKernelTests.numbers(frequencies * users * 8, 0, 1, seed: 3)
    let cellOf = cells.enumerated().flatMap { cell, count in Array(repeating: cell, count: count) }
    var expected = own
    for f in 0..<frequencies {
      for lane in 0..<8 {
        var row = 0
        for user in 0..<users {
          var sum: Float = 0.25
          for sender in 0..<users where cellOf[sender] != cellOf[user] {
            sum += powers[(f * users + sender) * 8 + lane] * cross[(f * pairs + row) * 8 + lane]
            row += 1
          }
          expected[(f * users + user) * 8 + lane] = sum * own[(f * users + user) * 8 + lane]
        }
      }
    }
    for backwards in [Int32(0), 1] {
      let results = EveryLevel.results {
        var levels = [Float](repeating: .nan, count: own.count)
        unsafe cells.withUnsafeBufferPointer { counts in
          var network = unsafe ck_cells_t(
            frequencies: frequencies, users: users, pairs: pairs, cells: cells.count, users_of_cells: counts.baseAddress, noise: 0.25)
          unsafe ck_interference_levels(&network, own, cross, powers, backwards, &levels)
        }
        return levels
      }
      GameKernelTests.expectBits(results, expected, "\(frequencies) frequencies of \(cells), backwards \(backwards)")
    }
  }

  @Test(arguments: [8, 16, 24, 40, 72]) func anticipatedLevelsAreTheFormula(count: Int) {
    let (c, p) = (GameKernelTests.numbers(count, 0.01, 9, seed: 4), GameKernelTests.numbers(count, 0, 4, seed: 5))
    for (forward, given) in [(Int32(1), Float(0)), (0, 0), (0, 0.5)] {
      let expected = zip(c, p).map { c, p in
        let s = forward == 1 ? (c / (c + c + p)).squareRoot() : given
        return (c * c - s * (p * p)) / (c + s * p)
      }
      let results = EveryLevel.results {
        var levels = c
        unsafe ck_anticipated_levels(count, p, forward, given, &levels)
        return levels
      }
      GameKernelTests.expectBits(results, expected, "\(count) levels, forward \(forward), steepness \(given)")
    }
  }

  @Test(arguments: [(1, 1), (2, 3), (6, 12), (12, 5), (7, 4)]) func waterFillingSpendsTheBudget(frequencies: Int, users: Int) {
    let run = users * 8
    // Levels below zero among them, and equal ones.
    var levels = GameKernelTests.numbers(frequencies * run, -2, 2, seed: 6)
    for i in 0..<run where frequencies > 1 && i % 3 == 0 { levels[run + i] = levels[i] }
    let budgets = GameKernelTests.numbers(run, 0.1, 3, seed: 7)
    var comparators: [Int32] = []
    for end in stride(from: frequencies - 1, to: 0, by: -1) { for i in 0..<end { comparators += [Int32(i), Int32(i + 1)] } }
    var expected = [Float](repeating: 0, count: frequencies * run + run)
    for i in 0..<run {
      let sorted = (0..<frequencies).map { levels[$0 * run + i] }.sorted()
      var (sum, water) = (budgets[i] + sorted[0], budgets[i] + sorted[0])
      for k in 1..<max(frequencies, 1) {
        sum += sorted[k]
        water = min(water, sum * (1 / Float(k + 1)))
      }
      var spent = 0.0
      for f in 0..<frequencies {
        expected[f * run + i] = max(0, water - levels[f * run + i])
        spent += Double(expected[f * run + i])
      }
      #expect(abs(spent - Double(budgets[i])) < 1e-5, "\(spent) of a budget of \(budgets[i])")
      expected[frequencies * run + i] = water
    }
    let results = EveryLevel.results {
      var (powers, water) = ([Float](repeating: .nan, count: frequencies * run), [Float](repeating: .nan, count: run))
      var scratch = [Float](repeating: .nan, count: frequencies * 16)
      unsafe ck_water_filling(frequencies, users, comparators.count / 2, comparators, levels, budgets, &scratch, &powers, &water)
      return powers + water
    }
    GameKernelTests.expectBits(results, expected, "\(frequencies) levels of \(users) users")
  }
}
