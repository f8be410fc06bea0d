import Tensor

/// Schemes of one or several runs against each other: means, interquartile means, paired differences, probabilities of improvement, performance
/// profiles (R. Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", NeurIPS 2021).
public struct RunComparison: Sendable {
  /// One method against another.
  public struct Pair: Sendable {
    public let first: String
    public let second: String
    /// First minus second over the seeds that both have, each the mean over tasks; nil without such a seed.
    public let difference: Statistic?
    /// The number of these seeds.
    public let seeds: Int
    /// That a run of the first scores better than one of the second.
    public let improvement: Statistic
    /// What the interval of the difference says; with fewer than three seeds nothing.
    public let verdict: String
  }

  public let scores: RunScores
  public let pairs: [Pair]
  /// The scores of each method on one scale. `[methods][tasks][runs]`
  private let strata: [[[Double]]]
  private let interquartileMeans: [Statistic]

  public init(_ scores: RunScores) {
    self.scores = scores
    let methods = scores.methods
    let normalized = methods.map { scores.normalized($0) }
    strata = normalized.map { $0.map(\.values) }
    interquartileMeans = strata.map { Statistics.interquartileMeanInterval($0) }
    pairs = methods.indices.flatMap { first in
      methods.indices.dropFirst(first + 1).map { second in
        RunComparison.pair((methods[first].name, normalized[first]), (methods[second].name, normalized[second]), scores)
      }
    }
  }

  private static func pair(_ first: (name: String, values: [SeedValues]), _ second: (name: String, values: [SeedValues]), _ scores: RunScores) -> Pair
  {
    let seeds = SeedValues.commonSeeds(of: first.values + second.values)
    let differences = seeds.map { seed in Statistics.mean(zip(first.values, second.values).map { $0[seed]! - $1[seed]! }) }
    let difference = seeds.isEmpty ? nil : Statistics.meanInterval(differences, named: "mean paired difference")
    // Scores of one task are as they were measured; normalised ones are better when they are greater.
    let sign: Double = scores.isHigherBetter || scores.isNormalized ? 1 : -1
    func strata(_ values: [SeedValues]) -> [[Double]] { values.map { $0.values.map { sign * $0 } } }
    var verdict = "unclear"
    if let difference, seeds.count >= ClaimTest.fewestSeeds {
      let (low, high) = sign > 0 ? (difference.low, difference.high) : (-difference.high, -difference.low)
      verdict = low > 0 ? "better" : high < 0 ? "worse" : "unclear"
    }
    return Pair(
      first: first.name, second: second.name, difference: difference, seeds: seeds.count,
      improvement: Statistics.improvementInterval(strata(first.values), over: strata(second.values)), verdict: verdict)
  }

  /// What the numbers in tables and figures are.
  private var unit: String {
    scores.isNormalized ? "\(scores.metric), from 0, the worst mean of a task, to 1, its best" : scores.metric
  }

  // MARK: Tables

  public var tables: [ReportTable] { [scoreTable] + (scores.isNormalized ? [taskTable] : []) + [pairTable] }

  private var scoreTable: ReportTable {
    let rows = scores.methods.enumerated().map { index, method -> [ReportTable.Cell] in
      let strata = strata[index]
      let sorted = strata.joined().sorted()
      return [
        .text(method.name), .number(Double(sorted.count)), .number(Statistics.mean(strata.map(Statistics.mean))),
        .number(Statistics.quantile(0.5, ofSorted: sorted)), RunComparison.cell(interquartileMeans[index]),
        .number(sorted[0]), .number(sorted[sorted.count - 1]),
      ]
    }
    return ReportTable(
      name: "scores", title: "Scores",
      caption:
        "\(unit). In brackets the 95 % interval by the stratified bootstrap; \(scores.isHigherBetter || scores.isNormalized ? "more" : "less") is better.",
      columns: ["scheme", "runs", "mean", "median", "interquartile mean", "least", "greatest"].map { ReportTable.Column($0) }, rows: rows)
  }

  private var taskTable: ReportTable {
    ReportTable(
      name: "tasks", title: "Every point of the sweep", caption: "\(scores.metric) as measured: the mean over seeds with its 95 % interval.",
      columns: [.init("point")] + scores.methods.map { .init($0.name) },
      rows: scores.tasks.indices.map { task in
        [.text("\(scores.tasks[task])")] + scores.methods.map { .interval($0.values[task]) }
      })
  }

  private var pairTable: ReportTable {
    ReportTable(
      name: "pairs", title: "Pairs",
      caption:
        "First minus second, paired by seed (\(unit)), and the probability that a run of the first is better than one of the second. "
        + "Better or worse: the 95 % interval of the difference lies on one side of zero, over at least \(ClaimTest.fewestSeeds) seeds.",
      columns: ["first", "second", "difference", "seeds", "probability of improvement", "the first is"].map { ReportTable.Column($0) },
      rows: pairs.map { pair in
        [
          .text(pair.first), .text(pair.second), pair.difference.map(RunComparison.cell) ?? .empty, .number(Double(pair.seeds)),
          RunComparison.cell(pair.improvement), .text(pair.verdict),
        ]
      })
  }

  private static func cell(_ statistic: Statistic) -> ReportTable.Cell {
    .text("\(shortText(statistic.value)) [\(shortText(statistic.low)), \(shortText(statistic.high))]")
  }

  // MARK: Figures

  /// The interquartile means, and the performance profiles.
  public var figures: [(name: String, figure: Figure)] { [("scores", scoreFigure), ("profiles", profileFigure)] }

  private var scoreFigure: Figure {
    let points = interquartileMeans.enumerated().map { index, mean in
      Series.Point(x: Double(index), mean: mean.value, low: mean.low, high: mean.high, seeds: strata[index].map(\.count).min()!)
    }
    return Figure(
      number: 0, title: "Interquartile means", caption: "\(unit), with 95 % intervals.",
      panels: [
        Panel(
          x: Axis("scheme", names: scores.methods.map(\.name)), y: Axis(scores.metric), series: [Series(scores.metric, kind: .column, points: points)]
        )
      ])
  }

  private var profileFigure: Figure {
    let values = strata.joined().joined()
    let (low, high) = (values.min()!, values.max()!)
    let thresholds = (0...50).map { $0 == 50 ? high : low + (high - low) * Double($0) / 50 }
    let series = zip(scores.methods, strata).map { method, strata in
      Series(
        method.name,
        points: zip(thresholds, Statistics.performanceProfile(strata, thresholds: thresholds)).map { threshold, share in
          Series.Point(x: threshold, mean: share.value, low: share.low, high: share.high, seeds: strata.map(\.count).min()!)
        })
    }
    return Figure(
      number: 0, title: "Performance profiles", caption: "The share of runs that score more than a threshold, with 95 % bands. \(unit).",
      panels: [Panel(x: Axis(scores.metric), y: Axis("share of runs above", range: 0...1), series: series)])
  }

  // MARK: Texts

  /// Remarks and tables as Markdown.
  ///
  /// - Parameter hasFigures: Whether the figures lie beside the text.
  public func markdown(withFigures hasFigures: Bool) -> String {
    var text = "# Comparison by \(MarkdownText.line(scores.metric))\n\n"
    for remark in scores.remarks { text += "- \(MarkdownText.line(remark))\n" }
    if !scores.remarks.isEmpty { text += "\n" }
    for table in tables { text += MarkdownText.table(table) + "\n\(MarkdownText.line(table.caption))\n\n" }
    guard hasFigures else { return text }
    for (name, figure) in figures { text += "![\(figure.title)](\(name).svg)\n\n\(MarkdownText.line(figure.caption))\n\n" }
    return text
  }

  public var latex: String { tables.map(LaTeXText.table).joined(separator: "\n") }

  public var json: JSON {
    func json(_ statistic: Statistic?) -> JSON {
      ["value": JSON(statistic?.value), "low": JSON(statistic?.low), "high": JSON(statistic?.high)]
    }
    return [
      "metric": .string(scores.metric), "remarks": JSON(scores.remarks),
      "schemes": .array(
        scores.methods.enumerated().map { index, method in
          let strata = strata[index]
          return [
            "name": .string(method.name), "runs": JSON(strata.joined().count), "mean": JSON(Statistics.mean(strata.map(Statistics.mean))),
            "interquartileMean": json(interquartileMeans[index]),
          ]
        }),
      "pairs": .array(
        pairs.map { pair in
          [
            "first": .string(pair.first), "second": .string(pair.second), "difference": json(pair.difference), "seeds": JSON(pair.seeds),
            "probabilityOfImprovement": json(pair.improvement), "first is": .string(pair.verdict),
          ]
        }),
    ]
  }
}
