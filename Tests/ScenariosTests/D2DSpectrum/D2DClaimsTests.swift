import Agents
import Channels
import Testing

@testable import Scenarios

@Suite struct D2DClaimsTests {
  /// Claims that need no measurement.
  static let computed = [18, 19, 20, 22]

  private func claims(_ run: D2DMadeRun, _ settings: [String] = []) throws -> D2DClaims {
    D2DClaims(table: try run.table(), request: try RunRequest(.reproduce, of: D2DPack(), settings: settings))
  }

  @Test func specialJobsAreNoPartOfTheSweep() throws {
    let run = D2DMadeRun()
    for pairs in [50, 10, 20] { run.add("x", "naac", pairs, [1, 2]) }
    run.add("x", "naac", at: D2DMadeRun.point("naac", 30, ("variant", 1)), [1])
    run.add("x", "naac", at: D2DMadeRun.point("naac", 40, neighbours: 5), [1])
    run.add("x", "maac", 10, [1])
    run.add("x", "maac", 50, [1])
    let read = try claims(run).read
    #expect(read.numbers("x", of: ["naac"]) == [10, 20, 50] && read.numbers("x", of: ["naac", "maac"]) == [10, 50])
    #expect(read.present("x", of: D2DClaims.learners) == ["maac", "naac"])
    #expect(try claims(run, ["neighbours=5"]).read.numbers("x", of: ["naac"]) == [40])
    #expect(D2DClaims.learners.map(read.name) == ["MAAC", "NAAC", "AC", "DQN", "Q-learning", "SLA"])
  }

  // MARK: Allocations

  /// Blocks of all 20 pairs on the drops of three seeds, as `order` makes them from the angles of the transmitters.
  private func allocated(seeds: Int = 3, schemes: [String] = ["maac", "naac"], _ blocks: (UnderlayDrop) -> [Int]) -> D2DMadeRun {
    let run = D2DMadeRun()
    var parameters = D2DParameters()
    parameters.pairs = 20
    let drops = (0..<seeds).map { UnderlayDrop(parameters.cell, seed: D2DSeeds($0).drop) }
    for pair in 0..<20 {
      for scheme in schemes { run.add("block.\(pair)", scheme, 20, drops.map { Double(blocks($0)[pair]) }) }
    }
    return run
  }

  /// The order in which a greedy choice gives every block its two pairs, far from its cellular user or near to it, and from each other.
  private func greedy(_ drop: UnderlayDrop, far: Bool) -> [Int] {
    var blocks = Array(repeating: -1, count: 20)
    for round in 0..<2 {
      for block in 0..<10 {
        let free = blocks.indices.filter { blocks[$0] < 0 }
        func score(_ pair: Int) -> Double {
          let first = round == 0 ? nil : blocks.firstIndex(of: block)
          let apart = first.map { drop.transmitters[pair].distance(to: drop.transmitters[$0]).value } ?? 0
          return apart + drop.transmitters[pair].distance(to: drop.cellularUsers[block]).value
        }
        blocks[far ? free.max { score($0) < score($1) }! : free.min { score($0) < score($1) }!] = block
      }
    }
    return blocks
  }

  @Test func allocationsFarApart() throws {
    let judgement = try #require(try allocated { greedy($0, far: true) }.judged()[17])
    #expect(judgement.verdict == .holds && judgement.seeds == 3 && judgement.threshold == 1, "\(judgement)")
    #expect(judgement.note.contains("4 of 4 comparisons hold.") && judgement.note.contains("Fisher's method"))
    #expect(judgement.statistic!.value > 1)
    #expect(try allocated { greedy($0, far: false) }.verdict(17) == .fails)
    // All on one block: no permutation changes anything.
    let herd = try #require(try allocated { _ in Array(repeating: 4, count: 20) }.judged()[17])
    #expect(herd.verdict == .inconclusive && herd.note.contains("p = 1.0000"), "\(herd.note)")
  }

  @Test func allocationsNeedBothMethods() throws {
    let one = try #require(try allocated(schemes: ["maac"]) { greedy($0, far: true) }.judged()[17])
    #expect(one.verdict == .inconclusive && one.note.contains("Needs the blocks of NAAC at N = 20."))
    #expect(try allocated(seeds: 2) { greedy($0, far: true) }.verdict(17) == .inconclusive)
    #expect(try D2DMadeRun().verdict(17) == nil)
  }

  @Test func blocksNeedEveryPair() throws {
    let run = D2DMadeRun()
    for pair in 0..<3 { run.add("block.\(pair)", "maac", 3, pair == 1 ? [7, 8] : [7, 8, 9]) }
    let blocks = try claims(run).blocks("maac", 3)
    #expect(blocks.map(\.seed) == [0, 1] && blocks.map(\.blocks) == [[7, 7, 7], [8, 8, 8]])
    #expect(try claims(run, ["resourceBlocks=8"]).blocks("maac", 3).map(\.seed) == [0])
  }

  // MARK: Transfer and fine-tuning

  private func transferred(moved: [Int], fresh: [Int], count: Int = 200) -> D2DMadeRun {
    let run = D2DMadeRun()
    let special = D2DMadeRun.point("naac", 20, ("transfer", 1))
    for (seed, slot) in moved.enumerated() {
      run.addCurve("naac", at: special, seed: seed, LearningCurveTests.step(at: slot - 18, count: count))
      run.addCurve("random", at: D2DMadeRun.point("random", 20), seed: seed, Array(repeating: 0, count: count))
    }
    for (seed, slot) in fresh.enumerated() {
      run.addCurve("naac", at: D2DMadeRun.point("naac", 20), seed: seed, LearningCurveTests.step(at: slot - 18, count: count))
    }
    for (point, reward) in [(special, 150.0), (D2DMadeRun.point("naac", 20), 140)] {
      for (step, gain) in [(50, 0.0), (100, 20)] { run.add("executedReward", "naac", at: point, [reward + gain, reward + gain + 1], step: step) }
    }
    return run
  }

  @Test(arguments: [
    ([30, 40, 50], [40, 50, 60], Verdict.holds), ([40, 50, 60], [30, 40, 50], .fails), ([30, 40, 50], [30, 40, 50], .inconclusive),
    ([30, 40], [40, 50], .inconclusive),
  ])
  func transferSavesSlots(moved: [Int], fresh: [Int], verdict: Verdict) throws {
    let judgement = try #require(try transferred(moved: moved, fresh: fresh).judged()[21])
    #expect(judgement.verdict == verdict)
    #expect(judgement.note.contains("Executed reward at the first inspection: 150.50 transferred, 140.50 fresh."), "\(judgement.note)")
  }

  @Test func transferNeedsBothCurves() throws {
    let lost = try #require(try transferred(moved: [30, 40, 300], fresh: [40, 50, 60]).judged()[21])
    #expect(lost.note.contains("NAAC from N = 10 ended without a gain in 1 of 3 seeds") && lost.verdict == .inconclusive)
    let short = try #require(try transferred(moved: [30, 30, 30], fresh: [40, 40, 40], count: 79).judged()[21])
    #expect(short.verdict == .inconclusive && short.note.contains("At least 80 learning slots"))
    let alone = try #require(try transferred(moved: [30, 30, 30], fresh: []).judged()[21])
    #expect(alone.verdict == .inconclusive && alone.note.contains("Needs fresh NAAC at N = 20 (learning curve)."))
    #expect(try transferred(moved: [], fresh: [40, 40, 40]).verdict(21) == nil)
  }

  private func tuned(_ gain: Double, afterRedrop: Double?, schemes: [String] = ["maac", "naac"]) -> D2DMadeRun {
    let run = D2DMadeRun()
    for scheme in schemes {
      let point = D2DMadeRun.point(scheme, 10, ("phase", 3))
      let isLast = scheme == schemes.last
      run.add("rewardBeforeFinetuning", scheme, at: point, [80, 90, 100])
      run.add("rewardAfterFinetuning", scheme, at: point, [80, 90, 100].map { $0 + (isLast ? gain : 1) })
      if let afterRedrop {
        run.add("rewardBeforeFinetuningRedrop", scheme, at: point, [50, 60, 70])
        run.add("rewardAfterFinetuningRedrop", scheme, at: point, [50, 60, 70].map { $0 + (isLast ? afterRedrop : 1) })
      }
      run.add("tuplesUploaded", scheme, at: point, [0.25, 0.25, 0.25])
    }
    return run
  }

  @Test(arguments: [(1.0, 1.0, Verdict.holds), (-1, 1, .fails), (1, -1, .fails), (0, 1, .inconclusive), (1, 0, .inconclusive)])
  func finetuningHelps(gain: Double, redrop: Double, verdict: Verdict) throws {
    let judgement = try #require(try tuned(gain, afterRedrop: redrop).judged()[23])
    #expect(judgement.verdict == verdict && judgement.note.contains("25 % of the slots were uploaded."))
  }

  @Test func finetuningNeedsTheRedrop() throws {
    let judgement = try #require(try tuned(1, afterRedrop: nil).judged()[23])
    #expect(
      judgement.verdict == .inconclusive && judgement.note.contains("Needs MAAC, NAAC at N = 10, fine-tuned after a re-drop."), "\(judgement.note)")
    #expect(try #require(try tuned(1, afterRedrop: 1, schemes: ["maac"]).judged()[23]?.note).contains("NAAC at N = 10, fine-tuned;"))
    #expect(try D2DMadeRun().verdict(23) == nil)
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
      let judged = try D2DMadeRun().judged(settings)
      #expect(judged[18]?.verdict == .holds && judged[18]?.statistic?.value == 296.488)
      #expect(judged[19]?.verdict == .holds && judged[19]?.statistic?.value == 112)
      let cost = try #require(judged[20])
      #expect(cost.verdict == .holds && cost.note.hasPrefix("10 of 10"))
      #expect(cost.note.contains("731137 parameters for every larger N"))
      // The least advantage is that of ten pairs: at most that of the parameters, some of which no pair adds to.
      #expect(cost.statistic!.value > 1 && cost.statistic!.value <= 841_729.0 / 731_137, "\(cost)")
      let proposition = try #require(judged[22])
      #expect(proposition.verdict == .holds && abs(proposition.statistic!.value + 1) < 0.05)
      #expect(Self.computed.allSatisfy { judged[$0]?.seeds == 0 })
    }
    let empty = D2DMadeRun()
    #expect(try empty.judged(["interferenceFeature=perBlock"])[18]?.statistic?.value == 314.92)
    #expect(try empty.judged(["resourceBlocks=50"])[18]?.verdict == .fails)
    // Two states of 503 numbers: 4032 bytes.
    #expect(try empty.judged(["resourceBlocks=100", "interferenceFeature=perBlock"])[19]?.verdict == .holds)
    // Where every pair is a neighbour NAAC is MAAC.
    #expect(try empty.judged(["neighbours=49"])[20] == nil)
    #expect(try empty.judged(["neighbours=9"])[20]?.note.hasPrefix("8 of 8") == true)
  }

  @Test func theSlopeOfProposition1() {
    // Seven standard errors of 0.009: less than once in 10^11 seeds.
    #expect(abs(D2DClaims.slope(of: GradientDirection()) + 1) < 0.063)
    #expect(abs(D2DClaims.slope(of: GradientDirection(), seed: 1) + 1) < 0.063)
    #expect(!D2DClaims.slope(of: GradientDirection(.allEqual), samples: 100).isFinite)
  }

  // MARK: The whole list

  @Test func nothingMeasuredNothingJudged() throws {
    #expect(try D2DMadeRun().judged().keys.sorted() == Self.computed)
    #expect(D2DPack().claims.map(\.id) == (1...23).map { "D2D-" + ($0 < 10 ? "0" : "") + "\($0)" })
  }

  /// With every metric of a whole run there is no claim that nobody judges.
  @Test func noClaimIsForgotten() throws {
    let run = allocated { greedy($0, far: true) }
    let special: [(String, SweepPoint)] = [
      ("naac", D2DMadeRun.point("naac", 20, ("transfer", 1))), ("maac", D2DMadeRun.point("maac", 10, ("phase", 3))),
      ("naac", D2DMadeRun.point("naac", 10, ("phase", 3))),
    ]
    let metrics = [
      "totalReward", "cellularOutage", "d2dOutage", "d2dSumRate", "cellularSumRate", "rewardBeforeFinetuning", "rewardAfterFinetuning",
      "rewardBeforeFinetuningRedrop", "rewardAfterFinetuningRedrop",
    ]
    var places = special + [0, 1, 2, 5, 7].map { ("naac", D2DMadeRun.point("naac", 10, neighbours: $0)) }
    for scheme in D2DMadeRun.learners + ["random", "oracle"] {
      for pairs in [10, 20, 30, 40, 50] { places.append((scheme, D2DMadeRun.point(scheme, pairs))) }
    }
    for (scheme, point) in places {
      for metric in metrics { run.add(metric, scheme, at: point, [1, 2, 3]) }
      for seed in 0..<3 { run.addCurve(scheme, at: point, seed: seed, LearningCurveTests.step(at: 10, count: 300)) }
    }
    let judged = try run.judged()
    #expect(judged.keys.sorted() == Array(1...23))
    #expect(judged.values.allSatisfy { !$0.note.contains("Needs") && !$0.note.contains("Without") })
    #expect(judged.values.allSatisfy { $0.statistic != nil || $0.note.contains("A ratio needs positive values.") })
  }
}
