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

  @Test func metricsOfOtherStepsStandApart() throws {
    let scratch = try ScratchFolder()
    let folder = try RunScoresTests.folders(scratch, [["--seeds", "1", "--scheme", "bold"]])[0]
    let line = "{\"scheme\":\"bold\",\"seed\":0,\"point\":{\"dimension\":2},\"step\":1,\"metric\":\"width\",\"value\":1}\n"
    try scratch.write(try content(folder + "/metrics.jsonl") + line, to: "a/metrics.jsonl")
    let run = try RunScores.Run(folder: folder)
    let seed = try MARLEvalJSON.json([run], metrics: nil)["hill"]?["dimension=2"]?["bold"]?["seed_0"]
    #expect(seed?["absolute_metrics"]?.members?.map(\.name) == ["height"])
    let alone = try MARLEvalJSON.json([run], metrics: ["width"])["hill"]
    #expect(alone?.members?.count == 1 && alone?["dimension=2"]?["bold"]?["seed_0"]?["step_0"]?["width"] != nil)
    let error = #expect(throws: UsageError.self) { try MARLEvalJSON.json([run], metrics: ["height", "width"]) }
    #expect(error?.message == "'height' and 'width' were not recorded at the same steps: export them apart")
  }
}
