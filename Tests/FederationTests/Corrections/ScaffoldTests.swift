import Federation
import Testing

@Suite struct ScaffoldTests {
  private static let (steps, rate) = (5, 0.1)

  private func round(_ scaffold: inout Scaffold, _ x: inout [Double], clients: [Int], isReversed: Bool = false) {
    let updates = clients.map { client in
      let y = QuadraticClients.descend(client, from: x, steps: Self.steps, rate: Self.rate) { gradient, _ in
        scaffold.correct(&gradient, of: client)
      }
      return scaffold.update(of: client, from: x, to: y, steps: Self.steps, rate: Self.rate)
    }
    scaffold.finishRound(isReversed ? updates.reversed() : updates, moving: &x)
  }

  /// The control variates take the drift away: the optimum of the mean loss, where averaging alone does not come.
  @Test func quadraticClientsComeToTheOptimum() {
    var scaffold = Scaffold(clients: 3, parameters: 2)
    var x = [0.0, 0.0]
    for _ in 0..<600 { round(&scaffold, &x, clients: [0, 1, 2]) }
    #expect(QuadraticClients.distance(x, [0.4131736527, 0.9580838323]) < 1e-10)
    let mean = uniformMean(scaffold.clients)!
    #expect(QuadraticClients.distance(mean, scaffold.server) < 1e-12)
    // At rest every control variate is the gradient of its client there.
    for client in 0..<3 { #expect(QuadraticClients.distance(scaffold.clients[client], QuadraticClients.gradient(client, at: x)) < 1e-9) }
  }

  /// A round by hand, in which the second client is missing: the model moves by the mean over two, c by a third of the sum.
  @Test func whoIsMissingKeepsItsControlVariate() {
    var scaffold = Scaffold(clients: 3, parameters: 2)
    var x = [0.5, -0.5]
    for _ in 0..<3 { round(&scaffold, &x, clients: [0, 1, 2]) }
    let (before, start) = (scaffold, x)
    round(&scaffold, &x, clients: [0, 2])
    #expect(scaffold.clients[1] == before.clients[1])
    var (moved, changed) = ([0.0, 0.0], [0.0, 0.0])
    for client in [0, 2] {
      var y = start
      for _ in 0..<Self.steps {
        let g = QuadraticClients.gradient(client, at: y)
        for i in 0..<2 { y[i] -= Self.rate * (g[i] - before.clients[client][i] + before.server[i]) }
      }
      for i in 0..<2 {
        let fresh = before.clients[client][i] - before.server[i] + (start[i] - y[i]) / (Double(Self.steps) * Self.rate)
        #expect(abs(scaffold.clients[client][i] - fresh) < 1e-13)
        moved[i] += (y[i] - start[i]) / 2
        changed[i] += (fresh - before.clients[client][i]) / 3
      }
    }
    for i in 0..<2 {
      #expect(abs(x[i] - start[i] - moved[i]) < 1e-13)
      #expect(abs(scaffold.server[i] - before.server[i] - changed[i]) < 1e-13)
    }
    #expect(QuadraticClients.distance(uniformMean(scaffold.clients)!, scaffold.server) < 1e-13)
  }

  @Test func anyOrderOfArrivalGivesTheSameBits() {
    var (one, other) = (Scaffold(clients: 3, parameters: 2), Scaffold(clients: 3, parameters: 2))
    var (x, y) = ([0.1, 0.7], [0.1, 0.7])
    for _ in 0..<5 {
      round(&one, &x, clients: [0, 1, 2])
      round(&other, &y, clients: [0, 1, 2], isReversed: true)
    }
    #expect(x == y && one.server == other.server && one.clients == other.clients)
  }

  @Test func withoutUpdatesNothingMoves() throws {
    var scaffold = Scaffold(clients: 3, parameters: 2)
    var x = [1.0, 2]
    round(&scaffold, &x, clients: [0, 1])
    let (before, place) = (scaffold, x)
    scaffold.finishRound([], moving: &x)
    #expect(x == place && scaffold.server == before.server)
    var restored = Scaffold(clients: 3, parameters: 2)
    try restore(&restored, from: savedBytes(scaffold))
    #expect(restored.server == scaffold.server && restored.clients == scaffold.clients)
    var smaller = Scaffold(clients: 2, parameters: 3)
    let bytes = try savedBytes(scaffold)
    #expect(throws: (any Error).self) { try restore(&smaller, from: bytes) }
  }
}
