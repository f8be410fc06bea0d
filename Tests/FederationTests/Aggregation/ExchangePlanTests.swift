import Agents
import Testing

@testable import Federation

@Suite struct ExchangePlanTests {
  private let part = ExchangedPart.everything(but: [.path("actor.layer0.bias"), .path("critic.hidden")])

  private func plan(_ part: ExchangedPart, _ moments: MomentExchange = .local) -> ExchangePlan {
    ExchangePlan(part, of: DriftingClients(clients: 1).exchangeableNetworks, moments: moments)
  }

  @Test func aMessageHasTheChosenNumbersInTheirOrder() {
    var clients = DriftingClients(clients: 2)
    for place in 0..<9 { clients.values[1][0][place] = Float(place) }
    for place in 0..<5 { clients.values[1][1][place] = Float(10 + place) }
    for place in 0..<18 { clients.moments[1][0][place] = Float(20 + place) }
    for place in 0..<10 { clients.moments[1][1][place] = Float(40 + place) }
    #expect(plan(part).message(from: 1, of: clients) == [0, 1, 2, 3, 6, 7, 8, 13, 14])
    let whole = plan(part, .averaged).message(from: 1, of: clients)
    #expect(whole == [0, 1, 2, 3, 6, 7, 8, 13, 14] + [20, 21, 22, 23, 26, 27, 28, 43, 44] + [29, 30, 31, 32, 35, 36, 37, 48, 49])
  }

  @Test func whatIsInstalledIsReadAgainAndTheRestStays() {
    for moments in MomentExchange.allCases {
      let plan = plan(part, moments)
      var clients = DriftingClients(clients: 2)
      let before = clients
      let message = (0..<plan.messageCount).map { Float(100 + $0) }
      plan.install(message, in: 1, of: &clients)
      #expect(plan.message(from: 1, of: clients) == message)
      #expect(clients.values[0] == before.values[0] && clients.moments[0] == before.moments[0])
      #expect(clients.values[1][0][4...5] == [1, 1] && clients.values[1][1][0..<3] == [1, 1, 1])
      #expect((clients.moments[1] == before.moments[1]) == (moments == .local))
      #expect(clients.moments[1][0][4...5] == [-1, -1] && clients.moments[1][0][13...14] == [1, 1])
    }
  }

  @Test func bytesAreThoseOfTheMessage() {
    for (part, count) in [(ExchangedPart.everything, 14), (.only([.path("actor")]), 9), (part, 9)] {
      for moments in MomentExchange.allCases {
        let plan = plan(part, moments)
        let numbers = moments == .averaged ? 3 * count : count
        #expect(plan.count == count && plan.messageCount == numbers && plan.messageBytes == 32 + 4 * numbers)
        let values = plan.message(from: 0, of: DriftingClients(clients: 1))
        let contribution = Contribution(client: 0, round: 0, layout: plan.fingerprint, weight: 1, values: values)
        #expect(contribution.encoded().count == plan.messageBytes)
      }
    }
    #expect(plan(part, .averaged).meanSquares == 18..<27 && plan(part).meanSquares.isEmpty)
  }

  /// Two parts with as many numbers are told apart, and so are moments; the same part of other learners is not.
  @Test func fingerprintsTellPartsApart() {
    #expect(plan(part).count == plan(.only([.path("actor")])).count)
    let all = [plan(part), plan(.only([.path("actor")])), plan(.everything), plan(part, .averaged), plan(.only([.path("critic")]))]
    #expect(Set(all.map(\.fingerprint)).count == 5)
    #expect(plan(part).fingerprint == plan(part).fingerprint)
  }
}
