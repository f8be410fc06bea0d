import Foundation
import TestSupport
import Testing

/// Runs `perf` in a process of its own: allocations are counted for a whole process, and other tests allocate.
@Suite struct PerfCommandTests {
  private struct Report: Decodable {
    struct Machine: Decodable {
      let peakGFLOPS: Double
      let copyGBps: Double
    }
    struct Row: Decodable {
      let name: String
      let unit: String
      let value: Double
      let ofPeak: Double?
      let allocations: Int?
      let median: Double
      let low: Double
      let high: Double
    }
    let machine: Machine
    let results: [Row]
  }

  private static func file() -> URL { FileManager.default.temporaryDirectory.appendingPathComponent("perf-\(UUID().uuidString).json") }

  @Test func trainingStepAllocatesNothing() throws {
    let file = PerfCommandTests.file()
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try CommandLineTests.Run("perf", "tensor", "--only", "step/20-64-64-8", "--json", file.path)
    try #require(run.code == 0, "\(run.error)")
    let report = try JSONDecoder().decode(Report.self, from: Data(contentsOf: file))
    #expect(report.machine.peakGFLOPS > 0 && report.machine.copyGBps > 0)
    #expect(report.results.map(\.name) == ["step/20-64-64-8/b1", "step/20-64-64-8/b32"])
    for row in report.results {
      #expect(run.output.contains("\n\(row.name) "))
      #expect(row.unit == "us")
      #expect(row.low <= row.median && row.median <= row.high)
      // A time: the best is the smallest.
      #expect(row.value == row.low && row.value > 0)
      #expect(row.ofPeak.map { $0 > 0 && $0 <= 1 } == true)
      #if os(Linux)
        #expect(row.allocations == (isSanitized ? nil : 0))
      #endif
    }
  }

  @Test func optimiserStepsAllocateNothing() throws {
    let file = PerfCommandTests.file()
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try CommandLineTests.Run("perf", "tensor", "--only", "optimizer", "--json", file.path)
    try #require(run.code == 0, "\(run.error)")
    let report = try JSONDecoder().decode(Report.self, from: Data(contentsOf: file))
    #expect(report.results.map(\.name) == ["sgd", "adamw", "rmsprop"].map { "optimizer/\($0)/4194304" })
    #if os(Linux)
      for row in report.results { #expect(row.allocations == (isSanitized ? nil : 0), "\(row.name)") }
    #endif
  }

  @Test func baselineGivesRatios() throws {
    let file = PerfCommandTests.file()
    defer { try? FileManager.default.removeItem(at: file) }
    // A baseline of 10⁻³⁰ ns makes any ratio enormous; a name that it lacks has none.
    try Data(#"{"results":[{"name":"tape/overhead","value":1e-30}]}"#.utf8).write(to: file)
    let run = try CommandLineTests.Run("perf", "tensor", "--only", "tape", "--baseline", file.path)
    #expect(run.code == 0)
    #expect(run.output.contains(/tape\/overhead.* \d{20,}\.\d\d x\n/))
    try Data("no JSON".utf8).write(to: file)
    let refused = try CommandLineTests.Run("perf", "tensor", "--only", "tape", "--baseline", file.path)
    #expect(refused.code == 1 && refused.error.contains(file.path))
  }

  @Test func unknownNamesAreRefused() throws {
    let suite = try CommandLineTests.Run("perf", "tensro")
    #expect(suite.code == 2 && suite.error.contains("tensor"))
    let row = try CommandLineTests.Run("perf", "tensor", "--only", "gemm/none")
    #expect(row.code == 2 && row.error.contains("begins with 'gemm/none'"))
  }
}
