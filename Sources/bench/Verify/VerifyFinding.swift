import Scenarios

/// What the trials of a known answer came to.
struct VerifyFinding {
  let answer: KnownAnswer
  /// One number a trial.
  let numbers: [Double]
  /// The statistic that the criterion asks for, with its 95 % interval; for a criterion of every trial the smallest and the largest.
  let measured: Double
  let low: Double
  let high: Double
  let isMet: Bool

  init(_ answer: KnownAnswer, _ numbers: [Double]) {
    self.answer = answer
    self.numbers = numbers
    switch answer.criterion {
    case .equals(let expected, let tolerance):
      measured = Statistics.mean(numbers)
      (low, high) = (numbers.min() ?? .nan, numbers.max() ?? .nan)
      isMet = !numbers.isEmpty && numbers.allSatisfy { abs($0 - expected) <= tolerance }
    case .mean(let range):
      let interval = Statistics.meanInterval(numbers)
      (measured, low, high) = (interval.value, interval.low, interval.high)
      isMet = range.contains(measured)
    case .interquartileMean(let least, let floor):
      let interval = Statistics.interquartileMeanInterval([numbers])
      (measured, low, high) = (interval.value, interval.low, interval.high)
      isMet = measured >= least && numbers.allSatisfy { $0 >= floor }
    }
  }

  var verdict: String { isMet ? "met" : "missed" }

  var json: JSON {
    [
      "name": .string(answer.name), "task": .string(answer.task), "source": .string(answer.source), "expected": .string(answer.expected),
      "measured": JSON(measured), "low": JSON(low), "high": JSON(high), "trials": .array(numbers.map { JSON($0) }), "verdict": .string(verdict),
    ]
  }
}

extension KnownAnswer {
  /// The criterion in words.
  var expected: String {
    switch criterion {
    case .equals(let value, 0): "\(value)"
    case .equals(let value, let tolerance): "\(value) ± \(tolerance)"
    case .mean(let range) where range.upperBound == .infinity: "a mean of at least \(range.lowerBound)"
    case .mean(let range) where range.lowerBound == -.infinity: "a mean of at most \(range.upperBound)"
    case .mean(let range): "a mean of \(range.lowerBound) to \(range.upperBound)"
    case .interquartileMean(let least, let floor): "an interquartile mean of at least \(least), none below \(floor)"
    }
  }
}
