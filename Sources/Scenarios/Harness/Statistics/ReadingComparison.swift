extension ClaimTest {
  /// Compares each of the first readings with each of the second, in this order.
  ///
  /// - Parameters:
  ///   - words: What is compared; the name of a statistic is "`words` of A minus B, place of A".
  ///   - first: The readings A.
  ///   - second: The readings B.
  ///   - joint: The word between A and B.
  ///   - test: Judges one pair under its name.
  public static func each(
    _ words: String, of first: [Reading], and second: [Reading], joint: String = "minus", test: (String, Reading, Reading) -> Judgement
  ) -> [Judgement] {
    first.flatMap { a in second.map { b in test("\(words) of \(a.name) \(joint) \(b.name), \(a.place)", a, b) } }
  }

  /// Claims that each of the first readings is greater (less) than each of the second, on average over the seeds that both have.
  public static func differences(_ words: String, of first: [Reading], minus second: [Reading], are side: Side) -> [Judgement] {
    each(words, of: first, and: second) { difference($0, $1.values, minus: $2.values, is: side) }
  }

  /// All comparisons as one claim, with the names of the readings that are missing. Nil where nothing was measured.
  ///
  /// What is missing cannot hold: the judgement is inconclusive then, unless a comparison that could be made fails.
  ///
  /// - Parameters:
  ///   - parts: The comparisons; those without a seed do not count as made.
  ///   - readings: All that they need.
  public static func together(_ parts: [Judgement], of readings: [Reading]) -> Judgement? {
    let missing = readings.filter(\.values.isEmpty)
    guard missing.count < readings.count else { return nil }
    var places: [String] = []
    for reading in missing where !places.contains(reading.place) { places.append(reading.place) }
    let list = places.map { place in
      missing.filter { $0.place == place }.map(\.name).joined(separator: ", ") + " at " + place.replacing("mean over ", with: "")
    }
    let made = parts.filter { $0.seeds > 0 }
    let apart = made.count < parts.count ? "Some comparisons have no seed in common." : ""
    let note = missing.isEmpty ? apart : "Needs \(list.joined(separator: "; "))."
    guard !made.isEmpty else { return Judgement(.inconclusive, statistic: nil, threshold: nil, seeds: 0, note: note) }
    var result = made.count == 1 ? made[0] : every(made)
    if (!missing.isEmpty || made.count < parts.count) && result.verdict != .fails { result.verdict = .inconclusive }
    return result.noted(note)
  }

  /// Claim: each of the first readings is greater than each of the second by more than a share of the second's mean.
  ///
  /// Being as good as another is not being better: where nothing fails and everything is decided, one tie makes the whole a tie. The note
  /// lists the pairs by their verdict. Nil where nothing was measured.
  ///
  /// - Parameters:
  ///   - words: What is compared; the name of a statistic is "`words` of A minus B, place of A".
  ///   - first: The readings A, which should be greater.
  ///   - second: The readings B, which should be less.
  ///   - share: A difference whose whole interval lies within this share of the second's mean is a tie.
  public static func superiority(_ words: String, of first: [Reading], over second: [Reading], tieWithin share: Double) -> Judgement? {
    var made: [(verdict: Verdict, pair: String)] = []
    let parts = each(words, of: first, and: second) { name, a, b in
      let tolerance = b.values.isEmpty ? 0 : share * Statistics.mean(b.values.values).magnitude
      let part = difference(name, a.values, minus: b.values, is: .greater, tieWithin: tolerance)
      if part.seeds > 0 { made.append((part.verdict, "\(a.name) above \(b.name)")) }
      return part
    }
    guard var result = together(parts, of: first + second) else { return nil }
    if result.verdict == .holds, let tie = parts.first(where: { $0.verdict == .tie }) {
      (result.verdict, result.statistic, result.threshold, result.seeds) = (.tie, tie.statistic, tie.threshold, tie.seeds)
    }
    let list = Verdict.allCases.compactMap { verdict -> String? in
      let pairs = made.filter { $0.verdict == verdict }.map(\.pair)
      return pairs.isEmpty ? nil : "\(verdict.rawValue): \(pairs.joined(separator: ", "))"
    }
    return result.noted(list.isEmpty ? "" : list.joined(separator: "; ") + ".")
  }
}

extension Judgement {
  /// The judgement with more sentences behind its note; empty ones are left out.
  public func noted(_ notes: [String]) -> Judgement {
    var judgement = self
    judgement.note = ([note] + notes).filter { !$0.isEmpty }.joined(separator: " ")
    return judgement
  }

  public func noted(_ notes: String...) -> Judgement { noted(notes) }

  /// The judgement with a note if it rests on fewer seeds than the claim asks for.
  ///
  /// - Parameters:
  ///   - wanted: How many the claim asks for.
  ///   - words: What a seed is here, in the plural.
  public func wanting(_ wanted: Int, _ words: String = "seeds") -> Judgement {
    seeds >= wanted || seeds == 0 ? self : noted("At least \(wanted) \(words) are wanted for this claim; this run has \(seeds).")
  }
}
