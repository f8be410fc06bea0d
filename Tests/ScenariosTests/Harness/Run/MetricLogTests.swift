import Tensor
import Testing

@testable import Scenarios

@Suite struct MetricLogTests {
  @Test func writesTheDocumentedLines() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/metrics.jsonl"
    let log = try MetricLog(path: path, keeping: 0)
    log.begin(Job(scheme: "maac", seed: 3, point: ["pairs": 50, "neighbours": 3], estimatedSeconds: 1))
    try log.record("reward", 0.1, step: 10)
    try log.record("outage", -1e-9, step: 11, at: ["pairs": 60])
    log.begin(Job(scheme: "random", seed: 0, estimatedSeconds: 1))
    try log.record("reward", 2, step: 0)
    try log.synchronize()
    let expected = """
      {"scheme":"maac","seed":3,"point":{"pairs":50,"neighbours":3},"step":10,"metric":"reward","value":0.1}
      {"scheme":"maac","seed":3,"point":{"pairs":60},"step":11,"metric":"outage","value":-1e-09}
      {"scheme":"random","seed":0,"point":{},"step":0,"metric":"reward","value":2.0}

      """
    #expect(try content(path) == expected)
    #expect(log.byteCount == expected.utf8.count)
    var hash = ContentHash()
    hash.update(expected.utf8)
    #expect(log.hash == hash)
  }

  @Test func refusesWhatIsNotFinite() {
    let log = MetricLog()
    log.begin(Job(scheme: "maac", seed: 3, estimatedSeconds: 1))
    for value in [Double.nan, .infinity, -.infinity] {
      let error = #expect(throws: RunError.self) { try log.record("loss", value, step: 17) }
      for word in ["'loss'", "'maac'", "seed 3", "step 17"] { #expect(error?.message.contains(word) == true) }
    }
    #expect(log.byteCount == 0)
  }

  @Test func keepsTheBeginningAndGoesOn() throws {
    let folder = try ScratchFolder()
    try folder.write("0123456789", to: "log")
    let path = folder.path + "/log"
    let log = try MetricLog(path: path, keeping: 4)
    var hash = ContentHash()
    hash.update("0123".utf8)
    #expect(log.hash == hash)
    #expect(try content(path) == "0123")
    log.begin(Job(scheme: "a", seed: 0, estimatedSeconds: 1))
    try log.record("m", 1, step: 1)
    try log.flush()
    #expect(try content(path).hasPrefix("0123{\"scheme\":\"a\""))
    #expect(throws: FileError.self) { try MetricLog(path: path, keeping: 100_000) }
  }
}
