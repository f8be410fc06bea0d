import Testing

@testable import Scenarios

@Suite struct SweepGridTests {
  private func grid(_ texts: String...) throws(UsageError) -> SweepGrid { try SweepGrid(texts, of: HillClimberPack().parameters) }

  @Test func everyCombinationOnce() throws {
    let grid = try grid("noise=0,0.5", "weather=rain,sun", "rope=yes,no")
    #expect(grid.texts == ["noise=0.0,0.5", "weather=rain,sun", "rope=true,false"])
    let combinations = grid.combinations
    #expect(combinations.count == 8 && Set(combinations.map(\.point)).count == 8)
    #expect(combinations[0].settings == ["noise=0.0", "weather=rain", "rope=true"])
    // Choices stand at their places in the parameter's list, flags at 0 and 1.
    #expect(combinations[0].point == ["noise": 0, "weather": 1, "rope": 1])
    #expect(combinations[1].point == ["noise": 0, "weather": 1, "rope": 0])
    #expect(combinations[7].point == ["noise": 0.5, "weather": 0, "rope": 0])
  }

  @Test func whatCannotBeSweptIsSaid() {
    func sentence(_ texts: String...) -> String {
      do {
        _ = try SweepGrid(texts, of: HillClimberPack().parameters)
        return ""
      } catch { return error.message }
    }
    #expect(sentence("noise") == "--grid needs name=v1,v2,..., got 'noise'")
    #expect(sentence("nois=1").contains("the nearest is 'noise'"))
    #expect(sentence("noise=1,,2").contains("'noise' cannot be ''"))
    #expect(sentence("noise=1,11").contains("0 to 10 m"))
    #expect(sentence("noise=1", "noise=2") == "--grid names 'noise' twice")
    #expect(sentence("noise=1,1.0") == "--grid names the value 1.0 of 'noise' twice")
    let many = (10..<1010).map { "\($0)" }.joined(separator: ",")
    #expect(
      sentence("steps=\(many)", "noise=\((0..<200).map { "\(Double($0) / 100)" }.joined(separator: ","))").contains("more than 100000 combinations"))
  }

  /// Lines of a sweep are those of runs with `--set`, but for the coordinates behind their points.
  @Test func combinationsAreRunsOfTheirOwn() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/sweep"
    let run = ToolRun(["sweep", "hill", "--grid", "noise=0.1,0.7", "--grid", "steps=20,30", "--seeds", "2", "--out", folder])
    #expect(run.status == .done && run.error.contains("4 combinations of noise, steps, each: 3 climbers"), "\(run.error)")
    let swept = try content(folder + "/metrics.jsonl")
    for (noise, steps) in [(0.1, 20), (0.7, 30)] {
      let alone = scratch.path + "/\(steps)"
      _ = ToolRun(["run", "hill", "--set", "noise=\(noise)", "--set", "steps=\(steps)", "--seeds", "2", "--out", alone])
      let mark = ",\"noise\":\(noise),\"steps\":\(steps)}"
      let lines = swept.split(separator: "\n").filter { $0.contains(mark) }.map { $0.replacing(mark, with: "}") }
      #expect(lines.joined(separator: "\n") + "\n" == (try content(alone + "/metrics.jsonl")))
    }
    // And the report shows them.
    #expect(try content(folder + "/report.md").contains("--grid noise=0.1,0.7 --grid steps=20,30"))
    let rows = try content(folder + "/tables/sweep.csv").split(separator: "\n")
    #expect(rows.count == 1 + 3 * 2 * 4 && rows[1].hasPrefix("Careful,dimension=2 noise=0.1 steps=20,height,2,"))
    #expect(try content(folder + "/figures/fig1.csv").hasPrefix("noise (m),scheme,"))
  }

  @Test func sweepsGoOn() throws {
    let scratch = try ScratchFolder()
    let words = ["sweep", "hill", "--grid", "weather=sun,rain", "--seeds", "2", "--threads", "1"]
    let (whole, broken) = (scratch.path + "/whole", scratch.path + "/broken")
    #expect(ToolRun(words + ["--out", whole]).status == .done)
    #expect(ToolRun(words + ["--out", broken], checkpointSeconds: "0", crashAt: 9).status == .failed)
    #expect(ToolRun(["sweep", "--resume", broken, "--grid", "weather=rain,sun"]).error.contains("contradicts it"))
    #expect(ToolRun(["sweep", "--resume", broken]).status == .done)
    #expect(try RunnerTests.result(broken) == RunnerTests.result(whole))
  }

  @Test func mistakes() {
    #expect(ToolRun(["sweep", "hill"]).error.contains("'sweep' needs --grid name=v1,v2"))
    #expect(ToolRun(["sweep", "hill", "--grid", "noise=1,2", "--set", "noise=1"]).error.contains("'noise' is both swept and set"))
    #expect(ToolRun(["run", "hill", "--grid", "noise=1,2"]).status == .usage)
  }
}
