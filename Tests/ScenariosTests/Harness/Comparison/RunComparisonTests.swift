import Foundation
import Testing

@testable import Scenarios

@Suite struct RunComparisonTests {
  private func comparison(_ scratch: ScratchFolder, isHigherBetter: Bool = true, dimension: Int? = nil) throws -> RunComparison {
    let folder = try RunScoresTests.folders(scratch, [["--seeds", "5"]])[0]
    if let dimension {
      // A run of one task.
      let lines = try content(folder + "/metrics.jsonl").split(separator: "\n").filter { $0.contains("\"dimension\":\(dimension)}") }
      try scratch.write(lines.joined(separator: "\n") + "\n", to: "a/metrics.jsonl")
    }
    return RunComparison(try RunScoresTests.scores([folder], isHigherBetter: isHigherBetter))
  }

  @Test func pairsAreDifferencesSeedBySeed() throws {
    let scratch = try ScratchFolder()
    let comparison = try comparison(scratch, dimension: 8)
    let table = try MetricTable(path: scratch.path + "/a/metrics.jsonl")
    func values(_ scheme: String) -> SeedValues { table.values("height", of: scheme, at: ["dimension": 8]) }
    #expect(comparison.pairs.map { "\($0.first) \($0.second)" } == ["careful bold", "careful still", "bold still"])
    for pair in comparison.pairs {
      let expected = Statistics.pairedInterval(values(pair.first), minus: values(pair.second))
      #expect(pair.difference == expected && pair.seeds == 5)
      #expect(pair.improvement.value == Statistics.probabilityOfImprovement([values(pair.first).values], over: [values(pair.second).values]))
    }
    #expect(comparison.pairs[1].verdict == "better" && comparison.pairs[1].improvement.value == 1)
  }

  @Test func lessCanBeBetter() throws {
    let scratch = try ScratchFolder()
    let comparison = try comparison(scratch, isHigherBetter: false, dimension: 8)
    let pair = comparison.pairs[1]
    // The difference stays as it was measured.
    #expect(pair.difference!.low > 0 && pair.verdict == "worse" && pair.improvement.value == 0)
    #expect(comparison.tables[0].caption.contains("less is better"))
  }

  @Test func severalTasksCountAlike() throws {
    let scratch = try ScratchFolder()
    let comparison = try comparison(scratch)
    let scores = comparison.scores
    let (careful, still) = (scores.normalized(scores.methods[0]), scores.normalized(scores.methods[2]))
    let byHand = (0..<5).map { seed in (careful[0][seed]! - still[0][seed]! + careful[1][seed]! - still[1][seed]!) / 2 }
    #expect(abs(comparison.pairs[1].difference!.value - Statistics.mean(byHand)) < 1e-12)
    #expect(comparison.tables.map(\.name) == ["scores", "tasks", "pairs"])
  }

  @Test func fewSeedsDecideNothing() throws {
    let scratch = try ScratchFolder()
    let folder = try RunScoresTests.folders(scratch, [["--seeds", "2"]])[0]
    #expect(RunComparison(try RunScoresTests.scores([folder])).pairs.allSatisfy { $0.verdict == "unclear" })
  }

  @Test func figuresShowEveryScheme() throws {
    let scratch = try ScratchFolder()
    let figures = try comparison(scratch).figures
    #expect(figures.map(\.name) == ["scores", "profiles"])
    #expect(figures[0].figure.panels[0].series[0].points.count == 3)
    let profiles = figures[1].figure.panels[0].series
    #expect(profiles.map(\.name) == ["careful", "bold", "still"])
    for series in profiles {
      #expect(zip(series.points, series.points.dropFirst()).allSatisfy { $0.mean >= $1.mean } && series.points.last!.mean == 0)
    }
  }
}
