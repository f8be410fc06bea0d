import Scenarios
import Testing

@Suite struct ClaimListTests {
  private static let list = ClaimList<Int>(
    "ABC",
    (1...11).map { number in
      (number, number == 2 ? 7 : nil, "claim \(number)", { $0 % number == 0 ? ClaimTest.exact("rest", 0, is: .atMost, than: Double(number)) : nil })
    })

  @Test func claimsAreNumberedInTheirOrder() {
    #expect(Self.list.descriptions.map(\.id) == (1...9).map { "ABC-0\($0)" } + ["ABC-10", "ABC-11"])
    #expect(Self.list.descriptions[1] == ClaimDescription("ABC-02", figure: 7, text: "claim 2"))
    #expect(Self.list.descriptions.map(\.figure).filter { $0 != nil } == [7])
  }

  @Test func aTestMeetsItsOwnClaimOrNone() {
    let results = Self.list.results(of: 20)
    #expect(results.map(\.claim.id) == ["ABC-01", "ABC-02", "ABC-04", "ABC-05", "ABC-10"])
    #expect(results.map(\.judgement.threshold) == [1, 2, 4, 5, 10])
  }
}
