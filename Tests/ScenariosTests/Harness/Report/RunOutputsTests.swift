import Testing

@testable import Scenarios

@Suite struct RunOutputsTests {
  @Test func claimsComeInThePacksOrderAndNoneIsMissing() throws {
    let pack = HillClimberPack()
    let request = try RunRequest(.run, of: pack, scale: .quick)
    let judged = [
      ClaimResult(pack.claim("HILL-03"), ClaimTest.exact("bytes", 88, is: .less, than: 100)),
      ClaimResult(pack.claim("HILL-01"), ClaimTest.mean("x", of: [0: 1, 1: 1, 2: 1], is: .greater, than: 2)),
    ]
    let complete = RunOutputs.complete(judged, pack: pack, request: request, tool: "tool")
    #expect(complete.map(\.claim.id) == ["HILL-01", "HILL-02", "HILL-03", "HILL-04"])
    #expect(complete.map(\.judgement.verdict) == [.fails, .inconclusive, .holds, .inconclusive])
    #expect(complete[1].judgement.note == "Not covered by this run; run: tool reproduce hill --figure 4")
    let smoke = RunOutputs.complete(judged, pack: pack, request: try RunRequest(.run, of: pack, scale: .smoke), tool: "tool")
    #expect(smoke.allSatisfy { $0.judgement.verdict == .inconclusive })
  }
}
