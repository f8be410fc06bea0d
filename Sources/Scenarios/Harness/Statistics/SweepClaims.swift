/// Claims about curves over a sweep.
extension Readings {
  /// Numbers of a sweep below which it says nothing about a curve.
  public static let fewestNumbers = 3

  /// One judgement on every curve of `schemes` that this run has, at three numbers of the sweep or more; the note names those that
  /// it has not. Nil where nothing was measured.
  ///
  /// - Parameters:
  ///   - metric: By its name in the table.
  ///   - schemes: By their names in the table.
  ///   - test: Judges the curve of a scheme, with its name in words, over the numbers that it has.
  public func everyCurve(
    _ metric: String, of schemes: [String], _ test: (_ scheme: String, _ name: String, _ numbers: [Int]) -> [Judgement]
  ) -> Judgement? {
    let curves = present(metric, of: schemes, atLeast: Readings.fewestNumbers)
    guard !curves.isEmpty else {
      guard !present(metric, of: schemes).isEmpty else { return nil }
      return Judgement(.inconclusive, statistic: nil, threshold: nil, seeds: 0, note: "At least three numbers of \(coordinate) are needed.")
    }
    let parts = curves.flatMap { test($0, name($0), numbers(metric, of: [$0])) }
    let absent = schemes.filter { !curves.contains($0) }.map(name)
    return ClaimTest.every(parts).noted(absent.isEmpty ? "" : "Without \(absent.joined(separator: ", ")).")
  }

  /// Claim: every curve grows with the number. Its statistic is the mean over the seeds of ``Statistics/trend(_:_:)``.
  public func growth(_ metric: String, of schemes: [String], atLeast threshold: Double) -> Judgement? {
    everyCurve(metric, of: schemes) { scheme, name, numbers in
      let trends = reading(metric, of: scheme, over: numbers) { Statistics.trend(numbers.map { Double($0) }, $0) }
      return [ClaimTest.mean("Spearman correlation with \(symbol), \(name)", of: trends.values, is: .atLeast, than: threshold)]
    }
  }

  /// Claim: every curve grows from each number to the next, and the slower the greater the number is.
  ///
  /// - Parameters:
  ///   - metric: By its name in the table.
  ///   - words: The metric, for the names of statistics.
  ///   - schemes: By their names in the table.
  public func saturation(_ metric: String, _ words: String, of schemes: [String]) -> Judgement? {
    everyCurve(metric, of: schemes) { scheme, name, numbers in
      let values = numbers.map { reading(metric, of: scheme, at: $0).values }
      let slopes = (1..<numbers.count).map { index in
        (values[index] - values[index - 1]).map { $0 / Double(numbers[index] - numbers[index - 1]) }
      }
      return slopes.map { ClaimTest.mean("slope of the \(words), \(name)", of: $0, is: .greater, than: 0) }
        + zip(slopes, slopes.dropFirst()).map { ClaimTest.difference("change of slope, \(name)", $1, minus: $0, is: .less) }
    }
  }

  /// A judgement over `numbers` on a claim about a whole sweep: one or two of them say how it was there, and nothing about the sweep.
  ///
  /// - Parameters:
  ///   - judgement: What was found over `numbers`.
  ///   - numbers: Those of the sweep that were measured.
  ///   - range: The ends of the sweep that the claim is about.
  public func judgement(_ judgement: Judgement, over numbers: [Int], ofSweep range: ClosedRange<Int>) -> Judgement {
    guard numbers.count < Readings.fewestNumbers else { return judgement }
    let place = meanPlace(numbers)
    var judgement = judgement.noted("\(place) alone does not decide a claim about \(symbol) from \(range.lowerBound) to \(range.upperBound).")
    judgement.verdict = .inconclusive
    return judgement
  }
}
