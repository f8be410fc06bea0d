import Foundation
import Testing

@testable import Scenarios

@Suite struct MergeCommandTests {
  private static let words = ["sweep", "hill", "--grid", "noise=0,0.2,0.4", "--seeds", "3", "--threads", "1"]

  private func part(_ shard: String, in scratch: ScratchFolder, _ words: [String] = words) -> (run: ToolRun, folder: String) {
    let folder = scratch.path + "/" + shard.replacing("/", with: "of") + "-\(words.count)"
    return (ToolRun(words + ["--shard", shard, "--out", folder]), folder)
  }

  @Test(arguments: [["--seeds", "3"], ["--figure", "4", "--seeds", "4"]]) func partsMakeTheWhole(options: [String]) throws {
    let scratch = try ScratchFolder()
    let words = options.contains("--figure") ? ["reproduce", "hill"] + options : Self.words
    let whole = scratch.path + "/whole"
    #expect(ToolRun(words + ["--out", whole]).status == .done)
    let parts = (1...4).map { part("\($0)/4", in: scratch, words) }
    for (run, folder) in parts {
      #expect(run.status == .done && run.output.contains("to be merged with the others"), "\(run.error)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/report.html"))
    }
    let merged = scratch.path + "/merged"
    let run = ToolRun(["merge"] + parts.map(\.folder).reversed() + ["--out", merged])
    #expect(run.status == .done && run.output.contains("report: \(merged)/report.html"), "\(run.error)")
    #expect(try RunnerTests.result(merged) == RunnerTests.result(whole))
    let manifest = try Manifest(path: merged + "/manifest.json")
    #expect(manifest.shard == nil && manifest.end != nil)
    #expect(try manifest.plan == Manifest(path: whole + "/manifest.json").plan)
    // The whole can be taken up again: its report is made anew.
    #expect(ToolRun([words[0], "--resume", merged]).status == .done)
  }

  @Test func partsGoOn() throws {
    let scratch = try ScratchFolder()
    let whole = part("1/2", in: scratch)
    let folder = scratch.path + "/broken"
    #expect(ToolRun(Self.words + ["--shard", "1/2", "--out", folder], checkpointSeconds: "0", crashAt: 7).status == .failed)
    #expect(ToolRun(["sweep", "--resume", folder, "--shard", "2/2"]).error.contains("was started with --shard 1/2"))
    #expect(ToolRun(["sweep", "--resume", folder]).status == .done)
    #expect(try content(folder + "/metrics.jsonl") == content(whole.folder + "/metrics.jsonl"))
  }

  @Test func whatIsNoRunInPartsIsRefused() throws {
    let scratch = try ScratchFolder()
    let (first, second) = (part("1/2", in: scratch).folder, part("2/2", in: scratch).folder)
    let out = ["--out", scratch.path + "/out"]
    func error(_ folders: String...) -> String { ToolRun(["merge"] + folders + out).error }
    #expect(error(first).contains("part 2/2 is missing"))
    #expect(error(first, second, first).contains("part 1/2 is given twice"))
    #expect(error(first, part("2/2", in: scratch, Self.words + ["--scale", "smoke"]).folder).contains("are no parts of the same run"))
    let whole = scratch.path + "/whole"
    _ = ToolRun(Self.words + ["--out", whole])
    #expect(error(first, whole).contains("is a whole run, not a part"))
    let broken = scratch.path + "/broken"
    _ = ToolRun(Self.words + ["--shard", "2/2", "--out", broken], crashAt: 3)
    #expect(error(first, broken).contains("is not finished"))
    #expect(ToolRun(["merge", first, second]).error.contains("'merge' needs --out"))
    #expect(error(first, scratch.path + "/none").contains("manifest.json"))
    #expect(!FileManager.default.fileExists(atPath: out[1]))
    #expect(ToolRun(Self.words + ["--shard", "3/2"] + out).error.contains("--shard must be i/n"))
  }
}
