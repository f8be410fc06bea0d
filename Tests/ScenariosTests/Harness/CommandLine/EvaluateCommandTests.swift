import Foundation
import Testing

@testable import Scenarios

@Suite struct EvaluateCommandTests {
  @Test func savedPoliciesActAgain() throws {
    let scratch = try ScratchFolder()
    let packs: [any Pack] = [ScenarioPackTests.pack([.dqn, .random, .ppo.federated(every: 100)])]
    let words = ["run", "lamps", "--scale", "standard", "--seeds", "2", "--set", "copies=8", "--set", "learningSteps=1000", "--threads", "1"]
    let (folder, broken) = (scratch.path + "/run", scratch.path + "/broken")
    #expect(ToolRun(words + ["--save-policies", "--out", folder], packs: packs).status == .done)
    let files = try RunFolder.contents(of: folder + "/policies")
    #expect(files == ["dqn", "ppo-federated"].flatMap { ["\($0),seed=0.safetensors", "\($0),seed=1.safetensors"] })
    let (csv, actions) = (scratch.path + "/x.csv", scratch.path + "/actions.csv")
    let run = ToolRun(["evaluate", folder, "--steps", "300", "--csv", csv, "--actions", actions], packs: packs)
    #expect(run.status == .done && run.output.contains("| dqn |"), "\(run.error)")
    let rows = try content(csv).split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.count == 1 + 4 * 2)
    for row in rows.dropFirst() where row[0] == "dqn" && row[3] == "reward" { #expect(Double(row[4])! > 0.9) }
    // What they did is what was seen: the lamp that is on.
    let mark = "\"dqn,seed=0\","
    let seen = try content(actions).split(separator: "\n").filter { $0.hasPrefix(mark) }.map { $0.dropFirst(mark.count).split(separator: ",") }
    #expect(seen.count == 200)
    #expect(seen.count { $0[2 + Int($0[6])!] == "1.0" } > 190)
    // Interrupted and taken up again, a run saves the same.
    #expect(ToolRun(words + ["--save-policies", "--out", broken], packs: packs, checkpointSeconds: "0", crashAt: 40).status == .failed)
    #expect(ToolRun(["run", "--resume", broken, "--threads", "1"], packs: packs).status == .done)
    for file in files {
      let bytes = try [folder, broken].map { try Data(contentsOf: URL(fileURLWithPath: "\($0)/policies/\(file)")) }
      #expect(bytes[0] == bytes[1])
    }
    // Every step is an episode there.
    let whole = ToolRun(["evaluate", folder, "--scheme", "dqn", "--episodes", "7", "--json"], packs: packs)
    for result in try JSON(parsing: whole.output.utf8)["results"]?.elements ?? [] {
      #expect(result["metrics"]?["return"]?.doubleValue == result["metrics"]?["reward"]?.doubleValue)
    }
    #expect(whole.status == .done && ToolRun(["evaluate", folder, "--episodes", "2", "--steps", "3"], packs: packs).status == .usage)
    // Conditions that a policy is not made for.
    let wide = ToolRun(["evaluate", folder, "--set", "buttons=6"], packs: packs)
    #expect(wide.status == .failed && wide.error.contains("the policy is for one choice of 4, the environment takes one choice of 6"))
  }

  @Test func policiesOfPapers() throws {
    let scratch = try ScratchFolder()
    for (pack, schemes) in [(D2DPack() as any Pack, "maac,naac"), (EdgePack(), "fdrl"), (AllocationPack(), "mfrl")] {
      let folder = scratch.path + "/" + pack.name
      let run = ToolRun(["run", pack.name, "--scheme", schemes, "--scale", "smoke", "--save-policies", "--out", folder], packs: [pack])
      #expect(run.status == .done, "\(run.error)")
      let result = ToolRun(["evaluate", folder, "--steps", "20", "--json"], packs: [pack])
      #expect(result.status == .done, "\(result.error)")
      #expect(try JSON(parsing: result.output.utf8)["results"]?.elements?.count == schemes.split(separator: ",").count)
    }
    // Other power, same policy.
    let d2d = scratch.path + "/d2d"
    let (full, little) = (
      ToolRun(["evaluate", d2d, "--steps", "50"], packs: [D2DPack()]),
      ToolRun(["evaluate", d2d, "--steps", "50", "--set", "pairPowerDBm=-20"], packs: [D2DPack()])
    )
    #expect(full.status == .done && little.status == .done && full.output != little.output, "\(little.error)")
  }

  @Test func mistakes() throws {
    let scratch = try ScratchFolder()
    let folder = try RunScoresTests.folders(scratch, [["--seeds", "1"]])[0]
    #expect(ToolRun(["evaluate", folder]).error.contains("has no environment in which policies could be evaluated"))
    let packs: [any Pack] = [ScenarioPackTests.pack([.random])]
    let lamps = scratch.path + "/lamps"
    _ = ToolRun(["run", "lamps", "--scale", "smoke", "--out", lamps], packs: packs)
    #expect(ToolRun(["evaluate", lamps], packs: packs).error.contains("holds no saved policy of these schemes"))
    #expect(ToolRun(["evaluate", lamps, "--scheme", "randon"], packs: packs).error.contains("the nearest is 'random'"))
  }
}
