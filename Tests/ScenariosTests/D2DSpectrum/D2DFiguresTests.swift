import Testing

@testable import Scenarios

@Suite struct D2DFiguresTests {
  /// A made-up run in the shape of the paper's figures.
  static func table(_ request: RunRequest, numbers: [Int], learningSlots: Int = 200) throws -> MetricTable {
    let log = MetricLog()
    let quality = ["maac": 0.9, "naac": 0.8, "ac": 0.5, "dqn": 0.6, "qlearning": 0.3, "sla": 0.85, "random": 0, "oracle": 1]
    for pairs in numbers {
      for scheme in request.schemes {
        let skill = quality[scheme]!
        for seed in request.seeds {
          let drop = 0.02 * Double(seed)
          let neighbours = request.parameters.integer("neighbours")
          log.begin(Job(scheme: scheme, seed: seed, point: D2DPack.point(scheme, pairs: pairs, neighbours: neighbours), estimatedSeconds: 1))
          let n = Double(pairs)
          if pairs == numbers[0] {
            for slot in 1...learningSlots {
              let learnt = scheme == "oracle" || scheme == "random" ? 1 : min(1, Double(slot) / 60)
              let reward = 80 * (1 + drop) + 9 * skill * learnt + Double(slot * 7 % 11) / 5
              try log.record("trainingReward", reward, step: slot)
              if slot % 20 == 0 && (scheme == "maac" || scheme == "naac") { try log.record("executedReward", reward, step: slot) }
            }
            if scheme == "oracle" || scheme == "random" { try log.record("executedReward", 80 * (1 + drop) + 9 * skill, step: learningSlots) }
          }
          try log.record("cellularOutage", max(0, 0.003 * n * (1 - skill) + 0.0003 * n - drop * 0.1), step: learningSlots)
          try log.record("d2dOutage", 0.015 + 0.0004 * n * (1.3 - skill) + drop * 0.2, step: learningSlots)
          try log.record("d2dSumRate", n * (9 - 0.03 * n) + skill * n / 5 + 100 * drop, step: learningSlots)
        }
      }
    }
    return try log.table()
  }

  private func figures(
    _ scale: Scale = .standard, schemes: [String]? = nil, figures: [Int]? = nil, kind: RunRequest.Kind = .reproduce,
    _ settings: [String] = []
  ) throws -> [Figure] {
    let request = try RunRequest(kind, of: D2DPack(), scale: scale, schemes: schemes, figures: figures, settings: settings)
    return try D2DPack().figures(from: Self.table(request, numbers: D2DPack().sweep(request)), request: request)
  }

  @Test func everyFigureHasThePapersCurves() throws {
    let all = try figures()
    #expect(all.map(\.number) == [6, 7, 8, 9])
    for figure in all {
      #expect(figure.panels[0].series.map(\.name) == ["MAAC", "NAAC (λ = 3)", "AC", "DQN", "Q-learning", "SLA", "Random", "Oracle (fixed)"])
      #expect(figure.panels[0].series.map(\.isReference) == [false, false, false, false, false, false, true, true])
      #expect(figure.title == D2DPack().figures.first { $0.number == figure.number }?.title)
    }
    for figure in all.dropFirst() {
      #expect(figure.panels[0].series.allSatisfy { $0.points.map(\.x) == [10, 20, 30, 40, 50] && $0.points.allSatisfy { $0.seeds == 20 } })
      #expect(figure.panels[0].x.ticks == [10, 20, 30, 40, 50] && figure.panels[0].x.caption == "Number of D2D pairs")
    }
    #expect(
      all.map(\.panels[0].y.caption) == [
        "Total reward (bit/s/Hz)", "Outage probability of cellular links", "Outage probability of D2D links", "Sum rate of D2D links (bit/s/Hz)",
      ])
  }

  @Test func convergenceIsAveragedOverBlocksAndComparedWithTheOracle() throws {
    let figure = try figures(figures: [6])[0]
    #expect(figure.panels.count == 2)
    let exploring = figure.panels[0].series[0]
    let ends: [Double] = (1...10).map { Double(20 * $0) }
    #expect(exploring.points.map(\.x) == ends)
    // Slots 1 to 20 of five seeds: 80 · (1 + 0.04) + 9 · 0.9 · 10.5 / 60 and the mean of the ripple.
    let steps: [Int] = (1...20).map { $0 * 7 % 11 }
    let ripple = Double(steps.reduce(0, +)) / 100
    let first: Double = 95.2 + 9 * 0.9 * 10.5 / 60 + ripple
    #expect(abs(exploring.points[0].mean - first) < 1e-9)
    let right = figure.panels[1]
    #expect(right.series.map(\.name) == ["MAAC", "NAAC (λ = 3)", "Random"])
    // The oracle's own drop is taken out: what is left does not differ between seeds.
    let end = try #require(right.series[0].points.last)
    let gap: Double = 9 * 0.9 - 9 + Double(200 * 7 % 11) / 5
    #expect(abs(end.mean - gap) < 1e-9 && end.high - end.low < 1e-9)
    #expect(right.series[2].points.map(\.x) == [20, 200] && abs(right.series[2].points[0].mean + 9) < 1e-9)
    #expect(figure.caption.hasPrefix("Left: total reward of all 10 pairs against learning slots (behind 2000 slots of random allocation)"))
  }

  @Test func whatIsNotThereIsNotDrawn() throws {
    #expect(try figures(figures: [8]).map(\.number) == [8])
    #expect(try figures(kind: .run, ["pairs=10"]).map(\.number) == [6, 7, 8, 9])
    let alone = try figures(schemes: ["naac"], figures: [6], ["neighbours=5"])[0]
    #expect(alone.panels.map { $0.series.map(\.name) } == [["NAAC (λ = 5)"]])
    #expect(alone.caption.hasPrefix("Total reward of all 10 pairs") && !alone.caption.contains("Right"))
    let request = try RunRequest(.reproduce, of: D2DPack())
    #expect(try D2DPack().figures(from: MetricTable(), request: request).isEmpty)
  }

  @Test func intervalsOfProbabilitiesStayProbabilities() throws {
    let request = try RunRequest(.reproduce, of: D2DPack(), schemes: ["maac"], seeds: [0, 1, 2], settings: ["pairs=10"])
    let log = MetricLog()
    for (seed, outage) in [0.0, 0.0, 0.003].enumerated() {
      log.begin(Job(scheme: "maac", seed: seed, point: ["pairs": 10], estimatedSeconds: 1))
      try log.record("cellularOutage", outage, step: 1)
      try log.record("d2dOutage", 1 - outage, step: 1)
    }
    let drawn = try D2DPack().figures(from: log.table(), request: request)
    #expect(drawn.map(\.number) == [7, 8])
    let points = drawn.map { $0.panels[0].series[0].points[0] }
    #expect(points[0].low == 0 && points[0].high > 0.003 && abs(points[0].mean - 0.001) < 1e-12)
    #expect(points[1].high == 1 && points[1].low < 0.997)
  }

  /// At a single number of pairs the schemes stand side by side with bars, in their order.
  @Test func aSinglePlaceShowsItsIntervals() throws {
    let figure = try figures(figures: [9], ["pairs=10"])[0]
    #expect(figure.panels[0].series.allSatisfy { $0.points.count == 1 })
    let svg = figure.svg
    for color in ["#0072B2", "#D55E00"] {
      let bars = svg.matches(of: /<line x1="([0-9.]+)" y1="([0-9.]+)" x2="([0-9.]+)" y2="([0-9.]+)" stroke="(#[0-9A-F]+)"/)
        .filter { $0.output.5 == color && $0.output.1 == $0.output.3 && $0.output.2 != $0.output.4 }
      #expect(bars.count == 1, "\(color)")
    }
    #expect(!svg.contains("fill-opacity"))
  }
}
