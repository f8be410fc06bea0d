import Foundation
import Scenarios
import Synchronization

/// A folder for one test that vanishes with it.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("marconi-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws { try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8) }
}

/// The content of a file as text.
func content(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

/// What a tool wrote.
final class RecordedConsole: Sendable {
  private let texts = Mutex((output: "", error: ""))

  var output: String { texts.withLock { $0.output } }
  var error: String { texts.withLock { $0.error } }

  func console(isLive: Bool = false) -> Console {
    Console(
      output: { text in self.texts.withLock { $0.output += text } }, error: { text in self.texts.withLock { $0.error += text } }, isLive: isLive)
  }
}

/// One command line of a tool over the hill climbers.
struct ToolRun {
  let status: ExitCode
  let output: String
  let error: String

  /// - Parameters:
  ///   - stopAt: Ctrl-C at the n-th question of the run whether to stop.
  ///   - crashAt: An error at that question, as if the process had ended there.
  init(
    _ words: [String], packs: [any Pack] = [HillClimberPack()], extraCommands: [any Command] = [], checkpointSeconds: String? = nil,
    stopAt: Int? = nil, crashAt: Int? = nil
  ) {
    struct Crash: Error {}
    let tool = CommandLineTool(name: "tool", version: "1.2.3", packs: packs, extraCommands: extraCommands, cpuLevel: { "level" }, revision: { "abc" })
    let recorded = RecordedConsole()
    let asked = Mutex(0)
    let environment = checkpointSeconds.map { ["MARCONI_CHECKPOINT_SECONDS": $0] } ?? [:]
    status = tool.run(words, console: recorded.console(), environment: environment) {
      let count = asked.withLock { count in
        count += 1
        return count
      }
      if count == crashAt { throw Crash() }
      return count == stopAt
    }
    output = recorded.output
    error = recorded.error
  }
}
