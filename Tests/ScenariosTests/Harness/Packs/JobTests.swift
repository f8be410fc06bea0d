import Testing

@testable import Scenarios

@Suite struct JobTests {
  @Test func pointsKeepTheirOrder() {
    let point: SweepPoint = ["pairs": 50, "neighbours": 3, "share": 0.25]
    #expect(point.description == "pairs=50 neighbours=3 share=0.25")
    #expect(point["neighbours"] == 3)
    #expect(point["users"] == nil)
    let settings: JobSettings = ["phase": "train", "mode": "x"]
    #expect(settings["mode"] == "x")
    #expect(settings["other"] == nil)
  }

  @Test func jobsBeginOnTheThreadThatIsFreeFirst() {
    let jobs = [25.0, 5, 30, 10].map { Job(scheme: "a", seed: 0, estimatedSeconds: $0) }
    // One thread has 25 and 10 s, the other 5 and 30 s.
    #expect(Plan(summary: "", jobs: jobs).estimatedSeconds(threads: 2) == 35)
    #expect(Plan(summary: "", jobs: jobs).estimatedSeconds(threads: 1) == 70)
    #expect(Plan(summary: "", jobs: []).estimatedSeconds(threads: 2) == 0)
  }

  @Test func fewJobsShareThreadsByAmdahl() {
    let jobs = (0..<2).map { Job(scheme: "a", seed: $0, estimatedSeconds: 100) }
    #expect(Plan(summary: "", jobs: jobs).estimatedSeconds(threads: 8) == 100)
    // 100 · (0.2 + 0.8 / 4) = 40
    #expect(abs(Plan(summary: "", jobs: jobs, parallelShare: 0.8).estimatedSeconds(threads: 8) - 40) < 1e-12)
  }
}
