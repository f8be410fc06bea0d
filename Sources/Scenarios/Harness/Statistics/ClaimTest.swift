import Tensor

/// The pre-stated tests of claims: pure functions from measured numbers to a verdict.
///
/// A claim of an inequality `holds` when the whole 95 % interval of its statistic lies on the claimed side of the threshold and
/// `fails` when it lies wholly on the other. A claim of equality is a `tie` when the interval lies within the tolerance. Everything
/// else is `inconclusive`, and so is every comparison of fewer than three seeds. A claim that is computed exactly has no seeds.
public enum ClaimTest {
  /// On which side of the threshold the claim puts its statistic.
  public enum Side: Sendable, Hashable {
    case greater, less
    /// The threshold itself is on the claimed side.
    case atLeast, atMost
  }

  /// Seeds below which no comparison is made.
  static let fewestSeeds = 3

  /// Claim: on average over the seeds `first − second` is greater (less) than `threshold`. Both are paired by seed.
  public static func difference(
    _ name: String, _ first: SeedValues, minus second: SeedValues, is side: Side, than threshold: Double = 0
  ) -> Judgement {
    mean(name, of: first - second, is: side, than: threshold)
  }

  /// Claim: as ``difference(_:_:minus:is:than:)`` against zero, except that a difference whose interval lies within the tolerance is a
  /// `tie` on whichever side it is.
  public static func difference(
    _ name: String, _ first: SeedValues, minus second: SeedValues, is side: Side, tieWithin tolerance: Double
  ) -> Judgement {
    let equal = equality(name, first, second, tolerance: tolerance)
    return equal.verdict == .tie ? equal : difference(name, first, minus: second, is: side)
  }

  /// Claim: the mean over the seeds is greater (less) than `threshold`.
  public static func mean(_ name: String, of values: SeedValues, is side: Side, than threshold: Double) -> Judgement {
    judge(name, values, threshold: threshold) { statistic in
      switch side {
      case .greater: statistic.low > threshold ? .holds : statistic.high < threshold ? .fails : .inconclusive
      case .less: statistic.high < threshold ? .holds : statistic.low > threshold ? .fails : .inconclusive
      case .atLeast: statistic.low >= threshold ? .holds : statistic.high < threshold ? .fails : .inconclusive
      case .atMost: statistic.high <= threshold ? .holds : statistic.low > threshold ? .fails : .inconclusive
      }
    } margin: {
      abs($0 - threshold)
    }
  }

  /// Claim: the geometric mean over the seeds of `first / second` is greater (less) than `threshold`. The interval is that of the
  /// mean logarithm, taken back.
  ///
  /// All values must be positive; otherwise the judgement is inconclusive.
  public static func ratio(_ name: String, _ first: SeedValues, to second: SeedValues, is side: Side, than threshold: Double) -> Judgement {
    let ratios = first.paired(with: second) { $0 > 0 && $1 > 0 ? $0 / $1 : .nan }
    guard ratios.values.allSatisfy({ $0 > 0 }) else {
      return Judgement(.inconclusive, statistic: nil, threshold: threshold, seeds: ratios.count, note: "A ratio needs positive values.")
    }
    var judgement = mean(name, of: ratios.map(Math.log), is: side, than: Math.log(threshold))
    judgement.threshold = threshold
    judgement.statistic = judgement.statistic.map {
      Statistic($0.name, value: Math.exp($0.value), low: Math.exp($0.low), high: Math.exp($0.high))
    }
    return judgement
  }

  /// Claim: `first` and `second`, paired by seed, are equal up to `tolerance` on average over the seeds. The threshold of the result
  /// is the tolerance; the claim `fails` when the whole interval lies beyond it.
  public static func equality(_ name: String, _ first: SeedValues, _ second: SeedValues, tolerance: Double) -> Judgement {
    judge(name, first - second, threshold: tolerance) { statistic in
      if statistic.low >= -tolerance && statistic.high <= tolerance { return .tie }
      return statistic.low > tolerance || statistic.high < -tolerance ? .fails : .inconclusive
    } margin: {
      abs(abs($0) - tolerance)
    }
  }

  /// Claim: the mean over the seeds lies in `range`. The threshold of the result is the end of the range that is closer to the mean.
  public static func within(_ name: String, _ values: SeedValues, in range: ClosedRange<Double>) -> Judgement {
    let center = values.isEmpty ? range.lowerBound : Statistics.mean(values.values)
    let end = nearestEnd(of: range, to: center)
    return judge(name, values, threshold: end) { statistic in
      if range.contains(statistic.low) && range.contains(statistic.high) { return .holds }
      return statistic.low > range.upperBound || statistic.high < range.lowerBound ? .fails : .inconclusive
    } margin: {
      abs($0 - end)
    }
  }

  /// Claim: a number that is computed without any chance is greater (less) than `threshold`.
  public static func exact(_ name: String, _ value: Double, is side: Side, than threshold: Double, note: String = "") -> Judgement {
    let holds =
      switch side {
      case .greater: value > threshold
      case .less: value < threshold
      case .atLeast: value >= threshold
      case .atMost: value <= threshold
      }
    let statistic = Statistic(name, value: value, low: value, high: value)
    return Judgement(holds ? .holds : .fails, statistic: statistic, threshold: threshold, seeds: 0, note: note)
  }

  /// Claim: a number that is computed without any chance lies in `range`. The threshold is the end of the range closer to it.
  public static func exact(_ name: String, _ value: Double, in range: ClosedRange<Double>, note: String = "") -> Judgement {
    let statistic = Statistic(name, value: value, low: value, high: value)
    let end = nearestEnd(of: range, to: value)
    return Judgement(range.contains(value) ? .holds : .fails, statistic: statistic, threshold: end, seeds: 0, note: note)
  }

  /// Claim: several at once. It holds when each of them holds (a tie of equality counts as holding), fails when one fails.
  /// The statistic is that of the judgement that decides, with the least favourable margin among equals.
  ///
  /// No correction for the number of comparisons is due: the chance that all of them hold wrongly is at most that of one
  /// (Berger 1982, intersection-union tests).
  public static func every(_ parts: [Judgement]) -> Judgement {
    precondition(!parts.isEmpty, "ClaimTest.every: there is nothing to judge")
    func severity(_ part: Judgement) -> Int {
      switch part.verdict {
      case .fails: 0
      case .inconclusive: 1
      case .holds, .tie: 2
      }
    }
    func margin(_ part: Judgement) -> Double {
      guard let statistic = part.statistic, let threshold = part.threshold else { return -.infinity }
      return min(abs(statistic.low - threshold), abs(statistic.high - threshold))
    }
    let worst = parts.map(severity).min()!
    let deciding = parts.enumerated().filter { severity($0.element) == worst }
      .min { (margin($0.element), $0.offset) < (margin($1.element), $1.offset) }!.element
    var result = deciding
    result.verdict = worst == 0 ? .fails : worst == 1 ? .inconclusive : parts.allSatisfy { $0.verdict == .tie } ? .tie : .holds
    let met = parts.count { severity($0) == 2 }
    let count = "\(met) of \(parts.count) comparisons hold."
    result.note = result.note.isEmpty ? count : "\(count) \(result.note)"
    return result
  }

  /// Claim that this run cannot judge.
  ///
  /// - Parameter advice: What to run instead, for example `bench reproduce d2d --figure 7`.
  public static func notCovered(run advice: String) -> Judgement {
    Judgement(.inconclusive, statistic: nil, threshold: nil, seeds: 0, note: "Not covered by this run; run: \(advice)")
  }

  private static func nearestEnd(of range: ClosedRange<Double>, to value: Double) -> Double {
    abs(value - range.lowerBound) <= abs(value - range.upperBound) ? range.lowerBound : range.upperBound
  }

  /// The verdict over the interval of a mean, with the number of seeds that it would need where it is inconclusive.
  ///
  /// - Parameter margin: How far a mean is from the bound that decides.
  private static func judge(
    _ name: String, _ values: SeedValues, threshold: Double, verdict: (Statistic) -> Verdict, margin: (Double) -> Double
  ) -> Judgement {
    guard !values.isEmpty else {
      let note = "No seed was measured; at least \(fewestSeeds) are needed."
      return Judgement(.inconclusive, statistic: nil, threshold: threshold, seeds: 0, note: note)
    }
    guard values.values.allSatisfy(\.isFinite) else {
      return Judgement(.inconclusive, statistic: nil, threshold: threshold, seeds: values.count, note: "A measured value is not finite.")
    }
    let statistic = Statistics.meanInterval(values.values, named: name)
    guard values.count >= fewestSeeds else {
      return Judgement(
        .inconclusive, statistic: statistic, threshold: threshold, seeds: values.count,
        note: "\(values.count) \(values.count == 1 ? "seed is" : "seeds are") too few to compare; at least \(fewestSeeds) are needed.")
    }
    let result = verdict(statistic)
    var note = ""
    if result == .inconclusive {
      let needed = seedsNeeded(standardDeviation: Statistics.standardDeviation(values.values), margin: margin(statistic.value))
      note =
        needed.map { "About \(max($0, values.count + 1)) seeds would decide if mean and spread stay as they are." }
        ?? "More than \(mostSeeds) seeds would be needed if mean and spread stay as they are."
    }
    return Judgement(result, statistic: statistic, threshold: threshold, seeds: values.count, note: note)
  }

  static let mostSeeds = 1000

  /// The fewest seeds whose Student interval is narrower than the margin to both sides: t₀.₉₇₅,ₙ₋₁ s / √n < margin.
  static func seedsNeeded(standardDeviation: Double, margin: Double) -> Int? {
    var low = fewestSeeds - 1
    var high = mostSeeds
    guard Statistics.studentHalfWidth(standardDeviation: standardDeviation, count: high) < margin else { return nil }
    while high - low > 1 {
      let middle = (low + high) / 2
      if Statistics.studentHalfWidth(standardDeviation: standardDeviation, count: middle) < margin { high = middle } else { low = middle }
    }
    return high
  }
}
