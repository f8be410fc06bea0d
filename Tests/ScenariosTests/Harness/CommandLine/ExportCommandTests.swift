import Foundation
import Testing

@testable import Scenarios

@Suite struct ExportCommandTests {
  @Test func runsInEveryFormat() throws {
    let scratch = try ScratchFolder()
    let folders = try RunScoresTests.folders(scratch, [["--seeds", "2", "--scheme", "bold"], ["--seeds", "1", "--scheme", "still"]])
    let (json, csv, events) = (scratch.path + "/x.json", scratch.path + "/x.csv", scratch.path + "/events")
    let run = ToolRun(["export"] + folders + ["--marl-eval", json, "--csv", csv, "--tensorboard", events])
    #expect(run.status == .done, "\(run.error)")
    let hill = try JSON(parsing: content(json).utf8)["hill"]
    #expect(hill?.members?.map(\.name) == ["dimension=2", "dimension=8"] && hill?["dimension=8"]?.members?.map(\.name) == ["bold", "still"])
    #expect(ToolRun(["export"] + folders + ["--marl-eval", json, "--scheme", "still"]).status == .done)
    #expect(try JSON(parsing: content(json).utf8)["hill"]?["dimension=8"]?.members?.map(\.name) == ["still"])
    let lines = try folders.map { try content($0 + "/metrics.jsonl").split(separator: "\n").count }
    let rows = try content(csv).split(separator: "\n")
    #expect(
      rows.count == 1 + lines.reduce(0, +) && rows[0] == "run,scheme,seed,point,step,metric,value" && rows[1].hasPrefix("a,bold,0,dimension=2,"))
    #expect(FileManager.default.fileExists(atPath: events + "/b/still/dimension=8/seed0/events.out.tfevents.0.marconi"))
  }

  @Test func mistakes() throws {
    let scratch = try ScratchFolder()
    let folder = try RunScoresTests.folders(scratch, [["--seeds", "1"]])[0]
    #expect(ToolRun(["export", folder]).error.contains("'export' needs one of --marl-eval"))
    #expect(ToolRun(["export", folder, "--csv", "x", "--metric", "heigth"]).error.contains("the nearest is 'height'"))
    #expect(ToolRun(["export", scratch.path + "/none", "--csv", "x"]).status == .failed)
  }
}
