import Foundation
import Tensor
import Testing

@testable import Scenarios

@Suite struct RunSessionTests {
  @Test func aFolderHoldsEverything() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/run"
    let run = ToolRun(["reproduce", "hill", "--seeds", "5", "--figure", "4", "--set", "noise=0.2", "--threads", "3", "--out", folder + "/"])
    #expect(run.status == .done, "\(run.error)")
    for name in [
      "manifest.json", "metrics.jsonl", "figures/fig4.svg", "figures/fig4.csv", "tables/ends.csv", "claims.json", "report.html", "report.md",
    ] {
      #expect(FileManager.default.fileExists(atPath: folder + "/" + name), "\(name) is missing")
    }
    #expect(!FileManager.default.fileExists(atPath: folder + "/figures/fig3.svg"))
    let manifest = try Manifest(path: folder + "/manifest.json")
    #expect(manifest.end != nil && manifest.seconds > 0 && manifest.threads == 3)
    #expect(manifest.version == "1.2.3" && manifest.revision == "abc" && manifest.cpuLevel == "level")
    #expect(manifest.changed == ["noise"] && manifest.figures == [4] && manifest.seeds == [0, 1, 2, 3, 4])
    #expect(manifest.commandLine.prefix(3) == ["tool", "reproduce", "hill"])
    let claims = try JSON(parsing: content(folder + "/claims.json").utf8)
    #expect(claims["pack"]?.stringValue == "hill" && claims["scale"]?.stringValue == "quick")
    #expect(claims["claims"]?.elements?.map { $0["id"]?.stringValue } == ["HILL-01", "HILL-02", "HILL-03", "HILL-04"])
    #expect(claims["claims"]?.elements?[3]["note"]?.stringValue == "Not covered by this run; run: tool reproduce hill --figure 3")
    // Said before the start, and at the end.
    #expect(run.error.contains("3 climbers on 2 hills, 60 steps each.\n30 jobs on 3 threads, about 0.1 s"))
    #expect(run.output.contains("HILL-03  holds         A climber remembers") && run.output.contains("report: \(folder)/report.html"))
  }

  @Test func threadsChangeNothing() throws {
    let scratch = try ScratchFolder()
    for threads in ["1", "2"] {
      _ = ToolRun(["run", "hill", "--scale", "smoke", "--threads", threads, "--out", scratch.path + "/" + threads])
    }
    #expect(try RunnerTests.result(scratch.path + "/1") == RunnerTests.result(scratch.path + "/2"))
  }

  @Test func smokeMakesNoClaim() throws {
    let scratch = try ScratchFolder()
    let run = ToolRun(["run", "hill", "--scale", "smoke", "--json", "--out", scratch.path + "/run"])
    let json = try JSON(parsing: run.output.utf8)
    #expect(json["pack"]?.stringValue == "hill" && json["status"]?.stringValue == "finished" && json["jobs"]?.intValue == 6)
    #expect(json["folder"]?.stringValue == scratch.path + "/run")
    #expect(json["claims"]?.elements?.count == 4)
    #expect(json["claims"]?.elements?.allSatisfy { $0["verdict"]?.stringValue == "inconclusive" } == true)
  }

  @Test func aFinishedRunIsOnlyShownAgain() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/run"
    _ = ToolRun(["run", "hill", "--scale", "smoke", "--out", folder])
    let expected = try RunnerTests.result(folder)
    try FileManager.default.removeItem(atPath: folder + "/claims.json")
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/figures/fig3.csv"))
    let manifest = try content(folder + "/manifest.json")
    let again = ToolRun(["run", "--resume", folder], crashAt: 1)
    #expect(again.status == .done, "\(again.error)")
    #expect(again.error.contains("the run was finished at"))
    #expect(try RunnerTests.result(folder) == expected)
    #expect(try content(folder + "/manifest.json") == manifest)
  }

  @Test(arguments: [
    (["--scale", "paper"], "--scale smoke"), (["--seeds", "3"], "the seeds 0,1"), (["--scheme", "bold"], "the schemes careful"),
    (["--set", "noise=1"], "noise=0.5"), (["--out", "elsewhere"], "this folder"), (["--set", "nose=1"], "the nearest is 'noise'"),
    (["other"], "the pack 'hill'"),
  ])
  func optionsThatContradictARunAreRefused(words: [String], message: String) throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/run"
    let start = ["run", "hill", "--scale", "smoke", "--seeds", "2", "--scheme", "careful", "--set", "noise=0.5"]
    _ = ToolRun(start + ["--out", folder], stopAt: 3)
    let packs = [HillClimberPack(), HillClimberPack(name: "other")]
    let refused = ToolRun(["run", "--resume", folder] + words, packs: packs)
    #expect(refused.status == .usage)
    #expect(refused.error.contains(message), "\(refused.error)")
    #expect(ToolRun(["reproduce", "--resume", folder]).error.contains("use tool run --resume \(folder)"))
    // The same words as at the start contradict nothing.
    #expect(ToolRun(start + ["--resume", folder, "--threads", "1"], packs: packs).status == .done)
  }

  @Test func foldersThatCannotServeAreRefused() throws {
    let scratch = try ScratchFolder()
    try scratch.write("mine", to: "notes.txt")
    let full = ToolRun(["run", "hill", "--scale", "smoke", "--out", scratch.path])
    #expect(full.status == .failed && full.error.contains("holds files already") && full.error.split(separator: "\n").count == 1)
    let below = ToolRun(["run", "hill", "--scale", "smoke", "--out", scratch.path + "/notes.txt/run"])
    #expect(below.status == .failed && below.error.contains("cannot be created") && below.error.split(separator: "\n").count == 1)
    let nothing = ToolRun(["run", "--resume", scratch.path])
    #expect(nothing.status == .failed && nothing.error.contains("holds no run to resume"))
    let folder = try RunFolder(creating: scratch.path + "/held")
    let held = ToolRun(["run", "hill", "--scale", "smoke", "--out", folder.path])
    #expect(held.status == .failed && held.error.contains("in use by another process"))
    withExtendedLifetime(folder) {}
  }

  @Test func allPacksRunSideBySide() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/all"
    let packs = [HillClimberPack(), HillClimberPack(name: "dale")]
    // Six jobs of six chunks in each pack: the second one is stopped.
    let first = ToolRun(["reproduce", "all", "--scale", "smoke", "--threads", "1", "--out", folder], packs: packs, stopAt: 40)
    #expect(first.status == .interrupted)
    #expect(first.error.contains("resume with: tool reproduce --resume \(folder)"))
    #expect(ToolRun(["reproduce", "--resume", folder, "--scale", "quick"], packs: packs).status == .usage)
    let second = ToolRun(["reproduce", "--resume", folder, "--json"], packs: packs)
    #expect(second.status == .done, "\(second.error)")
    #expect(try JSON(parsing: second.output.utf8)["runs"]?.elements?.map { $0["pack"]?.stringValue } == ["hill", "dale"])
    #expect(try content(folder + "/hill/metrics.jsonl") == content(folder + "/dale/metrics.jsonl"))
    #expect(ToolRun(["reproduce", "all", "--out", folder], packs: packs).error.contains("holds files already"))
  }
}
