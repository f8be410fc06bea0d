import Foundation
import Testing

@testable import Scenarios

@Suite struct ConfigurationFileTests {
  @Test func filesStandForOptions() throws {
    let scratch = try ScratchFolder()
    try scratch.write(
      #"{"pack": "hill", "scale": "smoke", "schemes": ["bold"], "seeds": 2, "parameters": {"noise": 0.5, "weather": "rain", "rope": true}}"#,
      to: "own.json")
    let (file, options) = (scratch.path + "/file", scratch.path + "/options")
    #expect(ToolRun(["run", "--config", scratch.path + "/own.json", "--out", file]).status == .done)
    #expect(
      ToolRun(
        ["run", "hill", "--scale", "smoke", "--scheme", "bold", "--seeds", "2"]
          + ["noise=0.5", "weather=rain", "rope=true"].flatMap { ["--set", $0] }
          + ["--out", options]
      ).status == .done)
    #expect(try RunnerTests.result(file) == RunnerTests.result(options))
    // Options go above a file.
    let over = scratch.path + "/over"
    #expect(ToolRun(["run", "--config", scratch.path + "/own.json", "--seeds", "4,", "--set", "noise=0", "--out", over]).status == .done)
    let manifest = try Manifest(path: over + "/manifest.json")
    #expect(manifest.seeds == [4] && manifest.schemes == ["bold"] && manifest.changed == ["noise", "weather", "rope"])
    #expect(manifest.parameters.first { $0.name == "noise" }?.value.doubleValue == 0)
  }

  @Test func aManifestMakesTheRunAgain() throws {
    let scratch = try ScratchFolder()
    let (first, second) = (scratch.path + "/first", scratch.path + "/second")
    #expect(
      ToolRun(["sweep", "hill", "--grid", "noise=0,1", "--set", "weather=rain", "--seeds", "3,5", "--scale", "smoke", "--out", first]).status == .done
    )
    #expect(ToolRun(["sweep", "--config", first + "/manifest.json", "--out", second]).status == .done)
    #expect(try RunnerTests.result(first) == RunnerTests.result(second))
    #expect(try Manifest(path: second + "/manifest.json").changed == ["weather"])
  }

  @Test(arguments: [
    ("{", "is no JSON"), ("[1]", "must be an object"), (#"{"scheme": 1}"#, "the nearest is 'schemes'"),
    (#"{"seeds": 0}"#, "'seeds' must be a number of seeds"),
    (#"{"seeds": [1.5]}"#, "'seeds' must be"), (#"{"schemes": "bold"}"#, "'schemes' must be a list of names"),
    (#"{"scale": "huge"}"#, "'scale' must be one of"),
    (#"{"parameters": {"noise": [1]}}"#, "'noise' must be a number"), (#"{"pack": 3}"#, "'pack' must be the name"),
    (#"{"figures": ["a"]}"#, "'figures' must be"),
    (#"{"grid": [1]}"#, "'grid' must be"),
  ])
  func whatIsWrongIsSaid(text: String, words: String) throws {
    let scratch = try ScratchFolder()
    try scratch.write(text, to: "own.json")
    let run = ToolRun(["run", "hill", "--config", scratch.path + "/own.json"])
    #expect(run.status == .failed && run.error.contains("own.json") && run.error.contains(words), "\(run.error)")
  }

  @Test func filesMustFit() throws {
    let scratch = try ScratchFolder()
    try scratch.write(#"{"pack": "dale", "parameters": {"nois": 1}}"#, to: "own.json")
    let path = scratch.path + "/own.json"
    #expect(ToolRun(["run", "hill", "--config", path]).error.contains("is for the pack 'dale', not for 'hill'"))
    try scratch.write(#"{"parameters": {"nois": 1}}"#, to: "own.json")
    #expect(ToolRun(["run", "hill", "--config", path]).error.contains("the nearest is 'noise'"))
    #expect(ToolRun(["run", "hill", "--config", scratch.path + "/none.json"]).error.contains("cannot be read"))
    #expect(ToolRun(["run", "--resume", scratch.path, "--config", path]).error.contains("--config belongs to the start of a run"))
  }
}
