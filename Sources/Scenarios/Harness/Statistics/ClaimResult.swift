/// What a pre-stated test says about a claim.
public enum Verdict: String, Sendable, CaseIterable {
  /// The 95 % interval lies wholly on the claimed side.
  case holds
  /// It lies wholly on the other side.
  case fails
  /// The claim is one of equality, and the interval lies within its tolerance.
  case tie
  /// Neither.
  case inconclusive
}

/// A measured number with its 95 % interval.
public struct Statistic: Sendable, Hashable {
  public var name: String
  public var value: Double
  public var low: Double
  public var high: Double

  public init(_ name: String, value: Double, low: Double, high: Double) {
    self.name = name
    self.value = value
    self.low = low
    self.high = high
  }
}

/// The outcome of a test.
public struct Judgement: Sendable, Hashable {
  public var verdict: Verdict
  /// Nil when nothing was measured.
  public var statistic: Statistic?
  public var threshold: Double?
  /// The number of seeds behind the statistic; zero for a claim that is computed exactly.
  public var seeds: Int
  public var note: String

  public init(_ verdict: Verdict, statistic: Statistic?, threshold: Double?, seeds: Int, note: String = "") {
    self.verdict = verdict
    self.statistic = statistic
    self.threshold = threshold
    self.seeds = seeds
    self.note = note
  }
}

/// A claim with its verdict.
public struct ClaimResult: Sendable, Hashable {
  public var claim: ClaimDescription
  public var judgement: Judgement

  public init(_ claim: ClaimDescription, _ judgement: Judgement) {
    self.claim = claim
    self.judgement = judgement
  }

  /// As in `claims.json`.
  public var json: JSON {
    let statistic = judgement.statistic
    return [
      "id": .string(claim.id), "figure": JSON(claim.figure), "text": .string(claim.text), "verdict": .string(judgement.verdict.rawValue),
      "statistic": [
        "name": .string(statistic?.name ?? "not measured"), "value": JSON(statistic?.value), "low": JSON(statistic?.low),
        "high": JSON(statistic?.high),
      ],
      "threshold": JSON(judgement.threshold), "seeds": JSON(judgement.seeds), "note": .string(judgement.note),
    ]
  }
}
