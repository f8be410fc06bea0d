import Testing

@testable import Scenarios

@Suite struct ShardTests {
  @Test func readsPartOfParts() throws {
    let shard = try #require(Shard("2/5"))
    #expect(shard.index == 2 && shard.count == 5 && shard.description == "2/5")
    for text in ["0/5", "6/5", "2", "2/", "/5", "2/5/1", "a/b", "1/0", "-1/3"] { #expect(Shard(text) == nil, "\(text)") }
  }

  private func plan(_ seconds: [Double]) -> Plan {
    Plan(summary: "", jobs: seconds.enumerated().map { Job(scheme: "s", seed: $0.0, estimatedSeconds: $0.1) })
  }

  @Test(arguments: [1, 2, 3, 7, 40]) func partsAreStretchesOfTheWhole(count: Int) {
    for seconds in [(0..<23).map { Double($0 * $0 % 11) }, Array(repeating: 0, count: 9), [5], []] {
      let plan = plan(seconds)
      let parts = (1...count).map { Shard("\($0)/\(count)")!.part(of: plan) }
      #expect(parts.flatMap(\.jobs) == plan.jobs)
    }
  }

  @Test func partsTakeAboutAsLong() {
    let plan = plan((0..<1000).map { Double(1 + $0 % 7) })
    let whole = plan.jobs.reduce(0) { $0 + $1.estimatedSeconds }
    for index in 1...8 {
      let part = Shard("\(index)/8")!.part(of: plan).jobs.reduce(0) { $0 + $1.estimatedSeconds }
      #expect(abs(part - whole / 8) <= 7)
    }
  }
}
