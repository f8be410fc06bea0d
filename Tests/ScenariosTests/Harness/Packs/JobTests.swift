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

  @Test func announcedTimeFollowsAmdahl() {
    let jobs = (0..<4).map { Job(scheme: "a", seed: $0, estimatedSeconds: 25) }
    #expect(Plan(summary: "", jobs: jobs).estimatedSeconds(threads: 8) == 100)
    // 100 · (0.2 + 0.8 / 4) = 40
    #expect(abs(Plan(summary: "", jobs: jobs, parallelShare: 0.8).estimatedSeconds(threads: 4) - 40) < 1e-12)
  }
}
