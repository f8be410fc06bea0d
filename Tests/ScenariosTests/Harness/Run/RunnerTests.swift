import Foundation
import Tensor
import Testing

@testable import Scenarios

@Suite struct RunnerTests {
  static let plan = ["run", "hill", "--scheme", "careful,bold", "--seeds", "2", "--set", "steps=15"]
  static let words = plan + ["--threads", "1"]
  /// Eight jobs of three chunks; a run on one thread asks after each chunk whether to stop.
  static let questions = 24

  /// The files that must have the same bytes however a run got there.
  static func result(_ folder: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for name in ["metrics.jsonl", "claims.json"] { files[name] = try content(folder + "/" + name) }
    for name in try RunFolder.contents(of: folder + "/figures") { files[name] = try content(folder + "/figures/" + name) }
    for name in try RunFolder.contents(of: folder + "/tables") { files[name] = try content(folder + "/tables/" + name) }
    return files
  }

  static func uninterrupted() throws -> [String: String] {
    let scratch = try ScratchFolder()
    let run = ToolRun(words + ["--out", scratch.path + "/run"])
    try #require(run.status == .done, "\(run.error)")
    return try result(scratch.path + "/run")
  }

  @Test(arguments: ["0", "1000"]) func anInterruptedRunGoesOnWithTheSameBytes(checkpointSeconds: String) throws {
    let expected = try Self.uninterrupted()
    #expect(expected.count == 9)
    for question in 1...Self.questions {
      let scratch = try ScratchFolder()
      let folder = scratch.path + "/run"
      let first = ToolRun(Self.words + ["--out", folder], checkpointSeconds: checkpointSeconds, stopAt: question)
      // After the last chunk nothing is left to interrupt.
      if question == Self.questions {
        #expect(first.status == .done)
        continue
      }
      #expect(first.status == .interrupted)
      #expect(first.error.contains("saved; resume with: tool run --resume \(folder)"))
      let second = ToolRun(["run", "--resume", folder, "--threads", "1"])
      #expect(second.status == .done, "\(second.error)")
      #expect(try Self.result(folder) == expected, "stopped at \(question)")
    }
  }

  @Test(arguments: ["0", "1000"]) func aRunThatIsKilledGoesOnWithTheSameBytes(checkpointSeconds: String) throws {
    let expected = try Self.uninterrupted()
    for question in stride(from: 1, through: Self.questions, by: checkpointSeconds == "0" ? 1 : 5) {
      let scratch = try ScratchFolder()
      let folder = scratch.path + "/run"
      #expect(ToolRun(Self.words + ["--out", folder], checkpointSeconds: checkpointSeconds, crashAt: question).status == .failed)
      // Half a line more than any checkpoint knows of, and files that were being written.
      let log = try #require(FileHandle(forWritingAtPath: folder + "/metrics.jsonl"))
      try log.seekToEnd()
      try log.write(contentsOf: Data("{\"scheme\":".utf8))
      try log.close()
      try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/claims.json.part"))
      try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/checkpoints/new.safetensors"))
      // Killed again on the way.
      _ = ToolRun(["run", "--resume", folder], checkpointSeconds: checkpointSeconds, crashAt: 3)
      let last = ToolRun(["run", "--resume", folder], checkpointSeconds: checkpointSeconds)
      #expect(last.status == .done, "\(last.error)")
      #expect(try Self.result(folder) == expected, "killed at \(question)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/claims.json.part"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/checkpoints/new.safetensors"))
    }
  }

  /// Jobs side by side are interrupted, killed, and go on with another number of threads.
  @Test(arguments: [2, 3, 8]) func jobsSideBySideGiveTheSameBytes(threads: Int) throws {
    let expected = try Self.uninterrupted()
    let pack = HillClimberPack(rest: 5000)
    var cuts = 0
    for (question, isKilled) in [(1, false), (2, true), (4, false), (7, true), (9, false), (100, false)] {
      let scratch = try ScratchFolder()
      let folder = scratch.path + "/run"
      let first = ToolRun(
        Self.plan + ["--threads", "\(threads)", "--out", folder], packs: [pack], checkpointSeconds: "0", stopAt: isKilled ? nil : question,
        crashAt: isKilled ? question : nil)
      if first.status != .done {
        cuts += 1
        #expect(first.status == (isKilled ? .failed : .interrupted), "\(first.error)")
        _ = ToolRun(["run", "--resume", folder, "--threads", "\(threads - 1)"], packs: [pack], checkpointSeconds: "0", crashAt: 3)
        let last = ToolRun(["run", "--resume", folder, "--threads", "\(threads + 1)"])
        #expect(last.status == .done, "\(last.error)")
      }
      #expect(try Self.result(folder) == expected, "\(isKilled ? "killed" : "stopped") at \(question)")
    }
    // How many threads are ahead of the question is chance, but not that all runs were done before they were asked.
    #expect(cuts > 0)
  }

  enum Damage: CaseIterable { case newest, both, cut, metrics }

  @Test(arguments: Damage.allCases) func aDamagedCheckpointIsSkipped(damage: Damage) throws {
    let expected = try Self.uninterrupted()
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/run"
    _ = ToolRun(Self.words + ["--out", folder], checkpointSeconds: "0", crashAt: 11)
    let store = CheckpointStore(folder: folder + "/checkpoints")
    let files = try store.files()
    try #require(files.count == 2)
    for (index, file) in files.enumerated() where index == 0 || damage == .both {
      let path = store.path(of: file)
      var data = try Data(contentsOf: URL(fileURLWithPath: path))
      switch damage {
      case .newest, .both: data[data.count - 3] ^= 0x40
      case .cut: data = data.prefix(data.count - 9)
      case .metrics:
        // A line that the newest checkpoint counts on is lost.
        let lines = try content(folder + "/metrics.jsonl").split(separator: "\n").dropLast(8)
        try (lines.joined(separator: "\n") + "\n").write(toFile: folder + "/metrics.jsonl", atomically: false, encoding: .utf8)
      }
      try data.write(to: URL(fileURLWithPath: path))
    }
    let run = ToolRun(["run", "--resume", folder])
    #expect(run.status == .done, "\(run.error)")
    #expect(run.error.components(separatedBy: "warning: the checkpoint").count - 1 == (damage == .both ? 2 : 1), "\(run.error)")
    #expect(try Self.result(folder) == expected)
  }

  @Test func checkpointsWithoutTheirMetricsAreKept() throws {
    let expected = try Self.uninterrupted()
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/run"
    _ = ToolRun(Self.words + ["--out", folder], checkpointSeconds: "0", crashAt: 11)
    let files = try CheckpointStore(folder: folder + "/checkpoints").files()
    try FileManager.default.moveItem(atPath: folder + "/metrics.jsonl", toPath: scratch.path + "/away")
    let run = ToolRun(["run", "--resume", folder])
    #expect(run.status == .failed)
    #expect(
      run.error == "tool: \(folder)/metrics.jsonl: cannot be opened (No such file or directory); the run needs it to go on: "
        + "bring it back, or start a new run\n")
    #expect(try files == CheckpointStore(folder: folder + "/checkpoints").files())
    try FileManager.default.moveItem(atPath: scratch.path + "/away", toPath: folder + "/metrics.jsonl")
    let again = ToolRun(["run", "--resume", folder])
    #expect(again.status == .done && again.error.contains("\(folder): goes on with job 4 of 8 at step 5 of 15"), "\(again.error)")
    #expect(try Self.result(folder) == expected)
  }

  @Test func anotherPlanIsRefused() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/run"
    _ = ToolRun(Self.words + ["--out", folder], stopAt: 2)
    let text = try content(folder + "/manifest.json")
    let plan = try Manifest(path: folder + "/manifest.json").plan
    try text.replacingOccurrences(of: plan, with: "0123456789abcdef").write(toFile: folder + "/manifest.json", atomically: false, encoding: .utf8)
    let run = ToolRun(["run", "--resume", folder])
    #expect(run.status == .failed)
    #expect(run.error.contains("other jobs"))
    #expect(try CheckpointStore(folder: folder + "/checkpoints").files().count == 1)
  }

  /// Of several jobs that fail at the same time the first one is named.
  @Test(arguments: [1, 2, 4]) func aMetricThatIsNotFiniteEndsTheRun(threads: Int) throws {
    let scratch = try ScratchFolder()
    let run = ToolRun(Self.plan + ["--threads", "\(threads)", "--out", scratch.path + "/run"], packs: [HillClimberPack(failingStep: 7)])
    #expect(run.status == .failed)
    #expect(run.error.contains("the metric 'height' of the scheme 'careful', seed 0, became nan at step 7"))
  }

  /// A checkpoint that is written while jobs before a failed one go on does not take that one for finished.
  @Test(arguments: [1, 2, 6, 8]) func whatFailedIsDoneAgain(threads: Int) throws {
    let expected = try Self.uninterrupted()
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/run"
    let failing = [HillClimberPack(failingStep: 7, failingScheme: "bold")]
    let message = "the metric 'height' of the scheme 'bold', seed 0, became nan at step 7"
    let first = ToolRun(Self.plan + ["--threads", "\(threads)", "--out", folder], packs: failing, checkpointSeconds: "0")
    #expect(first.status == .failed && first.error.contains(message), "\(first.error)")
    let second = ToolRun(["run", "--resume", folder, "--threads", "\(threads)"], packs: failing, checkpointSeconds: "0")
    #expect(second.status == .failed && second.error.contains(message), "\(second.error)")
    #expect(ToolRun(["run", "--resume", folder]).status == .done)
    #expect(try Self.result(folder) == expected)
  }

  @Test func runningInMemoryGivesTheSameNumbers() throws {
    let request = try RunRequest(.run, of: HillClimberPack(), schemes: ["careful", "bold"], seeds: [0, 1], settings: ["steps=15"])
    let figures = try HillClimberPack().figures(from: HillClimberPack().measure(request), request: request)
    let expected = try Self.uninterrupted()
    #expect(figures.map(\.csv) == [expected["fig3.csv"], expected["fig4.csv"], expected["fig5.csv"]])
  }
}
