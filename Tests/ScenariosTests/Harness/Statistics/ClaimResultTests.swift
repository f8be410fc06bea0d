import Testing

@testable import Scenarios

@Suite struct ClaimResultTests {
  @Test func hasTheDocumentedForm() {
    let claim = ClaimDescription("D2D-07", figure: 7, text: "lower")
    let result = ClaimResult(claim, Judgement(.holds, statistic: Statistic("gap", value: 1.5, low: 1, high: 2), threshold: 0, seeds: 5, note: "n"))
    #expect(
      result.json.compact
        == "{\"id\":\"D2D-07\",\"figure\":7,\"text\":\"lower\",\"verdict\":\"holds\",\"statistic\":{\"name\":\"gap\",\"value\":1.5,\"low\":1.0,\"high\":2.0},\"threshold\":0.0,\"seeds\":5,\"note\":\"n\"}"
    )
    let open = ClaimResult(ClaimDescription("X", text: "t"), ClaimTest.notCovered(run: "bench run x"))
    #expect(
      open.json.compact
        == "{\"id\":\"X\",\"figure\":null,\"text\":\"t\",\"verdict\":\"inconclusive\",\"statistic\":{\"name\":\"not measured\",\"value\":null,\"low\":null,\"high\":null},\"threshold\":null,\"seeds\":0,\"note\":\"Not covered by this run; run: bench run x\"}"
    )
  }
}
