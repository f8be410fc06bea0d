import Channels
import Testing

@Suite struct MulticellNetworkTests {
  @Test func cellsAlikeHaveOneRatio() {
    let network = MulticellNetwork(cells: 3, users: 4, antennas: 8, frequencies: 6, sirDB: 3)
    // 10^(−0.3) = 0.501187…
    for sender in 0..<3 { for cell in 0..<3 { #expect(abs(network.linkGain(from: sender, to: cell) - (sender == cell ? 1 : 0.501187)) < 1e-6) } }
    #expect(network.totalUsers == 12 && network.range(of: 1) == 4..<8 && network.contradiction == nil)
    #expect(MulticellNetwork(cells: 2, users: 1, antennas: 1, frequencies: 1, sirDB: .infinity).linkGains == [1, 0, 0, 1])
  }

  @Test func whatIsImpossibleIsSaid() {
    let good = MulticellSamples.uneven
    #expect(good.contradiction == nil && good.cellsOfUsers == [0, 0, 1, 1, 1, 2, 2, 2, 2])
    func said(_ change: (inout MulticellNetwork) -> Void) -> String {
      var network = good
      change(&network)
      return network.contradiction ?? "nothing"
    }
    #expect(said { $0.users[1] = 4 }.contains("3 antennas cannot serve 4 users of cell 1"))
    #expect(said { $0.users[1] = 0 }.contains("cell 1 has 0 users"))
    #expect(said { $0.frequencies = 0 }.contains("0 frequency channels"))
    #expect(said { $0.linkGains[0] = 0 }.contains("within cell 0 is zero"))
    #expect(said { $0.linkGains[1] = -1 }.contains("a link gain of -1.0"))
    #expect(said { $0.linkGains.removeLast() }.contains("8 link gains"))
    #expect(said { $0.noise = 0 }.contains("a noise power of 0.0"))
  }

  /// Every user of seven is served three times in seven blocks by three antennas.
  @Test func rotationServesEverybodyEquallyOften() {
    var times = [Int](repeating: 0, count: 7)
    for block in 0..<7 {
      let served = MulticellNetwork.rotation(users: 7, antennas: 3, block: block)
      #expect(Set(served).count == 3)
      for user in served { times[user] += 1 }
    }
    #expect(times == Array(repeating: 3, count: 7))
    #expect(MulticellNetwork.rotation(users: 4, antennas: 8, block: 0) == [0, 1, 2, 3])
  }
}
