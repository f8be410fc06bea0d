import Tensor

/// Claims 1 to 16: what the paper says about its Figs. 6 to 11.
extension D2DClaims {
  // MARK: Figure 6: learning at N = 10

  var maximumReward: Judgement? {
    let proposed = D2DReadings.proposed.map { read.reading("totalReward", $0, 10) }
    let others = D2DReadings.independent.map { read.reading("totalReward", $0, 10) }
    var made: [(verdict: Verdict, pair: String)] = []
    let parts = compare("total reward", proposed, others) { name, first, second in
      let tolerance = second.values.isEmpty ? 0 : 0.005 * Statistics.mean(second.values.values).magnitude
      let part = ClaimTest.difference(name, first.values, minus: second.values, is: .greater, tieWithin: tolerance)
      if part.seeds > 0 { made.append((part.verdict, "\(first.name) above \(second.name)")) }
      return part
    }
    guard var result = decided(parts, of: proposed + others) else { return nil }
    // Being as good as another is not being better: here a tie does not count as holding.
    if result.verdict == .holds, let tie = parts.first(where: { $0.verdict == .tie }) {
      (result.verdict, result.statistic, result.threshold, result.seeds) = (.tie, tie.statistic, tie.threshold, tie.seeds)
    }
    let list = Verdict.allCases.compactMap { verdict -> String? in
      let pairs = made.filter { $0.verdict == verdict }.map(\.pair)
      return pairs.isEmpty ? nil : "\(verdict.rawValue): \(pairs.joined(separator: ", "))"
    }
    return noted(result, [list.isEmpty ? "" : list.joined(separator: "; ") + ".", "Executed policies; a difference within 0.5 % is a tie."])
  }

  var convergenceTime: Judgement? {
    var parts: [Judgement] = []
    var readings: [D2DReadings.Reading] = []
    var notes = ["Counted from the end of the random slots (deviation 26)."]
    for scheme in D2DReadings.proposed {
      let (name, gains) = (D2DReadings.name(scheme), read.gains(scheme, over: "random", 10))
      let slots = D2DReadings.settlingSlots(gains)
      readings.append(D2DReadings.Reading(name: name, place: "N = 10 (learning curve)", values: slots))
      if let short = tooShort(gains, threshold: 60) {
        parts.append(short)
        continue
      }
      parts.append(ClaimTest.mean("slots to 90 % of the final gain, \(name)", of: slots, is: .atMost, than: 60))
      notes.append(D2DReadings.lost(gains, name))
      // Twenty slots are noisy and may cross by chance; eighty behind slot 60, over all seeds, hardly do.
      let final = gains.isEmpty ? 0 : Statistics.mean(gains.map { D2DReadings.final($0.gain) })
      if final > 0, gains.allSatisfy({ $0.gain.count >= 140 }) {
        let share = 100 * Statistics.mean(gains.map { Statistics.mean(Array($0.gain[60..<140])) }) / final
        notes.append("In slots 61 to 140 \(name) has \(fixedText(share, digits: 0)) % of its final gain, on average over the seeds.")
      }
    }
    return decided(parts, of: readings).map { noted($0, notes) }
  }

  var stability: Judgement? {
    let curves = D2DReadings.learners.map { (scheme: $0, gains: read.gains($0, over: "oracle", 10)) }
    let compared = curves.filter { $0.scheme != "sla" }
    // All over the same slots, from 201 to where the shortest curve ends.
    guard let end = compared.flatMap({ $0.gains.map(\.gain.count) }).min() else { return nil }
    let first = 200
    guard end >= first + D2DReadings.fewestLearningSlots else {
      let note = "At least \(first + D2DReadings.fewestLearningSlots) learning slots are needed; the shortest curve has \(end)."
      return Judgement(.inconclusive, statistic: nil, threshold: 1, seeds: 0, note: note)
    }
    func spread(_ curve: (scheme: String, gains: [D2DReadings.Gain])) -> D2DReadings.Reading {
      let gains = curve.gains.filter { $0.gain.count >= end }
      let values = gains.map { Statistics.standardDeviation(Array($0.gain[first..<end])) }
      return D2DReadings.Reading(
        name: D2DReadings.name(curve.scheme), place: "N = 10 (learning curve)", values: SeedValues(seeds: gains.map(\.seed), values: values))
    }
    let spreads = compared.map(spread)
    var shares: [String] = []
    let parts = compare("fluctuation", Array(spreads.prefix(2)), Array(spreads.dropFirst(2)), joint: "over") { name, first, second in
      let ratios = first.values.paired(with: second.values) { $0 / $1 }
      if !ratios.isEmpty { shares.append("\(first.name)/\(second.name) \(ratios.values.count { $0 < 1 }) of \(ratios.count)") }
      return ClaimTest.ratio(name, first.values, to: second.values, is: .less, than: 1)
    }
    let automaton = curves.last.map(spread)?.values ?? [:]
    let sla = automaton.isEmpty ? "" : " SLA, which Fig. 6 leaves out, has \(shortText(Statistics.mean(automaton.values)))."
    return decided(parts, of: spreads).map {
      noted(
        $0,
        "Standard deviation of (reward - oracle's reward in the same slot) over learning slots \(first + 1) to \(end), exploration included. "
          + "Seeds with a ratio below 1: \(shares.isEmpty ? "none" : shares.joined(separator: ", ")). Mean of MAAC and NAAC: "
          + spreads.prefix(2).map { $0.values.isEmpty ? "none" : shortText(Statistics.mean($0.values.values)) }.joined(separator: ", ") + ".\(sla)")
    }
  }

  var ranking: Judgement? {
    let readings = D2DReadings.independent.map { read.reading("totalReward", $0, 10) }
    let (ac, dqn, table) = (readings[0], readings[1], readings[2])
    let parts = compare("total reward", [dqn, ac], [table], .greater) + compare("total reward", [ac], [dqn], .greater)
    let slots = D2DReadings.independent.compactMap { scheme -> String? in
      let gains = read.gains(scheme, over: "random", 10)
      guard !gains.isEmpty, tooShort(gains, threshold: 0) == nil else { return nil }
      return "\(D2DReadings.name(scheme)) \(fixedText(Statistics.mean(D2DReadings.settlingSlots(gains).values), digits: 0))"
    }
    return decided(parts, of: readings).map {
      slots.isEmpty ? $0 : noted($0, "Slots to 90 % of the final gain over random: \(slots.joined(separator: ", ")).")
    }
  }

  // MARK: Figures 7 to 9: sweeps over the number of pairs

  var outageGap: Judgement? {
    let metric = "cellularOutage"
    let (numbers, means) = sweepMeans(metric)
    guard !numbers.isEmpty else { return nil }
    let gap = means[1].values - means[0].values
    let parts =
      [ClaimTest.within("cellular outage of NAAC minus MAAC, \(D2DReadings.place(numbers))", gap, in: 0.002...0.008)]
      + compare("cellular outage", [means[0]], Array(means.dropFirst(2)), .less)
    let list = read.numbers(metric, D2DReadings.proposed).map { number in
      let gap = read.reading(metric, "naac", number).values - read.reading(metric, "maac", number).values
      return "\(number): \(gap.isEmpty ? "no common seed" : fixedText(Statistics.mean(gap.values), digits: 4)) (\(gap.count))"
    }
    return decided(parts, of: means).map {
      ofSweep(drops(noted($0, "NAAC minus MAAC by N (seeds): \(list.joined(separator: ", ")).")), numbers)
    }
  }

  func growth(_ metric: String, threshold: Double) -> Judgement? {
    everyCurve(metric) { scheme, name, numbers in
      let trends = read.overSweep(metric, scheme, numbers) { D2DReadings.trend(numbers, $0) }
      return [ClaimTest.mean("Spearman correlation with N, \(name)", of: trends.values, is: .atLeast, than: threshold)]
    }
  }

  var lowestOutage: Judgement? {
    let numbers = read.numbers("cellularOutage", D2DReadings.proposed)
    let readings = numbers.map { number in D2DReadings.learners.map { read.reading("cellularOutage", $0, number) } }
    let parts = readings.flatMap { compare("cellular outage", Array($0.prefix(2)), Array($0.dropFirst(2)), .less) }
    return decided(parts, of: readings.flatMap { $0 }).map { ofSweep($0, numbers) }
  }

  var outageSlopes: Judgement? {
    let (numbers, means) = sweepMeans("d2dOutage")
    guard !numbers.isEmpty else { return nil }
    let slopes = D2DReadings.learners.map { scheme in
      read.overSweep("d2dOutage", scheme, numbers) { Statistics.leastSquaresSlope(numbers.map { Double($0) }, $0) }
    }
    var parts = compare("D2D outage", Array(means.prefix(2)), Array(means.dropFirst(2)), .less)
    if numbers.count >= 2 {
      parts += compare("slope of D2D outage", Array(slopes[2...4]), Array(slopes[0...1] + slopes[5...5]), joint: "minus twice that of") {
        ClaimTest.difference($0, $1.values, minus: $2.values.map { 2 * $0 }, is: .greater)
      }
    }
    return decided(parts, of: means).map { ofSweep($0, numbers) }
  }

  var neighbourAdvantage: Judgement? {
    let numbers = read.numbers("d2dOutage", D2DReadings.proposed)
    let readings = ["d2dOutage", "d2dSumRate"].map { metric in D2DReadings.proposed.map { read.sweepMean(metric, $0, numbers) } }
    let parts =
      compare("D2D outage", [readings[0][1]], [readings[0][0]], .less) + compare("D2D sum rate", [readings[1][1]], [readings[1][0]], .greater)
    return decided(parts, of: readings.flatMap { $0 }).map { ofSweep($0, numbers) }
  }

  var concavity: Judgement? {
    everyCurve("d2dSumRate") { scheme, name, numbers in
      let rates = numbers.map { read.reading("d2dSumRate", scheme, $0).values }
      let slopes = (1..<numbers.count).map { index in
        (rates[index] - rates[index - 1]).map { $0 / Double(numbers[index] - numbers[index - 1]) }
      }
      return slopes.map { ClaimTest.mean("slope of the D2D sum rate, \(name)", of: $0, is: .greater, than: 0) }
        + zip(slopes, slopes.dropFirst()).map { ClaimTest.difference("change of slope, \(name)", $1, minus: $0, is: .less) }
    }.map(drops)
  }

  var growingAdvantage: Judgement? {
    let low = D2DReadings.learners.map { read.reading("d2dSumRate", $0, 10) }
    let high = D2DReadings.learners.map { read.reading("d2dSumRate", $0, 50) }
    let growths = zip(low, high).map { D2DReadings.Reading(name: $0.name, place: "N = 50 against 10", values: $1.values - $0.values) }
    let parts = [("D2D sum rate", low), ("growth of the D2D sum rate", growths)].flatMap {
      compare($0, Array($1.prefix(2)), Array($1.dropFirst(2)), .greater)
    }
    return decided(parts, of: low + high)
  }

  // MARK: Figures 10 and 11: the sweep over λ at N = 10

  var cellularOutageOverNeighbours: Judgement? {
    overNeighbours("cellularOutage") { sweep in
      let last = ClaimTest.equality("cellular outage of NAAC (lambda = 7) minus MAAC", sweep[5].values, sweep[6].values, tolerance: 0.002)
      return [trend("cellular outage", sweep, .atMost, -0.8), small("cellular outage", sweep, .greater), last]
    }
  }

  var pairOutageOverNeighbours: Judgement? {
    overNeighbours("d2dOutage") { [trend("D2D outage", $0, .atLeast, 0.8), small("D2D outage", $0, .less)] }
  }

  var cellularRateOverNeighbours: Judgement? {
    overNeighbours("cellularSumRate") { sweep in
      let gap = sweep[6].values - sweep[2].values
      return [ClaimTest.within("cellular sum rate of MAAC minus NAAC (lambda = 2)", gap, in: 1...3), trend("cellular sum rate", sweep, .greater, 0)]
    }.map(drops)
  }

  var pairRateOverNeighbours: Judgement? {
    overNeighbours("d2dSumRate") { [trend("D2D sum rate", $0, .atMost, -0.8), small("D2D sum rate", $0, .greater)] }
  }

  private func overNeighbours(_ metric: String, _ parts: ([D2DReadings.Reading]) -> [Judgement]) -> Judgement? {
    let sweep = read.overNeighbours(metric)
    // λ = 3 and MAAC come with every figure; alone they are no sweep.
    guard [0, 1, 2, 4, 5].contains(where: { !sweep[$0].values.isEmpty }) else { return nil }
    return decided(parts(sweep), of: sweep).map { noted($0, "N = 10; at lambda = 9 NAAC is MAAC by identity, with MAAC's values.") }
  }

  private func trend(_ words: String, _ sweep: [D2DReadings.Reading], _ side: ClaimTest.Side, _ threshold: Double) -> Judgement {
    let trends = SeedValues.joined(sweep.map(\.values)) { D2DReadings.trend(D2DReadings.lambdas + [9], $0) }
    return ClaimTest.mean("Spearman correlation of \(words) with lambda", of: trends, is: side, than: threshold)
  }

  private func small(_ words: String, _ sweep: [D2DReadings.Reading], _ side: ClaimTest.Side) -> Judgement {
    let mean = SeedValues.joined(sweep.prefix(3).map(\.values), Statistics.mean)
    return ClaimTest.difference("\(words) of NAAC (mean of lambda = 0, 1, 2) minus MAAC", mean, minus: sweep[6].values, is: side)
  }

  // MARK: Sweeps

  /// The mean over the sweep of every method of the paper, at the numbers of pairs that all of those measured who measured any.
  private func sweepMeans(_ metric: String) -> (numbers: [Int], means: [D2DReadings.Reading]) {
    let numbers = read.numbers(metric, read.present(metric, D2DReadings.learners))
    return (numbers, D2DReadings.learners.map { read.sweepMean(metric, $0, numbers) })
  }

  /// Every curve of the paper's methods that this run has, at three numbers of pairs or more.
  private func everyCurve(_ metric: String, _ test: (String, String, [Int]) -> [Judgement]) -> Judgement? {
    let curves = read.present(metric, D2DReadings.learners, atLeast: 3)
    guard !curves.isEmpty else {
      guard !read.present(metric, D2DReadings.learners).isEmpty else { return nil }
      return Judgement(.inconclusive, statistic: nil, threshold: nil, seeds: 0, note: "At least three numbers of pairs are needed.")
    }
    let parts = curves.flatMap { test($0, D2DReadings.name($0), read.numbers(metric, [$0])) }
    let absent = D2DReadings.learners.filter { !curves.contains($0) }.map(D2DReadings.name)
    return noted(ClaimTest.every(parts), absent.isEmpty ? "" : "Without \(absent.joined(separator: ", ")).")
  }
}
