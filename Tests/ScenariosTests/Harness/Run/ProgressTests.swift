import Testing

@testable import Scenarios

@Suite struct ProgressTests {
  @Test(arguments: [
    (0.0, "0 s"), (3.14, "3.1 s"), (45, "45 s"), (200, "3 min 20 s"), (180, "3 min"), (7500, "2 h 5 min"), (100_000, "1 d 3 h"),
    (.infinity, "long"),
  ])
  func durationsAreReadable(seconds: Double, text: String) {
    #expect(durationText(seconds) == text)
  }

  @Test(arguments: [(0.0, "0"), (1.23456, "1.235"), (1234.56, "1235"), (-0.0012345, "-0.001235"), (12.5, "12.5"), (1e20, "1e+20")])
  func numbersAreShort(value: Double, text: String) {
    #expect(rounded(value) == text)
  }

  @Test(arguments: [(2.0, 2, "2.00"), (-1.005, 1, "-1.0"), (0.05, 1, "0.1"), (999.96, 1, "1000.0"), (-0.4, 0, "0")])
  func decimalsAreFixed(value: Double, digits: Int, text: String) {
    #expect(fixedText(value, digits: digits) == text)
  }

  /// Four jobs of which each is said to take ten seconds and takes twenty.
  @Test func timeLeftFollowsTheMeasuredRate() {
    var now = 0.0
    let recorded = RecordedConsole()
    let jobs = (0..<4).map { Job(scheme: "maac", seed: $0, point: ["pairs": 10], estimatedSeconds: 10) }
    let progress = Progress(console: recorded.console(), plan: Plan(summary: "", jobs: jobs), threads: 1) { now }
    progress.begin(job: 0, at: JobProgress(completed: 0, total: 100, unit: "slot"))
    now = 5
    progress.show(JobProgress(completed: 25, total: 100, unit: "slot"))
    #expect(recorded.error.isEmpty)
    now = 10
    progress.show(JobProgress(completed: 50, total: 100, unit: "slot", headline: ("reward", 78.7111)))
    #expect(recorded.error == "job 1/4  maac  seed 0  pairs=10  slot 50/100  5 slots/s  reward 78.71  left: job 10 s, all 1 min 10 s\n")
    now = 15
    progress.show(JobProgress(completed: 75, total: 100, unit: "slot"))
    #expect(recorded.error.split(separator: "\n").count == 1)
  }

  @Test func aTerminalHasOneLine() {
    var now = 0.0
    let recorded = RecordedConsole()
    let plan = Plan(summary: "", jobs: [Job(scheme: "maac", seed: 0, estimatedSeconds: 10)])
    let progress = Progress(console: recorded.console(isLive: true), plan: plan, threads: 1) { now }
    progress.begin(job: 0, at: JobProgress(completed: 0, total: 9, unit: "slot"))
    now = 0.05
    progress.show(JobProgress(completed: 1, total: 9, unit: "slot"))
    now = 0.2
    progress.show(JobProgress(completed: 2, total: 9, unit: "slot"))
    progress.end()
    #expect(!recorded.error.contains("\n"))
    #expect(recorded.error.components(separatedBy: "\r\u{1B}[K").count == 4)
  }
}
