import Tensor

/// What a permutation test says about one sample.
public struct PermutationTest: Sendable, Hashable {
  /// The statistic of the labels as they are.
  public let observed: Double
  /// The one-sided p-value against a statistic that is greater than under chance.
  public let greater: Double
  /// The one-sided p-value against a statistic that is less than under chance.
  public let less: Double

  public init(observed: Double, greater: Double, less: Double) {
    self.observed = observed
    self.greater = greater
    self.less = less
  }
}

extension Statistics {
  /// The seed of every permutation test: a fixed one, so that a p-value is a function of its data.
  static let permutationSeed: UInt64 = 1935

  /// Tests by random permutations whether it matters which item carries which label (Fisher 1935).
  ///
  /// Each p-value is (1 + b) / (1 + n), where b of n permutations of the labels have a statistic at least (at most) as great as the observed
  /// one; it is never zero, and valid for every n (Phipson and Smyth, "Permutation p-values should never be zero", 2010). Statistics that
  /// differ by rounding alone count as equal. O(n) statistics.
  ///
  /// - Parameters:
  ///   - labels: One an item, as observed.
  ///   - repetitions: n
  ///   - index: Tests of different index draw different permutations.
  ///   - statistic: Of the labels in a new order.
  public static func permutationTest(
    _ labels: [Int32], repetitions: Int = 2000, index: Int = 0, statistic: ([Int32]) -> Double
  ) -> PermutationTest {
    precondition(!labels.isEmpty && repetitions > 0, "Statistics.permutationTest: \(labels.count) labels, \(repetitions) repetitions")
    let stream = RandomStream(seed: permutationSeed, purpose: .bootstrap, index: index)
    let observed = statistic(labels)
    let rounding = 1e-12 * observed.magnitude
    var atLeast = 1
    var atMost = 1
    var shuffled = labels
    for repetition in 0..<repetitions {
      stream.shuffle(&shuffled, step: repetition)
      let value = statistic(shuffled)
      // Asked this way round, what is not a number counts against any effect.
      if !(value < observed - rounding) { atLeast += 1 }
      if !(value > observed + rounding) { atMost += 1 }
    }
    let count = Double(repetitions + 1)
    return PermutationTest(observed: observed, greater: Double(atLeast) / count, less: Double(atMost) / count)
  }

  /// The p-value of several independent tests together by Fisher's method: P(χ²₂ₖ ≥ −2 Σ ln pᵢ), which for k tests is
  /// e^(−s) Σ_{j<k} sʲ / j! with s = −Σ ln pᵢ (Fisher, "Statistical methods for research workers", 1932). One for no test.
  ///
  /// - Precondition: every p-value lies in 0 < p ≤ 1.
  public static func fisherCombined(_ values: [Double]) -> Double {
    precondition(values.allSatisfy { $0 > 0 && $0 <= 1 }, "Statistics.fisherCombined: a p-value lies outside 0 < p <= 1")
    guard !values.isEmpty else { return 1 }
    let half = -values.reduce(0) { $0 + Math.log($1) }
    var term = Math.exp(-half)
    var tail = 0.0
    for j in 0..<values.count {
      tail += term
      term *= half / Double(j + 1)
    }
    return min(1, tail)
  }
}

extension ClaimTest {
  /// Claim: a statistic is greater than under chance. One permutation test a seed, combined by Fisher's method.
  ///
  /// It holds when the combined p-value against chance is below `level`, fails when that of the other side is. The statistic of the
  /// result is the geometric mean of the observed ratios with the interval of the mean logarithm; its threshold is one.
  ///
  /// - Parameters:
  ///   - name: The statistic in words.
  ///   - tests: One for each seed; their statistics are ratios that are about one under chance.
  ///   - level: The combined p-value below which the claim is decided.
  public static func permutation(_ name: String, _ tests: [(seed: Int, test: PermutationTest)], level: Double = 0.05) -> Judgement {
    let ratios = SeedValues(seeds: tests.map(\.seed), values: tests.map(\.test.observed))
    var judgement = ratio(name, ratios, to: ratios.map { _ in 1 }, is: .greater, than: 1)
    guard judgement.statistic != nil, tests.count >= fewestSeeds else { return judgement }
    let greater = Statistics.fisherCombined(tests.map(\.test.greater))
    let less = Statistics.fisherCombined(tests.map(\.test.less))
    judgement.verdict = greater < level ? .holds : less < level ? .fails : .inconclusive
    let other = judgement.verdict == .fails ? ", and p = \(fixedText(less, digits: 4)) the other way" : ""
    judgement.note = "\(name): p = \(fixedText(greater, digits: 4)) over \(tests.count) seeds\(other)."
    return judgement
  }
}
