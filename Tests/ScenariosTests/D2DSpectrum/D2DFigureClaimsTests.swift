import Testing

@testable import Scenarios

@Suite struct D2DFigureClaimsTests {
  static let sweep = [10, 20, 30, 40, 50]

  // MARK: Figure 6

  /// Rewards at N = 10 that differ by seed, and by a number for each scheme.
  private func rewards(_ gaps: [String: Double], seeds: [Double] = [80, 90, 100]) -> D2DMadeRun {
    let run = D2DMadeRun()
    for scheme in gaps.keys.sorted() { run.add("totalReward", scheme, 10, seeds.map { $0 + gaps[scheme]! }) }
    return run
  }

  @Test(arguments: [
    // The others are at 83, 84 and 85 of means around 90: half a per cent is 0.45.
    (0.5, Verdict.holds), (0.3, .tie), (0, .tie), (-0.3, .tie), (-0.6, .fails),
  ])
  func theMaximumOfTheReward(gap: Double, verdict: Verdict) throws {
    let judgement = try #require(try rewards(["maac": 5, "naac": gap, "ac": 0, "dqn": -2, "qlearning": -4, "sla": 50]).judged()[1])
    #expect(judgement.verdict == verdict && judgement.seeds == 3)
    #expect(
      judgement.note.contains("\(verdict.rawValue): \(verdict == .holds ? "MAAC above AC" : "NAAC above AC")"), "\(judgement.note)")
    if verdict != .holds { #expect(judgement.statistic?.name == "total reward of NAAC minus AC, N = 10") }
  }

  @Test func theMaximumNeedsTheOthers() throws {
    let run = rewards(["maac": 5, "naac": 5, "ac": 0])
    #expect(try run.judged()[1]?.verdict == .inconclusive)
    #expect(try #require(try run.judged()[1]?.note).contains("2 of 2 comparisons hold. Needs DQN, Q-learning at N = 10."))
    let lonely = rewards(["maac": 5])
    #expect(
      try lonely.judged()[1]?.note
        == "Needs NAAC, AC, DQN, Q-learning at N = 10. Executed policies; a difference within 0.5 % is a tie.")
    // What is there can fail already.
    #expect(try rewards(["maac": 5, "naac": -5, "ac": 0]).verdict(1) == .fails)
    #expect(try rewards(["maac": 5, "naac": 5, "ac": 0, "dqn": 0, "qlearning": 0], seeds: [80, 90]).verdict(1) == .inconclusive)
    #expect(try rewards(["random": 1]).verdict(1) == nil)
  }

  @Test(arguments: [
    ([58, 58, 58], Verdict.holds), ([60, 60, 60], .holds), ([61, 61, 61], .fails), ([40, 60, 80], .inconclusive), ([58, 58], .inconclusive),
    ([58, 58, 300], .inconclusive),
  ])
  func sixtySlots(slots: [Int], verdict: Verdict) throws {
    // A step that is to be noticed at a slot comes 18 slots before it; at 300 it never comes.
    let run = D2DMadeRun()
    for scheme in ["random", "maac", "naac"] {
      for (seed, slot) in slots.enumerated() {
        let gain = LearningCurveTests.step(at: scheme == "naac" ? slot - 18 : 0)
        run.addCurve(
          scheme, at: D2DMadeRun.point(scheme, 10), seed: seed, scheme == "random" ? Array(repeating: 70, count: 900) : gain.map { 70 + $0 })
      }
    }
    let judgement = try #require(try run.judged()[2])
    #expect(judgement.verdict == verdict)
    #expect(judgement.threshold == 60)
    #expect(judgement.note.contains("NAAC ended without a gain in 1 of 3 seeds") == slots.contains(300), "\(judgement.note)")
    if slots == [58, 58, 58] { #expect(judgement.note.contains("In slots 61 to 140 NAAC has 100 % of its final gain")) }
  }

  @Test func shortRunsDoNotTellWhereACurveEnds() throws {
    let run = D2DMadeRun()
    for seed in 0..<3 {
      for scheme in ["random", "maac", "naac"] {
        run.addCurve(scheme, at: D2DMadeRun.point(scheme, 10), seed: seed, LearningCurveTests.step(at: 0, count: 79))
      }
    }
    let judgement = try #require(try run.judged()[2])
    #expect(judgement.verdict == .inconclusive && judgement.note.contains("At least 80 learning slots"))
    #expect(try D2DMadeRun().verdict(2) == nil)
    let alone = D2DMadeRun()
    for scheme in ["maac", "random"] {
      for seed in 0..<3 { alone.addCurve(scheme, at: D2DMadeRun.point(scheme, 10), seed: seed, LearningCurveTests.step(at: 0).map { $0 + 1 }) }
    }
    #expect(try #require(try alone.judged()[2]?.note).contains("Needs NAAC at N = 10 (learning curve)."))
  }

  /// Rewards that swing about the oracle's by ±`swing` behind slot 200, and wildly before it and behind slot 400.
  private func swings(_ swings: [String: [Double]], slots: Int = 400) -> D2DMadeRun {
    let run = D2DMadeRun()
    for seed in 0..<3 {
      let oracle = (0..<900).map { 80 + Double($0 * 37 % 11) }
      run.addCurve("oracle", at: D2DMadeRun.point("oracle", 10), seed: seed, oracle)
      for scheme in swings.keys.sorted() {
        let length = scheme == "maac" ? slots : 900
        let values = (0..<length).map { slot -> Double in
          let size = slot < 200 || slot >= 400 ? 1000 : swings[scheme]![seed]
          return slot % 2 == 0 ? oracle[slot] + size : oracle[slot] - size
        }
        run.addCurve(scheme, at: D2DMadeRun.point(scheme, 10), seed: seed, values)
      }
    }
    return run
  }

  @Test func fluctuationsOverTheSameSlots() throws {
    var spread: [String: [Double]] = [
      "maac": [1, 2, 4], "naac": [2, 4, 8], "ac": [4, 8, 16], "dqn": [8, 16, 32], "qlearning": [4, 8, 16], "sla": [0.5, 0.5, 0.5],
    ]
    let judgement = try #require(try swings(spread).judged()[3])
    #expect(judgement.verdict == .holds && judgement.seeds == 3 && judgement.threshold == 1)
    #expect(abs((judgement.statistic?.value ?? 0) - 0.5) < 1e-12)
    #expect(judgement.note.contains("learning slots 201 to 400, ") && judgement.note.contains("NAAC/DQN 3 of 3"))
    // ±0.5 over 200 slots: 0.5 √(200 / 199).
    #expect(judgement.note.contains("SLA, which Fig. 6 leaves out, has 0.501"), "\(judgement.note)")
    spread["dqn"] = [0.5, 1, 2]
    #expect(try swings(spread).verdict(3) == .fails)
    spread["dqn"] = [0.5, 16, 32]
    let mixed = try #require(try swings(spread).judged()[3])
    #expect(mixed.verdict == .inconclusive && mixed.note.contains("MAAC/DQN 2 of 3"), "\(mixed.note)")
    spread["dqn"] = nil
    let missing = try #require(try swings(spread).judged()[3])
    #expect(missing.verdict == .inconclusive && missing.note.contains("Needs DQN at N = 10 (learning curve)."))
    #expect(try swings(spread, slots: 279).verdict(3) == .inconclusive)
    #expect(try swings(spread, slots: 280).judged()[3]?.seeds == 3)
    #expect(try #require(try swings(spread, slots: 279).judged()[3]?.note).contains("280 learning slots are needed; the shortest curve has 279"))
    #expect(try rewards(["maac": 1]).verdict(3) == nil)
  }

  @Test(arguments: [
    (2.0, 1.0, 0.0, Verdict.holds), (1, 2, 0, .fails), (2, 1, 1.5, .fails), (2, 0, 0, .inconclusive),
  ])
  func theRankingOfTheOthers(ac: Double, dqn: Double, table: Double, verdict: Verdict) throws {
    let run = rewards(["ac": ac, "dqn": dqn, "qlearning": table])
    for seed in 0..<3 {
      run.addCurve("random", at: D2DMadeRun.point("random", 10), seed: seed, Array(repeating: 0, count: 200))
      run.addCurve("dqn", at: D2DMadeRun.point("dqn", 10), seed: seed, LearningCurveTests.step(at: 40))
    }
    let judgement = try #require(try run.judged()[4])
    #expect(judgement.verdict == verdict)
    #expect(judgement.note.contains("Slots to 90 % of the final gain over random: DQN 58."))
    #expect(try #require(try rewards(["ac": 1, "dqn": 0]).judged()[4]?.note).contains("Needs Q-learning at N = 10."))
  }

  // MARK: Figures 7 to 9

  /// One curve over the sweep for each scheme, the same for every seed.
  private func curves(_ metric: String, _ values: [String: [Double]], seeds: Int = 3, over sweep: [Int] = sweep) -> D2DMadeRun {
    let run = D2DMadeRun()
    add(run, metric, values, seeds: seeds, over: sweep)
    return run
  }

  private func add(_ run: D2DMadeRun, _ metric: String, _ values: [String: [Double]], seeds: Int = 3, over sweep: [Int] = sweep) {
    for scheme in values.keys.sorted() {
      for (pairs, value) in zip(sweep, values[scheme]!) { run.add(metric, scheme, pairs, Array(repeating: value, count: seeds)) }
    }
  }

  /// The four others above MAAC and NAAC.
  private func outages(maac: [Double], naac: [Double], others: [Double]) -> [String: [Double]] {
    ["maac": maac, "naac": naac, "ac": others, "dqn": others, "qlearning": others, "sla": others]
  }

  @Test(arguments: [
    (0.005, Verdict.holds), (0.002, .holds), (0.008, .holds), (0.0019, .fails), (0.0081, .fails), (-0.005, .fails),
  ])
  func fiveThousandths(gap: Double, verdict: Verdict) throws {
    let values = outages(maac: [0, 0, 0, 0, 0], naac: Array(repeating: gap, count: 5), others: [0.1, 0.1, 0.1, 0.1, 0.1])
    let judgement = try #require(try curves("cellularOutage", values).judged()[5])
    #expect(judgement.verdict == verdict, "\(judgement)")
    #expect(judgement.note.contains("NAAC minus MAAC by N (seeds): 10: \(fixedText(gap, digits: 4)) (3), 20"))
    #expect(judgement.note.contains("At least 20 drops are wanted"))
    // At one number of pairs the same numbers decide nothing.
    let alone = try #require(try curves("cellularOutage", values, over: [10]).judged()[5])
    #expect(alone.verdict == .inconclusive && alone.seeds == 3 && alone.note.contains("N = 10 alone does not decide"))
  }

  @Test func theGapIsTheMeanOverTheSweepOfEachSeed() throws {
    let run = D2DMadeRun()
    for (pairs, gap) in [(10, 0.0), (30, 0.005), (50, 0.013)] {
      run.add("cellularOutage", "maac", pairs, [0.1, 0.2, 0.3, 0.4])
      run.add("cellularOutage", "naac", pairs, [0.1, 0.2, 0.3].map { $0 + gap })
    }
    let judgement = try #require(try run.judged()[5])
    #expect(judgement.verdict == .inconclusive && judgement.seeds == 3)
    #expect(abs((judgement.statistic?.value ?? 0) - 0.006) < 1e-12)
    #expect(judgement.statistic?.name.hasSuffix("mean over N = 10, 30, 50") == true)
    #expect(judgement.note.contains("Needs AC, DQN, Q-learning, SLA at N = 10, 30, 50."))
  }

  @Test func theLowestOutageOfAll() throws {
    var values = outages(maac: [0, 0, 0, 0, 0], naac: Array(repeating: 0.005, count: 5), others: [0.1, 0.1, 0.1, 0.1, 0.1])
    values["sla"] = [0, 0, 0, 0, -0.001]
    #expect(try curves("cellularOutage", values).verdict(5) == .fails)
    // SLA is below NAAC at N = 50 alone: enough for claim 7, which is about each number.
    values["sla"] = [0.1, 0.1, 0.1, 0.1, 0.004]
    let judgement = try #require(try curves("cellularOutage", values).judged()[7])
    #expect(judgement.verdict == .fails && judgement.statistic?.name == "cellular outage of NAAC minus SLA, N = 50")
    #expect(judgement.note.contains("39 of 40 comparisons hold."))
    values["sla"] = [0.1, 0.1, 0.1, 0.1, 0.1]
    #expect(try curves("cellularOutage", values).verdict(7) == .holds)
    values["sla"] = [0.1, 0.1, 0.1, 0.1, 0.005]
    #expect(try curves("cellularOutage", values).verdict(7) == .inconclusive)
    values["sla"] = [0.1, 0.1, 0.1, 0.1]
    values["ac"] = nil
    let missing = try #require(try curves("cellularOutage", values).judged()[7])
    #expect(missing.verdict == .inconclusive)
    #expect(missing.note.contains("AC at N = 40; AC, SLA at N = 50."), "\(missing.note)")
    #expect(try curves("cellularOutage", ["maac": [1, 2, 3]]).verdict(7) == nil)
  }

  /// Ranks whose Spearman correlation with 1...5 is 1 − Σd² / 20.
  @Test(arguments: [
    ([1, 2, 3, 4, 5], Verdict.holds, Verdict.holds), ([1, 2, 3, 5, 4], .holds, .holds), ([1, 3, 2, 5, 4], .fails, .holds),
    ([2, 1, 3, 5, 4], .fails, .holds), ([1, 4, 3, 2, 5], .fails, .fails), ([5, 4, 3, 2, 1], .fails, .fails), ([2, 2, 2, 2, 2], .fails, .fails),
  ])
  func outagesGrow(ranks: [Double], cellular: Verdict, pairs: Verdict) throws {
    let rising = [0.1, 0.2, 0.3, 0.4, 0.5]
    for (metric, claim, verdict) in [("cellularOutage", 6, cellular), ("d2dOutage", 8, pairs)] {
      // Yardsticks are no curves of the paper: theirs may fall.
      let values = ["maac": rising, "qlearning": ranks.map { $0 / 10 }, "oracle": rising.reversed().map { $0 }, "random": rising]
      let judgement = try #require(try curves(metric, values).judged()[claim])
      #expect(judgement.verdict == verdict, "\(claim)")
      #expect(judgement.note.contains("Without NAAC, AC, DQN, SLA."))
      if verdict == .fails { #expect(judgement.statistic?.name == "Spearman correlation with N, Q-learning") }
    }
  }

  @Test func growthNeedsASweepOfALearner() throws {
    #expect(try curves("cellularOutage", ["oracle": [0.1, 0.2, 0.3, 0.4, 0.5]]).verdict(6) == nil)
    let short = try #require(try curves("cellularOutage", ["maac": [0.1, 0.2]]).judged()[6])
    #expect(short.verdict == .inconclusive && short.note == "At least three numbers of pairs are needed.")
    #expect(try curves("d2dSumRate", ["maac": [0.1, 0.2]]).judged()[11]?.note == "At least three numbers of pairs are needed.")
    #expect(try curves("cellularOutage", ["maac": [0.1, 0.2, 0.3]], seeds: 2).verdict(6) == .inconclusive)
  }

  @Test func steepAndFlatOutages() throws {
    func line(_ start: Double, _ slope: Double) -> [Double] { (0..<5).map { start + slope * Double($0) } }
    var values = [
      "maac": line(0.01, 0.001), "naac": line(0.01, 0.001), "sla": line(0.02, 0.001), "ac": line(0.02, 0.0021), "dqn": line(0.02, 0.004),
      "qlearning": line(0.02, 0.004),
    ]
    let judgement = try #require(try curves("d2dOutage", values).judged()[9])
    #expect(judgement.verdict == .holds && judgement.note.contains("17 of 17"))
    // A slope a pair: 0.00021 − 2 · 0.0001.
    #expect(abs((judgement.statistic?.value ?? 0) - 0.00001) < 1e-12)
    values["ac"] = line(0.02, 0.0019)
    let flat = try #require(try curves("d2dOutage", values).judged()[9])
    #expect(flat.verdict == .fails && flat.statistic?.name.hasPrefix("slope of D2D outage of AC minus twice that of ") == true)
    values["ac"] = line(0.0, 0.0041)
    #expect(try #require(try curves("d2dOutage", values).judged()[9]?.statistic?.name).hasPrefix("D2D outage of MAAC minus AC"))
    values["ac"] = nil
    let missing = try #require(try curves("d2dOutage", values).judged()[9])
    #expect(missing.verdict == .inconclusive && missing.note.contains("Needs AC at N = 10, 20, 30, 40, 50."))
    #expect(try curves("d2dOutage", values, over: [10, 20]).verdict(9) == .inconclusive)
  }

  @Test(arguments: [
    (-0.001, 1.0, Verdict.holds), (0.001, 1.0, .fails), (-0.001, -1.0, .fails), (0, 1.0, .inconclusive), (-0.001, 0, .inconclusive),
  ])
  func neighboursHelpThePairs(outage: Double, rate: Double, verdict: Verdict) throws {
    let run = D2DMadeRun()
    for pairs in [10, 30, 50] {
      for (scheme, sign) in [("maac", 0.0), ("naac", 1)] {
        run.add("d2dOutage", scheme, pairs, [0.25, 0.25, 0.25].map { $0 + sign * outage })
        run.add("d2dSumRate", scheme, pairs, [80, 90, 100].map { $0 + sign * rate })
      }
    }
    #expect(try run.verdict(10) == verdict)
    #expect(try curves("d2dOutage", ["naac": [1, 2, 3]]).verdict(10) == nil)
  }

  @Test(arguments: [
    ([86, 186, 276, 350, 415], Verdict.holds), ([80, 160, 240, 320, 400], .inconclusive), ([80, 150, 230, 320, 420], .fails),
    ([80, 160, 230, 290, 280], .fails), ([80, 160, 230, 290, 290], .inconclusive),
  ])
  func ratesAreConcave(rates: [Double], verdict: Verdict) throws {
    let run = curves("d2dSumRate", ["maac": [86, 186, 276, 350, 415], "sla": rates])
    let judgement = try #require(try run.judged()[11])
    #expect(judgement.verdict == verdict)
    #expect(judgement.note.contains("20 drops") && judgement.note.contains("Without NAAC, AC, DQN, Q-learning."))
    #expect(try curves("d2dSumRate", ["maac": [86, 186, 276, 350, 415]], seeds: 20).judged()[11]?.note.contains("20 drops") == false)
  }

  @Test func advantagesGrow() throws {
    var values: [String: [Double]] = [
      "maac": [86, 415], "naac": [86, 415], "ac": [85, 380], "dqn": [85, 380], "qlearning": [80, 370], "sla": [85, 413.5],
    ]
    func judged() throws -> Judgement { try #require(try curves("d2dSumRate", values, over: [10, 50]).judged()[12]) }
    #expect(try judged().verdict == .holds && judged().note.contains("16 of 16"))
    values["sla"] = [85.0, 414.5]
    #expect(try judged().verdict == .fails && judged().statistic?.name == "growth of the D2D sum rate of MAAC minus SLA, N = 50 against 10")
    values["sla"] = [86.5, 300]
    #expect(try judged().verdict == .fails && judged().statistic?.name == "D2D sum rate of MAAC minus SLA, N = 10")
    values["sla"] = [85.0]
    #expect(try judged().verdict == .inconclusive && judged().note.contains("Needs SLA at N = 50."))
  }

  // MARK: Figures 10 and 11

  /// NAAC at λ = 0, 1, 2, 3, 5, 7 and MAAC.
  private func neighbours(_ metric: String, _ values: [Double?], seeds: Int = 3) -> D2DMadeRun {
    let run = D2DMadeRun()
    for (lambda, value) in zip([0, 1, 2, 3, 5, 7], values) {
      guard let value else { continue }
      run.add(metric, "naac", at: D2DMadeRun.point("naac", 10, neighbours: lambda), Array(repeating: value, count: seeds))
    }
    if let last = values[6] { run.add(metric, "maac", 10, Array(repeating: last, count: 20)) }
    return run
  }

  /// Claims 13 and 16 are about a fall, 14 about a rise. Ranks have the correlation 1 − Σd² / 56, which −0.8 puts at Σd² = 100.8.
  @Test(
    arguments: [
      // Σd² = 112, 110, 102 and 100, 0.
      ([7, 6, 5, 4, 3, 2, 1], Verdict.holds), ([7, 6, 5, 4, 3, 1, 2], .holds), ([5, 6, 7, 3, 4, 2, 1], .holds), ([5, 7, 6, 2, 4, 3, 1], .fails),
      ([1, 2, 3, 4, 5, 6, 7], .fails), ([3, 3, 3, 3, 3, 3, 3], .fails),
    ] as [([Double], Verdict)])
  func fallingOverLambda(ranks: [Double], verdict: Verdict) throws {
    let falling = ranks.map { 0.001 * $0 }
    #expect(try neighbours("cellularOutage", falling).verdict(13) == verdict)
    #expect(try neighbours("d2dSumRate", ranks).verdict(16) == verdict)
    #expect(try neighbours("d2dOutage", falling.map { -$0 }).verdict(14) == verdict)
    #expect(try neighbours("d2dSumRate", ranks).judged()[16]?.note.contains("NAAC is MAAC by identity") == true)
  }

  @Test func theEndsOfTheSweep() throws {
    // λ = 7 is farther from MAAC than 0.002; only claim 13 has a tolerance.
    let steep = [7, 6, 5, 4, 3.5, 3.1, 1].map { 0.001 * $0 }
    let judgement = try #require(try neighbours("cellularOutage", steep).judged()[13])
    #expect(judgement.verdict == .fails && judgement.statistic?.name == "cellular outage of NAAC (lambda = 7) minus MAAC")
    #expect(try neighbours("d2dSumRate", steep).verdict(16) == .holds)
    // A fall with MAAC on top: the mean of λ = 0, 1, 2 is below it.
    let below = [6, 5, 4, 3, 2, 1, 6.1].map { 0.001 * $0 }
    #expect(try #require(try neighbours("d2dSumRate", below).judged()[16]?.statistic).value < 0)
    #expect(try neighbours("d2dSumRate", below).verdict(16) == .fails)
  }

  @Test func aSweepWithGapsIsNone() throws {
    let gap = try #require(try neighbours("d2dOutage", [1, 2, nil, 4, 5, nil, 7]).judged()[14])
    #expect(gap.verdict == .inconclusive && gap.note.contains("Needs NAAC with lambda = 2, NAAC with lambda = 7 at N = 10."))
    #expect(try neighbours("d2dOutage", [1, 2, 3, 4, 5, 6, nil]).verdict(14) == .inconclusive)
    #expect(try neighbours("d2dOutage", [1, 2, 3, 4, 5, 6, 7], seeds: 2).verdict(14) == .inconclusive)
    // λ = 3 and MAAC belong to every figure.
    #expect(try neighbours("d2dOutage", [nil, nil, nil, 4, nil, nil, 7]).verdict(14) == nil)
  }

  @Test(arguments: [
    (2.0, Verdict.holds), (1, .holds), (3, .holds), (0.9, .fails), (3.1, .fails), (-2, .fails),
  ])
  func twoBitsBelowAtTwoNeighbours(gap: Double, verdict: Verdict) throws {
    let rates = [110.0, 111, 120 - gap, 118.2, 118.4, 119.95, 120]
    let judgement = try #require(try neighbours("cellularSumRate", rates).judged()[15])
    #expect(judgement.verdict == verdict && judgement.note.contains("At least 20 drops are wanted"))
    let falling = [130.0, 129, 118, 117, 116, 115, 120]
    #expect(try #require(try neighbours("cellularSumRate", falling).judged()[15]?.statistic?.name).hasPrefix("Spearman"))
    #expect(try neighbours("cellularSumRate", falling).verdict(15) == .fails)
    #expect(try neighbours("cellularSumRate", [110, 111, nil, 118, 118, 119, 120]).verdict(15) == .inconclusive)
  }
}
