import Foundation
import Testing

@testable import Scenarios

@Suite struct EventFilesTests {
  private func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

  // What the writer of TensorBoard 2.21.0 (protobuf 7.36.2) makes of the same two events.
  @Test func recordsAreThoseOfTensorBoard() {
    let version = EventFiles.event(time: 1_700_000_000.5, step: 0, version: "brain.Event:2")
    let value = EventFiles.event(time: 1_700_000_000.5, step: 300, tag: "reward", value: 1.5)
    #expect(hex(version) == "0900002040fc54d9411a0d627261696e2e4576656e743a32")
    #expect(hex(value) == "0900002040fc54d94110ac022a0f0a0d0a06726577617264150000c03f")
    #expect(
      hex(EventFiles.record(version) + EventFiles.record(value))
        == "1800000000000000a37f4b220900002040fc54d9411a0d627261696e2e4576656e743a322b3531101d00000000000000602fdf23"
        + "0900002040fc54d94110ac022a0f0a0d0a06726577617264150000c03f8864036c")
  }

  @Test func everyJobHasAFile() throws {
    let scratch = try ScratchFolder()
    let log = MetricLog()
    for (scheme, seed, point) in [("a", 0, ["n": 2]), ("a", 1, ["n": 2]), ("b", 0, [:])] as [(String, Int, SweepPoint)] {
      log.begin(Job(scheme: scheme, seed: seed, point: point, estimatedSeconds: 1))
      try log.record("reward", 2, step: 5)
      try log.record("reward", 3, step: 6)
    }
    let files = EventFiles(folder: scratch.path + "/tensorboard", clock: { 9 })
    let lines = log.takeLines()
    try files.add(lines)
    try files.flush()
    func bytes(_ place: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(scratch.path)/tensorboard/\(place)/events.out.tfevents.0.marconi")))
    }
    let expected = [
      EventFiles.event(time: 9, step: 0, version: "brain.Event:2"), EventFiles.event(time: 9, step: 5, tag: "reward", value: 2),
      EventFiles.event(time: 9, step: 6, tag: "reward", value: 3),
    ].flatMap(EventFiles.record)
    for place in ["a/n=2/seed0", "a/n=2/seed1", "b/seed0"] { #expect(try bytes(place) == expected) }
    // A beginning from the first lines loses the others.
    try Data(lines).write(to: URL(fileURLWithPath: scratch.path + "/metrics.jsonl"))
    try files.begin(metrics: scratch.path + "/metrics.jsonl", length: lines.firstIndex(of: 0x0A)! + 1)
    #expect(
      try bytes("a/n=2/seed0")
        == Array(expected.prefix(expected.count - EventFiles.record(EventFiles.event(time: 9, step: 6, tag: "reward", value: 3)).count)))
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/tensorboard/b"))
  }

  /// Interrupted and taken up again, the files are those of the whole run.
  @Test func filesGoOnWithTheRun() throws {
    let scratch = try ScratchFolder()
    let words = ["run", "hill", "--seeds", "2", "--threads", "1", "--tensorboard"]
    let (whole, broken) = (scratch.path + "/whole", scratch.path + "/broken")
    #expect(ToolRun(words + ["--out", whole]).status == .done)
    #expect(ToolRun(words + ["--out", broken], checkpointSeconds: "0", crashAt: 9).status == .failed)
    #expect(ToolRun(["run", "--resume", broken, "--threads", "1"]).status == .done)
    for scheme in ["careful", "bold", "still"] {
      for place in ["dimension=2/seed0", "dimension=8/seed1"] {
        let sizes = try [whole, broken].map { folder in
          try Data(contentsOf: URL(fileURLWithPath: "\(folder)/tensorboard/\(scheme)/\(place)/events.out.tfevents.0.marconi")).count
        }
        #expect(sizes[0] == sizes[1] && sizes[0] > 100)
      }
    }
  }
}
