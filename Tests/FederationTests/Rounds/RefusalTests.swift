import Federation
import Testing

@Suite struct RefusalTests {
  @Test func reasonsHaveAFixedOrder() {
    #expect(Refusal.Reason.allCases.map(\.index) == Array(0..<11))
    #expect(Refusal.Reason.malformed.index == 0 && Refusal.Reason.stale.index == 2 && Refusal.Reason.negativeMeanSquare.index == 10)
  }

  @Test func aSentenceSaysWhoAndWhy() {
    var intake = RoundIntake(round: 4, clients: 2, count: 1, layout: 0)
    let refusal = intake.offer(Contribution(client: 1, round: 3, layout: 0, weight: 1, values: [0]))
    #expect(refusal?.description == "client 1: the contribution is of round 3, and round 4 is under way")
    #expect(RefusalCounts().total == 0 && intake.refusals.total == 1)
  }
}
