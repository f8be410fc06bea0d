import Agents
import Tensor

/// The paper's statements, each beside its pre-stated test: a pure function of the metrics of a run.
struct AllocationClaims {
  let readings: AllocationReadings
  let settings: AllocationSettings

  init(table: MetricTable, request: RunRequest) {
    readings = AllocationReadings(table: table, request: request)
    settings = readings.settings
  }

  private static let list = ClaimList<AllocationClaims>(
    "MFRL",
    [
      (1, 3, "The increase in the meta reward demonstrates the effectiveness of the meta-training.", { $0.metaRises }),
      (2, 3, "Beyond a hundred episodes of meta-training the sum reward keeps stable (thirds differ by at most 15 %).", { $0.metaSettles }),
      (3, 3, "The generalised model cannot be as good as the models for the specific tasks (2, 4 and 8 users).", { $0.metaBelowAdapted }),
      (4, 4, "The reward of all schemes is low at the beginning (below a tenth of the best at the end).", { $0.lowBeginning }),
      (5, 4, "Meta-training leads to faster convergence and higher rewards (MFRL over FRL, MRL over MARL).", { $0.fasterAndHigher }),
      (6, 4, "The conventional benchmark, MARL, needs more iterations.", { $0.benchmarkIsSlower }),
      (7, 4, "Fast adaptation by meta learning is robust to different scenarios.", { $0.robustAdaptation }),
      (8, 5, "MFRL has the highest average energy efficiency of the learning schemes on ten drops.", { $0.highestOnTenDrops }),
      (9, 5, "MFRL outperforms MRL and FRL.", { $0.aboveMRLAndFRL }),
      (10, 5, "After half of the training MFRL_early performs better than the FRL and MARL models.", { $0.earlyIsBetter }),
      (11, 6, "The entropy of MFRL is lower than FRL's in the indoor scenario (of the choice; first half, and end).", { $0.entropy(["inh"]) }),
      (12, 6, "The same in other scenarios (UMa, RMa).", { $0.entropy(["uma", "rma"]) }),
      (13, 7, "MFRL achieves the highest sum energy efficiency in all of the scenarios.", { $0.highestSum }),
      (14, 7, "Averaging lets users cooperate and improves efficiency (FRL over MARL, MFRL over MRL; also in free choices).", { $0.federationHelps }),
      (15, 7, "The efficiency behind averagings grows with their number (rank correlation of MFRL).", { $0.growsWithRounds }),
      (16, 8, "As the number of users increases the sum energy efficiency is improved (MFRL).", { $0.growsWithUsers }),
      (17, 8, "The improvement slows down, since bandwidths are not equal (MFRL).", { $0.slowsDown }),
      (18, nil, "MFRL outperforms the conventional decentralised algorithm in speed and efficiency across scenarios (abstract).", { $0.abstract }),
      (19, nil, "MFRL decreases transmission overhead (abstract): averaging against a report of all gains in every millisecond.", { $0.overhead }),
      (20, nil, "The complexity of central allocation grows exponentially with the number of users (section II).", { $0.complexity }),
      (21, nil, "Networks of 512 and 256 units, a critic of 128, N logits, mean and deviation: 174093 parameters.", { $0.networkSize }),
      (22, nil, "Right behind an averaging users are free of collisions no oftener than N!/((N-I)! N^I) (ours).", { $0.ceiling }),
      (23, nil, "No scheme exceeds central allocation on the same drops (ours).", { $0.bound }),
      (24, nil, "The fingerprint in the observation helps (section III-A).", { $0.fingerprint }),
      (25, nil, "With equal batches eq. 19 is the plain mean (section III-E); eq. 20 beside it.", { $0.weights }),
    ])

  static let descriptions = list.descriptions

  var results: [ClaimResult] { AllocationClaims.list.results(of: self) }

  // MARK: Figure 3

  /// The sum reward of meta-training, one curve for each seed.
  private func meta(_ number: (MetricCurve) -> Double?) -> Reading? {
    for scheme in ["mfrl", "mrl", "mfrl-early"] {
      for scenario in readings.scenarios {
        let reading = readings.reading(AllocationMetric.metaReward, scheme, scenario, [], number)
        if !reading.values.isEmpty { return reading }
      }
    }
    return nil
  }

  private static func third(_ curve: MetricCurve, _ place: Int) -> Double {
    let count = curve.values.count
    return Statistics.mean(Array(curve.values[(place * count / 3)..<max(place * count / 3 + 1, (place + 1) * count / 3)]))
  }

  private var metaRises: Judgement? {
    guard
      let rise = meta({ curve in
        let count = curve.values.count
        let (first, last) = (curve.values.prefix(max(1, count / 30)), curve.values.suffix(max(1, count / 6)))
        return Statistics.mean(Array(last)) - Statistics.mean(Array(first))
      })
    else { return nil }
    let rising = rise.values.values.count { $0 > 0 }
    return ClaimTest.mean("sum reward, last sixth minus first thirtieth of the episodes", of: rise.values, is: .greater, than: 0)
      .noted("It rises with \(rising) of \(rise.values.count) seeds.").wanting(5)
  }

  private var metaSettles: Judgement? {
    guard let second = meta({ AllocationClaims.third($0, 1) }), let last = meta({ AllocationClaims.third($0, 2) }) else { return nil }
    let tolerance = 0.15 * Statistics.mean(SeedValues.joined([second.values, last.values], Statistics.mean).values).magnitude
    return ClaimTest.equality("sum reward, second third minus last third", second.values, last.values, tolerance: tolerance).wanting(5)
  }

  private var metaBelowAdapted: Judgement? {
    let numbers = AllocationLearning.metaUsers
    let before = numbers.map { readings.reading(AllocationMetric.firstReward, "mrl", "inh", readings.users($0)) }
    let after = numbers.map { readings.reading(AllocationMetric.testReward, "mrl", "inh", readings.users($0)) }
    let parts = zip(before, after).map { a, b in
      ClaimTest.difference("reward of the meta-trained model minus MRL, \(a.place)", a.values, minus: b.values, is: .less)
    }
    return ClaimTest.together(parts, of: before + after)
  }

  // MARK: Figure 4

  private static let adapting = ["mfrl", "mrl", "frl", "marl"]

  private var lowBeginning: Judgement? {
    var parts: [Judgement] = []
    var used: [Reading] = []
    for scenario in readings.scenarios {
      let ends = AllocationClaims.adapting.map { readings.ending(AllocationMetric.reward, $0, scenario) }
      let best = SeedValues.joined(ends.map(\.values)) { $0.max()! }
      for scheme in AllocationClaims.adapting {
        let first = readings.beginning(AllocationMetric.reward, scheme, scenario)
        used.append(first)
        parts.append(
          ClaimTest.difference(
            "reward of the first ten episodes minus a tenth of the best at the end, \(first.name), \(first.place)", first.values,
            minus: best.map { 0.1 * $0 }, is: .less))
      }
    }
    return ClaimTest.together(parts, of: used)
  }

  /// The first is faster to half of the bound's reward than the second, in scenarios.
  private func faster(_ pairs: [(String, String)], _ scenarios: [String]) -> (parts: [Judgement], used: [Reading]) {
    var (parts, used): ([Judgement], [Reading]) = ([], [])
    for scenario in scenarios {
      for (first, second) in pairs {
        let (a, b) = (readings.episodesToHalf(first, scenario), readings.episodesToHalf(second, scenario))
        used += [a, b]
        parts += ClaimTest.differences("episodes to half of the bound", of: [a], minus: [b], are: .less)
      }
    }
    return (parts, used)
  }

  private func higher(_ pairs: [(String, String)], _ scenarios: [String]) -> (parts: [Judgement], used: [Reading]) {
    var (parts, used): ([Judgement], [Reading]) = ([], [])
    for scenario in scenarios {
      for (first, second) in pairs {
        let (a, b) = (readings.ending(AllocationMetric.reward, first, scenario), readings.ending(AllocationMetric.reward, second, scenario))
        used += [a, b]
        parts += ClaimTest.differences("reward of the last tenth of the episodes", of: [a], minus: [b], are: .greater)
      }
    }
    return (parts, used)
  }

  private static let metaPairs = [("mfrl", "frl"), ("mrl", "marl")]

  private var fasterAndHigher: Judgement? {
    let (speed, first) = faster(AllocationClaims.metaPairs, readings.scenarios)
    let (height, second) = higher(AllocationClaims.metaPairs, readings.scenarios)
    return ClaimTest.together(speed + height, of: first + second)?.noted(listed(speed + height)).wanting(5)
  }

  private var benchmarkIsSlower: Judgement? {
    let (speed, used) = faster([("mfrl", "marl"), ("mrl", "marl")], readings.scenarios)
    return ClaimTest.together(speed, of: used)?.noted(listed(speed)).wanting(5)
  }

  private var robustAdaptation: Judgement? {
    let (speed, used) = faster(AllocationClaims.metaPairs, AllocationPlan.adapted)
    return ClaimTest.together(speed, of: used)?.noted(listed(speed)).wanting(5)
  }

  /// The parts of a claim by their verdict.
  private func listed(_ parts: [Judgement]) -> String {
    let made = parts.filter { $0.seeds > 0 }
    let counts = Verdict.allCases.compactMap { verdict -> String? in
      let count = made.count { $0.verdict == verdict }
      return count == 0 ? nil : "\(verdict.rawValue) \(count)"
    }
    return counts.isEmpty ? "" : "Comparisons: \(counts.joined(separator: ", "))."
  }

  // MARK: Figures 5 and 7

  private func tests(_ metric: String, _ scheme: String, _ others: [String], _ words: String, _ more: [(String, Double)] = []) -> Judgement? {
    var (parts, used): ([Judgement], [Reading]) = ([], [])
    for scenario in readings.scenarios {
      let own = readings.reading(metric, scheme, scenario, more)
      let theirs = others.map { readings.reading(metric, $0, scenario, more) }
      used += [own] + theirs
      parts += ClaimTest.differences(words, of: [own], minus: theirs, are: .greater)
    }
    return ClaimTest.together(parts, of: used)?.noted(listed(parts))
  }

  /// The mean over the drops of figure 5.
  private func onShownDrops(_ scheme: String, _ scenario: String) -> Reading {
    readings.reading(AllocationMetric.dropEfficiency, scheme, scenario) { Statistics.mean($0.values) }
  }

  private func onTenDrops(_ others: [String]) -> Judgement? {
    var (parts, used): ([Judgement], [Reading]) = ([], [])
    for scenario in readings.scenarios {
      let (own, theirs) = (onShownDrops("mfrl", scenario), others.map { onShownDrops($0, scenario) })
      used += [own] + theirs
      parts += ClaimTest.differences("Mbit/J on ten drops", of: [own], minus: theirs, are: .greater)
    }
    return ClaimTest.together(parts, of: used)?.noted(listed(parts))
  }

  private var highestOnTenDrops: Judgement? { onTenDrops(["mrl", "frl", "marl", "mfrl-early"])?.wanting(5) }
  private var aboveMRLAndFRL: Judgement? { onTenDrops(["mrl", "frl"])?.wanting(5) }
  private var earlyIsBetter: Judgement? { tests(AllocationMetric.testEfficiency, "mfrl-early", ["frl", "marl"], "Mbit/J")?.wanting(5) }

  private var highestSum: Judgement? {
    let printed = tests(AllocationMetric.testEfficiency, "mfrl", ["mrl", "frl", "marl", "mfrl-early"], "Mbit/J", [("regime", 1)])
    let note = printed.map { "With the printed learning rates: \($0.verdict.rawValue). \($0.note)" } ?? ""
    return tests(AllocationMetric.testEfficiency, "mfrl", ["mrl", "frl", "marl", "mfrl-early"], "Mbit/J")?.wanting(5).noted(note)
  }

  private var federationHelps: Judgement? {
    var (parts, used): ([Judgement], [Reading]) = ([], [])
    for (metric, words) in [(AllocationMetric.testEfficiency, "Mbit/J"), (AllocationMetric.testFree, "share of milliseconds without collision")] {
      for scenario in readings.scenarios {
        for (first, second) in [("frl", "marl"), ("mfrl", "mrl")] {
          let (a, b) = (readings.reading(metric, first, scenario), readings.reading(metric, second, scenario))
          used += [a, b]
          parts += ClaimTest.differences(words, of: [a], minus: [b], are: .greater)
        }
      }
    }
    return ClaimTest.together(parts, of: used)?.noted(listed(parts)).wanting(5)
  }

  private var growsWithRounds: Judgement? {
    let readings = readings.scenarios.map { scenario in
      self.readings.reading(AllocationMetric.afterRound, "mfrl", scenario) { curve in
        curve.values.count < 3 ? nil : Statistics.trend(curve.steps.map { Double($0) }, curve.values)
      }
    }
    let parts = readings.map {
      ClaimTest.mean("rank correlation with the number of averagings, \($0.place)", of: $0.values, is: .greater, than: 0)
    }
    return ClaimTest.together(parts, of: readings)
  }

  // MARK: Figure 6

  private func entropy(_ scenarios: [String]) -> Judgement? {
    var (parts, used): ([Judgement], [Reading]) = ([], [])
    for scenario in scenarios {
      func half(_ scheme: String) -> Reading {
        readings.reading(AllocationMetric.choiceEntropy, scheme, scenario) { curve in
          Statistics.mean(Array(curve.values.prefix(max(1, curve.values.count / 2))))
        }
      }
      let (early, late) = (["mfrl", "frl"].map(half), ["mfrl", "frl"].map { readings.reading(AllocationMetric.choiceEntropy, $0, scenario) })
      used += early + late
      parts += ClaimTest.differences("entropy of the choice in the first half", of: [early[0]], minus: [early[1]], are: .less)
      parts += ClaimTest.differences("entropy of the choice at the end", of: [late[0]], minus: [late[1]], are: .less)
    }
    let powers = scenarios.map { scenario in
      SeedValues.joined(["mfrl", "frl"].map { readings.values(AllocationMetric.powerEntropy, $0, scenario) }) { $0[0] - $0[1] }.values
    }.filter { !$0.isEmpty }
    let note =
      powers.isEmpty
      ? "" : "Entropy of the power at the end, MFRL minus FRL: \(powers.map { shortText(Statistics.mean($0)) }.joined(separator: ", "))."
    return ClaimTest.together(parts, of: used)?.noted(note)
  }

  // MARK: Figure 8

  private func overUsers(_ scheme: String, _ coordinate: String? = nil) -> [Reading] {
    AllocationPlan.users.map { users in
      readings.reading(AllocationMetric.testEfficiency, scheme, "inh", coordinate.map { [($0, Double(users))] } ?? readings.users(users))
    }
  }

  /// Steps from one number of users to the next.
  private func steps(_ curve: [Reading]) -> [SeedValues] { zip(curve, curve.dropFirst()).map { $1.values - $0.values } }

  private func text(_ values: [SeedValues]) -> String {
    values.map { $0.isEmpty ? "none" : fixedText(Statistics.mean($0.values), digits: 0) }.joined(separator: ", ")
  }

  private var growsWithUsers: Judgement? {
    let curve = overUsers("mfrl")
    let parts = zip(steps(curve), AllocationPlan.users.dropFirst()).map { step, users in
      ClaimTest.mean("Mbit/J more with \(users) users than with two fewer", of: step, is: .greater, than: 0)
    }
    return ClaimTest.together(parts, of: curve)?.noted("Steps of the bound: \(text(steps(overUsers("hungarian")))) Mbit/J.")
  }

  private var slowsDown: Judgement? {
    let curve = overUsers("mfrl")
    let differences = steps(curve)
    let parts = zip(differences, differences.dropFirst()).map { first, second in
      ClaimTest.difference("change of the step in Mbit/J", second, minus: first, is: .less)
    }
    let (bound, equal) = (text(steps(overUsers("hungarian"))), text(steps(overUsers("hungarian", "equal"))))
    return ClaimTest.together(parts, of: curve)?.noted("Steps of the bound: \(bound) Mbit/J; with equal bandwidths: \(equal) Mbit/J.")
  }

  // MARK: The abstract

  private var abstract: Judgement? {
    let (speed, first) = faster([("mfrl", "marl")], readings.scenarios)
    var (parts, used) = (speed, first)
    for scenario in readings.scenarios {
      let pair = ["mfrl", "marl"].map { readings.reading(AllocationMetric.testEfficiency, $0, scenario) }
      used += pair
      parts += ClaimTest.differences("Mbit/J", of: [pair[0]], minus: [pair[1]], are: .greater)
    }
    return ClaimTest.together(parts, of: used)?.noted(listed(parts)).wanting(5)
  }
}
