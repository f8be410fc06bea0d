import Tensor
import Testing

@testable import Scenarios

@Suite struct MetricTableTests {
  @Test func findsWhatALogWrote() throws {
    let log = MetricLog()
    for (scheme, seed) in [("b", 4), ("b", 1), ("a", 1)] {
      log.begin(Job(scheme: scheme, seed: seed, point: ["n": 10], estimatedSeconds: 1))
      for step in [1, 2, 3] { try log.record("x", Double(100 * seed + step), step: step) }
      try log.record("y", 0.1 + 0.2, step: 3, at: ["n": 2])
    }
    let table = try log.table()
    #expect(table.count == 12)
    #expect(table.schemes == ["b", "a"])
    #expect(table.seeds == [1, 4])
    #expect(table.points(of: "b") == [["n": 2], ["n": 10]])
    #expect(table.values("x", of: "b", at: ["n": 10]) == [1: 103, 4: 403])
    #expect(table.values("y", of: "a", at: ["n": 2]).values == [0.1 + 0.2])
    #expect(table.values("z", of: "a").isEmpty)
    #expect(table.curves("x", of: "b", at: ["n": 10]).map(\.values) == [[101, 102, 103], [401, 402, 403]])
    #expect(table.curves("x", of: "b", at: ["n": 10])[0].steps == [1, 2, 3])
  }

  @Test func theLastLineOfAStepCounts() throws {
    let log = MetricLog()
    log.begin(Job(scheme: "a", seed: 0, estimatedSeconds: 1))
    for (step, value) in [(2, 1.0), (1, 2), (2, 3), (1, 4)] { try log.record("x", value, step: step) }
    #expect(try log.table().curves("x", of: "a") == [MetricCurve(seed: 0, steps: [1, 2], values: [4, 3])])
  }

  @Test(arguments: [
    "", "{}", "{\"scheme\":\"a\",\"seed\":0,\"point\":{},\"step\":1,\"metric\":\"m\"}",
    "{\"seed\":0,\"scheme\":\"a\",\"point\":{},\"step\":1,\"metric\":\"m\",\"value\":1}",
    "{\"scheme\":\"a\",\"seed\":0.5,\"point\":{},\"step\":1,\"metric\":\"m\",\"value\":1}",
    "{\"scheme\":\"a\",\"seed\":0,\"point\":{\"n\":\"x\"},\"step\":1,\"metric\":\"m\",\"value\":1}",
    "{\"scheme\":\"a\",\"seed\":0,\"point\":[],\"step\":1,\"metric\":\"m\",\"value\":1}",
    "{\"scheme\":\"a\",\"seed\":0,\"point\":{},\"step\":1,\"metric\":\"m\",\"value\":1e999}", "garbage",
  ])
  func refusesOtherLinesWithTheirNumber(line: String) {
    let good = "{\"scheme\":\"a\",\"seed\":0,\"point\":{},\"step\":1,\"metric\":\"m\",\"value\":1.5}\n"
    let error = #expect(throws: FileError.self) { try MetricTable(parsing: Array((good + line + "\n" + good).utf8), path: "metrics.jsonl") }
    #expect(error?.reason.contains("line 2 ") == true, "\(error?.reason ?? "")")
  }

  @Test func refusesALineThatIsCutOff() {
    let error = #expect(throws: FileError.self) { try MetricTable(parsing: Array("{\"scheme\":\"a\"".utf8), path: "m") }
    #expect(error?.reason == "line 1 is cut off")
    #expect(throws: FileError.self) { try MetricTable(path: "/nowhere/metrics.jsonl") }
  }

  @Test func pairsBySeed() {
    let first: SeedValues = [3: 5, 1: 2]
    let second: SeedValues = [1: 0.5, 2: 9, 3: 1]
    #expect(first - second == [1: 1.5, 3: 4])
    #expect(first.map { -$0 }[3] == -5)
    #expect(first[2] == nil)
  }
}
