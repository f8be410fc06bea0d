import Foundation
import Testing

/// The `bench` executable as its users meet it.
@Suite struct CommandLineTests {
  struct Run {
    let code: Int32
    let output: String
    let error: String

    /// Runs `bench`, which is built beside the tests.
    init(_ words: String..., environment: [String: String] = [:]) throws {
      let process = Process()
      let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      process.executableURL = tests.deletingLastPathComponent().appendingPathComponent("bench")
      process.arguments = words
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      let output = Pipe()
      let error = Pipe()
      process.standardOutput = output
      process.standardError = error
      process.standardInput = FileHandle.nullDevice
      try process.run()
      self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      self.error = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      code = process.terminationStatus
    }
  }

  @Test func versionAndHelpGoToTheOutput() throws {
    let version = try Run("--version")
    #expect(version.code == 0)
    #expect(version.output.wholeMatch(of: /bench \d+\.\d+\.\d+\n/) != nil)
    let help = try Run("--help")
    #expect(help.code == 0 && help.error.isEmpty)
    for command in ["list", "run", "reproduce"] {
      #expect(help.output.contains("\n  \(command) "))
      let run = try Run(command, "--help")
      #expect(run.code == 0 && run.output.contains("example: bench \(command)"))
    }
  }

  @Test func wrongUseIsTwo() throws {
    let command = try Run("rnu")
    #expect(command.code == 2 && command.output.isEmpty)
    #expect(command.error.contains("bench: there is no command 'rnu'; the nearest is 'run'"))
    #expect(try Run().code == 2)
    #expect(try Run("run", "no-such-pack").code == 2)
    #expect(try Run("list", "--jsn").error.contains("the nearest is '--json'"))
    #expect(try Run("run", "no-such-pack", environment: ["MARCONI_CHECKPOINT_SECONDS": "often"]).error.contains("MARCONI_CHECKPOINT_SECONDS"))
  }

  @Test func failureIsOne() throws {
    let run = try Run("run", "--resume", "/nowhere")
    #expect(run.code == 1 && run.output.isEmpty)
    #expect(run.error == "bench: /nowhere: holds no run to resume (there is no manifest.json)\n")
  }

  @Test func theListIsJSON() throws {
    let run = try Run("list", "--json")
    #expect(run.code == 0 && run.error.isEmpty)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(json["packs"] is [[String: Any]])
  }
}
