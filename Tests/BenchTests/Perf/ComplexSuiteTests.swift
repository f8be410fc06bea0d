import Foundation
import Tensor
import Testing

@testable import bench

@Suite struct ComplexSuiteTests {
  private struct Report: Decodable {
    struct Row: Decodable {
      let name: String
      let unit: String
      let value: Double
      let ofPeak: Double?
      let allocations: Int?
    }
    let results: [Row]
  }

  @Test func operationsAreCountedByHand() {
    // 1 x 1: a square of 4 (with the sum), root and division, and two scalings of 2 operations each.
    #expect(ComplexSuite.pseudoInverseOperations(rows: 1, columns: 1) == 10)
    // 4 x 8: six products of 8 columns (384) and four squares (128); pivots 8 + 26 + 28 + 14; 12 products and 8 scalings of each of 8 columns (896).
    #expect(ComplexSuite.pseudoInverseOperations(rows: 4, columns: 8) == 1484)
    #expect(ComplexSuite.pseudoInverseOperations(rows: 8, columns: 4) == ComplexSuite.pseudoInverseOperations(rows: 4, columns: 8))
  }

  /// In a process of its own: allocations are counted for a whole process.
  @Test func operationsAllocateNothing() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("perf-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try CommandLineTests.Run("perf", "tensor", "--only", "complex/", "--json", file.path)
    try #require(run.code == 0, "\(run.error)")
    let rows = try JSONDecoder().decode(Report.self, from: Data(contentsOf: file)).results
    let names = ["pinv-4x8/b1", "pinv-4x8/b64", "pinv-4x8/b1024", "pinv-16x32/b1024", "product-8x8/b1024"]
    #expect(rows.map(\.name) == names.map { "complex/" + $0 })
    for row in rows {
      #expect(row.unit == "matrices/s" && row.value > 0)
      let isShare = row.ofPeak.map { $0 > 0 && $0 <= 1 } ?? (ProcessorLevel.current == .portable)
      #expect(isShare)
      #if os(Linux)
        #expect(row.allocations == (isSanitized ? nil : 0))
      #endif
    }
  }
}
