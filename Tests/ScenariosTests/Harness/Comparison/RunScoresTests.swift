import Foundation
import Testing

@testable import Scenarios

@Suite struct RunScoresTests {
  /// Runs of the hill climbers in folders `a`, `b`, ...
  static func folders(_ scratch: ScratchFolder, _ options: [[String]]) throws -> [String] {
    try options.enumerated().map { index, options in
      let folder = scratch.path + "/" + ["a", "b", "c"][index]
      let run = ToolRun(["run", "hill", "--threads", "1", "--out", folder] + options)
      try #require(run.status == .done, "\(run.error)")
      return folder
    }
  }

  static func scores(
    _ folders: [String], metric: String? = nil, schemes: [String]? = nil, isHigherBetter: Bool = true, reading: RunScores.Reading = .last
  ) throws -> RunScores {
    try RunScores(
      folders.map { try RunScores.Run(folder: $0) }, metric: metric, schemes: schemes, isHigherBetter: isHigherBetter, reading: reading)
  }

  @Test func oneRunGivesItsSchemes() throws {
    let scratch = try ScratchFolder()
    let folder = try RunScoresTests.folders(scratch, [["--seeds", "3"]])[0]
    let scores = try RunScoresTests.scores([folder])
    #expect(scores.metric == "height" && scores.methods.map(\.name) == ["careful", "bold", "still"] && scores.remarks.isEmpty)
    #expect(scores.tasks == [["dimension": 2], ["dimension": 8]])
    let table = try MetricTable(path: folder + "/metrics.jsonl")
    for method in scores.methods {
      for (task, values) in zip(scores.tasks, method.values) { #expect(values == table.values("height", of: method.name, at: task)) }
    }
  }

  @Test func scalesRunFromTheWorstMeanToTheBest() throws {
    let scratch = try ScratchFolder()
    let folders = try RunScoresTests.folders(scratch, [["--seeds", "4"]])
    for isHigherBetter in [true, false] {
      let scores = try RunScoresTests.scores(folders, isHigherBetter: isHigherBetter)
      let means = scores.methods.map { method in scores.normalized(method).map { Statistics.mean($0.values) } }
      for task in 0..<2 {
        #expect(abs(means.map { $0[task] }.min()!) < 1e-12 && abs(means.map { $0[task] }.max()! - 1) < 1e-12)
        // Climbers that stay are the worst, or the best.
        #expect(abs(means[2][task] - (isHigherBetter ? 0 : 1)) < 1e-12)
      }
    }
  }

  @Test func lateStepsAreAveraged() throws {
    let scratch = try ScratchFolder()
    let folder = try RunScoresTests.folders(scratch, [["--seeds", "2", "--scheme", "bold"]])[0]
    let scores = try RunScoresTests.scores([folder], reading: .mean(overLast: 0.5))
    let curve = try MetricTable(path: folder + "/metrics.jsonl").curves("height", of: "bold", at: ["dimension": 8])[1]
    let late = zip(curve.steps, curve.values).filter { $0.0 > curve.steps.last! / 2 }.map(\.1)
    #expect(scores.methods[0].values[1][1] == Statistics.mean(late))
    #expect(late.count > 1 && late.count < curve.values.count)
  }

  @Test func schemesOfSeveralRunsAreToldApart() throws {
    let scratch = try ScratchFolder()
    let folders = try RunScoresTests.folders(
      scratch, [["--seeds", "2", "--scheme", "bold"], ["--seeds", "3", "--scheme", "bold", "--set", "noise=0.5", "--scale", "smoke"]])
    let scores = try RunScoresTests.scores(folders)
    #expect(scores.methods.map(\.name) == ["a/bold", "b/bold"])
    #expect(scores.remarks == ["The scales differ: quick, smoke.", "The runs differ in noise: 0.1, 0.5.", "The runs differ in steps: 60, 30."])
    #expect(SeedValues.commonSeeds(of: scores.methods[1].values) == [0, 1, 2])
    #expect(try RunScoresTests.scores([folders[0], folders[0] + "/"]).methods.map(\.name) == ["a/bold", "a/bold (2)"])
  }

  @Test func whatCannotBeComparedIsSaid() throws {
    let scratch = try ScratchFolder()
    let folders = try RunScoresTests.folders(scratch, [["--seeds", "1"]])
    func sentence(_ make: () throws -> RunScores) -> String {
      do {
        _ = try make()
        return ""
      } catch { return "\(error)" }
    }
    #expect(sentence { try RunScoresTests.scores(folders, metric: "heigth") }.contains("the nearest is 'height'"))
    #expect(sentence { try RunScoresTests.scores(folders, schemes: ["brave"]) }.contains("there is no scheme 'brave'"))
    #expect(sentence { try RunScoresTests.scores([scratch.path + "/none"]) }.contains("manifest.json"))
    // Another pack's run.
    let manifest = try content(folders[0] + "/manifest.json").replacing("\"hill\"", with: "\"dale\"")
    try FileManager.default.createDirectory(atPath: scratch.path + "/d", withIntermediateDirectories: true)
    try scratch.write(manifest, to: "d/manifest.json")
    try scratch.write(try content(folders[0] + "/metrics.jsonl"), to: "d/metrics.jsonl")
    #expect(sentence { try RunScoresTests.scores([folders[0], scratch.path + "/d"]) }.contains("different packs"))
    // Two metrics, and none at a common point.
    let line = "{\"scheme\":\"bold\",\"seed\":0,\"point\":{\"dimension\":2},\"step\":1,\"metric\":\"width\",\"value\":1}\n"
    try scratch.write(try content(folders[0] + "/metrics.jsonl") + line, to: "a/metrics.jsonl")
    #expect(sentence { try RunScoresTests.scores(folders, schemes: ["bold"]) } == "--metric must name one of height, width")
    let other = line.replacing("bold", with: "still")
    try scratch.write(line + line.replacing("2}", with: "5}") + other.replacing("2}", with: "3}"), to: "a/metrics.jsonl")
    #expect(sentence { try RunScoresTests.scores(folders) }.hasSuffix("has 'width' of all of bold, still; name fewer with --scheme"))
    // Those that go together are named.
    let third = other.replacing("still", with: "calm").replacing("2}", with: "3}")
    try scratch.write(line + line.replacing("2}", with: "5}") + other.replacing("2}", with: "3}") + third, to: "a/metrics.jsonl")
    #expect(sentence { try RunScoresTests.scores([folders[0]]) }.hasSuffix("bold, still, calm; name fewer with --scheme, as --scheme still,calm"))
  }
}
