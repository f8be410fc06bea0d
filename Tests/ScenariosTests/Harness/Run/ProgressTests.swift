import Testing

@testable import Scenarios

@Suite struct ProgressTests {
  private static func at(_ slot: Int, of total: Int, _ headline: (name: String, value: Double)? = nil) -> JobProgress {
    JobProgress(completed: slot, total: total, unit: "slot", headline: headline)
  }

  /// Four jobs of which each is said to take ten seconds and takes twenty.
  @Test func timeLeftFollowsTheMeasuredRate() {
    var now = 0.0
    let recorded = RecordedConsole()
    let jobs = (0..<4).map { Job(scheme: "maac", seed: $0, point: ["pairs": 10], estimatedSeconds: 10) }
    let progress = Progress(console: recorded.console(), plan: Plan(summary: "", jobs: jobs), threads: 1) { now }
    progress.show(front: 0, begun: [(0, Self.at(0, of: 100))])
    now = 5
    progress.show(front: 0, begun: [(0, Self.at(25, of: 100))])
    #expect(recorded.error.isEmpty)
    now = 10
    progress.show(front: 0, begun: [(0, Self.at(50, of: 100, ("reward", 78.7111)))])
    #expect(recorded.error == "job 1/4  left 1 min 10 s (job 10 s)  maac  seed 0  pairs=10  slot 50/100  reward 78.71  5 slots/s\n")
    now = 15
    progress.show(front: 0, begun: [(0, Self.at(75, of: 100))])
    #expect(recorded.error.split(separator: "\n").count == 1)
  }

  /// Two jobs at a time: after ten seconds three jobs of four are done in all, of which one waits for the first to be whole.
  @Test func jobsSideBySideCountTogether() {
    var now = 0.0
    let recorded = RecordedConsole()
    let jobs = (0..<4).map { Job(scheme: "maac", seed: $0, estimatedSeconds: 10) }
    let progress = Progress(console: recorded.console(), plan: Plan(summary: "", jobs: jobs), threads: 2) { now }
    progress.show(front: 0, begun: [(0, Self.at(0, of: 10)), (1, Self.at(0, of: 10))])
    now = 10
    progress.show(front: 0, begun: [(0, Self.at(5, of: 10)), (1, nil), (2, Self.at(5, of: 10))])
    // Twenty estimated seconds of forty took ten.
    #expect(recorded.error == "job 1/4  left 10 s (job 10 s)  maac  seed 0  slot 5/10  0.5 slots/s\n")
  }

  /// A hundred jobs that are said to take a second each; two of them at a time take ten.
  @Test func wholeJobsCount() {
    var now = 0.0
    let recorded = RecordedConsole()
    let jobs = (0..<100).map { Job(scheme: "maac", seed: $0, estimatedSeconds: 1) }
    let progress = Progress(console: recorded.console(), plan: Plan(summary: "", jobs: jobs), threads: 2) { now }
    progress.show(front: 0, begun: [])
    progress.show(front: 0, begun: [(0, Self.at(0, of: 10)), (1, Self.at(0, of: 10))])
    now = 15
    progress.show(front: 2, begun: [(2, Self.at(5, of: 10)), (3, Self.at(5, of: 10))])
    // Three jobs' work took 15 seconds, and that of 97 is left.
    #expect(recorded.error.hasPrefix("job 3/100  left 8 min 5 s  maac  seed 2  slot 5/10"), "\(recorded.error)")
  }

  @Test func aTerminalHasOneLine() {
    var now = 0.0
    let recorded = RecordedConsole()
    let plan = Plan(summary: "", jobs: [Job(scheme: "maac", seed: 0, estimatedSeconds: 10)])
    let progress = Progress(console: recorded.console(isLive: true), plan: plan, threads: 1) { now }
    progress.show(front: 0, begun: [(0, Self.at(0, of: 9))])
    now = 0.05
    progress.show(front: 0, begun: [(0, Self.at(1, of: 9))])
    now = 0.2
    progress.show(front: 0, begun: [(0, Self.at(2, of: 9))])
    progress.end()
    #expect(!recorded.error.contains("\n"))
    #expect(recorded.error.components(separatedBy: "\r\u{1B}[K").count == 4)
  }

  @Test func aTerminalHasALineForEachRunningJob() {
    var now = 0.0
    let recorded = RecordedConsole()
    let jobs = (0..<2).map { Job(scheme: "maac", seed: $0, estimatedSeconds: 10) }
    let progress = Progress(console: recorded.console(isLive: true), plan: Plan(summary: "", jobs: jobs), threads: 2) { now }
    progress.show(front: 0, begun: [(0, Self.at(0, of: 9)), (1, Self.at(0, of: 9))])
    #expect(recorded.error == "\r\u{1B}[Kjob 1/2  left 10 s  maac  seed 0  slot 0/9\njob 2/2  maac  seed 1  slot 0/9")
    now = 1
    let before = recorded.error.count
    progress.show(front: 0, begun: [(0, Self.at(3, of: 9)), (1, nil)])
    // Both lines are cleared from the lower one up, and one is drawn.
    #expect(recorded.error.dropFirst(before).hasPrefix("\r\u{1B}[K\u{1B}[A\u{1B}[Kjob 1/2  left "))
    progress.end()
    #expect(recorded.error.hasSuffix("\r\u{1B}[K"))
  }
}
