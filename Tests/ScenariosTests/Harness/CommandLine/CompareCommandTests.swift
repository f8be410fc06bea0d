import Foundation
import Testing

@testable import Scenarios

@Suite struct CompareCommandTests {
  @Test func aFolderGetsEverything() throws {
    let scratch = try ScratchFolder()
    let folders = try RunScoresTests.folders(scratch, [["--seeds", "3", "--scheme", "careful"], ["--seeds", "3", "--scheme", "bold"]])
    let place = scratch.path + "/new/out"
    let run = ToolRun(["compare"] + folders + ["--out", place])
    #expect(run.status == .done, "\(run.error)")
    #expect(run.output.contains("# Comparison by height") && run.output.contains("| careful | bold |"))
    for name in [
      "comparison.md", "comparison.tex", "comparison.json", "scores.csv", "tasks.csv", "pairs.csv", "scores.svg", "profiles.svg", "profiles.csv",
    ] {
      #expect(FileManager.default.fileExists(atPath: "\(place)/\(name)"), "\(name) is missing")
    }
    let json = try JSON(parsing: content(place + "/comparison.json").utf8)
    #expect(json["pairs"]?.elements?.count == 1 && json["schemes"]?.elements?[1]["name"]?.stringValue == "bold")
    #expect(ToolRun(["compare"] + folders + ["--json"]).output == (try content(place + "/comparison.json")))
  }

  @Test func mistakesAreUsageErrors() throws {
    let scratch = try ScratchFolder()
    let folder = try RunScoresTests.folders(scratch, [["--seeds", "1"]])[0]
    #expect(ToolRun(["compare"]).status == .usage)
    #expect(ToolRun(["compare", folder, "--last", "1.5"]).error.contains("--last must be a share above 0 and up to 1, got '1.5'"))
    #expect(ToolRun(["compare", folder, "--metric", "width"]).status == .usage)
    #expect(ToolRun(["compare", scratch.path + "/none"]).status == .failed)
  }
}
