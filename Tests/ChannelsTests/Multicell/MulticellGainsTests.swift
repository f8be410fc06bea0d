import Channels
import Testing

@Suite struct MulticellGainsTests {
  static func sample(realizations: Int) -> MulticellGains {
    MulticellGains(
      MulticellSamples.uneven, lanes: NetworkLanes(realizations: realizations), own: { 1 / Double(1 + $0 + 8 * $1 + 64 * $2) },
      cross: { Double($0 + 32 * $1 + 256 * $2 + 4096 * $3) })
  }

  @Test func everyLinkHasAPlace() {
    let gains = MulticellGainsTests.sample(realizations: 11)
    let cells = gains.network.cellsOfUsers
    for realization in 0..<11 {
      for f in 0..<5 {
        for user in 0..<9 {
          #expect(abs(gains.own(realization: realization, frequency: f, user: user) * Double(1 + realization + 8 * f + 64 * user) - 1) < 1e-6)
          for sender in 0..<9 where cells[sender] != cells[user] {
            let expected = Double(realization + 32 * f + 256 * sender + 4096 * user)
            #expect(gains.cross(realization: realization, frequency: f, from: sender, to: user) == expected)
          }
        }
      }
    }
  }

  @Test func repeatedGainsAreTheSame() {
    let gains = MulticellGainsTests.sample(realizations: 10)
    let repeated = gains.repeated(initializations: 3)
    #expect(repeated.lanes.count == 30)
    for realization in 0..<10 {
      #expect(repeated.own(realization: realization, frequency: 4, user: 8) == gains.own(realization: realization, frequency: 4, user: 8))
      let pair = gains.cross(realization: realization, frequency: 2, from: 1, to: 7)
      #expect(repeated.cross(realization: realization, frequency: 2, from: 1, to: 7) == pair)
    }
  }
}
