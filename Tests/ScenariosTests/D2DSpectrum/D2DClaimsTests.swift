import Agents
import Testing

@testable import Scenarios

@Suite struct D2DClaimsTests {
  /// What a made-up run measured: one value for each seed.
  struct Made {
    let metric: String
    let scheme: String
    let pairs: Int
    let values: [Double]
  }

  private func judge(
    _ made: [Made], curves: [(scheme: String, seed: Int, values: [Double])] = [], scale: Scale = .quick, _ settings: [String] = [],
    schemes: [String]? = nil
  ) throws -> [String: Judgement] {
    let request = try RunRequest(.reproduce, of: D2DPack(), scale: scale, schemes: schemes, settings: settings)
    let neighbours = request.parameters.integer("neighbours")
    let log = MetricLog()
    func begin(_ scheme: String, _ seed: Int, _ pairs: Int) {
      log.begin(Job(scheme: scheme, seed: seed, point: D2DPack.point(scheme, pairs: pairs, neighbours: neighbours), estimatedSeconds: 1))
    }
    for entry in made {
      for (seed, value) in entry.values.enumerated() {
        begin(entry.scheme, seed, entry.pairs)
        try log.record(entry.metric, value, step: 400)
      }
    }
    for curve in curves {
      begin(curve.scheme, curve.seed, 10)
      for (index, value) in curve.values.enumerated() { try log.record("trainingReward", value, step: index + 1) }
    }
    let results = try D2DPack().judge(log.table(), request: request)
    return Dictionary(uniqueKeysWithValues: results.map { ($0.claim.id, $0.judgement) })
  }

  // MARK: Convergence

  /// Nothing for some slots, then one.
  static func step(at slots: Int, count: Int = 200) -> [Double] { (0..<count).map { $0 < slots ? 0 : 1 } }

  @Test func curvesSettleWhereTheyShould() {
    // Eighteen of twenty slots must be ones.
    #expect(D2DClaims.settlingSlot(Self.step(at: 40)) == 58)
    #expect(D2DClaims.settlingSlot(Self.step(at: 0)) == 20)
    #expect(D2DClaims.settlingSlot(Self.step(at: 2)) == 20)
    #expect(D2DClaims.settlingSlot(Self.step(at: 3)) == 21)
    // A ramp of 1 % a slot: the mean of the last twenty is (t − 9.5) / 100.
    #expect(D2DClaims.settlingSlot((1...400).map { Double(min($0, 100)) / 100 }) == 100)
    // The end is the mean of the last quarter: a step from 1 to 2 at slot 301 of 400.
    #expect(D2DClaims.settlingSlot((0..<400).map { $0 < 300 ? 1 : 2 }) == 316)
    #expect(D2DClaims.settlingSlot(Self.step(at: 0, count: 80)) == 20)
  }

  @Test func curvesThatGainNothingOrAreShortNeverSettle() {
    #expect(D2DClaims.settlingSlot(Array(repeating: 0, count: 200)) == nil)
    #expect(D2DClaims.settlingSlot(Array(repeating: -1, count: 200)) == nil)
    #expect(D2DClaims.settlingSlot(Self.step(at: 0).map { 1 - $0 * 2 }) == nil)
    #expect(D2DClaims.settlingSlot(Self.step(at: 0, count: 79)) == nil)
    #expect(D2DClaims.settlingSlot([]) == nil)
  }

  @Test(arguments: [
    ([58, 58, 58], Verdict.holds), ([60, 60, 60], .holds), ([61, 61, 61], .fails), ([40, 60, 80], .inconclusive), ([58, 58], .inconclusive),
    ([58, 58, 300], .inconclusive), ([], .inconclusive),
  ])
  func sixtySlots(slots: [Int], verdict: Verdict) throws {
    // A step that is to be noticed at a slot comes 18 slots before it; at 300 it never comes.
    var curves: [(scheme: String, seed: Int, values: [Double])] = []
    for scheme in ["random", "maac", "naac"] {
      for (seed, slot) in slots.enumerated() {
        let gain = Self.step(at: scheme == "naac" ? slot - 18 : 0)
        curves.append((scheme, seed, scheme == "random" ? gain.map { _ in 70 } : gain.map { 70 + $0 }))
      }
    }
    let judgement = try #require(try judge([], curves: curves)["D2D-02"])
    #expect(judgement.verdict == verdict)
    #expect(judgement.threshold == 60)
    #expect(judgement.note.contains("NAAC gained nothing in 1 of 3 seeds") == slots.contains(300), "\(judgement.note)")
    if slots == [58, 58, 58] { #expect(judgement.note.contains("In slots 61 to 140 NAAC has 100 % of its final gain")) }
  }

  @Test func shortRunsDoNotTellWhereACurveEnds() throws {
    let short = ["random", "maac", "naac"].flatMap { scheme in (0..<3).map { (scheme, $0, Self.step(at: 0, count: 79)) } }
    let judgement = try #require(try judge([], curves: short)["D2D-02"])
    #expect(judgement.verdict == .inconclusive && judgement.note.contains("At least 80 learning slots"))
    // Nothing to pair with.
    #expect(try judge([], schemes: ["maac", "naac"])["D2D-02"] == nil)
    #expect(try judge([], ["pairs=20"])["D2D-02"] == nil)
  }

  // MARK: Comparisons of MAAC and NAAC

  @Test(arguments: [
    ([0.005, 0.005, 0.005], Verdict.holds), ([0.002, 0.002, 0.002], .holds), ([0.008, 0.008, 0.008], .holds), ([0.0019, 0.0019, 0.0019], .fails),
    ([0.0081, 0.0081, 0.0081], .fails), ([-0.005, -0.005, -0.005], .fails), ([0, 0.005, 0.01], .inconclusive), ([0.005, 0.005], .inconclusive),
  ])
  func fiveThousandths(gap: [Double], verdict: Verdict) throws {
    let maac = Made(metric: "cellularOutage", scheme: "maac", pairs: 10, values: gap.map { _ in 0 })
    let naac = Made(metric: "cellularOutage", scheme: "naac", pairs: 10, values: gap)
    let judgement = try #require(try judge([maac, naac], ["pairs=10"])["D2D-05"])
    #expect(judgement.verdict == verdict)
    #expect(judgement.statistic?.name == "cellular outage of NAAC minus MAAC, N = 10")
    #expect(judgement.note.contains("At least 20 drops are wanted"))
  }

  @Test func theGapIsTheMeanOverTheSweep() throws {
    var made: [Made] = []
    for (pairs, gap) in [(10, 0.0), (30, 0.005), (50, 0.013)] {
      made.append(Made(metric: "cellularOutage", scheme: "maac", pairs: pairs, values: [0.1, 0.2, 0.3, 0.4]))
      made.append(Made(metric: "cellularOutage", scheme: "naac", pairs: pairs, values: [0.1, 0.2, 0.3].map { $0 + gap }))
    }
    let judgement = try #require(try judge(made)["D2D-05"])
    #expect(judgement.verdict == .holds && judgement.seeds == 3)
    #expect(abs((judgement.statistic?.value ?? 0) - 0.006) < 1e-12)
    #expect(judgement.statistic?.name.hasSuffix("mean over N = 10, 30, 50") == true)
  }

  @Test(arguments: [
    (-0.001, 1.0, Verdict.holds), (0.001, 1.0, .fails), (-0.001, -1.0, .fails), (0, 1.0, .inconclusive), (-0.001, 0, .inconclusive),
  ])
  func neighboursHelpThePairs(outage: Double, rate: Double, verdict: Verdict) throws {
    var made: [Made] = []
    for pairs in [10, 30, 50] {
      for scheme in ["maac", "naac"] {
        let sign = scheme == "naac" ? 1.0 : 0
        made.append(Made(metric: "d2dOutage", scheme: scheme, pairs: pairs, values: [0.25, 0.25, 0.25].map { $0 + sign * outage }))
        made.append(Made(metric: "d2dSumRate", scheme: scheme, pairs: pairs, values: [80, 90, 100].map { $0 + sign * rate }))
      }
    }
    #expect(try judge(made)["D2D-10"]?.verdict == verdict)
  }

  // MARK: Sweeps

  private func sweep(_ metric: String, _ values: [String: [Double]], seeds: Int = 3) -> [Made] {
    values.keys.sorted().flatMap { scheme in
      zip([10, 20, 30, 40, 50], values[scheme]!).map { Made(metric: metric, scheme: scheme, pairs: $0, values: Array(repeating: $1, count: seeds)) }
    }
  }

  /// Ranks whose Spearman correlation with 1...5 is 1 − Σd² / 20.
  @Test(arguments: [
    ([1, 2, 3, 4, 5], Verdict.holds, Verdict.holds), ([1, 2, 3, 5, 4], .holds, .holds), ([1, 3, 2, 5, 4], .fails, .holds),
    ([2, 1, 3, 5, 4], .fails, .holds), ([1, 4, 3, 2, 5], .fails, .fails), ([5, 4, 3, 2, 1], .fails, .fails), ([2, 2, 2, 2, 2], .fails, .fails),
  ])
  func outagesGrow(ranks: [Double], cellular: Verdict, pairs: Verdict) throws {
    let rising = [0.1, 0.2, 0.3, 0.4, 0.5]
    for (metric, id, verdict) in [("cellularOutage", "D2D-06", cellular), ("d2dOutage", "D2D-08", pairs)] {
      // Yardsticks are no curves of the paper: theirs may fall.
      let values = ["maac": rising, "naac": ranks.map { $0 / 10 }, "oracle": rising.reversed().map { $0 }, "random": rising]
      let judgement = try #require(try judge(sweep(metric, values), scale: .paper)[id])
      #expect(judgement.verdict == verdict, "\(id)")
      if verdict == .fails { #expect(judgement.statistic?.name == "Spearman correlation with N, NAAC") }
    }
  }

  @Test func growthNeedsASweepOfALearner() throws {
    let rising = ["oracle": [0.1, 0.2, 0.3, 0.4, 0.5]]
    #expect(try judge(sweep("cellularOutage", rising), scale: .paper, schemes: ["oracle"])["D2D-06"] == nil)
    #expect(try judge([], ["pairs=10"])["D2D-06"] == nil)
    #expect(try judge([])["D2D-06"]?.verdict == .inconclusive)
  }

  @Test(arguments: [
    ([86, 181, 276, 350, 415], Verdict.holds), ([80, 160, 240, 320, 400], .inconclusive), ([80, 150, 230, 320, 420], .fails),
    ([80, 160, 230, 290, 280], .fails), ([80, 160, 230, 290, 290], .inconclusive),
  ])
  func ratesAreConcave(rates: [Double], verdict: Verdict) throws {
    // The first case of the paper's replica has equal first steps: give it a bend.
    let bent = rates[0] == 86 ? [86, 186, 276, 350, 415] : rates
    let judgement = try #require(
      try judge(sweep("d2dSumRate", ["maac": [86, 186, 276, 350, 415], "naac": bent]), scale: .paper)["D2D-11"])
    #expect(judgement.verdict == verdict)
    #expect(judgement.note.contains("20 drops"))
  }

  // MARK: Computed claims

  /// Sizes that follow from the widths alone: dense layers n·m + m.
  @Test func networksHaveThePapersSizes() {
    func dense(_ inputs: Int, _ outputs: Int) -> Int { (inputs + 1) * outputs }
    func critic(_ members: Int) -> Int { dense(13 * members, 1024) + dense(1024 + 10 * members, 512) + dense(512, 256) + dense(256, 1) }
    #expect(dense(13, 512) + dense(512, 128) + dense(128, 10) == 74_122)
    #expect(critic(10) == 841_729 && critic(50) == 1_579_009 && critic(4) == 731_137)
    for (members, parameters) in [(10, 841_729), (50, 1_579_009), (4, 731_137)] {
      let counts = MADDPG.parameterCounts(MADDPGConfiguration(), members: members, observationSize: 13, choices: 10)
      #expect(counts.actor == 74_122 && counts.critic == parameters)
    }
  }

  @Test func computedClaimsHold() throws {
    for settings in [[], ["pairs=4"]] {
      let judged = try judge([], settings)
      #expect(judged["D2D-18"]?.verdict == .holds && judged["D2D-18"]?.statistic?.value == 296.488)
      #expect(judged["D2D-19"]?.verdict == .holds && judged["D2D-19"]?.statistic?.value == 112)
      let cost = try #require(judged["D2D-20"])
      #expect(cost.verdict == .holds && cost.statistic?.value == 841_729.0 / 731_137)
      #expect(cost.note.contains("731137 of them for every larger N") && cost.note.hasPrefix("5 of 5"))
      #expect(["D2D-18", "D2D-19", "D2D-20"].allSatisfy { judged[$0]?.seeds == 0 })
    }
    #expect(try judge([], ["interferenceFeature=perBlock"])["D2D-18"]?.statistic?.value == 314.92)
    #expect(try judge([], ["resourceBlocks=50"])["D2D-18"]?.verdict == .fails)
    // Where every pair is a neighbour NAAC is MAAC.
    #expect(try judge([], ["neighbours=49"])["D2D-20"] == nil)
    #expect(try judge([], ["neighbours=9"])["D2D-20"]?.note.hasPrefix("4 of 4") == true)
  }

  @Test func smokeJudgesComputedClaimsAlone() throws {
    #expect(try Set(judge([], scale: .smoke).keys) == ["D2D-18", "D2D-19", "D2D-20"])
    #expect(try Set(judge([], schemes: ["maac"]).keys) == ["D2D-06", "D2D-08", "D2D-18", "D2D-19", "D2D-20"])
  }
}
