import Testing

@testable import Scenarios

@Suite struct ProgressTests {
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
    #expect(recorded.error == "job 1/4  left 1 min 10 s (job 10 s)  maac  seed 0  pairs=10  slot 50/100  reward 78.71  5 slots/s\n")
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
