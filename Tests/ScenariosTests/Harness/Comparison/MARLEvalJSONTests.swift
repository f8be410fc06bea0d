import Foundation
import Testing

@testable import Scenarios

@Suite struct MARLEvalJSONTests {
  @Test func everySeedHasItsSteps() throws {
    let scratch = try ScratchFolder()
    let folder = try RunScoresTests.folders(scratch, [["--seeds", "2", "--scheme", "bold,still"]])[0]
    let run = try RunScores.Run(folder: folder)
    let json = try MARLEvalJSON.json([run], metrics: nil)
    let task = try #require(json["hill"]?["dimension=8"])
    #expect(task.members?.map(\.name) == ["bold", "still"] && task["bold"]?.members?.map(\.name) == ["seed_0", "seed_1"])
    let curve = run.table.curves("height", of: "bold", at: ["dimension": 8])[1]
    let seed = try #require(task["bold"]?["seed_1"])
    #expect(seed.members?.map(\.name) == curve.steps.indices.map { "step_\($0)" } + ["absolute_metrics"])
    for (index, step) in curve.steps.enumerated() {
      #expect(seed["step_\(index)"]?["step_count"]?.intValue == step)
      #expect(seed["step_\(index)"]?["height"]?.elements?.map(\.doubleValue) == [curve.values[index]])
    }
    #expect(seed["absolute_metrics"]?["height"]?.elements?.map(\.doubleValue) == [curve.values.last!])
  }

  /// That package demands the same schemes, seeds, steps and metrics everywhere.
  @Test func schemesHaveTheSameTasksAndSeeds() throws {
    let scratch = try ScratchFolder()
    let folders = try RunScoresTests.folders(scratch, [["--seeds", "3", "--scheme", "bold"], ["--seeds", "2", "--scheme", "bold,still"]])
    let runs = try folders.map { try RunScores.Run(folder: $0) }
    let json = try MARLEvalJSON.json(runs, metrics: ["height"])
    for task in ["dimension=2", "dimension=8"] {
      let methods = try #require(json["hill"]?[task]?.members)
      #expect(methods.map(\.name) == ["a/bold", "b/bold", "b/still"])
      #expect(methods.allSatisfy { $0.value.members?.map(\.name) == ["seed_0", "seed_1"] })
    }
    #expect(try MARLEvalJSON.json(runs, metrics: nil, schemes: ["still"])["hill"]?["dimension=2"]?.members?.map(\.name) == ["still"])
    // A coordinate of one scheme alone belongs to the scheme.
    let lines = try content(folders[1] + "/metrics.jsonl").split(separator: "\n").map { line in
      String(line.contains("still") ? line.replacing("\"dimension\":", with: "\"reach\":5,\"dimension\":") : line)
    }
    try scratch.write(lines.joined(separator: "\n") + "\n", to: "b/metrics.jsonl")
    let other = try MARLEvalJSON.json([RunScores.Run(folder: folders[1])], metrics: ["height"])["hill"]
    #expect(other?.members?.map(\.name) == ["dimension=2", "dimension=8"] && other?["dimension=2"]?.members?.map(\.name) == ["bold", "still"])
  }

  @Test func metricsOfOtherStepsStandApart() throws {
    let scratch = try ScratchFolder()
    let folder = try RunScoresTests.folders(scratch, [["--seeds", "1", "--scheme", "bold"]])[0]
    let line = "{\"scheme\":\"bold\",\"seed\":0,\"point\":{\"dimension\":2},\"step\":1,\"metric\":\"width\",\"value\":1}\n"
    try scratch.write(try content(folder + "/metrics.jsonl") + line, to: "a/metrics.jsonl")
    let run = try RunScores.Run(folder: folder)
    let seed = try MARLEvalJSON.json([run], metrics: nil)["hill"]?["dimension=2"]?["bold"]?["seed_0"]
    #expect(seed?["absolute_metrics"]?.members?.map(\.name) == ["height"])
    let alone = try MARLEvalJSON.json([run], metrics: ["width"])["hill"]
    #expect(alone?.members?.map(\.name) == ["dimension=2"] && alone?["dimension=2"]?["bold"]?["seed_0"]?["step_0"]?["width"] != nil)
    let error = #expect(throws: UsageError.self) { try MARLEvalJSON.json([run], metrics: ["height", "width"]) }
    #expect(error?.message == "'height' and 'width' were not recorded at the same steps: export them apart")
  }

  @Test func whatThePackageWouldRefuseIsSaid() throws {
    let scratch = try ScratchFolder()
    let folder = try RunScoresTests.folders(scratch, [["--seeds", "2", "--scheme", "bold,still"]])[0]
    let text = try content(folder + "/metrics.jsonl")
    func sentence(without isDropped: (Substring) -> Bool, metrics: [String]? = ["height"]) throws -> String? {
      try scratch.write(text.split(separator: "\n").filter { !isDropped($0) }.joined(separator: "\n") + "\n", to: "a/metrics.jsonl")
      let run = try RunScores.Run(folder: folder)
      return #expect(throws: UsageError.self) { try MARLEvalJSON.json([run], metrics: metrics) }?.message
    }
    let last = try #require(RunScores.Run(folder: folder).table.curves("height", of: "still", at: ["dimension": 8]).first?.steps.last)
    let isCut = { (line: Substring) in line.contains("still") && line.contains("\"step\":\(last),") && line.contains("\"dimension\":8}") }
    #expect(try sentence(without: isCut)?.contains("times by still: finish the run") == true)
    #expect(try sentence { $0.contains("still") == $0.contains("\"seed\":0,") } == "the schemes have no seed in common: name fewer with --scheme")
    #expect(try sentence(without: { _ in false }, metrics: ["width"])?.contains("'width' was not recorded by all schemes") == true)
  }
}
