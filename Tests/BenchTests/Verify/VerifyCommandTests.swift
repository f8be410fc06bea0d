import Foundation
import Scenarios
import Testing

@testable import bench

@Suite struct VerifyCommandTests {
  private struct Report: Decodable {
    struct Row: Decodable {
      let name: String
      let source: String
      let expected: String
      let measured: Double
      let low: Double
      let high: Double
      let verdict: String
    }
    let results: [Row]
  }

  @Test func theResultsAreJSON() throws {
    let run = try CommandLineTests.Run("verify", "--only", "automata-absorption", "--quick", "--json")
    #expect(run.code == 0, "\(run.error)")
    let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    let row = try #require(report.results.first)
    #expect(report.results.count == 1 && row.name == "automata-absorption" && row.verdict == "met")
    #expect(row.low <= row.measured && row.measured <= row.high && abs(row.measured - 0.9993) < 0.0007)
    // The same on any number of threads.
    #expect(try CommandLineTests.Run("verify", "--only", "automata-absorption", "--quick", "--json", "--threads", "1").output == run.output)
  }

  @Test func unknownNamesAreRefused() throws {
    let run = try CommandLineTests.Run("verify", "--only", "automaton")
    #expect(run.code == 2 && run.output.isEmpty && run.error.contains("the nearest is 'automata'"))
    let long = try CommandLineTests.Run("verify", "--only", "automata-absorption-near", "--quick")
    #expect(long.code == 2 && long.error.contains("--quick"))
  }

  @Test func everyAnswerHasANameAndASource() {
    let answers = VerifyCommand.answers
    #expect(Set(answers.map(\.name)).count == answers.count)
    #expect(answers.allSatisfy { !$0.source.isEmpty && !$0.task.isEmpty && $0.trials.full >= max(1, $0.trials.quick) })
  }

  private func finding(_ criterion: KnownAnswer.Criterion, _ numbers: [Double]) -> VerifyFinding {
    VerifyFinding(KnownAnswer("a", task: "b", source: "c", criterion: criterion, trial: { _ in 0 }), numbers)
  }

  @Test func criteriaJudge() {
    #expect(finding(.equals(2, within: 0.1), [1.95, 2.05]).isMet)
    #expect(!finding(.equals(2, within: 0.1), [1.95, 2.2]).isMet)
    #expect(!finding(.equals(2, within: 0.1), [.nan]).isMet)
    #expect(finding(.mean(1...3), [0, 4]).isMet && !finding(.mean(1...3), [4, 4]).isMet && !finding(.mean(1...3), [.nan, 2]).isMet)
    let ten = (0..<10).map { $0 < 2 ? 410.0 : 500 }
    #expect(finding(.interquartileMean(atLeast: 475, noneBelow: 400), ten).isMet)
    #expect(!finding(.interquartileMean(atLeast: 475, noneBelow: 420), ten).isMet)
    #expect(!finding(.interquartileMean(atLeast: 475, noneBelow: 0), ten.map { 0.9 * $0 }).isMet)
    #expect(finding(.equals(2, within: 0.1), [1.95, 2.05]).low == 1.95)
  }

  /// Findings come in the order of the answers though trials end in another, and what is missed makes the command fail.
  @Test func findingsComeInOrder() throws {
    let slow = KnownAnswer("slow", task: "t", source: "s", criterion: .equals(1, within: 0), trials: (3, 3)) { trial in
      Thread.sleep(forTimeInterval: 0.02 * Double(3 - trial))
      return 1
    }
    let quick = KnownAnswer("quick", task: "t", source: "s", criterion: .mean(0...1), trials: (2, 2)) { Double($0) }
    let silent = Console(output: { _ in }, error: { _ in })
    let run = VerifyRun([slow, quick], isQuick: false, threads: 2, console: silent)
    let findings = try #require(try run.findings { false })
    #expect(findings.map(\.answer.name) == ["slow", "quick"] && findings.map(\.numbers) == [[1, 1, 1], [0, 1]])
    #expect(try VerifyRun([slow, slow], isQuick: false, threads: 1, console: silent).findings { true } == nil)
  }
}
